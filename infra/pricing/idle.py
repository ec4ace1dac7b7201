"""What a deployment costs in a month in which nobody is contacted, read from the very template that deploys it.

Every resource either has a price while it idles or is known to have none; one that nobody thought of is named.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from infra.local.drivers.cron import next_occurrence
from infra.pricing.book import PriceBook
from infra.pricing.usage import GB

SECONDS_A_MONTH = 730 * 3600
"""AWS's own month of 730 hours."""

MOMENT = timedelta(microseconds=1)
DAYS_A_MONTH = Decimal(730) / 24
COUNTED_DAY = datetime(2026, 3, 9, tzinfo=UTC) - MOMENT, datetime(2026, 3, 10, tzinfo=UTC)
"""Schedules run alike every day; this one stands for all."""

MONTHLY = {
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::CompositeAlarm": "composite_alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::KMS::Key": "kms_key",
}
"""Charged by the month, used or not."""

_FREE = {
    "ApiGatewayV2": "Api ApiMapping Authorizer DomainName Integration Route Stage",
    "CDK": "Metadata",
    "CertificateManager": "Certificate",
    "CodeDeploy": "Application DeploymentConfig DeploymentGroup",
    "Cognito": "ManagedLoginBranding UserPool UserPoolClient UserPoolDomain UserPoolGroup",
    "DynamoDB": "Table",
    "Events": "Rule",
    "IAM": "ManagedPolicy Policy Role",
    "KMS": "Alias",
    "Lambda": "Alias EventInvokeConfig Function LayerVersion Permission Version",
    "Logs": "LogGroup MetricFilter",
    "S3": "Bucket BucketPolicy",
    "SES": "ConfigurationSet ConfigurationSetEventDestination",
    "SMSVOICE": "ConfigurationSet",
    "SNS": "Subscription Topic TopicPolicy",
    "SQS": "Queue QueuePolicy",
    "SSM": "Parameter",
    "Scheduler": "ScheduleGroup",
}
FREE = frozenset(f"AWS::{service}::{kind}" for service, kinds in _FREE.items() for kind in kinds.split())
"""No charge while nothing is stored, asked or sent."""


@dataclass(frozen=True)
class IdleLine:
    """One line of the idle bill. count: resources; units of `item` that they use in a month; usd for all of them."""

    what: str
    item: str
    count: int
    units: Decimal
    usd: Decimal
    why: str = ""


@dataclass(frozen=True)
class IdleBill:
    """unpriced: types of resources of which nobody said whether they cost while they idle."""

    lines: tuple[IdleLine, ...]
    unpriced: tuple[str, ...]

    @property
    def usd(self) -> Decimal:
        return sum((line.usd for line in self.lines), Decimal(0))


def idle_bill(assembly: Path, book: PriceBook) -> IdleBill:
    """The bill of an idle month. assembly: the folder of a client's synthesised templates."""
    resources = [
        resource
        for path in sorted(assembly.glob("*.template.json"))
        for resource in json.loads(path.read_text(encoding="utf-8"))["Resources"].values()
    ]
    lines = [
        *_monthly(resources, book),
        *_polls(resources, book),
        *_schedules(resources, book),
        *_traces(resources, book),
    ]
    known = {*MONTHLY, *FREE, "AWS::Lambda::EventSourceMapping", "AWS::Scheduler::Schedule"}
    unpriced = sorted({one["Type"] for one in resources} - known)
    return IdleBill(tuple(sorted(lines, key=lambda line: -line.usd)), tuple(unpriced))


def _monthly(resources: list[Mapping[str, Any]], book: PriceBook) -> Iterator[IdleLine]:
    for kind, item in MONTHLY.items():
        found = [resource for resource in resources if resource["Type"] == kind]
        count = len(found)
        if count:
            units = Decimal(sum(_measured(resource) for resource in found))
            what = f"{item.replace('_', ' ')}s"
            yield IdleLine(what, item, count, units, units * book.price(item).each)


def _measured(resource: Mapping[str, Any]) -> int:
    """An alarm on a sum or a share of several metrics is charged for each of them."""
    measured = [one for one in resource.get("Properties", {}).get("Metrics", []) if "MetricStat" in one]
    return max(1, len(measured))


def _polls(resources: list[Mapping[str, Any]], book: PriceBook) -> Iterator[IdleLine]:
    """Lambda asks every queue that starts a function whether something is there; it asks a table's stream for nothing."""
    sources = _all(resources, "AWS::Lambda::EventSourceMapping")
    queues = [one for one in sources if "StartingPosition" not in one]
    if queues:
        units = len(queues) * SECONDS_A_MONTH * book.assumed("polls_a_second")
        usd = units * book.price("sqs_request").each
        yield IdleLine(
            "queues that Lambda polls", "sqs_request", len(queues), units, usd, "assumed: 0.25 a second"
        )


def _schedules(resources: list[Mapping[str, Any]], book: PriceBook) -> Iterator[IdleLine]:
    """Sweeps that find nobody: the schedule, the function with its start, its few reads and its log."""
    schedules = _all(resources, "AWS::Scheduler::Schedule")
    runs = _runs_a_month(schedules)
    if not runs:
        return
    seconds = book.assumed("seconds_start") + IDLE_SWEEP_REQUESTS * book.assumed("seconds_request")
    parts = {
        "schedule": runs,
        "lambda_request": runs,
        "lambda_gb_second": runs * seconds * SWEEP_GB,
        "dynamodb_read": runs * IDLE_SWEEP_READS,
        "log_ingest": runs * book.assumed("log_bytes_invocation") / GB,
    }
    usd = sum((units * book.price(item).each for item, units in parts.items()), Decimal(0))
    why = "each with a start of its function, its reads and its log"
    yield IdleLine("sweeps that find nobody", "schedule", len(schedules), runs, usd, why)


def _traces(resources: list[Mapping[str, Any]], book: PriceBook) -> Iterator[IdleLine]:
    """X-Ray records every sweep, as minutes lie between them; only where the client's file asks for it."""
    functions = _all(resources, "AWS::Lambda::Function")
    count = sum(one.get("TracingConfig", {}).get("Mode") == "Active" for one in functions)
    if count:
        runs = _runs_a_month(_all(resources, "AWS::Scheduler::Schedule"))
        yield IdleLine("traces of those sweeps", "trace", count, runs, runs * book.price("trace").each)


def _all(resources: list[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [one["Properties"] for one in resources if one["Type"] == kind]


SWEEP_GB = Decimal("0.5")
IDLE_SWEEP_REQUESTS = 6
"""The switches, the plan, and one look at each shard of the index; measured by tests/infra/pricing."""
IDLE_SWEEP_READS = Decimal(6)


def _runs_a_month(schedules: list[Mapping[str, Any]]) -> Decimal:
    return sum(_runs_a_day(one) for one in schedules) * DAYS_A_MONTH


def _runs_a_day(schedule: Mapping[str, Any]) -> int:
    if schedule.get("State") == "DISABLED":
        return 0
    at, end = COUNTED_DAY
    count, zone = 0, str(schedule.get("ScheduleExpressionTimezone", "UTC"))
    while (due := next_occurrence(schedule["ScheduleExpression"], zone, at)) is not None and due < end:
        count, at = count + 1, due
    return count
