"""Openpay (Mexico, Colombia, Peru): cash at shops, SPEI, cards. It signs nothing: a password lets its word in, and we ask its API.

Docs: openpay.mx/docs (and .co, .pe), "Webhooks" and "Checkout". Endpoint: secrets "<user>:<password>" as the webhook was created
with (long and random: it is all there is), merchant the merchant id, api_key the private key, options.country "mx" (default),
"co" or "pe", options.environment "test" for the sandbox. The first call is a verification whose code is shown in Openpay's own
console too. How often Openpay repeats is not documented. Openpay documents no withdrawal of a checkout. A voucher's `creation_date` is
when it was made and its `operation_date`, once it is paid, when it was paid (deliveries of charge.succeeded, method "store", seen 2026).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from recobro.adapters.gateways.asking import PAGES, basic, get, is_test, key_of, once, safe, send
from recobro.adapters.gateways.reading import amount, ident, iso, loaded, major, part, text
from recobro.adapters.gateways.signing import signer
from recobro.domain.hear import LONGEST_WAIT
from recobro.domain.money import Money
from recobro.errors import InvalidInput, InvariantBroken
from recobro.ports import Endpoint, Http, LinkMade, LinkWanted, PaymentTold, Webhook

STATUSES = {
    "completed": "paid",
    "in_progress": "pending",
    "charge_pending": "pending",
    "failed": "failed",
    "cancelled": "failed",
    "expired": "expired",
    "refunded": "refunded",
    "chargeback_accepted": "charged_back",
    "chargeback_pending": "unrecognised",  # nothing is decided, and the money stands
    "chargeback_adjustment": "reinstated",
}
"""A charge's `status` as the API answers → ours."""

LONGEST_VOUCHER = LONGEST_WAIT + timedelta(days=1)
"""So long after it was made a voucher may be paid and nobody be chased meanwhile; a day more, since Openpay lists by the day."""

CURRENCIES = {"mx": "MXN", "co": "COP", "pe": "PEN"}
ZONES = {
    "mx": timezone(timedelta(hours=-6)),
    "co": timezone(timedelta(hours=-5)),
    "pe": timezone(timedelta(hours=-5)),
}
"""A checkout's end is written without a zone, in the country's time."""


class Openpay:
    """`type`, `transaction.id` and its status together are what a repeat is known by."""

    name = "openpay"
    is_experimental = False

    def verify_and_parse(self, webhook: Webhook, endpoint: Endpoint, now: datetime) -> PaymentTold:
        """A hint. Raises Forged, InvalidInput."""
        signer(endpoint.secrets, [webhook.headers.get("authorization", "")], _expected)
        body = loaded(webhook.body)
        kind, charge = text(body, "type"), part(body, "transaction")
        if not kind.startswith(("charge.", "chargeback.")):
            there = text(charge, "id") or text(body, "verification_code") or "none"
            return _hint(endpoint, f"notice-{there}", kind, "", iso(body.get("event_date"), "event_date"))
        there = ident(charge, "id")
        if kind.startswith("chargeback."):
            there = text(charge, "original_transaction_id") or there
        at = iso(body.get("event_date"), "event_date")
        return _hint(
            endpoint, there, f"{kind} {text(charge, 'status')}", text(charge, "order_id"), at, ask=there
        )

    def ask(self, told: PaymentTold, endpoint: Endpoint, http: Http, now: datetime) -> Sequence[PaymentTold]:
        found = get(http, f"{_base(endpoint)}/charges/{safe(told.ask)}", basic(key_of(endpoint)))
        return _charge(found, endpoint)

    def make_link(self, wanted: LinkWanted, endpoint: Endpoint, http: Http, now: datetime) -> LinkMade:
        """expiry to the minute, in the country's time; Openpay sends no mail of its own."""
        body = {
            "amount": float(major(wanted.amount)),
            "currency": wanted.amount.currency,
            "description": wanted.description,
            "order_id": wanted.reference,
            "redirect_url": wanted.back_url,
            "expiration_date": wanted.expires_at.astimezone(ZONES[_country(endpoint)]).strftime(
                "%Y-%m-%d %H:%M"
            ),
            "send_email": False,
        }
        headers = basic(key_of(endpoint))
        made = send(http, "POST", f"{_base(endpoint)}/checkouts", headers, body, idempotency=once(wanted))
        return LinkMade(ident(made, "id"), ident(made, "checkout_link"))

    def void_link(self, link: str, endpoint: Endpoint, http: Http) -> None:
        """Nothing to call: a checkout ends by its date, and Openpay takes each order_id once."""

    def missed(
        self, since: datetime, until: datetime, endpoint: Endpoint, http: Http
    ) -> Sequence[PaymentTold]:
        """Openpay lists by the day on which a charge was made, and a voucher may be paid weeks later: of all that was made in so long, told
        is what is news since a day before. What is told twice counts once.
        """
        news = since - timedelta(days=1)
        charges = _charges(since - LONGEST_VOUCHER, until, endpoint, http)
        return [word for words in charges if _is_news(words, news) for word in words]


