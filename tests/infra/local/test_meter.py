"""Every request is counted against whoever made it, and what it reads and writes is charged as DynamoDB charges.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
"""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from infra.local.sizes import item_bytes, read_units, write_units
from tests.infra.local.sample import PLAYS, Sample, allow
from tests.infra.local.test_conformance import ATTRIBUTES, DUE


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
    assert item_bytes({"pk": {"S": "abc"}}) == 5
    assert item_bytes({"ñ": {"S": "ñ"}}) == 4
    assert item_bytes({"n": {"N": "1234"}}) == 4
    assert item_bytes({"n": {"N": "-100"}}) == 4
    assert item_bytes({"b": {"BOOL": True}}) == 2
    assert item_bytes({"b": {"B": b"1234"}}) == 5
    assert item_bytes({"m": {"M": {"a": {"S": "bc"}}}}) == 1 + 3 + 1 + 3
    assert item_bytes({"l": {"L": [{"S": "bc"}, {"NULL": True}]}}) == 1 + 3 + 3 + 2
    assert item_bytes({"s": {"SS": ["a", "bc"]}}) == 4


def test_units_are_started_kilobytes_and_started_four_kilobytes() -> None:
    assert [write_units(size) for size in (1, 1024, 1025)] == [1, 1, 2]
    assert [read_units(size, consistent=True) for size in (0, 4096, 4097)] == [1, 1, 2]
    assert read_units(4097, consistent=False) == 1.0


def put(size: int, **more: Any) -> dict[str, Any]:
    return {"pk": {"S": "a"}, "sk": {"S": "b"}, "body": {"S": "x" * size}, **more}


def test_requests_and_units_are_kept_by_who_made_them(sample: Sample) -> None:
    sample.table(AttributeDefinitions=ATTRIBUTES, GlobalSecondaryIndexes=[DUE])
    sample.function("work", allow("dynamodb:PutItem dynamodb:GetItem", {"Fn::GetAtt": ["ledger", "Arn"]}))

    def play(_event: Any, _context: Any) -> None:
        client = boto3.client("dynamodb")
        client.put_item(TableName="ledger", Item=put(1500))
        due = {"due_shard": {"S": "overdue#01"}, "due_at": {"S": "2026"}}
        client.put_item(TableName="ledger", Item=put(10, **due))
        client.get_item(TableName="ledger", Key={"pk": {"S": "a"}, "sk": {"S": "b"}}, ConsistentRead=True)
        client.get_item(TableName="ledger", Key={"pk": {"S": "none"}, "sk": {"S": "b"}})

    PLAYS["work"] = play
    with sample.running() as system:
        assert system.invoke("work", {}).failure is None
        system.client("dynamodb").get_item(TableName="ledger", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
        meter = system.meter
    assert meter.requests["work", "dynamodb", "PutItem"] == 2
    assert meter.requests["work", "dynamodb", "GetItem"] == 2
    assert meter.requests["operator", "dynamodb", "GetItem"] == 1
    # 2 units for 1.5 kB; then the larger of old and new (2) and one for the new entry of the index.
    assert meter.write_units["work"] == 5
    assert meter.read_units["work"] == 1.5
    assert meter.by_service("dynamodb") == {"work": 4, "operator": 1}


def test_a_refused_write_is_charged_by_what_is_there(sample: Sample) -> None:
    """ "If a ConditionExpression evaluates to false … DynamoDB still consumes write capacity units" """
    sample.table()
    with sample.running() as system:
        client = system.client("dynamodb")
        client.put_item(TableName="ledger", Item=put(2500))
        before = system.meter.write_units["operator"]
        with pytest.raises(ClientError):
            client.put_item(
                TableName="ledger",
                Item=put(1),
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        assert system.meter.write_units["operator"] - before == 3
        assert system.meter.refused["operator", "dynamodb", "PutItem"] == 1


def test_the_answer_shows_no_units_that_nobody_asked_for(sample: Sample) -> None:
    sample.table()
    with sample.running() as system:
        client = system.client("dynamodb")
        assert "ConsumedCapacity" not in client.put_item(TableName="ledger", Item=put(1))
        asked = client.put_item(TableName="ledger", Item=put(1), ReturnConsumedCapacity="TOTAL")
        assert asked["ConsumedCapacity"]["CapacityUnits"] == 1


def test_a_write_whose_answer_is_lost_has_been_made(sample: Sample) -> None:
    """A bad day on the way back: the SDK tries again, and both requests are counted."""
    sample.table()
    lost: list[str] = []

    def lose_first(call: Any, send: Any) -> Any:
        answer = send()
        if call.operation == "PutItem" and not lost:
            lost.append(call.operation)
            raise ReadTimeoutError(endpoint_url="https://dynamodb")
        return answer

    with sample.running() as system:
        client = system.client("dynamodb")
        with system.meddling(lose_first), pytest.raises(ClientError, match="ConditionalCheckFailed"):
            client.put_item(TableName="ledger", Item=put(1), ConditionExpression="attribute_not_exists(pk)")
        assert system.meter.requests["operator", "dynamodb", "PutItem"] == 2
        assert "Item" in client.get_item(TableName="ledger", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
