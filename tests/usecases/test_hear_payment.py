"""One path for all money: told by anybody, in any order, through any crash, the ledgers end the same, and little is asked of AWS."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.domain.compact import compact
from recobro.domain.debt import Amounts, DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    DebtRecorded,
    DebtStatusChanged,
    Fact,
    FeedRead,
    TaskClosed,
    TaskOpened,
    WaiverEnded,
    WaiverGranted,
)
from recobro.domain.fold import fold
from recobro.domain.hear import asked_again
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Switches
from recobro.domain.promise import PromiseStatus
from recobro.domain.reference import reference_of
from recobro.domain.task import OF_PAYMENT, Task
from recobro.domain.waiver import Waiver
from recobro.house import House
from recobro.usecases.explain import explain
from recobro.usecases.hear_payment import Told, hear_payment
from recobro.usecases.journal import journal
from recobro.usecases.payments import assign, close
from recobro.usecases.release_letters import deliver_letter, receive_letter
from recobro.usecases.saving import change
from recobro.usecases.send import send
from recobro.usecases.shared_holds import said_elsewhere
from tests.house import Clock, PretendCarrier, settle_in, standing
from tests.sample import AMINTA, debt, debtor, phone

BERTA = "d" + "0" * 22 + "2"
CIRO = "d" + "0" * 22 + "3"


def told(
    home: House,
    status: str = "paid",
    amount: int = 150_000,
    *,
    intent: str = "standard#pi_1",
    reference: str = f"{AMINTA}:muebles/A1",
    minutes: int = 0,
    merchant: str = "",
    source: str = "webhook",
    answers: tuple[str, ...] = (),
    **more: Any,
) -> Told:
    money = Money(amount, more.pop("currency", "MXN"))
    at = more.pop("at", home.now()) + timedelta(minutes=minutes)
    one = PaymentTold("standard", intent, f"e{minutes}", reference, money, status, at, **more)
    return hear_payment(home, one, b"raw", "main", merchant=merchant, source=source, answers=answers)


def journaled(home: House, *people: str) -> None:
    for person in people or (AMINTA,):
        image = home.client("dynamodb").get_item(TableName="ledger", Key=key(person))["Item"]
        journal(home, JournalItems(home.client("dynamodb"), "ledger"), image)


def shared(home: House, *others: str) -> None:
    """The debt has co-debtors, noted as an import notes them."""
    for other in others:
        person = debtor(debt(role=Role.CODEBTOR))
        settle_in(home, Debtor(**{**_fields(person), "id": other, "version": 0}))
        home.lookups.add(home.keys.debt("muebles/A1"), other)
    home.obligors.add(home.keys.short_debt("muebles/A1"), {AMINTA, *others})


def _fields(person: Debtor) -> dict[str, Any]:
    return {name: getattr(person, name) for name in Debtor.__slots__}


class Requests:
    """Counts what is asked of AWS."""

    def __init__(self, home: House) -> None:
        self.made: Counter[str] = Counter()
        home._dynamodb.meta.events.register("before-call", self._count)

    def _count(self, model: Any, **_: Any) -> None:
        self.made[model.name] += 1

    def of(self, work: Any) -> int:
        self.made.clear()
        work()
        return self.made.total()


def test_explain_says_of_a_task_that_waits_for_money_what_closes_it_and_that_done_she_may_be_written_to(
    known: House,
) -> None:
    told(known, currency="USD")
    before = explain(known, AMINTA)
    assert before.change == (
        "standard#pi_1 rejected, sent back or placed on another's debt: recobro payments resolve",
    )
    assert [one.rule for one in before.blocked_by] == ["task.open"]

    close(known, "standard#pi_1", "reject", "ana", "no payment of ours")
    assert explain(known, AMINTA).result == "contact"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_three_requests_by_our_own_reference_and_two_more_for_each_further_obligor(
    known: House, count: int
) -> None:
    shared(known, *(BERTA, CIRO)[:count])
    short = reference_of(AMINTA, known.keys.short_debt("muebles/A1"), 1)
    requests = Requests(known)

    assert len(short) <= 44
    assert requests.of(lambda: told(known, amount=10, intent="standard#a", reference=short)) <= 3 + 2 * count
    assert requests.of(lambda: told(known, amount=10, intent="standard#b")) <= 3 + 2 * count
    by_key = requests.of(lambda: told(known, amount=10, intent="standard#c", reference="muebles/A1"))
    assert by_key <= 4 + 2 * count


def test_every_obligor_is_left_in_peace_before_the_answer(known: House) -> None:
    shared(known, BERTA, CIRO)
    told(known, "pending")
    for person in (AMINTA, BERTA, CIRO):
        assert standing(known, person).holds[0].binds("muebles/A1", known.now())
    told(known, "paid", minutes=5)
    for person in (AMINTA, BERTA, CIRO):
        assert standing(known, person).debts[0].status is DebtStatus.PAID
        assert not any(one.binds("muebles/A1", known.now()) for one in standing(known, person).holds)


def test_a_payment_by_a_codebtors_link_reaches_the_principal_even_when_nobody_noted_them_together(
    known: House,
) -> None:
    shared(known, BERTA)
    known.table.put(f"OBLIGORS#{known.keys.short_debt('muebles/A1')}", "PEOPLE", {"people": {"SS": [BERTA]}})
    told(known, reference=f"{BERTA}:muebles/A1")

    assert standing(known, AMINTA).debts[0].status is DebtStatus.PAID


def test_every_order_of_webhooks_ends_with_the_same_ledger(known: House, clock: Clock) -> None:
    words = [("pending", 20_000, 0), ("paid", 20_000, 3), ("refunded", 5_000, 9)]
    ends = set()
    start = clock.now
    for number, order in enumerate(permutations(words)):
        before = standing(known, AMINTA).debts[0].outstanding.minor
        for status, amount, minutes in [*order, *order]:
            told(known, status, amount, intent=f"standard#o{number}", minutes=minutes, at=start)
        ends.add(before - standing(known, AMINTA).debts[0].outstanding.minor)

    assert ends == {15_000}


def test_a_crash_anywhere_is_made_good_by_the_gateways_repetition(known: House) -> None:
    """Each request in turn fails once; the gateway, answered 5xx, tells it again, and it counts once."""

    class Crash(Exception):
        pass

    shared(known, BERTA)
    left = [0]

    def crash(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    known._dynamodb.meta.events.register("before-call", crash)
    crashes = 0
    for place in range(1, 8):
        intent, left[0] = f"standard#c{place}", place
        try:
            told(known, amount=1_000, intent=intent)
        except Crash:
            crashes += 1
            left[0] = 0
            told(known, amount=1_000, intent=intent)
        left[0] = 0
    balances = {standing(known, one).debts[0].outstanding.minor for one in (AMINTA, BERTA)}

    assert crashes >= 5
    assert balances == {150_000 - 7_000}


def test_an_overpayment_is_kept_as_credit_and_a_person_is_told(known: House) -> None:
    told(known, amount=160_000)
    person = standing(known, AMINTA)

    assert (person.debts[0].outstanding.minor, person.payments[0].credit) == (0, 10_000)
    assert "overpaid" in [one.reason for one in person.tasks]


def test_who_pays_twice_has_a_credit_and_no_payment_is_lost(known: House) -> None:
    told(known)
    told(known, intent="standard#pi_2")
    person = standing(known, AMINTA)

    assert [one.left for one in person.payments] == [150_000, 150_000]
    assert [one.credit for one in person.payments] == [0, 150_000]


def test_giving_the_surplus_back_reopens_nothing(known: House) -> None:
    told(known, amount=160_000)
    told(known, "refunded", 10_000, minutes=5)
    person = standing(known, AMINTA)

    assert person.debts[0].status is DebtStatus.PAID
    assert (person.payments[0].credit, [one for one in person.holds if one.lifted_at is None]) == (0, [])


def test_a_chargeback_reopens_the_debt_for_a_person_and_never_for_the_machine(
    known: House, clock: Clock
) -> None:
    told(known)
    told(known, "charged_back", 0, minutes=60)
    clock.forward(days=200)
    person = standing(known, AMINTA)

    assert (person.debts[0].status, person.debts[0].outstanding.minor) == (DebtStatus.ACTIVE, 150_000)
    assert any(one.binds("muebles/A1", clock.now) for one in person.holds)
    assert "chargeback" in [one.reason for one in person.open_tasks()]


@pytest.mark.parametrize(("days", "owed"), [(2, 150_000), (0, 200_000)])
def test_a_chargeback_that_the_balance_knows_is_not_asked_for_twice(
    known: House, clock: Clock, days: int, owed: int
) -> None:
    """The creditor's file of a later day had it back in; one of the same day may or may not, and a person looks anyhow."""
    told(known, amount=50_000)
    clock.forward(days=1)
    taken_back = clock.now
    clock.forward(days=days)
    balance = replace(
        standing(known, AMINTA).debts[0], amounts=Amounts(150_000), calculated_on=clock.now.date()
    )
    change(known, AMINTA, lambda _debtor, _now: (DebtRecorded(balance),))
    clock.forward(days=1)
    told(known, "charged_back", 0, minutes=1, at=taken_back)
    person = standing(known, AMINTA)

    assert person.debts[0].outstanding.minor == owed
    assert [one.left for one in person.payments] == [0]
    assert "chargeback" in [one.reason for one in person.open_tasks()]
    assert any(one.binds("muebles/A1", clock.now) for one in person.holds)

    told(known, "reinstated", 50_000, minutes=2)
    assert standing(known, AMINTA).debts[0].outstanding.minor == owed - 50_000


