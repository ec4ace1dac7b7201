"""PayU Latam: PSE, Efecty, cards in seven countries. It signs the reference, the value and the state, and not which payment it was.

Docs: developers.payulatam.com, "Confirmation page" and "Queries API". Signed: `apiKey~merchant_id~reference_sale~new_value~
currency~state_pol` of the *received* values, by the algorithm that the account has (options.algorithm: md5, sha1, sha256 or
hmac-sha256). `new_value` is a rule on text: one decimal when the second is 0. The browser's response page rounds otherwise and
proves nothing; it has no place here. The transaction's id, the date and `test` are unsigned, so the Queries API is asked.
Endpoint: secrets the API key (or the HMAC secret), merchant the merchant id, api_key "<API login> <API key>". PayU makes no link
by API: its web checkout is a form that our own page would post. The confirmation address needs an RSA certificate. Refunds and
chargebacks have no documented confirmation: only `ask` hears of them.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from recobro.adapters.gateways.asking import is_test, key_of, send
from recobro.adapters.gateways.reading import amount, each, form, ident, loaded, part, text, unix
from recobro.adapters.gateways.signing import hmac_hex, signer, unverified, written
from recobro.errors import InvalidInput, InvariantBroken, NotFound
from recobro.ports import Endpoint, Forged, Http, PaymentTold, Webhook

STATUSES = {"4": "paid", "6": "failed", "5": "expired", "7": "pending", "104": "failed"}
"""`state_pol` → ours."""

API_STATUSES = {
    "APPROVED": "paid",
    "DECLINED": "failed",
    "ERROR": "failed",
    "EXPIRED": "expired",
    "PENDING": "pending",
}
"""`transactionResponse.state` of the Queries API → ours."""

BOGOTA = timezone(timedelta(hours=-5))
"""PayU writes its dates without a zone, in Colombia's time."""


class PayU:
    """Only final states are told; pending ones are known to the Queries API alone."""

    name = "payu"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint: which transaction it was is unsigned. Raises Forged, InvalidInput."""
        with unverified():
            fields = _fields(webhook)
        named = ("merchant_id", "reference_sale", "value", "currency", "state_pol", "sign")
        if not all(fields.get(one) for one in named):
            raise Forged("not signed")
        merchant, reference, value, currency, state, sign = (fields[one] for one in named)
        if "~" in merchant + currency + state:
            raise Forged("a field reaches into its neighbour")
        rest = f"~{merchant}~{reference}~{new_value(value)}~{currency}~{state}"
        signer(endpoint.secrets, [sign], _algorithm(endpoint, rest))
        if endpoint.merchant and merchant != endpoint.merchant:
            raise Forged("another merchant's")
        there = ident(fields, "transaction_id")
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{there}",
            event=f"{there} {state}",
            reference=text(fields, "reference_sale"),
            amount=amount(value, currency),
            status=STATUSES.get(state, "unrecognised"),
            at=_date(fields.get("transaction_date", ""), now),
            merchant=merchant,
            method=text(fields, "payment_method_name"),
            is_live=not is_test(endpoint),
            is_certain=False,
            ask=f"{there} {reference}",
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        """ORDER_DETAIL_BY_REFERENCE_CODE: every order of the reference, and in it the transaction told of."""
        there, _, reference = told.ask.partition(" ")
        login, _, key = key_of(endpoint).partition(" ")
        host = "sandbox.api.payulatam.com" if is_test(endpoint) else "api.payulatam.com"
        question = {
            "test": is_test(endpoint),
            "language": "en",
            "command": "ORDER_DETAIL_BY_REFERENCE_CODE",
            "merchant": {"apiLogin": login, "apiKey": key},
            "details": {"referenceCode": reference},
        }
        answer = send(http, "POST", f"https://{host}/reports-api/4.0/service.cgi", {}, question)
        if text(answer, "code") != "SUCCESS":
            raise InvalidInput("question", "was not answered SUCCESS", "see PayU's Queries API")
        for order, found in _transactions(answer):
            if text(found, "id") == there:
                return [_answered(order, found, endpoint, now)]
        raise NotFound("no such transaction under that reference")


def new_value(value: str) -> str:
    """The value as it is signed: `150.00` → `150.0`, `150` → `150.0`, `150.25` → `150.25`. Raises Forged for any other text."""
    whole, _, decimals = value.partition(".")
    if not (value.isascii() and whole.isdigit()) or not (decimals.isdigit() or "." not in value):
        raise Forged("the value is no amount")
    if len(decimals) > 2 and decimals[2:].strip("0"):
        raise Forged("the value is too fine")
    decimals = (decimals + "00")[:2]
    return f"{whole}.{decimals[0]}" if decimals[1] == "0" else f"{whole}.{decimals}"


def _algorithm(endpoint: Endpoint, rest: str) -> Callable[[bytes], str]:
    name = endpoint.options.get("algorithm", "md5").lower()
    if name == "hmac-sha256":
        api_key = key_of(endpoint).rpartition(" ")[2].encode()
        return lambda secret: hmac_hex(secret, api_key, written(rest))
    if name not in {"md5", "sha1", "sha256"}:
        raise InvariantBroken(
            f"endpoint {endpoint.name}: options.algorithm is md5, sha1, sha256 or hmac-sha256"
        )
    return lambda secret: hashlib.new(name, secret + written(rest), usedforsecurity=False).hexdigest()


def _fields(webhook: Webhook) -> Mapping[str, Any]:
    """A form, or JSON where the address was given with the order."""
    if "json" in webhook.headers.get("content-type", ""):
        found = loaded(webhook.body)
        return {name: text(found, name) for name in found}
    return form(webhook.body)


def _transactions(answer: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    result = part(answer, "result")
    orders = each(result, "payload") or [part(result, "payload")]
    for order in orders:
        for found in each(order, "transactions"):
            yield order, found


def _answered(
    order: Mapping[str, Any], found: Mapping[str, Any], endpoint: Endpoint, now: datetime
) -> PaymentTold:
    value = part(found, "additionalValues", "TX_VALUE")
    response = part(found, "transactionResponse")
    done = response.get("operationDate")
    return PaymentTold(
        gateway="payu",
        intent=f"payu#{ident(found, 'id')}",
        event="",
        reference=text(order, "referenceCode"),
        amount=amount(value.get("value"), text(value, "currency")),
        status=API_STATUSES.get(text(response, "state"), "unrecognised"),
        at=unix(done, "operationDate", per_second=1000) if done else now,
        merchant=text(order, "merchantId"),
        method=text(found, "paymentMethod"),
        is_live=not is_test(endpoint) and order.get("isTest") is not True,
    )


def _date(said: str, now: datetime) -> datetime:
    """`2026-03-09 13:00:00`; unsigned, so a date that is none costs nothing but itself."""
    try:
        return datetime.strptime(said, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BOGOTA).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return now
