"""The law once more, as slowly and plainly as it can be said: what the engine is checked against.

It reads packs as data and shares no code with the engine. Minutes only; every boundary of a pack lies on one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from recobro.domain.channel import Channel
from recobro.law.contact import Calendar, Duty, Intended, PastContact, Rung
from recobro.law.measures import Cap, Counting, Window
from recobro.law.pack import Pack

LADDER = [Rung.RELEASED, Rung.ATTEMPT, Rung.SENT, Rung.CONNECTED, Rung.DELIVERED, Rung.CONVERSATION]


@lru_cache(maxsize=2_000_000)
def on_clock(when: datetime, zone: str) -> tuple[date, int]:
    there = when.astimezone(ZoneInfo(zone))
    return there.date(), there.hour * 60 + there.minute


def open_then(window: Window, holidays: frozenset[date], zone: str, when: datetime) -> bool:
    day, minute = on_clock(when, zone)
    if day < window.since or (window.to is not None and day > window.to):
        return True
    if window.holiday == "forbid" and day in holidays:
        return False
    return any(opens <= minute < closes for opens, closes in window.days[day.weekday()])


def open_with_margin(
    window: Window, holidays: frozenset[date], zone: str, when: datetime, margin: int
) -> bool:
    around = {0, margin, *range(-margin, margin, 60)}
    return all(open_then(window, holidays, zone, when + timedelta(seconds=s)) for s in around)


def reached(contact: PastContact, rung: Rung) -> bool:
    if contact.rung is Rung.RELEASED:
        return False
    if LADDER.index(contact.rung) >= LADDER.index(rung):
        return True
    if contact.outcome == "hard_bounce" and rung is Rung.SENT:
        return True
    if contact.rung is Rung.SENT and rung is Rung.CONNECTED:
        return contact.outcome != "busy"
    unknown_call = contact.rung is Rung.SENT and contact.channel is Channel.VOICE and contact.outcome == ""
    return unknown_call and rung is Rung.CONVERSATION


def counts(rule: Counting, pack: Pack, contact: PastContact, intended: Intended) -> bool:
    exempt = {kind for group in pack.exempt for kind in group.kinds}
    if not reached(contact, rule.counts):
        return False
    if contact.by == "debtor" or (
        contact.by != "collector" and rule.shared_with is not None and contact.by not in rule.shared_with
    ):
        return False
    if contact.by != "collector" and rule.shared_with is None and "collector" in rule.scope:
        return False
    if "creditor" in rule.scope and contact.creditor != intended.creditor:
        return False
    if {"debt", "account"} & set(rule.scope) and not set(contact.debts) & set(intended.debts):
        return False
    return (
        contact.channel in rule.channels
        and contact.kind not in exempt | rule.exclude_kinds
        and contact.outcome not in rule.exclude_outcomes
    )


def period_days(cap: Cap, day: date) -> tuple[date, date]:
    if cap.rolling_days:
        return day - timedelta(days=cap.rolling_days - 1), date.max
    if cap.calendar == "week":
        return day - timedelta(days=day.weekday()), date.max
    return (day, date.max) if cap.calendar == "day" else (day.replace(day=1), date.max)


def allowed(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    history: Sequence[PastContact],
    when: datetime,
    margin: int = 120,
    duties: Sequence[Duty] = (),
) -> bool:
    """Whether hours, locks, gaps, cooldowns and caps allow the contact at `when`; gates are assumed open."""
    zones = intended.zones or tuple(z for pack in packs for z in pack.zones)
    for pack in packs:
        calendar = calendars.get(pack.calendar or intended.country)
        holidays = calendar.dates if calendar else frozenset()
        for window in pack.windows:
            if intended.channel in window.channels and not window.waivers & intended.waivers:
                for zone in zones:
                    if not open_with_margin(window, holidays, zone, when, margin):
                        return False
    for pack in packs:
        for zone in zones:
            today, _ = on_clock(when, zone)
            if not _quiet(pack, intended, history, zone, today) or not _room(
                pack, intended, history, zone, today, when, duties
            ):
                return False
    return True


def _quiet(pack: Pack, intended: Intended, history: Sequence[PastContact], zone: str, today: date) -> bool:
    return not any(_disturbs(pack, intended, c, (today - on_clock(c.at, zone)[0]).days) for c in history)


def _disturbs(pack: Pack, intended: Intended, c: PastContact, days_ago: int) -> bool:
    for lock in pack.channel_locks:
        if counts(lock, pack, c, intended) and c.channel != intended.channel and days_ago < lock.rolling_days:
            return True
    for gap in pack.min_gaps:
        if (
            intended.channel in gap.channels
            and counts(gap, pack, c, intended)
            and days_ago <= gap.full_days_between
        ):
            return True
    for rest in pack.cooldowns:
        began = c.by == "debtor" and reached(c, rest.counts) and c.channel in rest.channels
        talked = began or counts(rest, pack, c, intended)
        if intended.channel in rest.blocks and talked and days_ago < rest.days:
            return True
    return False


def _room(
    pack: Pack,
    intended: Intended,
    history: Sequence[PastContact],
    zone: str,
    today: date,
    when: datetime,
    duties: Sequence[Duty],
) -> bool:
    for cap in pack.caps:
        if intended.channel not in cap.channels:
            continue
        first, last = period_days(cap, today)
        seen = [
            c
            for c in history
            if counts(cap, pack, c, intended)
            and first <= on_clock(c.at, zone)[0] <= last
            and (not cap.per_channel or c.channel == intended.channel)
        ]
        reserved = sum(
            d.deadline > when and (not d.channels or bool(d.channels & cap.channels)) for d in duties
        )
        groups = [seen]
        if {"debt", "account"} & set(cap.scope):
            groups = [[c for c in seen if debt in c.debts] for debt in intended.debts]
        if any(len(group) + 1 + reserved > cap.at_most for group in groups):
            return False
    return True


def first_allowed(
    packs: Sequence[Pack],
    calendars: Mapping[str, Calendar],
    intended: Intended,
    history: Sequence[PastContact],
    start: datetime,
    days: int,
    margin: int = 120,
    duties: Sequence[Duty] = (),
) -> datetime | None:
    """The first allowed minute from `start` (a whole minute) on, by trying every one."""
    when = start.astimezone(UTC)
    for _ in range(days * 1440 + 1):
        if allowed(packs, calendars, intended, history, when, margin, duties):
            return when
        when += timedelta(minutes=1)
    return None
