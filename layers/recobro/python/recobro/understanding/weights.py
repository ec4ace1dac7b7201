"""A second reading that has counted how people say what: it settles which of several rules is meant, and doubts a rule alone.

Words, pairs of words, pieces of words and the rules they met, each with a weight per intent, learned from labelled replies by
`python -m tests.understanding.weigh` (multinomial logistic regression). The weights add up, so the words that decided can be
shown. Nothing here decides alone that somebody who opts out is not heard: see doubting.py.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp
from pathlib import Path
from struct import Struct
from zlib import crc32

from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import MOST_WORDS, Lexicon
from recobro.understanding.phrases import Hit
from recobro.understanding.tokens import Token
from recobro.understanding.understood import Intent

WEIGHTS = Path(__file__).parent / "words" / "weights.bin"
INTENTS = tuple(Intent)
STOPS = "stops"
"""Whether somebody asks us to stop at all, beside whatever the message is for: "ya pagué, dejen de molestar"."""
COLUMNS = (*INTENTS, STOPS)
LANE = 4
"""Bytes for each intent in a row as it is added up: a whole message's rows are one sum."""
ROW = Struct(f"<{len(COLUMNS)}I")
SHIFT = 128
_SHIFTED = bytes((byte + SHIFT) % 256 for byte in range(256))
"""A signed byte as its weight and SHIFT, which is never negative and so borrows from no other lane."""
SCALE = 16
"""Weights are kept as whole sixteenths, in a signed byte for each column."""
PIECES = (2, 3, 4)
"""Letters of a piece of a word, its beginning and end among them: what endings and misspellings have in common."""
LOUDNESS: Mapping[str, float] = {"c": 0.5, "k": 0.7}
"""How much a piece of a word, or two words with one between, say beside a whole word."""
MOST_COUNTED = 8
ASKS, ANY = "q:", "1:"
"""A question mark, and what every message holds: how often each intent is meant at all."""
MOST_MET = 40_000
"""Features remembered with their weights."""
TOLD, PIECE = "wbk", "c"
"""Kinds of features that are words of the message: itself, two, two with one between; and a piece, shown where no word speaks."""
SHOWN = 4
"""Words shown as the reason of one reading."""


