"""What is due now, what is not, and what a payment leaves of it."""

from datetime import date

import pytest

from recobro.domain.debt import Instalment
from recobro.domain.money import Money, exponent
from recobro.errors import InvariantBroken
from tests.sample import debt


def test_two_currencies_are_never_summed() -> None:
    with pytest.raises(InvariantBroken):
        Money(1, "MXN") + Money(1, "COP")


def test_half_a_centavo_is_no_amount() -> None:
    with pytest.raises(InvariantBroken):
        Money(0.5, "MXN")  # type: ignore[arg-type]


def test_chilean_pesos_have_no_cents() -> None:
    assert (exponent("CLP"), exponent("COP")) == (0, 2)


def test_of_three_instalments_only_those_whose_date_has_come_are_due() -> None:
    parts = tuple(Instalment(n, date(2026, 1 + n, 10), 100) for n in range(3))
    owed = debt(amount=300, instalments=parts)

    assert owed.due_now(date(2026, 2, 15)).minor == 200
    assert owed.oldest_due_on() == date(2026, 1, 10)


def test_before_any_date_the_next_instalment_is_what_will_be_asked() -> None:
    parts = tuple(Instalment(n, date(2026, 4 + n, 10), 100) for n in range(3))

    assert debt(amount=300, instalments=parts).due_now(date(2026, 3, 9)).minor == 100


def test_an_unapplied_credit_note_is_taken_off_what_is_due() -> None:
    assert debt(amount=1_000, credit=400).due_now(date(2026, 3, 9)).minor == 600
