"""The day's money, to the last centavo: all that was received is posted, waits for a person, or went back; else somebody must look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recobro.domain.payment import Heard
from recobro.domain.said import Said


@dataclass(frozen=True, slots=True)
class Line:
    """One payment, minor units. received = posted + quarantined + reversed + unaccounted; the last must be 0.

    unaccounted: said of the money and not yet, or not in every obligor's record alike; a moment after a webhook it may
    stand, a day after never.
    """

    intent: str
    currency: str
    received: int
    posted: int = 0
    quarantined: int = 0
    reversed: int = 0
    unaccounted: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """One currency of one day. payments: how many; refused: no payments of ours, by a person's decision (not in `received`)."""

    currency: str
    payments: int = 0
    received: int = 0
    posted: int = 0
    quarantined: int = 0
    reversed: int = 0
    unaccounted: int = 0
    refused: int = 0

    @property
    def is_even(self) -> bool:
        return self.unaccounted == 0 and self.received == self.posted + self.quarantined + self.reversed


def line_of(status: str, money: Said, records: Sequence[Heard]) -> Line | None:
    """status: where the payment log has it. records: what each obligor's record knows of it. None: no live money came."""
    if not money.captured or not money.is_live or status == "rejected":
        return None
    line = Line(money.intent, money.currency, money.captured)
    if status == "sent_back":
        return _with(line, 0, 0, money.captured)
    known = [one for one in records if one.words]
    captured = min((one.captured for one in known), default=0)
    returned = max((one.returned for one in known), default=0)
    is_alike = all((one.captured, one.returned) == (captured, returned) for one in known)
    if status == "quarantined":
        # What a record never took and the gateway gave back meanwhile waits for nobody.
        gone = max(returned, money.returned)
        return _with(
            line,
            min(captured, money.captured) - returned,
            money.captured - captured - (gone - returned),
            gone,
        )
    if not is_alike or (known and returned != money.returned):
        return line_with_rest(line)
    return _with(line, captured - returned, 0, returned)


def line_with_rest(line: Line) -> Line:
    """Nothing of it can be vouched for until every record says the same."""
    return Line(line.intent, line.currency, line.received, unaccounted=line.received)


def _with(line: Line, posted: int, quarantined: int, back: int) -> Line:
    rest = line.received - posted - quarantined - back
    return Line(line.intent, line.currency, line.received, posted, quarantined, back, rest)


def balances(lines: Iterable[Line], refused: Iterable[tuple[str, int]] = ()) -> tuple[Balance, ...]:
    """One balance a currency, in the order of their codes; two currencies are never summed. refused: (currency, minor units)."""
    sums: dict[str, dict[str, int]] = {}

    def add(currency: str, name: str, amount: int) -> None:
        there = sums.setdefault(currency, {})
        there[name] = there.get(name, 0) + amount

    for line in lines:
        add(line.currency, "payments", 1)
        for name in ("received", "posted", "quarantined", "reversed", "unaccounted"):
            add(line.currency, name, getattr(line, name))
    for currency, amount in refused:
        add(currency, "refused", amount)
    return tuple(Balance(currency, **found) for currency, found in sorted(sums.items()))
