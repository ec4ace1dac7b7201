"""A promise is an amount and a date that a debtor gave us: while it is open we wait, and then we look at what was paid."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PromiseStatus(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """`amount`, `paid` and `owed` in minor units. `judged_on`: the promised date plus grace, when it is kept or broken.

    debts, owed: what was owed on which debts when it was made, so that money paid to the creditor directly counts too.
    """

    id: str
    episode: int
    creditor: str
    currency: str
    amount: int
    due_on: date
    judged_on: date
    made_at: datetime
    channel: str = ""
    paid: int = 0
    status: PromiseStatus = PromiseStatus.OPEN
    debts: tuple[str, ...] = ()
    owed: int = 0
