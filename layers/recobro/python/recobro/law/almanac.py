"""Holidays close whole days, so a deployment carries their dates with it; where they are not known, nobody is
contacted.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from recobro.errors import InvalidInput
from recobro.law.contact import Calendar

OWN = "client"
"""Key of a client's own extra dates (municipal holidays, election days): they close days and prove nothing of
others.
"""


class Holidays:
    """The closed dates of one debtor's place, and the years for which they are known to be complete."""

    __slots__ = ("_closed", "_covers")

    def __init__(self, calendars: tuple[Calendar, ...]) -> None:
        """calendars: the country's, its subdivision's (all where it is unknown) and the client's own."""
        self._closed = frozenset(day.toordinal() for calendar in calendars for day in calendar.dates)
        proving = [calendar.covers for calendar in calendars if calendar.country != OWN]
        first, last = (max(c[0] for c in proving), min(c[1] for c in proving)) if proving else (1, 0)
        self._covers = (
            (date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()) if first <= last else (1, 0)
        )

    def known(self, ordinal: int) -> bool:
        """Whether the holidays of that date's year are known."""
        return self._covers[0] <= ordinal <= self._covers[1]

    def listed(self, ordinal: int) -> bool:
        """Whether that date is known to be a holiday."""
        return ordinal in self._closed

    def closed(self, ordinal: int) -> bool:
        """Whether that date is a holiday, or might be one for all we know."""
        return ordinal in self._closed or not self.known(ordinal)


UNASKED = Holidays(())
"""For rules that holidays do not touch."""


@lru_cache(maxsize=256)
def holidays_of(calendars: tuple[Calendar, ...]) -> Holidays:
    """The closed dates of several calendars together, kept for the process."""
    return Holidays(calendars)


def calendars_for(calendars: Mapping[str, Calendar], country: str, subdivision: str) -> tuple[Calendar, ...]:
    """The calendars that close days for a debtor in `country`: its own, its subdivision's (every one where it is
    unknown, or a code that the country's file doesn't name), the client's.

    Where the country's is missing, rules that forbid holidays take every date as a possible one.
    """
    national = calendars.get(country)
    code = subdivision.upper().removeprefix(f"{country}-")
    local = calendars.get(f"{country}-{code}") if code else None
    if national is None:
        found = []
    elif local is not None:
        found = [national, local]
    else:
        found = [national, *(calendars[key] for key in _regions(tuple(calendars), country))]
    if OWN in calendars:
        found.append(calendars[OWN])
    return tuple(found)


@lru_cache(maxsize=256)
def _regions(keys: tuple[str, ...], country: str) -> tuple[str, ...]:
    return tuple(sorted(key for key in keys if key.startswith(f"{country}-")))


def calendar_to_plain(calendar: Calendar) -> dict[str, object]:
    """A calendar in JSON's own types."""
    return {
        "country": calendar.country,
        "covers": list(calendar.covers),
        "dates": sorted(day.isoformat() for day in calendar.dates),
    }


def calendar_from_plain(plain: Mapping[str, object]) -> Calendar:
    """The calendar that `calendar_to_plain` wrote. Raises InvalidInput."""
    country, covers, dates = plain.get("country"), plain.get("covers"), plain.get("dates")
    if not isinstance(country, str) or not isinstance(covers, list) or not isinstance(dates, list):
        raise InvalidInput("calendar", "is not a compiled calendar", "compile it again from calendars/*.toml")
    return Calendar(country, frozenset(map(date.fromisoformat, dates)), (covers[0], covers[1]))
