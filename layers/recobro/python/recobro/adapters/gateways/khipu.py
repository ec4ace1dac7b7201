"""Khipu (Chile): transfers between bank accounts, known to be paid when they are conciled; it signs every byte of its word.

Docs: docs.khipu.com, payments API v3, `notify_api_version` "3.0" (the page prints a full example, which is in our tests). Signed:
"t.body", HMAC-SHA256 base64, key: the collection account's secret; t in milliseconds, without a documented window. The older
notifications (1.3) carry only a token and are refused. A notification says "conciled": that is paid. Bodies hold a RUT and an
account number, of which nothing is taken. Endpoint: secrets the account's secret, merchant the receiver_id, api_key the
`x-api-key`, options.notify_url our own hook; options.environment "test" for an account in development mode.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from recobro.adapters.gateways.asking import get, is_test, key_of, once, option, read, safe, send
from recobro.adapters.gateways.reading import amount, ident, iso, loaded, major, text, unix
from recobro.adapters.gateways.signing import hmac_base64, signer, stamped, written
from recobro.errors import NotFound
from recobro.ports import Endpoint, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {"done": "paid", "verifying": "pending", "pending": "pending"}
"""A payment's `status` as the API answers → ours; "done" only without one of these details:"""
NOT_MONEY = {"reversed": "refunded", "rejected-by-payer": "failed", "marked-as-abuse": "failed"}

API = "https://payment-api.khipu.com/v3/payments"


class Khipu:
    """Payments API v3; a link is a payment that waits for its payer."""

    name = "khipu"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        parts = stamped(webhook.headers.get("x-khipu-signature", ""))
        stamp = parts.get("t", "")
        signer(
            endpoint.secrets,
            [parts.get("s", "")],
            lambda secret: hmac_base64(secret, written(stamp), b".", webhook.body),
        )
        body = loaded(webhook.body)
        done = body.get("conciliation_date")
        at = iso(done, "conciliation_date") if done else unix(stamp, "t", per_second=1000)
        return _told(body, "paid", at, endpoint)

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        found = get(http, f"{API}/{safe(told.intent.partition('#')[2])}", _auth(endpoint))
        status = STATUSES.get(text(found, "status"), "unrecognised")
        if status == "paid":
            status = NOT_MONEY.get(text(found, "status_detail"), status)
        done = found.get("conciliation_date")
        return [_told(found, status, iso(done, "conciliation_date") if done else now, endpoint)]

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        body = {
            "amount": float(major(wanted.amount)),
            "currency": wanted.amount.currency,
            "subject": wanted.description,
            "transaction_id": wanted.reference,
            "notify_url": option(endpoint, "notify_url"),
            "notify_api_version": "3.0",
            "expires_date": wanted.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        }
        if wanted.back_url:
            body["return_url"] = wanted.back_url
        made = send(http, "POST", API, _auth(endpoint), body, idempotency=once(wanted))
        return LinkMade(ident(made, "payment_id"), ident(made, "payment_url"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """Only what nobody has paid can be deleted; what is gone is gone."""
        try:
            read(http("DELETE", f"{API}/{safe(link)}", _auth(endpoint)))
        except NotFound:
            return


def _told(found: Mapping[str, Any], status: str, at: datetime, endpoint: Endpoint) -> PaymentTold:
    there = ident(found, "payment_id")
    return PaymentTold(
        gateway="khipu",
        intent=f"khipu#{there}",
        event=there,
        reference=text(found, "transaction_id"),
        amount=amount(found.get("amount"), text(found, "currency")),
        status=status,
        at=at,
        merchant=text(found, "receiver_id"),
        method=text(found, "payment_method"),
        is_live=not is_test(endpoint),
    )


def _auth(endpoint: Endpoint) -> dict[str, str]:
    return {"x-api-key": key_of(endpoint)}
