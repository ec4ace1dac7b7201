"""Was anybody contacted who must not be? Judged only by what carriers and telephones received and by what really happened.

Nothing here knows the law engine or the decision: the rules are written down a second time, from the statutes and the house's own
promises, so that a mistake in one place shows in the other.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

from infra.demo.book import ANSWERED_WITHIN, CHOSEN_HOURS, Arrival, Book, Told
from infra.demo.people import Person

Hours = tuple[time, time] | None

HOURS: Mapping[str, tuple[Hours, Hours, Hours]] = {
    "MX": ((time(8), time(20)), (time(9), time(15)), None),
    "CO": ((time(7), time(19)), (time(8), time(15)), None),
    "company": ((time(7), time(22)), (time(7), time(22)), (time(7), time(22))),
}
"""Monday to Friday, Saturday, Sunday and holidays. Colombia: Ley 2300 de 2023, art. 3. Mexico: the policy hours inside
CONDUSEF's 7 to 22. A company is no consumer: the widest statutory hours."""

MOST_A_DAY, MOST_A_WEEK, WEEK = 1, 3, 7
"""The client's own limits (client.toml), tighter than both laws; a week is any seven local days in a row."""

QUIET_BUSINESS_DAYS = 2
"""After a payment (PRACTICE: After a payment)."""

THANKED_WITHIN = timedelta(days=4)
"""A receipt that comes later than a long weekend is none."""

DISPUTE_DAYS = 10
"""A dispute told to an agent holds at least until its review."""

_LINK = re.compile(r"https?://\S+")
_COPY = re.compile(r"\bacuerdo\b.{0,60}\bpor escrito\b|^copia_de_acuerdo$", re.IGNORECASE | re.MULTILINE)
"""Words, or the name of a WhatsApp template, that this client has only in the copy of an agreement (messages/agreement.*.toml)."""

_REACHED_NOBODY = frozenset({"busy", "not_in_service", "undelivered"})
"""Where the law counts what was sent, what certainly reached nobody gives its slot back; Colombia counts every attempt."""

_MAY_BE_REPEATED = _REACHED_NOBODY | {"no_answer"}
"""A step whose message certainly arrived at nobody may try another channel."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One contact that should not have been. rule: "hours", "cap.day", "after.payment" …"""

    rule: str
    at: datetime
    person: str
    channel: str
    detail: str = ""


def breaches(book: Book, who: Mapping[str, str]) -> list[Breach]:
    """Every breach of the run. who: debtor id, as senders echo it → the person's document."""
    judge = _Judge(book)
    by_person: dict[str, list[Arrival]] = defaultdict(list)
    receipts: dict[str, list[Arrival]] = defaultdict(list)
    found: list[Breach] = []
    for arrival in sorted((one for one in book.arrivals if one.taken), key=lambda one: one.at):
        # A push carries no echo that its service would tell: whose telephone it reached is known all the same.
        document = who.get(arrival.debtor, "") or (arrival.person if arrival.channel == "push" else "")
        person = judge.people.get(document)
        if person is None:
            found.append(Breach("unknown.person", arrival.at, document, arrival.channel, arrival.debtor))
            continue
        if arrival.is_answer or judge.is_copy(arrival, person):
            found += judge.answer(arrival, person)
            continue
        if arrival.is_receipt:
            found += judge.receipt(arrival, person, receipts[document])
            receipts[document].append(arrival)
            continue
        found += judge.alone(arrival, person)
        found += judge.among(arrival, person, by_person[document])
        by_person[document].append(arrival)
    found += [
        Breach("forged.accepted", told.at, told.person, "gateway", told.debt)
        for told in book.told
        if told.kind == "forged" and 200 <= told.status < 300
    ]
    return found


def duplicates(book: Book, steps: Mapping[str, str]) -> list[Arrival]:
    """Messages that a person got twice: the same attempt, the same words on one day, or one step though it had arrived.

    steps: attempt → the step it was for, as the sender's own record has it.
    """
    seen: set[tuple[str, ...]] = set()
    twice = []
    for one in sorted(book.arrivals, key=lambda each: each.at):
        if not one.taken or one.channel == "voice":
            continue
        names: set[tuple[str, ...]] = {("attempt", one.attempt)}
        if (
            not one.is_answer and not one.is_receipt
        ):  # who asks twice is answered twice, who pays twice thanked twice
            names.add(("words", f"{one.at:%Y-%m-%d}", one.address, _LINK.sub("", one.text)))
        if one.attempt in steps and one.outcome not in _MAY_BE_REPEATED:
            names.add(("step", steps[one.attempt]))
        if seen & names:
            twice.append(one)
        seen |= names
    return twice


