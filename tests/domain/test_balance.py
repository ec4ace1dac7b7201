"""Received = posted + quarantined + reversed, for whatever may be said of a payment and wherever it stands."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from recobro.domain.balance import balances, line_of
from recobro.domain.payment import Heard
from recobro.domain.said import Said

NOW = datetime(2026, 3, 9, tzinfo=UTC)
amounts = st.integers(0, 10**9)
MONEY = Said("g#1", "r", "MXN", 0, 0, "paid", 1, NOW)


@st.composite
def payments(draw: st.DrawFn) -> Said:
    captured = draw(amounts)
    currency = draw(st.sampled_from(["MXN", "COP"]))
    return replace(MONEY, captured=captured, returned=draw(st.integers(0, captured)), currency=currency)


@st.composite
def records(draw: st.DrawFn, money: Said) -> list[Heard]:
    """What obligors' records know: all of it, less of it, or nothing; alike or not."""
    found = []
    for number in range(draw(st.integers(0, 3))):
        captured = draw(st.sampled_from([money.captured, draw(st.integers(0, money.captured))]))
        returned = draw(st.sampled_from([min(captured, money.returned), draw(st.integers(0, captured))]))
        found.append(Heard("g#1", f"b/{number}", draw(st.integers(0, 3)), "paid", captured, returned))
    return found


@given(st.data(), st.sampled_from(["received", "posted", "returned", "reversed", "quarantined", "sent_back"]))
def test_whatever_was_received_is_somewhere_and_nothing_is_there_twice(
    data: st.DataObject, status: str
) -> None:
    money = data.draw(payments())
    line = line_of(status, money, data.draw(records(money)))
    if line is None:
        assert money.captured == 0
        return
    parts = (line.posted, line.quarantined, line.reversed, line.unaccounted)

    assert line.received == money.captured == sum(parts)


@given(st.lists(payments(), max_size=8))
def test_what_every_record_knows_balances_to_zero_in_each_currency(several: list[Said]) -> None:
    lines = [
        line_of("posted", one, [Heard("g#1", "b/1", 1, "paid", one.captured, one.returned)] * 2)
        for one in several
    ]
    for found in balances(one for one in lines if one is not None):
        mine = [one for one in several if one.currency == found.currency]
        assert found.is_even
        assert found.received == sum(one.captured for one in mine)
        assert found.posted == sum(one.captured - one.returned for one in mine)


def test_money_of_which_two_records_say_different_things_is_vouched_for_by_nobody() -> None:
    money = replace(MONEY, captured=100)
    line = line_of(
        "posted", money, [Heard("g#1", "b/1", 1, "paid", 100), Heard("g#1", "b/1", 2, "paid", 100, 40)]
    )

    assert line is not None
    assert line.unaccounted == 100


def test_a_test_payment_and_one_that_is_none_of_ours_were_never_received() -> None:
    assert line_of("quarantined", replace(MONEY, captured=100, is_live=False), []) is None
    assert line_of("rejected", replace(MONEY, captured=100), []) is None
