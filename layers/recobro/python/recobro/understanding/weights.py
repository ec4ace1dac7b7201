"""A second reading that has counted how people say what: it settles which of several rules is meant, and doubts a rule alone.

Words, pairs of words and the rules they met, each with a weight per intent, learned from labelled replies by
`python -m tests.understanding.weigh` (multinomial logistic regression). The weights add up, so the words that decided
can be shown; nothing here decides alone that somebody opts out is not heard: see deciding.py.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import exp
from pathlib import Path

from recobro.understanding.folding import STOP
from recobro.understanding.lexicon import Lexicon
from recobro.understanding.phrases import Hit
from recobro.understanding.tokens import Token

WEIGHTS = Path(__file__).parent / "words" / "weights.json"
STEM = 5
SCALE = 100
"""Weights are kept as whole hundredths."""
Weights = Mapping[str, Mapping[str, int]]
"""feature → intent → weight."""


def features(lexicon: Lexicon, tokens: Sequence[Token], hits: Iterable[Hit]) -> frozenset[str]:
    """What is counted of a message in one language's eyes."""
    return frozenset(_features(lexicon, tokens, hits))


def _features(lexicon: Lexicon, tokens: Sequence[Token], hits: Iterable[Hit]) -> Iterator[str]:
    words = [_named(one, lexicon) for one in tokens if one.words != STOP]
    for word in words:
        yield f"w:{word}"
        if len(word) > STEM:
            yield f"s:{word[:STEM]}"
    for one, other in zip(["^", *words], [*words, "$"], strict=True):
        yield f"b:{one} {other}"
    for token in tokens:
        yield from (f"f:{symbol}" for symbol in token.symbols if symbol[0] == "<")
    for hit in hits:
        yield f"r:{lexicon.rules[hit.rule].id}"
    yield f"n:{min(len(words) // 4, 4)}"


def _named(token: Token, lexicon: Lexicon) -> str:
    if token.day is not None:
        return "<day>"
    if token.sum is not None:
        return "<sum>"
    return "<n>" if token.value is not None else lexicon.spelled(token.words)


@lru_cache(maxsize=1)
def learned() -> Weights:
    """The weights as they were learned; empty where there are none yet."""
    found: Weights = json.loads(WEIGHTS.read_bytes()) if WEIGHTS.is_file() else {}
    return found


def likelihood(seen: Iterable[str], weights: Weights) -> dict[str, float]:
    """How likely each intent is, of 1 together; empty without weights."""
    totals: dict[str, int] = dict.fromkeys(weights.get("", {}), 0)
    for feature in seen:
        for intent, weight in weights.get(feature, {}).items():
            totals[intent] += weight
    if not totals:
        return {}
    highest = max(totals.values())
    powers = {intent: exp((total - highest) / SCALE) for intent, total in totals.items()}
    whole = sum(powers.values())
    return {intent: power / whole for intent, power in powers.items()}


def because(seen: Iterable[str], intent: str, weights: Weights) -> str:
    """The words that spoke loudest for an intent."""
    said = {one: weights[one].get(intent, 0) for one in seen if one[:2] in ("w:", "b:") and one in weights}
    loudest = sorted((one for one, weight in said.items() if weight > 0), key=lambda one: -said[one])
    return ", ".join(one[2:] for one in loudest[:4])
