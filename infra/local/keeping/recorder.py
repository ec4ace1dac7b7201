"""Writes down, request by request, what a deployment holds."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from infra.local.calls import Answer, Call
from infra.local.inventory import Inventory, Queue, Table
from infra.local.keeping.journal import Journal
from infra.local.writes import Written, written_by


class Recorder:
    """Listens to every answered request. `service` gives clients of the platform, to read back what a request left."""

    def __init__(
        self,
        folder: Path,
        journal: Journal,
        inventory: Inventory,
        service: Callable[[str], Any],
        now: Callable[[], datetime],
    ) -> None:
        self._objects = folder / "objects"
        self._objects.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._journal = journal
        self._inventory = inventory
        self._service = service
        self._now = now
        self._received: dict[str, str] = {}
        self._read_upto: dict[str, int] = {}

    def __call__(self, call: Call, answer: Answer) -> None:
        if "Error" in answer:
            return
        match call.service:
            case "dynamodb":
                for written in written_by(call.operation, call.params):
                    table = self._inventory.table_named(written.table)
                    if table is not None:
                        self._journal.append(self._item(table, written))
            case "sqs":
                queue = self._inventory.queue_at(str(call.params.get("QueueUrl", "")))
                if queue is not None:
                    self._message(queue, call, answer)
            case "s3":
                self._object(call)
            case "secrets-manager" if call.operation in ("PutSecretValue", "UpdateSecret"):
                self.secret(str(call.params["SecretId"]))

    def event_done(self) -> None:
        """Everything that was due is done, up to now."""
        self._journal.append({"at": self._now().isoformat()})

    def stream_read(self, table: str) -> None:
        """Every change written down so far has been read from the table's stream …"""
        self._read_upto[table] = self._journal.count

    def stream_done(self, table: str) -> None:
        """… and has been dealt with."""
        if table in self._read_upto:
            self._journal.append({"streamed": table, "upto": self._read_upto.pop(table)})

    @property
    def is_between_readings(self) -> bool:
        """Whether changes have been read that are not yet dealt with."""
        return bool(self._read_upto)

    def secret(self, secret_id: str) -> None:
        """Write down a secret's value."""
        held = self._service("secretsmanager").get_secret_value(SecretId=secret_id)
        self._journal.append({"secret": held["Name"], "value": held["SecretString"]})

    def signing_key(self, name: str, half: bytes) -> None:
        """Write down with what a key signs."""
        self._journal.append({"signing_key": name, "half": as_text(half)})

    def _item(self, table: Table, written: Written) -> dict[str, Any]:
        item, deleted = written.item, written.deleted
        if item is None and not deleted:
            read = self._service("dynamodb").get_item(
                TableName=table.name, Key=written.key, ConsistentRead=True
            )
            item = read.get("Item")
        key = {name: (item or written.key or {})[name] for name in table.key}
        line: dict[str, Any] = {"item": table.name, "id": json.dumps(as_text(key), sort_keys=True)}
        return line | ({"gone": True, "key": as_text(key)} if item is None else {"value": as_text(item)})

    def _message(self, queue: Queue, call: Call, answer: Answer) -> None:
        params = call.params
        match call.operation:
            case "SendMessage" | "SendMessageBatch":
                ids = {entry["Id"]: entry["MessageId"] for entry in answer.get("Successful", [])}
                for entry in params.get("Entries", [params]):
                    self._sent(queue, entry, ids.get(entry.get("Id")) or answer.get("MessageId", ""))
            case "ReceiveMessage":
                for message in answer.get("Messages", []):
                    self._taken(queue, message, params.get("VisibilityTimeout", queue.visibility))
            case "DeleteMessage" | "DeleteMessageBatch":
                for entry in params.get("Entries", [params]):
                    self._say(queue, self._received.pop(entry["ReceiptHandle"], ""), gone=True)
            case "ChangeMessageVisibility" | "ChangeMessageVisibilityBatch":
                for entry in params.get("Entries", [params]):
                    due = self._in(entry.get("VisibilityTimeout", queue.visibility))
                    self._say(queue, self._received.get(entry["ReceiptHandle"], ""), due=due)
            case "PurgeQueue":
                self._journal.append({"purged": queue.name})

    def _taken(self, queue: Queue, message: Mapping[str, Any], hidden: int) -> None:
        self._received[message["ReceiptHandle"]] = message["MessageId"]
        count = int(message.get("Attributes", {}).get("ApproximateReceiveCount", 1))
        self._say(queue, message["MessageId"], count=count, due=self._in(hidden))

    def _sent(self, queue: Queue, entry: Mapping[str, Any], mark: str) -> None:
        attributes = as_text(dict(entry.get("MessageAttributes", {})))
        due = self._in(entry.get("DelaySeconds", queue.delay))
        self._say(
            queue, mark, body=entry["MessageBody"], attributes=attributes, count=0, due=due, sent=self._in(0)
        )

    def _say(self, queue: Queue, mark: str, **change: Any) -> None:
        if mark:
            self._journal.append({"message": mark, "queue": queue.name, **change})

    def _in(self, seconds: int) -> str:
        return (self._now() + timedelta(seconds=seconds)).isoformat()

    def _object(self, call: Call) -> None:
        params = call.params
        match call.operation:
            case "PutObject" | "CopyObject" | "CompleteMultipartUpload":
                self._journal.append(self._kept(params["Bucket"], params["Key"]))
            case "DeleteObject":
                self._journal.append({"object": params["Bucket"], "key": params["Key"], "gone": True})
            case "DeleteObjects":
                for entry in params["Delete"]["Objects"]:
                    self._journal.append({"object": params["Bucket"], "key": entry["Key"], "gone": True})

    def _kept(self, bucket: str, key: str) -> dict[str, Any]:
        held = self._service("s3").get_object(Bucket=bucket, Key=key)
        content = held["Body"].read()
        name = sha256(content).hexdigest()
        file = self._objects / name
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.replace(file)
        extra = {"ContentType": held.get("ContentType", ""), "Metadata": held.get("Metadata", {})}
        return {"object": bucket, "key": key, "file": name, **extra}


def as_text(value: Any) -> Any:
    """Bytes as JSON can hold them."""
    if isinstance(value, Mapping):
        return {name: as_text(child) for name, child in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_text(child) for child in value]
    return (
        {"__bytes__": base64.b64encode(bytes(value)).decode()}
        if isinstance(value, bytes | bytearray)
        else value
    )


def as_bytes(value: Any) -> Any:
    """The reverse of `as_text`."""
    if isinstance(value, dict):
        if "__bytes__" in value:
            return base64.b64decode(value["__bytes__"])
        return {name: as_bytes(child) for name, child in value.items()}
    return [as_bytes(child) for child in value] if isinstance(value, list) else value
