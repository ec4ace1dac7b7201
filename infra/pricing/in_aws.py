"""What AWS itself counted of a deployed client, from CloudWatch: the units, invocations and messages of a span of days.

Metrics are found by the deployment's own names. SQS counts messages and not requests: those are taken one by one, so the
queues' line is the most it can be. Starting a function is charged and stands in no metric; S3 counts no requests by default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from infra.pricing.usage import GB, Usage
from recobro.house import House

HOUR = 3600
AT_ONCE = 400
"""GetMetricData takes 500 queries."""

BY_HTTP = ("receive_payment", "debtor_portal", "api")


@dataclass(frozen=True)
class Watched:
    """A metric whose sum is units of `item`, for every `dimension` whose value begins with `named`."""

    item: str
    namespace: str
    metric: str
    dimension: str
    named: str
    exactly: bool = False


def usage_in_aws(house: House, prefix: str, begins: datetime, ends: datetime) -> Usage:
    """Units by item between two instants. prefix: what the deployment's resources are named by, "recobro-acme"."""
    cloudwatch, functions = house.client("cloudwatch"), house.client("lambda")
    usage: Usage = {}

    def add(item: str, units: Decimal) -> None:
        if units:
            usage[item] = usage.get(item, Decimal(0)) + units

    for watched in _watched(house.settings.table, prefix):
        for name, units in _sums(cloudwatch, watched, begins, ends):
            if watched.metric == "Duration":
                memory = functions.get_function_configuration(FunctionName=name)["MemorySize"]
                add(watched.item, units / 1000 * memory / 1024)
            elif watched.metric == "IncomingBytes":
                add(watched.item, units / GB)
            else:
                add(watched.item, units)
            if watched.metric == "Invocations" and name.endswith(BY_HTTP):
                add("http_request", units)
    return usage


def _watched(table: str, prefix: str) -> tuple[Watched, ...]:
    queues = (
        "NumberOfMessagesSent",
        "NumberOfMessagesReceived",
        "NumberOfMessagesDeleted",
        "NumberOfEmptyReceives",
    )
    dynamodb = {"dynamodb_write": "ConsumedWriteCapacityUnits", "dynamodb_read": "ConsumedReadCapacityUnits"}
    return (
        *(
            Watched(item, "AWS/DynamoDB", one, "TableName", table, exactly=True)
            for item, one in dynamodb.items()
        ),
        Watched("lambda_request", "AWS/Lambda", "Invocations", "FunctionName", f"{prefix}-"),
        Watched("lambda_gb_second", "AWS/Lambda", "Duration", "FunctionName", f"{prefix}-"),
        *(Watched("sqs_request", "AWS/SQS", one, "QueueName", f"{prefix}-") for one in queues),
        Watched("sns_publish", "AWS/SNS", "NumberOfMessagesPublished", "TopicName", f"{prefix}-"),
        Watched("log_ingest", "AWS/Logs", "IncomingBytes", "LogGroupName", f"/aws/lambda/{prefix}-"),
    )


def _sums(
    cloudwatch: Any, watched: Watched, begins: datetime, ends: datetime
) -> Iterator[tuple[str, Decimal]]:
    """(value of the dimension, sum). A table's metrics come once for itself and once for each index: both are charged."""
    found = [metric for metric in _metrics(cloudwatch, watched) if _is_ours(metric, watched)]
    for first in range(0, len(found), AT_ONCE):
        some = found[first : first + AT_ONCE]
        queries = [
            {
                "Id": f"m{number}",
                "MetricStat": {"Metric": metric, "Period": HOUR, "Stat": "Sum"},
                "ReturnData": True,
            }
            for number, metric in enumerate(some)
        ]
        pages = cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=queries, StartTime=begins, EndTime=ends
        )
        for page in pages:
            for result in page["MetricDataResults"]:
                metric = some[int(result["Id"].removeprefix("m"))]
                total = sum((Decimal(str(value)) for value in result["Values"]), Decimal(0))
                yield _value(metric, watched.dimension), total


def _metrics(cloudwatch: Any, watched: Watched) -> Iterator[dict[str, Any]]:
    pages = cloudwatch.get_paginator("list_metrics").paginate(
        Namespace=watched.namespace, MetricName=watched.metric
    )
    for page in pages:
        yield from page["Metrics"]


def _is_ours(metric: Mapping[str, Any], watched: Watched) -> bool:
    """Lambda reports a function once more for each version and alias; only the function's own line is counted."""
    names = {one["Name"] for one in metric["Dimensions"]}
    if not names <= {watched.dimension, "GlobalSecondaryIndexName"}:
        return False
    value = _value(metric, watched.dimension)
    return value == watched.named if watched.exactly else value.startswith(watched.named)


def _value(metric: Mapping[str, Any], dimension: str) -> str:
    return next((str(one["Value"]) for one in metric["Dimensions"] if one["Name"] == dimension), "")
