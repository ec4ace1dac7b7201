"""A promise has parts, each an amount and a day: "la mitad el lunes y el resto el viernes" is two, and both must be told apart."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from recobro.domain.money import Money
from recobro.understanding.tokens import DAY, NOW, SUM, Token
from recobro.understanding.understood import Ask, Context, Day, Part, Promised, Sum

MOST_PARTS = 6
EITHER = frozenset({"o", "u", "ou", "or", "quizas", "talvez", "maybe"})


def promised(tokens: Sequence[Token], context: Context) -> Promised | None:
    """What the days and sums of a message promise; None where it names neither."""
    said: list[tuple[str, int, Day | Sum]] = []
    days = [one for one in tokens if one.day is not None and DAY in one.symbols]
    sums = [one for one in tokens if one.sum is not None and SUM in one.symbols]
    each = len(days) == len(sums) > 1  # "la mitad ahora y el resto el 5": now is a day of its own
    later = not each and any(NOW not in one.symbols for one in days)
    for at, one in enumerate(tokens):
        if one.day is not None and DAY in one.symbols and not (later and NOW in one.symbols):
            said.append((DAY, at, one.day))
        elif one.sum is not None and SUM in one.symbols:
            said.append((SUM, at, one.sum))
    said = _telling(said)
    if not said:
        return None
    parts, ask = _paired(said, tokens)
    parts = _with_rest(parts, context)
    if _goes_back(parts):
        ask = (*ask, Ask.WHICH_OF_TWO)
    asks = (*ask, *(why for part in parts for why in _asks(part)))
    return Promised(parts, tuple(dict.fromkeys(asks)))


def _goes_back(parts: Sequence[Part]) -> bool:
    """Whether a later payment has the earlier day: said on a Wednesday, "la mitad el lunes y el resto el viernes" is two Fridays."""
    days = [part.day.on for part in parts if part.day is not None and part.day.on is not None]
    return any(later < earlier for earlier, later in itertools.pairwise(days))


def _telling(said: list[tuple[str, int, Day | Sum]]) -> list[tuple[str, int, Day | Sum]]:
    """Without what another word says better: "cuando me paguen, el 5" is the 5th, "el total de 389.990" an amount."""
    days = [one for _, _, one in said if isinstance(one, Day)]
    sums = [one for _, _, one in said if isinstance(one, Sum)]
    is_told = any(one.on is not None for one in days)
    is_counted = any(one.amount is not None for one in sums)
    return [
        (kind, at, one)
        for kind, at, one in said
        if not (is_told and isinstance(one, Day) and one.on is None and one.ask == (Ask.WHICH_DAY,))
        and not (is_counted and len(sums) > max(1, len(days)) and isinstance(one, Sum) and one.share == 1)
    ]


def _asks(part: Part) -> Iterator[Ask]:
    yield from part.day.ask if part.day is not None else (Ask.WHICH_DAY,)
    yield from part.sum.ask if part.sum is not None else ()


def _paired(
    said: Sequence[tuple[str, int, Day | Sum]], tokens: Sequence[Token]
) -> tuple[tuple[Part, ...], tuple[Ask, ...]]:
    days = [(at, one) for _, at, one in said if isinstance(one, Day)]
    sums = [(at, one) for _, at, one in said if isinstance(one, Sum)]
    if len(days) <= 1 and len(sums) <= 1:
        return (Part(sums[0][1] if sums else None, days[0][1] if days else None),), ()
    kinds = [kind for kind, _, _ in said]
    alternate = len(days) == len(sums) and all(one != other for one, other in itertools.pairwise(kinds))
    if alternate and len(days) <= MOST_PARTS:
        return tuple(Part(one, day) for (_, one), (_, day) in zip(sums, days, strict=True)), ()
    same = {(day.on, day.ask) for _, day in days}
    if len(same) == 1 and len(sums) <= 1:
        return (Part(sums[0][1] if sums else None, days[0][1]),), ()
    asks = [Ask.WHICH_OF_TWO] if len(days) > 1 else []
    asks += [Ask.HOW_MUCH] if len(sums) > 1 else []
    return (Part(sums[0][1] if sums else None, days[0][1] if days else None),), tuple(asks)


def _with_rest(parts: tuple[Part, ...], context: Context) -> tuple[Part, ...]:
    """ "El resto" as the share or amount that the other parts leave."""
    if not any(part.sum is not None and part.sum.is_rest for part in parts):
        return parts
    others = [part.sum for part in parts if part.sum is not None and not part.sum.is_rest]
    shares = [one.share for one in others if one.share is not None]
    amounts = [one.amount for one in others if one.amount is not None]
    return tuple(
        replace(part, sum=_rest(part.sum, shares, amounts, len(others), context))
        if part.sum is not None and part.sum.is_rest
        else part
        for part in parts
    )


def _rest(said: Sum, shares: list[Fraction], amounts: list[Money], count: int, context: Context) -> Sum:
    if len(shares) == count and sum(shares) < 1:
        return replace(said, share=1 - sum(shares, Fraction(0)))
    owed = context.owed
    if owed is not None and len(amounts) == count and all(one.currency == owed.currency for one in amounts):
        left = owed.minor - sum(one.minor for one in amounts)
        if left > 0:
            return replace(said, amount=Money(left, owed.currency))
    return said
