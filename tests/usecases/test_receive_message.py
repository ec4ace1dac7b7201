"""What people answer binds before anything else happens, is done or handed over, and reaches somebody."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.lookups import sent_as
from recobro.adapters.state_record import key
from recobro.domain.attempt import AttemptStatus
from recobro.domain.contact_point import PointState
from recobro.domain.facts import AttemptClaimed, AttemptProgressed, PersonalChanged, PlanMoved, TaskOpened
from recobro.domain.hold import HoldReason
from recobro.domain.identity import TRIES, is_locked
from recobro.domain.playbook import Switches
from recobro.domain.promise import PromiseStatus
from recobro.domain.task import Task
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Inbound, Sent
from recobro.usecases import tasks
from recobro.usecases.journal import journal
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from recobro.usecases.send import send
from tests.house import Clock, PretendCarrier, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone
from tests.usecases.test_send import sent

PHONE = "+525550100001"
SISTER = "d" + "0" * 22 + "2"


def message(home: House, body: str, ident: str = "", sender: str = PHONE, **more: Any) -> str:
    channel = more.pop("channel", "sms")
    told = Inbound(ident or f"in-{body}", channel, sender, body, home.now(), **more)
    return receive_message(home, told).intent


def reply(home: House, channel: str = "sms") -> str:
    """What goes out next by that channel; empty: nothing."""
    carrier = PretendCarrier()
    outcome = sent(home, carrier, channel)
    assert outcome.result == "sent" or not carrier.asked, outcome
    return carrier.asked[0].body if carrier.asked else ""


def test_an_opt_out_binds_the_address_is_confirmed_once_and_then_there_is_silence(known: House) -> None:
    assert message(known, "BAJA") == "opt_out"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    assert known.suppressions.reason(known.keys.point(PHONE)) == "opt_out"

    assert "no le escribiremos mas por SMS" in reply(known)
    assert reply(known) == ""
    message(known, "BAJA", "in-2")
    assert reply(known) == ""  # asked again, it stands; nothing else goes out


@pytest.mark.parametrize("word", ["CANCEL", "Optout", "TD", "end", "QUIT", "REVOKE", "UNSUBSCRIBE"])
def test_a_word_at_which_the_carrier_itself_stops_binds_us_and_whoever_is_imported_there(
    known: House, word: str
) -> None:
    assert message(known, word) == "opt_out"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    with pytest.raises(NotFound):
        message(known, word, "in-2", "+525550100777")
    assert known.suppressions.reason(known.keys.point("+525550100777")) == "opt_out"


def test_mexicos_old_one_before_the_number_is_the_same_phone(known: House) -> None:
    assert message(known, "baja", sender="+5215550100001") == "opt_out"


def test_a_wrong_person_spoils_the_pair_and_the_law_lets_nothing_more_be_said_there(known: House) -> None:
    assert message(known, "no soy yo, se equivocaron") == "wrong_person"
    person = standing(known, AMINTA)

    assert person.points[0].state is PointState.BAD
    assert known.suppressions.reason(person.points[0].id) == ""
    assert reply(known) == ""


def test_a_promise_is_taken_answered_and_keeps_us_quiet(known: House) -> None:
    assert message(known, "el viernes te pago") == "promise"
    (promise,) = standing(known, AMINTA).promises

    assert (promise.amount, promise.due_on, promise.channel) == (150_000, date(2026, 3, 13), "sms")
    answer = reply(known)
    assert "viernes, 13 de marzo" in answer
    assert "1,500" not in answer  # an SMS may be read by anybody
    assert sent(known, PretendCarrier()).reason == "promise.open"


def test_the_same_message_told_twice_is_recorded_and_answered_once(known: House) -> None:
    message(known, "el viernes te pago", "in-1")
    version = standing(known, AMINTA).version
    assert message(known, "el viernes te pago", "in-1") == "repeated"

    assert standing(known, AMINTA).version == version
    assert reply(known)
    assert reply(known) == ""


def test_what_was_asked_on_one_channel_may_be_answered_on_another(known: House) -> None:
    message(known, "pago la mitad el lunes")
    reply(known)

    message(known, "mejor el jueves 12", channel="email", sender="aminta@example.com")
    (promise,) = standing(known, AMINTA).promises
    assert (promise.amount, promise.due_on) == (75_000, date(2026, 3, 12))


def test_a_day_that_could_be_two_is_asked_and_yes_settles_it(known: House) -> None:
    message(known, "pago la mitad el lunes")
    assert "16 de marzo" in reply(known)
    message(known, "sí")
    (promise,) = standing(known, AMINTA).promises

    assert (promise.amount, promise.due_on) == (75_000, date(2026, 3, 16))


@pytest.mark.parametrize(
    "said", ["el lunes o el martes te pago", "si me depositan el martes te pago", "te pago en la quincena"]
)
def test_a_promise_in_doubt_as_a_whole_is_asked_and_not_written_down(known: House, said: str) -> None:
    message(known, said)

    assert standing(known, AMINTA).promises == ()
    assert "Para no equivocarnos" in reply(known)


def test_a_yes_to_the_day_settles_no_amount_that_nobody_confirmed(known: House) -> None:
    message(known, "te pago 500 o 600 el martes")
    assert "por una parte?" in reply(known)
    message(known, "600")
    assert "acomoda?" in reply(known)
    message(known, "el martes")
    (promise,) = standing(known, AMINTA).promises

    assert (promise.amount, promise.due_on) == (60_000, date(2026, 3, 10))


def test_a_no_to_the_day_asks_for_the_right_one(known: House) -> None:
    message(known, "pago la mitad el lunes")
    reply(known)
    message(known, "no")

    assert "acomoda" in reply(known)
    message(known, "mejor el jueves 12")
    assert standing(known, AMINTA).promises[0].due_on == date(2026, 3, 12)


@pytest.mark.parametrize(
    "words",
    [
        "claro que no le pago",
        "sí soy su hija",
        "ok pero no tengo trabajo",
        "sí pero quiero hablar con una persona",
    ],
)
def test_a_yes_with_a_but_to_the_day_is_no_promise_and_the_but_is_heard(known: House, words: str) -> None:
    message(known, "te pago en la quincena")
    assert "domingo" in reply(known)
    message(known, words)
    person = standing(known, AMINTA)

    assert person.promises == ()
    assert person.open_tasks() or person.holds


@pytest.mark.parametrize(
    "words", ["me operan el viernes", "el viernes tengo audiencia", "háblame el viernes"]
)
def test_a_day_by_the_way_is_no_promise_because_we_asked_which(known: House, words: str) -> None:
    message(known, "cuando me paguen te pago")
    reply(known)
    message(known, words)

    assert standing(known, AMINTA).promises == ()


@pytest.mark.parametrize(
    "words",
    [
        "no le voy a pagar ese dia",
        "ese dia no le pago",
        "voy a pagar pero no ese dia",
        "le pago otro dia",
        "despues le pago",
        "le voy a pagar pero mas adelante",
        "mejor le pago la mitad",
    ],
)
def test_the_day_that_we_proposed_is_taken_by_a_yes_alone_and_asked_for_otherwise(
    known: House, words: str
) -> None:
    message(known, "te pago en la quincena")
    reply(known)
    message(known, words)

    assert standing(known, AMINTA).promises == ()
    assert "acomoda?" in reply(known)


@pytest.mark.parametrize("words", ["si", "Sí, claro", "1"])
def test_a_yes_takes_the_day_that_we_proposed(known: House, words: str) -> None:
    message(known, "te pago en la quincena")
    reply(known)
    message(known, words)

    assert [one.due_on for one in standing(known, AMINTA).promises] == [date(2026, 3, 15)]


@pytest.mark.parametrize("words", ["cuanto es todo?", "cuanto es la mitad?", "cuánto es la mitad"])
def test_who_asks_how_much_a_share_is_has_not_promised_it(known: House, words: str) -> None:
    message(known, "te pago algo el viernes")
    reply(known)
    message(known, words)

    assert standing(known, AMINTA).promises == ()
    assert standing(known, AMINTA).replies[-1].words == "reply_see_page"


@pytest.mark.parametrize("words", ["despues le pago", "el lunes 16", "en la quincena"])
def test_who_is_asked_how_much_and_names_no_sum_has_not_promised_everything(known: House, words: str) -> None:
    message(known, "te pago algo el viernes")
    reply(known)
    message(known, words)

    assert standing(known, AMINTA).promises == ()
    assert standing(known, AMINTA).conversation.awaits == "amount"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("te pago en la quincena", "si"),
        ("te pago en la quincena", "ok"),
        ("te pago algo el viernes", "500"),
        ("cuando me paguen te pago", "ok"),
    ],
)
def test_an_answer_that_comes_a_day_late_reaches_a_person(
    known: House, clock: Clock, asked: str, words: str
) -> None:
    message(known, asked)
    reply(known)
    clock.forward(hours=25)
    message(known, words)

    assert standing(known, AMINTA).promises == ()
    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == ["read_message"]


def test_thanks_a_day_after_a_talk_that_asked_nothing_need_nobody(known: House, clock: Clock) -> None:
    message(known, "el viernes te pago")
    reply(known)
    clock.forward(hours=25)
    message(known, "gracias")

    assert standing(known, AMINTA).tasks == ()


@pytest.mark.parametrize("words", ["quiero pagar, como le hago?", "cuanto debo?", "quiero un plan de pagos"])
def test_who_asks_after_an_opt_out_is_heard_by_a_person_though_nothing_more_goes_out_there(
    known: House, words: str
) -> None:
    message(known, "BAJA")
    reply(known)
    message(known, words)
    person = standing(known, AMINTA)

    assert reply(known) == ""
    assert [one.reason for one in person.open_tasks()] == ["read_message"]
    assert [one.words for one in person.replies] == ["optout_confirmation"]


def test_a_day_too_far_names_the_furthest_and_writes_nothing_down(known: House) -> None:
    message(known, "te pago el 30 de abril")

    assert "24 de marzo" in reply(known)
    assert standing(known, AMINTA).promises == ()


def test_a_new_date_takes_the_place_of_the_old_one(known: House) -> None:
    message(known, "el viernes te pago")
    message(known, "mejor te pago el 17 de marzo")

    assert [one.status for one in standing(known, AMINTA).promises] == [
        PromiseStatus.VOID,
        PromiseStatus.OPEN,
    ]


def test_already_paid_pauses_and_asks_for_proof_and_the_picture_is_the_proof(known: House) -> None:
    assert message(known, "ya pagué ayer en la tienda") == "already_paid"
    assert "comprobante" in reply(known)
    message(known, "", "pic-1", kind="image", media="media-1")
    person = standing(known, AMINTA)

    assert {one.reason for one in person.holds} == {HoldReason.ALREADY_PAID}
    assert [one.reason for one in person.open_tasks()] == ["payment_proof"]
    assert not person.holds[-1].resumes


@pytest.mark.parametrize(
    ("body", "reason", "task"),
    [
        ("ese cargo no lo reconozco", HoldReason.DISPUTE, "dispute"),
        ("me quedé sin trabajo, no puedo ahorita", HoldReason.HARDSHIP, "hardship"),
        ("el señor falleció hace un mes", HoldReason.DECEASED, "deceased"),
    ],
)
def test_what_needs_rest_is_held_and_a_person_is_asked(
    known: House, body: str, reason: HoldReason, task: str
) -> None:
    message(known, body)
    person = standing(known, AMINTA)

    assert [one.reason for one in person.holds] == [reason]
    assert [one.reason for one in person.open_tasks()] == [task]


def test_nothing_is_said_to_the_heirs(known: House) -> None:
    message(known, "el señor falleció hace un mes")

    assert reply(known) == ""


def test_a_complaint_is_acknowledged_with_its_number_and_its_day(known: House) -> None:
    assert message(known, "quiero poner una queja por su trato") == "complaint"
    (task,) = standing(known, AMINTA).open_tasks()
    answer = reply(known)

    assert task.step.removeprefix("complaint:") in answer
    assert "17 de marzo" in answer


def test_who_asks_for_a_person_gets_one_and_the_machine_keeps_quiet(known: House) -> None:
    assert message(known, "quiero hablar con alguien") == "asks_person"
    assert "persona" in reply(known)
    message(known, "hola?")

    assert reply(known) == ""
    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == ["asks_person"]


def test_what_we_do_not_understand_reaches_a_person_once_and_costs_nobody_an_address(known: House) -> None:
    message(known, "asdf qwer zxcv")
    message(known, "qwer asdf")
    person = standing(known, AMINTA)

    assert [one.reason for one in person.tasks] == ["read_message"]
    assert {one.state for one in person.points} == {PointState.ACTIVE}
    assert "persona" in reply(known)
    assert reply(known) == ""


LETTER = "Les cuento cómo estamos en casa con lo del taller. " * 60


@pytest.mark.parametrize(
    "letter",
    [
        f"No me escriban más. {LETTER}",
        f"{LETTER} No me escriban más. {LETTER}",
        f"{LETTER} No me escriban más.",
    ],
)
def test_who_refuses_anywhere_in_a_letter_is_left_in_peace_at_once_and_a_person_reads_it(
    known: House, letter: str
) -> None:
    assert message(known, letter) == "opt_out"
    person = standing(known, AMINTA)

    assert person.points[0].state is PointState.SUPPRESSED
    assert [one.reason for one in person.tasks] == ["read_message"]


@pytest.mark.parametrize("end", ["", " No me escriban más."])
def test_a_letter_that_begins_with_a_promise_is_read_by_a_person_before_anybody_writes_again(
    known: House, end: str
) -> None:
    """Its first 2,000 characters were taken for all of it: what stood behind them reached nobody."""
    message(known, f"Pago el viernes. {LETTER}{end}")
    person = standing(known, AMINTA)

    assert [one.reason for one in person.tasks] == ["read_message"]
    assert not person.promises
    reply(known)
    assert sent(known, PretendCarrier()).result == "refused"


def test_who_may_be_somebody_else_is_told_nothing_until_a_person_has_read_it(known: House) -> None:
    assert message(known, "y ese quién será") == "wrong_person"
    person = standing(known, AMINTA)

    assert [one.reason for one in person.tasks] == ["read_message"]
    assert {one.state for one in person.points} == {PointState.ACTIVE}
    assert sent(known, PretendCarrier()).result == "refused"


DOUBTED = "ya no me este mandando tanto mensaje joven, el dia 10 que cobro mi pension le llevo su dinero completo al banco"
"""A refusal that a rule hears and nothing else bears out: a person decides."""


def test_a_refusal_in_doubt_takes_nobody_off_and_keeps_everything_quiet_until_it_is_read(
    known: House,
) -> None:
    message(known, DOUBTED)
    person = standing(known, AMINTA)

    assert [one.reason for one in person.open_tasks()] == ["read_message"]
    assert person.points[0].state is PointState.ACTIVE
    assert person.replies == ()
    assert sent(known, PretendCarrier()).result == "refused"


def test_the_end_is_confirmed_once_however_often_it_is_asked_for(known: House) -> None:
    message(known, "STOP")
    assert reply(known)
    message(known, "STOP!! ya")

    assert reply(known) == ""


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_an_answer_proves_that_its_message_left_though_its_sender_died(known: House, clock: Clock) -> None:
    def taken() -> None:
        raise Died

    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken))
    clock.forward(seconds=20)
    message(known, "ya voy")
    person = standing(known, AMINTA)
    mark = person.episodes[-1].mark_of(person.attempts[-1].step.mark)

    assert mark is not None
    assert mark.how == "sent"


def test_a_message_from_nobody_we_know_waits_in_the_review_queue(known: House) -> None:
    with pytest.raises(NotFound):
        message(known, "hola", sender="+525550109999")


ALIAS = "aminta.personal@example.org"
OUR_MAIL = "0100abc-000000"


def mailed(home: House, clock: Clock) -> str:
    """Our mail reached her, and is read in another mailbox. Returns the point it was sent to."""
    taken = Sent("accepted", provider_id=OUR_MAIL)
    sent(home, PretendCarrier(Sent("refused", code="INVALID", then="suppress")))
    clock.forward(minutes=15)
    assert sent(home, PretendCarrier(taken), "email").result == "sent"
    home.lookups.add(sent_as(OUR_MAIL), AMINTA)
    return standing(home, AMINTA).attempts[-1].point


def answer(home: House, body: str, ident: str = "", replies_to: str = OUR_MAIL, **more: Any) -> str:
    return message(home, body, ident, ALIAS, channel="email", replies_to=replies_to, **more)


@pytest.mark.parametrize("is_vouched", [True, False])
def test_an_opt_out_from_a_mailbox_that_our_mail_was_passed_on_to_closes_both(
    known: House, clock: Clock, *, is_vouched: bool
) -> None:
    point = mailed(known, clock)
    assert answer(known, "BAJA", is_vouched=is_vouched) == "opt_out"
    person = standing(known, AMINTA)

    there = person.point(point)
    assert there is not None
    assert there.state is PointState.SUPPRESSED
    assert known.suppressions.reason(point) == "opt_out"
    assert known.suppressions.reason(known.keys.point(ALIAS)) == "opt_out"
    assert (person.replies, list(person.open_tasks())) == ((), [])
    assert answer(known, "BAJA") == "repeated"


def test_an_opt_out_from_a_strange_mailbox_is_everybodys_who_has_the_one_we_wrote_to(
    known: House, clock: Clock
) -> None:
    point = mailed(known, clock)
    there = standing(known, AMINTA).point(point)
    assert there is not None
    settle_in(known, replace(debtor(debt("C1"), points=(there,)), id=SISTER))
    answer(known, "BAJA")

    assert standing(known, SISTER).points[0].state is PointState.SUPPRESSED


def test_an_opt_out_under_a_mail_that_the_record_forgot_is_heard_all_the_same(
    known: House, clock: Clock
) -> None:
    point = mailed(known, clock)
    clock.forward(days=50)
    change(known, AMINTA, lambda one, now: [PlanMoved("drill", now)])
    client = known.client("dynamodb")
    item = client.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    journal(known, JournalItems(client, "ledger"), item)
    assert not any(one.provider_id == OUR_MAIL for one in standing(known, AMINTA).attempts)
    answer(known, "BAJA")

    assert known.suppressions.reason(point) == "opt_out"


def test_not_me_from_a_strange_mailbox_spoils_the_one_we_wrote_to(known: House, clock: Clock) -> None:
    point = mailed(known, clock)
    answer(known, "no soy yo, se equivocaron")
    there = standing(known, AMINTA).point(point)

    assert there is not None
    assert there.state is PointState.BAD
    assert known.suppressions.reason(point) == ""
    assert standing(known, AMINTA).replies == ()


@pytest.mark.parametrize(
    "said",
    ["el viernes te pago", "cuánto debo", "sí", "ya pagué", "no debo eso", "hola, soy Aminta Prueba 1985"],
)
def test_whatever_else_comes_from_a_strange_mailbox_binds_nobody_is_told_nothing_and_a_person_reads_it(
    known: House, clock: Clock, said: str
) -> None:
    mailed(known, clock)
    answer(known, said)
    person = standing(known, AMINTA)

    assert [one.reason for one in person.open_tasks()] == ["read_message"]
    assert (person.promises, person.holds, person.replies) == ((), (), ())
    assert not person.conversation.is_identified(person.attempts[-1].point, known.now())
    assert reply(known, "email") == ""


def test_what_is_said_beside_an_opt_out_from_a_strange_mailbox_a_person_reads(
    known: House, clock: Clock
) -> None:
    point = mailed(known, clock)
    answer(known, "ya pagué y dejen de mandarme mensajes")

    assert known.suppressions.reason(point) == "opt_out"
    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == ["read_message"]
    assert standing(known, AMINTA).holds == ()


def test_who_names_no_message_of_ours_or_one_of_another_channel_is_nobody_we_know(
    known: House, clock: Clock
) -> None:
    mailed(known, clock)
    with pytest.raises(NotFound):
        answer(known, "BAJA", replies_to="0100abc-000001")
    with pytest.raises(NotFound):
        message(known, "BAJA", "s-1", "+525550100777", replies_to=OUR_MAIL)

    assert [one.state for one in standing(known, AMINTA).points] == [PointState.BAD, PointState.ACTIVE]


def test_a_stranger_who_asks_to_be_left_alone_is_left_alone_when_a_file_brings_the_number(
    known: House,
) -> None:
    with pytest.raises(NotFound):
        message(known, "ya no me escriban", sender="+525550109999")

    assert known.suppressions.reason(known.keys.point("+525550109999")) == "opt_out"


def test_a_lookup_whose_save_never_came_does_not_keep_an_opt_out_from_the_others(known: House) -> None:
    point = known.keys.point(PHONE)
    known.lookups.add(point, "d" + "0" * 23)

    assert message(known, "BAJA") == "opt_out"
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED


def test_whatsapps_own_switch_closes_whatsapp_at_that_number_and_nothing_else(known: House) -> None:
    message(known, "", "pref-1", channel="whatsapp", kind="preference", signal="opt_out")
    there = standing(known, AMINTA).points[0]

    assert [one.value for one in there.blocked] == ["whatsapp"]
    assert there.state is PointState.ACTIVE
    assert standing(known, AMINTA).tasks == ()


def test_who_hides_the_number_is_known_again_by_the_carriers_own_id(known: House) -> None:
    message(known, "hola", "w-1", channel="whatsapp", user_id="user-1")
    assert (
        message(known, "no soy yo", "w-2", channel="whatsapp", sender="", user_id="user-1") == "wrong_person"
    )

    assert standing(known, AMINTA).points[0].state is PointState.BAD


@pytest.fixture
def shared(known: House) -> House:
    bring_sister(known)
    return known


def bring_sister(home: House) -> None:
    """A sister who owes too has the same phone."""
    point = replace(phone(), id=home.keys.point(PHONE))
    sister = debtor(debt("B1"), points=(point,))
    personal = replace(
        sister.personal,
        name="Prueba Nova",
        given_name="Nova",
        national_id="MX:CURP:XEXX010101MNEXXXA8",
        points={point.id: PHONE},
        key="11" * 16,
    )
    settle_in(home, replace(sister, id=SISTER, personal=personal))


def test_an_opt_out_from_a_hidden_number_closes_the_phone_for_everybody_there(known: House) -> None:
    """Whoever is imported with that phone since is known by it, and not by the carrier's id."""
    message(known, "hola", "w-1", channel="whatsapp", user_id="user-1")
    bring_sister(known)

    assert message(known, "BAJA", "w-2", channel="whatsapp", sender="", user_id="user-1") == "opt_out"
    assert [standing(known, one).points[0].state for one in (AMINTA, SISTER)] == [PointState.SUPPRESSED] * 2
    assert known.suppressions.reason(known.keys.point(PHONE)) == "opt_out"
    assert sum(one.words == "optout_confirmation" for one in standing(known, AMINTA).replies) == 1
    assert standing(known, SISTER).replies == ()


