"""Logs end: they help to run the system and hold no personal data, while the evidence is in the ledger."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct


def log_group(scope: Construct, title: str, name: str, days: int) -> logs.LogGroup:
    """A log that forgets after `days` and goes with the stack."""
    group = logs.LogGroup(scope, title, log_group_name=name, removal_policy=RemovalPolicy.DESTROY)
    resource = group.node.default_child
    if not isinstance(resource, logs.CfnLogGroup):
        raise TypeError("a LogGroup's default child is its CfnLogGroup")
    resource.retention_in_days = days
    return group
