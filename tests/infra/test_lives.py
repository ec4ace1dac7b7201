"""A client's stacks are split by how long what they hold lives: what goes wrong with the functions can reach nothing else."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.deployed.data import DATA
from infra.stack.names import LIVES, stack_of
from tests.infra.reading import Template, stacks_of

KEPT = DATA | {
    "AWS::S3::BucketPolicy",
    "AWS::Cognito::ManagedLoginBranding",
    "AWS::Cognito::UserPoolClient",
    "AWS::Cognito::UserPoolDomain",
    "AWS::Cognito::UserPoolGroup",
}
ALLOWED = {
    "data": KEPT,
    "messaging": {
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::Topic",
        "AWS::SNS::TopicPolicy",
        "AWS::SNS::Subscription",
        "AWS::Events::Rule",
        "AWS::SES::ConfigurationSet",
        "AWS::SES::ConfigurationSetEventDestination",
        "AWS::SMSVOICE::ConfigurationSet",
    },
    "edge": {"AWS::ApiGatewayV2::Api", "AWS::Logs::LogGroup"},
    "watch": {"AWS::CloudWatch::Alarm", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy"},
}
"""What a stack of that life may hold; the functions' may hold anything but this."""


@pytest.fixture(scope="module")
def stacks(demo: Template) -> dict[str, dict[str, Any]]:
    """Template by life."""
    found = stacks_of(demo.assembly)
    assert set(found) == {stack_of("recobro-demo", life) for life in LIVES}
    return {life: found[stack_of("recobro-demo", life)] for life in LIVES}


def types(template: Mapping[str, Any]) -> set[str]:
    return {one["Type"] for one in template["Resources"].values()}


def asked(node: Any) -> Iterator[str]:
    """Names of the stacks that a template takes something from."""
    if isinstance(node, Mapping):
        if "Fn::GetStackOutput" in node:
            yield node["Fn::GetStackOutput"]["StackName"]
        for one in node.values():
            yield from asked(one)
    elif isinstance(node, list):
        for one in node:
            yield from asked(one)


def test_each_stack_holds_what_lives_as_long_as_it_does(stacks: dict[str, dict[str, Any]]) -> None:
    for life, allowed in ALLOWED.items():
        assert types(stacks[life]) <= allowed, life
    assert types(stacks["compute"]).isdisjoint(KEPT | {"AWS::SQS::Queue", "AWS::CloudWatch::Alarm"})


def test_a_rollback_of_functions_cannot_touch_what_holds_data(stacks: dict[str, dict[str, Any]]) -> None:
    for life in LIVES[1:]:
        assert types(stacks[life]).isdisjoint(DATA), life
    assert set(asked(stacks["data"])) == set()


def test_no_stack_holds_another_fast(stacks: dict[str, dict[str, Any]]) -> None:
    """Exports would: CloudFormation refuses to change a value that is imported somewhere."""
    for life, template in stacks.items():
        assert "Fn::ImportValue" not in json.dumps(template), life
        assert not any("Export" in one for one in template["Outputs"].values()), life
        before = {stack_of("recobro-demo", one) for one in LIVES[: LIVES.index(life)]}
        assert set(asked(template)) <= before, "none takes from one that is deployed after it"


def test_stacks_are_deployed_in_the_order_of_their_lives(demo: Template) -> None:
    manifest = json.loads((demo.assembly / "manifest.json").read_text("utf-8"))["artifacts"]
    for at, life in enumerate(LIVES):
        waits_for = {
            one for one in manifest[stack_of("recobro-demo", life)]["dependencies"] if "." not in one
        }
        assert waits_for <= {stack_of("recobro-demo", one) for one in LIVES[:at]}, life
    last = set(manifest["recobro-demo-compute"]["dependencies"])
    assert {stack_of("recobro-demo", one) for one in LIVES[:-1]} <= last


def test_the_stack_that_holds_data_is_not_removed_by_a_word(demo: Template) -> None:
    manifest = json.loads((demo.assembly / "manifest.json").read_text("utf-8"))["artifacts"]
    protected = {
        life
        for life in LIVES
        if manifest[stack_of("recobro-demo", life)]["properties"]["terminationProtection"]
    }
    assert protected == {"data"}


@pytest.mark.parametrize("other", ["acme-data", "acme-compute", "data", "acme-acme"])
def test_no_clients_stack_is_called_as_another_clients(other: str) -> None:
    own = {stack_of("recobro-acme", life) for life in LIVES}
    assert own.isdisjoint({stack_of(f"recobro-{other}", life) for life in LIVES})


def test_the_address_does_not_hang_on_the_functions_behind_it(stacks: dict[str, dict[str, Any]]) -> None:
    assert set(asked(stacks["edge"])) == set(asked(stacks["watch"])) == set()


def test_every_template_is_there_once(demo: Template) -> None:
    assert {path.name for path in Path(demo.assembly).glob("*.template.json")} == {
        f"recobro-demo-{life}.template.json" for life in LIVES
    }
