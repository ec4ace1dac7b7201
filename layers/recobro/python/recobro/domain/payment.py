"""Money that a gateway or a person told us of; never deleted, only reversed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payment:
    """`intent`: gateway and its payment intent, "standard#pi_123": the money's identity, not the delivery's.

    debt: key of the debt it pays; amount in minor units; told_at: when we were told (aware UTC).
    """

    intent: str
    debt: str
    amount: int
    currency: str
    told_at: datetime
    is_reversed: bool = False
