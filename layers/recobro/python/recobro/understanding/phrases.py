"""Rules are phrases that a collections agent can read and mend: words, families of words, and room for a few others between.

A phrase is written as parts: `word`, `word*` (any ending), `<family>`, `a|b|<family>` (any of these), `part?` (or not there),
`...` (up to four other words, within the sentence), `^` and `$` (nothing but courtesy before, after).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from recobro.understanding.folding import STOP

GAP, BEGIN, END = "...", "^", "$"
WITHIN = 4
"""Words that `...` may stand for, at most."""
SHORTEST_STEM = 3

Symbols = frozenset[str]
"""What a token is called in phrases: itself, its stems ("pag*"), its families ("<pay>")."""
Part = tuple[frozenset[str], bool]
"""What may stand there, and whether it may be left out; the empty set is a gap."""
A_GAP: Part = (frozenset(), True)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a rule, ready to be looked for. is_plain: each of its parts is one word, and must be there."""

    rule: int
    parts: tuple[Part, ...]
    begins: bool
    ends: bool
    needs: tuple[frozenset[str], ...]
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
    if all(optional for _, optional in parts) or A_GAP in (parts[0], parts[-1]):
        raise ValueError(f"{written!r} must hold a word that is needed, and neither begin nor end with a gap")
    needs = tuple(needed for needed, optional in parts if not optional)
    return Phrase(rule, parts, begins, ends, needs, is_plain=len(needs) == len(parts))


def _part(piece: str) -> Part:
    if piece == GAP:
        return A_GAP
    optional = piece.endswith("?")
    return frozenset(piece.removesuffix("?").split("|")), optional


class Phrases:
    """Many phrases, by the last thing that they need ("no" comes first), so that a message tries only those that can stand in it."""

    __slots__ = ("_by_need", "_phrases", "_symbols")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._by_need: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for symbol in phrase.needs[-1]:
                self._by_need.setdefault(symbol, []).append(number)
        self._symbols = frozenset().union(*(part for one in self._phrases for part, _ in one.parts))

    def found_in(self, tokens: Sequence[Symbols], courtesy: Sequence[bool]) -> list[Hit]:
        """Every hit, in the order of the message. courtesy: per token, whether it changes nothing of what is meant."""
        places = Places(tokens, self._symbols)
        present = frozenset(places.by_symbol)
        near = {number for need in present & self._by_need.keys() for number in self._by_need[need]}
        first = next((at for at, idle in enumerate(courtesy) if not idle), 0)
        last = len(courtesy) - next((at for at, idle in enumerate(reversed(courtesy)) if not idle), 0)
        found: list[tuple[int, int, Hit]] = []
        for number in sorted(near):
            phrase = self._phrases[number]
            if any(map(present.isdisjoint, phrase.needs)):
                continue
            starts = places.where_begins(phrase.parts)
            if phrase.begins:
                starts &= (2 << first) - 1
            while starts:
                start = (starts & -starts).bit_length() - 1
                starts &= starts - 1
                seen = _seen(phrase, tokens, start)
                if not phrase.ends or seen[-1] + 1 >= last:
                    found.append((start, number, Hit(phrase.rule, start, seen[-1] + 1, seen)))
        return [hit for _, _, hit in sorted(found, key=itemgetter(0, 1))]


class Places:
    """Where what stands in a message, a bit for each token: a phrase is tried at all of them at once."""

    __slots__ = ("_by_part", "_in_sentence", "_tokens", "by_symbol")

    def __init__(self, tokens: Sequence[Symbols], wanted: Symbols) -> None:
        alike: dict[Symbols, int] = {}
        for at, symbols in enumerate(tokens):
            alike[symbols] = alike.get(symbols, 0) | 1 << at
        self.by_symbol: dict[str, int] = {}
        stops = 0
        for symbols, where in alike.items():
            for symbol in symbols & wanted:
                self.by_symbol[symbol] = self.by_symbol.get(symbol, 0) | where
            if STOP in symbols:
                stops |= where
        self._tokens = (1 << len(tokens)) - 1
        self._in_sentence = self._tokens & ~stops
        self._by_part: dict[frozenset[str], int] = {}

    def where_begins(self, parts: Sequence[Part]) -> int:
        """The tokens at which a phrase stands that see a part of it themselves."""
        stands = self._tokens << 1 | 1
        for alternatives, optional in reversed(parts):
            if not alternatives:
                stands &= self._tokens
                reached = stands
                for _ in range(WITHIN):
                    reached = reached >> 1 & self._in_sentence
                    stands |= reached
                continue
            here = self._by_part.get(alternatives)
            if here is None:
                here = self._of(alternatives)
            here &= stands >> 1
            stands = here | stands if optional else here
            if not stands:
                return 0
        if parts[0][1]:
            stands &= self._first_of(parts)
        return stands

    def _first_of(self, parts: Sequence[Part]) -> int:
        seen = 0
        for alternatives, optional in parts:
            seen |= self._of(alternatives)
            if not optional:
                break
        return seen

    def _of(self, alternatives: frozenset[str]) -> int:
        found = 0
        for symbol in alternatives & self.by_symbol.keys():
            found |= self.by_symbol[symbol]
        self._by_part[alternatives] = found
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
