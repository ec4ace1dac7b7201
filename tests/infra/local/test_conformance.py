"""What our code relies on in AWS's services holds on both implementations, so that neither's bug can pass for AWS's behaviour.

One connection to AWS's own documentation per promise; a backend that breaks one is not used.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.system import LocalSystem
from tests.infra.local.sample import Sample

DUE = {
    "IndexName": "due",
    "KeySchema": [
        {"AttributeName": "due_shard", "KeyType": "HASH"},
        {"AttributeName": "due_at", "KeyType": "RANGE"},
    ],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}
ATTRIBUTES = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "due_shard", "due_at")]


@pytest.fixture
def system(sample: Sample, backend: str) -> Iterator[LocalSystem]:
    sample.table(AttributeDefinitions=ATTRIBUTES, GlobalSecondaryIndexes=[DUE])
    sample.queue("dead")
    redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["dead", "Arn"]}, "maxReceiveCount": 2}
    sample.queue("jobs", VisibilityTimeout=30, RedrivePolicy=redrive)
    sample.add("files", "AWS::S3::Bucket", BucketName="files", VersioningConfiguration={"Status": "Enabled"})
    sample.add("secret", "AWS::SecretsManager::Secret", Name="root", SecretString="one")
    with sample.running(backend=backend) as running:
        yield running


def state(version: int, **more: Any) -> dict[str, Any]:
    return {"pk": {"S": "DEBTOR#1"}, "sk": {"S": "STATE"}, "version": {"N": str(version)}, **more}


def save(system: LocalSystem, version: int, expected: int | None) -> None:
    condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    if expected is not None:
        condition = {
            "ConditionExpression": "version = :v",
            "ExpressionAttributeValues": {":v": {"N": str(expected)}},
        }
    system.client("dynamodb").put_item(
        TableName="ledger", Item=state(version), ReturnValuesOnConditionCheckFailure="ALL_OLD", **condition
    )


def test_a_put_on_an_older_version_fails_and_shows_what_is_there(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html: ReturnValuesOnConditionCheckFailure"""
    save(system, 1, None)
    save(system, 2, 1)
    with pytest.raises(ClientError) as lost:
        save(system, 2, 1)
    assert lost.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert lost.value.response["Item"] == state(2)  # type: ignore[typeddict-item]


