"""What a person allows opens what the law leaves to them, as long as they said, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.channel import Channel, Kind
from recobro.domain.debtor import Debtor
from recobro.domain.refusal import Refusal
from recobro.domain.task import Task
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases import tasks
from recobro.usecases.allow import allow, call_back, take_back, waivers_known
from recobro.usecases.explain import explain
from recobro.usecases.saving import change
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone

EVENING = datetime(2026, 3, 10, 3, tzinfo=UTC)
"""Monday 9 March 2026, 21:00 in Mexico City: after the policy's hours, before 22:00."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor(debt(due_on=date(2026, 2, 20))))
        yield opened


FLORIDIAN = "d" + "0" * 22 + "2"


def settle_floridian(home: House) -> None:
    """A person in Florida, whose own law adds hours and no caps, with one mobile phone."""
    person = debtor(debt(due_on=date(2026, 2, 20)), points=(replace(phone(), line="mobile"),))
    profile = replace(person.profile, country="US", subdivision="FL", zones=("America/New_York",))
    settle_in(home, replace(person, id=FLORIDIAN, profile=profile))


def asked_for(home: House, debtor_id: str = AMINTA, hours: float = 1) -> str:
    now = home.now()
    return call_back(home, debtor_id, now, now + timedelta(hours=hours), "WhatsApp of 9 March")


def test_a_call_that_the_person_asked_for_is_made_at_their_hour(home: House, clock: Clock) -> None:
    clock.now = EVENING
    task = asked_for(home)
    attempt = tasks.call(home, AMINTA, task, "ana")

    assert isinstance(attempt, str)
    assert standing(home, AMINTA).attempts[0].kind is Kind.CONSENTED_CALLBACK


