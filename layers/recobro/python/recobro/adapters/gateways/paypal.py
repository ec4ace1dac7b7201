"""PayPal: mostly from abroad, in other currencies than most debts. It signs a checksum of its word, which is no proof: we ask.

Docs: developer.paypal.com, "Integrate webhooks" (self-verification), "Payments API v2". Signed: `transmission id|time|webhook id|
crc32(body)`, RSA PKCS#1 v1.5 with SHA-256. A CRC can be made to fit another body, so what is told is a hint and the capture is asked
for. The key is not fetched from the address in the delivery, which anybody could write: the operator copies it once from PayPal's
own address (`openssl x509 -pubkey`). PayPal repeats for 3 days what it signed once, so nothing is too old. An approved order is no
money until it is captured. Experimental: the list of events and the fields of refunds were not confirmed. Endpoint: secrets
"<webhook id> <PEM public key>", api_key "<client id>:<secret>", options.environment "test" for the sandbox. No links: an order needs
a capture of its own when the payer comes back.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from recobro.adapters.gateways.asking import basic, get, is_test, key_of, read, safe
from recobro.adapters.gateways.reading import amount, each, ident, iso, loaded, part, text
from recobro.adapters.gateways.signing import public_key, rsa_signed, unbase64, written
from recobro.domain.money import Money
from recobro.ports import Endpoint, Forged, Http, PaymentTold, Webhook

STATUSES = {
    "COMPLETED": "paid",
    "PARTIALLY_REFUNDED": "paid",  # how much went back, the refund says
    "PENDING": "pending",
    "DECLINED": "failed",
    "FAILED": "failed",
    "REFUNDED": "refunded",
}
"""A capture's `status` → ours."""

CAPTURES = "PAYMENT.CAPTURE."
BACK = {"REFUNDED": "refunded", "REVERSED": "charged_back"}
"""The event's last word where money went back; its resource is then the refund, and links up to the capture."""


class PayPal:
    """Captures, and what of them went back. Any other event moves nothing."""

    name = "paypal"
    is_experimental = True

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint. Raises Forged, InvalidInput."""
        names = ("id", "time", "sig", "algo")
        here, stamp, said, algorithm = (
            webhook.headers.get("paypal-auth-algo" if one == "algo" else f"paypal-transmission-{one}", "")
            for one in names
        )
        if algorithm != "SHA256withRSA" or not here or "|" in here + stamp:
            raise Forged("not signed")
        signature, crc = unbase64(said), zlib.crc32(webhook.body)
        if not any(_signed(secret, signature, here, stamp, crc) for secret in endpoint.secrets):
            raise Forged("no live key signed this")
        event = loaded(webhook.body)
        resource, kind = part(event, "resource"), text(event, "event_type")
        word = kind.removeprefix(CAPTURES) if kind.startswith(CAPTURES) else ""
        there = _capture_of(resource, word)
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{there or 'notice-' + ident(event, 'id')}",
            event=ident(event, "id"),
            reference=text(resource, "custom_id") or text(resource, "invoice_id"),
            amount=Money(0, ""),
            status="unrecognised",
            at=iso(event.get("create_time") or stamp, "create_time"),
            merchant=endpoint.merchant,
            is_live=not is_test(endpoint),
            is_certain=not there,
            ask=there
            and f"{there} {text(resource, 'id') if word in BACK else ''} {BACK.get(word, '')}".strip(),
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        """The capture; and, where some of it went back, the refund with the sum of all refunds so far."""
        there, _, rest = told.ask.partition(" ")
        refund, _, back = rest.partition(" ")
        base, headers = _session(endpoint, http)
        found = get(http, f"{base}/v2/payments/captures/{safe(there)}", headers)
        whole = amount(part(found, "amount").get("value"), text(found, "amount", "currency_code"))
        status = STATUSES.get(text(found, "status"), "unrecognised")
        words = [("paid", whole), (status, whole)] if status == "refunded" else [(status, whole)]
        if back and status != "refunded":
            given = get(http, f"{base}/v2/payments/refunds/{safe(refund)}", headers)
            total = part(given, "seller_payable_breakdown", "total_refunded_amount") or part(given, "amount")
            words.append((back, amount(total.get("value"), text(total, "currency_code"))))
        return [_answered(found, one, money, endpoint) for one, money in words]


def _answered(found: Mapping[str, Any], status: str, money: Money, endpoint: Endpoint) -> PaymentTold:
    """One word of a capture: taken when it was made, and whatever came of it when it last changed."""
    made, changed = found.get("create_time"), found.get("update_time")
    return PaymentTold(
        gateway="paypal",
        intent=f"paypal#{ident(found, 'id')}",
        event="",
        reference=text(found, "custom_id") or text(found, "invoice_id"),
        amount=money,
        status=status,
        at=iso((made or changed) if status == "paid" else (changed or made), "update_time"),
        merchant=text(found, "payee", "merchant_id") or endpoint.merchant,
        is_live=not is_test(endpoint),
    )


def _signed(secret: str, signature: bytes, here: str, stamp: str, crc: int) -> bool:
    webhook_id, _, pem = secret.partition(" ")
    if not webhook_id or not pem:
        return False
    try:
        key = public_key(pem)
    except ValueError as error:
        raise Forged("a live key is no RSA public key") from error
    return rsa_signed(key, signature, written(f"{here}|{stamp}|{webhook_id}|{crc}"))


def _capture_of(resource: Mapping[str, Any], word: str) -> str:
    if not word:
        return ""
    if word not in BACK:
        return ident(resource, "id")
    up = next((text(one, "href") for one in each(resource, "links") if text(one, "rel") == "up"), "")
    return ident({"capture": up.rpartition("/")[2]}, "capture")


def _session(endpoint: Endpoint, http: Http) -> tuple[str, dict[str, str]]:
    """(address, headers) with an OAuth token: one more call for each question, and none is kept."""
    user, _, password = key_of(endpoint).partition(":")
    base = "https://api-m.sandbox.paypal.com" if is_test(endpoint) else "https://api-m.paypal.com"
    headers = {**basic(user, password), "content-type": "application/x-www-form-urlencoded"}
    answer = read(http("POST", f"{base}/v1/oauth2/token", headers, b"grant_type=client_credentials"))
    return base, {"authorization": f"Bearer {ident(answer, 'access_token')}"}