def test_an_opt_out_from_a_hidden_number_binds_whom_a_file_is_about_to_save_there(known: House) -> None:
    message(known, "hola", "w-1", channel="whatsapp", user_id="user-1")
    point, newcomer = known.keys.point(PHONE), "d" + "0" * 23
    known.lookups.add(point, newcomer)

    message(known, "BAJA", "w-2", channel="whatsapp", sender="", user_id="user-1")

    assert known.suppressions.reason(point) == "opt_out"
    loaded = known.ledger.load(newcomer)
    assert loaded is not None
    assert loaded.debtor.version > 0


def test_an_opt_out_closes_a_shared_phone_for_everybody_and_is_confirmed_once(shared: House) -> None:
    message(shared, "BAJA")

    states = [standing(shared, one).points[0].state for one in (AMINTA, SISTER)]
    assert states == [PointState.SUPPRESSED, PointState.SUPPRESSED]
    assert sum(len(standing(shared, one).replies) for one in (AMINTA, SISTER)) == 1


def test_a_wrong_person_on_a_shared_phone_binds_only_whom_the_message_was_for(shared: House) -> None:
    sent(shared, PretendCarrier())
    message(shared, "no soy yo")

    assert standing(shared, AMINTA).points[0].state is PointState.BAD
    assert standing(shared, SISTER).points[0].state is PointState.ACTIVE