class _Judge:
    def __init__(self, book: Book) -> None:
        self.people = book.portfolio.by_document()
        self._book = book
        years = (book.portfolio.start.year, book.portfolio.start.year + 1)
        self._closed = {
            country: frozenset(holidays.country_holidays(country, years=years)) for country in ("MX", "CO")
        }
        self._told: dict[tuple[str, str], list[datetime]] = defaultdict(list)
        obligors = book.portfolio.obligors()
        for told in book.told:
            for name in _names(told, obligors):
                self._told[told.kind, name].append(told.at)
        # As their gateway took it: what its own list tells may be thanked for before a late webhook comes.
        self._paid: dict[str, list[datetime]] = defaultdict(list)
        for paid in book.payments:
            for one in obligors.get(paid.debt, ()) if paid.way == "gateway" else ():
                self._paid[one.document].append(paid.at)
        for times in (*self._paid.values(), *self._told.values()):
            times.sort()

    def is_copy(self, arrival: Arrival, person: Person) -> bool:
        """Whether it is the written copy that who agreed to a plan on the page is given at once, at whatever hour they chose it."""
        agreed = self._last("agreed", person.document, arrival.at)
        is_soon = agreed is not None and arrival.at - agreed <= ANSWERED_WITHIN
        return is_soon and _COPY.search(arrival.text) is not None

    def alone(self, arrival: Arrival, person: Person) -> Iterator[Breach]:
        """What is wrong with one contact by itself."""
        local = arrival.at.astimezone(ZoneInfo(person.zone))
        if not self._is_open(person, local):
            yield _breach("hours", arrival, person, f"{local:%a %H:%M}")
        if arrival.address not in person.addresses():
            yield _breach("wrong.address", arrival, person)
        if person.country == "CO" and arrival.channel not in person.authorised:
            yield _breach("channel.not_authorised", arrival, person)
        if self._before("opt_out", arrival.address, arrival.at):
            yield _breach("after.opt_out", arrival, person)
        if self._before("wrong_person", arrival.address, arrival.at):
            yield _breach("after.wrong_person", arrival, person)
        if self._before("stop", person.document, arrival.at):
            yield _breach("after.stop", arrival, person)
        if self._before("hours", person.document, arrival.at) and not _is_chosen(local):
            yield _breach("chosen.hours", arrival, person, f"{local:%a %H:%M}")
        yield from self._about_money(arrival, person, local.date())

    def answer(self, arrival: Arrival, person: Person) -> Iterator[Breach]:
        """Who is asked may answer at any hour, but not at an address of somebody else, nor to who turned out to be a stranger."""
        if arrival.address not in person.addresses():
            yield _breach("wrong.address", arrival, person)
        if self._before("wrong_person", arrival.address, arrival.at):
            yield _breach("after.wrong_person", arrival, person)
        named = [debt.ref for debt in person.obligations if debt.disputed and debt.ref in arrival.text]
        if named:
            yield _breach("disputed.debt", arrival, person, ", ".join(named))

    def receipt(self, arrival: Arrival, person: Person, earlier: Sequence[Arrival]) -> Iterator[Breach]:
        """Who paid is thanked once for each payment, soon, at a decent hour, where they may be written to, and is asked for nothing."""
        local = arrival.at.astimezone(ZoneInfo(person.zone))
        if not self._is_open(person, local):
            yield _breach("hours", arrival, person, f"{local:%a %H:%M}")
        if arrival.address not in person.addresses():
            yield _breach("wrong.address", arrival, person)
        for kind in ("opt_out", "wrong_person"):
            if self._before(kind, arrival.address, arrival.at):
                yield _breach(f"after.{kind}", arrival, person)
        paid = [at for at in self._paid[person.document] if at <= arrival.at]
        if not paid or arrival.at - paid[-1] > THANKED_WITHIN:
            yield _breach("receipt.for.nothing", arrival, person)
        reached = [one for one in earlier if one.outcome not in _MAY_BE_REPEATED]
        if len(reached) >= len(paid):
            yield _breach("receipt.twice", arrival, person, f"{len(paid)} payments")

    def among(self, arrival: Arrival, person: Person, earlier: Sequence[Arrival]) -> Iterator[Breach]:
        """What is wrong with it after the contacts before it."""
        if arrival.outcome in _REACHED_NOBODY and person.country != "CO":
            return
        zone = ZoneInfo(person.zone)
        counted = [one for one in earlier if one.outcome not in _REACHED_NOBODY or person.country == "CO"]
        day = arrival.at.astimezone(zone).date()
        if sum(one.at.astimezone(zone).date() == day for one in counted) >= MOST_A_DAY:
            yield _breach("cap.day", arrival, person)
        lately = [one for one in counted if (day - one.at.astimezone(zone).date()).days < WEEK]
        if len(lately) >= MOST_A_WEEK:
            yield _breach("cap.week", arrival, person)
        if person.country == "CO":
            others = {_family(one.channel) for one in lately} - {_family(arrival.channel)}
            if others:
                yield _breach("channel.lock", arrival, person, f"after {', '.join(sorted(others))}")

    def _about_money(self, arrival: Arrival, person: Person, day: date) -> Iterator[Breach]:
        paid = self._last("payment", person.document, arrival.at)
        if paid is not None:
            paid_on = paid.astimezone(ZoneInfo(person.zone)).date()
            if day <= self._plus_business_days(person, paid_on):
                yield _breach("after.payment", arrival, person, f"paid {paid_on}")
            if all(self._is_settled_by_told(debt.key, arrival.at) for debt in person.obligations):
                yield _breach("after.paid_in_full", arrival, person)
        # A dispute is often told in the very call that the audit looks at: only what was told before it counts.
        disputed = self._last("dispute", person.document, arrival.at - timedelta(microseconds=1))
        if disputed is not None and arrival.at - disputed < timedelta(days=DISPUTE_DAYS):
            yield _breach("after.dispute", arrival, person)
        named = [debt.ref for debt in person.obligations if debt.disputed and debt.ref in arrival.text]
        if named or all(debt.disputed for debt in person.obligations):
            yield _breach("disputed.debt", arrival, person, ", ".join(named))

    def _is_settled_by_told(self, key: str, at: datetime) -> bool:
        """Whether all that was paid of a debt is all of it, and the house was told of every part by then."""
        debt = self._book.portfolio.debts()[key]
        parts = [one for one in self._book.payments if one.debt == key and one.at <= at]
        told = [one for one in self._book.told if one.kind == "payment" and one.debt == key and one.at <= at]
        through = [one for one in parts if one.way == "gateway"]
        return sum(one.amount for one in parts) >= debt.amount and 0 < len(through) <= len(told)

    def _is_open(self, person: Person, local: datetime) -> bool:
        hours = HOURS["company" if person.is_company else person.country]
        is_holiday = not person.is_company and local.date() in self._closed[person.country]
        weekday = local.weekday()
        kind = 2 if weekday == 6 or is_holiday else int(weekday == 5)
        span = hours[kind]
        return span is not None and span[0] <= local.time() <= span[1]

    def _plus_business_days(self, person: Person, day: date) -> date:
        left = QUIET_BUSINESS_DAYS
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in self._closed[person.country]
        return day

    def _last(self, kind: str, name: str, at: datetime) -> datetime | None:
        """When that was last told, at or before `at`."""
        times = self._told.get((kind, name), [])
        place = bisect_right(times, at)
        return times[place - 1] if place else None

    def _before(self, kind: str, name: str, at: datetime) -> bool:
        times = self._told.get((kind, name), [])
        return bool(times) and times[0] < at


def _is_chosen(local: datetime) -> bool:
    opens, closes = CHOSEN_HOURS
    return local.weekday() < 5 and opens <= local.time() <= closes


def _names(told: Told, obligors: Mapping[str, Sequence[Person]]) -> set[str]:
    """Whom or what a word binds: an address, a person, or everybody who answers for a debt."""
    if told.kind == "payment":
        return {person.document for person in obligors.get(told.debt, ())}
    return (
        {name for name in (told.address, told.person) if name} if told.kind != "opt_out" else {told.address}
    )


def _family(channel: str) -> str:
    return "voice" if channel == "voice_auto" else channel


def _breach(rule: str, arrival: Arrival, person: Person, detail: str = "") -> Breach:
    return Breach(rule, arrival.at, person.document, arrival.channel, detail)
