"""A typed amount is read the one way it can be meant, or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.domain.figures import money
from recobro.domain.money import Money
from recobro.domain.typed import amount_typed, day_typed
from tests.sample import playbook

MX, CO = playbook().locales["es-MX"], playbook().locales["es-CO"]
TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1500", 150_000),
        ("$1,500.00", 150_000),
        ("1.500,50", 150_050),
        ("1500.5", 150_050),
        ("$ 1 500", 150_000),
        ("1,500", 150_000),
        ("1,500,000.25 MXN", 150_000_025),
        ("0", None),
        ("-5", None),
        ("", None),
        ("dos mil", None),
        ("1.500", None),
        ("1,50,000", None),
        ("1 o 2", None),
        ("9" * 40, None),
    ],
)
def test_an_amount_as_typed_in_mexico(text: str, minor: int | None) -> None:
    assert amount_typed(text, "MXN", MX) == minor


@pytest.mark.parametrize(
    ("text", "minor"), [("45.990", 4_599_000), ("$ 45.990", 4_599_000), ("1.250.000", 125_000_000)]
)
def test_an_amount_as_typed_in_colombia(text: str, minor: int) -> None:
    assert amount_typed(text, "COP", CO) == minor


def test_a_currency_without_cents_takes_none() -> None:
    assert amount_typed("45.990", "CLP", CO) == 45_990
    assert amount_typed("45,99", "CLP", CO) is None


@given(st.integers(1, 10**14), st.sampled_from([("MXN", MX), ("COP", CO), ("CLP", CO)]))
def test_what_we_write_ourselves_is_read_back(minor: int, where: tuple[str, object]) -> None:
    currency, locale = where

    assert amount_typed(money(Money(minor, currency), locale), currency, locale) == minor  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_none(text: str) -> None:
    found = amount_typed(text, "MXN", MX)

    assert found is None or 0 < found < 10**15


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-13", date(2026, 3, 13)),
        ("13/03/2026", date(2026, 3, 13)),
        ("13-3-26", date(2026, 3, 13)),
        ("13/3", date(2026, 3, 13)),
        ("1/2", date(2027, 2, 1)),
        ("31/02/2026", None),
        ("pronto", None),
        ("", None),
        ("2026-13-01", None),
    ],
)
def test_a_day_as_typed(text: str, day: date | None) -> None:
    assert day_typed(text, TODAY) == day