def wrote_to(home: House, who: str, ident: str = "m-1", channel: str = "sms") -> None:
    """We write to one of those who have the phone."""
    carrier = PretendCarrier(Sent("accepted", provider_id=ident))
    outcome = send(home, carrier, channel, who, home.now() + timedelta(minutes=15), Switches)
    assert outcome.result == "sent", outcome


def rests(home: House, who: str) -> bool:
    """Whether somebody has to read a message before this person is written to again."""
    asked = [one.reason for one in standing(home, who).open_tasks()]
    outcome = send(home, PretendCarrier(), "sms", who, home.now() + timedelta(minutes=15), Switches)
    return "read_message" in asked and outcome.result == "refused"


def state_at(home: House, who: str) -> PointState:
    return standing(home, who).points[0].state


def held(home: House, who: str) -> list[HoldReason]:
    return [one.reason for one in standing(home, who).holds]


@pytest.mark.parametrize(
    "said",
    [
        "no soy Aminta, soy Nova Prueba XXA8",
        "Se equivocaron de persona, soy Nova Prueba XXA8",
        "Aminta ya no vive aquí, se equivocaron de número. Prueba XXA8",
    ],
)
def test_not_her_binds_whom_the_message_was_for_and_never_who_shows_to_have_written_it(
    shared: House, said: str
) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    assert message(shared, said) == "wrong_person"

    assert (state_at(shared, AMINTA), state_at(shared, SISTER)) == (PointState.BAD, PointState.ACTIVE)
    assert rests(shared, SISTER)
    assert reply(shared) == ""


