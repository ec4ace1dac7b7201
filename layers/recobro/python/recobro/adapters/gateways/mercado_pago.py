"""Mercado Pago: what it signs is only where to look. A notification is a hint, and its API says what became of the money.

Docs: mercadopago.com/developers, "Webhooks" (x-signature) and "Payments". Signed: `id:<data.id of the query>;request-id:…;ts:…;`
by HMAC-SHA256 hex; a missing piece is left out with its label; nothing of the body. The docs lower-case the id and the official
SDKs no longer do, so both are tried (each needs the secret). `ts` counts milliseconds in the docs, seconds in older samples.
Only payments are money here: an order would tell of the same money under another name. QR and IPN notifications carry no valid
signature and are refused. Endpoint: secrets of the application's webhook, api_key the access token, merchant the user_id.
Notifications must come through the panel's address: one given with a link is not signed with the panel's secret.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from recobro.adapters.gateways.asking import PAGES, get, key_of, once, safe, send
from recobro.adapters.gateways.reading import amount, each, form, ident, iso, loaded, major, part, text, unix
from recobro.adapters.gateways.signing import hmac_hex, signer, stamped, unverified, written
from recobro.domain.money import Money
from recobro.errors import InvalidInput
from recobro.ports import Endpoint, Forged, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "approved": "paid",
    "authorized": "pending",
    "in_process": "pending",
    "pending": "pending",
    "rejected": "failed",
    "cancelled": "failed",  # "expired" when status_detail says so
    "refunded": "refunded",
    "charged_back": "charged_back",  # "reinstated" when status_detail is "reimbursed"
    "in_mediation": "unrecognised",  # nothing is decided, and the money stands
}
"""A payment's `status` as the API answers → ours."""

API = "https://api.mercadopago.com"
LONG_AGO = "2020-01-01T00:00:00.000Z"


