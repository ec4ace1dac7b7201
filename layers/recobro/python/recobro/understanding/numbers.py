"""Numbers as people write and say them: 1.500 and 1,500 are both a thousand and a half, "mil quinientos" too."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

GROUPED = re.compile(r"\d{1,3}(?:([.,'])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?")
PLAIN = re.compile(r"\d{1,15}(?:[.,]\d{1,2})?")
THOUSAND, MILLION = 1_000, 1_000_000


@lru_cache(maxsize=5_000)
def digits(written: str) -> Fraction | None:
    """The value of digits: three after a sign are thousands in all our countries, one or two are a fraction.

    None: a date, an hour, a phone's length, or signs that agree with no custom.
    """
    if GROUPED.fullmatch(written):
        sign = next(letter for letter in written if not letter.isdigit())
        whole, _, cents = written.replace(sign, "").replace(",", ".").partition(".")
    elif PLAIN.fullmatch(written):
        whole, _, cents = written.replace(",", ".").partition(".")
    else:
        return None
    return Fraction(int(whole)) + (Fraction(int(cents), 10 ** len(cents)) if cents else 0)


def number_at(
    words: Sequence[str], at: int, values: Mapping[str, int], joins: frozenset[str]
) -> tuple[Fraction | None, int]:
    """The number that begins at `at`, in digits or words, and where it ends (exclusive); (None, at) where there is none.

    values: number words, with thousand and million as scales. joins: "y", "e", "and", which join only within a number.
    """
    if not _is_number(words, at, values):
        return None, at
    if not _is_number(words, at + 1, values) and joins.isdisjoint(words[at + 1 : at + 2]):
        value = _value(words[at], values)
        return (None, at) if value is None else (Fraction(value), at + 1)
    total: Fraction | int = 0
    current: Fraction | int = 0
    place = at
    last: Fraction | int = 10**16
    """What the last word counted: in "treinta y cinco" each counts less than the one before."""
    found = False
    while place < len(words):
        word = words[place]
        if found and word in joins and place + 1 < len(words) and _joins(words, place + 1, values, last):
            place += 1
            continue
        value = _value(word, values)
        if value is None:
            break
        if word in values and value >= THOUSAND:
            if value > THOUSAND:
                total, current = (total + current or 1) * value, Fraction(0)
            else:
                total, current = total + (current or 1) * value, Fraction(0)
            last = value
        elif not found or (
            value < last and _fits(value, last) and (last >= THOUSAND or not word[0].isdigit())
        ):
            current, last = current + value, value
        else:
            break
        found, place = True, place + 1
    if total >= MILLION and total % MILLION == 0 and 100 <= current < THOUSAND:
        current *= THOUSAND  # "dos millones doscientos": nobody counts single units beside millions
    return (Fraction(total + current), place) if found else (None, at)


def _is_number(words: Sequence[str], at: int, values: Mapping[str, int]) -> bool:
    return at < len(words) and (words[at][0].isdigit() or words[at] in values)


def _value(word: str, values: Mapping[str, int]) -> Fraction | int | None:
    """As a whole number where it is one: those are reckoned ten times as fast."""
    value = digits(word) if word[0].isdigit() else values.get(word)
    return value.numerator if value is not None and value.denominator == 1 else value


def _joins(words: Sequence[str], at: int, values: Mapping[str, int], last: Fraction | int) -> bool:
    value = values.get(words[at])
    return value is not None and value < last and _fits(value, last)


def _fits(value: Fraction | int, last: Fraction | int) -> bool:
    """Whether a smaller number may follow: units after tens, tens after hundreds, anything below after a scale."""
    if last >= THOUSAND:
        return value < THOUSAND
    return (last >= 100 and value < 100) or (20 <= last < 100 and value < 10)
