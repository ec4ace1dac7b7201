"""Logs end: they help to run the system and hold no personal data, while the evidence is in the ledger.

A failed invocation leaves a line of Lambda's own in them, which a filter counts for the client as a whole.
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from recobro.counts import NAMESPACE

FAILED = '{ $.type = "platform.report" && $.record.status != "success" }'
"""Lambda's report of an invocation that ended in an error, a crash or its time limit. In JSON logs it is a warning, a success information
only, so at the level of warnings nothing else of its kind is written.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
"""


def failures_of(prefix: str) -> tuple[str, str]:
    """Namespace and name of the metric that counts what failed, whichever function of the client it was."""
    return f"{NAMESPACE}/Logs", f"{prefix}-failures"


def count_failures(scope: Construct, title: str, log: logs.LogGroup, prefix: str) -> None:
    """Without a default value nothing is sent, and nothing charged, in an hour in which nothing fails."""
    namespace, name = failures_of(prefix)
    logs.MetricFilter(
        scope,
        title,
        log_group=log,
        filter_pattern=logs.FilterPattern.literal(FAILED),
        metric_namespace=namespace,
        metric_name=name,
        metric_value="1",
    )


def log_group(scope: Construct, title: str, name: str, days: int) -> logs.LogGroup:
    """A log that forgets after `days` and goes with the stack."""
    group = logs.LogGroup(scope, title, log_group_name=name, removal_policy=RemovalPolicy.DESTROY)
    resource = group.node.default_child
    if not isinstance(resource, logs.CfnLogGroup):
        raise TypeError("a LogGroup's default child is its CfnLogGroup")
    resource.retention_in_days = days
    return group
