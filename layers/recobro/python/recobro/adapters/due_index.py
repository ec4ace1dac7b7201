"""Whose turn it is: the sharded index of every open debtor by lane and by the instant of their next action."""

from collections.abc import Iterator
from datetime import datetime

from recobro.adapters.table import Table
from recobro.codec import write_instant
from recobro.ports import Due


class DueIndex:
    """Reads the `due` index (eventually consistent: a hint; the ledger is the truth)."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self.shards = shards

    def due(self, lane: str, shard: int, now: datetime, after: str = "") -> Iterator[Due]:
        """The debtors of one shard whose next action has come, the longest due first. after: a cursor (see `Due.cursor`)."""
        yield from self._read(f"{lane}#{shard:02d}", "due_at <= :end", write_instant(now), after)

    def everyone(self, lane: str, shard: int, after: str = "") -> Iterator[Due]:
        """All open debtors of one shard, those with nothing planned included."""
        yield from self._read(f"{lane}#{shard:02d}", "due_at <= :end", "~", after)

    def _read(self, shard: str, condition: str, end: str, after: str) -> Iterator[Due]:
        asked = {
            "IndexName": "due",
            "KeyConditionExpression": f"due_shard = :shard AND {condition}",
            "ExpressionAttributeValues": {":shard": {"S": shard}, ":end": {"S": end}},
        }
        if after:
            asked["ExclusiveStartKey"] = _start(shard, after)
        while True:
            page = self._table.query_page(**asked)
            for item in page["Items"]:
                yield Due(item["pk"]["S"].removeprefix("DEBTOR#"), item["due_at"]["S"])
            if "LastEvaluatedKey" not in page:
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _start(shard: str, cursor: str) -> dict[str, dict[str, str]]:
    due_at, _, debtor_id = cursor.partition("|")
    return {
        "due_shard": {"S": shard},
        "due_at": {"S": due_at},
        "pk": {"S": f"DEBTOR#{debtor_id}"},
        "sk": {"S": "STATE"},
    }