def test_she_died_binds_whom_the_message_was_for_and_never_who_shows_to_have_written_it(
    shared: House,
) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "Aminta falleció. Soy Nova Prueba XXA8")

    assert (held(shared, AMINTA), held(shared, SISTER)) == ([HoldReason.DECEASED], [])
    assert rests(shared, SISTER)


@pytest.mark.parametrize(
    ("said", "state", "holds"),
    [
        ("no soy Aminta", PointState.BAD, []),
        ("se equivocaron de persona", PointState.BAD, []),
        ("Aminta falleció", PointState.ACTIVE, [HoldReason.DECEASED]),
    ],
)
def test_who_showed_lately_who_they_are_says_it_of_whom_the_message_was_for(
    shared: House, said: str, state: PointState, holds: list[HoldReason]
) -> None:
    """Our answers to them are no message that could have been for somebody else."""
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "cuánto debo?")
    wrote_to(shared, AMINTA, "who-writes")
    message(shared, "Prueba XXA8")
    wrote_to(shared, SISTER, "how-to-pay")
    message(shared, said)

    assert (state_at(shared, AMINTA), held(shared, AMINTA)) == (state, holds)
    assert (state_at(shared, SISTER), held(shared, SISTER)) == (PointState.ACTIVE, [])
    assert rests(shared, SISTER)


