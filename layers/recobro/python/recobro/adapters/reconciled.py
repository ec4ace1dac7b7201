"""How far each gateway was asked for what its webhooks missed, and when the day's money was last looked at as a whole."""

from datetime import datetime

from recobro.adapters.table import Table
from recobro.codec import write_instant


class Reconciled:
    """`RECONCILED`, one item a gateway endpoint, and `days` for the days."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def until(self, name: str) -> datetime | None:
        item = self._table.get("RECONCILED", name)
        return datetime.fromisoformat(item["until"]["S"]) if item is not None else None

    def reached(self, name: str, until: datetime) -> None:
        self._table.put("RECONCILED", name, {"until": {"S": write_instant(until)}})
