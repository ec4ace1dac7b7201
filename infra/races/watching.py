"""Who looks on from outside: at what stands in the table, at what leaves for the carrier, and at the 2xx. Imports nothing of ours.

It knows no more than an auditor would: which saves brought a claim, when its `send_by` is, when a call left, when we answered.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

AFTER_PAYING = "a contact was claimed after the payment's 2xx"
LATE = "a carrier call began after its send_by"
UNCLAIMED = "a carrier call without a claim in the ledger"
TWICE = "two carrier calls for one attempt"
AGAIN = "the step was repeated: an earlier try had left"
LOST = "a payment that was answered 2xx is not in the record"
OPEN = "a claim stands open though its sender went on to the end"
PROMISES = (AFTER_PAYING, LATE, UNCLAIMED, TWICE, AGAIN, LOST, OPEN)


class BrokenPromise(Exception):
    """One of PROMISES."""


class Claim(NamedTuple):
    """step: whose, and which. send_by: epoch seconds."""

    attempt: str
    claim_id: str
    step: str
    send_by: float
    status: str


class Called(NamedTuple):
    """A call that left for the carrier. taken: the carrier has the message, whatever it said."""

    attempt: str
    step: str
    taken: bool


Item = Mapping[str, Any]


class Reader:
    """Items read once: the same item is the same object."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[Item, Mapping[str, Claim], str]] = {}

    def claims(self, item: Item | None) -> Mapping[str, Claim]:
        """Every attempt in a record, by its claim's id."""
        return self._of(item)[1] if item is not None else {}

    def holds(self, item: Item | None, intent: str) -> bool:
        """Whether the payment stands in the record."""
        return item is not None and f'"{intent}"' in self._of(item)[2]

    def _of(self, item: Item) -> tuple[Item, Mapping[str, Claim], str]:
        if id(item) not in self._read:
            body = json.loads(zlib.decompress(item["body"]["B"]))["debtor"]
            claims = [_claim(body["id"], one) for one in body.get("attempts", ())]
            self._read[id(item)] = (item, {one.claim_id: one for one in claims}, json.dumps(body))
        return self._read[id(item)]


def _claim(person: str, plain: Mapping[str, Any]) -> Claim:
    send_by = datetime.fromisoformat(plain["send_by"]).timestamp()
    status = plain.get("status", "claimed")
    step = f"{person} {json.dumps(plain['step'], sort_keys=True)}"
    return Claim(plain["id"], plain["claim_id"], step, send_by, status)


def saved(before: Mapping[str, Claim], after: Mapping[str, Claim], *, answered: bool) -> Claim | None:
    """What a save claimed, or nothing. Raises BrokenPromise where it did so after the 2xx."""
    fresh = [one for claim_id, one in after.items() if claim_id not in before and one.status == "claimed"]
    if fresh and answered:
        raise BrokenPromise(AFTER_PAYING)
    return fresh[0] if fresh else None


def leaves(own: Claim | None, standing: Mapping[str, Claim], calls: tuple[Called, ...], now: float) -> Claim:
    """A worker calls its carrier. own: what it claimed; standing: the record's attempts; calls: all that left before.

    Raises BrokenPromise.
    """
    if own is None or own.claim_id not in standing:
        raise BrokenPromise(UNCLAIMED)
    if now > own.send_by:
        raise BrokenPromise(LATE)
    if any(one.attempt == own.attempt for one in calls):
        raise BrokenPromise(TWICE)
    if any(one.step == own.step and one.taken for one in calls):
        raise BrokenPromise(AGAIN)
    return own
