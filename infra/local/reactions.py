"""What AWS does because somebody asked it something: a write reaches the stream, a message its function, a file its rule."""

from typing import Any

from infra.local.calls import OPERATOR, PLATFORM, Answer, Call
from infra.local.drivers.events import REASONS, Events
from infra.local.drivers.expiry import Expiry
from infra.local.drivers.queues import QueueSources
from infra.local.drivers.streams import StreamSources
from infra.local.drivers.topics import Topics
from infra.local.inventory import Inventory
from infra.local.permissions.guard import Guard
from infra.local.permissions.need import Need
from infra.local.writes import written_by


class Reactions:
    """Listens to every answered request and tells the event sources that care."""

    def __init__(
        self,
        inventory: Inventory,
        guard: Guard,
        queues: QueueSources,
        streams: StreamSources,
        expiry: Expiry,
        events: Events,
        topics: Topics,
    ) -> None:
        self._inventory = inventory
        self._guard = guard
        self._queues = queues
        self._streams = streams
        self._expiry = expiry
        self._events = events
        self._topics = topics

    def __call__(self, call: Call, answer: Answer) -> None:
        if "Error" in answer:
            if call.service == "s3":
                self._hide_absence(call, answer)
            return
        match call.service:
            case "dynamodb":
                self._table(call)
            case "sqs":
                self._queue(call)
            case "s3" if call.operation in REASONS:
                self._events.object_created(call.params["Bucket"], call.params["Key"], call.operation)
            case "sns" if call.operation == "Publish" and "PhoneNumber" not in call.params:
                self._topics.published(
                    str(call.params.get("TopicArn") or call.params["TargetArn"]),
                    answer["MessageId"],
                    call.params,
                )
            case "sns" if call.operation == "PublishBatch":
                self._published_batch(call, answer)

    def _table(self, call: Call) -> None:
        for written in written_by(call.operation, call.params):
            table = self._inventory.table_named(written.table)
            if table is None:
                continue
            self._streams.written(table.name)
            if table.ttl_attribute is None or written.deleted:
                continue
            if written.item is not None:
                self._expiry.wrote(table, written.item)
            elif written.key is not None and _mentions(call.params, table.ttl_attribute):
                self._expiry.changed(table, written.key)

    def _queue(self, call: Call) -> None:
        queue = self._inventory.queue_at(str(call.params.get("QueueUrl", "")))
        if queue is None:
            return
        if call.operation == "SendMessage":
            self._queues.told(queue.arn, call.params.get("DelaySeconds", queue.delay))
        elif call.operation == "SendMessageBatch":
            for entry in call.params["Entries"]:
                self._queues.told(queue.arn, entry.get("DelaySeconds", queue.delay))
        elif call.operation == "ChangeMessageVisibility":
            self._queues.told(queue.arn, call.params["VisibilityTimeout"])
        elif call.operation == "ChangeMessageVisibilityBatch":
            for entry in call.params["Entries"]:
                self._queues.told(queue.arn, entry.get("VisibilityTimeout", queue.visibility))
        elif call.operation == "ReceiveMessage" and call.who != PLATFORM:
            # Whoever else takes a message and leaves it there: it comes back.
            self._queues.told(queue.arn, call.params.get("VisibilityTimeout", queue.visibility))

    def _published_batch(self, call: Call, answer: Answer) -> None:
        ids = {entry["Id"]: entry["MessageId"] for entry in answer.get("Successful", [])}
        for entry in call.params["PublishBatchRequestEntries"]:
            if entry["Id"] in ids:
                self._topics.published(str(call.params["TopicArn"]), ids[entry["Id"]], entry)

    def _hide_absence(self, call: Call, answer: Answer) -> None:
        """Without leave to list the bucket, a missing object is not told from a forbidden one.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if (
            call.who in (OPERATOR, PLATFORM)
            or self._guard.enforces is False
            or answer["Error"]["Code"] not in ("NoSuchKey", "404")
        ):
            return
        bucket = f"arn:{self._guard.namer.partition}:s3:::{call.params['Bucket']}"
        if not self._guard.permits(call.who, Need("s3:ListBucket", bucket)):
            head = call.operation == "HeadObject"
            answer["Error"] = {
                "Code": "403" if head else "AccessDenied",
                "Message": "Forbidden" if head else "Access Denied",
            }
            answer["ResponseMetadata"]["HTTPStatusCode"] = 403


def _mentions(params: dict[str, Any] | Any, attribute: str) -> bool:
    """Whether an update may touch the attribute."""
    named = attribute in params.get("ExpressionAttributeNames", {}).values()
    return (
        named
        or attribute in str(params.get("UpdateExpression", ""))
        or attribute in params.get("AttributeUpdates", {})
    )
