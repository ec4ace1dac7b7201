"""One talk per person, whatever the channel: asked once, told only to whom we know, a person one word away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from recobro.domain.acting import Statement, disputes
from recobro.domain.attempt import StepKey
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level, PointState
from recobro.domain.debt import Debt
from recobro.domain.eligibility import today_of
from recobro.domain.facts import AttemptClaimed, PointRecorded, TaskClosed, TaskOpened
from recobro.domain.hold import HoldReason
from recobro.domain.identity import TRIES, checked, is_locked
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.plan import PlanOffer, PlanStatus
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
from tests.sample import AMINTA, brand, debt, debtor, email, phone, with_strategy
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


@contextmanager
def owing(clock: Clock, *debts: Debt, by: str = "both") -> Iterator[House]:
    """A house with a second creditor, and Aminta in it who owes these debts. by: "both" | "mail" | "a phone that others look at"."""
    book = with_strategy(offers=(HALVES,), talk=TalkRules(max_turns=8))
    known = book.client
    client = replace(
        known,
        brands=(*known.brands, brand("estrella", "Tienda Estrella", "Estrella, S.A.", "MX", "55 5010 0009")),
        approvals=(
            *known.approvals,
            *(replace(one, creditor="estrella") for one in known.approvals if one.creditor == "muebles"),
        ),
        attestations=(*known.attestations, replace(known.attestations[0], creditor="estrella")),
    )
    with house(clock, book=replace(book, client=client)) as opened:
        here, mail = opened.keys.point(PHONE), opened.keys.point(MAIL)
        own, mailbox = replace(phone(authorised=(Channel.WHATSAPP,)), id=here), replace(email(), id=mail)
        theirs = {"both": (own, mailbox), "mail": (mailbox,)}.get(by, (own.shared,))
        person = debtor(*debts, points=theirs)
        personal = replace(
            person.personal,
            name="Aminta Prueba Ejemplo",
            national_id="MX:CURP:XEXX010101MNEXXXA8",
            points={here: PHONE, mail: MAIL},
        )
        settle_in(opened, replace(person, personal=personal))
        yield opened


PESOS = debt("P1", due_on=date(2026, 2, 1), amount=900_000)
LONG_DUE = replace(PESOS, due_on=date(2026, 1, 20))
"""Past the last message of the strategy: a person has the task to call."""
DOLLARS = debt("D1", amount=50_000, currency="USD")
OF_ANOTHER = debt("E1", amount=900_000, creditor="estrella")


def agree(home: House, currency: str) -> PlanOffer:
    """The first plan on offer in that currency, chosen on the page."""
    offer = next(one for one in acting.offers(home, AMINTA) if one.currency == currency)
    form = Statement(Channel.EMAIL, f"form-{currency}", home.keys.point(MAIL))
    assert acting.choose_plan(home, AMINTA, form, offer.id) is None
    return offer


def test_each_agreement_is_written_down_with_its_own_terms_where_one_creditor_is_owed_in_two_currencies(
    clock: Clock,
) -> None:
    with owing(clock, PESOS, DOLLARS) as home:
        agree(home, "MXN")
        in_pesos = reply(home, "email")
        agree(home, "USD")
        in_dollars = reply(home, "email")

    assert "$9,000.00" in in_pesos
    assert "P1" in in_pesos
    assert "500.00" in in_dollars
    assert "D1" in in_dollars
    assert "9,000" not in in_dollars


def test_an_agreement_about_what_is_less_urgent_is_written_down_all_the_same(clock: Clock) -> None:
    with owing(clock, PESOS, DOLLARS) as home:
        agree(home, "USD")
        written = reply(home, "email")

    assert "250.00" in written
    assert "D1" in written


def test_a_promise_that_was_kept_before_we_confirmed_it_is_confirmed_no_more(home: House) -> None:
    say(home, "pago todo el viernes")
    assert standing(home, AMINTA).replies[-1].words == "reply_promise_noted"
    pays(home)
    out = heard(home)
    assert out is None or out.template == "payment_receipt"
    say(home, "hola")

    assert "asistente" in reply(home)
    assert [one.reason for one in standing(home, AMINTA).open_tasks()] == ["release_letter"]


def test_of_two_days_promised_in_a_row_the_last_alone_is_confirmed(home: House) -> None:
    say(home, "pago todo el viernes")
    say(home, "pago todo el jueves")
    told = reply(home)

    assert "jueves, 12 de marzo" in told
    assert reply(home) == ""


def test_plans_of_which_one_is_chosen_already_are_listed_no_more(home: House) -> None:
    say(home, "quiero un plan de pagos")
    reply(home)
    say(home, "Prueba XXA8")
    say(home, "1")

    assert "Quedó anotado" in reply(home)
    assert "Sin descuento" in reply(home)


def test_what_is_answered_to_a_message_in_dollars_is_promised_in_dollars(clock: Clock) -> None:
    with owing(clock, LONG_DUE, DOLLARS, by="mail") as home:
        assert "500.00" in reply(home, "email")
        say(home, "pago 300 el viernes", "email")
        told = reply(home, "email")
        (promise,) = standing(home, AMINTA).promises

    assert (promise.currency, promise.amount, promise.debts) == ("USD", 30_000, ("muebles/D1",))
    assert "USD\xa0300.00 a Muebles Luna" in told


def test_a_question_about_dollars_that_names_no_sum_is_answered_in_dollars(clock: Clock) -> None:
    """The answer to our question is an answer to what the question was about, though it tells of no debt."""
    with owing(clock, LONG_DUE, DOLLARS, by="mail") as home:
        reply(home, "email")
        say(home, "pago la mitad el lunes", "email")
        assert "¿es el lunes" in reply(home, "email")
        say(home, "sí", "email")
        (promise,) = standing(home, AMINTA).promises

    assert (promise.currency, promise.amount) == ("USD", 25_000)


def test_a_question_about_dollars_is_about_them_on_whatever_channel_it_is_answered(clock: Clock) -> None:
    with owing(clock, LONG_DUE, DOLLARS) as home:
        reply(home)
        say(home, "pago la mitad el lunes")
        reply(home)
        say(home, "sí", "email")
        (promise,) = standing(home, AMINTA).promises

    assert (promise.currency, promise.amount) == ("USD", 25_000)


@pytest.mark.parametrize("channel", [Channel.WHATSAPP, Channel.EMAIL])
def test_a_yes_to_our_question_below_another_creditors_message_a_person_reads(
    clock: Clock, channel: Channel
) -> None:
    with owing(clock, PESOS, OF_ANOTHER) as home:
        reply(home)
        say(home, "pago la mitad el lunes")
        reply(home)
        asked = standing(home, AMINTA).attempts[-1]
        other = next(one for one in ("muebles", "estrella") if one != asked.creditor)
        between = replace(asked, id="a9", step=StepKey(9, "early", "first"), creditor=other, debts=())
        if channel is Channel.EMAIL:
            between = replace(between, channel=channel, point=home.keys.point(MAIL))
        change(home, AMINTA, lambda one, now: (AttemptClaimed(between),))
        say(home, "sí", channel.value)
        person = standing(home, AMINTA)

    assert person.promises == ()
    assert "read_message" in [one.reason for one in person.open_tasks()]


def test_who_answers_for_a_debt_that_rests_by_now_promises_nothing_to_another_creditor(clock: Clock) -> None:
    with owing(clock, LONG_DUE, OF_ANOTHER, by="mail") as home:
        assert "Tienda Estrella" in reply(home, "email")
        form = Statement(Channel.EMAIL, "form-1", home.keys.point(MAIL))
        change(home, AMINTA, lambda one, now: disputes(one, form, home.playbook, now, ("estrella/E1",)))
        say(home, "pago todo el viernes", "email")
        person = standing(home, AMINTA)

    assert person.promises == ()
    assert "read_message" in [one.reason for one in person.open_tasks()]


def test_whom_a_promise_was_made_to_is_named_when_it_is_confirmed(clock: Clock) -> None:
    with owing(clock, PESOS, OF_ANOTHER) as home:
        say(home, "pago todo el viernes")
        told = reply(home)
        say(home, "pago todo el jueves", "sms")

        assert "$9,000.00 a Muebles Luna" in told
        assert "Muebles Luna" in reply(home, "sms")


def test_the_plans_of_one_creditor_alone_are_listed_together(clock: Clock) -> None:
    with owing(clock, PESOS, OF_ANOTHER, DOLLARS) as home:
        say(home, "quiero un plan de pagos")
        reply(home)
        say(home, "Prueba XXA8")
        told = reply(home)
        shown = {(one.creditor, one.currency) for one in standing(home, AMINTA).conversation.offers}

    assert shown == {("muebles", "MXN")}
    assert "Muebles Luna" in told
    assert "3. " not in told


def test_a_plan_is_confirmed_in_the_name_of_whose_it_is(clock: Clock) -> None:
    """A message of another creditor may have come between the list and the choice."""
    with owing(clock, PESOS, OF_ANOTHER) as home:
        say(home, "quiero un plan de pagos")
        reply(home)
        say(home, "Prueba XXA8")
        reply(home)
        listed = standing(home, AMINTA).attempts[-1]
        step = StepKey(9, "early", "first")
        between = replace(listed, id="a9", step=step, creditor="estrella", debts=("estrella/E1",))
        change(home, AMINTA, lambda one, now: (AttemptClaimed(between),))
        say(home, "1")
        person = standing(home, AMINTA)

    assert [one.creditor for one in person.plans] == ["muebles"]
    assert [one.creditor for one in person.replies[-2:]] == ["muebles", "muebles"]


def test_who_has_no_address_for_a_copy_is_not_told_that_one_is_on_its_way(clock: Clock) -> None:
    with owing(clock, debt(), by="a phone that others look at") as home:
        say(home, "quiero un plan de pagos")
        reply(home)
        say(home, "Prueba XXA8")
        reply(home)
        say(home, "1")
        told = reply(home)
        person = standing(home, AMINTA)

    assert len(person.plans) == 1
    assert "Quedó anotado" in told
    assert "https://pagos.example.com/p/" in told
    assert "enviamos" not in told
