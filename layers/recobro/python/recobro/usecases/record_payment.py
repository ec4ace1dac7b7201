"""The client's own system tells of a payment, or that one was taken back: by the same path as a gateway, with the same rules."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from recobro.adapters.gateways.reading import amount, iso, loaded, text
from recobro.codec import write_instant
from recobro.domain.payment_told import PaymentTold
from recobro.errors import Conflict, InvalidInput
from recobro.house import House
from recobro.ports import Forged
from recobro.usecases.hear_payment import Told, hear_payment

FIELDS = {"reference", "amount", "currency", "method", "paid_at", "reverses"}
MAX_BODY = 16 * 1024
AHEAD = timedelta(minutes=5)
"""So far may a caller's clock be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """payment: its name in the payment log; result: see `Told`. is_repeated: that key was used before, with the same words."""

    payment: str
    told: Told
    is_repeated: bool


def record_payment(house: House, headers: Mapping[str, str], body: bytes) -> Recorded:
    """headers: lower-case names; `authorization: Bearer <key>`, `idempotency-key`. The key names the payment: told again with
    the same words it counts once, and a payment is reversed by the key that told of it.

    Raises Forged, InvalidInput, Conflict (the key came with other words before), Unavailable.
    """
    now = house.now()
    scheme, _, key = headers.get("authorization", "").partition(" ")
    caller = house.secrets.caller(key.strip(), now) if scheme.lower() == "bearer" else ""
    if not caller:
        raise Forged("no such caller")
    once = headers.get("idempotency-key", "")
    if not (8 <= len(once) <= 128 and once.isascii() and once.isprintable()):
        raise InvalidInput(
            "Idempotency-Key", "is missing or odd", "8 to 128 printable ASCII letters, one a payment"
        )
    told = _told(caller, once, body, now)
    at, is_repeated = _first_at(house, caller, once, told)
    # Who named no instant means the moment at which it was first told, or the same words would be new ones each time.
    told = replace(told, at=at)
    return Recorded(told.intent, hear_payment(house, told, body, caller, source="hand"), is_repeated)


def _told(caller: str, once: str, body: bytes, now: datetime) -> PaymentTold:
    if len(body) > MAX_BODY:
        raise InvalidInput("body", f"has {len(body)} bytes", f"at most {MAX_BODY}")
    raw = loaded(body)
    unknown = sorted(set(raw) - FIELDS)
    if unknown:
        raise InvalidInput(
            unknown[0][:40], "is no field of a payment", f"one of: {', '.join(sorted(FIELDS))}"
        )
    currency = text(raw, "currency").upper()
    money = amount(_needed(raw, "amount"), currency)
    at = iso(raw["paid_at"], "paid_at") if raw.get("paid_at") else now
    if at > now + AHEAD:
        raise InvalidInput("paid_at", "lies in the future", "the instant at which the money arrived")
    reverses = text(raw, "reverses")
    reference = text(raw, "reference")
    if not reference and not reverses:
        raise InvalidInput("reference", "is missing", "the debt's, BRAND/REFERENCE")
    return PaymentTold(
        gateway="api",
        intent=f"api#{caller}:{reverses or once}",
        event=once,
        reference=reference,
        amount=money,
        status="refunded" if reverses else "paid",
        at=at,
        method=text(raw, "method"),
    )


def _needed(raw: Mapping[str, Any], name: str) -> Any:
    """JSON numbers with a point are Decimals by now, so an amount is exact either way."""
    if raw.get(name) is None:
        raise InvalidInput(name, "is missing", '"1500.00"')
    return raw[name]


def _first_at(house: House, caller: str, once: str, told: PaymentTold) -> tuple[datetime, bool]:
    """When these words first came under that key, and whether they had come before."""
    said = [told.intent, told.reference, told.amount.minor, told.amount.currency, told.status, told.method]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    place = f"IDEMPOTENT#api:{caller}"
    there = house.table.put_new(place, once, {"digest": {"S": digest}, "at": {"S": write_instant(told.at)}})
    if there is None:
        return told.at, False
    if there["digest"]["S"] != digest:
        raise Conflict("that Idempotency-Key came with other words before")
    return datetime.fromisoformat(there["at"]["S"]), True
