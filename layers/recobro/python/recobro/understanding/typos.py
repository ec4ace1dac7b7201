"""A slip of the thumb must not turn a "no me llamen" into silence: words a letter away from one that decides are read as it."""

from collections.abc import Iterable

SHORTEST = 5
"""Letters. Shorter words have too many neighbours: "pago", "paso", "hago"."""


class Typos:
    """Words by what is left when one letter is taken out (Garbe, symmetric delete): one look-up instead of a search."""

    __slots__ = ("_by_rest",)

    def __init__(self, words: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= SHORTEST:
                for rest in (word, *_rests(word)):
                    self._by_rest.setdefault(rest, []).append(word)

    def meant(self, word: str) -> str:
        """The known word that is one letter off (left out, too many, wrong, or two swapped), else the word itself.

        The first letter is trusted unless letters were swapped or dropped there: people seldom miss it.
        """
        if len(word) < SHORTEST - 1:
            return word
        for rest in (word, *_rests(word)):
            for known in self._by_rest.get(rest, ()):
                if _is_near(word, known):
                    return known
        return word


def _rests(word: str) -> Iterable[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _is_near(word: str, known: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours turns one into the other."""
    if word[0] != known[0] and word[:2] != known[1::-1]:
        return False
    if abs(len(word) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    rest, other = word[start:], known[start:]
    if len(rest) == len(other):
        swapped = rest[1::-1] == other[:2] and rest[2:] == other[2:]
        return rest[1:] == other[1:] or swapped
    return rest[1:] == other if len(rest) > len(other) else rest == other[1:]
