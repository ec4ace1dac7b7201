"""A message is worked until it succeeds, comes back when it fails, and is set aside when it keeps failing.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from infra.local.system import LocalSystem
from tests.infra.local.sample import HEARD, PLAYS, START, Sample


def send(system: LocalSystem, *bodies: str, queue: str = "jobs") -> None:
    sqs = system.client("sqs")
    for body in bodies:
        sqs.send_message(QueueUrl=system.inventory.queue_at(queue).url, MessageBody=body)  # type: ignore[union-attr]


def bodies() -> list[list[str]]:
    return [[record["body"] for record in event["Records"]] for event in HEARD]


def failing(*bad: str) -> Any:
    """A handler that reports the messages with these bodies as failed."""

    def play(event: Any, _context: Any) -> Any:
        failed = [record["messageId"] for record in event["Records"] if record["body"] in bad]
        return {"batchItemFailures": [{"itemIdentifier": mark} for mark in failed]}

    return play


def test_messages_reach_the_function_in_batches_and_are_gone(sample: Sample, backend: str) -> None:
    sample.worker(BatchSize=2)
    with sample.running(backend=backend) as system:
        send(system, "a", "b", "c")
        system.drain()
        assert bodies() == [["a", "b"], ["c"]]
        assert system.queues()[1].total == 0


def test_a_record_looks_as_lambda_writes_it(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event"""
    sample.worker()
    with sample.running(backend=backend) as system:
        url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]
        attributes = {"lane": {"DataType": "String", "StringValue": "overdue"}}
        system.client("sqs").send_message(QueueUrl=url, MessageBody="a", MessageAttributes=attributes)
        system.drain()
    (record,) = HEARD[0]["Records"]
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].endswith(":jobs")
    assert record["awsRegion"] == "us-east-1"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["attributes"]["SentTimestamp"] == str(int(START.timestamp() * 1000))
    assert record["messageAttributes"]["lane"] == {
        "stringValue": "overdue",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    assert len(record["md5OfBody"]) == 32
    assert record["messageId"]
    assert record["receiptHandle"]


def test_only_what_failed_comes_back_and_only_after_its_time_out_of_sight(
    sample: Sample, backend: str
) -> None:
    """ "this lets your function return a partial success": only the failed messages become visible again."""
    sample.worker()
    PLAYS["work"] = failing("b")
    with sample.running(backend=backend) as system:
        send(system, "a", "b", "c")
        system.drain()
        system.run_for(timedelta(seconds=59))
        assert bodies() == [["a", "b", "c"]]
        PLAYS.clear()
        system.run_for(timedelta(seconds=2))
        assert bodies()[1:] == [["b"]]
        assert HEARD[1]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"


@pytest.mark.parametrize(
    "answer", [None, {}, {"batchItemFailures": None}, {"batchItemFailures": []}, {"statusCode": 200}]
)
def test_a_batch_is_done_when_nothing_is_reported(sample: Sample, answer: Any) -> None:
    """ "complete success: an empty batchItemFailures list, a null list, an empty EventResponse, a null EventResponse"."""
    sample.worker()
    PLAYS["work"] = lambda _event, _context: answer
    with sample.running() as system:
        send(system, "a", "b")
        system.run_for(timedelta(minutes=5))
        assert len(HEARD) == 1


@pytest.mark.parametrize(
    "answer",
    [
        "no object",
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"itemIdentifer": "misspelt"}]},
        {"batchItemFailures": [{"itemIdentifier": "of another batch"}]},
        {"batchItemFailures": "all"},
    ],
)
def test_an_unreadable_report_fails_the_whole_batch(sample: Sample, answer: Any) -> None:
    """ "complete failure: an invalid JSON response, an empty string itemIdentifier, a null one, a bad key name"."""
    sample.worker()
    PLAYS["work"] = lambda _event, _context: answer
    with sample.running() as system:
        send(system, "a", "b")
        system.run_for(timedelta(seconds=60))
        assert bodies() == [["a", "b"], ["a", "b"]]


def test_an_exception_fails_the_whole_batch(sample: Sample) -> None:
    """ "If your function throws an exception, the entire batch is considered a complete failure." """
    sample.worker()
    PLAYS["work"] = lambda _event, _context: 1 / 0
    with sample.running() as system:
        send(system, "a", "b")
        system.run_for(timedelta(seconds=60))
        assert bodies() == [["a", "b"], ["a", "b"]]
        assert [failure.type for failure in system.failures] == ["ZeroDivisionError"] * 2
        assert "handler" in system.failures[0].trace


def test_without_the_setting_a_report_is_not_read(sample: Sample) -> None:
    """ "You must turn on ReportBatchItemFailures": otherwise whatever returns is a success."""
    sample.worker(FunctionResponseTypes=[])
    PLAYS["work"] = failing("a")
    with sample.running() as system:
        send(system, "a")
        system.run_for(timedelta(minutes=5))
        assert len(HEARD) == 1


def test_a_message_that_keeps_failing_is_set_aside_and_can_be_sent_back(sample: Sample, backend: str) -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html"""
    sample.worker()
    PLAYS["work"] = failing("poison")
    with sample.running(backend=backend) as system:
        send(system, "poison", "good")
        system.run_for(timedelta(minutes=10))
        assert bodies() == [["poison", "good"], ["poison"], ["poison"]]
        assert system.dlq_depths() == {"jobs-dead": 1}
        PLAYS.clear()
        system.run_for(timedelta(days=3))
        assert system.redrive("jobs") == 1
        system.drain()
        assert bodies()[-1] == ["poison"]
        assert system.dlq_depths() == {"jobs-dead": 0}


def test_a_delayed_message_is_not_early(sample: Sample, backend: str) -> None:
    sample.worker()
    with sample.running(backend=backend) as system:
        url = system.inventory.queue_at("jobs").url  # type: ignore[union-attr]
        system.client("sqs").send_message(QueueUrl=url, MessageBody="later", DelaySeconds=300)
        system.run_for(timedelta(seconds=299))
        assert HEARD == []
        system.run_for(timedelta(seconds=2))
        assert bodies() == [["later"]]


def test_a_batch_window_gathers_what_comes_within_it(sample: Sample) -> None:
    """ "Lambda invokes … when the batching window expires or the batch size is met".

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
    """
    sample.worker(MaximumBatchingWindowInSeconds=20, BatchSize=3)
    with sample.running() as system:
        send(system, "a")
        system.run_for(timedelta(seconds=10))
        send(system, "b")
        system.run_for(timedelta(seconds=9))
        assert HEARD == []
        system.run_for(timedelta(seconds=1))
        assert bodies() == [["a", "b"]]
        send(system, "c", "d", "e")
        system.drain()
        assert bodies()[-1] == ["c", "d", "e"]


def test_messages_that_the_filter_does_not_want_are_deleted(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html"""
    wanted = {"Filters": [{"Pattern": json.dumps({"body": {"kind": ["sms"]}})}]}
    sample.worker(FilterCriteria=wanted)
    with sample.running() as system:
        send(system, '{"kind": "sms"}', '{"kind": "email"}', "no JSON")
        system.drain()
        assert bodies() == [['{"kind": "sms"}']]
        assert system.queues()[1].total == 0


def test_a_function_that_sends_to_its_own_queue_is_started_again(sample: Sample) -> None:
    sample.worker("jobs", "work")
    with sample.running() as system:

        def play(event: Any, _context: Any) -> None:
            if event["Records"][0]["body"] == "first":
                send(system, "second")

        PLAYS["work"] = play
        send(system, "first")
        system.drain()
        assert bodies() == [["first"], ["second"]]
