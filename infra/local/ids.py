"""Ids that AWS would invent: in a seeded run the same ones every time, so that a bug is a seed."""

import uuid
from collections import Counter
from hashlib import sha256


class Ids:
    """UUIDs by kind. Without a seed they are random."""

    def __init__(self, seed: str | None) -> None:
        self._seed = seed
        self._made: Counter[str] = Counter()

    def new(self, kind: str) -> str:
        """The next id of a kind, e.g. "request"."""
        if self._seed is None:
            return str(uuid.uuid4())
        self._made[kind] += 1
        digest = sha256(f"{self._seed}/{kind}/{self._made[kind]}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))
