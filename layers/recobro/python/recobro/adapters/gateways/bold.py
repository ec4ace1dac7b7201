"""Bold (Colombia): links and terminals of small merchants; it signs every byte, by way of its base64.

Docs: developers.bold.co, "Webhook" and "API link de pagos". Signed: base64(body), HMAC-SHA256 hex, key: the store's secret key. In
test mode Bold signs with an *empty* key, which proves nothing: such words are refused, and a test is made with the console's button.
Amounts are whole pesos. Bold waits 2 seconds and tries about 5 times. Experimental: the docs were seen only in part, the unit of
`time` by others' programs. Endpoint: secrets the secret key, merchant the merchant_id, api_key the identity key for links.
"""

from base64 import b64encode
from datetime import datetime

from recobro.adapters.gateways.asking import is_test, key_of, once, send
from recobro.adapters.gateways.reading import amount, counted, ident, loaded, part, text, unix
from recobro.adapters.gateways.signing import hmac_hex, signer
from recobro.ports import Endpoint, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "SALE_APPROVED": "paid",
    "SALE_REJECTED": "failed",
    "VOID_APPROVED": "refunded",  # all of it
    "VOID_REJECTED": "unrecognised",  # the sale stands
}
"""`type` → ours."""

LINKS = "https://integrations.api.bold.co/online/link/v1"


class Bold:
    """`subject` is the payment, `id` the event."""

    name = "bold"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """Raises Forged, InvalidInput."""
        signed = b64encode(webhook.body)
        signer(
            endpoint.secrets,
            [webhook.headers.get("x-bold-signature", "")],
            lambda secret: hmac_hex(secret, signed),
        )
        body = loaded(webhook.body)
        data, when = part(body, "data"), body.get("time")
        # CloudEvents' time as a number: seconds, or nanoseconds where it has nineteen digits.
        per_second = 10**9 if isinstance(when, int) and when > 10**15 else 1
        value = part(data, "amount")
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{text(body, 'subject') or ident(data, 'payment_id')}",
            event=ident(body, "id"),
            reference=text(data, "metadata", "reference"),
            amount=amount(value.get("total"), text(value, "currency") or "COP"),
            status=STATUSES.get(text(body, "type"), "unrecognised"),
            at=unix(when // per_second if isinstance(when, int) else when, "time"),
            merchant=text(data, "merchant_id"),
            method=text(data, "payment_method"),
            is_live=not is_test(endpoint),
        )

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        """Whole pesos, at least COP 1,000; expiry in nanoseconds."""
        body = {
            "amount_type": "CLOSE",
            "amount": {
                "currency": wanted.amount.currency,
                "total_amount": counted(wanted.amount, 0),
                "tip_amount": 0,
            },
            "reference": wanted.reference,
            "description": wanted.description,
            "expiration_date": int(wanted.expires_at.timestamp()) * 10**9,
        }
        if wanted.back_url:
            body["callback_url"] = wanted.back_url
        headers = {"authorization": f"x-api-key {key_of(endpoint)}"}
        made = part(send(http, "POST", LINKS, headers, body, idempotency=once(wanted)), "payload")
        return LinkMade(ident(made, "payment_link"), ident(made, "url"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """Nothing to call: Bold documents no withdrawal, and a link ends by its date."""
