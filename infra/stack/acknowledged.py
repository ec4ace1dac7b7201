"""Every finding of cdk-nag that stands, with where and why: one row each, and none without a reason."""

import json
from collections.abc import Mapping

from aws_cdk import Acknowledgment, Stack, Validations

from infra.stack.data_stack import FILES_ARN
from infra.stack.life import Life
from infra.stack.permissions import behind_profile

OBJECTS = "objects have names of their own under a prefix; the prefix is the narrowest that S3 offers"

ACKNOWLEDGED: tuple[tuple[str, str, str, str], ...] = (
    (
        "compute",
        "",
        "L1",
        "3.13 is the newest Python for which every locked package has a wheel; AWS supports it until 2029",
    ),
    (
        "data",
        "RootKey",
        "SMG4",
        "keyed hashes of addresses in the ledger hold only under one key: rotating it would lose everybody",
    ),
    (
        "compute",
        "",
        "APIG4",
        "debtors and gateways have no account here, and pages without scripts send no bearer: the function checks what is sent",
    ),
    ("compute", "", "IAM5[Resource::{files}/inbox/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/work/*]", OBJECTS),
    ("compute", "ImportPortfolioRole", "IAM5[Resource::{files}/work/mappings/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/results/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/reports/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/journal/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/proofs/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/letters/*]", OBJECTS),
    ("compute", "", "IAM5[Resource::{files}/heard/*]", OBJECTS),
    (
        "compute",
        "JournalRole",
        "IAM5[Resource::{files}/aws/lambda/*]",
        "Lambda chooses the names of the records it gave up on",
    ),
    (
        "compute",
        "ReleaseRole",
        "IAM5[Resource::*]",
        "cloudwatch:DescribeAlarms: as AWS's own policy for CodeDeploy has it, without the rest of that policy",
    ),
    (
        "compute",
        "JournalRole",
        "IAM5[Resource::*]",
        "dynamodb:ListStreams knows no resource; it tells names of streams, no content",
    ),
)
"""Stack, construct (empty: the whole stack), rule of the AwsSolutions pack, reason."""

TRACED = (
    "compute",
    "",
    "IAM5[Resource::*]",
    "xray:PutTraceSegments and PutTelemetryRecords know no resource; they add to traces and read none",
)
"""Only where the client's file asks for traces."""

CONSOLE = (
    "data",
    "People",
    "COG8",
    "nobody signs up, a second factor is asked of everybody; the Plus plan bills each person who signs in",
)
"""Only where the client's file opens the console."""

AGENCY_KEY = (
    "people are recognised across clients under one key only: rotating it would forget who was contacted"
)


def acknowledge_agency(stack: Stack) -> None:
    """The one finding that stands in the agency's stack."""
    finding = Acknowledgment(id="AwsSolutions::AwsSolutions-SMG4", reason=AGENCY_KEY)
    Validations.of(stack.node.find_child("ScopeKey")).acknowledge(finding)


def written_arn(stack: str) -> str:
    """The bucket's ARN as the pack writes it into a finding."""
    named = {"StackName": stack, "OutputName": FILES_ARN}
    return json.dumps({"Fn::GetStackOutput": named}, separators=(",", ":"))


ANY_REGION = "a cross-Region inference profile takes the words to whichever Region of its geography has room"


def acknowledge(stacks: Mapping[str, Life], second_reader: str) -> None:
    """Let the findings above stand in a client's stacks; any other stops the synthesis. second_reader: the model, empty: none."""
    if behind_profile(second_reader):
        named = f"IAM5[Resource::arn:aws:bedrock:*::foundation-model/{behind_profile(second_reader)}]"
        stands = Acknowledgment(id=f"AwsSolutions::AwsSolutions-{named}", reason=ANY_REGION)
        Validations.of(stacks["compute"].node.find_child("ReceiveMessageRole")).acknowledge(stands)
    files = written_arn(stacks["data"].stack_name)
    traced = (TRACED,) if stacks["compute"].client.has_traces else ()
    console = (CONSOLE,) if stacks["data"].client.has_console else ()
    for life, place, rule, reason in (*ACKNOWLEDGED, *traced, *console):
        scope = stacks[life].node.find_child(place) if place else stacks[life]
        finding = f"AwsSolutions::AwsSolutions-{rule.format(files=files)}"
        Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))
