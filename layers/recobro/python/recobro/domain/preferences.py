"""When a person wants to hear from us: it narrows what the law allows, for every channel, and opens nothing."""

from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from recobro.law.choose import tighten
from recobro.law.pack import Pack

PERSON = "person"
DAYS = ("mon_fri", "sat", "sun")
SHORTEST = 2
"""Hours: with less, nobody could be sure to reach the person at all, and would rather be told to stop."""


@dataclass(frozen=True, slots=True)
class ChosenHours:
    """days: of DAYS; empty: nothing was chosen, and the law's own hours hold. On the person's own clock."""

    days: tuple[str, ...] = ()
    opens: time = time(0)
    closes: time = time(0)

    def __bool__(self) -> bool:
        return bool(self.days)


@lru_cache(maxsize=512)
def as_law(hours: ChosenHours) -> Pack:
    """The choice in the words of a law pack, so that the engine narrows by it as by any other hours."""
    span = [hours.opens.isoformat("minutes"), hours.closes.isoformat("minutes")]
    pack = tighten({"windows": [dict.fromkeys(hours.days, span)]})
    named = tuple(
        one.but(id="person.hours", article="the person's own choice on their page") for one in pack.windows
    )
    return pack.but(id=PERSON, name="the person's own hours", windows=named)
