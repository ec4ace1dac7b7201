"""Which strategy and law every debtor's plan was last computed with, and how far a re-plan or a sweep has come."""

from recobro.adapters.table import Table


class PlanItem:
    """The item `PLAN` and the sweeps' cursors."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def planned_with(self, lane: str) -> str:
        """The plan hash that the lane's debtors were last planned with; empty on a new table."""
        item = self._table.get("PLAN", f"PLAN#{lane}")
        return item["hash"]["S"] if item is not None else ""

    def now_planned_with(self, lane: str, plan_hash: str) -> None:
        self._table.put("PLAN", f"PLAN#{lane}", {"hash": {"S": plan_hash}})

    def cursor(self, work: str) -> str:
        """Where `work` stopped: "shard:cursor"; empty when it is at its beginning."""
        item = self._table.get("PLAN", f"CURSOR#{work}")
        return item["at"]["S"] if item is not None else ""

    def stop_at(self, work: str, cursor: str) -> None:
        self._table.put("PLAN", f"CURSOR#{work}", {"at": {"S": cursor}})
