"""Queues that start functions: batches, partial failures, and messages that come back after their time out of sight.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.drivers.batch_failures import failed_of
from infra.local.drivers.patterns import matches
from infra.local.drivers.platform import Platform
from infra.local.functions import SYNCHRONOUS_LIMIT
from infra.local.inventory import Queue, QueueSource

AT_ONCE = 10
"""The most messages that one ReceiveMessage or DeleteMessageBatch takes."""

Message = Mapping[str, Any]


class QueueSources:
    """Every mapping of a queue to a function. It never polls: it is told of each message that is sent or comes back."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._sources = {source.queue_arn: source for source in platform.inventory.queue_sources}
        self._waiting: dict[str, int] = {}

    def told(self, queue_arn: str, delay: float = 0, messages: int = 1) -> None:
        """Messages are, or will be after so many seconds, to be had from the queue."""
        source = self._sources.get(queue_arn)
        if source is None:
            return
        if source.window and not delay:
            # "until the batch window expires, the payload limit is reached, or the batch size is reached"
            self._waiting[queue_arn] = self._waiting.get(queue_arn, 0) + messages
            full = self._waiting[queue_arn] >= source.batch_size
            delay = 0 if full else source.window
        late = self._platform.late if delay else 0
        self._platform.plan(delay + late, lambda: self._pump(source), f"queue {queue_arn}")

    def _pump(self, source: QueueSource) -> None:
        queue = self._platform.inventory.queues[source.queue_arn]
        self._waiting[queue.arn] = 0
        received = self._receive(queue, source.batch_size)
        wanted = [message for message in received if _wanted(source, message)]
        # "Messages that don't match are deleted from the queue."
        self._delete(queue, [message for message in received if message not in wanted])
        for batch in _within_payload(wanted):
            self._invoke(source, queue, batch)
        if len(received) >= min(source.batch_size, AT_ONCE):
            self._platform.plan(0, lambda: self._pump(source), f"queue {queue.arn}")

    def _invoke(self, source: QueueSource, queue: Queue, batch: Sequence[Message]) -> None:
        platform = self._platform
        function = platform.inventory.functions[source.function_arn]
        outcome = platform.invoke(
            function, {"Records": [_record(message, queue, platform.region) for message in batch]}
        )
        ids = [message["MessageId"] for message in batch]
        failed = failed_of(outcome, ids, reports_failures=source.reports_failures)
        self._delete(queue, [message for message in batch if message["MessageId"] not in failed])
        if failed:
            # "After your queue's visibility timeout runs out, the message will again reappear in the queue."
            platform.plan(queue.visibility + platform.late, lambda: self._pump(source), f"queue {queue.arn}")

    def _receive(self, queue: Queue, batch_size: int) -> list[Message]:
        sqs = self._platform.service("sqs")
        received: list[Message] = []
        while len(received) < batch_size:
            asked = min(AT_ONCE, batch_size - len(received))
            more = sqs.receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=asked,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            received.extend(more)
            if len(more) < asked:
                break
        return received

    def _delete(self, queue: Queue, messages: Sequence[Message]) -> None:
        sqs = self._platform.service("sqs")
        for first in range(0, len(messages), AT_ONCE):
            some = messages[first : first + AT_ONCE]
            entries = [
                {"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]} for at, message in enumerate(some)
            ]
            sqs.delete_message_batch(QueueUrl=queue.url, Entries=entries)


def _wanted(source: QueueSource, message: Message) -> bool:
    if not source.filters:
        return True
    try:
        body = json.loads(message["Body"])
    except ValueError:
        body = message["Body"]
    seen = {"body": body, "messageAttributes": message.get("MessageAttributes", {})}
    return any(matches(pattern, seen) for pattern in source.filters)


def _within_payload(messages: Sequence[Message]) -> list[list[Message]]:
    """Batches that fit an invocation: a full one starts another."""
    batches: list[list[Message]] = []
    size = SYNCHRONOUS_LIMIT
    for message in messages:
        length = len(message["Body"].encode()) + 1024
        if size + length > SYNCHRONOUS_LIMIT:
            batches.append([])
            size = 0
        batches[-1].append(message)
        size += length
    return batches


def _record(message: Message, queue: Queue, region: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        told["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        told["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return told
