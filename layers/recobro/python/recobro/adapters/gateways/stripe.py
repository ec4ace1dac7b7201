"""Stripe: cards, OXXO, SPEI and boleto. Many events tell of the same money, and the PaymentIntent is what they have in common.

Docs: docs.stripe.com/webhooks (signatures, "Verify manually"), /api/payment_intents, /api/payment_links, /currencies
(zero-decimal). Signed: "t.body", HMAC-SHA256 hex, key: the whole text `whsec_…`; only what is *older* than 5 minutes is refused,
as the official SDK does. Endpoint: secrets `whsec_…`, api_key `sk_…` or a restricted key that may read payment intents and
events and write payment links. A failed refund is not told: Stripe's amounts of refunds only grow in what we hear.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from recobro.adapters.gateways.asking import PAGES, get, key_of, once, read, safe
from recobro.adapters.gateways.reading import counted, each, ident, loaded, part, text, units, unix
from recobro.adapters.gateways.signing import fresh, hmac_hex, pairs, signer, written
from recobro.domain.money import Money
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "payment_intent.succeeded": ("paid", "amount_received"),
    "payment_intent.processing": ("pending", "amount"),
    "payment_intent.requires_action": ("pending", "amount"),  # a voucher was given out; see VOUCHERS
    "payment_intent.payment_failed": ("failed", "amount"),
    "payment_intent.canceled": ("failed", "amount"),
    "checkout.session.completed": ("paid", "amount_total"),  # or pending: payment_status says which
    "checkout.session.async_payment_succeeded": ("paid", "amount_total"),
    "checkout.session.async_payment_failed": ("failed", "amount_total"),
    "charge.refunded": ("refunded", "amount_refunded"),  # cumulative
    "charge.dispute.created": ("charged_back", "amount"),
    "charge.dispute.funds_withdrawn": ("charged_back", "amount"),
    "charge.dispute.funds_reinstated": ("reinstated", "amount"),
}
"""Event → (what it says of the money, where its amount stands). Any other is "unrecognised"."""

VOUCHERS = {"oxxo_display_details": "expires_after", "boleto_display_details": "expires_at"}
"""`next_action` that means a voucher in the debtor's hand, and where its end stands. Any other (3-D Secure) is no promise."""

ZERO_DECIMAL = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "JPY",
        "KMF",
        "KRW",
        "MGA",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
"""Currencies that Stripe counts in whole units (docs.stripe.com/currencies#zero-decimal)."""

API = "https://api.stripe.com/v1"