@pytest.mark.parametrize("said", ["Nova falleció hace un mes", "no soy Nova", "Nova Prueba XXA8 falleció"])
def test_whoever_names_another_than_whom_we_wrote_to_is_read_by_a_person_and_both_rest(
    shared: House, said: str
) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, said)

    for one in (AMINTA, SISTER):
        assert (state_at(shared, one), held(shared, one)) == (PointState.ACTIVE, [])
        assert rests(shared, one)


def test_not_her_under_a_quoted_message_is_about_whom_that_one_was_for(shared: House, clock: Clock) -> None:
    wrote_to(shared, AMINTA, "to-aminta")
    clock.forward(minutes=5)
    wrote_to(shared, SISTER, "to-nova")
    message(shared, "no soy yo", replies_to="to-aminta")

    assert (state_at(shared, AMINTA), state_at(shared, SISTER)) == (PointState.BAD, PointState.ACTIVE)
    assert rests(shared, SISTER)


def test_not_her_by_another_channel_than_we_wrote_by_is_about_whom_we_wrote_to_there(shared: House) -> None:
    wrote_to(shared, SISTER)
    message(shared, "no soy yo", channel="whatsapp")

    assert (state_at(shared, AMINTA), state_at(shared, SISTER)) == (PointState.ACTIVE, PointState.BAD)


