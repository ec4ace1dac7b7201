"""The words on one payment may come in any order, however often: they always mean the same money."""

import random
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.adapters.payment_log import digested
from recobro.domain.debtor import Debtor
from recobro.domain.fold import apply
from recobro.domain.hear import heard_facts
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.said import VOUCHER_LAG, Word, said, unanswered
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debtor, playbook

STATUSES = ("paid", "pending", "failed", "expired", "refunded", "charged_back", "reinstated", "unrecognised")


def word(
    status: str, amount: int = 100, minute: int = 0, *, certain: bool = True, answers: tuple[str, ...] = ()
) -> Word:
    at = NOW + timedelta(minutes=minute)
    told = PaymentTold("g", "g#1", "e", "muebles/A1", Money(amount, "MXN"), status, at, is_certain=certain)
    return digested(Word(told, answers=answers))


WORDS = st.builds(
    word,
    st.sampled_from(STATUSES),
    st.integers(1, 200_000),
    st.integers(0, 5),
    certain=st.sampled_from([True, True, True, False]),
)


def posted(words: list[Word], person: Debtor | None = None) -> Debtor:
    """The record after it heard the words one by one, each message bringing all that the log held by then."""
    person = person or debtor()
    known: dict[str, Word] = {}
    for one in words:
        known[one.digest] = one
        for fact in heard_facts(person, "muebles/A1", said(known.values()), playbook(), NOW):
            person = apply(person, fact, NOW)
    return person


def standing(person: Debtor) -> tuple[object, ...]:
    debt = person.debts[0]
    held = sorted((one.reason.value, one.review_at or NOW) for one in person.holds if one.lifted_at is None)
    return debt.amounts, debt.instalments, sum(one.left for one in person.payments), held_reasons(held)


def held_reasons(held: list[tuple[str, datetime]]) -> list[str]:
    """A reversal's hold waits for a person; whether it came up once or twice is history, not standing."""
    return sorted({reason for reason, _ in held if reason == "payment_pending"})


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=lambda one: one.digest), st.randoms())
def test_what_is_said_does_not_depend_on_the_order(words: list[Word], chance: random.Random) -> None:
    shuffled = [*words]
    chance.shuffle(shuffled)

    assert said(shuffled) == said(words)


@given(st.lists(WORDS, min_size=1, max_size=4, unique_by=lambda one: one.digest))
def test_the_ledger_ends_the_same_by_every_permutation_and_repetition(words: list[Word]) -> None:
    ends = [standing(posted([*order, *order])) for order in permutations(words)]

    assert all(one == ends[0] for one in ends)


@given(st.lists(WORDS, min_size=1, max_size=4, unique_by=lambda one: one.digest), st.randoms())
def test_a_slow_messenger_who_knows_less_changes_nothing(words: list[Word], chance: random.Random) -> None:
    """Two functions took two words; the log numbers them, and the record keeps what the one who knew more brought."""
    known = [said(words[: count + 1]) for count in range(len(words))]
    chance.shuffle(known)
    person = debtor()
    for money in known:
        for fact in heard_facts(person, "muebles/A1", money, playbook(), NOW):
            person = apply(person, fact, NOW)
    whole = posted([*words])

    assert standing(person) == standing(whole)


@given(st.lists(WORDS, min_size=1, max_size=5, unique_by=lambda one: one.digest))
def test_what_the_record_holds_is_what_was_captured_less_what_went_back(words: list[Word]) -> None:
    person, money = posted(words), said(words)

    assert sum(one.left for one in person.payments) == money.captured - money.returned
    assert person.debts[0].amounts.total == 150_000 - min(150_000, money.captured - money.returned)


def test_a_refund_before_its_payment_leaves_nothing_paid_and_a_person_to_look() -> None:
    person = posted([word("refunded", 100, 2), word("paid", 100, 1)])

    assert person.debts[0].outstanding.minor == 150_000
    assert [one.reason for one in person.tasks] == ["payment_returned"]
    assert any(one.binds("muebles/A1", NOW + timedelta(days=400)) for one in person.holds)


def test_pending_after_paid_keeps_nobody_waiting() -> None:
    person = posted([word("paid", 100, 1), word("pending", 100, 2)])

    assert not any(one.binds("muebles/A1", NOW) for one in person.holds)


@pytest.mark.parametrize("end", ["failed", "expired"])
def test_a_voucher_keeps_the_peace_until_it_is_paid_or_ends(end: str) -> None:
    waiting = posted([word("pending", 100, 0)])
    ended = posted([word("pending", 100, 0), word(end, 100, 60)])

    assert waiting.holds[0].binds("muebles/A1", NOW + timedelta(days=4))
    assert not waiting.holds[0].binds("muebles/A1", NOW + timedelta(days=6))
    assert not ended.holds[0].binds("muebles/A1", NOW)


def test_a_new_voucher_after_a_failed_card_waits_again() -> None:
    person = posted([word("failed", 100, 0), word("pending", 100, 60)])

    assert person.holds[0].binds("muebles/A1", NOW)


def test_a_vouchers_own_end_is_believed_within_bounds() -> None:
    told = word("pending").told
    ends = NOW + timedelta(days=3)
    far = NOW + timedelta(days=900)
    for given_end, expected in ((ends, ends + VOUCHER_LAG), (far, NOW + timedelta(days=30))):
        money = said([Word(PaymentTold(**{**vars(told), "expires_at": given_end}), digest="w")])
        facts = heard_facts(debtor(), "muebles/A1", money, playbook(), NOW)
        holds = [one.hold for one in facts if hasattr(one, "hold") and not isinstance(one.hold, str)]
        assert [one.review_at for one in holds] == [expected]


def test_a_word_that_proves_nothing_credits_nothing_and_keeps_the_peace_for_a_day() -> None:
    person = posted([word("paid", 100, certain=False)])

    assert person.debts[0].outstanding.minor == 150_000
    assert person.holds[0].binds("muebles/A1", NOW + timedelta(hours=23))
    assert not person.holds[0].binds("muebles/A1", NOW + timedelta(hours=25))


@pytest.mark.parametrize(
    ("answer", "left"), [("paid", 149_900), ("failed", 150_000), ("unrecognised", 150_000)]
)
def test_only_the_gateways_own_answer_credits_it(answer: str, left: int) -> None:
    hint = word("paid", 100, certain=False)
    words = [hint, word(answer, 100, 1, answers=(hint.digest,))]
    person = posted(words)

    assert person.debts[0].outstanding.minor == left
    assert unanswered(words) == []
    assert not any(one.binds("muebles/A1", NOW) for one in person.holds)


def test_a_dispute_that_we_won_counts_again_and_a_second_one_reopens() -> None:
    words = [word("paid", 100, 0), word("charged_back", 0, 1), word("reinstated", 100, 2)]
    again = [*words, word("charged_back", 100, 3)]

    assert posted(words).debts[0].outstanding.minor == 149_900
    assert posted(again).debts[0].outstanding.minor == 150_000
    assert [one.reason for one in posted(again).tasks].count("chargeback") >= 1


def test_who_wins_a_dispute_has_still_given_the_refund_that_came_before() -> None:
    words = [
        word("paid", 1_000),
        word("refunded", 200, minute=1),
        word("charged_back", 800, minute=2),
        word("reinstated", 800, minute=3),
    ]

    assert (said(words).captured, said(words).returned) == (1_000, 200)