def test_a_payment_and_its_end_that_both_came_after_the_balance_leave_it_as_it_is(
    known: House, clock: Clock
) -> None:
    """What we took off ourselves since, we add again, whatever day the money went back on."""
    paid_at = clock.now
    balance = replace(standing(known, AMINTA).debts[0], calculated_on=(paid_at + timedelta(days=3)).date())
    clock.forward(days=4)
    change(known, AMINTA, lambda _debtor, _now: (DebtRecorded(balance),))
    told(known, "paid", 50_000)
    told(known, "refunded", 50_000, minutes=1, at=paid_at)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000


def test_a_chargeback_after_the_record_forgot_the_payment_restores_it_exactly(
    known: House, clock: Clock
) -> None:
    told(known, amount=50_000)
    journaled(known)
    clock.forward(days=150)
    change(known, AMINTA, lambda debtor, now: (DebtRecorded(replace(debtor.debts[0], product="x")),))
    assert standing(known, AMINTA).payments == ()
    told(known, "charged_back", 50_000, minutes=1)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000


def test_a_payment_told_again_a_year_later_under_another_event_counts_once(
    known: House, clock: Clock
) -> None:
    start = clock.now
    told(known, amount=50_000)
    journaled(known)
    clock.forward(days=365)
    change(known, AMINTA, lambda debtor, now: (DebtRecorded(replace(debtor.debts[0], product="x")),))
    told(known, amount=50_000, minutes=3, at=start)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 100_000


