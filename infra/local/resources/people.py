"""User pools: who may sign in is invented here, and the pages on which they do are this machine's (managed_login.py)."""

from hashlib import sha256

from infra.local.inventory import Application, UserPool
from infra.local.realise import Resource, Site, realises, stands_idle
from infra.local.refusal import Refused
from infra.local.template import Address

_MADE_UP = "the people here are invented, and this machine asks them for no password"


@realises(
    "AWS::Cognito::UserPool",
    "UserPoolName MfaConfiguration EnabledMfas AdminCreateUserConfig",
    {
        "AccountRecoverySetting": _MADE_UP,
        "DeletionProtection": "nothing here is deleted",
        "Policies": _MADE_UP,
        "UserPoolTier": "costs nothing here",
        "UsernameConfiguration": _MADE_UP,
        "UserPoolTags": "tags are not kept",
    },
)
def user_pool(site: Site, resource: Resource) -> Address:
    """Refuses a pool that lets strangers in by themselves: what it would be guarded with is not played here."""
    admin = resource.only(
        resource.get("AdminCreateUserConfig", {}),
        "AllowAdminCreateUserOnly InviteMessageTemplate",
        "AdminCreateUserConfig",
    )
    if admin.get("AllowAdminCreateUserOnly") is not True:
        raise Refused(resource.where, "people who sign up by themselves are not modelled here")
    pool_id = f"{site.region}_{_mark(resource)[:9]}"
    arn = site.arn("cognito-idp", f"userpool/{pool_id}")
    issuer = f"https://cognito-idp.{site.region}.{site.url_suffix}/{pool_id}"
    site.inventory.pools[pool_id] = UserPool(pool_id, arn, issuer)
    return Address(pool_id, {"Arn": arn, "UserPoolId": pool_id, "ProviderURL": issuer})


@realises(
    "AWS::Cognito::UserPoolGroup", "UserPoolId GroupName Precedence", {"Description": "nobody reads it here"}
)
def group(site: Site, resource: Resource) -> Address:
    pool = _pool(site, resource)
    pool.groups.append(str(resource.need("GroupName")))
    return Address(str(resource.need("GroupName")))


@realises(
    "AWS::Cognito::UserPoolClient",
    "UserPoolId AllowedOAuthFlowsUserPoolClient AllowedOAuthFlows AllowedOAuthScopes CallbackURLs LogoutURLs GenerateSecret "
    "IdTokenValidity RefreshTokenValidity TokenValidityUnits EnableTokenRevocation",
    {
        "AccessTokenValidity": "no access token is made here",
        "AuthSessionValidity": _MADE_UP,
        "ClientName": "nobody reads it here",
        "ExplicitAuthFlows": "people sign in on pages alone",
        "PreventUserExistenceErrors": _MADE_UP,
        "SupportedIdentityProviders": "the pool alone vouches for people",
    },
)
def application(site: Site, resource: Resource) -> Address:
    """Of the ways to get a token, the code and its renewal are played; any other is refused, as is an application with a secret."""
    if list(resource.get("AllowedOAuthFlows", ())) != ["code"]:
        raise Refused(resource.where, "of AllowedOAuthFlows only code is modelled here")
    if resource.get("GenerateSecret"):
        raise Refused(resource.where, "an application that keeps a secret is not modelled here")
    seconds = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
    units = resource.get("TokenValidityUnits", {})
    ident = sha256(f"client/{_mark(resource)}".encode()).hexdigest()[:26]
    _pool(site, resource).applications[ident] = Application(
        id=ident,
        callbacks=tuple(resource.get("CallbackURLs", ())),
        logouts=tuple(resource.get("LogoutURLs", ())),
        scopes=tuple(resource.get("AllowedOAuthScopes", ())),
        token_seconds=int(resource.get("IdTokenValidity", 1)) * seconds[units.get("IdToken", "hours")],
        renewal_seconds=int(resource.get("RefreshTokenValidity", 30))
        * seconds[units.get("RefreshToken", "days")],
        revokes=resource.get("EnableTokenRevocation") is True,
    )
    return Address(ident, {"ClientId": ident})


@realises(
    "AWS::Cognito::UserPoolDomain",
    "UserPoolId Domain",
    {"ManagedLoginVersion": "the pages here are this machine's own"},
)
def domain(site: Site, resource: Resource) -> Address:
    name = str(resource.need("Domain"))
    _pool(site, resource).url = f"https://{name}.auth.{site.region}.amazoncognito.com"
    return Address(name)


def _pool(site: Site, resource: Resource) -> UserPool:
    pool = site.inventory.pools.get(str(resource.need("UserPoolId")))
    if pool is None:
        raise Refused(resource.where, "UserPoolId names no pool of this template")
    return pool


def _mark(resource: Resource) -> str:
    """The same on every start, so that who signed in yesterday is known today."""
    return sha256(f"{resource.stack}/{resource.logical_id}".encode()).hexdigest()


stands_idle("AWS::Cognito::ManagedLoginBranding", "the pages to sign in on are this machine's own")