class Stripe:
    """Payment links carry our reference in their own and in the PaymentIntent's metadata."""

    name = "stripe"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        parts = pairs(webhook.headers.get("stripe-signature", ""))
        stamps = [value for name, value in parts if name == "t"]
        given = [value for name, value in parts if name == "v1"]
        if len(stamps) != 1:
            raise Forged("no instant")
        signer(
            endpoint.secrets,
            given,
            lambda secret: hmac_hex(secret, written(stamps[0]), b".", webhook.body),
        )
        fresh(lambda: unix(stamps[0], "t"), now)
        return _event(loaded(webhook.body))

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        url = f"{API}/payment_intents/{safe(told.intent.partition('#')[2])}?expand[]=latest_charge"
        return _intent(get(http, url, _auth(endpoint)), now)

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        """Stripe's payment links have no end of their own: `void_link` ends them."""
        fields = {
            "line_items[0][price_data][currency]": wanted.amount.currency.lower(),
            "line_items[0][price_data][unit_amount]": counted(
                wanted.amount, _decimals(wanted.amount.currency)
            ),
            "line_items[0][price_data][product_data][name]": wanted.description,
            "line_items[0][quantity]": 1,
            "metadata[reference]": wanted.reference,
            "payment_intent_data[metadata][reference]": wanted.reference,
            "restrictions[completed_sessions][limit]": 1,
        }
        if wanted.back_url:
            fields |= {
                "after_completion[type]": "redirect",
                "after_completion[redirect][url]": wanted.back_url,
            }
        made = _post(http, f"{API}/payment_links", endpoint, fields, once(wanted))
        return LinkMade(ident(made, "id"), ident(made, "url"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        _post(http, f"{API}/payment_links/{safe(link)}", endpoint, {"active": "false"})

    def missed(
        self, since: datetime, until: datetime, endpoint: Endpoint, http: Http
    ) -> Sequence[PaymentTold]:
        """Stripe keeps events for 30 days."""
        return list(_events(since, until, endpoint, http))


def _events(since: datetime, until: datetime, endpoint: Endpoint, http: Http) -> Iterator[PaymentTold]:
    asked: list[tuple[str, Any]] = [
        ("limit", 100),
        ("created[gte]", int(since.timestamp())),
        ("created[lt]", int(until.timestamp())),
        *(("types[]", kind) for kind in STATUSES),
    ]
    after = ""
    for _ in range(PAGES):
        query = urlencode([*asked, *([("starting_after", after)] if after else [])])
        page = get(http, f"{API}/events?{query}", _auth(endpoint))
        found = each(page, "data")
        yield from (_event(one) for one in found)
        if page.get("has_more") is not True or not found:
            return
        after = ident(found[-1], "id")


def _event(event: Mapping[str, Any]) -> PaymentTold:
    kind, thing = text(event, "type"), part(event, "data", "object")
    status, where = STATUSES.get(kind, ("unrecognised", ""))
    status, expires_at = _closer(kind, status, thing)
    currency = text(thing, "currency").upper()
    is_intent = kind.startswith("payment_intent.")
    money = (
        units(thing.get(where), currency, _decimals(currency)) if status != "unrecognised" else Money(0, "")
    )
    return PaymentTold(
        gateway="stripe",
        # A session that never came to a PaymentIntent, a payout …: no money of ours, and still an event with a name.
        intent=f"stripe#{ident(thing, 'id') if is_intent else text(thing, 'payment_intent') or ident(event, 'id')}",
        event=ident(event, "id"),
        reference=text(thing, "metadata", "reference") or text(thing, "client_reference_id"),
        amount=money,
        status=status,
        at=unix(event.get("created"), "created"),
        merchant=text(event, "account"),
        method=_method(thing),
        is_live=event.get("livemode") is True,
        expires_at=expires_at,
    )


def _closer(kind: str, status: str, thing: Mapping[str, Any]) -> tuple[str, datetime | None]:
    """(status, the voucher's end) where the event's name alone does not say it."""
    if kind == "payment_intent.requires_action":
        action = part(thing, "next_action")
        ends = next((part(action, name).get(end) for name, end in VOUCHERS.items() if name in action), None)
        return ("pending", unix(ends, "expires_after")) if ends is not None else ("unrecognised", None)
    if kind.startswith("checkout.session.") and not text(thing, "payment_intent"):
        return "unrecognised", None
    if kind == "checkout.session.completed" and text(thing, "payment_status") != "paid":
        return "pending", None
    if kind == "charge.dispute.created" and text(thing, "status").startswith("warning_"):
        return "unrecognised", None  # an inquiry: no money has moved
    return status, None


def _intent(thing: Mapping[str, Any], now: datetime) -> list[PaymentTold]:
    """A PaymentIntent as the API answers, with its latest charge: what was taken and, after it, what of it was given back."""
    if text(thing, "object") != "payment_intent":
        raise InvalidInput("answer", "is no payment intent", "")
    currency, charge = text(thing, "currency").upper(), part(thing, "latest_charge")
    status = INTENT_STATUSES.get(text(thing, "status"), "unrecognised")
    words = [(status, thing.get("amount_received" if status == "paid" else "amount"))]
    if status == "paid" and charge.get("amount_refunded"):
        words.append(("refunded", charge["amount_refunded"]))
    return [
        PaymentTold(
            gateway="stripe",
            intent=f"stripe#{ident(thing, 'id')}",
            event="",
            reference=text(thing, "metadata", "reference"),
            amount=units(value, currency, _decimals(currency)),
            status=one,
            at=now if one == "refunded" else unix(charge.get("created", thing.get("created")), "created"),
            method=_method(thing),
            is_live=thing.get("livemode") is True,
        )
        for one, value in words
    ]


INTENT_STATUSES = {"succeeded": "paid", "processing": "pending", "canceled": "failed"}


def _decimals(currency: str) -> int:
    return 0 if currency.upper() in ZERO_DECIMAL else 2


def _method(thing: Mapping[str, Any]) -> str:
    kinds = thing.get("payment_method_types")
    return (
        text(thing, "payment_method_details", "type")
        or text(thing, "latest_charge", "payment_method_details", "type")
        or (kinds[0] if isinstance(kinds, list) and len(kinds) == 1 and isinstance(kinds[0], str) else "")[
            :60
        ]
    )


def _auth(endpoint: Endpoint) -> dict[str, str]:
    return {"authorization": f"Bearer {key_of(endpoint)}"}


def _post(
    http: Http, url: str, endpoint: Endpoint, fields: Mapping[str, Any], idempotency: str = ""
) -> Mapping[str, Any]:
    headers = {**_auth(endpoint), "content-type": "application/x-www-form-urlencoded"}
    return read(http("POST", url, headers, urlencode(fields).encode(), idempotency=idempotency))