def features(lexicon: Lexicon, tokens: Sequence[Token], hits: Iterable[Hit], *, asks: bool) -> frozenset[str]:
    """What is counted of a message in one language's eyes. asks: it holds a question mark."""
    words = [_named(one, lexicon) for one in tokens if one.words != STOP]
    called = frozenset().union(*{token.symbols for token in tokens})
    found = {f"n:{min(len(words), MOST_COUNTED)}"}.union(*map(_of_word, set(words)))
    found.update([f"b:{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True)])
    found.update([f"k:{one} … {other}" for one, other in zip(words, words[2:], strict=False)])
    found.update([f"f:{symbol}" for symbol in called if symbol[0] == "<"])
    found.update([f"r:{lexicon.rules[rule].id}" for rule in {hit.rule for hit in hits}])
    if asks:
        found.add(ASKS)
    return frozenset(found)


@lru_cache(maxsize=MOST_WORDS)
def _of_word(word: str) -> tuple[str, ...]:
    """The word itself, and its pieces where it is one that people wrote."""
    if word[0] == "<":
        return (f"w:{word}",)
    whole = f"_{word}_"
    pieces = (f"c:{whole[at : at + length]}" for length in PIECES for at in range(len(whole) - length + 1))
    return (f"w:{word}", *pieces)


def _named(token: Token, lexicon: Lexicon) -> str:
    if token.day is not None:
        return "<day>"
    if token.sum is not None:
        return "<sum>"
    return "<n>" if token.value is not None else lexicon.spelled(token.words)


Row = tuple[str, int]
"""A feature, and its weights, each with SHIFT in a LANE of its own, in the order of COLUMNS."""


@dataclass(frozen=True, slots=True)
class Weights:
    """feature → a signed byte per column. keys: the features' CRC-32, ascending; rows: their weights in that order.

    places: key → where its row begins.
    """

    keys: Sequence[int] = ()
    rows: bytes = b""
    places: Mapping[int, int] = field(default_factory=dict)
    met: dict[str, int | None] = field(default_factory=dict, compare=False, repr=False)

    def of(self, feature: str) -> int | None:
        """The weights of one feature, as Row holds them; None where it was not learned."""
        try:
            return self.met[feature]
        except KeyError:
            at = self.places.get(crc32(feature.encode("utf-8", "replace")))
            row = None if at is None else _row(self.rows[at : at + len(COLUMNS)])
            if len(self.met) < MOST_MET:
                self.met[feature] = row
            return row

    def known(self, seen: Iterable[str]) -> list[Row]:
        """Those features that were learned, each with its weights."""
        met = self.met
        return [(one, row) for one in seen if (row := met[one] if one in met else self.of(one)) is not None]


def _row(weights: bytes) -> int:
    lanes = bytearray(ROW.size)
    lanes[::LANE] = weights.translate(_SHIFTED)
    return int.from_bytes(lanes, "little")


UNLEARNED = Weights()


def kept(learned: Mapping[str, Sequence[int]]) -> bytes:
    """Weights as a file holds them: the columns, how many features, their keys and their rows. `loaded` reads it back."""
    by_key = {crc32(feature.encode()): row for feature, row in learned.items()}
    keys = array("I", sorted(by_key))
    rows = b"".join(array("b", by_key[key]).tobytes() for key in keys)
    if sys.byteorder == "big":
        keys.byteswap()
    return f"{' '.join(COLUMNS)}\n{len(by_key)}\n".encode() + keys.tobytes() + rows


def loaded(raw: bytes) -> Weights:
    """Raises ValueError where the file was learned for other intents than ours."""
    columns, count, body = raw.split(b"\n", 2)
    if columns.decode().split() != [*COLUMNS]:
        raise ValueError("weights.bin is for other intents: run `python -m tests.understanding.weigh`")
    keys = array("I", body[: 4 * int(count)])
    if sys.byteorder == "big":
        keys.byteswap()
    places = dict(zip(keys, range(0, len(keys) * len(COLUMNS), len(COLUMNS)), strict=True))
    return Weights(keys, body[4 * int(count) :], places)


@lru_cache(maxsize=1)
def learned() -> Weights:
    """The weights as they were learned; none where there is no file yet."""
    return loaded(WEIGHTS.read_bytes()) if WEIGHTS.is_file() else UNLEARNED


def likelihood(rows: Sequence[Row]) -> tuple[dict[Intent, float], float]:
    """How likely each intent is, of 1 together, and that the message asks us to stop, whatever else it says.

    Nothing and 0.5 where nothing was learned.
    """
    if not rows:
        return {}, 0.5
    columns = ROW.unpack(sum([row for _, row in rows]).to_bytes(ROW.size, "little"))
    *totals, stops = [(column - SHIFT * len(rows)) / SCALE for column in columns]
    highest = max(totals)
    powers = [exp(total - highest) for total in totals]
    whole = sum(powers)
    likely = {intent: power / whole for intent, power in zip(INTENTS, powers, strict=True)}
    return likely, 1 / (1 + exp(-stops))


def is_word(feature: str) -> bool:
    """Whether it is a word of the message, and no pair, piece or rule."""
    return feature.startswith("w:")


def because(rows: Iterable[Row], intent: Intent) -> str:
    """The words that spoke loudest for an intent, each with its weight."""
    found = list(rows)
    return _loudest(found, intent, TOLD) or _loudest(found, intent, PIECE)


def _loudest(rows: Iterable[Row], intent: Intent, kinds: str) -> str:
    lane = 8 * LANE * INTENTS.index(intent)
    weighed = [(one, (row >> lane & 0xFF) - SHIFT) for one, row in rows if one[0] in kinds]
    said = {one[2:]: weight / SCALE for one, weight in weighed if weight > 0}
    loudest = sorted(said, key=lambda one: (-said[one], one))
    return ", ".join(f"{one} +{said[one]:.1f}" for one in loudest[:SHOWN])
