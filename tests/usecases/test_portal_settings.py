"""What a person chooses on their page binds the very next decision; it narrows at will, and widens only what the law leaves to them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision, Wait
from recobro.domain.facts import ChannelStopped, ContactReported, FeedRead, LetterProgressed, TaskOpened
from recobro.domain.task import Task
from recobro.house import House
from recobro.usecases import tasks
from recobro.usecases.release_letters import receive_letter
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_hear_payment import told
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

FORM = [("channel", one) for one in ("whatsapp", "sms", "email", "phone", "push")]
DAYS = [("day", one) for one in ("mon_fri", "sat", "sun")]
NEXT_STEP = datetime(2026, 3, 17, 18, tzinfo=UTC)
"""Noon of the Tuesday after the holiday on which the second early message is due."""


@pytest.fixture
def visitor(known: House) -> Visitor:
    """Somebody who was identified."""
    sent(known, PretendCarrier())
    return Visitor(known, link_to(known)).enter()


def save(visitor: Visitor, *fields: tuple[str, str]) -> Visitor:
    visitor.open("settings")
    hidden = [
        ("form", visitor.html.partition('name="form" value="')[2].partition('"')[0]),
        ("nonce", f"{id(fields):016x}"),
    ]
    return visitor.post("settings", urlencode([*hidden, *fields]).encode())


def decided(visitor: Visitor, at: datetime = NEXT_STEP) -> Decision:
    """What the house would do then, with a fresh feed."""
    person = standing(visitor.home, AMINTA)
    return decide(person, visitor.home.playbook, at)


def fresh(visitor: Visitor, clock: Clock) -> None:
    """Let the week pass, and the creditor's balances be of that day."""
    clock.now = NEXT_STEP
    loaded = visitor.home.ledger.load(AMINTA)
    assert loaded is not None
    visitor.home.ledger.save(loaded, [FeedRead("muebles", NEXT_STEP.date(), "file")], NEXT_STEP)


def test_saving_the_page_reopens_nothing_that_was_refused_elsewhere(visitor: Visitor) -> None:
    """Machine calls were refused in the creditor's file; the page shows the telephone, whose other calls are welcome, as open."""
    change(visitor.home, AMINTA, lambda debtor, now: (ChannelStopped("voice_auto", "creditor"),))
    save(visitor, *FORM, *DAYS, ("language", "en"))

    assert "voice_auto" in standing(visitor.home, AMINTA).stopped


def test_a_channel_that_is_not_ticked_is_not_used(visitor: Visitor, clock: Clock) -> None:
    save(visitor, ("channel", "email"), *DAYS)
    fresh(visitor, clock)
    decision = decided(visitor)

    assert isinstance(decision, Contact)
    assert decision.channel.value == "email"
    assert {"sms", "whatsapp", "voice", "voice_auto"} <= set(standing(visitor.home, AMINTA).stopped)


def test_a_channel_that_is_ticked_again_is_open_again(visitor: Visitor) -> None:
    save(visitor, ("channel", "email"), *DAYS)
    save(visitor, *FORM, *DAYS)

    assert standing(visitor.home, AMINTA).stopped == ()


def test_hours_that_were_chosen_narrow_the_laws(visitor: Visitor, clock: Clock) -> None:
    save(visitor, *FORM, ("day", "mon_fri"), ("opens", "17"), ("closes", "19"))
    fresh(visitor, clock)
    decision = decided(visitor)

    assert isinstance(decision, Wait)
    assert decision.until == datetime(2026, 3, 17, 23, 2, tzinfo=UTC), "17:00 there, and the margin"
    assert "person.hours" in {one.rule for one in decision.refusals}
    assert isinstance(decided(visitor, decision.until), Contact)


def test_a_longer_choice_than_the_law_opens_nothing(visitor: Visitor, clock: Clock) -> None:
    save(visitor, *FORM, *DAYS, ("opens", "07"), ("closes", "21"))
    fresh(visitor, clock)

    assert isinstance(decided(visitor, NEXT_STEP.replace(hour=13, minute=30)), Wait), "07:30 there"


def test_what_the_law_leaves_to_a_person_can_be_allowed_with_its_evidence_and_taken_back(
    visitor: Visitor,
) -> None:
    sunday = datetime(2026, 3, 22, 18, tzinfo=UTC)
    save(visitor, *FORM, *DAYS, ("waiver", "debtor_request"))
    (waiver,) = standing(visitor.home, AMINTA).waivers
    evidence = [
        one for one in visitor.home.ledger.history(AMINTA) if getattr(one.fact, "intent", "") == "settings"
    ]
    content = visitor.home.ledger.content(AMINTA, getattr(evidence[-1].fact, "content", ""))

    assert waiver.is_open(sunday)
    assert content is not None
    assert "fuera de su horario habitual" in content.variables["body"]
    assert content.variables["id"] in waiver.evidence
    save(visitor, *FORM, *DAYS)
    assert not standing(visitor.home, AMINTA).waivers[0].is_open(sunday)


