"""What of a day's work is worth an alarm, counted in the log itself: CloudWatch makes metrics of lines in its own format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

NAMESPACE = "Recobro"
DIMENSION = "client"
"""The only one: every further value of a dimension is a metric to pay for, and a person must never be one."""

HANDED, SENT, REFUSED, EXPIRED = "Handed", "Sent", "Refused", "Expired"
OVER_BUDGET, SET_ASIDE = "OverBudget", "SetAside"
UNMATCHED, CIRCUIT_OPENED = "Unmatched", "CircuitOpened"
FAILED_ANSWERS = "FailedAnswers"

COUNTS: Mapping[str, str] = {
    HANDED: "contacts that sweeps handed to senders",
    SENT: "messages that carriers took",
    REFUSED: "contacts that a sender found it may not make after all",
    EXPIRED: "hints that came too late, or beyond their carrier's rate: the next sweep hands them out again",
    OVER_BUDGET: "messages that the month's budget did not allow",
    SET_ASIDE: "input that could not be used, kept with its reason",
    UNMATCHED: "payments that wait for a person to say whose they are",
    CIRCUIT_OPENED: "channels stopped because every further message would meet the same answer",
    FAILED_ANSWERS: "requests answered 500 or 503: who asked is told to come again, and Lambda counts no error",
}
"""All that is counted."""

OF_RESULT = {"sent": SENT, "refused": REFUSED, "expired": EXPIRED, "no_budget": OVER_BUDGET}
"""A sender's outcome → what it counts as."""


def embedded(counts: Mapping[str, int], client: str, now: datetime) -> dict[str, Any]:
    """The fields of one log line from which CloudWatch reads the counts."""
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    about = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics}
    when = int(now.timestamp() * 1000)
    return {"_aws": {"Timestamp": when, "CloudWatchMetrics": [about]}, DIMENSION: client, **counts}
