"""What a person writes beside a form of the page is read like a message: a refusal binds at once, and nothing is read by nobody."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import recobro
from recobro.domain.contact_point import PointState
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.facts import ConversationMoved, DebtRecorded, FeedRead, ReplyOwed
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone
from tests.usecases.test_portal_answering import said
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

PHONE = "+525550100001"
NO_MORE = "No me vuelvan a contactar nunca más, quiero darme de baja"
FORMS = ("paid", "dispute", "hardship", "person", "complain")
SISTER = "d" + "0" * 22 + "2"


@pytest.fixture
def visitor(known: House) -> Visitor:
    """Somebody who was identified."""
    sent(known, PretendCarrier())
    return Visitor(known, link_to(known)).enter()


def write(visitor: Visitor, form: str, words: str, debt: str = "muebles/A1") -> Visitor:
    fields = {"debt": debt} if form == "dispute" else {}
    return visitor.open(form).send(form, words=words, **fields)


def tasks(home: House) -> list[str]:
    return [one.reason for one in standing(home, AMINTA).open_tasks()]


def holds(home: House) -> list[str]:
    return [one.reason.value for one in standing(home, AMINTA).holds]


def would_contact(home: House, clock: Clock) -> bool:
    """Whether the machine would write in two weeks, with balances of that day."""
    clock.forward(days=15)
    change(home, AMINTA, lambda debtor, now: (FeedRead("muebles", now.date(), "file"),))
    return isinstance(decide(standing(home, AMINTA), home.playbook, home.now()), Contact)


def test_who_says_paid_and_asks_to_be_left_alone_in_one_breath_is_heard_or_read(
    visitor: Visitor, known: House
) -> None:
    write(visitor, "paid", "ya pagué y dejan de molestar")
    person = standing(known, AMINTA)

    assert person.points[0].state is not PointState.ACTIVE or person.stopped or tasks(known)


@pytest.mark.parametrize("form", FORMS)
def test_whoever_refuses_in_the_words_of_any_form_is_not_contacted_again(
    visitor: Visitor, clock: Clock, form: str
) -> None:
    write(visitor, form, NO_MORE)
    person = standing(visitor.home, AMINTA)

    assert "No le escribiremos más" in visitor.text
    assert person.stopped == ("*",)
    assert (person.points[0].state, person.points[0].reason) == (PointState.SUPPRESSED, "opt_out")
    assert visitor.home.suppressions.reason(person.points[0].id) == "opt_out"
    assert not would_contact(visitor.home, clock)


def test_who_paid_and_wants_no_more_messages_is_left_in_peace_for_both(visitor: Visitor) -> None:
    write(visitor, "paid", f"Ya pagué. {NO_MORE}")

    assert holds(visitor.home) == ["already_paid"]
    assert standing(visitor.home, AMINTA).stopped == ("*",)


def test_an_address_refused_on_the_page_is_closed_for_everybody_who_has_it(visitor: Visitor) -> None:
    home = visitor.home
    settle_in(home, replace(debtor(points=(replace(phone(), id=home.keys.point(PHONE)),)), id=SISTER))
    write(visitor, "paid", NO_MORE)

    assert standing(home, SISTER).points[0].state is PointState.SUPPRESSED
    assert standing(home, SISTER).stopped == (), "what else she has is hers to close"


def test_a_channel_refused_beside_a_payment_is_closed_and_the_others_stay_open(visitor: Visitor) -> None:
    write(visitor, "paid", "dejen de llamarme")

    assert set(standing(visitor.home, AMINTA).stopped) == {"voice", "voice_auto", "voicemail"}
    assert holds(visitor.home) == ["already_paid"]


@pytest.mark.parametrize(
    ("words", "hold", "task"),
    [
        ("mi esposo falleció en enero", "deceased", "deceased"),
        ("no reconozco ese contrato", "dispute", "dispute"),
        ("me quedé sin trabajo", "hardship", "hardship"),
    ],
)
def test_what_is_told_beside_a_payment_rests_and_brings_a_person_in(
    visitor: Visitor, words: str, hold: str, task: str
) -> None:
    write(visitor, "paid", words)

    assert set(holds(visitor.home)) == {"already_paid", hold}
    assert tasks(visitor.home) == [task]


def test_a_complaint_beside_another_form_is_numbered_and_the_person_is_told(visitor: Visitor) -> None:
    write(visitor, "paid", "me llamaron a las 11 de la noche y me insultaron")
    (task,) = standing(visitor.home, AMINTA).open_tasks()

    assert task.reason == "complaint"
    assert task.step.partition(":")[2] in visitor.text


def test_somebody_else_at_the_address_is_believed_there_too(visitor: Visitor) -> None:
    write(visitor, "complain", "no soy esa persona, se equivocan")

    assert standing(visitor.home, AMINTA).points[0].state is PointState.BAD


def test_what_may_be_a_refusal_is_read_by_a_person_before_anything_goes_on(
    visitor: Visitor, clock: Clock
) -> None:
    write(visitor, "paid", "paguei, parem de me mandar mensagens")

    assert tasks(visitor.home) == ["read_message"]
    assert standing(visitor.home, AMINTA).stopped == ()
    assert not would_contact(visitor.home, clock)


def test_whoever_takes_the_forms_own_task_reads_its_words_and_nobody_else_is_asked_to(
    visitor: Visitor,
) -> None:
    write(visitor, "dispute", "No es mi firma, paguei, parem de me mandar mensagens")

    assert "dispute" in tasks(visitor.home)
    assert "read_message" not in tasks(visitor.home)


@pytest.mark.parametrize("words", ["", "  ", "pagué ayer por transferencia", "el lunes en la tienda"])
def test_when_and_how_somebody_paid_needs_nobody(visitor: Visitor, words: str) -> None:
    write(visitor, "paid", words)

    assert tasks(visitor.home) == []
    assert standing(visitor.home, AMINTA).promises == ()


def test_the_words_of_a_dispute_contest_no_more_than_was_chosen(visitor: Visitor) -> None:
    home = visitor.home
    change(home, AMINTA, lambda debtor, now: (DebtRecorded(debt("Z9")),))
    write(visitor, "dispute", "no reconozco esa deuda, yo no compré eso", debt="muebles/Z9")

    assert [one.debts for one in standing(home, AMINTA).holds] == [("muebles/Z9",)]


def test_the_same_words_sent_twice_are_said_once(visitor: Visitor) -> None:
    form = visitor.open("paid").html
    visitor.send("paid", words=f"Ya pagué. {NO_MORE}")
    version = standing(visitor.home, AMINTA).version
    visitor.html = form
    visitor.send("paid", words=f"Ya pagué. {NO_MORE}")

    assert standing(visitor.home, AMINTA).version == version


@pytest.mark.parametrize("is_asked_already", [False, True])
def test_what_is_added_to_a_dispute_that_stands_is_kept_and_read(
    visitor: Visitor, *, is_asked_already: bool
) -> None:
    home = visitor.home
    write(visitor, "dispute", "no reconozco esa deuda")
    if is_asked_already:
        receive_message(home, Inbound("in-1", "sms", PHONE, "asdf qwer zxcv", home.now()))
    write(visitor, "dispute", "tampoco reconozco los intereses")

    assert said(visitor)[-1] == "tampoco reconozco los intereses"
    assert "read_message" in tasks(home)


def test_the_page_answers_by_itself_and_leaves_a_talk_elsewhere_as_it_was(visitor: Visitor) -> None:
    home = visitor.home
    receive_message(home, Inbound("in-1", "whatsapp", PHONE, "hola", home.now()))
    before = standing(home, AMINTA)
    write(visitor, "paid", f"Ya pagué. {NO_MORE}")
    added = [one.fact for one in home.ledger.history(AMINTA) if one.version > before.version]

    assert standing(home, AMINTA).failed_identity == before.failed_identity
    assert not [one for one in added if isinstance(one, ReplyOwed | ConversationMoved)]


def test_the_page_loads_what_reads_words_only_for_words() -> None:
    """A cold start would take longer for everybody who writes nothing."""
    shown = "import sys; import recobro.usecases.debtor_portal; print('recobro.understanding.weights' in sys.modules)"
    root = Path(recobro.__path__[0]).parent
    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", shown], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
