"""Chance that repeats: every draw is named, so that one more message to one person changes nobody else's fate."""

import math
from collections.abc import Mapping
from hashlib import blake2b
from random import Random


class Chance:
    """Seeded draws by name. The same seed and name always give the same answer, whatever was drawn before."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, *name: object) -> Random:
        """A generator of its own for one named occasion."""
        text = "\x1f".join(str(part) for part in (self._seed, *name))
        return Random(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big"))

    def happens(self, probability: float, *name: object) -> bool:
        """Whether what has that probability happens on that occasion."""
        return self.of(*name).random() < probability

    def between(self, low: float, high: float, *name: object) -> float:
        return self.of(*name).uniform(low, high)


def one_of(chance: Random, weights: Mapping[str, float]) -> str:
    """One name by weight."""
    return chance.choices(tuple(weights), tuple(weights.values()))[0]


def lognormal(chance: Random, median: float, spread: float) -> float:
    """Balances: many small, few large."""
    return median * math.exp(chance.gauss(0.0, spread))
