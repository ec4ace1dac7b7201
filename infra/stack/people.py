"""Who of the agency may sign in on the web: a user pool that only an operator adds people to, with a second factor for everybody.

It stands with what is kept: a rollback of functions cannot touch who works here. Nothing in it costs while nobody signs in.
"""

from collections.abc import Mapping

from aws_cdk import Fn, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.stack.settings import ClientSettings

GROUPS = {
    "supervisor": "decides offers and takes over other people's tasks",
    "agent": "works tasks",
}
"""In order of authority; who is in none is let in nowhere."""

A_TOKEN = 30
"""Minutes for which a session stands by itself; then the pool is asked again, and who was removed is out."""

A_DAY = 10
"""Hours after which everybody signs in again, second factor and all."""

INVITED = {
    "es": "Su usuario de {agency} es {{username}} y su contraseña temporal {{####}}. Entre en {url}/console",
    "pt": "Seu usuário de {agency} é {{username}} e sua senha temporária {{####}}. Entre em {url}/console",
    "en": "Your user name at {agency} is {{username}} and your temporary password {{####}}. Sign in at {url}/console",
}
"""Cognito fills in the two in braces and sends it by e-mail."""


class People:
    """The pool with its groups, the one application that may ask it, and the address of its pages."""

    def __init__(self, scope: Construct, client: ClientSettings, prefix: str) -> None:
        self._stack = Stack.of(scope)
        self._pool = _pool(scope, client, prefix)
        pool = self._pool.ref
        for place, (name, what) in enumerate(GROUPS.items()):
            cognito.CfnUserPoolGroup(
                scope,
                f"{name.capitalize()}s",
                user_pool_id=pool,
                group_name=name,
                description=what,
                precedence=place,
            )
        self._app = _application(scope, pool, client.public_url, prefix)
        # A name that no other deployment in the Region has, and that tells nobody whose account it is.
        mark = Fn.select(0, Fn.split("-", Fn.select(2, Fn.split("/", self._stack.stack_id))))
        self._domain = cognito.CfnUserPoolDomain(
            scope,
            "SignIn",
            user_pool_id=pool,
            domain=Fn.join("-", [prefix, mark]),
            managed_login_version=2,
        )
        # Without a style of its own an application has no page at all ("Login pages unavailable").
        cognito.CfnManagedLoginBranding(
            scope,
            "SignInStyle",
            user_pool_id=pool,
            client_id=self._app.ref,
            use_cognito_provided_values=True,
        )

    @property
    def _url(self) -> str:
        return f"https://{self._domain.ref}.auth.{self._stack.region}.amazoncognito.com"

    def environment(self) -> Mapping[str, str]:
        """What a function needs to know in order to send people there and to know them again."""
        return {
            "SIGN_IN_ISSUER": f"https://cognito-idp.{self._stack.region}.amazonaws.com/{self._pool.ref}",
            "SIGN_IN_CLIENT": self._app.ref,
            "SIGN_IN_URL": self._url,
        }

    def outputs(self) -> Mapping[str, str]:
        """What an operator names to add somebody."""
        return {"PeoplePool": self._pool.ref, "SignInUrl": self._url}


def _pool(scope: Construct, client: ClientSettings, prefix: str) -> cognito.CfnUserPool:
    """Nobody registers themselves, and nobody wins a password back by mail: an operator gives a new one."""
    words = INVITED.get(client.language, INVITED["es"])
    pool = cognito.CfnUserPool(
        scope,
        "People",
        user_pool_name=prefix,
        user_pool_tier="ESSENTIALS",
        deletion_protection="ACTIVE",
        admin_create_user_config=cognito.CfnUserPool.AdminCreateUserConfigProperty(
            allow_admin_create_user_only=True,
            invite_message_template=cognito.CfnUserPool.InviteMessageTemplateProperty(
                email_subject=client.agency,
                email_message=words.format(agency=client.agency, url=client.public_url),
            ),
        ),
        account_recovery_setting=cognito.CfnUserPool.AccountRecoverySettingProperty(
            recovery_mechanisms=[cognito.CfnUserPool.RecoveryOptionProperty(name="admin_only", priority=1)]
        ),
        mfa_configuration="ON",
        enabled_mfas=["SOFTWARE_TOKEN_MFA"],
        username_configuration=cognito.CfnUserPool.UsernameConfigurationProperty(case_sensitive=False),
        policies=cognito.CfnUserPool.PoliciesProperty(
            password_policy=cognito.CfnUserPool.PasswordPolicyProperty(
                minimum_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_numbers=True,
                require_symbols=True,
                password_history_size=5,
                temporary_password_validity_days=3,
            ),
            sign_in_policy=cognito.CfnUserPool.SignInPolicyProperty(allowed_first_auth_factors=["PASSWORD"]),
        ),
    )
    pool.apply_removal_policy(RemovalPolicy.RETAIN)
    return pool


def _application(scope: Construct, pool: str, public_url: str, prefix: str) -> cognito.CfnUserPoolClient:
    """It keeps no secret: a code is worth something only with the verifier (RFC 7636) that stayed in the browser's cookie."""
    return cognito.CfnUserPoolClient(
        scope,
        "Console",
        user_pool_id=pool,
        client_name=f"{prefix}-console",
        generate_secret=False,
        allowed_o_auth_flows_user_pool_client=True,
        allowed_o_auth_flows=["code"],
        allowed_o_auth_scopes=["openid"],
        callback_ur_ls=[f"{public_url}/console/back"],
        logout_ur_ls=[f"{public_url}/console/out"],
        supported_identity_providers=["COGNITO"],
        explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        prevent_user_existence_errors="ENABLED",
        enable_token_revocation=True,
        auth_session_validity=5,
        id_token_validity=A_TOKEN,
        access_token_validity=A_TOKEN,
        refresh_token_validity=A_DAY,
        token_validity_units=cognito.CfnUserPoolClient.TokenValidityUnitsProperty(
            id_token="minutes",  # noqa: S106 -- a unit
            access_token="minutes",  # noqa: S106 -- a unit
            refresh_token="hours",  # noqa: S106 -- a unit
        ),
    )
