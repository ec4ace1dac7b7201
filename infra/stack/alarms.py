"""What must wake a person: work that failed for good, a journal that falls behind, a sweep or a page that breaks."""

from collections.abc import Mapping

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.stack.names import titled
from infra.stack.queues import QueuePair

IDLE = cloudwatch.TreatMissingData.NOT_BREACHING
"""Nothing to measure means nothing failed: a queue that no one used for six hours stops reporting."""


class Alarms:
    """Alarms that publish to one topic, to which the agency subscribes whoever is on duty."""

    def __init__(self, scope: Construct, prefix: str) -> None:
        self._scope = scope
        self._prefix = prefix
        self.topic = sns.Topic(scope, "AlarmsTopic", topic_name=f"{prefix}-alarms", enforce_ssl=True)
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OnlyAlarmsPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
            )
        )

    def on_dead_letters(self, queues: Mapping[str, QueuePair]) -> None:
        """One message set aside is one too many."""
        for name, pair in queues.items():
            visible = pair.dead.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            )
            self._alarm(
                f"{name}-dead", visible, 1, f"Messages of {name} failed five times: read, mend, redrive them"
            )

    def on_late_journal(self, function: lambda_.Function) -> None:
        """At one hour there are still 23 before DynamoDB forgets."""
        age = function.metric("IteratorAge", period=Duration.minutes(5), statistic="Maximum")
        self._alarm("journal-late", age, 3_600_000, "The history lags an hour behind the ledger")

    def on_errors(self, name: str, function: lambda_.Function) -> None:
        """Two failures in a quarter of an hour; a single one is retried by whoever called."""
        errors = function.metric_errors(period=Duration.minutes(15), statistic="Sum")
        self._alarm(
            f"{name}-errors", errors, 2, f"{name} fails: who waits for it is neither reminded nor answered"
        )

    def _alarm(self, name: str, metric: cloudwatch.IMetric, threshold: float, description: str) -> None:
        alarm = cloudwatch.Alarm(
            self._scope,
            f"{titled(name)}Alarm",
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=description,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=IDLE,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
