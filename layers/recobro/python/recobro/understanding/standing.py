"""A letter is looked through for all phrases at once, so that who writes at length is heard as soon as who writes a line.

Each part of each phrase has a bit, which says whether that part and all behind it stand from some token on. The message is walked
from its end, with a few operations on all bits for each token (extended Shift-And: Navarro and Raffinot, Flexible Pattern
Matching in Strings, 2002, chapter 4).
"""

from collections.abc import Iterable, Mapping, Sequence

from recobro.understanding.folding import STOP

WITHIN = 4
"""Words that a gap may stand for, at most."""
MOST_MET = 2_000
"""Tokens remembered with the parts that they may be: strangers may send us any words."""

Symbols = frozenset[str]
"""What a token is called in phrases: itself, its stems ("pag*"), its families ("<pay>")."""
Part = tuple[frozenset[str], bool]
"""What may stand there, and whether it may be left out; the empty set is a gap."""


class Standing:
    """Where phrases stand, each a row of parts in which every gap leads to one that is needed."""

    __slots__ = ("_empty", "_may_be", "_optional", "_owners", "_run_begins", "_run_ends", "_whole")

    def __init__(self, phrases: Iterable[Sequence[Part]]) -> None:
        self._owners: list[int] = []
        """bit → the number of its phrase."""
        bits: dict[str, list[int]] = {}
        empty: list[int] = []
        gaps: list[int] = []
        optional: list[int] = []
        whole: list[int] = []
        for number, parts in enumerate(phrases):
            empty.append(len(self._owners))
            pieces = [part for part in reversed(parts) for _ in range(1 if part[0] else WITHIN)]
            first_needed = max(at for at, (_, may_miss) in enumerate(pieces) if not may_miss)
            for at, (alternatives, may_miss) in enumerate(pieces):
                bit = empty[-1] + 1 + at
                if may_miss:
                    optional.append(bit)
                if not alternatives:
                    gaps.append(bit)
                elif at >= first_needed:
                    whole.append(bit)
                for symbol in alternatives:
                    bits.setdefault(symbol, []).append(bit)
            self._owners.extend([number] * (1 + len(pieces)))
        self._empty, self._optional, self._whole = map(_mask, (empty, optional, whole))
        self._run_begins = self._optional >> 1 & ~self._optional
        self._run_ends = self._optional & ~(self._optional >> 1)
        self._may_be = _MayBe(bits, _mask(gaps))

    def beginnings(self, tokens: Sequence[Symbols]) -> list[tuple[int, list[int]]]:
        """The tokens from which phrases stand, last one first, each with those phrases' numbers, ascending.

        A phrase begins at the first token that a part of it sees: what is left out before stands for nothing.
        """
        empty, optional, whole, may_be = self._empty, self._optional, self._whole, self._may_be
        run_begins, run_ends = self._run_begins, self._run_ends
        found: list[tuple[int, list[int]]] = []
        stands = 0
        for at in range(len(tokens) - 1, -1, -1):
            stands |= empty
            # Past what may be left out: taking a run's first bit away turns over all bits up to the lowest that stands.
            above = stands | run_ends
            above ^= above - run_begins
            stands |= optional ^ (optional & above)
            stands = stands << 1 & may_be[tokens[at]]
            if stands & whole:
                found.append((at, self._whose(stands & whole)))
        return found

    def _whose(self, bits: int) -> list[int]:
        """The numbers of the phrases whose bits they are."""
        found: list[int] = []
        while bits:
            lowest = bits & -bits
            owner = self._owners[lowest.bit_length() - 1]
            if not found or found[-1] != owner:
                found.append(owner)
            bits ^= lowest
        return found


class _MayBe(dict[Symbols, int]):
    """The parts that a token may be, by what it is called, put together when it is first met: few of all words are."""

    __slots__ = ("_bits", "_gaps", "_masks", "_symbols")

    def __init__(self, bits: Mapping[str, Sequence[int]], gaps: int) -> None:
        super().__init__()
        self._bits = bits
        self._symbols = frozenset(bits)
        self._gaps = gaps
        self._masks: dict[str, int] = {}

    def __missing__(self, token: Symbols) -> int:
        found = 0 if STOP in token else self._gaps
        for symbol in token & self._symbols:
            if symbol not in self._masks:
                self._masks[symbol] = _mask(self._bits[symbol])
            found |= self._masks[symbol]
        if len(self) < MOST_MET:
            self[token] = found
        return found


def _mask(bits: Sequence[int]) -> int:
    """The number that has these bits."""
    written = bytearray((max(bits, default=0) >> 3) + 1)
    for bit in bits:
        written[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(written, "little")
