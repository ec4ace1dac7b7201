"""One talk per person, whatever the channel: asked once, told only to whom we know, a person one word away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.domain.acting import Statement
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level, PointState
from recobro.domain.eligibility import today_of
from recobro.domain.facts import PointRecorded, TaskClosed, TaskOpened
from recobro.domain.hold import HoldReason
from recobro.domain.identity import TRIES, checked, is_locked
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.plan import PlanStatus
from recobro.domain.replying import OF_WHAT_IS_OWED
from recobro.domain.strategy import OfferPolicy, TalkRules
from recobro.domain.task import IDENTITY_TASK, Task
from recobro.house import House
from recobro.ports import Inbound, Outgoing
from recobro.usecases import acting
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor, email, phone, with_strategy
from tests.usecases.test_send import sent

PHONE, MAIL = "+525550100001", "aminta@example.com"
HALVES = OfferPolicy("halves", (2, 3), every_days=15, first_within_days=3, min_down_share=30)


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    book = with_strategy(offers=(HALVES,), talk=TalkRules(max_turns=4))
    with house(clock, book=book) as opened:
        keys = opened.keys
        points = (
            replace(phone(authorised=(Channel.WHATSAPP,)), id=keys.point(PHONE)),
            replace(email(), id=keys.point(MAIL)),
        )
        person = debtor(points=points)
        personal = replace(
            person.personal,
            name="Aminta Prueba Ejemplo",
            national_id="MX:CURP:XEXX010101MNEXXXA8",
            points={points[0].id: PHONE, points[1].id: MAIL},
        )
        settle_in(opened, replace(person, personal=personal))
        yield opened


def say(home: House, words: str, channel: str = "whatsapp", **more: Any) -> str:
    number = len(standing(home, AMINTA).approaches)
    sender = MAIL if channel == "email" else PHONE
    told = Inbound(f"in-{number}", channel, sender, words, home.now(), **more)
    return receive_message(home, told).intent


def pays(home: House) -> None:
    money = Money(150_000, "MXN")
    told = PaymentTold("standard", "standard#pi_1", "e1", f"{AMINTA}:muebles/A1", money, "paid", home.now())
    assert hear_payment(home, told, b"raw", "main").result == "posted"


def heard(home: House, channel: str = "whatsapp") -> Outgoing | None:
    carrier = PretendCarrier()
    sent(home, carrier, channel)
    return carrier.asked[0] if carrier.asked else None


def reply(home: House, channel: str = "whatsapp") -> str:
    out = heard(home, channel)
    return out.body if out is not None else ""


def test_a_greeting_is_answered_with_buttons_and_on_sms_with_plain_numbers(home: House) -> None:
    say(home, "hola")
    out = heard(home)
    assert out is not None
    assert [label for _, label in out.choices][:3] == ["Pagar ahora", "Elegir una fecha", "Ver un plan"]
    assert out.template == ""  # free words, within the day after the person's own

    say(home, "hola", "sms")
    text = reply(home, "sms")
    assert "1. Hablar con alguien" in text
    assert "2. No soy yo" in text
    assert "pag" not in text.lower().replace("https://pagos.example.com", "")  # anybody may read an SMS


def test_a_button_and_a_number_mean_the_same(home: House) -> None:
    say(home, "hola", "sms")
    reply(home, "sms")

    assert say(home, "1", "sms") == "asks_person"


def test_nothing_is_told_before_the_person_is_known(home: House) -> None:
    say(home, "cuánto debo?")
    asked = reply(home)
    assert "primer apellido" in asked
    assert "1,500" not in asked

    say(home, "Prueba XXA8")
    told = reply(home)
    assert "$1,500.00" in told
    assert "Transferencia" in told


@pytest.mark.parametrize(
    "asked", ["cuánto debo?", "quiero un plan de pagos", "le pago la mitad", "le pago 100 pesos el viernes"]
)
def test_who_pays_before_the_answer_goes_out_is_told_of_no_sum_and_asked_for_no_day(
    home: House, asked: str
) -> None:
    say(home, asked)
    if standing(home, AMINTA).replies[-1].words == "reply_ask_identity":
        reply(home)
        say(home, "Prueba XXA8")
    owed = standing(home, AMINTA).replies[-1].words
    pays(home)
    out = heard(home)

    assert owed in OF_WHAT_IS_OWED
    assert out is None or out.template == "payment_receipt"


def test_a_plan_begun_on_whatsapp_is_finished_by_sms_with_nothing_asked_twice(home: House) -> None:
    say(home, "quiero un plan de pagos")
    assert "primer apellido" in reply(home)
    say(home, "ejemplo xxa8")
    offered = reply(home)
    assert "1. 2 pagos: $750.00" in offered
    assert "2. 3 pagos: $500.00" in offered

    say(home, "2", "sms")
    (plan,) = standing(home, AMINTA).plans
    assert [part.amount for part in plan.offer.parts] == [50_000, 50_000, 50_000]
    assert (plan.channel, plan.status) == ("sms", PlanStatus.OPEN)
    assert "Quedo anotado" in reply(home, "sms")


@pytest.mark.parametrize("words", ["1", "2.", "2)", "opción 1", "Opcion 2", "plan 1", "la 2", "el 1"])
def test_a_number_alone_or_after_a_word_for_it_chooses_a_plan(home: House, words: str) -> None:
    say(home, "quiero un plan de pagos")
    say(home, "ejemplo xxa8")
    say(home, words)

    (plan,) = standing(home, AMINTA).plans
    assert len(plan.offer.parts) == (3 if "2" in words else 2)


@pytest.mark.parametrize("words", ["dia 1", "día 2", "no 1", "no, 2", "12", "0"])
def test_a_day_or_a_no_beside_a_number_agrees_to_no_plan_and_they_are_shown_again(
    home: House, words: str
) -> None:
    say(home, "quiero un plan de pagos")
    say(home, "ejemplo xxa8")
    say(home, words)
    person = standing(home, AMINTA)

    assert (person.plans, person.promises) == ((), ())
    assert person.replies[-1].words == "reply_plan_offered"


def test_plans_are_not_shown_without_end_to_who_chooses_none_of_them(home: House) -> None:
    say(home, "quiero un plan de pagos")
    say(home, "ejemplo xxa8")
    for _ in range(10):
        say(home, "9")
    person = standing(home, AMINTA)

    assert person.conversation.turns <= 5
    assert [one.reason for one in person.open_tasks()] == ["read_message"]


def test_an_agreement_is_confirmed_in_writing_with_all_that_the_law_asks(home: House) -> None:
    say(home, "quiero un plan de pagos")
    reply(home)
    say(home, "ejemplo xxa8")
    reply(home)
    say(home, "1")
    carrier = PretendCarrier()
    sent(home, carrier, "whatsapp")
    sent(home, carrier, "whatsapp")
    written = carrier.asked[-1].body

    for said in (
        "$1,500.00",
        "$750.00",
        "Sin descuento",
        "se aplica en este orden",
        "A1",
        "Muebles Luna, S.A.",
    ):
        assert said in written
    kinds = [one.kind for one in standing(home, AMINTA).attempts]
    assert Kind.AGREEMENT_COPY in kinds


def test_an_offer_chosen_on_the_page_is_the_same_offer(home: House) -> None:
    offer = acting.offers(home, AMINTA)[0]
    form = Statement(Channel.EMAIL, "form-1", home.keys.point(MAIL))

    assert acting.choose_plan(home, AMINTA, form, offer.id) is None
    assert acting.choose_plan(home, AMINTA, form, offer.id) is None
    assert len(standing(home, AMINTA).plans) == 1
    assert acting.choose_plan(home, AMINTA, replace(form, ident="f2"), "o-improvised") is not None


def test_five_wrong_answers_and_a_person_goes_on(home: House) -> None:
    say(home, "cuánto debo?")
    for _ in range(5):
        say(home, "Fulano 9999")
    person = standing(home, AMINTA)

    assert not person.conversation.identified_at
    assert [one.reason for one in person.open_tasks()] == [IDENTITY_TASK]
    assert person.replies[-1].words == "reply_identity_failed"


@pytest.mark.parametrize(
    ("said", "reason"),
    [("ya pagué 1500 pesos", HoldReason.ALREADY_PAID), ("no debo 1500", HoldReason.DISPUTE)],
)
def test_what_is_said_instead_of_who_one_is_counts_as_a_guess_and_binds_all_the_same(
    home: House, said: str, reason: HoldReason
) -> None:
    say(home, "cuánto debo?")
    say(home, said)
    person = standing(home, AMINTA)

    assert person.failed_identity == 1
    assert [one.reason for one in person.holds] == [reason]
    assert "read_message" in [one.reason for one in person.open_tasks()]


@pytest.mark.parametrize(
    ("kind", "media"), [("audio", "voice-1"), ("sticker", "sticker-1"), ("location", "")]
)
def test_a_voice_note_is_no_guess_at_who_one_is_and_a_person_listens_to_it(
    home: House, kind: str, media: str
) -> None:
    say(home, "quiero un plan de pagos")
    for _ in range(TRIES):
        say(home, "", kind=kind, media=media)
    person = standing(home, AMINTA)

    assert person.failed_identity == 0
    assert [one.reason for one in person.open_tasks()] == ["read_message"]
    assert [one.words for one in person.replies] == ["reply_ask_identity", "reply_handed_over"]


def test_a_picture_while_we_ask_who_writes_is_looked_at_and_is_no_guess(home: House) -> None:
    say(home, "cuánto debo?")
    say(home, "", kind="image", media="picture-1")
    person = standing(home, AMINTA)

    assert person.failed_identity == 0
    assert [one.reason for one in person.open_tasks()] == ["read_message"]


def test_a_day_of_silence_gives_no_new_guesses(home: House, clock: Clock) -> None:
    for _ in range(TRIES):
        say(home, "cuánto debo?")
        say(home, "Fulano 9999")
        clock.forward(days=1, minutes=1)
    say(home, "cuánto debo?")
    say(home, "Prueba XXA8")

    assert not standing(home, AMINTA).conversation.identified_at


def test_what_the_page_locked_is_no_riddle_for_the_bot_and_a_person_unlocks_both(home: House) -> None:
    message = standing(home, AMINTA).attempts[-1].id if standing(home, AMINTA).attempts else ""
    today = today_of(standing(home, AMINTA), home.playbook, home.now())
    say(home, "cuánto debo?")
    for _ in range(TRIES):
        change(home, AMINTA, lambda one, now: checked(one, message, "portal", today, passed=False))
    say(home, "Prueba XXA8")
    assert not standing(home, AMINTA).conversation.identified_at
    assert "$1,500.00" not in reply(home)
    say(home, "cuánto debo?")
    assert standing(home, AMINTA).conversation.awaits == ""

    (task,) = standing(home, AMINTA).open_tasks()
    change(home, AMINTA, lambda one, now: [TaskClosed(task.id, "done")])
    say(home, "cuánto debo?")
    say(home, "Prueba XXA8")
    assert standing(home, AMINTA).conversation.identified_at


def test_what_the_bot_locked_stays_locked_on_the_page(home: House) -> None:
    say(home, "cuánto debo?")
    for _ in range(TRIES):
        say(home, "Fulano 9999")

    assert is_locked(standing(home, AMINTA))


def test_a_list_of_numbers_is_one_wrong_guess_and_no_dozen(home: House) -> None:
    say(home, "cuánto debo?")
    say(home, "Prueba 0001 0002 XXA8")

    assert not standing(home, AMINTA).conversation.identified_at
    assert standing(home, AMINTA).failed_identity == 1


GUESSES = (
    "hola buenas tardes, cuánto debo? Ejemplo xx0{}",
    "quiero pagar hoy mismo toda mi deuda Ejemplo xx0{}",
    "me pueden dar un plan de pagos por favor soy de la familia Ejemplo 000{}",
    "Soy Juan Ejemplo, mi CURP termina en xx0{}",
    "no soy yo, soy su vecino, pero pruebe Ejemplo xx0{}",
)


@pytest.mark.parametrize("said", GUESSES)
def test_whatever_else_a_message_says_a_wrong_guess_in_it_is_a_try(home: House, said: str) -> None:
    say(home, "cuánto debo?")
    say(home, said.format(1))

    assert standing(home, AMINTA).failed_identity == 1


def test_guesses_among_other_words_are_not_heard_without_end(home: House, clock: Clock) -> None:
    for number in range(TRIES):
        say(home, "cuánto debo?")
        say(home, GUESSES[0].format(number))
        clock.forward(days=1, minutes=1)
    say(home, "cuánto debo?")
    say(home, "Ejemplo XXA8")
    person = standing(home, AMINTA)

    assert not person.conversation.identified_at
    assert IDENTITY_TASK in [one.reason for one in person.open_tasks()]


@pytest.mark.parametrize("said", ["Ejemplo xx01", "Fulano XXA8", "Fulano xx01"])
def test_how_near_a_guess_came_makes_no_difference(home: House, said: str) -> None:
    say(home, "cuánto debo?")
    say(home, f"hola buenas tardes, cuánto debo? {said}")

    assert standing(home, AMINTA).failed_identity == 1
    assert standing(home, AMINTA).replies[-1].words == "reply_ask_identity"


@pytest.mark.parametrize(
    "said",
    [
        "le pago $1500 el viernes que viene sin falta",
        "el viernes que viene le pago 1500 pesos sin falta",
        "le pago todo el 13/03/2026 sin falta señorita",
        "le pago todo el 13 de marzo de 2026 sin falta",
        "el viernes que viene le pago 500 sin falta",
        "el viernes que viene le pago 15000 sin falta",
    ],
)
def test_a_sum_or_a_day_is_no_guess_and_is_heard(home: House, said: str) -> None:
    say(home, "cuánto debo?")
    say(home, said)
    person = standing(home, AMINTA)

    assert person.failed_identity == 0
    assert person.promises or person.conversation.wish == "promise"


@pytest.mark.parametrize("first", ["hola", "quiero pagar una parte el viernes", "pago la mitad el lunes"])
def test_a_number_that_answers_something_else_locks_nobody_out(home: House, first: str) -> None:
    for _ in range(TRIES):
        say(home, first)
        assert standing(home, AMINTA).conversation.awaits != "identity"
        say(home, "son 1500 el viernes por favor señorita gracias")

    assert standing(home, AMINTA).failed_identity == 0


@pytest.mark.parametrize(
    "said",
    [
        "quiero pagar Ejemplo {}",
        "Ejemplo {}",
        "Soy Aminta Ejemplo, mi CURP termina {}",
        "habla su esposo Ejemplo {}",
    ],
)
def test_who_was_not_asked_learns_from_no_answer_whether_they_guessed_right(
    home: House, clock: Clock, said: str
) -> None:
    answers = []
    for number in ("XXA8", "XXA9"):
        say(home, said.format(number))
        person = standing(home, AMINTA)
        told = [one.words for one in person.replies if one.asked_at == home.now()]
        answers.append((told, [one.reason for one in person.open_tasks()], person.conversation.awaits))
        assert not person.conversation.identified_at
        change(home, AMINTA, lambda one, now: [TaskClosed(task.id, "done") for task in one.open_tasks()])
        clock.forward(days=2)

    assert answers[0] == answers[1]


def test_mail_that_anybody_may_have_sent_locks_nobody_out(home: House) -> None:
    say(home, "cuánto debo?", "email")
    for number in range(TRIES):
        say(home, GUESSES[0].format(number), "email", is_vouched=False)

    assert standing(home, AMINTA).failed_identity == 0


def test_the_machine_talks_so_long_and_then_a_person_goes_on(home: House) -> None:
    for words in ("hola", "buenas", "hola", "buenos días", "hola"):
        say(home, words)
        reply(home)

    assert [one.reason for one in standing(home, AMINTA).open_tasks()] == ["read_message"]
    say(home, "hola")
    assert reply(home) == ""


def test_a_talk_left_alone_for_a_day_begins_anew(home: House, clock: Clock) -> None:
    say(home, "pago la mitad el lunes")
    assert standing(home, AMINTA).conversation.awaits == "yes_no"
    clock.forward(hours=25)
    say(home, "hola")

    assert standing(home, AMINTA).conversation.awaits == "buttons"


def test_an_answer_too_late_for_whatsapps_window_is_never_sent(home: House, clock: Clock) -> None:
    say(home, "hola")
    clock.forward(hours=24)

    assert reply(home) == "" or "asistente" not in reply(home)
    assert all(one.step.stage != "reply" for one in standing(home, AMINTA).attempts)


def test_people_may_write_at_any_hour_and_are_answered(home: House, clock: Clock) -> None:
    clock.forward(hours=11)  # eleven at night in Mexico City
    say(home, "el viernes te pago")

    assert "viernes, 13 de marzo" in reply(home)


def test_who_was_known_half_an_hour_ago_is_asked_again(home: House, clock: Clock) -> None:
    say(home, "cuánto debo?")
    reply(home)
    say(home, "Prueba XXA8")
    reply(home)
    clock.now += timedelta(minutes=31)
    say(home, "cuánto debo?")

    assert "primer apellido" in reply(home)


@pytest.mark.parametrize(
    "words",
    ["habla su esposo, como pago?", "soy su hija, cuánto es?", "le paso el telefono a mi hijo, cómo paga?"],
)
def test_who_has_the_phone_by_now_is_told_nothing_of_who_was_known_on_it(home: House, words: str) -> None:
    say(home, "cuánto debo?")
    reply(home)
    say(home, "Prueba XXA8")
    assert "1,500" in reply(home)
    say(home, words)

    assert "1,500" not in reply(home)
    assert not standing(home, AMINTA).conversation.identified_at


def test_what_her_husband_promises_a_person_reads(home: House) -> None:
    say(home, "habla su esposo, el viernes le pagamos")
    person = standing(home, AMINTA)

    assert person.promises == ()
    assert [one.reason for one in person.open_tasks()] == ["read_message"]


def test_an_address_that_others_read_is_told_nothing_even_in_writing(home: House) -> None:
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    shared = tuple(PointRecorded(replace(one, level=Level.NEUTRAL)) for one in loaded.debtor.points)
    home.ledger.save(loaded, shared, home.now())
    say(home, "el viernes te pago")

    answer = reply(home)
    assert "13 de marzo" in answer
    assert "1,500" not in answer


def test_what_anybody_may_have_written_under_that_address_agrees_to_nothing_and_proves_nobody(
    home: House,
) -> None:
    """A forged From must not bind a person to a day or a plan; a person of ours reads it, and meanwhile it is quiet."""
    say(home, "quiero un plan de pagos", "email")
    reply(home, "email")
    say(home, "Prueba XXA8", "email")
    assert "1" in reply(home, "email")
    for words in ("2", "el viernes te pago", "Prueba XXA8", "cuánto debo?"):
        say(home, words, "email", is_vouched=False)
        assert heard(home, "email") is None
    after = standing(home, AMINTA)

    assert (after.plans, after.promises) == ((), ())
    assert "read_message" in {one.reason for one in after.open_tasks()}


@pytest.mark.parametrize("words", ["BAJA", "no me escriban más", "ya pagué", "no reconozco esa deuda"])
def test_whoever_wrote_it_what_leaves_the_person_in_peace_holds(home: House, words: str) -> None:
    say(home, words, "email", is_vouched=False)
    after = standing(home, AMINTA)

    assert after.holds or after.tasks or after.points[1].state is PointState.SUPPRESSED


def test_of_a_debt_whose_money_nobody_has_placed_no_sum_is_named_and_no_date_taken(home: House) -> None:
    waits = Task(
        "t1", "payment_quarantined", 1, home.now(), home.now(), debts=("muebles/A1",), step="payment:g#1"
    )
    change(home, AMINTA, lambda debtor, now: (TaskOpened(waits),))
    say(home, "quiero pagar")
    assert "fecha de nacimiento" not in reply(home)
    say(home, "AXA8")
    told = reply(home)
    say(home, "puedo pagar el viernes 1500 pesos")

    assert "1,500" not in told + reply(home)
    assert standing(home, AMINTA).promises == ()
    assert [one.reason for one in standing(home, AMINTA).open_tasks()][1:]
