"""How three gateways tell of the same money: one whose signature covers its words, two whose API has to be asked.

Written here a second time from what each publishes (the addresses stand in adapters/gateways/*.py), with nothing of ours in it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from standardwebhooks.webhooks import Webhook

from infra.demo.book import Paid
from infra.demo.chance import Chance

STRANGER = "somebody else's secret, 32 bytes"
PREFERENCES = "/checkout/preferences"
MERCADO_PAGO_PAGE = "https://www.mercadopago.com.mx/checkout/v1/redirect?pref_id="
Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a gateway tells. word: "paid" | "pending"; message: names the delivery, the same when it is repeated."""

    intent: str
    word: str
    reference: str
    paid: Paid
    message: str


@dataclass(frozen=True, slots=True)
class Posted:
    """One request to the house."""

    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a gateway's page asks for. reference: the creditor's side's own word for what is paid; amount: minor units."""

    gateway: str
    reference: str
    amount: int
    currency: str


class Dialect(Protocol):
    """name: as in /hooks/{name}/main. keys: what an operator puts into the deployment's secret for it."""

    name: str

    @property
    def keys(self) -> Any: ...

    def intent(self, number: int) -> str:
        """The gateway's own id of its nth payment."""
        ...

    def took(self, intent: str, reference: str, paid: Paid) -> None:
        """The money is there: from now on the gateway's API says so."""
        ...

    def tells(self, event: Event, now: datetime, *, is_forged: bool = False) -> Posted:
        """As it is signed at that instant; forged: by somebody who has not the secret."""
        ...

    def answers(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        """Its API; None: another's address."""
        ...

    def shows(self, url: str) -> Bill | None:
        """What its own page asks whoever follows a link there; None: another's address, or a link that is no more."""
        ...


class StandardWebhooks:
    """Any gateway of one's own: the whole body is signed, by the specification's own library."""

    name = "standard"

    def __init__(self, chance: Chance) -> None:
        self.secret = "whsec_" + base64.b64encode(chance.of("gateway secret").randbytes(32)).decode()
        self._genuine = Webhook(self.secret)
        self._stranger = Webhook("whsec_" + base64.b64encode(STRANGER.encode()).decode())

    @property
    def keys(self) -> Any:
        return [self.secret]

    def intent(self, number: int) -> str:
        return f"pi_{number:06d}"

    def took(self, intent: str, reference: str, paid: Paid) -> None:
        """It has no API."""

    def tells(self, event: Event, now: datetime, *, is_forged: bool = False) -> Posted:
        now = now.replace(microsecond=0)
        kind = {"paid": "payment.succeeded"}.get(event.word, f"payment.{event.word}")
        money = {
            "id": event.intent,
            "reference": event.reference,
            "amount": event.paid.amount,
            "currency": event.paid.currency,
        }
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": money})
        signing = self._stranger if is_forged else self._genuine
        headers = {
            "content-type": "application/json",
            "webhook-id": event.message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signing.sign(event.message, now, body),
        }
        return Posted("/hooks/standard/main", body.encode(), headers)

    def answers(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        return None

    def shows(self, url: str) -> Bill | None:
        return None


class MercadoPago:
    """Signs only where to look: id, request and instant. What was paid, by whom and for what, its API says."""

    name = "mercado_pago"
    host = "api.mercadopago.com"

    def __init__(self, chance: Chance) -> None:
        self.secret = chance.of("mercado pago secret").randbytes(32).hex()
        self.token = f"APP_USR-{chance.of('mercado pago token').getrandbits(64):016x}"
        self._known: dict[str, dict[str, Any]] = {}
        self._bills: dict[str, Bill] = {}

    @property
    def keys(self) -> Any:
        return {"secrets": [self.secret], "api_key": self.token}

    def intent(self, number: int) -> str:
        return str(7_000_000_000 + number)

    def took(self, intent: str, reference: str, paid: Paid) -> None:
        at = paid.at.isoformat(timespec="milliseconds")
        # Pesos with their centavos, as a JSON number that is written digit by digit.
        amount = float(Decimal(paid.amount) / 100)
        self._known[intent] = {
            "id": int(intent),
            "status": "approved",
            "status_detail": "accredited",
            "external_reference": reference,
            "transaction_amount": amount,
            "transaction_amount_refunded": 0,
            "currency_id": paid.currency,
            "date_created": at,
            "date_approved": at,
            "date_last_updated": at,
            "payment_method_id": "clabe",
            "collector_id": 1,
            "live_mode": True,
        }

    def tells(self, event: Event, now: datetime, *, is_forged: bool = False) -> Posted:
        stamp, request = str(int(now.timestamp() * 1000)), event.message
        signed = f"id:{event.intent};request-id:{request};ts:{stamp};"
        key = STRANGER if is_forged else self.secret
        headers = {
            "content-type": "application/json",
            "x-request-id": request,
            "x-signature": f"ts={stamp},v1={hmac.new(key.encode(), signed.encode(), hashlib.sha256).hexdigest()}",
        }
        action = "payment.created" if event.word == "pending" else "payment.updated"
        body = {"type": "payment", "action": action, "data": {"id": event.intent}, "user_id": "1"}
        path = f"/hooks/mercado_pago/main?data.id={event.intent}&type=payment"
        return Posted(path, json.dumps(body | {"live_mode": True}).encode(), headers)

    def answers(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        where = urlsplit(url)
        if where.hostname != self.host:
            return None
        if headers.get("authorization") != f"Bearer {self.token}":
            return 401, b"{}"
        if where.path.startswith(PREFERENCES):
            return self._prefers(method, where.path.removeprefix(PREFERENCES).strip("/"), json.loads(body))
        if where.path == "/v1/payments/search":
            return _answer({"results": self._between(parse_qs(where.query))})
        found = self._known.get(where.path.removeprefix("/v1/payments/"))
        return _answer(found) if found is not None else (404, b"{}")

    def _prefers(self, method: str, known: str, asked: Mapping[str, Any]) -> Answer:
        """A payment link is a preference; it is withdrawn by an end that has passed."""
        if method == "PUT":
            self._bills.pop(known, None)
            return _answer({"id": known})
        (item,) = asked["items"]
        made = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:20]
        amount = int(Decimal(str(item["unit_price"])) * 100)
        self._bills[made] = Bill(self.name, asked["external_reference"], amount, item["currency_id"])
        return _answer({"id": made, "init_point": f"{MERCADO_PAGO_PAGE}{made}"})

    def shows(self, url: str) -> Bill | None:
        return self._bills.get(url.removeprefix(MERCADO_PAGO_PAGE))

    def _between(self, query: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        begin, end = (datetime.fromisoformat(query[one][0]) for one in ("begin_date", "end_date"))
        at = {intent: datetime.fromisoformat(one["date_last_updated"]) for intent, one in self._known.items()}
        found = sorted((at[one], one) for one in self._known if begin <= at[one] <= end)
        first = int(query["offset"][0])
        return [self._known[one] for _, one in found[first : first + int(query["limit"][0])]]


class Wompi:
    """Signs the id, the status and the amount, never the reference: a hint, which its API confirms."""

    name = "wompi"
    host = "production.wompi.co"
    signs = ("transaction.id", "transaction.status", "transaction.amount_in_cents")

    def __init__(self, chance: Chance) -> None:
        self.secret = f"prod_events_{chance.of('wompi secret').getrandbits(128):032x}"
        self.key = f"prv_prod_{chance.of('wompi key').getrandbits(128):032x}"
        self.integrity = f"prod_integrity_{chance.of('wompi integrity').getrandbits(128):032x}"
        self._known: dict[str, dict[str, Any]] = {}

    @property
    def keys(self) -> Any:
        return {"secrets": [self.secret], "api_key": f"{self.key} {self.integrity}"}

    def intent(self, number: int) -> str:
        return f"1{number:06d}-1785{number:06d}-{number % 100_000:05d}"

    def took(self, intent: str, reference: str, paid: Paid) -> None:
        self._known[intent] = _transaction(intent, "APPROVED", reference, paid)

    def tells(self, event: Event, now: datetime, *, is_forged: bool = False) -> Posted:
        status = {"paid": "APPROVED"}.get(event.word, "PENDING")
        transaction = _transaction(event.intent, status, event.reference, event.paid)
        stamp = int(event.paid.at.timestamp())
        values = [str(transaction[path.partition(".")[2]]) for path in self.signs]
        key = STRANGER if is_forged else self.secret
        checksum = hashlib.sha256(f"{''.join(values)}{stamp}{key}".encode()).hexdigest().upper()
        body = {
            "event": "transaction.updated",
            "data": {"transaction": transaction},
            "environment": "prod",
            "signature": {"properties": list(self.signs), "checksum": checksum},
            "timestamp": stamp,
            "sent_at": now.isoformat(timespec="milliseconds"),
        }
        headers = {"content-type": "application/json", "x-event-checksum": checksum}
        return Posted("/hooks/wompi/main", json.dumps(body).encode(), headers)

    def answers(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        where = urlsplit(url)
        if where.hostname != self.host:
            return None
        if headers.get("authorization") != f"Bearer {self.key}":
            return 401, b"{}"
        found = self._known.get(where.path.removeprefix("/v1/transactions/"))
        return _answer({"data": found}) if found is not None else (404, b"{}")

    def shows(self, url: str) -> Bill | None:
        """Web Checkout needs no call before: its address is signed."""
        where = urlsplit(url)
        if where.hostname != "checkout.wompi.co":
            return None
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        fields = ("reference", "amount-in-cents", "currency", "expiration-time")
        signed = "".join(asked[one] for one in fields) + self.integrity
        if hashlib.sha256(signed.encode()).hexdigest() != asked["signature:integrity"]:
            return None
        return Bill(self.name, asked["reference"], int(asked["amount-in-cents"]), asked["currency"])


def _transaction(intent: str, status: str, reference: str, paid: Paid) -> dict[str, Any]:
    at = paid.at.isoformat(timespec="milliseconds")
    return {
        "id": intent,
        "status": status,
        "amount_in_cents": paid.amount,
        "reference": reference,
        "currency": paid.currency,
        "payment_method_type": "PSE",
        "created_at": at,
        "finalized_at": at if status == "APPROVED" else None,
    }


def _answer(found: Any) -> Answer:
    return 200, json.dumps(found).encode()
