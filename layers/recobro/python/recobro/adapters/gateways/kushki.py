"""Kushki (Ecuador, Colombia, Peru, Chile, Mexico): cash, transfers and cards; it signs every byte, if one asks for the full signature.

Docs: docs.kushki.com, "Webhooks" (Console → Desarrolladores → Webhooks). Signed: body + "." + X-Kushki-Id, HMAC-SHA256 hex.
X-Kushki-SimpleSignature covers the instant alone and is not looked at. Experimental: bodies differ by product and their fields were
only seen in others' programs (snake_case and camelCase are read alike); retries and the window are not documented. Endpoint: secrets
the "webhook signature", merchant the X-Kushki-Key; options.environment "test" for UAT.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.gateways.asking import is_test
from recobro.adapters.gateways.reading import amount, ident, loaded, part, text, unix
from recobro.adapters.gateways.signing import hmac_hex, signer, written
from recobro.domain.money import Money
from recobro.ports import Endpoint, PaymentTold, Webhook

STATUSES = {
    "APPROVAL": "paid",
    "APPROVED": "paid",
    "approvedTransaction": "paid",
    "INITIALIZED": "pending",
    "initializedTransaction": "pending",
    "DECLINED": "failed",
    "declinedTransaction": "failed",
    "EXPIRED": "expired",
    "expiredTransaction": "expired",
}
"""`transaction_status` (cards) or `status` (cash, transfers) → ours."""

REVERSALS = {"VOID": "refunded", "REFUND": "refunded", "CHARGEBACK": "charged_back"}
"""`transaction_type` of an approved transaction that takes money back."""


class Kushki:
    """A call with the body `{}` only checks that the address answers."""

    name = "kushki"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        stamp = webhook.headers.get("x-kushki-id", "")
        signer(
            endpoint.secrets,
            [webhook.headers.get("x-kushki-signature", "")],
            lambda secret: hmac_hex(secret, webhook.body, b".", written(stamp)),
        )
        at = unix(stamp, "x-kushki-id", per_second=1000 if len(stamp) > 11 else 1)
        body, merchant = loaded(webhook.body), webhook.headers.get("x-kushki-key", "")
        if not body:
            return PaymentTold(
                self.name, f"{self.name}#notice-{stamp}", stamp, "", Money(0, ""), "unrecognised", at
            )
        return _told(body, at, merchant, is_live=not is_test(endpoint))


def _told(body: Mapping[str, Any], at: datetime, merchant: str, *, is_live: bool) -> PaymentTold:
    there = _either(body, "ticket_number", "ticketNumber") or ident(body, "token")
    said = _either(body, "transaction_status", "transactionStatus") or text(body, "status")
    kind = _either(body, "transaction_type", "transactionType").upper()
    status = STATUSES.get(said, "unrecognised")
    if status == "paid" and kind in REVERSALS:
        status = REVERSALS[kind]
        # The ticket of what was taken back is the money's; a reversal has a ticket of its own.
        there = _either(body, "sale_ticket_number", "saleTicketNumber") or there
    names = ("approved_transaction_amount", "approvedTransactionAmount", "amount")
    value = next((body[name] for name in names if name in body), None)
    return PaymentTold(
        gateway="kushki",
        intent=f"kushki#{ident({'id': there}, 'id')}",
        event=f"{there} {said}",
        reference=text(part(body, "metadata"), "reference"),
        amount=amount(value, _either(body, "currency_code", "currencyCode") or text(body, "currency")),
        status=status,
        at=at,
        merchant=merchant,
        method=_either(body, "payment_method", "paymentMethod"),
        is_live=is_live,
    )


def _either(body: Mapping[str, Any], snake: str, camel: str) -> str:
    return text(body, snake) or text(body, camel)
