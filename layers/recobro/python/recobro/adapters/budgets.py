"""Limits on money, quotas and rates of the whole client, taken in slices: a slice may be lost, a limit is never exceeded."""

from dataclasses import dataclass

from recobro.adapters.table import Table


@dataclass(slots=True)
class _Slice:
    period: str
    left: int


class Budgets:
    """`BUDGET#<name>` per period. One conditional update takes a slice that serves many contacts of this process."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._held: dict[str, _Slice] = {}

    def take(self, name: str, period: str, amount: int, limit: int, slice_size: int) -> bool:
        """Whether `amount` of the budget's `limit` in that period is ours to use. limit 0: no limit.

        slice_size: how much to take at a time, so that one update serves many contacts.
        """
        if limit <= 0:
            return True
        held = self._held.get(name)
        if held is None or held.period != period:
            held = self._held[name] = _Slice(period, 0)
        if held.left < amount:
            held.left += self._take_slice(
                name, period, max(amount - held.left, min(slice_size, limit)), limit
            )
        if held.left < amount:
            return False
        held.left -= amount
        return True

    def used(self, name: str, period: str) -> int:
        """What all processes have taken of it in that period, used or still held in slices; one consistent read."""
        item = self._table.get(f"BUDGET#{name}", period)
        return int(item["used"]["N"]) if item is not None else 0

    def give_back(self, name: str, period: str, amount: int) -> None:
        """What was taken was certainly not used: this process may use it for another contact."""
        held = self._held.get(name)
        if held is not None and held.period == period:
            held.left += amount

    def _take_slice(self, name: str, period: str, size: int, limit: int) -> int:
        """A slice of `size`, or of one smaller than the limit still has; 0 when nothing is left."""
        while size > 0:
            taken = self._table.update(
                f"BUDGET#{name}",
                period,
                UpdateExpression="SET used = if_not_exists(used, :zero) + :size",
                ConditionExpression="attribute_not_exists(used) OR used <= :room",
                ExpressionAttributeValues={
                    ":zero": {"N": "0"},
                    ":size": {"N": str(size)},
                    ":room": {"N": str(limit - size)},
                },
            )
            if taken:
                return size
            size //= 2
        return 0
