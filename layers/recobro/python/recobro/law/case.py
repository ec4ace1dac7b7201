"""One question to the law: this contact, this history, these duties; prepared once, then asked at as many
instants as needed.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from recobro.domain.refusal import Refusal
from recobro.law.almanac import UNASKED, Holidays, calendars_for, holidays_of
from recobro.law.applicable import FOREVER, Applicable, Live, applicable
from recobro.law.contact import Calendar, Duty, Intended, PastContact
from recobro.law.counting import counted
from recobro.law.hours import Hours, hours_of
from recobro.law.measures import Counting, Window
from recobro.law.pack import Pack
from recobro.law.rule import Rule
from recobro.law.zones import DAY, EPOCH_ORDINAL, Zone, distinct, instant, seconds


class Case:
    """The question. `zones` are the clocks that the contact is tested on, all at once; empty if none is
    known.
    """

    __slots__ = (
        "_contacts",
        "_history",
        "_seen",
        "_since",
        "_start",
        "country",
        "duties",
        "hours",
        "intended",
        "rules",
        "zones",
    )

    def __init__(
        self,
        packs: Sequence[Pack],
        calendars: Mapping[str, Calendar],
        intended: Intended,
        history: Sequence[PastContact],
        start: int,
        duties: Sequence[Duty],
        margin: timedelta,
    ) -> None:
        """start: seconds since 1970; no question is asked before it."""
        self.rules: Applicable = applicable(
            packs if isinstance(packs, tuple) else tuple(packs),
            intended.channel,
            intended.kind,
            intended.stage,
            intended.acts_as,
            intended.debtor,
        )
        self.intended = intended
        self.country = intended.country
        names = intended.zones or self.rules.zones
        self.zones: tuple[Zone, ...] = distinct(names, start) if names else ()
        self.hours = self._clocks(calendars, margin) if self.rules.windows else ()
        self.duties = (
            sorted(
                (
                    (-int(-duty.deadline.timestamp() // 1), duty)
                    for duty in duties
                    if duty.rule not in self.rules.unreserved
                ),
                key=lambda pair: pair[0],
            )
            if duties
            else []
        )
        self._history, self._start = history, start
        self._contacts: list[tuple[int, PastContact]] | None = None
        self._since = start // DAY + EPOCH_ORDINAL - 1
        self._seen: dict[int, list[tuple[int, PastContact]]] = {}

    def _clocks(
        self, calendars: Mapping[str, Calendar], margin: timedelta
    ) -> tuple[tuple[Live[Window], tuple[Hours, ...]], ...]:
        """Every hour rule with its hours on each clock."""
        narrow = -int(-margin.total_seconds() // 1)
        closed: dict[str, Holidays] = {}
        found = []
        for live in self.rules.windows:
            holidays = UNASKED
            if live.rule.holiday != "allow":
                country = live.pack.calendar or live.pack.country or self.country
                if country not in closed:
                    known = calendars_for(calendars, country, self.intended.subdivision)
                    closed[country] = holidays_of(known)
                holidays = closed[country]
            found.append((live, tuple([hours_of(live.rule, z, holidays, narrow) for z in self.zones])))
        return tuple(found)

    @property
    def contacts(self) -> list[tuple[int, PastContact]]:
        """The past contacts that some rule may still weigh, with their seconds; most questions end before
        they matter.
        """
        if self._contacts is None:
            since = instant(self._start) - timedelta(days=self.rules.lookback + 2)
            self._contacts = [(seconds(c.at), c) for c in self._history if c.at >= since]
        return self._contacts

    def seen(self, live: Live[Counting]) -> list[tuple[int, PastContact]]:
        """The past contacts that a looking-back rule sees; neither zone nor time changes which."""
        found = self._seen.get(id(live))
        if found is None:
            rule, ignored, intended = live.rule, live.ignored, self.intended
            found = [pair for pair in self.contacts if counted(rule, ignored, pair[1], intended)]
            self._seen[id(live)] = found
        return found

    def refuse(
        self, live: Live[Rule], until: int | None = None, detail: str = "", change: str = ""
    ) -> Refusal:
        """The refusal of a rule. until: seconds since 1970; a rule that ceases to be in force ends its
        refusal too.
        """
        if live.to != FOREVER and self.zones:
            ceases = max(zone.day_start(live.to + 1) for zone in self.zones)
            until = ceases if until is None else min(until, ceases)
        source = live.source or (
            f"no pack for {self.country or 'an unknown country'}: strict default, our own caution"
        )
        return Refusal(live.rule.id, source, instant(until) if until is not None else None, detail, change)

    def holding_everywhere(self, lives: Sequence[Live[Rule]], ts: int) -> bool:
        """Whether on each of the clocks some rule of them is in force: a date may have come on one and not on another."""
        if not self.zones:
            return bool(lives)
        return all(any(live.in_force(zone.ordinal(ts)) for live in lives) for zone in self.zones)

    def holding(self, live: Live[Rule], ts: int) -> bool:
        """Whether a rule is in force at `ts` on any of the clocks."""
        if (live.since <= self._since and live.to == FOREVER) or not self.zones:
            return True
        return any(live.in_force(zone.ordinal(ts)) for zone in self.zones)
