"""A due date read a month wrong calls people late who are not: dates are day first unless the mapping says otherwise."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from recobro.intake.outcome import BadCell
from recobro.intake.raw import Cell
from recobro.intake.words import plain, trimmed

DAY_FIRST, MONTH_FIRST = "dd/mm/yyyy", "mm/dd/yyyy"
ORDERS = (DAY_FIRST, MONTH_FIRST)

_EXCEL_ZERO = date(1899, 12, 30)
"""Excel's day 0, counting the 29 February 1900 that it believes in."""
_SERIALS = range(20_000, 80_000)
"""1954 to 2119: a number there in a column of dates is Excel's count of days."""

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[aApP]\.? ?[mM]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME)
_SPOKEN = re.compile(r"(\d{1,2})[-/. ]+(?:de )?([a-zA-Zçéúí]{3,12})\.?[-/. ,]+(?:de )?(\d{4}|\d{2})" + _TIME)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})" + _TIME)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")

_MONTHS = {
    name[:3]: number
    for names in (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate((plain(word) for word in names.split()), 1)
}


def to_date(cell: Cell, order: str = DAY_FIRST) -> date:
    """The day that a cell names, as written: a time of day and its zone are left off. Raises BadCell.

    Understands ISO, dd/mm/yyyy and dd-mm-yy (mm/dd/yyyy when `order` says so), month names in Spanish, Portuguese and
    English, yyyymmdd, ddmmyyyy, and Excel's day numbers.
    """
    if isinstance(cell, datetime):
        return _in_life(cell.date(), cell.isoformat())
    if isinstance(cell, date):
        return _in_life(cell, cell.isoformat())
    if isinstance(cell, int | Decimal):
        cell = str(cell)
    return _parsed(trimmed(cell or ""), order)


@lru_cache(maxsize=4096)
def _parsed(text: str, order: str) -> date:
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]), text)
    numbers = _NUMBERS.fullmatch(text)
    if numbers is not None:
        first, second = int(numbers[1]), int(numbers[2])
        day, month = (second, first) if order == MONTH_FIRST else (first, second)
        return _day(_year(numbers[3]), month, day, text, order)
    serial = _SERIAL.fullmatch(text)
    if serial is not None and int(serial[1]) in _SERIALS:
        return _EXCEL_ZERO + timedelta(days=int(serial[1]))
    if len(text) == 8 and text.isdigit():
        return _eight_digits(text)
    spoken = _SPOKEN.fullmatch(text)
    month_named = _MONTHS.get(plain(spoken[2])[:3]) if spoken is not None else None
    if spoken is not None and month_named is not None:
        return _day(_year(spoken[3]), month_named, int(spoken[1]), text)
    raise BadCell("date.unreadable", "is not a date", "write it as 2026-11-22 or 22/11/2026", value=text)


def _year(text: str) -> int:
    """Two digits: 1970 to 2069."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= 70 else 2000)


def _eight_digits(text: str) -> date:
    """yyyymmdd or ddmmyyyy; no eight digits of our time can be both, since no month is 19 or 20."""
    if text[4:6] in ("19", "20"):
        return _day(int(text[4:]), int(text[2:4]), int(text[:2]), text)
    return _day(int(text[:4]), int(text[4:6]), int(text[6:]), text)


def _day(year: int, month: int, day: int, text: str, order: str = "") -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        swapped = order and month > 12 and day <= 12
        other = MONTH_FIRST if order == DAY_FIRST else DAY_FIRST
        fix = (
            f'if the file writes {other}, say date = "{other}" in the mapping'
            if swapped
            else "correct the date"
        )
        raise BadCell("date.impossible", "is a day that does not exist", fix, value=text) from None
    return _in_life(found, text)


def _in_life(found: date, text: str) -> date:
    if not 1950 <= found.year < 2100:
        raise BadCell(
            "date.far", "is not between 1950 and 2099", "write the year with four digits", value=text
        )
    return found
