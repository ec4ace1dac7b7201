"""Several people owe one debt: what one of them says, pays or leaves is carried to the others, and nothing of their own is lost by it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from recobro.bootstrap import Surroundings
from recobro.domain import facts as f
from recobro.domain.allocation import Allocation
from recobro.domain.channel import Channel, Kind
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.fold import apply
from recobro.domain.money import Money
from recobro.domain.pay_link import PayLink
from recobro.domain.payment_told import PaymentTold
from recobro.domain.reference import reference_of
from recobro.domain.shared_caps import Scope, Slot, others
from recobro.domain.task import Task
from recobro.domain.waiver import CallBack
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Inbound, Loaded
from recobro.usecases import payments, tasks
from recobro.usecases.erase import erase
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.portal.pay_links import _facts as recorded_link
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from tests.house import Clock, house, overtaken, standing
from tests.portfolio import drop
from tests.sample import AMINTA, MONDAY_NOON_MX, brand, debt, debtor, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_owed_with_others import (
    GUARANTOR,
    PRINCIPAL,
    TOGETHER,
    VOUCHES,
    asks,
    both,
    pays,
    vouching,
)

CONTESTS = "no reconozco esa deuda, yo no compré eso"
NEVER_SIGNED = "no reconozco esa deuda, yo nunca firmé como aval"


def writes(home: House, words: str, phone: str = "+525550100001", ident: str = "in-1") -> None:
    receive_message(home, Inbound(ident, "sms", phone, words, home.now()))


def task_of(home: House, who: str, reason: str = "dispute") -> str:
    return next(one.id for one in standing(home, who).open_tasks() if one.reason == reason)


def rests(person: Debtor) -> list[str]:
    return [one.id for one in person.holds if one.lifted_at is None]


def owed(home: House, who: str, key: str = "muebles/A1") -> tuple[str, int]:
    one = standing(home, who).debt(key)
    assert one is not None
    return one.status.value, one.outstanding.minor


# What each of them says


def test_what_a_guarantor_contests_for_reasons_of_their_own_is_looked_into_though_the_debtor_contests_too(
    home: House, clock: Clock
) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    writes(home, CONTESTS)
    clock.forward(minutes=10)
    writes(home, NEVER_SIGNED, "+525550100002", "in-2")
    writes(home, NEVER_SIGNED, "+525550100002", "in-3")
    ana, luz = both(home)
    assert [one.reason for one in luz.open_tasks()].count("dispute") == 1

    tasks.close(home, ana.id, task_of(home, ana.id), "resume", note="compra comprobada")
    clock.forward(days=1)
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER, name="next.csv")
    ana, luz = both(home)

    assert len(rests(luz)) == 1
    assert asks(home, luz.id) == asks(home, ana.id) == "refused", "nobody has looked into what she says"
    tasks.close(home, luz.id, task_of(home, luz.id), "resume", note="firma comprobada")
    assert [rests(one) for one in both(home)] == [[], []]


def test_two_agents_who_hear_two_people_contest_a_debt_leave_two_tasks(known: House) -> None:
    vouching(known)
    call = Task("t1.middle.call", "call_to_agree", 3, known.now(), known.now(), creditor="muebles")
    for who in (AMINTA, VOUCHES):
        change(known, who, lambda person, now: (f.TaskOpened(call),))
    for who in (AMINTA, VOUCHES):
        tasks.close(known, who, call.id, "dispute", note="lo que dice")
    tasks.close(known, AMINTA, task_of(known, AMINTA), "resume")

    assert len(rests(standing(known, VOUCHES))) == 1
    assert task_of(known, VOUCHES)


# What ends at its source while it is carried over


def test_a_dispute_that_ends_while_it_is_told_to_the_others_ends_for_them(known: House, clock: Clock) -> None:
    """Whoever heard it stands still between the two records."""
    vouching(known)

    def looked_into() -> None:
        clock.forward(minutes=5)
        tasks.close(known, AMINTA, task_of(known, AMINTA), "resume")

    writes(overtaken(known, f"DEBTOR#{VOUCHES}", looked_into), CONTESTS)

    assert rests(standing(known, AMINTA)) == rests(standing(known, VOUCHES)) == []


def test_a_dispute_that_ends_while_a_sender_carries_it_over_ends_for_them(known: House, clock: Clock) -> None:
    writes(known, CONTESTS)
    vouching(known)

    def looked_into() -> None:
        clock.forward(minutes=5)
        tasks.close(known, AMINTA, task_of(known, AMINTA), "resume")

    assert asks(before_saving(known, VOUCHES, once(looked_into)), VOUCHES) == "refused"
    assert standing(known, VOUCHES).holds, "it was carried over"
    assert rests(standing(known, VOUCHES)) == []


def test_a_dispute_that_ends_while_a_file_brings_who_vouches_ends_for_them(home: House) -> None:
    drop(home, PRINCIPAL, head=TOGETHER)
    writes(home, CONTESTS)
    ana = both(home)[0].id
    raced = overtaken(
        home, "OBLIGORS#", lambda: tasks.close(home, ana, task_of(home, ana), "resume"), after=True
    )
    drop(raced, GUARANTOR, name="aval.csv", head=TOGETHER)

    assert [rests(one) for one in both(home)] == [[], []]


def test_money_that_is_placed_while_a_refused_call_carries_its_task_over_waits_for_nobody(
    known: House,
) -> None:
    told = PaymentTold(
        "standard",
        "standard#pi_1",
        "e1",
        f"{AMINTA}:muebles/A1",
        Money(1_000, "USD"),
        "paid",
        known.now(),
    )
    hear_payment(known, told, b"raw", "main")
    vouching(known)
    call = Task("t1.middle.call", "call_to_agree", 3, known.now(), known.now(), debts=("muebles/A1",))
    change(known, VOUCHES, lambda person, now: (f.TaskOpened(call),))
    placed = once(lambda: payments.close(known, "standard#pi_1", "send_back", "eva", "wrong currency"))
    tasks.call(before_saving(known, VOUCHES, placed), VOUCHES, call.id, "ana")

    assert [one.reason for one in standing(known, VOUCHES).open_tasks()] == ["call_to_agree"]


def test_a_payment_of_a_bare_reference_that_is_placed_waits_in_no_brand_any_more(clock: Clock) -> None:
    more = brand("ropa", "Ropa Luna", "Ropa Luna, S.A.", "MX", "55 5010 0002")
    book = playbook()
    with house(
        clock, book=replace(book, client=replace(book.client, brands=(*book.client.brands, more)))
    ) as home:
        told = PaymentTold(
            "standard", "standard#pi_1", "e1", "C-1", Money(150_050, "MXN"), "paid", home.now()
        )
        hear_payment(home, told, b"raw", "main")
        other = PRINCIPAL.replace("muebles", "ropa").replace("PEGA850101AB1", "GOML900202AB9")
        drop(home, PRINCIPAL, other.replace("5550100001", "5550100002"), head=TOGETHER)
        people = [home.lookups.debtors(home.keys.debt(key))[0] for key in ("muebles/C-1", "ropa/C-1")]
        assert all(task_of(home, one, "payment_quarantined") for one in people)
        payments.assign(home, "standard#pi_1", "muebles/C-1", "eva", "it is for the furniture")

        assert [one.reason for one in standing(home, people[1]).open_tasks()] == []


# Whose money it is


def pays_bare(home: House, amount: int = 150_000) -> str:
    told = PaymentTold("standard", "standard#pi_1", "e1", "A1", Money(amount, "MXN"), "paid", home.now())
    return hear_payment(home, told, b"raw", "main").result


@pytest.mark.parametrize("who", [AMINTA, VOUCHES])
@pytest.mark.parametrize("status", [DebtStatus.INSOLVENT, DebtStatus.JUDICIAL, DebtStatus.RECALLED])
def test_money_for_a_debt_that_one_of_two_has_left_frees_the_other(
    known: House, who: str, status: DebtStatus
) -> None:
    vouching(known)
    for one in (AMINTA, VOUCHES):
        known.lookups.add(known.keys.debt("muebles/A1"), one)
    change(known, who, lambda person, now: (f.DebtStatusChanged("muebles/A1", status, "feed"),))
    other = VOUCHES if who == AMINTA else AMINTA

    assert pays_bare(known) == "posted"
    assert owed(known, other) == ("paid", 0)
    assert owed(known, who) == (status.value, 0 if status is DebtStatus.RECALLED else 150_000)
    assert not any(one.reason == "overpaid" for one in standing(known, who).open_tasks())

    back = PaymentTold(
        "standard", "standard#pi_1", "e2", "A1", Money(150_000, "MXN"), "refunded", known.now()
    )
    hear_payment(known, back, b"raw", "main")
    assert owed(known, other) == ("active", 150_000)
    assert owed(known, who) == (status.value, 150_000)


@pytest.mark.parametrize("first", [AMINTA, VOUCHES])
def test_money_of_who_is_in_a_debt_never_pays_the_other_debts_of_who_has_left_it(
    clock: Clock, first: str
) -> None:
    """Whichever record the table answers first."""
    book = playbook()
    rule = Allocation(debts="named_then_oldest")
    with house(clock, book=replace(book, client=replace(book.client, allocation=rule))) as home:
        at_home(home)
        vouching(home)
        left = f.DebtStatusChanged("muebles/A1", DebtStatus.RECALLED, "missing from a full file")
        change(home, AMINTA, lambda person, now: (f.DebtRecorded(debt("Y9")), left))
        for who in (AMINTA, VOUCHES):
            home.lookups.add(home.keys.debt("muebles/A1"), who)
        answers = home.ledger.load_many

        def in_that_order(debtor_ids: Sequence[str]) -> dict[str, Loaded]:
            return dict(sorted(answers(debtor_ids).items(), key=lambda one: one[0] != first))

        home.ledger.load_many = in_that_order  # type: ignore[method-assign]
        pays_bare(home)

        assert owed(home, VOUCHES) == ("paid", 0)
        assert owed(home, AMINTA, "muebles/Y9") == ("active", 150_000)


def test_what_a_balance_has_counted_is_not_taken_off_again_where_the_word_comes_late(
    home: House, clock: Clock
) -> None:
    """The webhook died between the two records; the next day's file, which has counted the money, was faster than its redelivery."""
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    ana, luz = both(home)
    at = home.now()
    link = reference_of(ana.id, home.keys.short_debt("muebles/C-1"), 1)
    told = PaymentTold("standard", "standard#pi_1", "e1", link, Money(50_000, "MXN"), "paid", at)
    dying(home, luz.id, told)
    clock.forward(days=1)
    rows = [row.replace("1500.50", "1000.50") for row in (PRINCIPAL, GUARANTOR)]
    drop(home, *rows, head=TOGETHER, name="tuesday.csv")
    hear_payment(home, told, b"raw", "main")

    assert [one.debts[0].outstanding.minor for one in both(home)] == [100_050, 100_050]
    assert hear_payment(home, told, b"raw", "main").result == "repeated"


