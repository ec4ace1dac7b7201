"""A few human agents in office hours: they list what is open, read, call when the law lets them, and write down what came of it.

They work through the same use cases as `recobro tasks`, as operators; what they see of a person is what the ledger shows.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import holidays

from infra.demo.book import Arrival, Book, Told
from infra.demo.chance import Chance, one_of
from infra.demo.debtors import Debtors
from infra.demo.people import Person
from infra.demo.reach import Reach
from infra.demo.words import CALLS, COMPANY_CALLS, NO_TALK, intent_of
from recobro.domain.acting import SAID
from recobro.domain.debtor import Debtor
from recobro.domain.refusal import Refusal
from recobro.domain.task import Task
from recobro.errors import InvalidInput, NotFound, Stale
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases import tasks
from recobro.usecases.release_letters import receive_letter

RIGHT_PARTY, RIGHT_PARTY_WHEN_ASKED = (0.04, 0.08), 0.40
"""Share of dials that reach the right person: cold, and when the person asked to be called or is a company's desk."""

ROUNDS = (time(15, 40), time(21, 10))
"""Twice a working day, UTC: 9:40 and 15:10 in Mexico City, an hour later in Bogotá."""

CALLS_A_ROUND = 18

BY_DESK = frozenset(
    {
        "dispute",
        "hardship",
        "complaint",
        "abuse",
        "deceased",
        "payment_proof",
        "already_paid_again",
        "wants_plan",
        "minor_answered",
    }
)
"""What is settled with the creditor and in writing, and not by a call; what was held stays held until its review."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Those who look after one country's debtors. zone: whose dates they write down."""

    country: str
    zone: str
    agents: tuple[str, ...]


DESKS = (
    Desk("MX", "America/Mexico_City", ("ana.solis", "bruno.lara")),
    Desk("CO", "America/Bogota", ("celia.rios",)),
)


@dataclass(frozen=True, slots=True)
class Agent:
    """One person at a desk."""

    name: str
    zone: str


def _is_working_day(desk: Desk, day: date) -> bool:
    return day.weekday() < 5 and day not in holidays.country_holidays(desk.country, years=day.year)


Listing = Callable[[], Iterable[Loaded]]
"""Everybody who stands in the index, as `recobro tasks list` reads them."""


@dataclass(frozen=True, slots=True)
class Open:
    """One open task with whom it is about."""

    debtor: Debtor
    task: Task

    @property
    def order(self) -> tuple[int, datetime, str]:
        return (self.task.priority, self.task.due_at, self.debtor.id)


LETTER = b"%PDF-1.4 finiquito"
"""What the creditor's desk sends when it is asked: whoever paid takes it from their page."""