def test_a_waiver_that_no_law_over_the_person_knows_cannot_be_sent(visitor: Visitor) -> None:
    save(
        visitor, *FORM, *DAYS, ("waiver", "separate_instrument_after_contract"), ("waiver", "debtor_consent")
    )

    assert standing(visitor.home, AMINTA).waivers == ()
    assert 'value="debtor_consent"' not in visitor.open("settings").html


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("day", "mon_fri"), ("opens", "18"), ("closes", "19")],
        [("day", "mon_fri"), ("opens", "19"), ("closes", "9")],
        [("day", "mon_fri"), ("opens", "3"), ("closes", "x")],
        [("day", "someday")],
    ],
)
def test_hours_that_leave_too_little_are_asked_again(visitor: Visitor, fields: list[tuple[str, str]]) -> None:
    save(visitor, *FORM, *fields)

    assert visitor.status == 422
    assert not standing(visitor.home, AMINTA).hours


def test_the_language_is_kept_for_messages_and_for_the_page(visitor: Visitor) -> None:
    save(visitor, *FORM, *DAYS, ("language", "pt"))

    assert standing(visitor.home, AMINTA).profile.language == "pt"
    assert "Olá, Aminta" in visitor.text


def test_a_pause_ends_by_itself_and_can_be_ended(visitor: Visitor) -> None:
    visitor.open("pause").send("pause", days="15")
    (hold,) = standing(visitor.home, AMINTA).holds
    assert hold.review_at is not None
    assert timedelta(days=15) <= hold.review_at - visitor.home.now() <= timedelta(days=17)
    assert "En pausa hasta el 24 de marzo" in visitor.open("pause").text
    visitor.send("resume")

    assert standing(visitor.home, AMINTA).holds[0].lifted_at is not None


def test_a_stop_closes_everything_until_the_person_opens_it(visitor: Visitor) -> None:
    visitor.open("pause").send("stop")
    assert standing(visitor.home, AMINTA).stopped == ("*",)
    assert "detenidos" in visitor.open("pause").text
    visitor.send("resume")

    assert standing(visitor.home, AMINTA).stopped == ()


def test_every_contact_is_listed_on_the_persons_own_clock(visitor: Visitor) -> None:
    text = " ".join(visitor.open("contacts").text.split())

    assert "Contactos registrados: 1" in text
    assert "09/03/2026 12:00 SMS …0001 Nosotros Enviado" in text


def test_all_that_we_hold_can_be_taken_home(visitor: Visitor) -> None:
    visitor.open("dispute").send("dispute", debt="muebles/A1", words="no lo reconozco")
    visitor.open("data")
    held = json.loads(visitor.body)

    assert visitor.headers["content-disposition"] == 'attachment; filename="mis-datos.json"'
    assert held["person"]["name"] == "Aminta Prueba"
    assert "key" not in held["person"]
    assert held["record"]["debts"][0]["ref"] == "A1"
    assert {"attempt_claimed", "identity_checked", "hold_placed"} <= {
        one["fact"]["kind"] for one in held["history"]
    }
    assert any(one.get("said", {}).get("body") == "no lo reconozco" for one in held["history"])
    assert held["kept"]["holdings"]


def test_what_an_agent_wrote_of_the_person_is_theirs_to_take_home_too(visitor: Visitor) -> None:
    now = visitor.home.now()
    call = Task("t1", "asks_person", 1, now, now + timedelta(days=1))
    change(visitor.home, AMINTA, lambda debtor, now: (TaskOpened(call),))
    tasks.close(visitor.home, AMINTA, "t1", "done", note="dice que está enferma")
    visitor.open("data")
    held = json.loads(visitor.body)

    (noted,) = (one for one in held["history"] if one["fact"]["kind"] == "task_closed")
    assert noted["said"] == {"body": "dice que está enferma"}


def test_a_contact_with_somebody_of_the_household_is_told_to_nobody_else(visitor: Visitor) -> None:
    """It counts against the household's cap; whom else we write to, and for whom, is that person's affair."""
    mine = standing(visitor.home, AMINTA).attempts[0]
    theirs = replace(mine, id="a" + "9" * 23, by="shared.household", creditor="another creditor")
    change(visitor.home, AMINTA, lambda debtor, now: (ContactReported(theirs),))
    for page in ("contacts", "data"):
        shown = visitor.open(page).html + visitor.body.decode()
        assert "shared" not in shown
        assert "another creditor" not in shown


def test_who_paid_everything_takes_the_creditors_letter_home(visitor: Visitor) -> None:
    told(visitor.home)
    assert "La carta" not in visitor.open().text
    assert "Pedimos a Muebles Luna la carta" in visitor.text
    receive_letter(visitor.home, "muebles/A1", b"%PDF-1.7 finiquito", "ana")
    visitor.open().send("letter", debt="muebles/A1")

    assert visitor.body == b"%PDF-1.7 finiquito"
    assert visitor.headers["content-type"] == "application/pdf"
    assert standing(visitor.home, AMINTA).letters[0].status == "delivered"
    assert visitor.home.ledger.history(AMINTA)[-1].fact == LetterProgressed(
        "muebles/A1", "delivered", by="page"
    )
