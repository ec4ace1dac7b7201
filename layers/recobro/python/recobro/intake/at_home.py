"""Phones as people write them at home: a creditor's or a bank's word about somebody seldom has the country's code."""

from collections.abc import Iterator

import phonenumbers

from recobro.domain.phone_forms import variants

LONG_ENOUGH = 10
"""Digits without the country's code: eight may be a day or a sum of somebody else's."""


def at_home(phone: str) -> Iterator[str]:
    """phone: E.164. Nothing where the number is too short to be nobody else's, or none at all."""
    for form in variants(phone):
        try:
            number = phonenumbers.national_significant_number(phonenumbers.parse(form))
        except phonenumbers.NumberParseException:
            continue
        if len(number) >= LONG_ENOUGH:
            yield number
