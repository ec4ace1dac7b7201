"""A person's objection binds from the moment it is saved, and they hear exactly what is held, what may go, and until when not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from recobro.domain import facts as f
from recobro.domain.claimable import still_claimable
from recobro.domain.contact_point import PointState
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor, Profile
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.eligibility import today_of
from recobro.domain.rights import Holding, Rights
from recobro.domain.settle import settled
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.rights import object_to_use, rights
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor, email, phone
from tests.usecases.test_send import sent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor())
        yield opened


def held(found: Rights, what: str) -> list[Holding]:
    return [one for one in found.holdings if one.what == what]


def would_contact(home: House, person: Debtor) -> bool:
    """Whether something would be sent now, tasks and fresh feeds aside: the objection alone must hold it."""
    today = today_of(person, home.playbook, home.now()).day
    free = replace(person, tasks=(), feeds=dict.fromkeys(person.feeds, today))
    as_of_now, _ = settled(free, home.playbook, home.now())
    return isinstance(decide(as_of_now, home.playbook, home.now()), Contact)


def closed(home: House, status: DebtStatus = DebtStatus.RECALLED) -> None:
    change(home, AMINTA, lambda _, now: (f.DebtStatusChanged("muebles/A1", status),))


def test_while_a_debt_is_open_the_person_is_known_and_after_it_may_be_forgotten(home: House) -> None:
    before = rights(home, AMINTA)
    assert before.open_debts == ("muebles/A1",)
    assert before.all_erasable_from is None
    assert {one.rule for one in before.blocked} == {"debt.open"}

    closed(home)
    after = rights(home, AMINTA)
    assert after.open_debts == ()
    assert {one.what for one in after.erasable} >= {"identity", "point"}
    assert after.all_erasable_from == date(2026, 3, 9)


def test_what_proves_a_contact_is_blocked_as_long_as_the_country_asks(home: House, clock: Clock) -> None:
    sent(home, PretendCarrier())
    closed(home)
    clock.forward(days=400)
    found = rights(home, AMINTA)

    (contacts,) = held(found, "contacts")
    assert (contacts.until, contacts.rule) == (date(2036, 3, 9), "mx-retention")
    assert "our own caution, not law" in contacts.source
    assert held(found, "words")[0].until == date(2036, 3, 9)
    assert [one.until for one in held(found, "identity")] == [date(2036, 3, 9)]
    used, unused = sorted(held(found, "point"), key=lambda one: one.is_erasable)
    assert used.count == 1
    assert unused.count == 0
    assert unused.is_erasable
    assert found.all_erasable_from == date(2036, 3, 10)


def test_on_the_day_after_its_last_it_may_go(home: House, clock: Clock) -> None:
    sent(home, PretendCarrier())
    closed(home)
    clock.forward(days=(date(2036, 3, 9) - date(2026, 3, 9)).days)
    assert held(rights(home, AMINTA), "contacts")[0].until == date(2036, 3, 9)
    clock.forward(days=1)
    assert all(one.is_erasable for one in rights(home, AMINTA).holdings)


def test_traits_and_addresses_that_no_debt_justifies_may_go_at_once() -> None:
    points = (
        phone("p1"),
        phone("p3", provenance="skip_trace"),
        replace(email("p4"), state=PointState.SUPPRESSED),
    )
    person = debtor(points=points)
    profile = replace(person.profile, attributes={"sex": "f", "age_band": "30-39"}, household="h1")
    with house(Clock()) as home:
        settle_in(home, replace(person, profile=profile))
        found = rights(home, AMINTA)

    assert {(one.what, one.which) for one in found.erasable} == {
        ("traits", "age_band, household, sex"),
        ("point", "p3"),
        ("point", "p4"),
    }
    assert {one.source_of for one in held(found, "point")} == {"creditor", "skip_trace"}


@pytest.mark.parametrize(
    ("country", "event"), [("MX", "data_objection_arco"), ("CO", "data_objection"), ("PY", "data_objection")]
)
def test_an_objection_is_recorded_under_the_name_that_the_persons_law_knows(country: str, event: str) -> None:
    person = debtor(country="MX" if country == "MX" else "CO")
    with house(Clock()) as home:
        settle_in(home, replace(person, profile=Profile(country=country, zones=person.profile.zones)))
        object_to_use(home, AMINTA, "letter of 9 March")
        assert event in standing(home, AMINTA).events
        assert rights(home, AMINTA).objected


def test_an_objection_binds_at_once_and_a_person_answers_it(home: House) -> None:
    assert would_contact(home, standing(home, AMINTA))
    task = object_to_use(home, AMINTA, "letter of 9 March")
    person = standing(home, AMINTA)

    assert [one.id for one in person.open_tasks()] == [task]
    assert not would_contact(home, person)
    recorded = [one.fact for one in home.ledger.history(AMINTA)]
    assert any(
        isinstance(one, f.LegalEventHappened) and one.evidence == "letter of 9 March" for one in recorded
    )


def test_an_objection_stops_a_send_that_is_already_queued(home: House, clock: Clock) -> None:
    object_to_use(home, AMINTA, "letter of 9 March")
    carrier = PretendCarrier()

    assert sent(home, carrier).result == "refused"
    assert carrier.asked == []


def test_an_objection_between_claim_and_send_still_stops_it(home: House) -> None:
    claimed: list[Debtor] = []
    playbook, now = home.playbook, home.now()
    sent(home, PretendCarrier(before=lambda: claimed.append(standing(home, AMINTA))))
    (person,) = claimed
    (claim,) = person.attempts
    assert still_claimable(person, claim, playbook, now)
    assert not still_claimable(replace(person, events=("data_objection_arco",)), claim, playbook, now)


def test_objecting_twice_opens_one_task_and_after_its_close_the_objection_still_stands(
    home: House, clock: Clock
) -> None:
    first = object_to_use(home, AMINTA, "letter of 9 March")
    clock.forward(hours=1)
    assert object_to_use(home, AMINTA, "call of 9 March") == first

    closing = f.TaskClosed(first, "no_answer")
    change(home, AMINTA, lambda _, now: (closing,))
    clock.forward(days=1)
    person = standing(home, AMINTA)
    assert not would_contact(home, person)
    assert would_contact(home, replace(person, events=()))


@pytest.mark.parametrize(
    "evidence",
    [
        "mail from aminta@example.com of 9 March",
        "call from +52 55 5010 0001",
        "letter of AMINTA PRUEBA",
        "CURP XEXX010101MNEXXXA8",
    ],
)
def test_evidence_that_would_name_the_person_for_good_is_refused(home: House, evidence: str) -> None:
    """The chain outlives an erasure, and holds no word that names anybody."""
    known = standing(home, AMINTA).personal
    points = {"p1": "+525550100001", "p2": "aminta@example.com"}
    named = replace(known, name="Aminta Prueba", national_id="MX:CURP:XEXX010101MNEXXXA8", points=points)
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    personal = replace(loaded.debtor, personal=named)
    home.ledger.save(loaded, (f.PersonalChanged("digest"),), home.now(), debtor=personal)

    with pytest.raises(InvalidInput, match="name the letter, not the person"):
        object_to_use(home, AMINTA, evidence)
    assert not rights(home, AMINTA).objected
    object_to_use(home, AMINTA, "letter of 9 March, file 12")


def test_an_objection_without_proof_or_person_is_refused(home: House) -> None:
    with pytest.raises(InvalidInput, match="evidence"):
        object_to_use(home, AMINTA, "  ")
    with pytest.raises(NotFound):
        object_to_use(home, "d" + "9" * 23, "letter")
    with pytest.raises(NotFound):
        rights(home, "d" + "9" * 23)
