"""Numbered and linked, so that a missing or altered fact shows: what we tell a regulator must be what was recorded."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from recobro.codec import write_instant
from recobro.domain.facts import Fact, fact_to_plain


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact in its place: the save (`version`) that brought it, its number within it, and the hash of the one before."""

    version: int
    number: int
    at: datetime
    fact: Fact
    before: str
    hash: str


def link(facts: Iterable[Fact], *, version: int, at: datetime, head: str) -> tuple[Recorded, ...]:
    """`facts` chained behind `head`, as the save `version` records them."""
    chained = []
    for number, fact in enumerate(facts):
        linked = _hash(head, version, number, at, fact)
        chained.append(Recorded(version, number, at, fact, head, linked))
        head = linked
    return tuple(chained)


def first_break(history: Sequence[Recorded]) -> str:
    """Where the chain does not hold, in words; empty when it does. `history` in order of version and number."""
    head = history[0].before if history else ""
    for one in history:
        if one.before != head:
            return f"fact {one.version}.{one.number} does not follow the one before it"
        if one.hash != _hash(head, one.version, one.number, one.at, one.fact):
            return f"fact {one.version}.{one.number} is not what was recorded"
        head = one.hash
    return ""


def first_gap(history: Sequence[Recorded], head: str) -> str:
    """The same of a whole history, which begins with the first fact and reaches `head`: cut at neither end, broken nowhere.

    head: where the record stood before the history was read, which may hold what was saved since.
    """
    if not history:
        return "its whole history is missing" if head else ""
    if history[0].before:
        return f"everything before fact {history[0].version}.{history[0].number} is missing"
    if broken := first_break(history):
        return broken
    return "" if not head or any(one.hash == head for one in history) else "its last facts are missing"


def chained(head: str, links: Mapping[str, str]) -> frozenset[str]:
    """Hashes of the facts of which a chain that ends with `head` is made, as far back as they are known.

    links: hash of a fact → that of the fact before.
    """
    found: set[str] = set()
    while head in links and head not in found:
        found.add(head)
        head = links[head]
    return frozenset(found)


def canonical(plain: object) -> str:
    """One spelling for one content: sorted keys, no blanks."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(before: str, version: int, number: int, at: datetime, fact: Fact) -> str:
    body = canonical([before, version, number, write_instant(at), fact_to_plain(fact)])
    return hashlib.sha256(body.encode()).hexdigest()[:32]
