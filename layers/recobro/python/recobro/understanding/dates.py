"""A date in figures, and which year a day and a month without one belong to. What is past or cannot be is asked."""

import re
from calendar import monthrange
from datetime import date

from recobro.understanding.understood import Ask

STALE = 45
"""Days. A day and month that lie less far back were meant as past, or mistaken; further back, next year's are meant."""

_NUMERIC = re.compile(r"(\d{1,2})([/\-.])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
Found = tuple[date | None, tuple[Ask, ...]]
"""A day, or the likeliest one, and what to ask; no day and no question: this names no day after all."""
NO_DAY: Found = (None, ())


def numeric(written: str, today: date, *, month_first: bool) -> Found:
    """15/12, 15-12-2026, 2026-12-15. Where months come first, a day that may be either is asked."""
    iso = _ISO.fullmatch(written)
    found = _NUMERIC.fullmatch(written)
    try:
        if iso:
            return not_past(date(*(int(group) for group in iso.groups())), today)
        if not found or (found[2] == "." and not found[4]):
            return NO_DAY
        day, month = int(found[1]), int(found[3])
        if month_first and day <= 12:
            day, month = month, day
        either = month_first and day <= 12 and day != month
        if month > 12 and day <= 12:
            day, month = month, day
        if found[4]:
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            on, ask = not_past(date(year, month, day), today)
        else:
            on, ask = in_year(day, month, today)
    except ValueError:
        return None, (Ask.IMPOSSIBLE,)
    return on, ask or ((Ask.WHICH_OF_TWO,) if either else ())


def not_past(day: date, today: date) -> Found:
    return (day, (Ask.PAST,)) if day < today else (day, ())


def in_year(day: int, month: int, today: date) -> Found:
    """That day of that month: this year's, unless it is long past."""
    this_year = date(today.year, month, day) if (month, day) != (2, 29) else _leap(today)
    if (today - this_year).days > STALE:
        return date(today.year + 1, month, day), ()
    return not_past(this_year, today)


def _leap(today: date) -> date:
    if monthrange(today.year, 2)[1] == 29:
        return date(today.year, 2, 29)
    raise ValueError("no 29 February this year")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (J. Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    century, place = divmod(year, 100)
    golden = year % 19
    corrected = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - corrected + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (place // 4) - epact - place % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
