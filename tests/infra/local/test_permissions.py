"""What a role does not grant fails here as it would in AWS, and what it grants for nothing is named."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.permissions.need import Namer
from infra.local.permissions.needs import Unmapped, needs
from infra.local.permissions.policy import Policy, overlaps, statements
from infra.local.refusal import Refused
from tests.infra.local.sample import PLAYS, Sample, allow

NAMER = Namer(
    "111122223333",
    "us-east-1",
    identities=frozenset({"acme.example", "cobranza@acme.example"}),
    partition_keys={"ledger": "pk"},
)


def policy(*raw: dict[str, Any]) -> Policy:
    return Policy(statements({"Statement": list(raw)}, "role"))


def test_an_action_is_allowed_only_where_it_is_granted() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"""
    held = policy(allow("dynamodb:GetItem dynamodb:Put*", "arn:aws:dynamodb:us-east-1:1:table/ledger"))
    assert held.decide("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:1:table/ledger", {})
    assert held.decide("dynamodb:getitem", "arn:aws:dynamodb:us-east-1:1:table/ledger", {})
    assert not held.decide("dynamodb:DeleteItem", "arn:aws:dynamodb:us-east-1:1:table/ledger", {})
    assert not held.decide("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:1:table/ledger/index/due", {})


def test_a_denial_wins_over_any_grant() -> None:
    held = policy(
        allow("s3:*", "*"),
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/strategies/*"},
    )
    assert held.decide("s3:GetObject", "arn:aws:s3:::files/inbox/a", {})
    assert not held.decide("s3:GetObject", "arn:aws:s3:::files/strategies/a", {})


def test_all_but_the_named_resources() -> None:
    held = policy({"Effect": "Allow", "Action": "sns:Publish", "NotResource": "arn:*:sns:*:*:*"})
    assert held.decide("sns:Publish", "+phone-number", {})
    assert not held.decide("sns:Publish", "arn:aws:sns:us-east-1:1:replies", {})


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "given", "holds"),
    [
        ("StringEquals", "ses:FromAddress", "a@acme.example", "a@acme.example", True),
        ("StringEquals", "ses:FromAddress", "a@acme.example", "b@acme.example", False),
        ("StringEquals", "ses:FromAddress", "a@acme.example", None, False),
        ("StringEqualsIfExists", "ses:FromAddress", "a@acme.example", None, True),
        ("StringLike", "s3:prefix", "inbox/*", "inbox/a", True),
        ("ForAllValues:StringLike", "dynamodb:LeadingKeys", "DEBTOR#*", ["DEBTOR#1", "DEBTOR#2"], True),
        ("ForAllValues:StringLike", "dynamodb:LeadingKeys", "DEBTOR#*", ["DEBTOR#1", "PLAN"], False),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "a", ["b", "a"], True),
        ("Bool", "aws:SecureTransport", "false", "true", False),
        ("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:replies", "arn:aws:sns:us-east-1:1:replies", True),
    ],
)
def test_a_condition_binds(operator: str, key: str, wanted: str, given: Any, *, holds: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    held = policy(allow("x:Do", "*", Condition={operator: {key: wanted}}))
    assert bool(held.decide("x:Do", "r", {} if given is None else {key: given})) is holds


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"},
        allow("s3:*", "*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "NotPrincipal": "*"},
    ],
)
def test_what_the_evaluator_does_not_know_is_refused_and_not_skipped(
    sample: Sample, statement: dict[str, Any]
) -> None:
    sample.function("work", statement)
    with pytest.raises(Refused, match="not evaluated here"), sample.running():
        pass


def test_a_request_whose_permission_nobody_wrote_down_is_a_failure() -> None:
    with pytest.raises(Unmapped, match=r"dynamodb\.ExecuteStatement has no line in permissions/needs\.py"):
        needs("dynamodb", "ExecuteStatement", {}, NAMER)


@pytest.mark.parametrize(
    ("service", "operation", "params", "wanted"),
    [
        (
            "dynamodb",
            "Query",
            {"TableName": "ledger", "IndexName": "due"},
            [("dynamodb:Query", "dynamodb", "table/ledger/index/due")],
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "ledger", "Item": {}}},
                    {"ConditionCheck": {"TableName": "ledger", "Key": {}}},
                ]
            },
            [
                ("dynamodb:PutItem", "dynamodb", "table/ledger"),
                ("dynamodb:ConditionCheckItem", "dynamodb", "table/ledger"),
            ],
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "https://sqs/1/send-sms"},
            [("sqs:SendMessage", "sqs", "send-sms")],
        ),
        (
            "sesv2",
            "SendEmail",
            {"FromEmailAddress": "Acme <aviso@acme.example>", "ConfigurationSetName": "events"},
            [
                ("ses:SendEmail", "ses", "identity/acme.example"),
                ("ses:SendEmail", "ses", "configuration-set/events"),
            ],
        ),
        (
            "sesv2",
            "SendEmail",
            {"FromEmailAddress": "cobranza@acme.example"},
            [("ses:SendEmail", "ses", "identity/cobranza@acme.example")],
        ),
        (
            "pinpoint-sms-voice-v2",
            "SendTextMessage",
            {"OriginationIdentity": "pool-1", "ConfigurationSetName": "events"},
            [
                ("sms-voice:SendTextMessage", "sms-voice", "pool/pool-1"),
                ("sms-voice:SendTextMessage", "sms-voice", "configuration-set/events"),
            ],
        ),
        (
            "pinpoint-sms-voice-v2",
            "SendVoiceMessage",
            {"OriginationIdentity": "phone-1"},
            [("sms-voice:SendVoiceMessage", "sms-voice", "phone-number/phone-1")],
        ),
        (
            "socialmessaging",
            "SendWhatsAppMessage",
            {"originationPhoneNumberId": "phone-number-id-1"},
            [("social-messaging:SendWhatsAppMessage", "social-messaging", "phone-number-id/1")],
        ),
        (
            "pinpoint",
            "SendMessages",
            {"ApplicationId": "a"},
            [("mobiletargeting:SendMessages", "mobiletargeting", "apps/a/messages")],
        ),
    ],
)
def test_a_request_needs_what_the_service_authorization_reference_says(
    service: str, operation: str, params: dict[str, Any], wanted: list[tuple[str, str, str]]
) -> None:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html"""
    found = [(need.action, need.resource) for need in needs(service, operation, params, NAMER)]
    assert found == [(action, NAMER.arn(prefix, resource)) for action, prefix, resource in wanted]


def test_a_sender_whose_arn_only_aws_knows_is_matched_by_what_is_known() -> None:
    (need,) = needs("pinpoint-sms-voice-v2", "SendTextMessage", {"OriginationIdentity": "ACME"}, NAMER)
    assert overlaps(NAMER.arn("sms-voice", "sender-id/ACME/MX"), need.resource)
    assert overlaps("*", need.resource)
    assert not overlaps(NAMER.arn("sms-voice", "sender-id/OTHER/MX"), need.resource)
    assert not overlaps(NAMER.arn("sms-voice", "pool/*"), need.resource)


def ask(play: Any, sample: Sample, **wishes: Any) -> Any:
    """What a function got for its request, and the system's record of it."""
    PLAYS["work"] = play
    with sample.running(**wishes) as system:
        outcome = system.invoke("work", {})
        return outcome, system.denials, system.unused_grants()


def test_a_call_that_the_role_does_not_grant_fails_and_names_everybody(sample: Sample) -> None:
    sample.table()
    sample.function("work", allow("dynamodb:GetItem", {"Fn::GetAtt": ["ledger", "Arn"]}))

    def play(_event: Any, _context: Any) -> Any:
        with pytest.raises(ClientError) as denied:
            boto3.client("dynamodb").put_item(TableName="ledger", Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
        return denied.value.response["Error"]

    outcome, denials, _ = ask(play, sample)
    assert outcome.value["Code"] == "AccessDeniedException"
    assert "work is not authorized to perform: dynamodb:PutItem" in outcome.value["Message"]
    assert "arn:aws:dynamodb:us-east-1:111122223333:table/ledger" in outcome.value["Message"]
    assert [(one.function, one.action) for one in denials] == [("work", "dynamodb:PutItem")]


def test_an_operator_may_do_everything_and_enforcement_can_be_left_off(sample: Sample) -> None:
    sample.table()
    sample.function("work")

    def play(_event: Any, _context: Any) -> Any:
        boto3.client("dynamodb").put_item(TableName="ledger", Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
        return "written"

    outcome, denials, _ = ask(play, sample, enforce_permissions=False)
    assert outcome.value == "written"
    assert denials == []


def test_grants_that_nothing_needed_are_listed(sample: Sample) -> None:
    sample.table()
    table = {"Fn::GetAtt": ["ledger", "Arn"]}
    sample.function("work", allow("dynamodb:GetItem dynamodb:Scan", table))

    def play(_event: Any, _context: Any) -> None:
        boto3.client("dynamodb").get_item(TableName="ledger", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})

    _, _, unused = ask(play, sample)
    assert [(grant.function, grant.action) for grant in unused] == [("work", "dynamodb:Scan")]


def test_what_an_event_source_uses_of_a_role_counts_as_used(sample: Sample) -> None:
    sample.worker()
    sample.table()
    sample.follower()
    with sample.running() as system:
        assert system.unused_grants() == []


@pytest.mark.parametrize("action", ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
def test_a_queue_that_its_function_may_not_read_is_refused(sample: Sample, action: str) -> None:
    """Lambda refuses to create such a mapping: "The provided execution role does not have permissions to call …"."""
    sample.worker()
    (statement,) = sample.resources["workRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    statement["Action"].remove(action)
    with pytest.raises(Refused, match=f"its role does not allow {action}"), sample.running():
        pass


def test_a_schedule_that_may_not_start_its_function_is_refused(sample: Sample) -> None:
    sample.function("work")
    sample.schedule("rate(1 hour)")
    sample.resources["clockRole"]["Properties"]["Policies"] = []
    with pytest.raises(Refused, match="does not allow lambda:InvokeFunction"), sample.running():
        pass


def test_a_missing_file_looks_forbidden_to_whoever_may_not_list(sample: Sample, backend: str) -> None:
    """ "If you don't have the s3:ListBucket permission, Amazon S3 returns an HTTP status code 403".

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    sample.add("files", "AWS::S3::Bucket", BucketName="files")
    bucket = {"Fn::GetAtt": ["files", "Arn"]}
    objects = {"Fn::Join": ["", [bucket, "/*"]]}
    sample.function("work", allow("s3:GetObject", objects))
    sample.function("list", allow("s3:GetObject", objects), allow("s3:ListBucket", bucket))

    def play(_event: Any, _context: Any) -> Any:
        with pytest.raises(ClientError) as missing:
            boto3.client("s3").get_object(Bucket="files", Key="nothing")
        return missing.value.response["Error"]["Code"]

    PLAYS["work"] = PLAYS["list"] = play
    with sample.running(backend=backend) as system:
        assert system.invoke("work", {}).value == "AccessDenied"
        assert system.invoke("list", {}).value == "NoSuchKey"


def test_a_resource_that_refuses_everybody_refuses_a_granted_function(sample: Sample) -> None:
    sample.queue("jobs")
    arn = {"Fn::GetAtt": ["jobs", "Arn"]}
    closed = {"Effect": "Deny", "Action": "sqs:*", "Resource": arn, "Principal": "*"}
    plain = {**closed, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    sample.add(
        "policy", "AWS::SQS::QueuePolicy", PolicyDocument={"Statement": [plain]}, Queues=[{"Ref": "jobs"}]
    )
    sample.function("work", allow("sqs:SendMessage", arn))

    def play(_event: Any, _context: Any) -> Any:
        boto3.client("sqs").send_message(QueueUrl="https://sqs/1/jobs", MessageBody="a")
        return "sent"

    assert ask(play, sample)[0].value == "sent"
    sample.resources["policy"]["Properties"]["PolicyDocument"]["Statement"] = [closed]
    assert ask(play, sample)[0].failure.type == "ClientError"


def test_a_queue_under_a_key_of_the_clients_needs_the_key_too(sample: Sample) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""
    sample.add("key", "AWS::KMS::Key", KeyPolicy={"Statement": []})
    key = {"Fn::GetAtt": ["key", "Arn"]}
    sample.queue("jobs", KmsMasterKeyId=key)
    send = allow("sqs:SendMessage", {"Fn::GetAtt": ["jobs", "Arn"]})
    sample.function("work", send)

    def play(_event: Any, _context: Any) -> Any:
        boto3.client("sqs").send_message(QueueUrl="https://sqs/1/jobs", MessageBody="a")
        return "sent"

    assert "kms:GenerateDataKey" in ask(play, sample)[0].failure.message
    sample.function("work", send, allow("kms:GenerateDataKey kms:Decrypt", key))
    assert ask(play, sample)[0].value == "sent"


def test_an_unknown_managed_policy_is_refused(sample: Sample) -> None:
    sample.add(
        "r",
        "AWS::IAM::Role",
        AssumeRolePolicyDocument={},
        ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"],
    )
    with (
        pytest.raises(Refused, match="what the managed policy AdministratorAccess allows is not known here"),
        sample.running(),
    ):
        pass
