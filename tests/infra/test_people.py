"""Who may sign in is for an operator to say: the pool lets nobody in by itself, asks everybody twice, and outlives the functions."""

import json
import re
import shutil
from pathlib import Path

import pytest

from infra.repository import CLIENTS
from infra.stack.people import INVITED
from infra.stack.settings import client_settings
from recobro.domain.signed_in import AGENT, SUPERVISOR
from recobro.errors import InvalidInput
from tests.infra.reading import Template, stacks_of


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The demonstration client with words of its file replaced."""
    shutil.copytree(CLIENTS / "demo", folder)
    text = (folder / "client.toml").read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / "client.toml").write_text(text, "utf-8")
    return folder


def test_nobody_signs_up_and_everybody_has_a_second_factor(demo: Template) -> None:
    pool = demo.one("AWS::Cognito::UserPool")

    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "admin_only", "Priority": 1}]
    assert "LambdaConfig" not in pool
    assert pool["UserPoolTier"] != "PLUS", "it bills each person who signs in more"


def test_who_works_here_is_kept_whatever_becomes_of_the_functions(demo: Template) -> None:
    data = stacks_of(demo.assembly)["recobro-demo-data"]["Resources"]
    (pool,) = (each for each in data.values() if each["Type"] == "AWS::Cognito::UserPool")

    assert pool["Properties"]["DeletionProtection"] == "ACTIVE"
    assert (pool["DeletionPolicy"], pool["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_a_code_is_the_one_way_to_a_token_and_it_leads_to_our_own_address(demo: Template) -> None:
    app = demo.one("AWS::Cognito::UserPoolClient")

    assert app["AllowedOAuthFlows"] == ["code"]
    assert app["AllowedOAuthScopes"] == ["openid"]
    assert app["CallbackURLs"] == ["https://pagos.example.com/console/back"]
    assert app["LogoutURLs"] == ["https://pagos.example.com/console/out"]
    assert app["EnableTokenRevocation"] is True
    assert app["PreventUserExistenceErrors"] == "ENABLED"
    assert not {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"} & set(app["ExplicitAuthFlows"])
    assert (app["IdTokenValidity"], app["TokenValidityUnits"]["IdToken"]) == (30, "minutes")


def test_the_groups_are_those_that_the_console_knows(demo: Template) -> None:
    groups = demo.all("AWS::Cognito::UserPoolGroup").values()

    assert {each["GroupName"] for each in groups} == {AGENT, SUPERVISOR}
    assert not any("RoleArn" in each for each in groups), "a token is no key to AWS"


def test_the_console_may_not_change_who_works_here(demo: Template) -> None:
    policies = json.dumps(list(demo.all("AWS::IAM::Policy").values()))

    assert "cognito" not in policies


def test_the_address_of_the_pages_tells_nobody_whose_account_it_is(demo: Template) -> None:
    assert "AccountId" not in json.dumps(demo.one("AWS::Cognito::UserPoolDomain"))


def test_every_route_of_the_console_has_a_limit(demo: Template) -> None:
    limits = demo.one("AWS::ApiGatewayV2::Stage")["RouteSettings"]
    routes = {key: limit for key, limit in limits.items() if "/console" in key}

    assert len(routes) == 5
    assert {(each["ThrottlingRateLimit"], each["ThrottlingBurstLimit"]) for each in routes.values()} == {
        (10, 20)
    }


def test_who_does_not_open_the_console_has_no_pool_and_no_function_more(only_email: Template) -> None:
    text = "".join(json.dumps(each) for each in stacks_of(only_email.assembly).values())

    assert "Cognito" not in text
    assert "/console" not in text


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('public_url = "https://pagos.example.com"', ""), "console.enabled"),
        (('name = "demo"', 'name = "amazonas"'), "'amazon'"),
    ],
)
def test_what_cannot_be_deployed_is_said_before(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    folder = changed(tmp_path / "client", change)

    with pytest.raises(InvalidInput, match=re.escape(named)):
        client_settings(folder / "client.toml")


@pytest.mark.parametrize("language", sorted(INVITED))
def test_an_invitation_says_what_cognito_asks_of_it(language: str) -> None:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html"""
    said = INVITED[language].format(agency="Acuerdo Amable", url="https://pagos.example.com")

    assert "{username}" in said
    assert "{####}" in said
    assert len(said) < 20_000
