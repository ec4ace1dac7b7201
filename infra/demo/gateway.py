"""Payment gateways as gateways are: they tell of most payments at once, of some late, twice or in the wrong order, and strangers
forge their word."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.demo.book import Book, Paid, Told
from infra.demo.chance import Chance
from infra.demo.dialects import Answer, Bill, Dialect, Event, MercadoPago, StandardWebhooks, Wompi
from infra.demo.reach import Reach

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""After an answer other than 2xx (Standard Webhooks asks for back-off; the others do the same at a slower pace)."""

LATE, TWICE, OUT_OF_ORDER, FORGED, UNKNOWN_REFERENCE = 0.08, 0.10, 0.06, 0.03, 0.01

UNREADABLE = "referencia ilegible"

GATEWAY_OF = {"fabula": "mercado_pago", "quimera": "wompi", "utopia": "standard"}
"""Creditor → who takes its money."""


class PaymentGateways:
    """All three, each for its creditor. What they told, how often, and what came of it stands in the book."""

    def __init__(self, book: Book, chance: Chance) -> None:
        self._book = book
        self._chance = chance
        self._reach: Reach
        self._count = 0
        self._unheard: dict[tuple[str, str], Paid] = {}
        spoken: tuple[Dialect, ...] = (StandardWebhooks(chance), MercadoPago(chance), Wompi(chance))
        self._dialects = {one.name: one for one in spoken}

    def begin(self, reach: Reach) -> None:
        self._reach = reach

    def keys(self) -> dict[str, Any]:
        """Endpoint → what an operator puts under `gateways` in the deployment's secret."""
        return {f"{name}/main": one.keys for name, one in self._dialects.items()}

    def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Their APIs, which answer only who has the key."""
        for dialect in self._dialects.values():
            answer = dialect.answers(method, url, headers, body)
            if answer is not None:
                for gateway, intent in [key for key in self._unheard if key[0] == dialect.name]:
                    if intent.encode() in answer[1]:
                        self._heard(gateway, intent)
                return answer
        return 404, b"{}"

    def _heard(self, gateway: str, intent: str) -> None:
        """The house knows of it from now on: it was told, or found it where it asked. Told again, it knows no more."""
        paid = self._unheard.pop((gateway, intent), None)
        if paid is not None:
            self._book.told.append(Told(self._reach.now(), "payment", paid.person, debt=paid.debt))

    def shows(self, url: str) -> Bill | None:
        """What a person sees who follows a link to one of them."""
        bills = (one.shows(url) for one in self._dialects.values())
        return next((one for one in bills if one is not None), None)

    def paid(self, paid: Paid, bill: Bill | None = None) -> None:
        """Plan how the house hears of a payment. bill: of the link that was followed; None: the debt's own reference
        was typed.
        """
        self._count += 1
        name = bill.gateway if bill is not None else GATEWAY_OF[paid.debt.partition("/")[0]]
        number, dialect = self._count, self._dialects[name]
        draw = self._chance.of("gateway", number)
        delay = timedelta(seconds=round(draw.uniform(1, 90)))
        is_late = draw.random() < LATE
        if is_late:
            delay = timedelta(hours=draw.uniform(1, 26))
        typed = paid.debt if draw.random() >= UNKNOWN_REFERENCE else UNREADABLE
        reference = bill.reference if bill is not None else typed
        intent, at = dialect.intent(number), self._reach.now() + delay
        dialect.took(intent, reference, paid)
        if reference != UNREADABLE:
            self._unheard[dialect.name, intent] = paid
        told = Event(intent, "paid", reference, paid, f"msg_{number:06d}")
        self._count_one(dialect, "late", is_late)
        self._plan(at, dialect, told)
        if draw.random() < TWICE:
            self._count_one(dialect, "twice")
            self._plan(at + timedelta(seconds=draw.choice((0, 40, 3600))), dialect, told)
        if draw.random() < OUT_OF_ORDER:
            self._count_one(dialect, "out of order")
            before = Event(intent, "pending", reference, paid, f"msg_{number:06d}p")
            self._plan(at + timedelta(seconds=20), dialect, before)
        if draw.random() < FORGED:
            forged = Event(dialect.intent(900_000 + number), "paid", paid.debt, paid, f"msg_forged_{number}")
            self._reach.at(at + timedelta(minutes=3), lambda: self._forge(dialect, forged))

    def _plan(self, at: datetime, dialect: Dialect, event: Event) -> None:
        self._reach.at(at, lambda: self._tell(dialect, event, 0))

    def _tell(self, dialect: Dialect, event: Event, tries: int) -> None:
        status = self._post(dialect, event)
        if 200 <= status < 300:
            self._count_one(dialect, "accepted")
            if event.word == "paid":
                self._heard(dialect.name, event.intent)
        elif tries < len(RETRIES):
            self._count_one(dialect, "told again")
            again = self._reach.now() + RETRIES[tries]
            self._reach.at(again, lambda: self._tell(dialect, event, tries + 1))

    def _forge(self, dialect: Dialect, event: Event) -> None:
        """A debtor's cousin says that it was paid."""
        status, paid = self._post(dialect, event, is_forged=True), event.paid
        self._count_one(dialect, "forged")
        self._count_one(dialect, "refused", 400 <= status < 500)
        self._book.told.append(Told(self._reach.now(), "forged", paid.person, debt=paid.debt, status=status))

    def _post(self, dialect: Dialect, event: Event, *, is_forged: bool = False) -> int:
        posted = dialect.tells(event, self._reach.now(), is_forged=is_forged)
        status, _ = self._reach.http("POST", posted.path, posted.body, posted.headers)
        self._book.statuses[status] += 1
        return status

    def _count_one(self, dialect: Dialect, what: str, happened: bool = True) -> None:  # noqa: FBT001, FBT002 - a count
        self._book.webhooks[dialect.name][what] += happened
