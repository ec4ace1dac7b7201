"""Input that cannot be used is set aside with its reason: nothing is lost, everything can be counted and replayed."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from recobro.adapters.table import Table
from recobro.codec import write_instant

MOST = 300_000
"""Bytes of a body that are kept: more than a queue carries (256 kB), and an item of DynamoDB holds 400 kB."""


class Asides:
    """`ASIDE#<source>`: one item per body, so that a redelivery does not set it aside twice."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, source: str, reason: str, body: str, now: datetime) -> str:
        """Returns the id under which it can be found again."""
        ident = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()[:24]
        self._table.put_new(
            f"ASIDE#{source}",
            ident,
            {
                "reason": {"S": _cut(reason, 4_000)},
                "body": {"S": _cut(body, MOST)},
                "at": {"S": write_instant(now)},
            },
        )
        return ident

    def failed(self, message: str, reason: str, now: datetime) -> None:
        """Why a queue's message failed for the last time; gone when its dead letter is (14 days)."""
        ends = int((now + timedelta(days=15)).timestamp())
        self._table.put(
            f"FAILED#{message}",
            "WHY",
            {"reason": {"S": _cut(reason, 4_000)}, "at": {"S": write_instant(now)}, "ttl": {"N": str(ends)}},
        )

    def why(self, message: str) -> str:
        """The reason that `failed` kept; empty: none was, as the function crashed or ran out of time."""
        item = self._table.get(f"FAILED#{message}", "WHY")
        return item["reason"]["S"] if item is not None else ""

    def forget(self, is_theirs: Callable[[str], bool]) -> int:
        """Take away every body that names somebody who was erased: that it came, when and of what kind it was stays, and what others
        sent stays whole, to be used once its cause is mended.
        """
        found = [
            item
            for item in self._table.beginning("ASIDE#")
            if is_theirs(item["body"]["S"]) or is_theirs(item["reason"]["S"])
        ]
        for item in found:
            self._table.update(
                item["pk"]["S"],
                item["sk"]["S"],
                UpdateExpression="SET body = :gone, reason = :family",
                ExpressionAttributeValues={
                    ":gone": {"S": "(erased)"},
                    ":family": {"S": item["reason"]["S"].partition(":")[0]},
                },
            )
        return len(found)

    def list(self, source: str) -> Iterator[dict[str, str]]:
        """What was set aside from one source: id, reason, at, body."""
        for item in self._table.query(f"ASIDE#{source}"):
            yield {
                "id": item["sk"]["S"],
                "reason": item["reason"]["S"],
                "at": item["at"]["S"],
                "body": item["body"]["S"],
            }


def _cut(text: str, most: int) -> str:
    """Its first bytes in UTF-8, `most` of them: a letter may take four, and half of one is none."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