def test_a_promise_is_kept_the_moment_its_money_arrives(known: House) -> None:
    from recobro.domain.facts import PromiseMade
    from tests.domain.test_settle import promised

    promise = promised(150_000, made_at=known.now()).promises[0]
    change(known, AMINTA, lambda debtor, now: (PromiseMade(promise),))
    told(known)

    assert standing(known, AMINTA).promises[0].status is PromiseStatus.KEPT


def test_a_settled_debt_asks_the_creditor_for_its_letter_once(known: House) -> None:
    told(known)
    told(known, intent="standard#pi_2")
    person = standing(known, AMINTA)

    assert [(one.debt, one.status) for one in person.letters] == [("muebles/A1", "requested")]
    assert [one.reason for one in person.tasks].count("release_letter") == 1


def test_a_debt_that_is_settled_a_second_time_asks_for_a_letter_of_its_own(
    known: House, clock: Clock
) -> None:
    told(known)
    receive_letter(known, "muebles/A1", b"%PDF-1 of March", "ana")
    deliver_letter(known, AMINTA, "muebles/A1", "ana")
    clock.forward(days=30)
    owed_again = debt("A1", amount=90_000, due_on=date(2026, 4, 4), calculated_on=date(2026, 4, 8))
    change(known, AMINTA, lambda _debtor, _now: (DebtRecorded(owed_again),))
    told(known, amount=90_000, intent="standard#pi_9")
    person = standing(known, AMINTA)

    assert [(one.debt, one.status, one.document) for one in person.letters] == [
        ("muebles/A1", "requested", "")
    ]
    assert [one.reason for one in person.open_tasks()] == ["release_letter"]


