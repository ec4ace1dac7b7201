"""What holds people's data and evidence: no deployment, and no rollback of one, may replace or remove it."""

import json
from collections.abc import Mapping
from typing import Any

DATA = {
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
    "AWS::KMS::Key",
    "AWS::Cognito::UserPool",
}
"""Types that the template keeps when the stack goes."""

Template = Mapping[str, Any]


def data_of(template: Template) -> dict[str, str]:
    """Logical id → type, of everything in the template that holds data."""
    return {name: one["Type"] for name, one in template["Resources"].items() if one["Type"] in DATA}


def stack_policy() -> str:
    """CloudFormation's own lock: an update that would replace or delete what holds data fails, whoever asks for it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
    """
    anything = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
    kept = {
        "Effect": "Deny",
        "Action": ["Update:Replace", "Update:Delete"],
        "Principal": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"ResourceType": sorted(DATA)}},
    }
    return json.dumps({"Statement": [anything, kept]})