@pytest.mark.parametrize("said", ["se equivocaron de persona", "el señor falleció hace un mes"])
def test_what_nobodys_message_was_answered_by_is_about_nobody_until_a_person_has_read_it(
    shared: House, said: str
) -> None:
    message(shared, said)

    for one in (AMINTA, SISTER):
        assert (state_at(shared, one), held(shared, one)) == (PointState.ACTIVE, [])
        assert rests(shared, one)


def test_who_showed_to_be_whom_the_message_was_for_is_not_taken_for_another(shared: House) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "cuánto debo?")
    wrote_to(shared, AMINTA, "who-writes")
    message(shared, "Prueba XXA7")
    wrote_to(shared, AMINTA, "how-to-pay")
    message(shared, "se equivocaron de persona")

    for one in (AMINTA, SISTER):
        assert state_at(shared, one) is PointState.ACTIVE
        assert rests(shared, one)


@pytest.mark.parametrize("also", ["Quiero poner una queja", "Ya pagué lo mío", "No reconozco esa deuda"])
def test_what_else_is_said_beside_not_her_waits_for_whoever_reads_it(shared: House, also: str) -> None:
    """Of whom it is said, a machine cannot know; and whoever may have said it rests meanwhile."""
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, f"No soy Aminta. {also}. Soy Nova Prueba XXA8")

    assert held(shared, AMINTA) == held(shared, SISTER) == []
    assert [one.reason for one in standing(shared, SISTER).open_tasks()] == ["read_message"]
    assert rests(shared, SISTER)


def test_not_her_in_an_opt_out_closes_the_phone_for_both_and_is_confirmed_once(shared: House) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "no me escriban más, no soy Aminta, soy Nova Prueba XXA8")

    assert [state_at(shared, one) for one in (AMINTA, SISTER)] == [PointState.SUPPRESSED] * 2
    assert sum(len(standing(shared, one).replies) for one in (AMINTA, SISTER)) == 1


def test_any_other_word_on_a_shared_phone_asks_who_is_writing_and_names_nobody(shared: House) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    message(shared, "el viernes te pago")
    answer = reply(shared)

    assert "tenemos el gusto" in answer
    assert "Aminta" not in answer
    assert "Nova" not in answer
    assert standing(shared, AMINTA).promises == standing(shared, SISTER).promises == ()


@pytest.mark.parametrize(
    "said", [DOUBTED, "yo no debo eso", "quiero poner una queja formal", "quiero hablar con una persona"]
)
def test_what_leaves_somebody_in_peace_does_so_before_we_know_which_of_two_wrote(
    shared: House, said: str
) -> None:
    sent(shared, PretendCarrier())
    message(shared, said)

    for one in (AMINTA, SISTER):
        assert "read_message" in [task.reason for task in standing(shared, one).open_tasks()], one


def test_a_child_has_a_shared_phone_whoever_of_two_it_was_written_to(shared: House) -> None:
    message(shared, "tengo 12 años")

    assert [standing(shared, one).points[0].state for one in (AMINTA, SISTER)] == [PointState.BAD] * 2


def test_a_channel_that_is_not_wanted_on_a_shared_phone_is_closed_for_both(shared: House) -> None:
    message(shared, "no me manden sms, mejor por correo")

    assert all("sms" in standing(shared, one).stopped for one in (AMINTA, SISTER))
    assert sum(len(standing(shared, one).replies) for one in (AMINTA, SISTER)) == 1


def test_a_refusal_that_an_agent_reads_closes_the_address_for_everybody_there(shared: House) -> None:
    message(shared, DOUBTED)
    writer = next(one for one in (AMINTA, SISTER) if standing(shared, one).open_tasks())
    task = next(one for one in standing(shared, writer).open_tasks() if one.reason == "read_message")

    tasks.close(shared, writer, task.id, "opt_out")

    assert {standing(shared, one).points[0].state for one in (AMINTA, SISTER)} == {PointState.SUPPRESSED}
    assert shared.suppressions.reason(shared.keys.point(PHONE)) == "opt_out"


def asked_to_call(home: House) -> str:
    """A task for which somebody of ours calls Aminta's phone, which she shares; the call's attempt."""
    task = Task("tcall-1", "asks_person", 1, home.now(), home.now(), creditor="muebles")
    change(home, AMINTA, lambda _debtor, _now: (TaskOpened(task),))
    attempt = tasks.call(home, AMINTA, task.id, "ana")
    assert isinstance(attempt, str)
    return attempt


@pytest.mark.parametrize("is_told", [True, False])
def test_a_refusal_said_on_a_call_closes_the_number_for_everybody_there(
    shared: House, *, is_told: bool
) -> None:
    """Whether or not the call is named again when the task is closed: there was one."""
    attempt = asked_to_call(shared)

    tasks.close(shared, AMINTA, "tcall-1", "opt_out", attempt=attempt if is_told else "")

    assert {standing(shared, one).points[0].state for one in (AMINTA, SISTER)} == {PointState.SUPPRESSED}
    assert shared.suppressions.reason(shared.keys.point(PHONE)) == "opt_out"


