"""People on the other end: they read or don't, answer in their own words, pay by themselves, keep half of what they promise."""

import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infra.demo.book import Book, Paid, Told
from infra.demo.chance import Chance, one_of
from infra.demo.people import Owed, Person
from infra.demo.portfolio import Portfolio
from infra.demo.reach import Reach
from infra.demo.words import (
    ANSWERS_BACK,
    COMPANY_REPLIES,
    COMPANY_WEIGHTS,
    COURTESIES,
    DAYS,
    REPLIES,
    REPLY_WEIGHTS,
    intent_of,
)

MOVES: tuple[tuple[int, float], ...] = ((0, 0.12), (30, 0.08), (60, 0.04), (10_000, 0.02))
"""Days past due (up to) → how likely a read message moves a fully persuadable person to pay; it falls with age."""

COMPANY_MOVES = 0.5
"""A statement that payables read starts a payment run about as often as not, whatever the oldest invoice's age."""

MOST_AT_ONCE = 12
"""Invoices that a company puts into one payment run."""

ANSWERS_A_QUESTION, THANKS = 0.8, 0.06
"""How likely a person goes on when our answer asks something, and when it only tells."""

Say = Callable[[str, str, str, str], None]
"""(channel, address, words, provider id that is answered)."""


class Debtors:
    """Everybody's conduct. Draws are named by person and occasion, so a change elsewhere changes nobody's nature."""

    def __init__(self, book: Book, reach: Reach, chance: Chance, told_of: Callable[[Paid], None]) -> None:
        self._book = book
        self._reach = reach
        self._chance = chance
        self._told_of = told_of
        self._at = book.portfolio.at_address()
        self._read: dict[str, int] = {}
        self._occasions: dict[str, int] = {}

    def live(self) -> None:
        """Plan what everyone does without being contacted."""
        for person, debt, at in self_cures(self._book.portfolio, self._chance):
            self._reach.at(at, lambda p=person, d=debt: self._pays_alone(p, d))  # type: ignore[misc]

    def owner_of(self, address: str, text: str) -> Person | None:
        """Who holds that phone or mailbox in truth; None for strangers and dead numbers. text: names tell relatives apart."""
        people = self._at.get(address, ())
        mine = [
            one
            for one in people
            if one.phone is None or one.phone.number != address or one.phone.owner == "self"
        ]
        named = [one for one in mine if one.given_name and one.given_name in text]
        return next(iter(named or mine), None)

    def people_at(self, address: str) -> tuple[Person, ...]:
        """For whom the creditor gave that address."""
        return self._at.get(address, ())

    def told_by_words(self, address: str, words: str) -> None:
        """What the house now knows from a message: it binds for everybody at that address, or for the pair."""
        intent = intent_of(words)
        if intent in {"stop", "wrong_person"}:
            kind = {"stop": "opt_out", "wrong_person": "wrong_person"}[intent]
            self._book.told.append(Told(self._reach.now(), kind, address=address))

    def is_stranger(self, address: str) -> bool:
        return any(
            one.phone and one.phone.number == address and one.phone.owner == "stranger"
            for one in self._at.get(address, ())
        )

    def reads(self, person: Person | None, channel: str, occasion: object) -> timedelta | None:
        """How long after delivery the message is read; None: never."""
        name = person.document if person else "stranger"
        likely = person.temper.reads if person else 0.5
        if channel == "voice_auto":
            likely *= 0.45
        draw = self._chance.of("reads", name, channel, occasion)
        return timedelta(minutes=draw.lognormvariate(3.0, 1.1)) if draw.random() < likely else None

    def has_read(
        self, person: Person, channel: str, address: str, text: str, provider: str, say: Say
    ) -> bool:
        """What a message that was read brings about. True: the person answered."""
        count = self._read[person.document] = self._read.get(person.document, 0) + 1
        self._maybe_pays(person, count)
        if channel == "voice_auto":
            return False
        draw = self._chance.of("answers", person.document, count)
        if draw.random() >= person.temper.answers / max(0.3, person.temper.reads):
            return False
        words = self._reply(person, count)
        self._promises_to_oneself(person, words, count)
        say(channel, address, words, provider)
        return True

    def has_read_answer(
        self, person: Person, channel: str, address: str, text: str, provider: str, say: Say
    ) -> bool:
        """Who is asked something mostly says it; who is told something now and then says thanks. True: the person answered."""
        count = self._read[person.document] = self._read.get(person.document, 0) + 1
        draw = self._chance.of("answers back", person.document, count)
        asked = _without_accents(text)
        known = next((words for sign, words in ANSWERS_BACK if sign in asked), ())
        if draw.random() >= (ANSWERS_A_QUESTION if known else THANKS):
            return False
        names = [one for one in person.name.replace(",", " ").split() if one != person.given_name]
        words = draw.choice(known or COURTESIES)
        words = words.format(surname=names[0] if names else "", last=person.document[-4:])
        self._promises_to_oneself(person, words, count)
        say(channel, address, words, provider)
        return True

    def stranger_has_read(self, address: str, channel: str, provider: str, say: Say) -> bool:
        """Somebody else's phone: now and then they say so."""
        count = self._occasions[address] = self._occasions.get(address, 0) + 1
        if channel == "voice_auto" or not self._chance.happens(0.3, "stranger answers", address, count):
            return False
        say(channel, address, self._chance.of("stranger", address).choice(REPLIES["wrong_person"]), provider)
        return True

    def promised(self, person: Person, amount: int, currency: str, due_on: date) -> None:
        """A promise made to an agent; about half are kept, on the day or just before."""
        count = self._occasions[f"p{person.document}"] = self._occasions.get(f"p{person.document}", 0) + 1
        if not self._chance.happens(person.temper.keeps_promises, "keeps", person.document, count):
            return
        at = _at_hour(
            due_on, person.zone, self._chance.between(9, 19, "promise hour", person.document, count)
        )
        self._reach.at(
            max(at, self._reach.now() + timedelta(minutes=30)),
            lambda: self._pays(person, amount, "promise", currency),
        )

    def agreed(self, person: Person, offer: Mapping[str, Any]) -> None:
        """A plan chosen on the page: each date of it is kept as a promise is."""
        for part in offer["parts"]:
            self.promised(person, part["amount"], offer["currency"], date.fromisoformat(part["due_on"]))

    def _reply(self, person: Person, count: int) -> str:
        draw = self._chance.of("words", person.document, count)
        if person.is_company:
            return draw.choice(COMPANY_REPLIES[one_of(draw, COMPANY_WEIGHTS)])
        paid = not any(self._book.balances[debt.key] for debt in person.debts)
        return draw.choice(REPLIES["paid" if paid else one_of(draw, REPLY_WEIGHTS)])

    def _promises_to_oneself(self, person: Person, words: str, count: int) -> None:
        """Who writes "on Friday" pays on Friday about as often as who tells it an agent; a later word takes the place of it."""
        today = self._reach.now().astimezone(ZoneInfo(person.zone)).date()
        day = _day_meant(words, today)
        if day is None:
            return
        if self._chance.happens(person.temper.keeps_promises, "keeps words", person.document, count):
            at = _at_hour(day, person.zone, self._chance.between(9, 19, "friday", person.document, count))
            self._reach.at(max(at, self._reach.now()), lambda: self._pays(person, 0, "promise"))

    def _maybe_pays(self, person: Person, count: int) -> None:
        debt = self._oldest(person)
        if debt is None:
            return
        today = self._reach.now().astimezone(ZoneInfo(person.zone)).date()
        dpd = (today - debt.due_on).days
        by_age = next(share for most, share in MOVES if dpd <= most)
        moved = (COMPANY_MOVES if person.is_company else by_age * 2) * person.temper.persuadable
        if not self._chance.happens(moved, "moved", person.document, count):
            return
        wait = timedelta(hours=self._chance.between(0.2, 60, "pays after", person.document, count))
        self._reach.at(
            _waking(self._reach.now() + wait, person.zone), lambda: self._pays(person, 0, "reminded")
        )

    def _pays_alone(self, person: Person, debt: Owed) -> None:
        amount = self._book.balances[debt.key]
        if debt.ref in person.temper.pays_part:
            amount = round(amount * 0.5)
        self._settle(person, debt, amount, "alone")

    def _pays(self, person: Person, amount: int, why: str, currency: str = "") -> None:
        """Pay `amount` over what is due in one currency, oldest first; 0: what one thinks is due, now and then only a part."""
        today = self._reach.now().astimezone(ZoneInfo(person.zone)).date()
        count = len(self._book.payments)
        owed = self._owed(person)
        if not owed:
            return
        currency = currency or self._chance.of("currency", person.document, count).choice(owed).currency
        owed = [debt for debt in owed if debt.currency == currency]
        due = ([debt for debt in owed if debt.due_on <= today] or owed[:1])[:MOST_AT_ONCE]
        left = amount
        if not left:
            left = sum(self._book.balances[debt.key] for debt in due)
            if self._chance.happens(0.2, "part", person.document, count):
                left = round(left * self._chance.between(0.3, 0.7, "share", person.document, count))
        for debt in due:
            part = min(left, self._book.balances[debt.key])
            left -= part
            self._settle(person, debt, part, why)

    def _settle(self, person: Person, debt: Owed, amount: int, why: str) -> None:
        direct = self._chance.happens(person.temper.pays_direct, "direct", person.document, debt.ref)
        way = "direct" if direct else "gateway"
        paid = self._book.pay(
            Paid(self._reach.now(), debt.key, amount, debt.currency, person.document, way, why)
        )
        if paid is not None and way == "gateway":
            self._told_of(paid)

    def _owed(self, person: Person) -> list[Owed]:
        open_ones = [
            debt for debt in person.obligations if self._book.balances[debt.key] > 0 and not debt.disputed
        ]
        return sorted(open_ones, key=lambda debt: (debt.due_on, debt.ref))

    def _oldest(self, person: Person) -> Owed | None:
        return next(iter(self._owed(person)), None)

    def opts_out_by_link(self, person: Person, address: str, path: str) -> None:
        """One click on the way out; binding from the moment of the answer."""
        status, _ = self._reach.http("POST", path, b"List-Unsubscribe=One-Click")
        if status == 200:
            self._book.told.append(Told(self._reach.now(), "opt_out", person.document, address))


