"""Money that a gateway or a person told us of; never deleted, only reversed."""

from dataclasses import dataclass
from datetime import datetime

from recobro.domain.allocation import Split


@dataclass(frozen=True, slots=True)
class Payment:
    """`intent`: gateway and its payment intent, "standard#pi_123": the money's identity, not the delivery's.

    debt: key of the debt it pays; amount in minor units; told_at: when we were told (aware UTC). part: several where a
    gateway captured more later, or gave back what it had taken. split: where it went; returned: what was taken back since.
    """

    intent: str
    debt: str
    amount: int
    currency: str
    told_at: datetime
    is_reversed: bool = False
    part: int = 1
    split: Split | None = None
    returned: int = 0
    method: str = ""

    @property
    def left(self) -> int:
        """What we still have of it, minor units."""
        return 0 if self.is_reversed else self.amount - self.returned

    @property
    def credit(self) -> int:
        """What of it is more than was owed, and still with us."""
        return max(0, self.split.unapplied - self.returned) if self.split is not None else 0


@dataclass(frozen=True, slots=True)
class Heard:
    """How far one debt's record knows of one payment. words: how many different things were said of the money.

    captured, returned: minor units that the record holds of it. status: see domain/said.py. at: when the record learnt it.
    """

    intent: str
    debt: str
    words: int
    status: str
    captured: int = 0
    returned: int = 0
    at: datetime | None = None
