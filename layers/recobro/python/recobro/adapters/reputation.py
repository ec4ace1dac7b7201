"""How a channel's carrier sees us: what arrived, bounced and was called junk, a day at a time, so that we stop before it stops us."""

from datetime import date, timedelta

from recobro.adapters.table import Table

DAYS = 7
"""Weighed together: long enough for a small sender, short enough that a mended list is soon forgiven."""
COUNTED = ("delivered", "bounced", "complained")


class Reputation:
    """`REPUTATION#<channel>`, an item a day, forgotten after a month. Counts only ever grow."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def count(self, channel: str, day: date, **counts: int) -> None:
        """Add what a batch of receipts told; one update for all of it."""
        told = {name: many for name, many in counts.items() if many and name in COUNTED}
        if not told:
            return
        forgotten = int((day - date(1970, 1, 1)).total_seconds()) + 31 * 86_400
        self._table.update(
            f"REPUTATION#{channel}",
            day.isoformat(),
            UpdateExpression=f"ADD {', '.join(f'#{name} :{name}' for name in told)} SET #ttl = :ttl",
            ExpressionAttributeNames={**{f"#{name}": name for name in told}, "#ttl": "ttl"},
            ExpressionAttributeValues={
                **{f":{name}": {"N": str(many)} for name, many in told.items()},
                ":ttl": {"N": str(forgotten)},
            },
        )

    def lately(self, channel: str, day: date) -> dict[str, int]:
        """The sums of the last days, `day` included."""
        since = (day - timedelta(days=DAYS - 1)).isoformat()
        items = [one for one in self._table.query(f"REPUTATION#{channel}") if one["sk"]["S"] >= since]
        return {name: sum(int(one.get(name, {"N": "0"})["N"]) for one in items) for name in COUNTED}