def test_a_balance_that_has_not_counted_it_yet_has_it_taken_off_when_the_word_comes(
    home: House, clock: Clock
) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    ana, luz = both(home)
    link = reference_of(ana.id, home.keys.short_debt("muebles/C-1"), 1)
    told = PaymentTold("standard", "standard#pi_1", "e1", link, Money(50_000, "MXN"), "paid", home.now())
    dying(home, luz.id, told)
    hear_payment(home, told, b"raw", "main")

    assert [one.debts[0].outstanding.minor for one in both(home)] == [100_050, 100_050]


def test_a_voucher_whose_payment_a_balance_has_counted_pays_nothing_more_and_is_waited_for_no_longer(
    home: House, clock: Clock
) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    ana, luz = both(home)
    pays(home, ana.id, 80_000, "pending")
    clock.forward(hours=1)
    link = reference_of(ana.id, home.keys.short_debt("muebles/C-1"), 1)
    told = PaymentTold("standard", "standard#pi_1", "e1", link, Money(80_000, "MXN"), "paid", home.now())
    dying(home, luz.id, told)
    clock.forward(days=8)
    rows = [row.replace("1500.50", "700.50") for row in (PRINCIPAL, GUARANTOR)]
    drop(home, *rows, head=TOGETHER, name="next.csv")
    asks(home, luz.id)
    assert both(home)[1].debts[0].outstanding.minor == 70_050
    hear_payment(home, told, b"raw", "main")
    luz = both(home)[1]

    assert (luz.debts[0].status.value, luz.debts[0].outstanding.minor) == ("active", 70_050)
    assert (list(luz.open_tasks()), rests(luz), luz.letters) == ([], [], ())


