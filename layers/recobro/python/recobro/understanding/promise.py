"""A promise has parts, each an amount and a day: "la mitad el lunes y el resto el viernes" is two, and both must be told apart."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from recobro.domain.money import Money
from recobro.understanding.folding import STOP
from recobro.understanding.tokens import DAY, NOW, SUM, Token
from recobro.understanding.understood import Ask, Context, Day, Part, Promised, Sum

MOST_PARTS = 6
EITHER = frozenset({"o", "u", "ou", "or", "quizas", "talvez", "maybe"})
RATHER = frozenset(
    {"mejor", "entonces", "sera", "seria", "sino", "melhor", "entao", "then", "instead", "rather", "serio"}
)
"""Before a day: it is the one that is meant, and not one named before."""

SECOND = frozenset(
    {
        "otra",
        "otro",
        "otros",
        "otras",
        "outra",
        "outro",
        "other",
        "resto",
        "demas",
        "restante",
        "saldo",
        "rest",
        "remainder",
    }
)
REST = ("el resto", "la otra", "lo otro", "the rest", "o resto", "lo demas")
"""After a day: another payment follows."""

QUALIFIERS = frozenset({
    "antes", "despues", "luego", "pasado", "pasada", "pasando", "partir", "apartir", "segunda", "tercera",
    "segundo", "tercer", "depois", "apos", "before", "after", "week", "weeks", "fortnight", "mas", "siguiente",
    "siguientes", "anterior", "about", "around", "tipo", "aprox", "aproximadamente", "santo", "santa", "negro", "negra",
    "black", "cyber", "ceniza", "cenizas", "cinzas", "carnaval", "gloria", "aleluia", "pascua", "pascuas", "pascoa",
})  # fmt: skip
"""Beside a day that no form of ours took them into, they make it another: "antes de fin de año", "Tuesday after the holiday"."""
SEVERAL = range(2, 7)
BESIDE, A_WEEK = 2, 7
SEVERAL_PAYMENTS = 3
"""Days from which on each is a payment and none takes another's place: "mañana, el 31 y el 15"."""


def promised(tokens: Sequence[Token], context: Context) -> Promised | None:
    """What the days and sums of a message promise; None where it names neither."""
    said: list[tuple[str, int, Day | Sum]] = []
    days = [one for one in tokens if one.day is not None and DAY in one.symbols]
    sums = [one for one in tokens if one.sum is not None and SUM in one.symbols]
    each = len(days) == len(sums) > 1  # "la mitad ahora y el resto el 5": now is a day of its own
    later = not each and any(NOW not in one.symbols for one in days) and not _is_either(tokens)
    for at, one in enumerate(tokens):
        if one.day is not None and DAY in one.symbols and not (later and _is_by_the_way(at, tokens)):
            said.append((DAY, at, one.day))
        elif one.sum is not None and SUM in one.symbols:
            said.append((SUM, at, one.sum))
    said = _telling(said)
    if not said:
        return None
    parts, ask = _paired(said, tokens)
    parts = _with_rest(parts, context)
    if _is_qualified(tokens):
        ask = (*ask, Ask.WHICH_DAY)
    if (
        _goes_back(parts)
        or _is_before_what_was_ruled_out(parts, tokens)
        or (parts[0].day is not None and _is_either(tokens))
    ):
        ask = (*ask, Ask.WHICH_OF_TWO)
    asks = (*ask, *(why for part in parts for why in _asks(part)))
    return Promised(parts, tuple(dict.fromkeys(asks)))


def _is_either(tokens: Sequence[Token]) -> bool:
    """Whether a day stands beside another that may be meant: "el 10 u 11", "mañana, si no el lunes"."""
    for at, one in enumerate(tokens):
        if DAY not in one.symbols:
            continue
        after = [token.words for token in tokens[at + 1 : at + 4] if token.words != STOP]
        if after[:2] == ["si", "no"] or after[:1] == ["sino"] or after[:2] == ["if", "not"]:
            return True
        beside = tokens[at + 2 : at + 3] if after[:1] and after[0] in EITHER else ()
        before = tokens[at - 2 : at - 1] if at > 1 and tokens[at - 1].words in EITHER else ()
        if any(DAY in other.symbols or other.value is not None for other in (*beside, *before)):
            return True
    return False


def _is_by_the_way(at: int, tokens: Sequence[Token]) -> bool:
    """Whether "ahora" is only how people speak: "ahora no tengo, el viernes"; in "50 ahora y 50 el 1" it is a day."""
    beside = (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])
    return NOW in tokens[at].symbols and not any(SUM in one.symbols for one in beside)


def _is_qualified(tokens: Sequence[Token]) -> bool:
    """Whether a word beside a day says that another is meant: "antes de fin de año", "en dos viernes"."""
    for at, one in enumerate(tokens):
        if DAY not in one.symbols:
            continue
        before = [token.words for token in tokens[max(0, at - 2) : at]]
        near = before if before[-1:] in (["de"], ["del"]) else before[-1:]
        after = [token.words for token in tokens[at + 1 : at + 3]]
        if not QUALIFIERS.isdisjoint(
            (*near, *(after if after[:1] in (["de"], ["da"], ["do"]) else after[:1]))
        ):
            return True
        beside = next((token.day for token in tokens[at + 1 : at + 2]), None)
        if beside is not None and beside.on is None and one.day is not None and one.day.on is not None:
            return True
        if at and tokens[at - 1].value in SEVERAL and "<weekday>" in one.symbols:
            return True
    return False


def _is_before_what_was_ruled_out(parts: Sequence[Part], tokens: Sequence[Token]) -> bool:
    """ "El lunes es feriado, el martes le pago", said on a Monday: tomorrow, or a week from tomorrow."""
    on = parts[0].day.on if parts[0].day is not None else None
    ruled_out = (one.day.on for one in tokens if one.day is not None and not one.symbols)
    return on is not None and any(day is not None and day > on for day in ruled_out)


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
    first = sums[0][1] if sums else None
    return (Part(first, _meant(days, sums, tokens) if days else None),), tuple(asks)


def _meant(days: Sequence[tuple[int, Day]], sums: Sequence[tuple[int, Sum]], tokens: Sequence[Token]) -> Day:
    """The likeliest of several days, which is asked all the same.

    The first, where there are several payments or either will do; else the one after "mejor", or the latest: "hoy no, el lunes".
    """
    between = {one.words for one in tokens[days[0][0] + 1 :] if one.sum is None or one.sum.is_rest}
    counted = any(tokens[at - 1].value is not None for at, _ in days[1:])  # "50 el lunes y 50 el viernes"
    several = (
        len(sums) > 1
        or counted
        or not between.isdisjoint(SECOND)
        or any(one.startswith(REST) for one in between)
    )
    several = several or len(days) >= SEVERAL_PAYMENTS
    if several or any(tokens[at + 1].words in EITHER for at, _ in days[:-1]):
        return days[0][1]
    for (at, day), (after, other) in itertools.pairwise(days):
        if after - at <= BESIDE and day.on and other.on and (other.on - day.on).days == A_WEEK:
            return day  # "hoy viernes", "hoy es viernes": the weekday says which day today is
    rather = next((day for at, day in days if at and tokens[at - 1].words in RATHER), None)
    return rather or max((day for _, day in days), key=lambda day: (day.on is not None, day.on))


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
