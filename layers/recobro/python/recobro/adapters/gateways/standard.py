"""Any gateway of the client's own that signs by Standard Webhooks: the payment it tells of, once it is proven to be its word.

Specification: standardwebhooks.com, `spec/standard-webhooks.md`: HMAC-SHA256 over "id.timestamp.body", base64, secret
`whsec_<base64>`, several signatures separated by blanks, 5 minutes of tolerance either way.
"""

import base64
import binascii
from datetime import datetime

from recobro.adapters.gateways.reading import ident, loaded, part, text, units, unix
from recobro.adapters.gateways.signing import TOLERANCE, fresh, hmac_base64, signer, written
from recobro.domain.money import exponent
from recobro.ports import Endpoint, Forged, PaymentTold, Webhook

STATUSES = {
    "payment.succeeded": "paid",
    "payment.pending": "pending",
    "payment.failed": "failed",
    "payment.expired": "expired",
    "payment.refunded": "refunded",
    "payment.charged_back": "charged_back",
    "payment.reinstated": "reinstated",
}
"""The body's `type` → what it says of the money; any other is "unrecognised"."""


class StandardWebhooks:
    """`{"type": "payment.succeeded", "data": {"id", "reference", "amount": <minor units>, "currency"}}`; besides, where known,
    `data.method`, `data.merchant`, and `data.livemode` (false: a test)."""

    name = "standard"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Any live secret may have signed. Raises Forged, InvalidInput."""
        stamp, message_id = (
            webhook.headers.get("webhook-timestamp", ""),
            webhook.headers.get("webhook-id", ""),
        )
        given = webhook.headers.get("webhook-signature", "").split()
        signed = b".".join((written(message_id), written(stamp), webhook.body))
        signer(endpoint.secrets, given, lambda secret: "v1," + hmac_base64(_key(secret), signed))
        at = fresh(lambda: unix(stamp, "webhook-timestamp"), now)
        if at - now > TOLERANCE:
            raise Forged("from the future")
        return _parse(webhook.body, message_id, at)


def signature(body: bytes, message_id: str, timestamp: int, secret: str) -> str:
    """What `webhook-signature` carries for that body: for gateways of one's own, and for tests."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + hmac_base64(_key(secret.encode()), signed)


def _key(secret: bytes) -> bytes:
    """Raises Forged for a secret that is none: nothing is believed under it."""
    try:
        key = base64.b64decode(secret.removeprefix(b"whsec_"))
    except binascii.Error as error:
        raise Forged("the secret is no base64") from error
    if not key:
        raise Forged("the secret is empty")
    return key


def _parse(body: bytes, message_id: str, at: datetime) -> PaymentTold:
    told = loaded(body)
    data = part(told, "data")
    currency = text(data, "currency").upper()
    return PaymentTold(
        gateway="standard",
        intent=f"standard#{ident(data, 'id')}",
        event=message_id,
        reference=text(data, "reference"),
        amount=units(data.get("amount"), currency, exponent(currency)),
        status=STATUSES.get(text(told, "type"), "unrecognised"),
        at=at,
        merchant=text(data, "merchant"),
        method=text(data, "method"),
        is_live=data.get("livemode") is not False,
    )
