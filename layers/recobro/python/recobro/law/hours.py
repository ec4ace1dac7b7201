"""Nobody is contacted outside the hours of the law where they are; the hours shrink by a margin for slow
clocks and carriers.
"""

from functools import lru_cache

from recobro.law.almanac import Holidays
from recobro.law.measures import Window
from recobro.law.zones import DAY, EPOCH_ORDINAL, HORIZON_DAYS, Zone

ALL_DAY = ((0, 1440),)


class Hours:
    """One window rule in one zone: when it is open, once narrowed by the margin at both ends of every open
    stretch.

    Instants are whole seconds since 1970. A stretch that runs through midnight is one stretch. A date on
    which the rule is not in force is open all day.
    """

    __slots__ = ("_days", "_holidays", "_margin", "_since", "_to", "rule", "zone")

    def __init__(self, rule: Window, zone: Zone, holidays: Holidays, margin: int) -> None:
        """margin: seconds."""
        self.rule, self.zone, self._holidays, self._margin = rule, zone, holidays, margin
        self._since = rule.since.toordinal()
        self._to = rule.to.toordinal() if rule.to else 1 << 30
        self._days: dict[int, tuple[tuple[int, int], ...]] = {}

    def in_force(self, ordinal: int) -> bool:
        """Whether the rule holds on that local date."""
        return self._since <= ordinal <= self._to

    def _minutes(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        if not self.in_force(ordinal):
            return ALL_DAY
        if self.rule.holiday == "forbid" and self._holidays.closed(ordinal):
            return ()
        if self.rule.holiday == "forbid_known" and self._holidays.listed(ordinal):
            return ()
        return self.rule.days[(ordinal - 1) % 7]

    def _open(self, ordinal: int) -> list[tuple[int, int]]:
        """The open stretches of one local date in UTC seconds; clock changes may split or shorten them."""
        midnight = (ordinal - EPOCH_ORDINAL) * DAY
        found = []
        for opens, closes in self._minutes(ordinal):
            for start, end, offset in self.zone.pieces(ordinal):
                a = max(start, midnight + opens * 60 - offset)
                b = min(end, midnight + closes * 60 - offset)
                if a < b:
                    found.append((a, b))
        return found

    def stretches(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        """The narrowed stretches [from, to) that lie in one local date, earliest first."""
        known = self._days.get(ordinal)
        if known is None:
            known = self._days[ordinal] = self._narrow(ordinal)
        return known

    def _narrow(self, ordinal: int) -> tuple[tuple[int, int], ...]:
        merged: list[tuple[int, int]] = []
        for a, b in sorted(s for day in (ordinal - 1, ordinal, ordinal + 1) for s in self._open(day)):
            goes_on = bool(merged) and merged[-1][1] == a
            merged.append((merged.pop()[0] if goes_on else a, b))
        cut = []
        for start, end, _ in self.zone.pieces(ordinal):
            for a, b in merged:
                first, last = max(start, a + self._margin), min(end, b - self._margin)
                if first < last:
                    cut.append((first, last))
        return tuple(cut)

    def open_at(self, ts: int) -> bool:
        """Whether the rule allows a contact at `ts`."""
        return any(a <= ts < b for a, b in self.stretches(self.zone.ordinal(ts)))

    def next_open(self, ts: int) -> int | None:
        """The first allowed instant from `ts` on; None: none in the next 400 days."""
        today = self.zone.ordinal(ts)
        for ordinal in range(today, today + HORIZON_DAYS):
            for a, b in self.stretches(ordinal):
                if ts < b:
                    return max(a, ts)
        return None

    def closes(self, ts: int) -> int:
        """The end of the stretch that `ts` lies in, today's at most; `ts` itself if it is closed."""
        return next((b for a, b in self.stretches(self.zone.ordinal(ts)) if a <= ts < b), ts)

    def unknown_day(self, ts: int) -> bool:
        """Whether `ts` is closed only because nobody knows the holidays of that year."""
        ordinal = self.zone.ordinal(ts)
        return self.in_force(ordinal) and self.rule.holiday == "forbid" and not self._holidays.known(ordinal)


@lru_cache(maxsize=4096)
def hours_of(rule: Window, zone: Zone, holidays: Holidays, margin: int) -> Hours:
    """The hours of a rule in a zone, shared by the whole process."""
    return Hours(rule, zone, holidays, margin)
