"""The hour rules of a case, on every clock that the person may live by, and the first instant at which each
opens.
"""

from collections.abc import Iterator
from datetime import date

from recobro.domain.refusal import Refusal
from recobro.law.applicable import Live
from recobro.law.case import Case
from recobro.law.hours import Hours
from recobro.law.measures import Window
from recobro.law.zones import DAY, HORIZON_DAYS

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def out_of_hours(case: Case, ts: int) -> Iterator[Refusal]:
    """Every hour rule that is closed at `ts` on any clock. A granted waiver lifts its rule."""
    waivers = case.intended.waivers
    for live, clocks in case.hours:
        if waivers and live.rule.waivers & waivers:
            continue
        for hours in clocks:
            if not hours.open_at(ts):
                until = opens(clocks, ts)
                if hours.unknown_day(ts):
                    yield _unknown_calendar(case, live, hours, ts, until)
                else:
                    change = " or ".join(sorted(live.rule.waivers))
                    yield case.refuse(live, until, local(hours, ts), change)
                break


def opens(clocks: tuple[Hours, ...], ts: int) -> int | None:
    """The first instant from `ts` on at which one rule is open on every clock; None: not in 400 days."""
    last, moment, agreed = ts + HORIZON_DAYS * DAY, ts, 0
    while agreed < len(clocks):
        agreed = 0
        for hours in clocks:
            following = hours.next_open(moment)
            if following is None or following > last:
                return None
            agreed = agreed + 1 if following == moment else 0
            moment = following
    return moment


def _unknown_calendar(case: Case, live: Live[Window], hours: Hours, ts: int, until: int | None) -> Refusal:
    found = case.refuse(live, until)
    year = date.fromordinal(hours.zone.ordinal(ts)).year
    source = f"{found.source}; the holidays of {year} are not known: our own caution, not law"
    detail = f"{live.pack.calendar or case.country} {year}".strip()
    return Refusal("calendar.unknown", source, found.until, detail, "a calendar that covers that year")


def local(hours: Hours, ts: int) -> str:
    """The instant as the debtor's clock shows it, for people who read refusals."""
    zone = hours.zone
    minute = (ts + zone.offset(ts)) % DAY // 60
    ordinal = zone.ordinal(ts)
    weekday = WEEKDAYS[(ordinal - 1) % 7]
    return f"{weekday} {date.fromordinal(ordinal)} {minute // 60:02}:{minute % 60:02} {zone.name}"
