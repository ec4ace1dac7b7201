"""One debtor's record as the protocol sees it, and how facts move it: `domain/fold.py` without everything that is not a race.

One step of one episode is asked for, one debt is owed, one point is known. Nothing else can be claimed twice.
"""

from typing import Any, NamedTuple

CLAIMED, UNKNOWN, SENT, DELIVERED, FAILED, RELEASED = range(6)
STATUS = ("claimed", "unknown", "sent", "delivered", "failed", "released")
"""`domain/attempt.py`: AttemptStatus. The first four stand in the order in which an attempt moves forward."""

SEND_BY = 0
"""Ticks after the claim within which the carrier may be called: `usecases/send.py`: SEND_BY (15 s)."""
LEASE = 1
"""Ticks after which the sweep may write `unknown`: `domain/decide.py`: LEASE (60 s)."""
SETTLES = 2
"""Ticks after which the plan goes on from an unknown: `domain/decide.py`: UNKNOWN_SETTLES_AFTER (72 h)."""
MAX_TRIES = 2


class Attempt(NamedTuple):
    """number: the try. claim: whose it is. at: the tick of the claim."""

    number: int
    claim: int
    at: int
    status: int = CLAIMED


class Record(NamedTuple):
    """`STATE`. save: whose claim the last save brought, -1 for any other save. known: the import has brought debt and point.

    closed: the point is suppressed. mark: of the step; "" while it is open.
    """

    version: int = 1
    save: int = -1
    attempts: tuple[Attempt, ...] = ()
    mark: str = ""
    paid: bool = False
    closed: bool = False
    known: bool = True

    def by(self, claim: int) -> Attempt | None:
        return next((one for one in self.attempts if one.claim == claim), None)


def saved(before: Record | None, save: int = -1, **changes: Any) -> Record:
    """The record after one more save."""
    base = before or Record(version=0, known=False)
    return base._replace(version=base.version + 1, save=save, **changes)


def may_move(now: int, then: int) -> bool:
    """`domain/fold.py`: _moves."""
    if now in (RELEASED, FAILED):
        return False
    if then == RELEASED:
        return now == CLAIMED
    if then == FAILED:
        return now < DELIVERED
    return then > now


def moved(record: Record, claim: int, status: int) -> tuple[Attempt, ...]:
    """The attempts after AttemptProgressed."""
    return tuple(
        one._replace(status=status) if one.claim == claim and may_move(one.status, status) else one
        for one in record.attempts
    )


def settled(record: Record, clock: int) -> Record:
    """`domain/settle.py`: what time alone brings about, not yet saved."""
    attempts = tuple(
        one._replace(status=UNKNOWN) if one.status == CLAIMED and clock >= one.at + LEASE else one
        for one in record.attempts
    )
    overdue = any(one.status == UNKNOWN and clock >= one.at + SETTLES for one in attempts)
    mark = "unknown" if overdue and not record.mark else record.mark
    return record._replace(attempts=attempts, mark=mark)


def receipt(record: Record, claim: int, status: int) -> Record:
    """`usecases/receive_receipt.py`: facts_of, with its consequences for the step's mark; not yet saved."""
    after = record._replace(attempts=moved(record, claim, status))
    was, one = record.by(claim), after.by(claim)
    if was is None or one is None:
        return record
    others = (other for other in after.attempts if other.claim != claim)
    fails = one.status == FAILED != was.status and all(other.status in (FAILED, RELEASED) for other in others)
    if fails and after.mark == "sent":
        return after._replace(mark="reopened")
    if one.status in (SENT, DELIVERED) and not after.mark:
        return after._replace(mark="sent")
    return after