def test_money_that_the_creditors_balance_may_have_counted_is_placed_by_a_person(
    known: House, clock: Clock
) -> None:
    """Taken off again it would settle what is still owed; left out, somebody would be asked for what they paid."""
    change(known, AMINTA, lambda _debtor, _now: (FeedRead("muebles", date(2026, 3, 9), "file"),))
    clock.forward(days=1)
    late = told(known, at=clock.now - timedelta(days=2), source="listed")

    assert (late.result, late.reason) == (
        "quarantined",
        "paid before the balance of 2026-03-09, which may have counted it",
    )
    person = standing(known, AMINTA)
    assert person.debts[0].outstanding.minor == 150_000
    assert [one.debts for one in person.open_tasks()] == [("muebles/A1",)]

    assign(known, "standard#pi_1", "muebles/A1", "ana", "the creditor says that it had not")
    assert standing(known, AMINTA).debts[0].status is DebtStatus.PAID


def test_money_of_the_day_of_the_creditors_balance_is_posted(known: House, clock: Clock) -> None:
    change(known, AMINTA, lambda _debtor, _now: (FeedRead("muebles", date(2026, 3, 9), "file"),))
    clock.forward(days=1)

    assert told(known, at=clock.now - timedelta(days=1), source="listed").result == "posted"


def test_a_voucher_paid_after_its_debt_was_sold_is_the_creditors_to_place(known: House, clock: Clock) -> None:
    told(known, "pending")
    clock.forward(hours=5)
    change(known, AMINTA, lambda _debtor, _now: (DebtStatusChanged("muebles/A1", DebtStatus.SOLD, "feed"),))
    paid = told(known, minutes=30)

    assert (paid.result, paid.reason) == ("quarantined", "the debt is sold")


UNFIT: list[tuple[dict[str, Any], str]] = [
    ({"currency": "USD"}, "in USD, and the debt is in MXN"),
    ({"reference": "nothing/1"}, "unknown reference"),
    ({"reference": ""}, "no reference"),
    ({"reference": "d" + "9" * 23 + ":x/1"}, "unknown reference"),
    ({"is_live": False}, "a test payment"),
    ({"merchant": "ours"}, "paid to another merchant than ours"),
    ({"amount": 10**15}, "an impossible amount"),
]


@pytest.mark.parametrize(("how", "reason"), UNFIT, ids=lambda one: str(one)[:40])
def test_what_cannot_be_posted_waits_for_a_person_with_its_reason(
    known: House, how: dict[str, Any], reason: str
) -> None:
    answer = told(known, **how)
    waiting = list(known.payments.quarantined())

    assert (answer.result, answer.reason) == ("quarantined", reason)
    assert [(one.intent, one.reason) for one in waiting] == [("standard#pi_1", reason)]
    assert standing(known, AMINTA).debts[0].outstanding.minor == 150_000


@pytest.mark.parametrize("status", [DebtStatus.RECALLED, DebtStatus.SOLD, DebtStatus.JUDICIAL])
def test_money_for_a_debt_that_is_no_longer_ours_is_never_taken(known: House, status: DebtStatus) -> None:
    change(known, AMINTA, lambda debtor, now: (DebtStatusChanged("muebles/A1", status),))

    assert told(known).result == "quarantined"


