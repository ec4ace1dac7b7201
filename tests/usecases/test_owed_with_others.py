"""Who owes a debt with others is asked, spared and told as the others are, whatever they owe besides."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from recobro.codec import write_instant
from recobro.domain import facts as f
from recobro.domain.channel import Channel
from recobro.domain.client import Approval
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Switches
from recobro.domain.reference import reference_of
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.domain.task import Task
from recobro.entry import send_each
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases import tasks
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from recobro.usecases.send import About, send
from tests.house import Clock, PretendCarrier, house, overtaken, settle_in, standing
from tests.portfolio import ANA, HEAD, LUZ, drop
from tests.sample import AMINTA, brand, debt, debtor, phone, playbook
from tests.usecases.conftest import at_home

TOGETHER = HEAD + ",papel"
PRINCIPAL = ANA + ",titular"
GUARANTOR = LUZ.replace("C-2", "C-1").replace("820", "1500.50").replace("10/03", "04/03") + ",aval"
VOUCHES = "d" + "0" * 22 + "2"
DISPUTE = "hdisp-0123456789ab"


def both(home: House) -> list[Debtor]:
    """Ana, and Luz where she vouches already."""
    people = [standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1"))]
    return sorted(people, key=lambda one: one.debts[0].role is not Role.PRINCIPAL)


def pays(
    home: House, who: str, amount: int, status: str = "paid", minutes: int = 0, currency: str = "MXN"
) -> None:
    link = reference_of(who, home.keys.short_debt("muebles/C-1"), 1)
    at = home.now() + timedelta(minutes=minutes)
    one = PaymentTold("standard", "standard#pi_1", f"e{minutes}", link, Money(amount, currency), status, at)
    hear_payment(home, one, b"raw", "main")


def asks(home: House, who: str, about: About | None = None) -> str:
    return send(
        home, PretendCarrier(), "sms", who, home.now() + timedelta(minutes=15), Switches, about
    ).result


def contests(home: House, who: str, *debts: str) -> None:
    hold = Hold(DISPUTE, HoldReason.DISPUTE, home.now(), "operations", home.now() + timedelta(days=30), debts)
    change(home, who, lambda person, now: (f.HoldPlaced(hold),))


def vouching(home: House, *own: str) -> None:
    vouched = replace(debt(), role=Role.GUARANTOR)
    settle_in(home, replace(debtor(vouched, *map(debt, own), points=(phone("p9"),)), id=VOUCHES))
    home.obligors.add(home.keys.short_debt("muebles/A1"), {AMINTA, VOUCHES})


@pytest.mark.parametrize("what", ["voucher", "quarantined", "charged_back"])
def test_who_joins_a_debt_whose_money_is_under_way_is_left_in_peace_as_the_debtor_is(
    home: House, clock: Clock, what: str
) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    ana = both(home)[0]
    if what == "charged_back":
        pays(home, ana.id, 150_050)
        pays(home, ana.id, 150_050, "charged_back", 5)
    else:
        pays(
            home,
            ana.id,
            150_050,
            "pending" if what == "voucher" else "paid",
            currency="MXN" if what == "voucher" else "USD",
        )
    clock.forward(hours=1)
    drop(home, PRINCIPAL, GUARANTOR, name="aval.csv", head=TOGETHER)
    ana, luz = both(home)

    assert (asks(home, ana.id), asks(home, luz.id)) == ("refused", "refused")


@pytest.mark.parametrize("what", ["voucher", "quarantined"])
def test_money_under_way_that_only_the_debtors_record_knows_of_stops_the_message_to_who_vouches(
    known: House, what: str
) -> None:
    word = PaymentTold(
        "standard", "standard#pi_1", "e1", f"{AMINTA}:muebles/A1",
        Money(150_000, "MXN" if what == "voucher" else "USD"), "pending" if what == "voucher" else "paid", known.now(),
    )  # fmt: skip
    hear_payment(known, word, b"raw", "main")
    vouching(known)

    assert (asks(known, AMINTA), asks(known, VOUCHES)) == ("refused", "refused")


@pytest.mark.parametrize("amount", [150_050, 50_000])
def test_a_refund_and_the_file_that_brings_another_person_never_miss_each_other(
    home: House, amount: int
) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    ana = both(home)[0]
    pays(home, ana.id, amount)
    raced = overtaken(home, "OBLIGORS#", lambda: pays(home, ana.id, amount, "refunded", 5))
    drop(raced, GUARANTOR, name="aval.csv", head=TOGETHER)
    ana, luz = both(home)

    assert [one.debts[0].outstanding.minor for one in (ana, luz)] == [150_050, 150_050]


@pytest.mark.parametrize("said", ["dispute", "paid"])
def test_a_hint_about_other_debts_than_those_that_are_asked_for_by_now_names_nobody_who_contests_them(
    known: House, said: str
) -> None:
    """When the sweep handed it out, the contact was about Z9, which nobody else owes."""
    if said == "paid":
        word = PaymentTold(
            "standard",
            "standard#pi_1",
            "e1",
            f"{AMINTA}:muebles/A1",
            Money(150_000, "MXN"),
            "paid",
            known.now(),
        )
        hear_payment(known, word, b"raw", "main")
    else:
        contests(known, AMINTA, "muebles/A1")
    vouching(known, "Z9")

    assert asks(known, VOUCHES, About("p9", ())) == "refused"


def test_money_that_the_file_must_have_counted_is_not_taken_off_the_newcomers_balance_again(
    home: House, clock: Clock
) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    pays(home, both(home)[0].id, 150_050)
    clock.forward(days=10)
    rows = [
        one.replace("1500.50", "800.00") for one in (GUARANTOR, PRINCIPAL)
    ]  # new charges, and a guarantor for them
    drop(home, *rows, name="aval.csv", head=TOGETHER)
    ana, luz = both(home)

    assert [one.debts[0].outstanding.minor for one in (ana, luz)] == [80_000, 80_000]
    assert [task.reason for task in luz.tasks] == []


@pytest.fixture
def two_brands(clock: Clock) -> Iterator[House]:
    book = playbook()
    more = brand("ropa", "Ropa Luna", "Ropa Luna, S.A.", "MX", "55 5010 0002")
    approvals = (*book.client.approvals, Approval(Channel.SMS, "MX", "ropa", "sample", date(2026, 1, 1)))
    with house(
        clock,
        book=replace(
            book, client=replace(book.client, brands=(*book.client.brands, more), approvals=approvals)
        ),
    ) as opened:
        at_home(opened, debt(), replace(debt("R1"), creditor="ropa"))
        yield opened


@pytest.mark.parametrize(
    "words", ["le pago en unos dias", "voy a pagar el 30 de diciembre", "pago 100 pesos el viernes"]
)
def test_who_wants_to_pay_the_debt_that_is_left_is_answered_though_the_message_was_about_a_paid_one(
    two_brands: House, clock: Clock, words: str
) -> None:
    home = two_brands
    assert asks(home, AMINTA) == "sent"  # about muebles
    word = PaymentTold(
        "standard", "standard#pi_1", "e1", f"{AMINTA}:muebles/A1", Money(150_000, "MXN"), "paid", home.now()
    )
    hear_payment(home, word, b"raw", "main")
    clock.forward(minutes=5)
    receive_message(home, Inbound("in-1", "sms", "+525550100001", words, home.now(), replies_to="m-1"))
    carrier = PretendCarrier()
    send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), Switches)
    last = standing(home, AMINTA).attempts[-1]

    is_answered = last.step.stage == "reply"
    is_handed_over = any(one.reason == "read_message" for one in standing(home, AMINTA).open_tasks())
    assert is_answered or is_handed_over, [one.body for one in carrier.asked]


def test_one_debt_looked_into_for_who_vouches_ends_no_dispute_of_the_debtors_other_debts(
    known: House, clock: Clock
) -> None:
    vouching(known)
    change(known, AMINTA, lambda person, now: (f.DebtRecorded(debt("B2")),))
    receive_message(
        known,
        Inbound("in-1", "sms", "+525550100001", "no reconozco esa deuda, yo no compré eso", known.now()),
    )
    clock.forward(days=31)
    change(known, VOUCHES, lambda person, now: settled(person, known.playbook, now)[1])
    review = next(one.id for one in standing(known, VOUCHES).open_tasks() if one.reason == "review_dispute")
    tasks.close(known, VOUCHES, review, "resume")
    call = Task("t9", "call", 3, known.now(), known.now(), creditor="muebles", debts=("muebles/B2",))
    change(known, AMINTA, lambda person, now: (f.TaskOpened(call), f.FeedRead("muebles", now.date(), "file")))
    answer = tasks.call(known, AMINTA, call.id, "ana")

    assert isinstance(answer, Refusal), "called about B2, which they contest and nobody looked into"


def test_a_promise_given_in_a_call_is_taken_though_money_came_meanwhile_that_nobody_has_placed(
    known: House,
) -> None:
    call = Task("t1.middle.call", "call_to_agree", 3, known.now(), known.now(), creditor="muebles")
    change(known, AMINTA, lambda person, now: (f.TaskOpened(call),))
    change(known, AMINTA, lambda person, now: settled(person, known.playbook, now)[1])
    made = tasks.call(known, AMINTA, call.id, "ana")
    word = PaymentTold(
        "standard", "standard#pi_1", "e1", f"{AMINTA}:muebles/A1", Money(1_000, "USD"), "paid", known.now()
    )
    hear_payment(known, word, b"raw", "main")
    tasks.close(
        known, AMINTA, call.id, "promise", attempt=str(made), amount=150_000, due_on=date(2026, 3, 12)
    )

    assert len(standing(known, AMINTA).promises) == 1


def test_what_a_call_read_of_the_others_stands_in_the_record_that_its_agent_sees(known: House) -> None:
    vouching(known, "Z9")
    call = Task("t1.middle.call", "call_to_agree", 3, known.now(), known.now(), creditor="muebles")
    change(known, VOUCHES, lambda person, now: (f.TaskOpened(call),))
    contests(known, AMINTA, "muebles/A1")
    made = tasks.call(known, VOUCHES, call.id, "ana")

    assert [(one.id, one.debts) for one in standing(known, VOUCHES).attempts] == [(made, ("muebles/Z9",))]
    assert [one.reason for one in standing(known, VOUCHES).holds] == ["dispute"]


def test_a_hint_that_does_not_say_whose_debts_it_is_about_makes_the_sender_look_itself(known: House) -> None:
    """A release before this one gave it, and it lay in the queue while the new one came."""
    vouching(known)
    contests(known, AMINTA, "muebles/A1")
    until = write_instant(known.now() + timedelta(minutes=15))
    hint = {"debtor": VOUCHES, "valid_until": until, "point": "p9", "others": ""}
    record = {"messageId": "m1", "body": json.dumps(hint), "attributes": {}}

    assert send_each({"Records": [record]}, known, "sms") == {"batchItemFailures": []}
    assert [one.reason for one in standing(known, VOUCHES).holds] == ["dispute"]
    assert standing(known, VOUCHES).attempts == ()
