"""The payment gateway of a simulated month: it tells once, twice, or a dozen times in the same instant, until it is answered."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from infra.demo.book import Paid

if TYPE_CHECKING:
    from infra.simulation.system import System

SECRET = base64.b64decode("c2ltdWxhdGVkIGdhdGV3YXkgc2VjcmV0IG9ubHk=")
RETRIES = (20.0, 60.0, 300.0, 1800.0, 7200.0, 36_000.0, 36_000.0)
BY_OUR_LINK = 0.4
"""Share of payments that name the debt by the reference of our own links, which names one of those who owe it."""

OF_SEVERAL, OF_NOBODY = 0.15, 0.5
"""Shares of payments that lie half done until somebody looks: for a debt of several people, for one that nobody has brought yet."""

ROUTE = "/hooks/{gateway}/{endpoint}"


class Gateway:
    """Signs by Standard Webhooks, written here a second time from its specification."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._chance = Random(f"gateway/{system.seed}")
        self._more = Random(f"words/{system.seed}")
        self._count = 0
        self._untold: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self._whole: dict[str, tuple[str, tuple[Paid, ...]]] = {}

    def tells(self, paid: Paid, delay: float) -> None:
        """Plan how the house hears of a payment."""
        self._count += 1
        draw, system = self._chance, self._system
        ident = f"pi_{self._count:05d}"
        self._may_lie_half_done(ident, paid.debt)
        self._untold[ident] = paid.debt
        self._references[ident] = self._reference(paid)
        if draw.random() < 0.1:
            delay += draw.uniform(60, 80_000)
        times = 1 + (draw.random() < 0.2)
        if system.faults.happens("gateway", "webhook_storm", 0.12, system.kernel.time):
            times = 12
        for copy in range(times):
            self._post(
                ident, paid, delay + (0.0 if times > 2 else copy * draw.choice((0.0, 0.01, 60.0))), 0, SECRET
            )
        if draw.random() < 0.05:
            self._post(f"{ident}f", paid, delay, len(RETRIES), b"a stranger's secret")
        self._more_words(ident, paid, delay)

    def tells_of_all(self, parts: Sequence[Paid], payer: str, reference: str, delay: float) -> None:
        """One payment by our own link for all that somebody owes one creditor. reference: of the link, which names one debt."""
        self._count += 1
        ident = f"pi_{self._count:05d}"
        self._may_lie_half_done(ident, parts[0].debt)
        self._untold |= {f"{ident}/{one.debt}": one.debt for one in parts}
        self._references[ident] = reference
        self._whole[ident] = (payer, tuple(parts))
        whole = replace(parts[0], amount=sum(one.amount for one in parts))
        for copy in range(self._more.choice((1, 1, 2, 12))):
            self._post(ident, whole, delay + copy * self._more.choice((0.0, 0.01, 60.0)), 0, SECRET)

    def _may_lie_half_done(self, ident: str, debt: str) -> None:
        """Of money for a debt that several owe, or that nobody has brought yet."""
        owing = sum(debt in one.debts for one in self._system.checkers.record.known.values())
        if owing != 1:
            share = OF_SEVERAL if owing else OF_NOBODY
            self._system.faults.lies_half_done("gateway", f'"{ident}"', share, self._system.kernel.time)

    def _reference(self, paid: Paid) -> str:
        """As a creditor names the debt, or as our own links do, who was asked for it first."""
        known = self._system.checkers.record.known.values()
        ours = [one.id for one in known if paid.debt in one.debts]
        return (
            f"{self._more.choice(ours)}:{paid.debt}"
            if ours and self._more.random() < BY_OUR_LINK
            else paid.debt
        )

    def _more_words(self, ident: str, paid: Paid, delay: float) -> None:
        """A voucher is pending first; some money is told of by a second event, goes back, or is in another currency."""
        draw, system = self._more, self._system
        if draw.random() < 0.15:
            self._post(ident, paid, max(0.0, delay - draw.uniform(1, 3000)), 0, SECRET, "pending")
        if draw.random() < 0.1:
            self._post(ident, paid, delay + draw.uniform(1, 90_000), 0, SECRET, "succeeded", "again")
        if draw.random() < 0.04:
            other = "USD" if paid.currency != "USD" else "MXN"
            self._post(f"{ident}c", replace(paid, currency=other), delay, 0, SECRET)
        if draw.random() < 0.08:
            begins = delay + draw.uniform(90_000, 400_000)

            def back() -> None:
                if not system.world.is_over:
                    system.world.book.balances[paid.debt] += paid.amount
                    system.checkers.contacts.settled.discard(paid.debt)
                    for number in range(draw.choice((1, 2, 3))):
                        self._post(
                            ident, paid, number * draw.uniform(0, 60), 0, SECRET, "refunded", f"back{number}"
                        )

            system.kernel.after(begins, back)

    def _post(
        self,
        ident: str,
        paid: Paid,
        delay: float,
        tries: int,
        secret: bytes,
        word: str = "succeeded",
        event: str = "",
    ) -> None:
        system = self._system

        def send() -> None:
            now = int(system.kernel.time)
            body = json.dumps(
                {
                    "type": f"payment.{word}",
                    "data": {
                        "id": ident,
                        "reference": self._references[ident.rstrip("cf")],
                        "amount": paid.amount,
                        "currency": paid.currency,
                    },
                },
                sort_keys=True,
            )
            message = f"msg_{ident}{word if word != 'succeeded' else ''}{event}"
            signed = f"{message}.{now}.{body}".encode()
            signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
            headers = {
                "webhook-id": message,
                "webhook-timestamp": str(now),
                "webhook-signature": f"v1,{signature}",
            }
            system.http("POST", ROUTE, {"gateway": "standard", "endpoint": "main"}, body, headers, answered)

        def answered(status: int) -> None:
            system.log.said(
                system.kernel.time, "gateway", "", f"{ident} {word} for {paid.debt} answered {status}"
            )
            if 200 <= status < 300 and ident in self._whole:
                self._all_told(ident, paid)
            elif 200 <= status < 300:
                if word == "succeeded":
                    self._untold.pop(ident, None)
                self._settled(paid, word)
                system.checkers.payments.answered(
                    f"standard#{ident}", paid, is_forged=secret != SECRET, word=word
                )
            elif tries < len(RETRIES):
                self._post(ident, paid, RETRIES[tries], tries + 1, secret, word, event)

        system.kernel.after(delay, send)

    def _all_told(self, ident: str, whole: Paid) -> None:
        payer, parts = self._whole[ident]
        known = self._system.checkers.record.known.values()
        for one in parts:
            self._untold.pop(f"{ident}/{one.debt}", None)
            owing = (each.debts[one.debt].outstanding for each in known if one.debt in each.debts)
            if not any(owing):  # what a creditor's file had not counted may leave a rest, by our books
                self._settled(one, "succeeded")
        self._system.checkers.payments.all_answered(f"standard#{ident}", whole, payer)

    def _settled(self, paid: Paid, word: str) -> None:
        """What is paid in full, to the creditor's own knowledge, and was heard of, every part of it."""
        settled, balances = self._system.checkers.contacts.settled, self._system.world.book.balances
        is_heard = paid.debt not in self._untold.values()
        is_ours = word == "succeeded" and paid.currency == self._currency_of(paid.debt)
        if is_ours and is_heard and balances[paid.debt] == 0:
            settled.add(paid.debt)
        elif balances[paid.debt] > 0:
            settled.discard(paid.debt)

    def _currency_of(self, debt: str) -> str:
        return self._system.portfolio.debts()[debt].currency
