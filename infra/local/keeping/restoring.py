"""Puts back what a deployment held, through AWS's own requests, so that every backend and every template can take it up."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.inventory import Inventory, Queue
from infra.local.keeping.recorder import as_bytes
from infra.local.keeping.state import Line, State

HELD_BACK = 43_200
"""Seconds, the longest that a message can be hidden: nothing else is received while one is put back."""

LONGEST_DELAY = 900
"""Seconds that a message can be delayed."""


class Restorer:
    """What no longer has a place in the template (a queue, a table) is left out, and listed by `left_out`."""

    def __init__(self, folder: Path, inventory: Inventory, service: Callable[[str], Any]) -> None:
        self._folder = folder
        self._inventory = inventory
        self._service = service
        self.left_out: list[str] = []

    def put_back(self, state: State, now: datetime) -> None:
        """Everything but what the streams' functions have not dealt with: see `replay`. Gives messages their new ids."""
        for name, line in state.secrets.items():
            if self._has(name in self._inventory.secrets, f"secret {name}"):
                self._service("secretsmanager").put_secret_value(SecretId=name, SecretString=line["value"])
        for table, held in state.items.items():
            if self._has(self._inventory.table_named(table) is not None, f"table {table}"):
                self._items(held.values())
        for (bucket, _), line in state.objects.items():
            if self._has(
                any(one.name == bucket for one in self._inventory.buckets.values()), f"bucket {bucket}"
            ):
                self._object(line)
        state.messages = self._messages(list(state.messages.values()), now)

    def replay(self, state: State) -> None:
        """Write again what the streams' functions have yet to hear of, in its order, so that they do."""
        for table, lines in state.unread.items():
            if self._inventory.table_named(table) is not None:
                self._items(lines)

    def _has(self, there: bool, named: str) -> bool:  # noqa: FBT001
        if not there and named not in self.left_out:
            self.left_out.append(named)
        return there

    def _items(self, lines: Iterable[Line]) -> None:
        dynamodb = self._service("dynamodb")
        for line in lines:
            if line.get("gone"):
                dynamodb.delete_item(TableName=line["item"], Key=as_bytes(line["key"]))
            else:
                dynamodb.put_item(TableName=line["item"], Item=as_bytes(line["value"]))

    def _object(self, line: Line) -> None:
        content = (self._folder / "objects" / line["file"]).read_bytes()
        self._service("s3").put_object(
            Bucket=line["object"],
            Key=line["key"],
            Body=content,
            ContentType=line["ContentType"],
            Metadata=line["Metadata"],
        )

    def _messages(self, lines: list[Line], now: datetime) -> OrderedDict[str, Line]:
        """Those received before come first: each is received as often as it had been while nothing else is in sight."""
        by_name = {queue.name: queue for queue in self._inventory.queues.values()}
        kept: OrderedDict[str, Line] = OrderedDict()
        taken: list[tuple[Queue, str, Line]] = []
        for line in sorted(lines, key=lambda line: line["count"] == 0):
            queue = by_name.get(line["queue"])
            if queue is None:
                self._has(there=False, named=f"queue {line['queue']}")
            elif now - datetime.fromisoformat(line["sent"]) <= timedelta(seconds=queue.retention):
                mark = self._send(queue, line, now)
                kept[mark] = line | {"message": mark}
                taken += [(queue, handle, line) for handle in self._take(queue, line["count"])]
        for queue, handle, line in taken:
            self._service("sqs").change_message_visibility(
                QueueUrl=queue.url, ReceiptHandle=handle, VisibilityTimeout=seconds_until(line["due"], now)
            )
        return kept

    def _send(self, queue: Queue, line: Line, now: datetime) -> str:
        delay = min(seconds_until(line["due"], now), LONGEST_DELAY) if line["count"] == 0 else 0
        attributes = as_bytes(line["attributes"])
        answer = self._service("sqs").send_message(
            QueueUrl=queue.url, MessageBody=line["body"], MessageAttributes=attributes, DelaySeconds=delay
        )
        return str(answer["MessageId"])

    def _take(self, queue: Queue, times: int) -> list[str]:
        """Receive the one message in sight so many times, and hide it; its last receipt handle, if there is one."""
        handle: list[str] = []
        for turn in range(1, times + 1):
            hidden = HELD_BACK if turn == times else 0
            received = self._service("sqs").receive_message(
                QueueUrl=queue.url, MaxNumberOfMessages=1, VisibilityTimeout=hidden
            )
            handle = [received["Messages"][0]["ReceiptHandle"]]
        return handle


def seconds_until(due: str, now: datetime) -> int:
    """Seconds until a message is in sight again."""
    seconds = (datetime.fromisoformat(due) - now).total_seconds()
    return max(0, min(HELD_BACK, round(seconds)))
