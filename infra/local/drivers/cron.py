"""When a schedule is due: cron, rate and one-time expressions in a time zone, as EventBridge Scheduler reads them.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_LAST_YEAR = 2199


def next_occurrence(
    expression: str, time_zone: str, after: datetime, start: datetime | None = None
) -> datetime | None:
    """The first instant (UTC) strictly after `after`, or None. Raises ValueError for what AWS would refuse.

    start: a rate counts from it; every other kind begins no earlier.
    """
    zone = _zone(time_zone)
    kind, _, body = expression.strip().partition("(")
    body = body.removesuffix(")")
    if start is not None and after < start:
        after = start - timedelta(microseconds=1)
    match kind:
        case "cron":
            return _next_cron(parse_cron(body), zone, after)
        case "rate":
            return _next_rate(body, after, start)
        case "at":
            return _once(body, zone, after)
    raise ValueError(f"{expression!r} is neither cron(), rate() nor at()")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no IANA time zone") from error


def _once(body: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    instant = datetime.strptime(body, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    return instant if instant > after else None


def _next_rate(body: str, after: datetime, start: datetime | None) -> datetime:
    found = re.fullmatch(r"([1-9]\d*) (minute|hour|day)(s?)", body)
    if found is None or (found[1] == "1") == bool(found[3]):
        raise ValueError(f"rate({body}) is not `rate(1 hour)`, `rate(5 minutes)` or the like")
    # A day is 24 hours here, whatever the clocks do.
    step = int(found[1]) * _UNITS[found[2]]
    if start is None:
        return after + step
    return start if after < start else start + ((after - start) // step + 1) * step


@dataclass(frozen=True)
class Cron:
    """A parsed expression; days by month or by week, the other one being `?`."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    month_days: str
    months: tuple[int, ...]
    week_days: str
    years: tuple[int, ...]

    def days(self, year: int, month: int) -> Iterator[date]:
        """The days of a month on which it is due, in order."""
        last = calendar.monthrange(year, month)[1]
        for number in range(1, last + 1):
            day = date(year, month, number)
            if self._on_month_day(day, last) and self._on_week_day(day, last):
                yield day

    def _on_month_day(self, day: date, last: int) -> bool:
        field = self.month_days
        if field in ("?", "*"):
            return True
        if field == "L":
            return day.day == last
        if field.endswith("W"):
            return day == _nearest_weekday(day.year, day.month, int(field[:-1]), last)
        return day.day in _numbers(field, 1, 31)

    def _on_week_day(self, day: date, last: int) -> bool:
        field = self.week_days
        number = day.isoweekday() % 7 + 1
        if field in ("?", "*"):
            return True
        if field == "L":
            return number == 7
        if field.endswith("L"):
            return number == _numbers(field[:-1], 1, 7, _WEEKDAYS)[0] and day.day + 7 > last
        if "#" in field:
            named, nth = field.split("#")
            return number == _numbers(named, 1, 7, _WEEKDAYS)[0] and (day.day - 1) // 7 + 1 == int(nth)
        return number in _numbers(field, 1, 7, _WEEKDAYS)


@lru_cache(maxsize=256)
def parse_cron(body: str) -> Cron:
    """The six fields: minutes, hours, day of month, month, day of week, year. Raises ValueError naming the field."""
    fields = body.split()
    if len(fields) != 6:
        raise ValueError(f"cron({body}) has {len(fields)} fields, not 6")
    if "?" not in (fields[2], fields[4]):
        raise ValueError(f"cron({body}): day of month or day of week must be ?")
    cron = Cron(
        minutes=_numbers(fields[0], 0, 59),
        hours=_numbers(fields[1], 0, 23),
        month_days=fields[2],
        months=_numbers(fields[3], 1, 12, _MONTHS),
        week_days=fields[4].upper(),
        years=_numbers(fields[5], 1970, _LAST_YEAR),
    )
    list(cron.days(2024, 1))
    return cron


@lru_cache(maxsize=1024)
def _numbers(field: str, low: int, high: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    """`*`, `5`, `1-5`, `0/15`, `1-31/2`, `MON-FRI` and lists of them, as sorted numbers."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begins = low if first in ("*", "") else _number(first, low, high, names)
        ends = _number(last, low, high, names) if last else high if first == "*" or step else begins
        if step and not step.isdigit():
            raise ValueError(f"{part!r} has no number after /")
        # A span may run over the end: FRI-MON.
        span_numbers = (
            range(begins, ends + 1) if begins <= ends else [*range(begins, high + 1), *range(low, ends + 1)]
        )
        found.update(list(span_numbers)[:: int(step or 1)])
    return tuple(sorted(found))


def _number(text: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text.upper() in names:
        return names.index(text.upper()) + 1
    if not text.isdigit() or not low <= int(text) <= high:
        raise ValueError(f"{text!r} is not between {low} and {high}")
    return int(text)


def _nearest_weekday(year: int, month: int, number: int, last: int) -> date:
    """The weekday nearest to a day, within the month."""
    day = date(year, month, min(number, last))
    if day.isoweekday() == 6:
        return day + timedelta(days=2) if day.day == 1 else day - timedelta(days=1)
    if day.isoweekday() == 7:
        return day - timedelta(days=2) if day.day == last else day + timedelta(days=1)
    return day


def _next_cron(cron: Cron, zone: ZoneInfo, after: datetime) -> datetime | None:
    local = after.astimezone(zone)
    for year in (year for year in cron.years if year >= local.year):
        for month in cron.months:
            if (year, month) < (local.year, local.month):
                continue
            for day in cron.days(year, month):
                if day < local.date():
                    continue
                found = _next_on(day, cron, zone, after)
                if found is not None:
                    return found
    return None


def _next_on(day: date, cron: Cron, zone: ZoneInfo, after: datetime) -> datetime | None:
    """A time that spring skips is not due; one that autumn repeats is due once, the first time."""
    for hour in cron.hours:
        for minute in cron.minutes:
            wall = datetime.combine(day, time(hour, minute))
            instant = wall.replace(tzinfo=zone).astimezone(UTC)
            if instant > after and instant.astimezone(zone).replace(tzinfo=None) == wall:
                return instant
    return None