def test_a_refund_of_a_payment_whose_debt_was_recalled_meanwhile_is_still_written_down(known: House) -> None:
    told(known, amount=50_000)
    change(known, AMINTA, lambda debtor, now: (DebtStatusChanged("muebles/A1", DebtStatus.RECALLED),))

    assert told(known, "refunded", 50_000, minutes=9).result == "reversed"


def test_money_in_another_currency_keeps_everybody_silent_until_a_person_looks(known: House) -> None:
    told(known, currency="USD")
    person = standing(known, AMINTA)

    assert [one.reason for one in person.open_tasks()] == ["payment_quarantined"]
    assert all(one.binds("muebles/A1") for one in person.open_tasks())


def test_a_reference_that_comes_with_a_later_word_brings_the_money_out_of_quarantine(known: House) -> None:
    assert told(known, "charged_back", 150_000, reference="", minutes=9).result == "quarantined"
    told(known, reference="muebles/A1")
    journaled(known)
    entry = known.payments.entry("standard#pi_1")

    assert entry is not None
    assert (entry.status, list(known.payments.quarantined())) == ("reversed", [])


def test_the_raw_body_is_kept_before_anything_else_and_for_good(known: House) -> None:
    told(known, reference="nothing/1")

    assert list(known.payments.raw("standard#pi_1").values()) == [b"raw"]


def test_several_payments_are_read_at_once_and_those_that_nobody_told_of_are_left_out(known: House) -> None:
    told(known)
    told(known, reference="nothing/1", intent="standard#pi_2")
    both = known.payments.entries(["standard#pi_2", "standard#pi_1", "standard#pi_1", "standard#pi_9"])

    assert both == {one: known.payments.entry(one) for one in ("standard#pi_1", "standard#pi_2")}
    assert known.payments.entries([]) == {}


def test_two_functions_at_once_never_undo_each_other(known: House) -> None:
    """Before one of its requests the other one runs whole: whoever knows more words wins."""
    chance = random.Random(5)
    for number in range(20):
        words = [("pending", 0), ("paid", 1), ("refunded", 2), ("failed", 3)]
        chance.shuffle(words)
        _meddled(known, f"standard#r{number}", words, place=chance.randrange(1, 4))


