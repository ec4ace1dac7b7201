"""Rules are phrases that a collections agent can read and mend: words, families of words, and room for a few others between.

A phrase is written as parts: `word`, `word*` (any ending), `<family>`, `a|b|<family>` (any of these), `part?` (or not there),
`...` (up to four other words, within the sentence), `^` and `$` (nothing but courtesy before, after).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from recobro.understanding.folding import STOP
from recobro.understanding.standing import WITHIN, Part, Standing, Symbols

GAP, BEGIN, END = "...", "^", "$"
SHORTEST_STEM = 3

A_GAP: Part = (frozenset(), True)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a rule, ready to be looked for. is_plain: each of its parts is one word, and must be there."""

    rule: int
    parts: tuple[Part, ...]
    begins: bool
    ends: bool
    is_plain: bool


class Hit(NamedTuple):
    """A phrase that stands in a message, from token `start` up to `end` (exclusive). places: the tokens it saw."""

    rule: int
    start: int
    end: int
    places: tuple[int, ...]


def parsed(written: str, rule: int) -> Phrase:
    """A phrase as the lists write it. Raises ValueError for one that would match anything."""
    pieces = written.split()
    begins, ends = pieces[:1] == [BEGIN], pieces[-1:] == [END]
    pieces = pieces[begins : len(pieces) - ends]
    parts = tuple(_part(piece) for piece in pieces)
    needed = [at for at, (_, optional) in enumerate(parts) if not optional]
    if not needed or parts[0] == A_GAP or A_GAP in parts[needed[-1] :]:
        raise ValueError(
            f"{written!r} must hold a word that is needed, not begin with a gap, and none may end it"
        )
    return Phrase(rule, parts, begins, ends, is_plain=len(needed) == len(parts))


def _part(piece: str) -> Part:
    if piece == GAP:
        return A_GAP
    optional = piece.endswith("?")
    return frozenset(piece.removesuffix("?").split("|")), optional


class Phrases:
    """Many phrases, looked for in one message after the other."""

    __slots__ = ("_phrases", "_standing")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._standing = Standing(one.parts for one in self._phrases)

    def found_in(self, tokens: Sequence[Symbols], courtesy: Sequence[bool]) -> list[Hit]:
        """Every hit, in the order of the message. courtesy: per token, whether it changes nothing of what is meant."""
        first = next((at for at, idle in enumerate(courtesy) if not idle), 0)
        last = len(courtesy) - next((at for at, idle in enumerate(reversed(courtesy)) if not idle), 0)
        found: list[Hit] = []
        for start, numbers in reversed(self._standing.beginnings(tokens)):
            for number in numbers:
                phrase = self._phrases[number]
                if phrase.begins and start > first:
                    continue
                seen = _seen(phrase, tokens, start)
                if not phrase.ends or seen[-1] + 1 >= last:
                    found.append(Hit(phrase.rule, start, seen[-1] + 1, seen))
        return found


def _seen(phrase: Phrase, tokens: Sequence[Symbols], start: int) -> tuple[int, ...]:
    """The tokens that a phrase sees where it is known to stand."""
    if phrase.is_plain:
        return tuple(range(start, start + len(phrase.parts)))
    return _stands(phrase.parts, 0, tokens, start, ())


def _stands(
    parts: Sequence[Part], at: int, tokens: Sequence[Symbols], place: int, seen: tuple[int, ...]
) -> tuple[int, ...]:
    """The tokens that the rest of a phrase sees when it stands at `place`; empty: it does not stand there."""
    if at == len(parts):
        return seen
    alternatives, optional = parts[at]
    if not alternatives:
        wanted, may_miss = parts[at + 1]
        for next_place in range(place, min(place + WITHIN + 1, len(tokens))):
            if may_miss or not wanted.isdisjoint(tokens[next_place]):
                found = _stands(parts, at + 1, tokens, next_place, seen)
                if found:
                    return found
            if STOP in tokens[next_place]:
                break
        return ()
    if place < len(tokens) and not alternatives.isdisjoint(tokens[place]):
        found = _stands(parts, at + 1, tokens, place + 1, (*seen, place))
        if found:
            return found
    return _stands(parts, at + 1, tokens, place, seen) if optional else ()
