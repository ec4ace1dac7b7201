"""Rules are phrases that a collections agent can read and mend: words, families of words, and room for a few others between.

A phrase is written as parts: `word`, `word*` (any ending), `<family>`, `a|b|<family>` (any of these), `part?` (or not there),
`...` (up to four other words, within the sentence), `^` and `$` (nothing but courtesy before, after).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recobro.understanding.folding import STOP

GAP, BEGIN, END = "...", "^", "$"
WITHIN = 4
"""Words that `...` may stand for, at most."""
SOON = WITHIN + 2
"""Words after its first within which the next one that a phrase needs is looked for before the phrase is."""
SHORTEST_STEM = 3

Symbols = frozenset[str]
"""What a token is called in phrases: itself, its stems ("pag*"), its families ("<pay>")."""
Part = tuple[frozenset[str], bool]
"""What may stand there, and whether it may be left out; the empty set is a gap."""
NOTHING: Symbols = frozenset()
A_GAP: Part = (frozenset(), True)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a rule, ready to be looked for."""

    rule: int
    parts: tuple[Part, ...]
    begins: bool
    ends: bool
    needs: tuple[frozenset[str], ...]
    second: frozenset[str]
    """What must stand right after the first word, or near it: within SOON; empty: that differs."""
    is_next: bool

    def may_stand(self, present: Symbols) -> bool:
        """Whether all that it needs stands anywhere in a message of these symbols."""
        return not any(map(present.isdisjoint, self.needs))


@dataclass(frozen=True, slots=True)
class Hit:
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
    second, reach = _second(parts)
    return Phrase(rule, parts, begins, ends, needs, second, reach == 1)


def _second(parts: Sequence[Part]) -> tuple[frozenset[str], int]:
    """What must follow the first word, and within how many words; empty where that is not told."""
    reach = 1
    for alternatives, optional in parts[1:] if not parts[0][1] else ():
        if not optional:
            return (alternatives, reach) if reach <= SOON else (NOTHING, 0)
        reach += 1 if alternatives else WITHIN
    return NOTHING, 0


def _part(piece: str) -> Part:
    if piece == GAP:
        return A_GAP
    optional = piece.endswith("?")
    return frozenset(piece.removesuffix("?").split("|")), optional


class Phrases:
    """Many phrases, by the last thing that they need ("no" comes first), so that a message tries only those that can stand in it."""

    __slots__ = ("_by_need",)

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_need: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for symbol in phrase.needs[-1]:
                self._by_need.setdefault(symbol, []).append(phrase)

    def _that_may_stand_in(self, present: Symbols) -> dict[str, list[Phrase]]:
        """By what they begin with."""
        near = {id(one): one for need in present & self._by_need.keys() for one in self._by_need[need]}
        possible: dict[str, list[Phrase]] = {}
        for phrase in sorted(near.values(), key=lambda one: one.rule):
            if not phrase.may_stand(present):
                continue
            for alternatives, optional in phrase.parts:
                for symbol in alternatives & present:
                    possible.setdefault(symbol, []).append(phrase)
                if not optional:
                    break
        return possible

    def found_in(self, tokens: Sequence[Symbols], courtesy: Sequence[bool]) -> Iterator[Hit]:
        """Every hit, in the order of the message. courtesy: per token, whether it changes nothing of what is meant."""
        present = frozenset().union(*tokens)
        by_first = self._that_may_stand_in(present)
        first = next((at for at, idle in enumerate(courtesy) if not idle), 0)
        last = len(courtesy) - next((at for at, idle in enumerate(reversed(courtesy)) if not idle), 0)
        if not by_first:
            return
        begins = by_first.keys()
        for start, symbols in enumerate(tokens):
            if begins.isdisjoint(symbols):
                continue
            after = tokens[start + 1] if start + 1 < len(tokens) else NOTHING
            near = NOTHING.union(*tokens[start + 1 : start + 1 + SOON])
            tried: set[int] = set()
            for symbol in symbols & begins:
                for phrase in by_first[symbol]:
                    if phrase.second and phrase.second.isdisjoint(after if phrase.is_next else near):
                        continue
                    if id(phrase) in tried or (phrase.begins and start > first):
                        continue
                    tried.add(id(phrase))
                    places = _stands(phrase.parts, 0, tokens, start, ())
                    if places and (not phrase.ends or places[-1] + 1 >= last):
                        yield Hit(phrase.rule, start, places[-1] + 1, places)


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
