"""Days on which people work and pay: a due date on a Sunday means Monday, and grace is counted in business days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from recobro.domain.debtor import Debtor
from recobro.domain.playbook import Playbook

Holidays = frozenset[date]


def holidays_of(playbook: Playbook, country: str) -> Holidays:
    """The country's public holidays and the client's own extra dates."""
    calendar = playbook.calendars.get(country)
    known = calendar.dates if calendar is not None else frozenset()
    return known | frozenset(playbook.client.extra_holidays) if playbook.client.extra_holidays else known


def is_business_day(day: date, holidays: Holidays) -> bool:
    return day.weekday() < 5 and day not in holidays


def on_or_after(day: date, holidays: Holidays) -> date:
    """`day` itself when people work on it, else the next day they do."""
    while not is_business_day(day, holidays):
        day += timedelta(days=1)
    return day


def on_or_before(day: date, holidays: Holidays) -> date:
    """`day` itself when people work on it, else the last day they did: what was to be paid since is not due yet."""
    while not is_business_day(day, holidays):
        day -= timedelta(days=1)
    return day


def plus(day: date, count: int, holidays: Holidays) -> date:
    """`count` business days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day, holidays)
    return day


def zone_of(debtor: Debtor, playbook: Playbook) -> ZoneInfo:
    """Whose calendar days we count in: the person's, or the client's where the person's is unknown."""
    zones = debtor.profile.zones
    return ZoneInfo(zones[0] if zones else playbook.client.schedule.time_zone)


def starts(day: date, zone: ZoneInfo) -> datetime:
    """The instant (aware UTC) at which that local day begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