@pytest.mark.parametrize("newer", [PRINCIPAL, GUARANTOR])
def test_whether_a_balance_may_have_counted_money_is_asked_of_the_newest_that_anybody_in_the_debt_has(
    home: House, clock: Clock, newer: str
) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    at = home.now() + timedelta(hours=3)
    clock.forward(days=2)
    drop(home, newer.replace("1500.50", "1000.50"), head=TOGETHER, name="delta.csv")
    told = PaymentTold("standard", "standard#pi_1", "e1", "C-1", Money(50_000, "MXN"), "paid", at)

    assert hear_payment(home, told, b"raw", "main").result == "quarantined"


class BeforeSaving:
    """A table's client by which something happens right before that record is saved."""

    def __init__(self, real: Any, debtor: str, meanwhile: Callable[[], object]) -> None:
        self._real, self._pk, self._meanwhile = real, f"DEBTOR#{debtor}", meanwhile

    def __getattr__(self, operation: str) -> Any:
        def call(**params: Any) -> Any:
            if params.get("Item", {}).get("pk", {}).get("S") == self._pk:
                self._meanwhile()
            return getattr(self._real, operation)(**params)

        return call


def before_saving(home: House, debtor: str, meanwhile: Callable[[], object]) -> House:
    """The same house in another process."""

    def client(service: str, **config: Any) -> Any:
        real = home.client(service, **config)
        return BeforeSaving(real, debtor, meanwhile) if service == "dynamodb" else real

    return House(home.settings, Surroundings(client, home.now, random.Random(8)), home.playbook)


