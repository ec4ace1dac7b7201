"""How much somebody will pay: an amount in the debt's currency, a share of it, or a question. Never a guess, never a float.

Which words mean which form stands in words/<language>.toml under [[sums]]; what a "luca" counts, under [money].
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recobro.domain.money import Money, exponent
from recobro.understanding.lexicon import Lexicon, Rule
from recobro.understanding.phrases import Hit
from recobro.understanding.tokens import NUMBER, Token
from recobro.understanding.understood import Ask, Context, Sum

SMALLEST_BARE = 100
"""A number that nothing calls money is money from here on, if it is no year and no reference."""
YEARS = range(2020, 2036)
LONGEST_BARE = 8
"""Digits. A longer number without a sign between is a telephone's, a card's or a reference."""
SMALL_UNIT, MILLION = 1_000, 1_000_000
LARGE_FIGURES = frozenset({"COP", "CLP", "ARS", "PYG"})
"""Currencies in which people leave the thousands out: "500" is half a million in Colombia, or five hundred pesos."""
DOLLARS, DOLLAR_WORDS = "USD", frozenset({"dolar", "dolares", "usd", "dollar", "dollars"})
LEAST_SHARE, MOST_SHARE = Fraction(1, 100), Fraction(3, 2)
"""Of what is due: an amount outside was meant in thousands, or mistyped, and is asked."""


@dataclass(frozen=True, slots=True)
class Named:
    """The words of a form, read. unit: how many of the currency's unit the word for money counts."""

    rule: Rule
    words: str
    number: Fraction | None
    numbers: Sequence[Fraction]
    currency: str
    unit: Fraction
    context: Context


def sum_of(hit: Hit, tokens: Sequence[Token], lexicon: Lexicon, country: str, context: Context) -> Sum | None:
    """The sum that a hit of a [[sums]] rule names; None: it names none after all."""
    seen = [tokens[place] for place in hit.places]
    if lexicon.rules[hit.rule].form == "bare" and (seen[0].value or 0) < SMALLEST_BARE:
        return None
    units = [unit for one in seen if (unit := unit_of(one, lexicon, country)) is not None]
    named = Named(
        lexicon.rules[hit.rule],
        " ".join(one.words for one in tokens[hit.start : hit.end]),
        next((one.value for one in seen if NUMBER in one.symbols), None),
        [one.value for one in seen if NUMBER in one.symbols and one.value is not None],
        next((DOLLARS for one in seen if one.words in DOLLAR_WORDS), context.currency),
        max(units, default=Fraction(1)),
        context,
    )
    return FORMS[named.rule.form](named)


def unit_of(token: Token, lexicon: Lexicon, country: str) -> Fraction | None:
    """What a word for money counts there: a luca is a thousand in Chile and one sol in Peru."""
    tables = (lexicon.money.get(country, {}), lexicon.money.get("*", {}))
    return next((Fraction(table[token.words]) for table in tables if token.words in table), None)


def _money(named: Named, value: Fraction) -> Sum:
    """`value` in the currency's unit, as an amount of the debt's currency."""
    currency = named.currency
    if not currency:
        return Sum(named.words, ask=(Ask.HOW_MUCH,))
    minor = value * 10 ** exponent(currency)
    if minor.denominator != 1 or minor <= 0 or minor >= 10**15:
        return Sum(named.words, ask=(Ask.HOW_MUCH,))
    return Sum(named.words, Money(int(minor), currency), ask=_doubts(int(minor), named))


def _doubts(minor: int, named: Named) -> tuple[Ask, ...]:
    context = named.context
    owed = context.owed
    in_thousands = context.currency in LARGE_FIGURES and minor < SMALL_UNIT * 10 ** exponent(named.currency)
    if named.currency != context.currency or (in_thousands and named.unit < SMALL_UNIT):
        return (Ask.HOW_MUCH,)
    if owed is None or owed.minor <= 0 or owed.currency != context.currency:
        return ()
    return () if LEAST_SHARE <= Fraction(minor, owed.minor) <= MOST_SHARE else (Ask.HOW_MUCH,)


def _amount(named: Named) -> Sum | None:
    return None if named.number is None else _money(named, named.number * named.unit)


def _bare(named: Named) -> Sum | None:
    value = named.number
    if value is None or value < SMALLEST_BARE or (value.denominator == 1 and value.numerator in YEARS):
        return None
    if named.words.isdigit() and len(named.words) > LONGEST_BARE:
        return None
    return _money(named, value)


def _and_hundreds(named: Named) -> Sum | None:
    """ "Un palo doscientos": a million and two hundred thousand."""
    numbers = named.numbers
    if not numbers or named.unit < MILLION or numbers[-1] >= SMALL_UNIT:
        return None
    count = numbers[0] if len(numbers) > 1 else Fraction(1)
    return _money(named, count * named.unit + numbers[-1] * named.unit / SMALL_UNIT)


def _small(named: Named) -> Sum | None:
    """ "Puedo dar 50": a sum, but fifty of what has to be asked where fifty is next to nothing."""
    return None if named.number is None else _money(named, named.number)


def _one(named: Named) -> Sum | None:
    return _money(named, named.unit) if named.unit > 1 else None


def _half(named: Named) -> Sum | None:
    return _money(named, named.unit / 2) if named.unit > 1 else None


def _and_half(named: Named) -> Sum | None:
    count = Fraction(1) if named.number is None else named.number
    if count >= SMALLEST_BARE:  # "mil y medio", "millón y medio": half of what was counted
        return _money(named, count * Fraction(3, 2))
    return _money(named, (count + Fraction(1, 2)) * named.unit) if named.unit > 1 else None


def _share(named: Named) -> Sum | None:
    return Sum(named.words, share=Fraction(named.rule.value))


def _percent(named: Named) -> Sum | None:
    value = named.number
    return Sum(named.words, share=value / 100) if value is not None and 0 < value <= 100 else None


def _rest(named: Named) -> Sum | None:
    return Sum(named.words, is_rest=True)


def _some(named: Named) -> Sum | None:
    return Sum(named.words, ask=(Ask.HOW_MUCH,))


FORMS: Mapping[str, Callable[[Named], Sum | None]] = {
    "amount": _amount,
    "bare": _bare,
    "small": _small,
    "one": _one,
    "and_hundreds": _and_hundreds,
    "half": _half,
    "and_half": _and_half,
    "share": _share,
    "percent": _percent,
    "rest": _rest,
    "some": _some,
}
