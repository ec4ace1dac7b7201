"""dLocal (all of Latin America): cash, transfers and cards; it signs every byte of its word.

Docs: docs.dlocal.com, "Notifications" and "Security". Signed: X-Login + X-Date + body, HMAC-SHA256 hex, in `Authorization:
V2-HMAC-SHA256, Signature: …`; X-Date has no documented window, and dLocal repeats for days. Refunds and chargebacks have objects of
their own which we have not seen: without a status of ours they are "unrecognised". dLocal Go is another product. Experimental: no
published example carries its key. Endpoint: secrets the secret key, merchant the X-Login; options.environment "test" for the
sandbox. Links need the payer's name and document, which no link of ours carries.
"""

from datetime import datetime

from recobro.adapters.gateways.asking import is_test
from recobro.adapters.gateways.reading import amount, ident, iso, loaded, text
from recobro.adapters.gateways.signing import hmac_hex, signer, written
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, PaymentTold, Webhook

STATUSES = {
    "PAID": "paid",
    "PENDING": "pending",
    "AUTHORIZED": "pending",
    "REJECTED": "failed",
    "CANCELLED": "failed",
    "EXPIRED": "expired",
}
"""A payment's `status` → ours."""

SCHEME = "V2-HMAC-SHA256, Signature: "


class DLocal:
    """The payment object itself is the notification."""

    name = "dlocal"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        said, login = webhook.headers.get("authorization", ""), webhook.headers.get("x-login", "")
        date = webhook.headers.get("x-date", "")
        if not said.startswith(SCHEME) or not login or not date:
            raise Forged("not signed")
        signer(
            endpoint.secrets,
            [said.removeprefix(SCHEME)],
            lambda secret: hmac_hex(secret, written(login), written(date), webhook.body),
        )
        try:
            iso(date, "x-date")
        except InvalidInput as error:
            # Login and date are signed as one run of text: what is no date may be a login that was moved.
            raise Forged("no instant") from error
        body = loaded(webhook.body)
        there, status = ident(body, "id"), text(body, "status")
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{there}",
            event=f"{there} {status}",
            reference=text(body, "order_id"),
            amount=amount(body.get("amount"), text(body, "currency")),
            status=STATUSES.get(status, "unrecognised"),
            at=iso(body.get("approved_date") or body.get("created_date") or date, "approved_date"),
            merchant=login,
            method=text(body, "payment_method_id"),
            is_live=not is_test(endpoint),
        )
