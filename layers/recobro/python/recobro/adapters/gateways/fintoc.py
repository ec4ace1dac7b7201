"""Fintoc (Chile, Mexico): transfers between bank accounts, told the way Stripe tells them.

Docs: docs.fintoc.com, "Webhooks" and "Payment intents"; SDK fintoc 2.26 (its test's static example stands in ours). Signed:
"t.body", HMAC-SHA256 hex, key: the whole text `whsec_…`; 5 minutes. Experimental: of the events only `payment_intent.succeeded` was
seen whole; how refunds are told and how often Fintoc repeats is not known to us. Endpoint: secrets `whsec_…`, api_key `sk_…`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recobro.adapters.gateways.asking import get, key_of, safe
from recobro.adapters.gateways.reading import ident, iso, loaded, part, text, units, unix
from recobro.adapters.gateways.signing import fresh, hmac_hex, pairs, signer, written
from recobro.domain.money import exponent
from recobro.ports import Endpoint, Forged, Http, PaymentTold, Webhook

STATUSES = {
    "succeeded": "paid",
    "pending": "pending",
    "in_progress": "pending",
    "requires_action": "unrecognised",  # the payer has not been at the bank yet
    "failed": "failed",
    "rejected": "failed",
    "expired": "expired",
}
"""A payment intent's `status` → ours."""

API = "https://api.fintoc.com/v1/payment_intents"


class Fintoc:
    """Amounts in minor units; CLP has none."""

    name = "fintoc"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        parts = pairs(webhook.headers.get("fintoc-signature", ""))
        stamps = [value for name, value in parts if name == "t"]
        if len(stamps) != 1:
            raise Forged("no instant")
        signer(
            endpoint.secrets,
            [value for name, value in parts if name == "v1"],
            lambda secret: hmac_hex(secret, written(stamps[0]), b".", webhook.body),
        )
        fresh(lambda: unix(stamps[0], "t"), now)
        event = loaded(webhook.body)
        is_intent = text(event, "type").startswith("payment_intent.")
        return _told(
            part(event, "data"),
            ident(event, "id"),
            iso(event.get("created_at"), "created_at"),
            is_ours=is_intent,
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        found = get(http, f"{API}/{safe(told.intent.partition('#')[2])}", {"authorization": key_of(endpoint)})
        done = found.get("transaction_date") or found.get("created_at")
        return [_told(found, "", iso(done, "transaction_date"), is_ours=True)]


def _told(found: Mapping[str, Any], event: str, at: datetime, *, is_ours: bool) -> PaymentTold:
    currency = text(found, "currency").upper()
    there = ident(found, "id")
    return PaymentTold(
        gateway="fintoc",
        intent=f"fintoc#{there if is_ours else 'notice-' + there}",
        event=event,
        reference=text(found, "metadata", "reference") or text(found, "reference_id"),
        amount=units(found.get("amount"), currency, exponent(currency)),
        status=STATUSES.get(text(found, "status"), "unrecognised") if is_ours else "unrecognised",
        at=at,
        method=text(found, "payment_type"),
        is_live=text(found, "mode") == "live",
    )