def _expected(secret: bytes) -> str:
    """What `authorization` has to be; nothing where the user or the password is empty."""
    user, _, password = secret.decode().partition(":")
    return basic(user, password)["authorization"] if user and password else ""


def _hint(
    endpoint: Endpoint, there: str, event: str, reference: str, at: datetime, *, ask: str = ""
) -> PaymentTold:
    return PaymentTold(
        gateway="openpay",
        intent=f"openpay#{there}",
        event=f"{there} {event}",
        reference=reference,
        amount=Money(0, ""),
        status="unrecognised",
        at=at,
        merchant=endpoint.merchant,
        is_live=not is_test(endpoint),
        is_certain=not ask,
        ask=ask,
    )


def _is_news(words: Sequence[PaymentTold], since: datetime) -> bool:
    """Whether something became of a charge since then; of what was disputed, or went back on no day of its own, nobody can say."""
    days = {one.at for one in words}
    return max(days) >= since or len(days) < len(words)


def _charges(since: datetime, until: datetime, endpoint: Endpoint, http: Http) -> Iterator[list[PaymentTold]]:
    for page in range(PAGES):
        url = (
            f"{_base(endpoint)}/charges?creation[gte]={since.astimezone(UTC):%Y-%m-%d}"
            f"&creation[lte]={until.astimezone(UTC) + timedelta(days=1):%Y-%m-%d}&limit=100&offset={page * 100}"
        )
        found = _listed(http, url, endpoint)
        for one in found:
            yield _charge(one, endpoint)
        if len(found) < 100:
            return


def _listed(http: Http, url: str, endpoint: Endpoint) -> list[Mapping[str, Any]]:
    """Openpay answers a bare list."""
    reply = http("GET", url, basic(key_of(endpoint)))
    if reply.status != 200:
        raise InvalidInput("question", f"was answered {reply.status}", "see Openpay's documentation")
    value = loaded(b'{"all":' + reply.body + b"}").get("all")
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _charge(found: Mapping[str, Any], endpoint: Endpoint) -> list[PaymentTold]:
    """What was taken and, after it, what was given back."""
    currency = text(found, "currency") or CURRENCIES[_country(endpoint)]
    status = STATUSES.get(text(found, "status"), "unrecognised")
    whole, refund = amount(found.get("amount"), currency), part(found, "refund")
    words = [(status, whole, found)]
    if refund and status in {"paid", "refunded"}:
        words = [("paid", whole, found), ("refunded", amount(refund.get("amount"), currency), refund)]
    elif status in {"charged_back", "reinstated", "refunded"}:
        words = [("paid", whole, found), (status, whole, found)]
    return [
        PaymentTold(
            gateway="openpay",
            intent=f"openpay#{ident(found, 'id')}",
            event="",
            reference=text(found, "order_id"),
            amount=money,
            status=one,
            at=_when(found, when),
            merchant=endpoint.merchant,
            method=text(found, "method"),
            is_live=not is_test(endpoint),
        )
        for one, money, when in words
    ]


def _when(found: Mapping[str, Any], part_of_it: Mapping[str, Any]) -> datetime:
    said = part_of_it.get("operation_date") or found.get("operation_date") or found.get("creation_date")
    return iso(said, "operation_date")


def _country(endpoint: Endpoint) -> str:
    country = endpoint.options.get("country", "mx")
    if country not in CURRENCIES:
        raise InvariantBroken(f"endpoint {endpoint.name}: options.country is mx, co or pe")
    return country


def _base(endpoint: Endpoint) -> str:
    host = ("sandbox-api" if is_test(endpoint) else "api") + f".openpay.{_country(endpoint)}"
    if not endpoint.merchant:
        raise InvariantBroken(f"endpoint {endpoint.name} lacks merchant in client.toml")
    return f"https://{host}/v1/{safe(endpoint.merchant)}"
