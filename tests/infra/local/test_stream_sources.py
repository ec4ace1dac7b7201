"""What changes in a table reaches its follower in order; a bad record is cut out and kept, and never stops the rest for good.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import json
from datetime import timedelta
from typing import Any

from infra.local.system import LocalSystem
from tests.infra.local.sample import HEARD, PLAYS, START, Sample, allow


def put(system: LocalSystem, *names: str, table: str = "ledger", **more: Any) -> None:
    for name in names:
        system.client("dynamodb").put_item(
            TableName=table, Item={"pk": {"S": name}, "sk": {"S": "STATE"}, **more}
        )


def batches() -> list[list[str]]:
    return [[record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]] for event in HEARD]


def reporting(*bad: str) -> Any:
    """A handler that stops at the first record whose key is bad, and reports it."""

    def play(event: Any, _context: Any) -> Any:
        for record in event["Records"]:
            if record["dynamodb"]["Keys"]["pk"]["S"] in bad:
                return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        return None

    return play


def raising(*bad: str) -> Any:
    def play(event: Any, _context: Any) -> Any:
        if any(record["dynamodb"]["Keys"]["pk"]["S"] in bad for record in event["Records"]):
            raise ValueError("poison")

    return play


def test_a_record_tells_what_was_and_what_is(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-sample-dynamodb"""
    sample.table()
    sample.follower()
    with sample.running(backend=backend) as system:
        put(system, "ana", amount={"N": "1"})
        put(system, "ana", amount={"N": "2"})
        system.client("dynamodb").delete_item(
            TableName="ledger", Key={"pk": {"S": "ana"}, "sk": {"S": "STATE"}}
        )
        system.drain()
    inserted, modified, removed = HEARD[0]["Records"]
    assert [inserted["eventName"], modified["eventName"], removed["eventName"]] == [
        "INSERT",
        "MODIFY",
        "REMOVE",
    ]
    assert modified["dynamodb"]["OldImage"]["amount"] == {"N": "1"}
    assert modified["dynamodb"]["NewImage"]["amount"] == {"N": "2"}
    assert "NewImage" not in removed["dynamodb"]
    assert inserted["dynamodb"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert inserted["dynamodb"]["ApproximateCreationDateTime"] == START.timestamp()
    assert inserted["eventSource"] == "aws:dynamodb"
    assert inserted["eventSourceARN"].startswith(
        "arn:aws:dynamodb:us-east-1:111122223333:table/ledger/stream/"
    )
    assert "userIdentity" not in removed
    assert inserted["dynamodb"]["SequenceNumber"] < modified["dynamodb"]["SequenceNumber"]


def test_changes_come_in_order_and_in_batches(sample: Sample, backend: str) -> None:
    sample.table()
    sample.follower(BatchSize=2)
    with sample.running(backend=backend) as system:
        put(system, "a", "b", "c", "d", "e")
        system.drain()
    assert batches() == [["a", "b"], ["c", "d"], ["e"]]


def test_a_partial_report_retries_from_the_first_failure(sample: Sample) -> None:
    """ "Lambda uses the lowest sequence number as the checkpoint, then retries all records starting from that checkpoint."

    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """
    sample.table()
    sample.follower()
    PLAYS["follow"] = reporting("b")
    with sample.running() as system:
        put(system, "a", "b", "c")
        system.drain()
        assert batches() == [["a", "b", "c"]]
        PLAYS.clear()
        system.run_for(timedelta(seconds=5))
        assert batches()[1:] == [["b", "c"]]


def test_nothing_overtakes_a_batch_that_fails(sample: Sample) -> None:
    """ "To ensure in-order processing, Lambda pauses processing for the affected shard until the error is resolved." """
    sample.table()
    sample.follower()
    PLAYS["follow"] = raising("a")
    with sample.running() as system:
        put(system, "a")
        system.drain()
        put(system, "b")
        system.run_for(timedelta(minutes=2))
        assert batches()[-1] == ["a"]
        PLAYS.clear()
        system.run_for(timedelta(minutes=2))
        assert batches()[-2:] == [["a"], ["b"]]


def test_halving_finds_the_poison_and_spares_the_rest(sample: Sample) -> None:
    """ "BisectBatchOnFunctionError … splits a failed batch into two". "Splitting batches doesn't consume the retry quota."

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    """
    sample.table()
    sample.follower(BisectBatchOnFunctionError=True, MaximumRetryAttempts=2, FunctionResponseTypes=[])
    PLAYS["follow"] = raising("c")
    with sample.running() as system:
        put(system, "a", "b", "c", "d")
        system.run_for(timedelta(minutes=5))
    assert batches() == [["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["c"], ["c"], ["d"]]


def test_halving_with_a_report_begins_where_the_report_points(sample: Sample) -> None:
    """ "the batch is bisected at the returned sequence number, and Lambda retries only the remaining records" """
    sample.table()
    sample.follower(BisectBatchOnFunctionError=True, MaximumRetryAttempts=1)
    PLAYS["follow"] = reporting("c")
    with sample.running() as system:
        put(system, "a", "b", "c", "d")
        system.run_for(timedelta(minutes=5))
    assert batches() == [["a", "b", "c", "d"], ["c", "d"], ["c"], ["c"], ["d"]]


def test_what_cannot_be_processed_is_kept_whole_in_a_bucket(sample: Sample, backend: str) -> None:
    """ "For Amazon S3 destinations, Lambda also sends the entire invocation record along with the metadata." """
    sample.table()
    sample.add("kept", "AWS::S3::Bucket", BucketName="kept")
    bucket = {"Fn::GetAtt": ["kept", "Arn"]}
    objects = {"Fn::Join": ["", [bucket, "/aws/lambda/*"]]}
    sample.follower(
        "follow",
        "ledger",
        allow("s3:PutObject", objects),
        allow("s3:ListBucket", bucket),
        MaximumRetryAttempts=1,
        FunctionResponseTypes=[],
        DestinationConfig={"OnFailure": {"Destination": bucket}},
    )
    PLAYS["follow"] = raising("bad")
    with sample.running(backend=backend) as system:
        put(system, "bad")
        system.run_for(timedelta(minutes=5))
        put(system, "good")
        system.drain()
        (listed,) = system.client("s3").list_objects_v2(Bucket="kept")["Contents"]
        record = json.loads(system.client("s3").get_object(Bucket="kept", Key=listed["Key"])["Body"].read())
    assert batches() == [["bad"], ["bad"], ["good"]]
    assert listed["Key"].startswith("aws/lambda/")
    assert "/shardId-00000000000000000000-00000000/2026/03/02/2026-03-02T12.00.01-" in listed["Key"]
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    assert record["payload"]["Records"] == HEARD[0]["Records"]


def test_without_a_retry_limit_a_record_is_retried_for_a_day(sample: Sample) -> None:
    """ "a bad record can block processing on the affected shard for up to one day" """
    sample.table()
    sample.follower(FunctionResponseTypes=[])
    PLAYS["follow"] = raising("bad")
    with sample.running() as system:
        put(system, "bad", "good")
        system.run_for(timedelta(hours=23))
        assert batches()[-1] == ["bad", "good"]
        put(system, "next")
        system.run_for(timedelta(hours=2))
        assert batches()[-1] == ["next"]


def test_a_record_that_the_filter_does_not_want_costs_no_invocation(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html"""
    pattern = {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": ["STATE"]}}}}
    sample.table()
    sample.follower(FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    with sample.running() as system:
        put(system, "a")
        dynamodb = system.client("dynamodb")
        dynamodb.put_item(TableName="ledger", Item={"pk": {"S": "a"}, "sk": {"S": "FACT#1"}})
        dynamodb.delete_item(TableName="ledger", Key={"pk": {"S": "a"}, "sk": {"S": "STATE"}})
        system.drain()
    assert batches() == [["a"]]


def test_a_quiet_month_loses_nothing(sample: Sample, backend: str) -> None:
    sample.table()
    sample.follower()
    with sample.running(backend=backend) as system:
        put(system, "a")
        system.run_for(timedelta(days=30))
        put(system, "b")
        system.drain()
    assert batches() == [["a"], ["b"]]
