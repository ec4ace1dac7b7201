"""Wompi (Colombia): PSE, Nequi, cards. It signs a few fields that it chooses itself, never the reference: we ask before we credit.

Docs: docs.wompi.co, "Eventos" and "Widget & Checkout Web". Checksum: SHA-256 hex of the values at `signature.properties` (paths
under `data`, in that order), `timestamp` and the events secret; printed in capitals. The list is unsigned and may vary, so it
must hold the id, the status and the amount. The checksum printed in the docs is not the SHA-256 of the string printed beside it
(3476DDA5… against 5A18EC5E…). `timestamp` is the event's: Wompi repeats for 24 hours, so nothing is too old. El Salvador's
Wompi is another product. Endpoint: secrets `prod_events_…` (`test_events_…` makes it a test), options.public_key; api_key: the
private key and, after a blank, the integrity secret that signs links.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from recobro.adapters.gateways.asking import get, key_of, option, safe
from recobro.adapters.gateways.reading import counted, ident, iso, loaded, part, text, units, unix
from recobro.adapters.gateways.signing import signer, unverified, written
from recobro.errors import InvariantBroken
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "APPROVED": "paid",
    "PENDING": "pending",
    "DECLINED": "failed",
    "ERROR": "failed",
    "VOIDED": "refunded",  # an approved card payment that was undone, all of it
}
"""A transaction's `status` → ours."""

NEEDED = {"transaction.id", "transaction.status", "transaction.amount_in_cents"}
CHECKOUT = "https://checkout.wompi.co/p/"


class Wompi:
    """Links are addresses that we sign ourselves: no call is made, and Wompi takes each reference once."""

    name = "wompi"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint: the reference and the currency are not signed. Raises Forged, InvalidInput."""
        with unverified():
            body = loaded(webhook.body)
            listed = part(body, "signature").get("properties")
            paths = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
            if not set(paths) >= NEEDED or len(paths) > 20:
                raise Forged("what is signed says nothing of the money")
            stamp = text(body, "timestamp")
            signed = "".join(_value(body, path) for path in paths) + stamp
            given = {
                one
                for one in (text(body, "signature", "checksum"), webhook.headers.get("x-event-checksum", ""))
                if one
            }
        if len({one.lower() for one in given}) != 1:
            raise Forged("no checksum, or two")
        secret = signer(
            endpoint.secrets,
            [one.lower() for one in given],
            lambda secret: hashlib.sha256(written(signed) + secret).hexdigest(),
        )
        return _told(body, unix(stamp, "timestamp"), is_live=not secret.startswith("test_"))

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        private, _ = _keys(endpoint)
        host = "production" if told.is_live else "sandbox"
        url = f"https://{host}.wompi.co/v1/transactions/{safe(told.ask)}"
        found = part(get(http, url, {"authorization": f"Bearer {private}"}), "data")
        at = iso(found.get("finalized_at") or found.get("created_at"), "finalized_at")
        return [_transaction(found, at, is_live=told.is_live, is_certain=True)]

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        _, integrity = _keys(endpoint)
        if not integrity:
            raise InvariantBroken(
                f"endpoint {endpoint.name}: the integrity secret belongs after the private key"
            )
        return LinkMade(wanted.reference, signed_link(wanted, option(endpoint, "public_key"), integrity))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """Nothing to withdraw: the address ends by its own expiry, and once paid its reference is used up."""


def signed_link(wanted: LinkWanted, public_key: str, integrity: str) -> str:
    """The address of Web Checkout. Signed: reference, amount, currency, expiry, secret, one after the other."""
    cents, currency = str(counted(wanted.amount, 2)), wanted.amount.currency
    ends = wanted.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    signed = f"{wanted.reference}{cents}{currency}{ends}{integrity}"
    fields = {
        "public-key": public_key,
        "currency": currency,
        "amount-in-cents": cents,
        "reference": wanted.reference,
        "signature:integrity": hashlib.sha256(signed.encode()).hexdigest(),
        "expiration-time": ends,
    }
    if wanted.back_url:
        fields["redirect-url"] = wanted.back_url
    return f"{CHECKOUT}?{urlencode(fields, safe=':')}"


def _value(body: Mapping[str, Any], path: str) -> str:
    """A signed value as text. Amounts are whole numbers and stay as they were written."""
    *way, last = path.split(".")
    value = part(body, "data", *way).get(last)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else text(body, "data", *way, last)


def _told(body: Mapping[str, Any], at: datetime, *, is_live: bool) -> PaymentTold:
    return _transaction(part(body, "data", "transaction"), at, is_live=is_live, is_certain=False)


def _transaction(found: Mapping[str, Any], at: datetime, *, is_live: bool, is_certain: bool) -> PaymentTold:
    there = ident(found, "id")
    return PaymentTold(
        gateway="wompi",
        intent=f"wompi#{there}",
        event=f"{there} {text(found, 'status')}",
        reference=text(found, "reference"),
        amount=units(found.get("amount_in_cents"), text(found, "currency"), 2),
        status=STATUSES.get(text(found, "status"), "unrecognised"),
        at=at,
        method=text(found, "payment_method_type"),
        is_live=is_live,
        is_certain=is_certain,
        ask="" if is_certain else there,
    )


def _keys(endpoint: Endpoint) -> tuple[str, str]:
    private, _, integrity = key_of(endpoint).partition(" ")
    return private, integrity.strip()
