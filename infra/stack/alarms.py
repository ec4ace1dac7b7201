"""What must wake a person: work that failed for good, a journal that falls behind, a sweep or a page that breaks."""

from collections.abc import Iterable

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.stack.logs import failures_of
from infra.stack.names import titled
from infra.stack.rows import Row
from recobro.counts import (
    CIRCUIT_OPENED,
    DIMENSION,
    FAILED_ANSWERS,
    HANDED,
    NAMESPACE,
    OVER_BUDGET,
    REFUSED,
    SENT,
    SET_ASIDE,
    UNMATCHED,
)

IDLE = cloudwatch.TreatMissingData.NOT_BREACHING
"""Nothing to measure means nothing failed: a queue that no one used for six hours stops reporting."""


AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD

RUNBOOK = "infra/runbooks/alarms.md"
SECTIONS = {
    "-dead": "dead-letters",
    "sends-silent": "sends-silent",
    "-silent": "no-sweep",
    "-errors": "errors",
}
"""How an alarm's name ends → its section; any other has one of its own."""


class Alarms:
    """Alarms that publish to one topic, to which the agency subscribes whoever is on duty."""

    def __init__(self, scope: Construct, prefix: str, told: str = "") -> None:
        """told: whom to write to, besides whoever subscribes; they are asked to confirm."""
        self._scope = scope
        self._prefix = prefix
        self.all: list[cloudwatch.IAlarm] = []
        self.names: set[str] = set()
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

        if told:
            self.topic.add_subscription(subscriptions.EmailSubscription(told))

    def on_dead_letters(self, queues: Iterable[str]) -> None:
        """One message set aside is one too many."""
        for name in queues:
            visible = waiting(f"{self._prefix}-{name}-dead", Duration.minutes(1))
            self._alarm(
                f"{name}-dead", visible, 1, f"Messages of {name} failed five times: read, mend, redrive them"
            )

    def on_release(self) -> None:
        """Any function of this client, five times in five minutes: what a release that cannot even start looks like.

        Queues retry, and most retries meet the version before, so that no dead letter would tell in time. Lambda itself counts by function
        or over the whole account; one alarm for each function would cost as much as everything else here.
        """
        namespace, name = failures_of(self._prefix)
        failures = cloudwatch.Metric(
            namespace=namespace, metric_name=name, period=Duration.minutes(5), statistic="Sum"
        )
        self._alarm(
            "release-fails", failures, 5, "Functions of this client fail: a release on its way is taken back"
        )

    def taking_back(self, row: Row) -> list[str]:
        """Names of the alarms at which a release of the row's function is taken back: those that tell of it and ring in time."""
        own = f"{self._prefix}-{row.name}-errors"
        return sorted({own} & self.names | {f"{self._prefix}-release-fails"})

    def on_late_journal(self, name: str) -> None:
        """At one hour there are still 23 before DynamoDB forgets."""
        age = self._of_function(name, "IteratorAge", Duration.minutes(5), "Maximum")
        self._alarm("journal-late", age, 3_600_000, "The history lags an hour behind the ledger")

    def on_errors(self, name: str) -> None:
        """Two failures in a quarter of an hour; a single one is retried by whoever called.

        Of what did not return. Whoever asks by HTTP and is answered that we cannot is counted by the function itself (`on_counts`).
        """
        errors = self._of_function(name, "Errors", Duration.minutes(15), "Sum")
        self._alarm(
            f"{name}-errors", errors, 2, f"{name} fails: who waits for it is neither reminded nor answered"
        )

    def on_silence(self, sweeps: Iterable[str], client: str) -> None:
        """No sweep for a day, or sweeps that hand out and senders that send nothing: quiet is what failure looks like here."""
        for name in sweeps:
            runs = self._of_function(name, "Invocations", Duration.days(1), "Sum")
            self._alarm(
                f"{name}-silent",
                runs,
                1,
                "No sweep ran for a day: nobody is reminded",
                comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                missing=cloudwatch.TreatMissingData.BREACHING,
            )
        hour = Duration.hours(1)
        silence = cloudwatch.MathExpression(
            expression="IF(FILL(handed, 0) >= 10 AND FILL(sent, 0) < 1, 1, 0)",
            using_metrics={"handed": counted(HANDED, client, hour), "sent": counted(SENT, client, hour)},
            period=hour,
            label="an hour with contacts handed out and none sent",
        )
        self._alarm("sends-silent", silence, 1, "Contacts were handed to senders and no carrier took any")

    def on_refusals(self, client: str) -> None:
        """A few are daily life (somebody paid meanwhile); nearly all is a law, a feed or a switch that closed everything."""
        hour = Duration.hours(1)
        share = cloudwatch.MathExpression(
            expression="IF(FILL(refused, 0) >= 20, 100 * refused / (refused + FILL(sent, 0)), 0)",
            using_metrics={"refused": counted(REFUSED, client, hour), "sent": counted(SENT, client, hour)},
            period=hour,
            label="per cent refused at the sender",
        )
        self._alarm("refusals-jump", share, 80, "Four of five contacts that were handed out may not be made")

    def on_counts(self, client: str, *, has_gateway: bool) -> None:
        """What a person has to look at the same day."""
        quarter = Duration.minutes(15)
        self._alarm(
            "circuit-open",
            counted(CIRCUIT_OPENED, client, quarter),
            1,
            "A carrier refuses everything of a channel",
        )
        self._alarm(
            "input-aside", counted(SET_ASIDE, client, quarter), 10, "Input that cannot be used piles up"
        )
        self._alarm(
            "spend-reached",
            counted(OVER_BUDGET, client, quarter),
            1,
            "The month's budget allows no more messages",
        )
        self._alarm(
            "answers-fail",
            counted(FAILED_ANSWERS, client, quarter),
            2,
            "A webhook, the page, the API or the console answers that it cannot",
        )
        if has_gateway:
            self._alarm(
                "payments-unmatched",
                counted(UNMATCHED, client, quarter),
                1,
                "Money came and nobody knows whose it is",
            )

    def _of_function(self, name: str, metric: str, period: Duration, statistic: str) -> cloudwatch.Metric:
        """By its name alone: the function itself is made later, in another stack."""
        return cloudwatch.Metric(
            namespace="AWS/Lambda",
            metric_name=metric,
            dimensions_map={"FunctionName": f"{self._prefix}-{name}"},
            period=period,
            statistic=statistic,
        )

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        description: str,
        *,
        comparison: cloudwatch.ComparisonOperator = AT_LEAST,
        missing: cloudwatch.TreatMissingData = IDLE,
    ) -> None:
        alarm = cloudwatch.Alarm(
            self._scope,
            f"{titled(name)}Alarm",
            alarm_name=f"{self._prefix}-{name}",
            alarm_description=f"{description}. What to do: {RUNBOOK}#{section_of(name)}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=comparison,
            treat_missing_data=missing,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        self.all.append(alarm)
        self.names.add(f"{self._prefix}-{name}")


def counted(name: str, client: str, period: Duration) -> cloudwatch.Metric:
    """What functions count in their logs (recobro/counts.py)."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={DIMENSION: client},
        period=period,
        statistic="Sum",
    )


def waiting(queue: str, period: Duration) -> cloudwatch.Metric:
    """Messages that can be read in a queue of that name."""
    return of_queue(queue, "ApproximateNumberOfMessagesVisible", period)


def of_queue(queue: str, metric: str, period: Duration) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SQS",
        metric_name=metric,
        dimensions_map={"QueueName": queue},
        period=period,
        statistic="Maximum",
    )


def section_of(alarm: str) -> str:
    """The runbook's section on an alarm: what is the matter, whatever queue or function it is the matter with."""
    return next(
        (section for ending, section in SECTIONS.items() if alarm.endswith(ending)), alarm.replace("_", "-")
    )