def test_a_refusal_on_a_call_about_a_letter_closes_the_number_and_the_address(shared: House) -> None:
    message(shared, DOUBTED, channel="email", sender="aminta@example.com")
    task = next(one for one in standing(shared, AMINTA).open_tasks() if one.reason == "read_message")
    attempt = tasks.call(shared, AMINTA, task.id, "ana")
    assert isinstance(attempt, str)

    tasks.close(shared, AMINTA, task.id, "opt_out", attempt=attempt)

    assert {one.state for one in standing(shared, AMINTA).points} == {PointState.SUPPRESSED}
    assert standing(shared, SISTER).points[0].state is PointState.SUPPRESSED
    for address in (PHONE, "aminta@example.com"):
        assert shared.suppressions.reason(shared.keys.point(address)) == "opt_out"


@pytest.mark.parametrize("before", [(), ("cuánto debo?",)])
def test_a_voice_note_on_a_shared_phone_is_listened_to_before_anybody_there_is_written_to(
    shared: House, before: tuple[str, ...]
) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    for words in before:
        message(shared, words)
    message(shared, "", "voice-1", kind="audio", media="voice-1", channel="whatsapp")

    for one in (AMINTA, SISTER):
        person = standing(shared, one)
        assert person.failed_identity == 0
        assert [task.reason for task in person.open_tasks()] == ["read_message"]


def test_who_shows_who_they_are_goes_on_where_they_began(shared: House) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    message(shared, "el viernes te pago")
    message(shared, "Prueba XXA7")

    assert [one.due_on for one in standing(shared, AMINTA).promises] == [date(2026, 3, 13)]
    assert standing(shared, SISTER).promises == ()


@pytest.mark.parametrize("first", ["hola, el viernes te pago", "cuanto debo?"])
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("me despidieron y no puedo pagar", HoldReason.HARDSHIP),
        ("esa deuda no es mia", HoldReason.DISPUTE),
        ("ya pague ayer en oxxo", HoldReason.ALREADY_PAID),
        ("ya pague", HoldReason.ALREADY_PAID),
        ("quiero hablar con una persona", None),
        ("quiero poner una queja", None),
    ],
)
def test_what_stands_beside_a_right_answer_binds_and_a_person_reads_it(
    shared: House, first: str, words: str, reason: HoldReason | None
) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, first)
    message(shared, f"Aminta Prueba XXA7 {words}")
    person = standing(shared, AMINTA)

    assert person.promises == ()
    assert reason in {None, *held(shared, AMINTA)}
    assert "read_message" in [one.reason for one in person.open_tasks()]
    assert person.conversation.identified_at


def test_another_day_beside_a_right_answer_is_the_one_that_counts(shared: House) -> None:
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "el viernes te pago")
    message(shared, "Prueba XXA7, te pago mejor el jueves 12")

    assert [one.due_on for one in standing(shared, AMINTA).promises] == [date(2026, 3, 12)]


@pytest.mark.parametrize(
    "words",
    [
        "Prueba XXA7",
        "soy Aminta Prueba XXA7",
        "Soy Aminta Prueba, mi CURP termina XXA7",
        "mi apellido es Prueba y termina en XXA7",
        "Buenas tardes, Aminta Prueba XXA7 gracias",
    ],
)
def test_nothing_but_a_right_answer_goes_on_with_what_was_asked(shared: House, words: str) -> None:
    """A surname ("prueba") or "soy …" means nothing else in it."""
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "el viernes te pago")
    message(shared, words)

    assert [one.due_on for one in standing(shared, AMINTA).promises] == [date(2026, 3, 13)]
    assert standing(shared, AMINTA).tasks == ()


def test_who_showed_it_is_not_asked_again_for_what_they_say_next(shared: House) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    message(shared, "cuánto debo?")
    message(shared, "Prueba XXA8")
    assert standing(shared, SISTER).replies[-1].words == "reply_how_to_pay"
    message(shared, "el viernes te pago")

    assert [one.due_on for one in standing(shared, SISTER).promises] == [date(2026, 3, 13)]
    assert standing(shared, AMINTA).promises == ()


@pytest.fixture
def hers(shared: House) -> House:
    """Both sisters owe, and Aminta has just shown who she is on the phone that both have."""
    give_number(shared, AMINTA)
    wrote_to(shared, AMINTA)
    message(shared, "cuanto debo?")
    reply(shared)
    message(shared, "soy Aminta Prueba XXA7")
    assert "1,500" in reply(shared)
    return shared


def told(home: House, who: str) -> str:
    """What this person's record lets out next at that phone; empty: nothing."""
    carrier = PretendCarrier()
    send(home, carrier, "sms", who, home.now() + timedelta(minutes=15), Switches)
    return carrier.asked[0].body if carrier.asked else ""


@pytest.mark.parametrize(
    "words",
    [
        "soy Nova, yo cuanto debo?",
        "ahora escribe Nova, cuanto es lo mio?",
        "soy su hermana, y yo cuanto debo?",
        "habla su esposo, como pago?",
        "le paso a mi hermana Nova, cuanto es?",
    ],
)
def test_who_says_she_is_another_is_told_nothing_of_the_first(hers: House, words: str) -> None:
    message(hers, words)
    asked = [one.words for who in (AMINTA, SISTER) for one in standing(hers, who).replies]

    assert not any("1,500" in told(hers, one) for one in (AMINTA, SISTER))
    assert asked[-1] == "reply_who_writes"


