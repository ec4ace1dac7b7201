"""A deployed client is priced by what CloudWatch counted under its own names, and nothing of its neighbours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from infra.pricing.in_aws import usage_in_aws
from tests.emulated import aws

NOW = datetime.now(UTC) - timedelta(minutes=5)
"""The emulator forgets what is older than its retention, as CloudWatch does."""


class Acme:
    """What of a house the count asks for: its table's name and its clients."""

    def __init__(self, cloudwatch: Any) -> None:
        self.settings = SimpleNamespace(table="recobro-acme-Ledger")
        self._cloudwatch = cloudwatch

    def client(self, service: str) -> Any:
        return self._cloudwatch if service == "cloudwatch" else self

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, int]:  # noqa: N803 -- boto3's own
        return {"MemorySize": 1024 if FunctionName.endswith("send_sms") else 512}


@pytest.fixture
def cloudwatch() -> Iterator[Any]:
    with aws() as client:
        yield client("cloudwatch")


def test_only_this_clients_metrics_of_these_days_are_counted(cloudwatch: Any) -> None:
    def told(namespace: str, metric: str, value: float, at: datetime = NOW, **dimensions: str) -> None:
        named = [{"Name": key, "Value": one} for key, one in dimensions.items()]
        data = [{"MetricName": metric, "Dimensions": named, "Timestamp": at, "Value": value}]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)

    told("AWS/DynamoDB", "ConsumedWriteCapacityUnits", 100, TableName="recobro-acme-Ledger")
    told(
        "AWS/DynamoDB",
        "ConsumedWriteCapacityUnits",
        40,
        TableName="recobro-acme-Ledger",
        GlobalSecondaryIndexName="due",
    )
    told("AWS/DynamoDB", "ConsumedWriteCapacityUnits", 900, TableName="recobro-other-Ledger")
    told("AWS/Lambda", "Invocations", 7, FunctionName="recobro-acme-send_sms")
    told("AWS/Lambda", "Invocations", 7, FunctionName="recobro-acme-send_sms", Resource="x:live")
    told("AWS/Lambda", "Invocations", 3, FunctionName="recobro-acme-debtor_portal")
    told("AWS/Lambda", "Duration", 2_000, FunctionName="recobro-acme-send_sms")
    told("AWS/Lambda", "Invocations", 50, at=NOW - timedelta(days=9), FunctionName="recobro-acme-send_sms")
    told("AWS/SQS", "NumberOfMessagesSent", 5, QueueName="recobro-acme-send-sms")
    told("AWS/SQS", "NumberOfEmptyReceives", 6, QueueName="recobro-acme-send-sms")
    told("AWS/Logs", "IncomingBytes", 2_000_000_000, LogGroupName="/aws/lambda/recobro-acme-send_sms")

    house: Any = Acme(cloudwatch)
    usage = usage_in_aws(house, "recobro-acme", NOW - timedelta(days=7), NOW + timedelta(hours=1))
    assert usage == {
        "dynamodb_write": Decimal(140),
        "lambda_request": Decimal(10),
        "lambda_gb_second": Decimal(2),
        "http_request": Decimal(3),
        "sqs_request": Decimal(11),
        "log_ingest": Decimal(2),
    }
