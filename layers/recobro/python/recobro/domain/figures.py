"""Amounts and dates as people there write them: $1,250.00 in Mexico, $1.250 in Colombia, 27 de noviembre de 2026.

The patterns are Unicode CLDR's, precomputed by infra/locale_formats.py; the tests hold this against a full implementation.
"""

import re
from datetime import date

from recobro.domain.money import Money, exponent
from recobro.domain.playbook import LocaleFormat, Playbook

_DATE_FIELDS = re.compile(r"'([^']*)'|(E{4}|M{4}|MM|M|dd|d|y{4}|y)")
_NUMBER = re.compile(r"#,##0(\.00)?|#,#00")


def money(amount: Money, locale: LocaleFormat) -> str:
    """An amount with its currency. Decimals as ISO 4217 has them, left out where cents are no longer used and there are none."""
    digits = exponent(amount.currency)
    whole, cents = divmod(abs(amount.minor), 10**digits)
    number = f"{whole:,}".replace(",", locale.group)
    if digits and (cents or amount.currency not in locale.whole):
        number += f"{locale.decimal}{cents:0{digits}d}"
    positive, _, negative = locale.currency_pattern.partition(";")
    pattern = positive if amount.minor >= 0 else negative or f"-{positive}"
    code = f"{amount.currency}\u00a0" if "¤#" in pattern else amount.currency
    symbol = locale.symbols.get(amount.currency, code)
    return _NUMBER.sub(lambda _: number, pattern, count=1).replace("¤", symbol)


def long_date(day: date, locale: LocaleFormat) -> str:
    """27 de noviembre de 2026."""
    return _date(day, locale.long_date, locale)


def full_date(day: date, locale: LocaleFormat) -> str:
    """viernes, 27 de noviembre de 2026."""
    return _date(day, locale.full_date or locale.long_date, locale)


def day_month(day: date, locale: LocaleFormat) -> str:
    """27 de noviembre."""
    return _date(day, locale.day_month or locale.long_date, locale)


def locale_for(playbook: Playbook, language: str, country: str) -> LocaleFormat:
    """How that language writes figures in that country, else how it does anywhere."""
    spoken = language.split("-")[0]
    for name in (f"{spoken}-{country}", spoken, playbook.client.default_language):
        if name in playbook.locales:
            return playbook.locales[name]
    return next(iter(playbook.locales.values()))


def _date(day: date, pattern: str, locale: LocaleFormat) -> str:
    written = {
        "EEEE": locale.weekdays[day.weekday()],
        "MMMM": locale.months[day.month - 1],
        "MM": f"{day.month:02d}",
        "M": str(day.month),
        "dd": f"{day.day:02d}",
        "d": str(day.day),
        "yyyy": f"{day.year:04d}",
        "y": str(day.year),
    }
    return _DATE_FIELDS.sub(lambda found: written.get(found.group(2) or "", found.group(1) or ""), pattern)