def _meddled(known: House, intent: str, words: list[tuple[str, int]], place: int) -> None:
    outer, *inner = words
    left = [place]

    def meddle(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            for status, minutes in inner:
                told(known, status, 700, intent=intent, minutes=minutes)

    known._dynamodb.meta.events.register("before-call", meddle, unique_id="meddle")
    told(known, outer[0], 700, intent=intent, minutes=outer[1])
    known._dynamodb.meta.events.unregister("before-call", meddle, unique_id="meddle")
    person = standing(known, AMINTA)
    assert sum(one.left for one in person.payments if one.intent == intent) == 0, words
    waits = [one for one in person.holds if one.reason == "payment_pending"]
    assert not any(one.binds("muebles/A1", known.now()) for one in waits), words


@pytest.fixture
def joined(known: House) -> House:
    """Somebody vouches for a debt that was paid as their file was read: their import died before it looked again."""
    told(known)
    vouched = replace(debt(), role=Role.GUARANTOR)
    settle_in(known, replace(debtor(vouched, points=(phone("p9"),)), id=BERTA))
    known.obligors.add(known.keys.short_debt("muebles/A1"), {AMINTA, BERTA})
    return known


def test_who_joined_a_debt_while_it_was_paid_is_not_asked_for_it(joined: House) -> None:
    """Seed 93 of the simulation."""
    carrier = PretendCarrier()
    until = joined.now() + timedelta(minutes=15)
    assert send(joined, carrier, "sms", BERTA, until, Switches).result == "refused"

    assert carrier.asked == []
    assert standing(joined, BERTA).debts[0].status is DebtStatus.PAID
    assert [one.amount for one in standing(joined, BERTA).payments] == [150_000]
    assert told(joined).result == "repeated"
    assert [one.amount for one in standing(joined, BERTA).payments] == [150_000]


def test_money_that_a_record_has_forgotten_is_no_news(joined: House, clock: Clock) -> None:
    amintas, bertas = standing(joined, AMINTA), standing(joined, BERTA)
    lately = said_elsewhere(joined, bertas, (amintas,), ("muebles/A1",), joined.now())
    clock.forward(days=31)
    later = said_elsewhere(joined, bertas, (amintas,), ("muebles/A1",), joined.now())

    assert (bool(lately), later) == (True, ())


def fed(home: House, clock: Clock, days: int, *, journals: bool = False) -> None:
    """Days go by on which the creditor's file says nothing new, and the record forgets what it may. journals: every save of the test."""
    for _ in range(days):
        clock.forward(days=1)
        change(home, AMINTA, lambda _debtor, now: (FeedRead("muebles", now.date(), "file"),))
        if journals:
            journaled(home)


def is_what_the_history_says(home: House) -> bool:
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    assert loaded.saved_at is not None
    whole = compact(fold(Debtor(AMINTA), home.ledger.history(AMINTA)), loaded.saved_at)
    kept = {"version": whole.version, "head": whole.head, "personal": whole.personal}
    return whole == replace(loaded.debtor, **kept)  # type: ignore[arg-type]


def test_money_that_goes_on_coming_for_months_is_all_taken_off(known: House, clock: Clock) -> None:
    """What the record forgets of a payment leaves its later parts numbers of their own."""
    journaled(known)
    for so_far, days in ((30_000, 60), (60_000, 65), (90_000, 1)):
        told(known, amount=so_far, minutes=so_far)
        journaled(known)
        fed(known, clock, days, journals=True)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 60_000
    assert is_what_the_history_says(known)


@pytest.mark.parametrize("days", [40, 75])
def test_a_dispute_that_is_won_again_and_again_is_owed_no_more(known: House, clock: Clock, days: int) -> None:
    journaled(known)
    for minutes, status in enumerate(("paid", "charged_back", "reinstated", "charged_back", "reinstated")):
        told(known, status, 50_000, minutes=minutes)
        journaled(known)
        fed(known, clock, days, journals=True)

    assert standing(known, AMINTA).debts[0].outstanding.minor == 100_000
    assert is_what_the_history_says(known)


def test_money_that_nobody_places_is_asked_about_under_a_new_name_each_time(
    known: House, clock: Clock
) -> None:
    waiting = Task(
        "tpayment_quarantined-x", "payment_quarantined", 1, clock.now, clock.now, step=f"{OF_PAYMENT}i9"
    )
    change(known, AMINTA, lambda _debtor, _now: (TaskOpened(waiting),))
    given = []
    for _ in range(4):

        def again(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
            task = next(debtor.open_tasks())
            return TaskClosed(task.id, "no_answer"), asked_again(debtor, task, known.playbook, now)

        change(known, AMINTA, again)
        given += [one.id for one in standing(known, AMINTA).open_tasks()]
        fed(known, clock, 47)

    assert given == [f"tpayment_quarantined-x.{number}" for number in (2, 3, 4, 5)]
    assert is_what_the_history_says(known)


def test_a_voucher_that_was_renewed_leaves_the_record_that_the_history_gives(
    known: House, clock: Clock
) -> None:
    told(known, "pending", minutes=0, expires_at=clock.now + timedelta(days=20))
    clock.forward(days=1)
    told(known, "pending", minutes=1, expires_at=clock.now + timedelta(days=90))
    fed(known, clock, 50)
    told(known, "expired", minutes=2)

    assert is_what_the_history_says(known)


def test_what_is_allowed_again_leaves_the_record_that_the_history_gives(known: House, clock: Clock) -> None:
    for name in ("sms", "email"):
        change(known, AMINTA, lambda _, now, it=name: (WaiverGranted(Waiver(it, "written", now)),))  # type: ignore[misc]
    change(known, AMINTA, lambda _debtor, _now: (WaiverEnded("sms", "person"),))
    fed(known, clock, 50)
    change(known, AMINTA, lambda _debtor, now: (WaiverGranted(Waiver("sms", "written", now)),))

    assert is_what_the_history_says(known)