class MercadoPago:
    """Payment links are preferences; they end by `expiration_date_to`."""

    name = "mercado_pago"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint: it carries only what was signed, since everything else could be anybody's. Raises Forged, InvalidInput."""
        with unverified():
            query = form(webhook.query)
        parts = stamped(webhook.headers.get("x-signature", ""))
        there, stamp = query.get("data.id", ""), parts.get("ts", "")
        if not stamp:
            raise Forged("no instant")
        request = webhook.headers.get("x-request-id", "")
        signer(
            endpoint.secrets,
            [parts.get("v1", "")],
            lambda secret: _sign(secret, there, request, stamp),
            lambda secret: _sign(secret, there.lower(), request, stamp),
        )
        body = loaded(webhook.body)
        said = text(body, "data", "id")
        if said and said.lower() != there.lower():
            raise Forged("the body speaks of another payment")
        if endpoint.merchant and text(body, "user_id") != endpoint.merchant:
            raise Forged("another merchant's")
        is_payment = (query.get("type") or text(body, "type")) == "payment" and there.isdigit()
        return PaymentTold(
            gateway=self.name,
            intent=f"{self.name}#{there if is_payment else 'notice-' + ident({'id': there}, 'id')}",
            event=request,
            reference="",
            amount=Money(0, ""),
            status="unrecognised",
            at=unix(stamp, "ts", per_second=1000 if len(stamp) > 11 else 1),
            merchant=endpoint.merchant,
            is_certain=not is_payment,
            ask=there if is_payment else "",
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        return _payment(get(http, f"{API}/v1/payments/{safe(told.ask)}", _auth(endpoint)))

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        ends = wanted.expires_at.astimezone(UTC).isoformat(timespec="milliseconds")
        money = major(wanted.amount)
        item = {
            "title": wanted.description,
            "quantity": 1,
            # Pesos without centavos must be whole numbers (COP); two decimals survive JSON's numbers.
            "unit_price": int(money) if money == int(money) else float(money),
            "currency_id": wanted.amount.currency,
        }
        body: dict[str, Any] = {
            "items": [item],
            "external_reference": wanted.reference,
            "expires": True,
            "expiration_date_to": ends,
            "date_of_expiration": ends,
        }
        if wanted.back_url:
            body["back_urls"] = dict.fromkeys(("success", "pending", "failure"), wanted.back_url)
        headers = {**_auth(endpoint), "x-idempotency-key": once(wanted)}
        made = send(http, "POST", f"{API}/checkout/preferences", headers, body, idempotency=once(wanted))
        return LinkMade(ident(made, "id"), ident(made, "init_point"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """By an end that has passed: preferences are not withdrawn otherwise."""
        body = {"expires": True, "expiration_date_to": LONG_AGO}
        send(http, "PUT", f"{API}/checkout/preferences/{safe(link)}", _auth(endpoint), body)

    def missed(
        self, since: datetime, until: datetime, endpoint: Endpoint, http: Http
    ) -> Sequence[PaymentTold]:
        return list(_search(since, until, endpoint, http))


def _sign(secret: bytes, there: str, request: str, stamp: str) -> str:
    pieces = (("id", there), ("request-id", request), ("ts", stamp))
    return hmac_hex(secret, written("".join(f"{label}:{value};" for label, value in pieces if value)))


def _search(since: datetime, until: datetime, endpoint: Endpoint, http: Http) -> Iterator[PaymentTold]:
    asked = {
        "range": "date_last_updated",
        "begin_date": since.astimezone(UTC).isoformat(timespec="milliseconds"),
        "end_date": until.astimezone(UTC).isoformat(timespec="milliseconds"),
        "sort": "date_last_updated",
        "criteria": "asc",
        "limit": 100,
    }
    for page in range(PAGES):
        found = each(
            get(
                http,
                f"{API}/v1/payments/search?{urlencode({**asked, 'offset': page * 100})}",
                _auth(endpoint),
            ),
            "results",
        )
        for one in found:
            yield from _payment(one)
        if len(found) < 100:
            return


def _payment(answer: Mapping[str, Any]) -> list[PaymentTold]:
    """What the API says of one payment: what was taken and, after it, what of it was given back."""
    status, detail = text(answer, "status"), text(answer, "status_detail")
    ours = STATUSES.get(status, "unrecognised")
    if status == "cancelled" and detail == "expired":
        ours = "expired"
    if status == "charged_back" and detail == "reimbursed":
        ours = "reinstated"
    currency, back = text(answer, "currency_id"), answer.get("transaction_amount_refunded")
    whole = amount(answer.get("transaction_amount"), currency)
    is_partly_back = ours == "paid" and amount(back or 0, currency, is_known=False).minor > 0
    words = [(ours, whole)]
    if is_partly_back or ours in {"refunded", "charged_back", "reinstated"}:
        given_back = amount(back, currency) if back and ours in {"paid", "refunded"} else whole
        words = [("paid", whole), ("refunded" if is_partly_back else ours, given_back)]
    if status not in STATUSES and not status:
        raise InvalidInput("answer", "is no payment", "")
    return [_told(answer, one, money) for one, money in words]


def _told(answer: Mapping[str, Any], status: str, money: Money) -> PaymentTold:
    ends = answer.get("date_of_expiration")
    when = answer.get("date_approved") if status == "paid" else answer.get("date_last_updated")
    return PaymentTold(
        gateway="mercado_pago",
        intent=f"mercado_pago#{ident(answer, 'id')}",
        event="",
        reference=text(answer, "external_reference"),
        amount=money,
        status=status,
        at=iso(when or answer.get("date_created"), "date_last_updated"),
        merchant=text(answer, "collector_id") or text(part(answer, "collector"), "id"),
        method=text(answer, "payment_method_id"),
        is_live=answer.get("live_mode") is not False,
        expires_at=iso(ends, "date_of_expiration") if ends and status == "pending" else None,
    )


def _auth(endpoint: Endpoint) -> dict[str, str]:
    return {"authorization": f"Bearer {key_of(endpoint)}"}
