"""Adyen: cards and wallets; it signs eight fields by their place, and its own count of decimals differs from everybody's.

Docs: docs.adyen.com, "Verify HMAC signatures", "Currency codes", "Webhook types"; SDK Adyen 16. Signed: pspReference,
originalReference, merchantAccountCode, merchantReference, value, currency, eventCode, success, joined by ":" with nothing escaped;
HMAC-SHA256 base64, key hexadecimal; `additionalData.hmacSignature`. Date, method and `live` are unsigned: `live` must agree with
options.environment. Refunds are told one by one and not in sum: of several, we know the largest. Experimental: the list of events
was not confirmed against the docs. A 2xx without "[accepted]" is enough since 2024. Endpoint: secrets the HMAC keys, merchant the
merchant account, api_key for links, options.prefix of the live address, options.capture "manual" where an authorisation is no money.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from recobro.adapters.gateways.asking import is_test, key_of, once, option, safe, send
from recobro.adapters.gateways.reading import counted, first, ident, iso, loaded, part, text, units
from recobro.adapters.gateways.signing import hmac_base64, signer, unverified, written
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    ("AUTHORISATION", "true"): "paid",
    ("AUTHORISATION", "false"): "failed",
    ("CAPTURE", "true"): "paid",
    ("CAPTURE_FAILED", "true"): "refunded",  # what was taken for money is none
    ("PENDING", "true"): "pending",
    ("CANCELLATION", "true"): "refunded",
    ("CANCEL_OR_REFUND", "true"): "refunded",
    ("EXPIRE", "true"): "expired",
    ("OFFER_CLOSED", "true"): "expired",
    ("REFUND", "true"): "refunded",
    ("CHARGEBACK", "true"): "charged_back",
    ("SECOND_CHARGEBACK", "true"): "charged_back",
    ("CHARGEBACK_REVERSED", "true"): "reinstated",
}
"""(eventCode, success) → ours. Any other is "unrecognised"; a notice of a chargeback is: no money has moved."""

MANUAL = {("AUTHORISATION", "true"): "pending", ("CANCELLATION", "true"): "failed"}
"""The same where captures are manual: what is cancelled was no money yet, and what was captured stays."""

WHOLE = frozenset({"CANCELLATION", "CANCEL_OR_REFUND"})
"""They undo all that was authorised, with no amount in their request (docs.adyen.com, "Cancel", "Cancel or refund")."""

NO_DECIMALS = frozenset(
    ["CVE", "DJF", "GNF", "IDR", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"]
)
"""Currencies that Adyen counts in whole units (docs.adyen.com, "Currency codes"). CLP is not among them: it has two decimals."""

SIGNED = ("pspReference", "originalReference", "merchantAccountCode", "merchantReference")


class Adyen:
    """One item a delivery, as Adyen sends JSON."""

    name = "adyen"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        with unverified():
            body = loaded(webhook.body)
            items = body.get("notificationItems")
            if not isinstance(items, list) or len(items) != 1:
                raise InvalidInput("notificationItems", "is not one item", "JSON webhooks hold one")
            item = part(first(body, "notificationItems"), "NotificationRequestItem")
            said, fields = text(item, "additionalData", "hmacSignature"), _signed(item)
        if any(":" in one for place, one in enumerate(fields) if place != SIGNED.index("merchantReference")):
            raise Forged("a field reaches into its neighbour")
        signed = written(":".join(fields))
        signer(endpoint.secrets, [said], lambda secret: hmac_base64(_key(secret), signed))
        is_live = text(body, "live") == "true"
        if is_live is is_test(endpoint):
            raise Forged("a test's word at a live endpoint, or the other way round")
        return _told(item, endpoint, is_live=is_live)

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        """Pay by Link, Checkout API v71. At most 70 days."""
        currency = wanted.amount.currency
        body: dict[str, Any] = {
            "merchantAccount": endpoint.merchant,
            "reference": wanted.reference,
            "amount": {"currency": currency, "value": counted(wanted.amount, _decimals(currency))},
            "description": wanted.description,
            "expiresAt": wanted.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if wanted.back_url:
            body["returnUrl"] = wanted.back_url
        made = send(http, "POST", _api(endpoint), _auth(endpoint), body, idempotency=once(wanted))
        return LinkMade(ident(made, "id"), ident(made, "url"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        send(http, "PATCH", f"{_api(endpoint)}/{safe(link)}", _auth(endpoint), {"status": "expired"})


def _signed(item: Mapping[str, Any]) -> list[str]:
    return [
        *(text(item, name) for name in SIGNED),
        text(item, "amount", "value"),
        text(item, "amount", "currency"),
        text(item, "eventCode"),
        text(item, "success"),
    ]


def _told(item: Mapping[str, Any], endpoint: Endpoint, *, is_live: bool) -> PaymentTold:
    code, success = text(item, "eventCode"), text(item, "success")
    status = STATUSES.get((code, success), "unrecognised")
    if endpoint.options.get("capture") == "manual":
        status = MANUAL.get((code, success), status)
    currency, here = text(item, "amount", "currency"), ident(item, "pspReference")
    moves = code not in WHOLE and status not in {"unrecognised", "failed", "expired"}
    return PaymentTold(
        gateway="adyen",
        # A modification (capture, refund, chargeback) has a reference of its own; the money's is the original one.
        intent=f"adyen#{text(item, 'originalReference') or here}",
        event=f"{here} {code} {success}",
        reference=text(item, "merchantReference"),
        amount=units(part(item, "amount").get("value"), currency, _decimals(currency), is_known=moves),
        status=status,
        at=iso(item.get("eventDate"), "eventDate"),
        merchant=text(item, "merchantAccountCode"),
        method=text(item, "paymentMethod"),
        is_live=is_live,
    )


def _decimals(currency: str) -> int:
    return 0 if currency.upper() in NO_DECIMALS else 2


def _key(secret: bytes) -> bytes:
    try:
        key = bytes.fromhex(secret.decode())
    except ValueError as error:
        raise Forged("a live key is not hexadecimal") from error
    if not key:
        raise Forged("the key is empty")
    return key


def _api(endpoint: Endpoint) -> str:
    if is_test(endpoint):
        return "https://checkout-test.adyen.com/v71/paymentLinks"
    return f"https://{safe(option(endpoint, 'prefix'))}-checkout-live.adyenpayments.com/checkout/v71/paymentLinks"


def _auth(endpoint: Endpoint) -> dict[str, str]:
    return {"x-api-key": key_of(endpoint)}
