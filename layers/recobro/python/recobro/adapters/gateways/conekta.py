"""Conekta (Mexico): cards, OXXO and SPEI, each an order; its word is signed with a key that only Conekta holds.

Docs: developers.conekta.com, "Webhooks" (`DIGEST`), "Payment links"; OpenAPI 2.3. Signed: the raw body, RSA PKCS#1 v1.5 with
SHA-256, base64. Endpoint: secrets the PEM public keys of `GET /webhook_keys`, api_key the private key. There is no instant in a
delivery, so nothing is ever too old: the event's id and the order's are what repeats are known by. `charge.paid` tells of the
same money as `order.paid` and is not heard; how often Conekta repeats is not documented.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from recobro.adapters.gateways.asking import PAGES, get, key_of, once, safe, send
from recobro.adapters.gateways.reading import counted, each, first, ident, loaded, part, text, units, unix
from recobro.adapters.gateways.signing import public_key, rsa_signed, unbase64
from recobro.domain.money import Money
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "order.paid": ("paid", "amount"),
    "order.pending_payment": ("pending", "amount"),
    "order.declined": ("failed", "amount"),
    "order.canceled": ("failed", "amount"),
    "order.voided": ("failed", "amount"),  # authorised and never captured
    "order.expired": ("expired", "amount"),
    "order.refunded": ("refunded", "amount_refunded"),  # cumulative
    "order.partially_refunded": ("refunded", "amount_refunded"),
    "order.charged_back": ("charged_back", ""),  # all of it
}
"""Event → (what it says of the money, where its amount stands in cents). Any other is "unrecognised"."""

ORDER_STATUSES = {
    "paid": "order.paid",
    "pending_payment": "order.pending_payment",
    "declined": "order.declined",
    "canceled": "order.canceled",
    "voided": "order.voided",
    "expired": "order.expired",
    "refunded": "order.refunded",
    "partially_refunded": "order.partially_refunded",
    "charged_back": "order.charged_back",
}
"""An order's `payment_status` as the API answers → the event that would tell it."""

API = "https://api.conekta.io"
ACCEPT = "application/vnd.conekta-v2.3.0+json"


class Conekta:
    """Payment links carry our reference in the order's metadata."""

    name = "conekta"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        signature = unbase64(webhook.headers.get("digest", ""))
        if not any(rsa_signed(_key(pem), signature, webhook.body) for pem in endpoint.secrets):
            raise Forged("no live key signed this")
        return _event(loaded(webhook.body))

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        order = get(http, f"{API}/orders/{safe(told.intent.partition('#')[2])}", _auth(endpoint))
        kind = ORDER_STATUSES.get(text(order, "payment_status"), "")
        at = unix(order.get("updated_at", order.get("created_at")), "updated_at")
        went_back = STATUSES.get(kind, ("", ""))[0] in {"refunded", "charged_back"}
        kinds = ["order.paid", kind] if went_back else [kind]
        return [_order(order, one, "", at, is_live=order.get("livemode") is True) for one in kinds]

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        body = {
            "name": wanted.reference,
            "type": "PaymentLink",
            "recurrent": False,
            "expires_at": int(wanted.expires_at.timestamp()),
            "allowed_payment_methods": ["cash", "card", "bank_transfer"],
            "needs_shipping_contact": False,
            "order_template": {
                "currency": wanted.amount.currency,
                "line_items": [
                    {"name": wanted.description, "unit_price": counted(wanted.amount, 2), "quantity": 1}
                ],
                "metadata": {"reference": wanted.reference},
            },
        }
        made = send(http, "POST", f"{API}/checkouts", _auth(endpoint), body, idempotency=once(wanted))
        return LinkMade(ident(made, "id"), ident(made, "url"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        send(http, "PUT", f"{API}/checkouts/{safe(link)}/cancel", _auth(endpoint), {})

    def missed(
        self, since: datetime, until: datetime, endpoint: Endpoint, http: Http
    ) -> Sequence[PaymentTold]:
        """Newest first, until one is older than `since`."""
        return [one for one in _events(since, endpoint, http) if since <= one.at < until]


def _events(since: datetime, endpoint: Endpoint, http: Http) -> Iterator[PaymentTold]:
    after = ""
    for _ in range(PAGES):
        url = f"{API}/events?limit=100" + (f"&next={safe(after)}" if after else "")
        page = get(http, url, _auth(endpoint))
        found = each(page, "data")
        for one in found:
            if unix(one.get("created_at"), "created_at") < since:
                return
            if text(one, "type") in STATUSES:
                yield _event(one)
        if page.get("has_more") is not True or not found:
            return
        after = ident(found[-1], "id")


def _event(event: Mapping[str, Any]) -> PaymentTold:
    order = part(event, "data", "object")
    at = unix(event.get("created_at"), "created_at")
    return _order(order, text(event, "type"), ident(event, "id"), at, is_live=event.get("livemode") is True)


def _order(order: Mapping[str, Any], kind: str, event: str, at: datetime, *, is_live: bool) -> PaymentTold:
    status, where = STATUSES.get(kind, ("unrecognised", ""))
    money = Money(0, text(order, "currency").upper())
    if status != "unrecognised" and where:
        money = units(order.get(where), money.currency, 2)
    method = part(first(part(order, "charges"), "data"), "payment_method")
    ends = method.get("expires_at")
    return PaymentTold(
        gateway="conekta",
        intent=f"conekta#{ident(order, 'id')}",
        event=event,
        reference=_reference(order),
        amount=money,
        status=status,
        at=at,
        method=text(method, "type"),
        is_live=is_live,
        expires_at=unix(ends, "expires_at") if status == "pending" and ends else None,
    )


def _reference(order: Mapping[str, Any]) -> str:
    """Metadata is an object, or its JSON as text where an older version of the API wrote it."""
    metadata = order.get("metadata")
    if isinstance(metadata, str) and metadata.startswith("{"):
        metadata = loaded(metadata)
    return text(metadata, "reference")


def _key(pem: str) -> tuple[int, int]:
    try:
        return public_key(pem)
    except ValueError as error:
        raise Forged("a live key is no RSA public key") from error


def _auth(endpoint: Endpoint) -> dict[str, str]:
    return {"authorization": f"Bearer {key_of(endpoint)}", "accept": ACCEPT}
