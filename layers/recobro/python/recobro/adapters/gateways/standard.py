"""Any gateway of the client's own that signs by Standard Webhooks: the payment it tells of, once it is proven to be its word.

Specification: standardwebhooks.com, `spec/standard-webhooks.md`: HMAC-SHA256 over "id.timestamp.body", base64, secret
`whsec_<base64>`, several signatures separated by blanks, 5 minutes of tolerance.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from recobro.domain.money import Money
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, PaymentTold, Webhook

TOLERANCE = timedelta(minutes=5)
STATUSES = {"payment.succeeded": "paid", "payment.pending": "pending", "payment.failed": "failed"}
"""The body's `type` → what it says of the money."""


class StandardWebhooks:
    """`{"type": "payment.succeeded", "data": {"id", "reference", "amount": <minor units>, "currency"}}`."""

    name = "standard"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Any live secret may have signed. Raises Forged, InvalidInput."""
        body, headers = webhook.body, webhook.headers
        message_id, at = headers.get("webhook-id", ""), _instant(headers.get("webhook-timestamp", ""))
        if abs(now - at) > TOLERANCE:
            raise Forged("timestamp outside the tolerance")
        signed = b".".join((message_id.encode(), headers.get("webhook-timestamp", "").encode(), body))
        given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
        if not any(_matches(signed, secret, given) for secret in endpoint.secrets):
            raise Forged("no live secret signed this")
        return _parse(body, message_id, at)


def signature(body: bytes, message_id: str, timestamp: int, secret: str) -> str:
    """What `webhook-signature` carries for that body: for gateways of one's own, and for tests."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + _sign(signed, secret)


def _matches(signed: bytes, secret: str, given: Sequence[str]) -> bool:
    expected = _sign(signed, secret)
    return any(hmac.compare_digest(expected, one) for one in given)


def _sign(signed: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _instant(text: str) -> datetime:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise Forged("no timestamp")
    return datetime.fromtimestamp(int(text), UTC)


def _parse(body: bytes, message_id: str, at: datetime) -> PaymentTold:
    try:
        told: Any = json.loads(body)
        data = told["data"]
        kind, ident, reference = told["type"], data["id"], data["reference"]
        amount, currency = data["amount"], data["currency"]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise InvalidInput(
            "body", f"lacks {error}", "type, data.id, data.reference, data.amount, data.currency"
        ) from error
    if type(amount) is not int or not 0 < amount < 10**15:
        raise InvalidInput("data.amount", f"is {amount!r}", "whole minor units above zero")
    return PaymentTold(
        gateway="standard",
        intent=f"standard#{ident}",
        event=message_id,
        reference=str(reference),
        amount=Money(amount, str(currency).upper()),
        status=STATUSES.get(kind, "unrecognised"),
        at=at,
    )
