"""The rules of a contact, written a second time from the statutes, the client's file and the trade's own: nothing of the engine."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from infra.demo.audit import HOURS, MOST_A_DAY, MOST_A_WEEK, QUIET_BUSINESS_DAYS, WEEK
from infra.demo.people import Person
from infra.simulation.checkers.known import Known, Try, is_about
from infra.simulation.scenario import FEED_MAX_AGE

FREE = {"MX": ("released", "failed"), "CO": ("released",)}
"""Country → what gives a slot back. Colombia counts every attempt that left (SFC concept 2023111476)."""


CONFIRMS = "optout_confirmation"
ANSWERS = frozenset({"reply_to_inbound", CONFIRMS})
REMINDER = "reminder_pre_due"
"""Says that a date is near: laws that count demands leave it out, so it may name nothing whose date is over."""
REMINDS = "promise"
"""The stage of the steps that remind of a date that was agreed on."""
THANKS = "payment_receipt"
PAPERS = frozenset({THANKS, "agreement_copy"})
"""What the person paid for or agreed to, in writing: no collection, so outside every measure."""
THANKED_WITHIN = timedelta(days=4)
"""A receipt that comes later than a long weekend is none."""
ANSWERED_WITHIN = 24 * 3600.0
"""WhatsApp closes its window after a day; an answer to what was written yesterday is no answer."""


@lru_cache(maxsize=8)
def closed_days(country: str) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=(2026, 2027)))


def plus_business_days(country: str, day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5 and day not in closed_days(country)
    return day


def is_open(person: Person, at: datetime) -> bool:
    """Whether the person may be reached at that instant, by the hours of its country."""
    local = at.astimezone(ZoneInfo(person.zone))
    hours = HOURS["company" if person.is_company else person.country]
    is_holiday = not person.is_company and local.date() in closed_days(person.country)
    span = hours[2 if local.weekday() == 6 or is_holiday else int(local.weekday() == 5)]
    return span is not None and span[0] <= local.time() <= span[1]


def overdue_of(one: Known, claim: Try, person: Person, day: date) -> list[str]:
    """The debts it names whose date is over; due on a day without business is due on the next. Parts of a debt have dates of their own."""
    found = []
    for key in claim.debts:
        debt = one.debts.get(key)
        if debt is None or debt.in_parts:
            continue
        due_on = date.fromisoformat(debt.due_on)
        if due_on.weekday() > 4 or due_on in closed_days(person.country):
            due_on = plus_business_days(person.country, due_on, 1)
        if due_on < day:
            found.append(key)
    return found


def against_claim(one: Known, claim: Try, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
    """(rule, detail) for everything that forbids this claim, given all facts before it."""
    zone = ZoneInfo(person.zone)
    day = now.astimezone(zone).date()
    if claim.kind in ANSWERS:
        yield from _step(one, claim)
        yield from _answer(one, claim)
        return
    if claim.kind in PAPERS:
        yield from _step(one, claim)
        if one.points.get(claim.point) != "active" or {"*", claim.channel} & one.stopped:
            yield "point", f"{claim.point[:6]} is {one.points.get(claim.point)}"
        if claim.kind == THANKS:
            yield from _thanks(one, claim, person, now)
        return
    if not is_open(person, now):
        yield "hours", f"{now.astimezone(zone):%a %H:%M}"
    if claim.kind == REMINDER and (overdue := overdue_of(one, claim, person, day)):
        yield "reminder of what is overdue", ", ".join(overdue)
    if claim.step[1] == "task" and not is_about(
        one.tasks.get(claim.step[2], {}), claim.creditor, claim.debts
    ):
        yield "whose call", f"{claim.creditor} {', '.join(claim.debts)} for task {claim.step[2]}"
    if person.country == "CO" and claim.channel not in person.authorised:
        yield "not authorised", f"{claim.channel}; allowed are {person.authorised}"
    yield from _caps(one, claim, person, day, zone)
    yield from _step(one, claim)
    yield from _stops(one, claim, now)
    yield from _promises(one, claim, day)
    yield from _money(one, claim, person, day, zone)


def against_sending(one: Known, claim: Try, now: datetime) -> Iterator[str]:
    """What keeps even a message that was claimed from leaving, once its sender has read it."""
    if claim.kind in ANSWERS | PAPERS:
        return
    yield from (f"{rule}: {detail}" for rule, detail in _stops(one, claim, now) if rule != "task is open")
    yield from (detail for rule, detail in _debts(one, claim))


def _caps(one: Known, claim: Try, person: Person, day: date, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    free = FREE[person.country]
    earlier = [
        (other, datetime.fromtimestamp(other.at, zone).date())
        for other in one.tries.values()
        if other is not claim and other.status not in free and other.kind not in ANSWERS | PAPERS
    ]
    if sum(on == day for _, on in earlier) >= MOST_A_DAY:
        yield "cap.day", f"{MOST_A_DAY} a day"
    lately = [other for other, on in earlier if (day - on).days < WEEK]
    if len(lately) >= MOST_A_WEEK:
        yield "cap.week", f"{MOST_A_WEEK} in {WEEK} days"
    if person.country == "CO" and not person.is_company:
        others = {_family(other.channel) for other in lately} - {_family(claim.channel)}
        if others:
            yield "channel.lock", f"{claim.channel} after {', '.join(sorted(others))}"


def _step(one: Known, claim: Try) -> Iterator[tuple[str, str]]:
    """No step repeats: another try only after every earlier one certainly reached nobody."""
    for other in one.tries.values():
        if other is not claim and other.step == claim.step and other.status not in {"released", "failed"}:
            yield "step repeats", f"{claim.step} while {other.id[:8]} is {other.status}"
        # A debt that was gone and came back has a new episode, and hears nothing in it that it was told of that due date.
        is_same = other.step[1:] == claim.step[1:] and other.creditor == claim.creditor
        is_back = other.step[0] != claim.step[0] and claim.oldest is not None and other.oldest == claim.oldest
        if is_same and is_back and other.status not in {"released", "failed"}:
            yield "step repeats", f"{claim.step} after {other.step} of {other.oldest}"
    mark = one.marks.get((claim.step[0], f"{claim.step[1]}.{claim.step[2]}"))
    if mark is not None and mark != "reopened":
        yield "step repeats", f"{claim.step} is marked {mark}"


def _answer(one: Known, claim: Try) -> Iterator[tuple[str, str]]:
    """Only who wrote is answered, where they wrote, while they wait; who asked for no more is told once that it was heard."""
    asked = one.heard_at.get(claim.point)
    if asked is None or claim.at - asked > ANSWERED_WITHIN:
        yield "answer", "nobody wrote from there lately"
    if claim.kind == CONFIRMS:
        told = [
            other for other in one.tries.values() if other.kind == CONFIRMS and other.point == claim.point
        ]
        if sum(other.status not in {"released", "failed"} for other in told) > 1:
            yield "answer", "the end is confirmed a second time"
    elif one.points.get(claim.point) != "active" or {"*", claim.channel} & one.stopped:
        yield (
            "answer",
            f"{claim.point[:6]} is {one.points.get(claim.point)}, {sorted(one.stopped)} are stopped",
        )


def _thanks(one: Known, claim: Try, person: Person, now: datetime) -> Iterator[tuple[str, str]]:
    """For a payment that stands, once, soon, and at an hour at which anybody may be written to."""
    if not is_open(person, now):
        yield "hours", f"thanks at {now:%H:%M}Z"
    posted = one.posted.get(claim.creditor)
    if posted is None or now - posted > THANKED_WITHIN:
        yield "thanks", f"for what was told {posted}"
    mine = {place for place in one.payments if place[1] in claim.debts}
    if all(one.reversed.get(place) for place in mine):
        yield "thanks", "for money that went back"
    others = sum(
        other.kind == THANKS
        and bool(set(other.debts) & set(claim.debts))
        and other.status not in {"released", "failed"}
        for other in one.tries.values()
    )
    if others > len({intent for intent, _ in mine}):
        yield "thanks", f"{others} for {len(mine)} payments"


def _stops(one: Known, claim: Try, now: datetime) -> Iterator[tuple[str, str]]:
    if one.points.get(claim.point) != "active" and claim.by == "recobro":
        yield "point", f"{claim.point[:6]} is {one.points.get(claim.point)}"
    if {"*", claim.channel} & one.stopped:
        yield "person stopped", claim.channel
    for hold in one.holds.values():
        over = hold.get("resumes") and datetime.fromisoformat(hold["review_at"]) <= now
        debts = set(hold.get("debts", ()))
        same = hold.get("creditor", claim.creditor) == claim.creditor
        if not over and same and (not debts or debts & set(claim.debts)):
            yield f"hold.{hold['reason']}", hold["id"]
    if claim.by == "recobro":
        for task in one.tasks.values():
            over = set(task.get("debts", ()))
            if task.get("creditor", claim.creditor) == claim.creditor and (
                not over or over & set(claim.debts)
            ):
                yield "task is open", task["id"]


def _promises(one: Known, claim: Try, day: date) -> Iterator[tuple[str, str]]:
    """Whoever promised is left in peace until the date, but for one reminder in the four days before it (a long weekend's)."""
    for promise in one.promises.values():
        if promise["creditor"] != claim.creditor or not set(promise["debts"]) & set(claim.debts):
            continue
        ahead = (date.fromisoformat(promise["due_on"]) - day).days
        if claim.step[1] != REMINDS or not 0 < ahead < 5:
            yield "promise is open", promise["id"]
        before = (other for other in one.tries.values() if other is not claim and other.step[1] == REMINDS)
        made, gone = datetime.fromisoformat(promise["made_at"]), {"released", "failed"}
        if any(
            o.creditor == claim.creditor and o.claimed_at >= made and o.status not in gone for o in before
        ):
            yield "reminded twice", promise["id"]


def _money(one: Known, claim: Try, person: Person, day: date, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield from _debts(one, claim)
    if not claim.debts:
        yield "nothing owed", "no debt is named"
    for posted in (one.posted.get(claim.creditor), one.eased.get(claim.creditor)):
        if posted is None:
            continue
        paid_on = posted.astimezone(zone).date()
        if day <= plus_business_days(person.country, paid_on, QUIET_BUSINESS_DAYS):
            yield "after a payment", f"paid {paid_on}"
    as_of = one.feeds.get(claim.creditor)
    if as_of is None or plus_business_days(person.country, as_of, FEED_MAX_AGE) < day:
        yield "feed is stale", f"as of {as_of}"


def _debts(one: Known, claim: Try) -> Iterator[tuple[str, str]]:
    for key in claim.debts:
        debt = one.debts.get(key)
        if debt is None or debt.status != "active" or debt.outstanding <= 0:
            yield "nothing owed", f"{key}: {debt}"


def off_for(scopes: Mapping[str, float], claim: Try, person: Person, now: float, grace: float) -> str:
    """The stop that should have held this claim."""
    mine = ("all", f"creditor:{claim.creditor}", f"channel:{claim.channel}", f"country:{person.country}")
    return next((scope for scope in mine if scope in scopes and now > scopes[scope] + grace), "")


def _family(channel: str) -> str:
    return "voice" if channel == "voice_auto" else channel


def personal_words(body: str, names: list[str]) -> Any:
    """Anything in a queue's message that says who somebody is."""
    return next((name for name in names if name in body), "")