def test_once_the_phone_is_in_another_hand_the_first_shows_anew_who_she_is(hers: House) -> None:
    message(hers, "soy Nova, yo cuanto debo?")
    told(hers, SISTER)
    message(hers, "y como pago?")

    assert not any("1,500" in told(hers, one) for one in (AMINTA, SISTER))
    assert not standing(hers, AMINTA).conversation.identified_at


def test_who_shows_that_she_is_another_ends_the_check_of_the_first(hers: House) -> None:
    message(hers, "Nova Prueba XXA8")

    assert not standing(hers, AMINTA).conversation.identified_at


@pytest.mark.parametrize("words", ["soy Nova, el viernes te pago", "soy su hermana, el viernes te pago"])
def test_what_another_promises_is_not_the_first_ones_word(hers: House, words: str) -> None:
    message(hers, words)
    message(hers, "Aminta Prueba XXA7")

    assert standing(hers, AMINTA).promises == ()


def test_what_another_promises_is_hers_once_she_has_shown_who_she_is(hers: House) -> None:
    message(hers, "soy Nova, el viernes te pago")
    message(hers, "Nova Prueba XXA8")

    assert [one.due_on for one in standing(hers, SISTER).promises] == [date(2026, 3, 13)]
    assert standing(hers, AMINTA).promises == ()


def test_anothers_hard_times_leave_her_in_peace_and_a_person_reads_them(hers: House) -> None:
    message(hers, "soy Nova y me despidieron")

    assert [one.reason for one in standing(hers, SISTER).open_tasks()] == ["read_message"]
    assert held(hers, AMINTA) == []


def test_who_goes_on_in_her_own_name_is_known_as_before(hers: House) -> None:
    message(hers, "soy Aminta, y el viernes te pago")

    assert [one.due_on for one in standing(hers, AMINTA).promises] == [date(2026, 3, 13)]


def test_a_guess_at_who_writes_is_one_at_everybody_there(shared: House) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    message(shared, "cuánto debo?")
    for number in range(TRIES):
        message(shared, f"Prueba 000{number}")
    message(shared, "Prueba XXA8")

    assert all(is_locked(standing(shared, one)) for one in (AMINTA, SISTER))
    assert not any(standing(shared, one).conversation.identified_at for one in (AMINTA, SISTER))


LONG_GUESS = "hola buenas tardes, cuánto debo? Prueba 000{}"


def test_a_guess_among_other_words_is_one_at_everybody_there(shared: House) -> None:
    give_number(shared, AMINTA)
    sent(shared, PretendCarrier())
    message(shared, "cuánto debo?")
    for number in range(TRIES):
        message(shared, LONG_GUESS.format(number))
        assert [standing(shared, one).failed_identity for one in (AMINTA, SISTER)] == [number + 1] * 2
    message(shared, "Prueba XXA8")

    assert not any(standing(shared, one).conversation.identified_at for one in (AMINTA, SISTER))


def test_nobody_has_to_be_asked_for_a_guess_to_count_where_two_may_have_written(shared: House) -> None:
    give_number(shared, AMINTA)
    message(shared, LONG_GUESS.format(1))

    assert [standing(shared, one).failed_identity for one in (AMINTA, SISTER)] == [1, 1]


@pytest.mark.parametrize(
    "said",
    ["y cuánto debe mi hermana? Prueba 000{}", "soy Nova, yo cuánto debo? Prueba 000{}", "Prueba 000{}"],
)
def test_who_is_known_there_does_not_guess_at_the_other_without_end(hers: House, said: str) -> None:
    for number in range(TRIES):
        message(hers, said.format(number))

    assert is_locked(standing(hers, SISTER))


def test_what_is_no_answer_is_no_try_at_who_is_known_already(hers: House) -> None:
    message(hers, "y cuánto debe mi hermana? Prueba 0001")

    assert standing(hers, AMINTA).failed_identity == 0
    assert standing(hers, AMINTA).conversation.identified_at


def test_a_sum_from_who_is_known_there_is_no_guess_at_the_other(hers: House) -> None:
    message(hers, "el viernes que viene le pago 1500 pesos sin falta")

    assert [standing(hers, one).failed_identity for one in (AMINTA, SISTER)] == [0, 0]


def give_number(home: House, debtor_id: str) -> None:
    """As an import would have recorded it."""
    loaded = home.ledger.load(debtor_id)
    assert loaded is not None
    personal = replace(loaded.debtor.personal, national_id="MX:CURP:XEXX010101HNEXXXA7")
    named = replace(loaded.debtor, personal=personal)
    home.ledger.save(loaded, (PersonalChanged("digest"),), home.now(), debtor=named)


def status_of(home: House) -> list[str]:
    return [one.status.value for one in standing(home, AMINTA).attempts]


def test_nobody_answers_a_message_that_is_still_on_its_way_to_its_carrier(known: House) -> None:
    seen: list[str] = []

    def writes() -> None:
        message(known, "hola")
        seen.extend(status_of(known))

    sent(known, PretendCarrier(before=writes))

    assert seen == ["claimed"]
    assert status_of(known) == ["sent"]


def test_what_reached_nobody_is_answered_by_nobody(known: House) -> None:
    sent(known, PretendCarrier())
    made = standing(known, AMINTA).attempts[0]
    failed = replace(made, id="a" + "1" * 23, number=2, status=AttemptStatus.FAILED)
    change(
        known, AMINTA, lambda debtor, now: (AttemptClaimed(replace(failed, status=AttemptStatus.CLAIMED)),)
    )
    change(known, AMINTA, lambda debtor, now: (AttemptProgressed(failed.id, AttemptStatus.FAILED),))
    message(known, "hola")

    assert status_of(known) == ["answered", "failed"]
