"""How each language and country writes amounts and dates, taken from Unicode CLDR once, so that no Lambda carries a library for it."""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_symbol

from recobro.domain.playbook import LocaleFormat

CURRENCIES = (
    "MXN",
    "COP",
    "USD",
    "EUR",
    "CLP",
    "PEN",
    "BRL",
    "ARS",
    "UYU",
    "CRC",
    "GTQ",
    "DOP",
    "BOB",
    "PYG",
    "TWD",
)
WIDELY_USED = {"es": "es_419", "pt": "pt_BR", "en": "en_001"}
"""Where CLDR has nothing for a language in a country (English in Mexico), or no country is known; "$" alone is then no one's."""


def locale_formats(languages: Iterable[str], countries: Iterable[str]) -> dict[str, LocaleFormat]:
    """ "es-MX" and "es" → formats, for every language in every country and alone."""
    places = list(countries)
    spoken = sorted({language.split("-")[0] for language in languages})
    formats = {language: locale_format(cldr_locale(language, "")) for language in spoken}
    for language in spoken:
        formats |= {f"{language}-{place}": locale_format(cldr_locale(language, place)) for place in places}
    return formats


def cldr_locale(language: str, country: str) -> Locale:
    """The nearest locale that CLDR has."""
    fallback = WIDELY_USED.get(language, language)
    try:
        return Locale.parse(f"{language}_{country}" if country else fallback)
    except UnknownLocaleError:
        return Locale.parse(fallback)


def locale_format(locale: Locale) -> LocaleFormat:
    """CLDR's patterns and names for one locale."""
    symbols = locale.number_symbols["latn"]
    months, weekdays = locale.months["format"]["wide"], locale.days["format"]["wide"]
    return LocaleFormat(
        decimal=symbols["decimal"],
        group=symbols["group"],
        currency_pattern=locale.currency_formats["standard"].pattern,
        months=tuple(months[number] for number in range(1, 13)),
        weekdays=tuple(weekdays[number] for number in range(7)),
        long_date=locale.date_formats["long"].pattern,
        full_date=locale.date_formats["full"].pattern,
        day_month=str(locale.datetime_skeletons["MMMMd"]),
        symbols={currency: spaced_symbol(currency, locale) for currency in CURRENCIES},
        whole=tuple(currency for currency in CURRENCIES if _is_paid_whole(currency)),
    )


def spaced_symbol(currency: str, locale: Locale) -> str:
    """The currency's symbol, with the space that CLDR's currencySpacing puts between a letter and a digit (babel leaves it out)."""
    symbol = str(get_currency_symbol(currency, locale=locale))
    starts = locale.currency_formats["standard"].pattern.startswith("¤#")
    return f"{symbol}\u00a0" if starts and symbol[-1].isalpha() else symbol


def _is_paid_whole(currency: str) -> bool:
    """Whether cash in that currency has no cents (CLDR cashDigits)."""
    fractions = get_global("currency_fractions")
    digits, _rounding, cash_digits, _cash_rounding = fractions.get(currency, fractions["DEFAULT"])
    return bool(cash_digits == 0 and digits != 0)