def test_of_many_who_create_one_item_one_wins(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate"""

    def create(_: int) -> bool:
        try:
            save(system, 1, None)
        except ClientError:
            return False
        return True

    system.client("dynamodb")
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(64))) == 1


def test_no_update_of_a_counter_is_lost(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html: ADD is atomic"""

    def add(_: int) -> None:
        system.client("dynamodb").update_item(
            TableName="ledger",
            Key={"pk": {"S": "BUDGET#1"}, "sk": {"S": "SLICE"}},
            UpdateExpression="ADD taken :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    system.client("dynamodb")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(64)))
    held = system.client("dynamodb").get_item(
        TableName="ledger", Key={"pk": {"S": "BUDGET#1"}, "sk": {"S": "SLICE"}}
    )
    assert held["Item"]["taken"] == {"N": "64"}


def test_a_set_grows_by_what_is_new_and_a_name_may_begin_with_a_digit(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html#Expressions.UpdateExpressions.ADD"""
    place = {"TableName": "ledger", "Key": {"pk": {"S": "OBLIGORS#1"}, "sk": {"S": "PEOPLE"}}}
    for people in (["ana"], ["ana", "luz"]):
        system.client("dynamodb").update_item(
            **place,
            UpdateExpression="SET #0 = if_not_exists(#0, :0), #1 = :1 ADD people :people",
            ExpressionAttributeNames={"#0": "first", "#1": "last"},
            ExpressionAttributeValues={
                ":0": {"S": people[-1]},
                ":1": {"S": people[-1]},
                ":people": {"SS": people},
            },
        )
    held = system.client("dynamodb").get_item(**place)["Item"]

    assert sorted(held["people"]["SS"]) == ["ana", "luz"]
    assert (held["first"], held["last"]) == ({"S": "ana"}, {"S": "luz"})


def test_an_index_holds_only_items_with_its_keys_in_order_and_in_pages(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-indexes-general-sparse-indexes.html"""
    dynamodb = system.client("dynamodb")
    for name, due in (("c", "2026-03-03"), ("a", "2026-03-01"), ("b", "2026-03-02"), ("z", "2027-01-01")):
        item = {
            "pk": {"S": name},
            "sk": {"S": "STATE"},
            "due_shard": {"S": "overdue#01"},
            "due_at": {"S": due},
            "more": {"S": "x"},
        }
        dynamodb.put_item(TableName="ledger", Item=item)
    dynamodb.put_item(TableName="ledger", Item={"pk": {"S": "n"}, "sk": {"S": "STATE"}})
    query: dict[str, Any] = {
        "TableName": "ledger",
        "IndexName": "due",
        "KeyConditionExpression": "due_shard = :s AND due_at <= :t",
        "ExpressionAttributeValues": {":s": {"S": "overdue#01"}, ":t": {"S": "2026-03-03"}},
        "Limit": 2,
    }
    first = dynamodb.query(**query)
    second = dynamodb.query(**query, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [item["pk"]["S"] for item in first["Items"] + second["Items"]] == ["a", "b", "c"]
    assert set(first["Items"][0]) == {"pk", "sk", "due_shard", "due_at"}


def test_an_item_that_leaves_the_index_is_no_longer_due(system: LocalSystem) -> None:
    dynamodb = system.client("dynamodb")
    there = {"due_shard": {"S": "overdue#01"}, "due_at": {"S": "2026-03-03"}}
    dynamodb.put_item(TableName="ledger", Item=state(1, **there))
    dynamodb.put_item(TableName="ledger", Item=state(2))
    found = dynamodb.query(
        TableName="ledger",
        IndexName="due",
        KeyConditionExpression="due_shard = :s",
        ExpressionAttributeValues={":s": {"S": "overdue#01"}},
    )
    assert found["Items"] == []


def test_a_transaction_is_all_or_nothing_and_says_why(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html"""
    save(system, 1, None)
    puts = [
        {"Put": {"TableName": "ledger", "Item": {"pk": {"S": "new"}, "sk": {"S": "STATE"}}}},
        {"Put": {"TableName": "ledger", "Item": state(9), "ConditionExpression": "attribute_not_exists(pk)"}},
    ]
    with pytest.raises(ClientError) as cancelled:
        system.client("dynamodb").transact_write_items(TransactItems=puts)
    reasons = [reason["Code"] for reason in cancelled.value.response["CancellationReasons"]]
    assert reasons == ["None", "ConditionalCheckFailed"]
    assert "Item" not in system.client("dynamodb").get_item(
        TableName="ledger", Key={"pk": {"S": "new"}, "sk": {"S": "STATE"}}
    )


def test_a_batch_reads_what_there_is(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""
    save(system, 1, None)
    keys = [{"pk": {"S": "DEBTOR#1"}, "sk": {"S": "STATE"}}, {"pk": {"S": "nobody"}, "sk": {"S": "STATE"}}]
    answer = system.client("dynamodb").batch_get_item(
        RequestItems={"ledger": {"Keys": keys, "ConsistentRead": True}}
    )
    assert answer["Responses"]["ledger"] == [state(1)]
    assert answer["UnprocessedKeys"] == {}


def test_bytes_numbers_sets_and_nested_values_return_as_they_were(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html"""
    item = state(
        1,
        key={"B": b"\x00\xff"},
        big={"N": "12345678901234567890"},
        tags={"SS": ["a", "b"]},
        debts={"L": [{"M": {"amount": {"N": "150050"}, "paid": {"BOOL": False}, "note": {"NULL": True}}}]},
    )
    dynamodb = system.client("dynamodb")
    dynamodb.put_item(TableName="ledger", Item=item)
    read = dynamodb.get_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})["Item"]
    read["tags"]["SS"].sort()
    assert read == item


def test_an_item_of_more_than_400_kilobytes_is_refused(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""
    with pytest.raises(ClientError, match="ValidationException"):
        system.client("dynamodb").put_item(TableName="ledger", Item=state(1, body={"S": "x" * 410_000}))


def receive(system: LocalSystem, queue: str = "jobs", **more: Any) -> list[Any]:
    url = system.inventory.queue_at(queue).url  # type: ignore[union-attr]
    found = system.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], **more
    )
    messages: list[Any] = found.get("Messages", [])
    return messages


def test_a_received_message_is_out_of_sight_until_its_time_or_its_deletion(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html"""
    url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]
    system.client("sqs").send_message(QueueUrl=url, MessageBody="a")
    (first,) = receive(system)
    assert first["Attributes"]["ApproximateReceiveCount"] == "1"
    assert receive(system) == []
    system.run_for(timedelta(seconds=31))
    (second,) = receive(system)
    assert second["MessageId"] == first["MessageId"]
    assert second["Attributes"]["ApproximateReceiveCount"] == "2"
    system.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=second["ReceiptHandle"])
    system.run_for(timedelta(minutes=5))
    assert receive(system) == []


def test_after_too_many_receives_a_message_is_set_aside(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"""
    url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]
    system.client("sqs").send_message(QueueUrl=url, MessageBody="a")
    for _ in range(2):
        assert len(receive(system)) == 1
        system.run_for(timedelta(seconds=31))
    assert receive(system) == []
    (dead,) = receive(system, "dead")
    assert dead["Body"] == "a"


def test_visibility_can_be_changed_while_a_message_is_worked_on(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html"""
    url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]
    sqs = system.client("sqs")
    sqs.send_message(QueueUrl=url, MessageBody="a")
    (message,) = receive(system)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=600)
    system.run_for(timedelta(seconds=599))
    assert receive(system) == []
    system.run_for(timedelta(seconds=2))
    assert len(receive(system)) == 1


def test_a_long_poll_does_not_wait_for_a_clock_that_stands_still(system: LocalSystem) -> None:
    assert receive(system, WaitTimeSeconds=20) == []


def test_a_queue_that_is_not_there_is_an_error(system: LocalSystem) -> None:
    with pytest.raises(ClientError, match=r"NonExistentQueue|QueueDoesNotExist"):
        system.client("sqs").send_message(
            QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/none", MessageBody="a"
        )


def test_an_object_is_read_as_written_with_what_was_said_of_it(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"""
    s3 = system.client("s3")
    s3.put_object(
        Bucket="files", Key="inbox/año.csv", Body=b"a\xff", ContentType="text/csv", Metadata={"mode": "full"}
    )
    read = s3.get_object(Bucket="files", Key="inbox/año.csv")
    assert read["Body"].read() == b"a\xff"
    assert (read["ContentType"], read["Metadata"]) == ("text/csv", {"mode": "full"})
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="files", Key="inbox/none.csv")


def test_an_object_is_created_only_once_when_asked_so(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""
    s3 = system.client("s3")
    s3.put_object(Bucket="files", Key="strategies/hash", Body=b"a", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="files", Key="strategies/hash", Body=b"a", IfNoneMatch="*")


def test_a_part_of_an_object_can_be_read(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: Range"""
    s3 = system.client("s3")
    s3.put_object(Bucket="files", Key="big", Body=b"0123456789")
    assert s3.get_object(Bucket="files", Key="big", Range="bytes=2-4")["Body"].read() == b"234"


def test_objects_are_listed_by_prefix(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"""
    s3 = system.client("s3")
    for key in ("inbox/b", "inbox/a", "work/c"):
        s3.put_object(Bucket="files", Key=key, Body=b"x")
    listed = s3.list_objects_v2(Bucket="files", Prefix="inbox/")["Contents"]
    assert [entry["Key"] for entry in listed] == ["inbox/a", "inbox/b"]


def test_a_secret_is_replaced_and_read(system: LocalSystem) -> None:
    """https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html"""
    secrets = system.client("secretsmanager")
    assert secrets.get_secret_value(SecretId="root")["SecretString"] == "one"
    secrets.put_secret_value(SecretId="root", SecretString=json.dumps({"root": "two"}))
    assert json.loads(secrets.get_secret_value(SecretId="root")["SecretString"]) == {"root": "two"}