def _day_meant(words: str, today: date) -> date | None:
    """The day that a promise's words name; None where they promise nothing."""
    spoken = words.lower()
    named = next((day for sign, day in DAYS if sign in spoken), "")
    match named:
        case "tomorrow":
            return today + timedelta(days=1)
        case "payday":
            last = monthrange(today.year, today.month)[1]
            return today.replace(day=15 if today.day < 15 else last)
        case "friday":
            return today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    return None


def _without_accents(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(one for one in bare if not unicodedata.combining(one))


def self_cures(portfolio: Portfolio, chance: Chance) -> list[tuple[Person, Owed, datetime]]:
    """Who pays what and when without any contact: the same with and without the house at work."""
    found = []
    for person in portfolio.people:
        for debt in person.debts:
            day = person.temper.pays_alone.get(debt.ref)
            if day is None or day > portfolio.days or debt.disputed:
                continue
            hour = chance.between(8, 21, "alone", person.document, debt.ref)
            found.append((person, debt, _at_hour(portfolio.start + timedelta(days=day), person.zone, hour)))
    return sorted(found, key=lambda one: (one[2], one[1].key))


def without_contact(portfolio: Portfolio, chance: Chance, until: datetime) -> list[Paid]:
    """What comes in by `until` when nobody is contacted at all."""
    book = Book(portfolio)
    for person, debt, at in self_cures(portfolio, chance):
        if at <= until:
            share = 0.5 if debt.ref in person.temper.pays_part else 1
            book.pay(
                Paid(at, debt.key, round(debt.amount * share), debt.currency, person.document, "", "alone")
            )
    return book.payments


def _at_hour(day: date, zone: str, hour: float) -> datetime:
    local = datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(hours=hour)
    return local.astimezone(UTC).replace(microsecond=0)


def _waking(at: datetime, zone: str) -> datetime:
    """People pay while they are awake."""
    local = at.astimezone(ZoneInfo(zone))
    if 8 <= local.hour < 22:
        return at
    day = local.date() + timedelta(days=local.hour >= 22)
    return _at_hour(day, zone, 8 + local.minute / 60)
