"""Our few lines write amounts and dates as a full Unicode library does, in every language and country we speak."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as some

from infra.locale_formats import CURRENCIES, cldr_locale, locale_formats, spaced_symbol
from recobro.domain.figures import day_month, full_date, long_date, money
from recobro.domain.money import Money, exponent

LANGUAGES, COUNTRIES = ("es", "pt", "en"), ("MX", "CO", "CL", "PE", "BR", "AR", "EC", "US", "ES", "GB")
FORMATS = locale_formats(LANGUAGES, COUNTRIES)
PLACES = [(name, cldr_locale(*(*name.split("-"), "")[:2])) for name in FORMATS]


@given(
    minor=some.integers(-(10**13), 10**13),
    currency=some.sampled_from(CURRENCIES),
    place=some.sampled_from(PLACES),
)
def test_amounts_are_written_as_cldr_writes_them(
    minor: int, currency: str, place: tuple[str, object]
) -> None:
    name, locale = place
    digits = exponent(currency)
    amount = Decimal(minor) / 10**digits
    bare = currency in FORMATS[name].whole and minor % 10**digits == 0
    pattern = locale.currency_formats["standard"].pattern  # type: ignore[attr-defined]
    if bare or digits == 0:
        pattern = pattern.replace("0.00", "0")
    expected = format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)  # type: ignore[arg-type]
    symbol = format_currency(0, currency, format="¤", locale=locale)  # type: ignore[arg-type]
    spaced = expected.replace(symbol, spaced_symbol(currency, locale), 1)  # type: ignore[arg-type]
    assert money(Money(minor, currency), FORMATS[name]) == spaced


@pytest.mark.parametrize(("name", "locale"), PLACES)
def test_dates_are_written_as_cldr_writes_them(name: str, locale: object) -> None:
    for days in range(0, 1_500, 7):
        day = date(2024, 2, 27) + timedelta(days=days)
        assert long_date(day, FORMATS[name]) == format_date(day, "long", locale=locale)  # type: ignore[arg-type]
        assert full_date(day, FORMATS[name]) == format_date(day, "full", locale=locale)  # type: ignore[arg-type]
        expected = format_skeleton("MMMMd", day, locale=locale)  # type: ignore[arg-type]
        assert day_month(day, FORMATS[name]) == expected


@pytest.mark.parametrize(
    ("place", "minor", "currency", "shown"),
    [
        ("es-MX", 125_050, "MXN", "$1,250.50"),
        ("es-MX", 125_050, "USD", "USD\u00a01,250.50"),
        ("es-CO", 125_000_000, "COP", "$1.250.000"),
        ("es-CO", 125_000_050, "COP", "$1.250.000,50"),
        ("es-CO", 125_050, "USD", "US$1.250,50"),
        ("en-MX", 125_050, "USD", "US$1,250.50"),
        ("pt-MX", 125_050, "MXN", "MX$\u00a01.250,50"),
        ("es-CL", 1_250, "CLP", "$1.250"),
        ("es-MX", -5, "MXN", "-$0.05"),
        ("es-MX", 5, "XYZ", "XYZ\u00a00.05"),
    ],
)
def test_people_read_what_they_are_used_to(place: str, minor: int, currency: str, shown: str) -> None:
    assert money(Money(minor, currency), FORMATS[place]) == shown


def test_every_language_has_a_format_in_every_country_and_alone() -> None:
    assert set(FORMATS) == {*LANGUAGES, *(f"{one}-{place}" for one, place in product(LANGUAGES, COUNTRIES))}


def test_a_dollar_sign_alone_is_never_another_dollar() -> None:
    for name, country in product(("es", "pt", "en"), ("MX", "CO")):
        shown = {
            money(Money(100_00, currency), FORMATS[f"{name}-{country}"]) for currency in ("MXN", "COP", "USD")
        }
        assert len(shown) == 3