def once(done: Callable[[], object]) -> Callable[[], object]:
    left = [done]
    return lambda: left.pop()() if left else None


def dying(home: House, before: str, told: PaymentTold) -> None:
    """The word is heard, and its worker dies as it saves that record."""

    def dies() -> None:
        raise Unavailable("timeout")

    with pytest.raises(Unavailable):
        hear_payment(before_saving(home, before, dies), told, b"raw", "main")


# What is one's own


def test_what_a_guarantor_leaves_behind_does_not_take_the_debtors_payments_along(home: House) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    ana, luz = both(home)
    pays(home, ana.id, 50_000)
    left = f.DebtStatusChanged("muebles/C-1", DebtStatus.RECALLED, "missing from a full file")
    change(home, luz.id, lambda person, now: (left,))
    erase(home, luz.id, "letter", agreed_by="creditor")

    assert list(home.payments.raw("standard#pi_1").values()) == [b"raw"]


def test_what_a_gateway_wrote_of_the_one_who_is_erased_goes_though_the_debtor_is_freed_by_it(
    home: House,
) -> None:
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    luz = both(home)[1]
    link = reference_of(luz.id, home.keys.short_debt("muebles/C-1"), 1)
    told = PaymentTold("standard", "standard#pi_1", "e1", link, Money(50_000, "MXN"), "paid", home.now())
    hear_payment(home, told, f'{{"reference": "{link}"}}'.encode(), "main")
    left = f.DebtStatusChanged("muebles/C-1", DebtStatus.RECALLED, "missing from a full file")
    change(home, luz.id, lambda person, now: (left,))
    erase(home, luz.id, "letter", agreed_by="creditor")

    assert home.payments.raw("standard#pi_1") == {}


def test_a_call_that_somebody_else_asked_for_uses_up_nobodys_own(clock: Clock) -> None:
    now = MONDAY_NOON_MX
    asked = CallBack("cb1", now, now + timedelta(hours=1), "WhatsApp", now)
    person = apply(debtor(), f.CallBackAgreed(asked), now)
    slot = Slot("c9", "sample/other", now, Channel.VOICE, Kind.CONSENTED_CALLBACK, "muebles")
    home = Scope("household", "h1")
    for fact in others(person, {home: [slot]}, {home: "sample/me"}):
        person = apply(person, fact, now)

    assert [one.by for one in person.attempts] == ["shared.household"]
    assert [one.used_by for one in person.call_backs] == [""]


def test_two_pages_that_ask_for_two_amounts_at_once_leave_two_links_to_take_back(known: House) -> None:
    now = known.now()

    def link(ident: str, amount: int) -> PayLink:
        end = now + timedelta(days=4)
        return PayLink(
            1,
            "muebles",
            "MXN",
            "muebles/A1",
            amount,
            "standard",
            "main",
            ident,
            f"https://x.example/{ident}",
            now,
            end,
        )

    for one in (link("a", 100_00), link("b", 200_00)):
        loaded = known.ledger.load(AMINTA)
        assert loaded is not None
        known.ledger.save(loaded, recorded_link(loaded.debtor, one, is_asked=True), now)

    assert [(one.number, one.status.value) for one in standing(known, AMINTA).pay_links] == [
        (1, "void"),
        (2, "open"),
    ]


def test_money_that_went_back_is_in_the_balance_already_where_it_is_that_of_who_knows_of_it(
    home: House, clock: Clock
) -> None:
    """Months 490 and 672 of the simulation: the refund's word died between the two records, and that day's file had it back in."""
    drop(home, PRINCIPAL, GUARANTOR, head=TOGETHER)
    ana, luz = both(home)
    pays(home, ana.id, 150_050)
    clock.forward(days=2)
    link = reference_of(ana.id, home.keys.short_debt("muebles/C-1"), 1)
    back = PaymentTold("standard", "standard#pi_1", "e9", link, Money(150_050, "MXN"), "refunded", home.now())
    dying(home, luz.id, back)
    drop(home, PRINCIPAL, GUARANTOR, name="later.csv", head=TOGETHER)

    assert [one.debts[0].outstanding.minor for one in both(home)] == [150_050, 150_050]
    assert [one.payments[0].left for one in both(home)] == [0, 0]
