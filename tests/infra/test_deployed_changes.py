"""What a deployment changes is said before it happens; what holds data is not lost by an update or a rollback."""

import copy
import json
from typing import Any

import pytest

from infra.cli.diff import told
from infra.cli.screen import Screen
from infra.deployed.data import DATA, stack_policy
from infra.deployed.difference import Change, all_differences, differences
from recobro.errors import NotFound
from tests.infra.deployed import STACK, TEMPLATE, Stack
from tests.infra.reading import Template


def test_the_same_template_changes_nothing(demo: Template) -> None:
    assert differences(demo.document, demo.document) == []


def test_what_comes_goes_and_changes_is_named_and_what_is_grave_comes_first(demo: Template) -> None:
    deployed = copy.deepcopy(demo.document)
    ledger = next(
        name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"
    )
    sender = next(
        name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::Lambda::Function"
    )
    policy = next(name for name, one in deployed["Resources"].items() if one["Type"] == "AWS::IAM::Policy")
    deployed["Resources"][ledger]["Properties"]["DeletionProtectionEnabled"] = False
    deployed["Resources"][sender]["Properties"]["Timeout"] = 1
    deployed["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].pop()
    deployed["Resources"]["Gone"] = {"Type": "AWS::SQS::Queue"}
    deployed["Resources"]["Lost"] = {"Type": "AWS::S3::Bucket"}

    found = differences(deployed, demo.document)

    assert {(one.how, one.name, one.is_grave) for one in found} == {
        ("changed", ledger, True),
        ("changed", policy, True),
        ("removed", "Lost", True),
        ("removed", "Gone", False),
        ("changed", sender, False),
    }
    assert [one.is_grave for one in found] == sorted((one.is_grave for one in found), reverse=True)
    assert Change("changed", "AWS::Lambda::Function", sender, ("Timeout",)) in found


def test_fewer_rights_are_no_alarm(demo: Template) -> None:
    wanted = copy.deepcopy(demo.document)
    policy = next(name for name, one in wanted["Resources"].items() if one["Type"] == "AWS::IAM::Policy")
    wanted["Resources"][policy]["Properties"]["PolicyDocument"]["Statement"].pop()

    assert [one.is_grave for one in differences(demo.document, wanted)] == [False]


def test_everything_that_holds_data_stays_when_its_stack_goes_and_no_update_may_replace_it(
    demo: Template,
) -> None:
    held = {name: one for name, one in demo.resources.items() if one["Type"] in DATA}
    denied = json.loads(stack_policy())["Statement"][1]

    assert {one["DeletionPolicy"] for one in held.values()} == {"Retain"}
    assert {one["Type"] for one in held.values()} <= set(denied["Condition"]["StringEquals"]["ResourceType"])
    assert set(denied["Action"]) == {"Update:Replace", "Update:Delete"}
    kept = {name for name, one in demo.resources.items() if one.get("DeletionPolicy") == "Retain"}
    assert kept == set(held), "what stays is what the policy protects"


def test_what_changes_is_told_with_the_stack_it_changes_in(account: Any) -> None:
    wanted: dict[str, Any] = {
        "data": TEMPLATE,
        "compute": {"Resources": {"New": {"Type": "AWS::SQS::Queue"}}},
    }
    stack = Stack(account, {})
    stack.stub.add_response("get_template", {"TemplateBody": json.dumps({"Resources": {}})})
    stack.stub.add_client_error("get_template", "ValidationError")

    found = all_differences(stack("cloudformation"), STACK, wanted)

    assert {(one.life, one.name, one.how) for one in found} == {
        ("data", "Ledger", "added"),
        ("data", "Files", "added"),
        ("data", "Work", "added"),
        ("compute", "New", "added"),
    }
    stack.is_not_there()
    with pytest.raises(NotFound, match="everything would be new"):
        all_differences(stack("cloudformation"), STACK, {"data": TEMPLATE})


def test_the_difference_is_told_and_fails_where_it_is_grave(capsys: pytest.CaptureFixture[str]) -> None:
    found = differences(TEMPLATE, {"Resources": {"Ledger": {"Type": "AWS::DynamoDB::Table"}}})

    assert told(found, Screen()) == 1
    said = capsys.readouterr().out
    assert "removed" in said
    assert "read it before you deploy" in said
    assert told([], Screen()) == 0
    assert "Nothing would change" in capsys.readouterr().out
