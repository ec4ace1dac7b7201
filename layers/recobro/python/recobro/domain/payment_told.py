"""What a gateway says of one payment, in our words; the same money is spoken of many times, in any order, by any messenger."""

from dataclasses import dataclass
from datetime import datetime

from recobro.domain.money import Money


@dataclass(frozen=True)
class PaymentTold:
    """What a gateway told us of one payment. reference: ours (domain/reference.py) or the debt's.

    intent: "<gateway>#<its id of the money>", the same for every event about it; event: the delivery's own id.
    status: "paid" | "pending" | "failed" | "expired" | "refunded" | "charged_back" | "reinstated" (a dispute that we won) |
    "unrecognised". amount: of this status and in all so far: what was captured, or, of "refunded" and "charged_back", what
    went back (0: not told, so all of it). at: when the gateway says that it became so, not when it told us; of two words on
    the same money the later one holds. expires_at: of a voucher; None: not told. merchant: the gateway's id of who received
    the money; method: its word for how. is_live: False: a test payment, never posted. is_certain: False: the signature does
    not cover the money, so the gateway's API is asked before anything is credited; `ask`: what to ask it for.
    """

    gateway: str
    intent: str
    event: str
    reference: str
    amount: Money
    status: str
    at: datetime
    merchant: str = ""
    method: str = ""
    is_live: bool = True
    is_certain: bool = True
    ask: str = ""
    expires_at: datetime | None = None
