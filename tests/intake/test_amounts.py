"""Amounts are exact or they are asked about."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.intake.amounts import MIXED, evidence, style_of, to_minor
from recobro.intake.outcome import AcceptedRow, BadCell
from tests.intake.given import outcomes, portfolio, read_or_refused, rows


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234", 123400),
        ("1234.5", 123450),
        ("1234,56", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1.234.567", 123456700),
        ("1,234,567.8", 123456780),
        ("1'234,567.89", 123456789),
        ("1'234'567.89", 123456789),
        ("1 234 567,89", 123456789),
        ("1\u00a0234,50", 123450),
        ("$ 1,234.50", 123450),
        ("$1,234.50 M.N.", 123450),
        ("MXN 1234.50", 123450),
        ("1,234.50 pesos", 123450),
        ("-1234.50", -123450),
        ("1234.50-", -123450),
        ("−1234.50", -123450),
        ("(1,234.50)", -123450),
        ("$(1,234.50)", -123450),
        ("1.234.567,-", 123456700),
        ("0.750", 75),
        ("0,5", 50),
        (".5", 50),
        ("12345.670", 1234567),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, minor: int) -> None:
    assert to_minor(text, "MXN") == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "amount.ambiguous"),
        ("12,345", "amount.ambiguous"),
        ("1.5E+05", "amount.scientific"),
        ("US$ 100.00", "amount.currency"),
        ("100.00 COP", "amount.currency"),
        ("1234.567", "amount.decimals"),
        ("1.23.456", "amount.unreadable"),
        ("1,23.45", "amount.unreadable"),
        ("12 34", "amount.unreadable"),
        ("--5", "amount.unreadable"),
        ("(5", "amount.unreadable"),
        ("-(5.00)", "amount.unreadable"),
        ("abc", "amount.unreadable"),
        ("12x", "amount.unreadable"),
        ("5%", "amount.unreadable"),
        ("99999999999999999999", "amount.size"),
    ],
)
def test_an_amount_that_may_mean_two_things_or_none_goes_back(text: str, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        to_minor(text, "MXN")
    assert caught.value.code == code
    assert caught.value.fix


def test_the_rest_of_the_file_decides_what_a_dot_before_three_digits_means() -> None:
    assert to_minor("1.234", "MXN", ",") == 123400
    assert to_minor("1.230", "MXN", ".") == 123
    with pytest.raises(BadCell, match="more than the 2 decimals"):
        to_minor("1.234", "MXN", ".")
    with pytest.raises(BadCell, match="another decimal sign"):
        to_minor("1.234,56", "MXN", ".")


def test_evidence_that_contradicts_itself_decides_nothing() -> None:
    assert style_of(["1.234,56", "1.234"]) == ","
    assert style_of(["1.234", "12"]) == ""
    assert style_of(["1.234,56", "1,234.56"]) == MIXED
    assert to_minor("1.234,56", "MXN", MIXED) == 123456
    with pytest.raises(BadCell, match="may mean"):
        to_minor("1.234", "MXN", MIXED)


def test_a_currency_without_cents_has_no_decimals_to_doubt() -> None:
    assert to_minor("1.234", "CLP") == 1234
    assert to_minor("1,234", "CLP") == 1234
    assert to_minor("$1.234.567", "CLP") == 1234567
    with pytest.raises(BadCell, match="more than the 0 decimals"):
        to_minor("1234.5", "CLP")


def test_rounding_happens_only_when_the_mapping_asks_for_it() -> None:
    assert to_minor(Decimal("333.333333333333"), "MXN", rounds=True) == 33333
    with pytest.raises(BadCell):
        to_minor(Decimal("333.333333333333"), "MXN")


@settings(deadline=None)
@given(
    st.integers(min_value=-(10**14), max_value=10**14),
    st.sampled_from(["MXN", "COP", "CLP"]),
    st.sampled_from([".", ","]),
)
def test_what_a_person_writes_in_either_style_is_read_back_to_the_cent(
    minor: int, currency: str, style: str
) -> None:
    digits = 0 if currency == "CLP" else 2
    whole, cents = divmod(abs(minor), 10**digits)
    grouped = f"{whole:,}".replace(",", "_").replace("_", "," if style == "." else ".")
    text = ("-" if minor < 0 else "") + grouped + (f"{style}{cents:02d}" if digits else "")
    assert to_minor(text, currency, style) == minor
    assert evidence(text) in ("", style)
    if digits:
        assert to_minor(text, currency) == minor


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_makes_it_do_anything_but_read_or_refuse(text: str) -> None:
    assert isinstance(read_or_refused(lambda: to_minor(text, "MXN")), int | BadCell)


def test_one_amount_with_cents_settles_a_whole_file() -> None:
    file = "contrato;cliente id;saldo;vencimiento\n1;7;1.234;01/11/2026\n2;8;2.500,75;01/11/2026\n"
    assert [row.amounts.principal for row in rows(file)] == [123400, 250075]


def test_without_any_evidence_the_ambiguous_row_goes_back_and_the_mapping_can_say() -> None:
    file = "contrato;cliente id;saldo;vencimiento\n1;7;1.234;01/11/2026\n2;8;2500;01/11/2026\n"
    first, second = outcomes(file)
    assert not isinstance(first, AcceptedRow)
    assert first.code == "amount.ambiguous"
    assert first.field == "saldo"
    assert isinstance(second, AcceptedRow)
    toml = portfolio(file).as_toml().replace("[formats]", '[formats]\ndecimal = ","')
    assert [row.amounts.principal for row in rows(file, toml)] == [123400, 250000]
