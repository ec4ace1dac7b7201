"""Which strategy and law a lane's plans were last computed with, over how many shards, and how far its sweep has come."""

from dataclasses import dataclass

from recobro.adapters.table import Table


@dataclass(frozen=True, slots=True)
class Standing:
    """planned_with: the playbook's plan hash, empty on a new table. shards: that everybody then stood in, 0 on a new table.

    cursor: "shard:cursor", empty at the beginning. replanned: how far planning everybody anew has come, and with what
    ("plan hash/shards shard:cursor"); empty when it is not going on.
    """

    planned_with: str = ""
    shards: int = 0
    cursor: str = ""
    replanned: str = ""


class PlanItem:
    """`PLAN`, one item a lane: a sweep that finds nothing due reads this and its shards, no more."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def standing(self, lane: str) -> Standing:
        item = self._table.get("PLAN", lane)
        if item is None:
            return Standing()
        return Standing(
            item.get("hash", {}).get("S", ""),
            int(item.get("shards", {}).get("N", "0")),
            item.get("cursor", {}).get("S", ""),
            item.get("replanned", {}).get("S", ""),
        )

    def now_planned_with(self, lane: str, plan_hash: str, shards: int) -> None:
        self._table.update(
            "PLAN",
            lane,
            UpdateExpression="SET #hash = :hash, shards = :shards REMOVE replanned",
            ExpressionAttributeNames={"#hash": "hash"},
            ExpressionAttributeValues={":hash": {"S": plan_hash}, ":shards": {"N": str(shards)}},
        )

    def replanned_until(self, lane: str, place: str) -> None:
        """Everybody up to there is planned with the deployed strategy and law."""
        self._table.update(
            "PLAN",
            lane,
            UpdateExpression="SET replanned = :place",
            ExpressionAttributeValues={":place": {"S": place}},
        )

    def stop_at(self, lane: str, cursor: str) -> None:
        self._table.update(
            "PLAN",
            lane,
            UpdateExpression="SET #cursor = :cursor",
            ExpressionAttributeNames={"#cursor": "cursor"},
            ExpressionAttributeValues={":cursor": {"S": cursor}},
        )
