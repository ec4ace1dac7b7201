"""Every finding of cdk-nag that stands, with where and why: one row each, and none without a reason."""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_s3 as s3

from infra.stack.permissions import behind_profile

OBJECTS = "objects have names of their own under a prefix; the prefix is the narrowest that S3 offers"

ACKNOWLEDGED: tuple[tuple[str, str, str], ...] = (
    (
        "",
        "L1",
        "3.13 is the newest Python for which every locked package has a wheel; AWS supports it until 2029",
    ),
    (
        "RootKey",
        "SMG4",
        "keyed hashes of addresses in the ledger hold only under one key: rotating it would lose everybody",
    ),
    (
        "PublicApi",
        "APIG4",
        "debtors and gateways have no account here: a token or a signature in the request is checked",
    ),
    ("", "IAM5[Resource::<{files}.Arn>/inbox/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/work/*]", OBJECTS),
    ("ImportPortfolioRole", "IAM5[Resource::<{files}.Arn>/work/mappings/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/results/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/reports/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/journal/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/proofs/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/letters/*]", OBJECTS),
    ("", "IAM5[Resource::<{files}.Arn>/heard/*]", OBJECTS),
    (
        "JournalRole",
        "IAM5[Resource::<{files}.Arn>/aws/lambda/*]",
        "Lambda chooses the names of the records it gave up on",
    ),
    (
        "JournalRole",
        "IAM5[Resource::*]",
        "dynamodb:ListStreams knows no resource; it tells names of streams, no content",
    ),
)
"""Construct (empty: the whole stack), rule of the AwsSolutions pack, reason."""

AGENCY_KEY = (
    "people are recognised across clients under one key only: rotating it would forget who was contacted"
)


def acknowledge_agency(stack: Stack) -> None:
    """The one finding that stands in the agency's stack."""
    finding = Acknowledgment(id="AwsSolutions::AwsSolutions-SMG4", reason=AGENCY_KEY)
    Validations.of(stack.node.find_child("ScopeKey")).acknowledge(finding)


ANY_REGION = "a cross-Region inference profile takes the words to whichever Region of its geography has room"


def acknowledge(stack: Stack, bucket: s3.Bucket, second_reader: str) -> None:
    """Let the findings above stand in this stack; any other stops the synthesis. second_reader: the client's model, empty: none."""
    if behind_profile(second_reader):
        rule = f"IAM5[Resource::arn:aws:bedrock:*::foundation-model/{behind_profile(second_reader)}]"
        stands = Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=ANY_REGION)
        Validations.of(stack.node.find_child("ReceiveMessageRole")).acknowledge(stands)
    resource = bucket.node.default_child
    files = stack.get_logical_id(resource) if isinstance(resource, s3.CfnBucket) else ""
    for place, rule, reason in ACKNOWLEDGED:
        scope = stack.node.find_child(place) if place else stack
        finding = f"AwsSolutions::AwsSolutions-{rule.format(files=files)}"
        Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))
