"""Whatever order a gateway's words come in, and however often, the same words always mean the same money.

The words on one payment are a set, kept whole; what they mean is computed from the set and never from its order. So a
refund may come before its payment, a "pending" after the "paid", everything twice, and the ledger ends the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from recobro.domain.payment_told import PaymentTold

VOUCHER_LAG = timedelta(days=2)
"""After a voucher's end its payment may still be on its way (OXXO: the next business day; Stripe docs, "OXXO payments")."""
VOUCHER_WAITS = timedelta(days=5)
"""For a voucher whose end nobody told: a working week."""
UNCONFIRMED_WAITS = timedelta(hours=24)
"""So long a word that proves nothing keeps us silent: bounded, so that a forger cannot freeze a portfolio."""

_WAITING_RANK = {"pending": 0, "failed": 1, "expired": 2}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said of one payment. source: "webhook" | "asked" | "listed" | "hand" | "file". answers: digests of the words
    that it confirms or denies."""

    told: PaymentTold
    source: str = "webhook"
    answers: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a set of words means. captured, returned: minor units. status: "paid" | "reversed" | "returned" | "pending" |
    "unconfirmed" | "failed" | "expired" | "unrecognised". waits_until: of a voucher, how long it may still be paid. asks:
    the gateway's API has to be asked before more is believed. paid_at: when its last money was taken.

    returned_at: when the last of it went back.
    """

    intent: str
    reference: str
    currency: str
    captured: int
    returned: int
    status: str
    words: int
    at: datetime
    waits_until: datetime | None = None
    why_returned: str = ""
    method: str = ""
    is_live: bool = True
    merchants: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    asks: bool = False
    paid_at: datetime | None = None
    returned_at: datetime | None = None


def said(words: Iterable[Word]) -> Said:
    """What the words on one payment amount to; at least one."""
    heard = sorted(words, key=lambda one: (one.told.at, one.told.status, one.digest))
    certain = [one.told for one in heard if one.told.is_certain]
    paid = [one for one in certain if one.status == "paid"]
    captured = max((one.amount.minor for one in paid), default=0)
    returned, why, returned_at = _returned(certain, captured)
    status, until = _status(heard, certain, captured, returned, why)
    trusted = certain or [one.told for one in heard]
    return Said(
        intent=heard[0].told.intent,
        reference=next((one.reference for one in trusted if one.reference), "")
        or next((one.told.reference for one in heard if one.told.reference), ""),
        currency=(paid or trusted)[0].amount.currency,
        captured=captured,
        returned=returned,
        status=status,
        words=len(heard),
        at=heard[-1].told.at,
        waits_until=until,
        why_returned=why,
        method=next((one.method for one in reversed(trusted) if one.method), ""),
        is_live=all(one.told.is_live for one in heard),
        merchants=tuple(sorted({one.told.merchant for one in heard})),
        currencies=tuple(sorted({one.amount.currency for one in trusted if one.amount.currency})),
        asks=bool(unanswered(heard)),
        paid_at=max((one.at for one in paid), default=None),
        returned_at=returned_at,
    )


def unanswered(words: Iterable[Word]) -> list[Word]:
    """The words that prove nothing and that no answer of the gateway's API covers yet."""
    every = list(words)
    answered = {digest for one in every for digest in one.answers}
    return [one for one in every if not one.told.is_certain and one.digest not in answered]


def _returned(certain: list[PaymentTold], captured: int) -> tuple[int, str, datetime | None]:
    """Refunded, and charged back since the last dispute that we won; never more than was captured. Why, and when the last of it was."""
    won = max((one.at for one in certain if one.status == "reinstated"), default=None)
    sums, why, at = 0, "", None
    for status in ("refunded", "charged_back"):
        is_over = won if status == "charged_back" else None  # who wins a dispute has still given its refunds
        told = [one for one in certain if one.status == status and (is_over is None or one.at > is_over)]
        if told:
            sums += max(one.amount.minor or captured for one in told)
            why = status
            at = max([at, *(one.at for one in told)] if at is not None else [one.at for one in told])
    return min(captured, sums), why if sums else "", at if sums else None


def _status(
    heard: list[Word], certain: list[PaymentTold], captured: int, returned: int, why: str
) -> tuple[str, datetime | None]:
    if captured:
        return ("paid" if not returned else "reversed" if returned >= captured else "returned"), None
    if unanswered(heard):
        return "unconfirmed", None
    if why:
        return "reversed", None
    waiting = [one for one in certain if one.status in _WAITING_RANK]
    if not waiting:
        return "unrecognised", None
    last = max(waiting, key=lambda one: (one.at, _WAITING_RANK[one.status]))
    if last.status != "pending":
        return last.status, None
    ends = last.expires_at + VOUCHER_LAG if last.expires_at is not None else last.at + VOUCHER_WAITS
    return "pending", ends
