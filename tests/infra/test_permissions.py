"""A function may do what its row says and nothing else: a stolen or mistaken one can reach no further."""

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from infra.app import ROWS
from infra.stack.rows import Row
from tests.infra.reading import Template, every_statement, listed, written

RUNS = {"logs:CreateLogStream", "logs:PutLogEvents"}
READS_QUEUE = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
READS_STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "s3:PutObject",
    "s3:ListBucket",
}
TAKES_ROOM = {"dynamodb:GetItem", "dynamodb:UpdateItem", "secretsmanager:GetSecretValue"}
"""In the agency's table, of which this client's file tells."""
CARRIERS = {
    "sms": "sms-voice:SendTextMessage",
    "voice": "sms-voice:SendVoiceMessage",
    "email": "ses:SendEmail",
    "whatsapp": "social-messaging:SendWhatsAppMessage",
    "push": "mobiletargeting:SendMessages",
}


@cache
def authorisation_reference() -> dict[str, Any]:
    """AWS's Service Authorization Reference, as cfn-lint carries it: service → actions and the resources they take."""
    spec = find_spec("cfnlint")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "data" / "AdditionalSpecs" / "Policies.json"
    reference: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return reference


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_function_may_do_exactly_what_its_row_says(everything: Template, row: Row) -> None:
    granted = {
        action for statement in everything.statements(row.name) for action in listed(statement["Action"])
    }
    wanted = {action for grant in row.may for action in grant.actions} | RUNS
    wanted |= {CARRIERS[grant.on] for grant in row.may if grant.kind == "carrier"}
    wanted |= READS_QUEUE if row.queue else set()
    wanted |= READS_STREAM if row.name == "journal" else set()
    wanted |= TAKES_ROOM if any(grant.kind == "agency" for grant in row.may) else set()
    wanted |= {"bedrock:InvokeModel"} if any(grant.kind == "second_reader" for grant in row.may) else set()
    assert granted == wanted


def test_no_action_holds_a_wildcard(demo: Template) -> None:
    for name, statement in every_statement(demo):
        assert not [action for action in listed(statement["Action"]) if "*" in action], name


def test_a_wildcard_resource_is_a_prefix_of_the_bucket_or_an_action_that_takes_none(
    demo: Template,
) -> None:
    for name, statement in every_statement(demo):
        for resource in map(written, listed(statement["Resource"])):
            if resource == "*":
                assert statement["Action"] in ("dynamodb:ListStreams", "cloudwatch:DescribeAlarms"), name
            elif "*" in resource:
                assert re.fullmatch(
                    r"<Files\w+\.Arn>/(inbox|work|work/mappings|results|reports|proofs|letters|heard|journal|aws/lambda)/\*",
                    resource,
                ), name


def test_no_role_borrows_a_policy_that_others_may_widen(demo: Template) -> None:
    for name, role in demo.all("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name
        assert "Policies" not in role, name
    assert "AWS::IAM::ManagedPolicy" not in demo.types()


def test_every_action_exists_and_takes_the_kind_of_resource_it_is_granted_on(demo: Template) -> None:
    reference = authorisation_reference()
    for name, statement in every_statement(demo):
        for action in listed(statement["Action"]):
            service, _, operation = action.partition(":")
            known = reference[service]["Actions"].get(operation.lower())
            assert known is not None, f"{name}: {action} does not exist"
            kinds = {kind.lower() for kind in known.get("Resources", [])}
            for resource in map(written, listed(statement["Resource"])):
                if resource.startswith("arn:"):
                    assert _kind(resource) in kinds, f"{name}: {action} takes {sorted(kinds)}, not {resource}"


def _kind(arn: str) -> str:
    """The resource type that an ARN of a carrier's names, as the reference calls it."""
    kinds = {"phone-number": "phonenumber", "configuration-set": "configurationset", "sender-id": "senderid"}
    service, resource = arn.split(":")[2], arn.split(":")[5]
    if service == "mobiletargeting":
        return resource.rpartition("/")[2]
    kind = resource.partition("/")[0]
    return kinds.get(kind, kind) if service == "sms-voice" else kind


@pytest.mark.parametrize(
    ("channel", "resources"),
    [
        ("sms", {"pool/pool-00000000000000000000000000000000", "configuration-set/demo-sms"}),
        ("voice", {"phone-number/phone-00000000000000000000000000000000", "configuration-set/demo-voice"}),
        ("email", {"identity/example.com", "configuration-set/demo-email"}),
        ("whatsapp", {"phone-number-id/00000000000000000000000000000000"}),
        ("push", {"apps/00000000000000000000000000000000/messages"}),
    ],
)
def test_a_sender_sends_by_the_clients_own_identity_only(
    demo: Template, channel: str, resources: set[str]
) -> None:
    (statement,) = [
        each for each in demo.statements(f"send_{channel}") if each["Action"] == CARRIERS[channel]
    ]
    assert {written(one).split(":", 5)[5] for one in listed(statement["Resource"])} == resources
    assert all(":us-east-1:<AccountId>:" in written(one) for one in listed(statement["Resource"]))


def test_sms_by_sns_reaches_phones_and_no_topic(sms_by_sns: Template) -> None:
    (statement,) = [each for each in sms_by_sns.statements("send_sms") if each["Action"] == "sns:Publish"]
    assert statement["NotResource"] == "arn:*:sns:*:*:*"
    assert "Resource" not in statement


def test_the_scheduler_may_start_the_sweeps_the_review_and_the_reconciliation_and_nothing_else(
    demo: Template,
) -> None:
    (name,) = [name for name in demo.all("AWS::IAM::Policy") if name.startswith("SchedulerRole")]
    may = [statement for policy, statement in every_statement(demo) if policy == name]
    aliases = {"AWS::Lambda::Alias"}
    assert {statement["Action"] for statement in may} == {"lambda:InvokeFunction"}
    started = {written(one) for statement in may for one in listed(statement["Resource"])}
    assert len(started) == 4
    assert {demo.resources[one.strip("<>").split(".")[0]]["Type"] for one in started} == aliases
    (role,) = [role for each, role in demo.all("AWS::IAM::Role").items() if each.startswith("SchedulerRole")]
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