def test_what_was_asked_for_is_one_call_and_not_two(home: House, clock: Clock) -> None:
    clock.now = EVENING
    task = asked_for(home)
    tasks.call(home, AMINTA, task, "ana")
    again = tasks.call(home, AMINTA, task, "ana")

    assert isinstance(again, Refusal)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_call_that_was_asked_for_is_no_leave_to_call_at_another_hour(
    home: House, clock: Clock, hours: int
) -> None:
    clock.now = EVENING + timedelta(hours=max(0, -hours))
    since = EVENING + timedelta(hours=2)
    task = call_back(home, AMINTA, since, since + timedelta(hours=1), "call a91c")
    clock.now = since + timedelta(hours=hours)
    answer = tasks.call(home, AMINTA, task, "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule.startswith("mx-")


def test_where_the_law_wants_more_than_a_wish_the_hours_stay_closed(home: House, clock: Clock) -> None:
    voice = phone(authorised=(Channel.VOICE,), provenance="debtor_authorised")
    settle_in(home, replace(debtor(debt(due_on=date(2026, 2, 20)), points=(voice,), country="CO"), id="d2"))
    clock.now = EVENING
    task = asked_for(home, "d2")
    answer = tasks.call(home, "d2", task, "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "co-hours"


BRITON = "d" + "0" * 22 + "3"


def settle_briton(home: House, *lines: str) -> None:
    """A person in London with a phone on each of these lines, named after it."""
    points = tuple(replace(phone(line), line=line) for line in lines)
    person = debtor(debt(due_on=date(2026, 2, 20)), points=points)
    profile = replace(person.profile, country="GB", subdivision="ENG", zones=("Europe/London",))
    settle_in(home, replace(person, id=BRITON, profile=profile))


def test_who_asks_to_be_called_is_not_called_at_work_where_another_number_is_known(home: House) -> None:
    settle_briton(home, "work", "mobile")
    tasks.call(home, BRITON, asked_for(home, BRITON), "ana")

    assert [one.point for one in standing(home, BRITON).attempts] == ["mobile"]


def test_asking_to_be_called_is_no_request_to_be_called_at_work(home: House) -> None:
    settle_briton(home, "work")
    answer = tasks.call(home, BRITON, asked_for(home, BRITON), "ana")

    assert isinstance(answer, Refusal)
    assert answer.rule == "gb-workplace"


def test_who_asked_to_be_called_at_work_is_called_there(home: House) -> None:
    settle_briton(home, "work")
    allow(home, BRITON, "debtor_request", "letter of 2 March: call me at the office")
    tasks.call(home, BRITON, asked_for(home, BRITON), "ana")

    assert [one.point for one in standing(home, BRITON).attempts] == ["work"]


def test_in_the_united_states_a_call_asked_for_is_none_of_the_seven_and_breaks_no_rest(
    home: House, clock: Clock
) -> None:
    settle_floridian(home)
    talk = ContactAttempt(
        "a1", StepKey(0, "reported", "x"), 1, "muebles", Channel.VOICE, "p1", clock.now - timedelta(days=2), "",
        clock.now, debts=("muebles/A1",), status=AttemptStatus.ANSWERED, outcome="conversation",
    )  # fmt: skip
    other = Task("t9", "call", 1, clock.now, clock.now)
    change(home, FLORIDIAN, lambda debtor, now: (f.AttemptClaimed(talk), f.TaskOpened(other)))
    refused = tasks.call(home, FLORIDIAN, "t9", "ana")
    task = asked_for(home, FLORIDIAN)

    assert isinstance(refused, Refusal)
    assert refused.rule == "us-conversation"
    assert isinstance(tasks.call(home, FLORIDIAN, task, "ana"), str)


def test_a_waiver_opens_its_hours_until_its_end(home: House, clock: Clock) -> None:
    allow(home, AMINTA, "debtor_request", "form 12", until=EVENING + timedelta(days=1))

    def closed_by_hours(at: datetime) -> bool:
        found = explain(home, AMINTA, at)
        return any(
            one.rule == "mx-policy-hours"
            for voice in found.voices
            for way in voice.ways
            for one in way.refusals
        )

    assert not closed_by_hours(EVENING)
    assert closed_by_hours(EVENING + timedelta(days=1))


def test_what_is_taken_back_binds_at_once(home: House, clock: Clock) -> None:
    allow(home, AMINTA, "debtor_request", "form 12")
    take_back(home, AMINTA, "debtor_request", "said so")

    assert not standing(home, AMINTA).waivers[0].is_open(clock.now)
    with pytest.raises(NotFound):
        take_back(home, AMINTA, "debtor_request", "said so")


def test_a_waiver_that_no_law_knows_or_nothing_proves_is_refused(home: House) -> None:
    with pytest.raises(InvalidInput) as unknown:
        allow(home, AMINTA, "anything_goes", "form 12")
    with pytest.raises(InvalidInput) as unproved:
        allow(home, AMINTA, "debtor_request", "  ")
    with pytest.raises(InvalidInput) as over:
        allow(home, AMINTA, "debtor_request", "form 12", until=home.now())

    assert (unknown.value.field, unproved.value.field, over.value.field) == ("waiver", "evidence", "until")
    assert "debtor_request" in unknown.value.fix


@pytest.mark.parametrize(("since", "until"), [(1, 1), (1, 6), (-3, -2)])
def test_a_call_back_has_a_beginning_an_end_to_come_and_four_hours_at_most(
    home: House, since: int, until: int
) -> None:
    now = home.now()
    with pytest.raises(InvalidInput) as refused:
        call_back(home, AMINTA, now + timedelta(hours=since), now + timedelta(hours=until), "call a91c")
    assert refused.value.field == "until"


def test_the_same_wish_twice_is_one_call(home: House) -> None:
    assert asked_for(home) == asked_for(home)
    assert len(standing(home, AMINTA).call_backs) == 1


def test_what_may_be_allowed_is_what_the_laws_over_the_person_leave_to_them(home: House) -> None:
    def known(person: Debtor) -> frozenset[str]:
        return waivers_known(home, person)

    assert known(debtor()) == {"debtor_request"}
    assert known(debtor(country="CO")) >= {"separate_instrument_after_contract"}
    assert "debtor_request" not in known(debtor(country="CO"))
