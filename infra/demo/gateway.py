"""A payment gateway as gateways are: it tells of most payments at once, of some late, twice or in the wrong order, and strangers
forge its word."""

import base64
import json
from datetime import datetime, timedelta

from standardwebhooks.webhooks import Webhook

from infra.demo.book import Book, Paid, Told
from infra.demo.chance import Chance
from infra.demo.reach import Reach

PATH = "/hooks/standard/main"
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""After an answer other than 2xx (Standard Webhooks asks for back-off)."""

LATE, TWICE, OUT_OF_ORDER, FORGED, UNKNOWN_REFERENCE = 0.08, 0.10, 0.06, 0.03, 0.01


def signing_secret(chance: Chance) -> str:
    """The endpoint's secret as the gateway's console would show it; goes into the deployment's secret."""
    return "whsec_" + base64.b64encode(chance.of("gateway secret").randbytes(32)).decode()


class PaymentGateway:
    """Signs by Standard Webhooks with an implementation that is not ours."""

    def __init__(self, book: Book, reach: Reach, chance: Chance) -> None:
        self._book = book
        self._reach = reach
        self._chance = chance
        self._webhook = Webhook(signing_secret(chance))
        self._stranger = Webhook("whsec_" + base64.b64encode(b"somebody else's secret, 32 bytes").decode())
        self._count = 0

    def paid(self, paid: Paid) -> None:
        """Plan how the house hears of a payment."""
        self._count += 1
        number = self._count
        draw = self._chance.of("gateway", number)
        delay = timedelta(seconds=round(draw.uniform(1, 90)))
        if draw.random() < LATE:
            delay = timedelta(hours=draw.uniform(1, 26))
        intent = f"pi_{number:06d}"
        reference = paid.debt if draw.random() >= UNKNOWN_REFERENCE else "referencia ilegible"
        at = self._reach.now() + delay
        self._plan(at, "payment.succeeded", intent, reference, paid, f"msg_{number:06d}")
        if draw.random() < TWICE:
            again = at + timedelta(seconds=draw.choice((0, 40, 3600)))
            self._plan(again, "payment.succeeded", intent, reference, paid, f"msg_{number:06d}")
        if draw.random() < OUT_OF_ORDER:
            self._plan(
                at + timedelta(seconds=20), "payment.pending", intent, reference, paid, f"msg_{number:06d}p"
            )
        if draw.random() < FORGED:
            self._reach.at(at + timedelta(minutes=3), lambda: self._forge(f"pi_forged_{number}", paid))

    def _plan(self, at: datetime, kind: str, intent: str, reference: str, paid: Paid, message: str) -> None:
        self._reach.at(at, lambda: self._tell(kind, intent, reference, paid, message, 0))

    def _tell(self, kind: str, intent: str, reference: str, paid: Paid, message: str, tries: int) -> None:
        status = self._post(self._webhook, kind, intent, reference, paid, message)
        self._book.statuses[status] += 1
        if 200 <= status < 300:
            if kind == "payment.succeeded" and reference == paid.debt:
                self._book.told.append(Told(self._reach.now(), "payment", paid.person, debt=paid.debt))
        elif tries < len(RETRIES):
            self._reach.at(
                self._reach.now() + RETRIES[tries],
                lambda: self._tell(kind, intent, reference, paid, message, tries + 1),
            )

    def _forge(self, intent: str, paid: Paid) -> None:
        """A debtor's cousin says that it was paid."""
        status = self._post(self._stranger, "payment.succeeded", intent, paid.debt, paid, f"msg_{intent}")
        self._book.statuses[status] += 1
        self._book.told.append(Told(self._reach.now(), "forged", paid.person, debt=paid.debt, status=status))

    def _post(
        self, webhook: Webhook, kind: str, intent: str, reference: str, paid: Paid, message: str
    ) -> int:
        now = self._reach.now().replace(microsecond=0)
        body = json.dumps(
            {
                "type": kind,
                "timestamp": now.isoformat(),
                "data": {
                    "id": intent,
                    "reference": reference,
                    "amount": paid.amount,
                    "currency": paid.currency,
                },
            }
        )
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": webhook.sign(message, now, body),
        }
        status, _ = self._reach.http("POST", PATH, body.encode(), headers)
        return status
