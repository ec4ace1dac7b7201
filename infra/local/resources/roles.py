"""Roles and their policies, which the guard enforces on every request of a function."""

from collections.abc import Mapping
from typing import Any

from infra.local.permissions.policy import statements
from infra.local.realise import Resource, Site, realises
from infra.local.refusal import Refused
from infra.local.template import Address

AWS_MANAGED: Mapping[str, tuple[str, ...]] = {
    "service-role/AWSLambdaBasicExecutionRole": (
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ),
    "AWSXRayDaemonWriteAccess": ("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
}
"""AWS's own policies that a role may name, and what they allow.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
"""


@realises(
    "AWS::IAM::Role",
    "RoleName AssumeRolePolicyDocument Policies ManagedPolicyArns",
    {
        "Description": "nobody reads it here",
        "MaxSessionDuration": "nobody takes a session here",
        "Path": "roles have no folders here",
        "Tags": "tags are not kept",
    },
)
def role(site: Site, resource: Resource) -> Address:
    name = resource.name("RoleName")
    arn = f"arn:{site.partition}:iam::{site.account}:role/{name}"
    held = site.inventory.role_statements.setdefault(arn, [])
    for managed in resource.get("ManagedPolicyArns", []):
        held.extend(
            statements(_managed(str(managed), resource), f"{resource.where}.ManagedPolicyArns.{managed}")
        )
    for policy in resource.get("Policies", []):
        held.extend(statements(policy["PolicyDocument"], f"{resource.where}.{policy['PolicyName']}"))
    return Address(name, {"Arn": arn, "RoleId": f"AROA{name}"})


@realises("AWS::IAM::Policy", "PolicyDocument PolicyName Roles")
@realises(
    "AWS::IAM::ManagedPolicy",
    "PolicyDocument ManagedPolicyName Roles",
    {"Description": "nobody reads it here", "Path": "no folders here"},
)
def policy(site: Site, resource: Resource) -> Address:
    read = statements(resource.need("PolicyDocument"), resource.where)
    for name in resource.get("Roles", []):
        site.inventory.role_statements[f"arn:{site.partition}:iam::{site.account}:role/{name}"].extend(read)
    return Address(resource.logical_id)


def _managed(arn: str, resource: Resource) -> Mapping[str, Any]:
    name = arn.partition(":policy/")[2]
    if name not in AWS_MANAGED:
        raise Refused(
            resource.where,
            f"what the managed policy {name} allows is not known here; write the statements out",
        )
    return {"Statement": [{"Effect": "Allow", "Action": list(AWS_MANAGED[name]), "Resource": "*"}]}
