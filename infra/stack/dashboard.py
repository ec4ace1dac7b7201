"""One page on which an operator sees a client's day; only where its file asks for it: AWS charges 3 dollars a month for each."""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.stack.alarms import Alarms, counted, of_queue, waiting
from infra.stack.settings import ClientSettings
from recobro.counts import COUNTS, HANDED, REFUSED, SENT

WIDE, HALF, HIGH = 24, 12, 6


def dashboard(
    scope: Construct, prefix: str, client: ClientSettings, queues: Sequence[str], alarms: Alarms
) -> None:
    """What was handed out, sent and refused; what a person has to look at; what waits in queues; every alarm."""
    hour, five = Duration.hours(1), Duration.minutes(5)
    page = cloudwatch.Dashboard(scope, "Dashboard", dashboard_name=prefix, period_override=None)
    told = [HANDED, SENT, REFUSED]
    page.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms.all, width=WIDE, height=4))
    page.add_widgets(
        _graph("Contacts", [counted(name, client.name, hour) for name in told]),
        _graph(
            "For a person to look at",
            [counted(name, client.name, hour) for name in COUNTS if name not in told],
        ),
    )
    page.add_widgets(
        _graph(
            "Waiting",
            [waiting(f"{prefix}-{name}", five) for name in queues],
        ),
        _graph(
            "Oldest message, seconds",
            [of_queue(f"{prefix}-{name}", "ApproximateAgeOfOldestMessage", five) for name in queues],
        ),
    )


def _graph(title: str, metrics: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=metrics, width=HALF, height=HIGH)
