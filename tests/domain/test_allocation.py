"""Every centavo of a payment goes somewhere, once, in the client's order; what is taken back restores what was there."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.domain import facts as f
from recobro.domain.allocation import (
    PARTS,
    RULES,
    Allocation,
    give_back,
    owed_again,
    settled_by,
    shares,
    take,
)
from recobro.domain.debt import Amounts, Debt, DebtStatus, Instalment
from recobro.domain.fold import apply
from recobro.domain.payment import Payment
from recobro.errors import InvalidInput
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor

ORDERS = st.sampled_from(list(permutations(PARTS)))
MINOR = st.integers(0, 10**7)


@st.composite
def owed(draw: st.DrawFn, ref: str = "A1") -> Debt:
    amounts = Amounts(*(draw(MINOR) for _ in PARTS))
    count = draw(st.integers(0, 4))
    parts = tuple(
        Instalment(number, date(2026, draw(st.integers(1, 12)), 10), draw(MINOR)) for number in range(count)
    )
    status = draw(st.sampled_from([DebtStatus.ACTIVE, DebtStatus.DISPUTED]))
    one = debt(ref, instalments=parts, credit=draw(st.integers(0, 10**6)), status=status)
    one = replace(one, amounts=amounts)
    is_paid = one.outstanding.minor == 0 and status is DebtStatus.ACTIVE
    return replace(one, status=DebtStatus.PAID) if is_paid else one


@given(owed(), st.integers(0, 10**8), ORDERS)
def test_what_is_applied_and_what_is_not_add_up_to_what_was_paid(
    one: Debt, amount: int, order: tuple[str, ...]
) -> None:
    split = take(one, amount, order)
    after = settled_by(one, split)

    assert split.total == amount
    assert min(getattr(split, name) for name in (*PARTS, "unapplied")) >= 0
    assert after.outstanding.minor == one.outstanding.minor - split.applied
    assert min(getattr(after.amounts, name) for name in PARTS) >= 0
    assert all(part.outstanding >= 0 for part in after.instalments)


@given(owed(), st.integers(0, 10**8), ORDERS)
def test_a_part_is_paid_only_when_those_before_it_are(one: Debt, amount: int, order: tuple[str, ...]) -> None:
    split = take(one, amount, order)
    paid_in_part = [name for name in order if getattr(split, name) < getattr(one.amounts, name)]

    if paid_in_part:
        after = order[order.index(paid_in_part[0]) + 1 :]
        assert all(getattr(split, name) == 0 for name in after)


@given(owed(), st.lists(st.integers(1, 10**7), max_size=5), ORDERS)
def test_one_payment_or_the_same_money_in_parts_leaves_the_same_debt(
    one: Debt, amounts: list[int], order: tuple[str, ...]
) -> None:
    stepwise = one
    for amount in amounts:
        stepwise = settled_by(stepwise, take(stepwise, amount, order))

    assert stepwise == settled_by(one, take(one, sum(amounts), order))


@given(owed(), st.integers(0, 10**8), st.lists(st.integers(0, 100), max_size=4), ORDERS)
def test_given_back_at_once_or_piece_by_piece_restores_exactly_what_was_there(
    one: Debt, amount: int, cuts: list[int], order: tuple[str, ...]
) -> None:
    split = take(one, amount, order)
    after, left = settled_by(one, split), split
    for cut in [*(split.total * each // 100 for each in cuts), split.total]:
        piece = give_back(left, min(cut, left.total))
        after, left = owed_again(after, piece), left.less(piece)

    assert left.total == 0
    assert after == one


@given(owed(), st.integers(1, 10**7), st.integers(1, 10**7), ORDERS)
def test_of_two_payments_either_may_be_taken_back_first(
    one: Debt, first: int, second: int, order: tuple[str, ...]
) -> None:
    a = take(one, first, order)
    between = settled_by(one, a)
    b = take(between, second, order)
    both = settled_by(between, b)

    assert owed_again(owed_again(both, a), b) == owed_again(owed_again(both, b), a) == one


@given(st.permutations(["A", "B", "C"]), st.integers(0, 10**8), st.sampled_from(RULES))
def test_shares_add_up_and_do_not_depend_on_the_order_of_the_debts(
    order: list[str], amount: int, rule: str
) -> None:
    days = {"A": date(2026, 1, 5), "B": date(2026, 2, 5), "C": date(2026, 3, 5)}
    debts = {ref: debt(ref, due_on=day, amount=40_000) for ref, day in days.items()}
    found = shares([debts[ref] for ref in order], debts["B"], amount, rule)

    assert sum(minor for _, minor in found) == amount
    assert found == shares(list(debts.values()), debts["B"], amount, rule)


def test_the_named_debt_or_the_oldest_comes_first_as_the_client_says() -> None:
    old, named = debt("OLD", due_on=date(2026, 1, 5), amount=100), debt("NEW", amount=100)
    other = debt("USD", currency="USD", amount=100)
    found = {rule: shares([old, named, other], named, 150, rule) for rule in RULES}

    assert found["named"] == (("muebles/NEW", 150),)
    assert found["named_then_oldest"] == (("muebles/NEW", 100), ("muebles/OLD", 50))
    assert found["oldest"] == (("muebles/OLD", 100), ("muebles/NEW", 50))


def test_a_debt_that_is_paid_takes_nothing_more() -> None:
    paid = debt(status=DebtStatus.PAID, amount=70)

    assert (take(paid, 50).applied, take(paid, 50).unapplied) == (0, 50)


def test_an_order_that_forgets_a_part_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Allocation(parts=("fees", "principal"))
    with pytest.raises(InvalidInput):
        Allocation(debts="newest")


def test_a_reversal_restores_the_split_and_the_instalments_that_the_payment_took() -> None:
    parts = tuple(Instalment(number, date(2026, number, 10), 60) for number in (1, 2))
    person = debtor(replace(debt(instalments=parts), amounts=Amounts(90, 20, 10, 0)))
    split = take(person.debts[0], 100)
    paid = apply(person, f.PaymentPosted(Payment("g#1", "muebles/A1", 100, "MXN", NOW, split=split)), NOW)
    back = apply(paid, f.PaymentReversed("g#1", "muebles/A1", 100, "refunded", split), NOW)

    assert paid.debts[0].amounts == Amounts(20, 0, 0, 0)
    assert back.debts == person.debts
    assert back.payments[0].is_reversed


def test_more_interest_or_fees_than_the_creditor_stated_never_accrue() -> None:
    """Nothing in the domain adds to a debt but the creditor's own statement, and what was taken back of a payment."""
    person = debtor(replace(debt(), amounts=Amounts(1_000, 20, 5, 1)))
    for days in (1, 400):
        later = apply(person, f.FeedRead("muebles", date(2026 + days // 365, 3, 9), "file"), NOW)
        assert later.debts == person.debts