class Office:
    """The agents and their days."""

    def __init__(
        self, house: House, listing: Listing, book: Book, reach: Reach, chance: Chance, debtors: Debtors
    ) -> None:
        self._house = house
        self._listing = listing
        self._book = book
        self._reach = reach
        self._chance = chance
        self._debtors = debtors
        self._people = book.portfolio.by_document()
        self._dials = 0
        self._left: list[str] = []
        self.closed: dict[str, int] = {}
        """disposition → tasks closed so."""

    def open(self, start: date, days: int) -> None:
        """Plan every round of every working day."""
        for number in range(days):
            day = start + timedelta(days=number)
            desks = [desk for desk in DESKS if _is_working_day(desk, day)]
            if not desks:
                continue
            for at, work in zip(ROUNDS, (self._morning, self._afternoon), strict=True):
                self._reach.at(datetime.combine(day, at, UTC), partial(work, tuple(desks)))

    def _morning(self, desks: Sequence[Desk]) -> None:
        """The list is read once, for all desks."""
        self._round(desks, self._listing())

    def _afternoon(self, desks: Sequence[Desk]) -> None:
        """What the morning left, as it stands now."""
        self._round(desks, self._house.ledger.load_many(self._left).values())

    def _round(self, desks: Sequence[Desk], people: Iterable[Loaded]) -> None:
        found = [Open(loaded.debtor, task) for loaded in people for task in loaded.debtor.open_tasks()]
        self._left = sorted({one.debtor.id for one in found})
        for desk in desks:
            self._at_desk(desk, [one for one in found if one.debtor.profile.country == desk.country])

    def _at_desk(self, desk: Desk, found: Sequence[Open]) -> None:
        """Tasks are dealt out in turn; whoever took one keeps it."""
        calls = dict.fromkeys(desk.agents, 0)
        for number, one in enumerate(sorted(found, key=lambda each: each.order)):
            agent = one.task.owner or desk.agents[number % len(desk.agents)]
            if calls.get(agent, CALLS_A_ROUND) < CALLS_A_ROUND:
                calls[agent] += self._work(Agent(agent, desk.zone), one)

    def _work(self, agent: Agent, one: Open) -> bool:
        """Do one task. True: a call was made."""
        try:
            if not one.task.owner:
                tasks.take(self._house, one.debtor.id, one.task.id, agent.name)
            if one.task.reason == "read_message":
                return self._read(agent, one)
            if one.task.reason == "asks_person":
                return self._call(agent, one, asked=True)
            if one.task.reason == "release_letter":
                receive_letter(self._house, one.task.debts[0], LETTER, agent.name)
                return False
            if one.task.reason in BY_DESK or one.task.reason.startswith("review_"):
                self._close(one, "done")
                return False
            return self._call(agent, one, asked=False)
        except (NotFound, InvalidInput, Stale):
            # The person paid or the task went while it was on the screen: the next round lists it anew.
            return False

    def _read(self, agent: Agent, one: Open) -> bool:
        words, attempt = self._message(one)
        if not words:
            return False  # the history has not brought it yet: nobody answers what they cannot read
        intent = intent_of(words)
        if intent == "person":
            return self._call(agent, one, asked=True)
        if intent == "promise":
            self._promise(one, "", agent)
        elif intent == "wrong_person":
            self._close(one, "wrong_person", attempt)
        elif intent in {"paid", "dispute", "hardship"}:
            self._close(one, {"paid": "already_paid"}.get(intent, intent))
            self._told(one, intent)
        else:
            self._close(one, "done")
        return False

    def _message(self, one: Open) -> tuple[str, str]:
        """What was written, as the ledger keeps it, and the attempt that it answers."""
        prefix = f"CONTENT#{one.task.step.removeprefix(SAID)}"
        for item in self._house.table.query(f"DEBTOR#{one.debtor.id}", prefix=prefix):
            content = json.loads(item["body"]["S"])
            sent = [each.id for each in one.debtor.attempts if each.channel == content["part"]]
            return content["variables"]["body"], sent[-1] if sent else ""
        return "", ""

    def _call(self, agent: Agent, one: Open, *, asked: bool) -> bool:
        answer = tasks.call(self._house, one.debtor.id, one.task.id, agent.name)
        if isinstance(answer, Refusal):
            self._put_off(one, answer)
            return False
        loaded = self._house.ledger.load(one.debtor.id)
        made = loaded.debtor.attempt(answer) if loaded is not None else None
        if loaded is None or made is None:
            return False
        number = loaded.debtor.personal.points.get(made.point, "")
        person, outcome = self._dial(number, one.debtor, asked=asked)
        self._book.arrive(
            Arrival(
                at=self._house.now(), channel="voice", address=number, debtor=one.debtor.id, attempt=answer, text="",
                result="accepted", by=agent.name, outcome=outcome, person=person.document if person else "",
                answered_at=self._house.now() if outcome in CALLS else None,
            )
        )  # fmt: skip
        self._after_call(agent, one, answer, outcome)
        return True

    def _dial(self, number: str, debtor: Debtor, *, asked: bool) -> tuple[Person | None, str]:
        """Who answers, and how the call ends."""
        self._dials += 1
        draw = self._chance.of("dial", number, self._dials)
        person = self._people.get(debtor.personal.national_id.rpartition(":")[2])
        if person is not None and person.phone is not None and person.phone.owner == "nobody":
            return person, "not_in_service"
        if person is not None and person.phone is not None and person.phone.owner == "stranger":
            return person, "wrong_person" if draw.random() < 0.35 else "no_answer"
        is_company = person is not None and person.is_company
        likely = RIGHT_PARTY_WHEN_ASKED if asked or is_company else draw.uniform(*RIGHT_PARTY)
        if draw.random() < likely:
            return person, one_of(draw, COMPANY_CALLS if is_company else CALLS)
        return person, one_of(draw, NO_TALK)

    def _after_call(self, agent: Agent, one: Open, attempt: str, outcome: str) -> None:
        if outcome == "promise":
            self._promise(one, attempt, agent)
            return
        self._close(one, outcome, attempt)
        if outcome in {"dispute", "already_paid", "hardship", "wrong_person"}:
            self._told(one, outcome)

    def _promise(self, one: Open, attempt: str, agent: Agent) -> None:
        """All that is due, by Friday or within the week: what the rules allow and people say."""
        now = self._house.now()
        loaded = self._house.ledger.load(one.debtor.id)
        if loaded is None:
            return
        voice = tasks.first_voice(loaded.debtor, one.task, self._house, now)
        today = now.astimezone(ZoneInfo(agent.zone)).date()
        due_on = today + timedelta(days=self._chance.of("promised", one.debtor.id, one.task.id).randint(2, 9))
        try:
            tasks.close(
                self._house,
                one.debtor.id,
                one.task.id,
                "promise",
                attempt=attempt,
                amount=voice.due.minor,
                due_on=due_on,
            )
        except InvalidInput:
            self._close(one, "done", attempt)
            return
        self._count("promise")
        person = self._person(loaded.debtor)
        if person is not None:
            self._debtors.promised(person, voice.due.minor, voice.currency, due_on)

    def _put_off(self, one: Open, refusal: Refusal) -> None:
        """The law says not now: the task waits, unless it says never."""
        if refusal.until is None or refusal.until - self._house.now() > timedelta(days=8):
            self._close(one, "done")

    def _close(self, one: Open, disposition: str, attempt: str = "") -> None:
        tasks.close(self._house, one.debtor.id, one.task.id, disposition, attempt=attempt)
        self._count(disposition)

    def _count(self, disposition: str) -> None:
        self.closed[disposition] = self.closed.get(disposition, 0) + 1

    def _told(self, one: Open, what: str) -> None:
        person = self._person(one.debtor)
        kind = {"already_paid": "paid_claim", "paid": "paid_claim"}.get(what, what)
        self._book.told.append(Told(self._house.now(), kind, person.document if person else ""))

    def _person(self, debtor: Debtor) -> Person | None:
        return self._people.get(debtor.personal.national_id.rpartition(":")[2])
