"""What the client's own systems are told of, as it happens: promises, money, disputes, cures. Ids, codes and amounts, never words.

A notice is made of a fact that the history holds, so that none is lost and the same one always has the same id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from recobro.domain.debtor import Debtor
from recobro.domain.hold import HoldReason

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """type: one of EVENTS. data: see the functions below; amounts in minor units with their currency, dates as ISO 8601."""

    type: str
    data: Plain


def notice_of(fact: Plain, debtor: Debtor) -> Notice | None:
    """What a recorded fact is to the client's systems; None: nothing. debtor: the record, for what the fact only names."""
    make = _MADE.get(str(fact["kind"]))
    made = make(fact, debtor) if make is not None else None
    return Notice(made[0], {"debtor": debtor.id, **made[1]}) if made is not None else None


Made = tuple[str, dict[str, Any]] | None


def _promise_made(fact: Plain, debtor: Debtor) -> Made:
    promise = fact["promise"]
    named = ("creditor", "currency", "amount", "due_on")
    told = {"promise": promise["id"], **{name: promise[name] for name in named}}
    return "promise.made", {**told, "debts": list(promise.get("debts", ()))}


def _promise_judged(fact: Plain, debtor: Debtor) -> Made:
    """paid: what came towards it. A date that gave way to another one is neither kept nor broken."""
    if fact["status"] not in {"kept", "broken"}:
        return None
    told: dict[str, Any] = {"promise": fact["promise"], "paid": fact["paid"]}
    known = next((one for one in debtor.promises if one.id == fact["promise"]), None)
    if known is not None:
        told |= {"creditor": known.creditor, "currency": known.currency, "amount": known.amount}
        told |= {"due_on": known.due_on.isoformat(), "debts": list(known.debts)}
    return f"promise.{fact['status']}", told


def _payment_posted(fact: Plain, debtor: Debtor) -> Made:
    """payment: the gateway and its id, the same for every debt that it went to; part: where more came later."""
    payment = fact["payment"]
    told = {"payment": payment["intent"], "part": payment.get("part", 1)}
    return "payment.posted", {**told, **{name: payment[name] for name in ("debt", "amount", "currency")}}


def _payment_reversed(fact: Plain, debtor: Debtor) -> Made:
    """why: "refunded" | "charged_back" | "returned" | "misplaced"."""
    told = {"payment": fact["intent"], "part": fact.get("part", 1), "debt": fact["debt"]}
    debt = debtor.debt(fact["debt"])
    currency = {"currency": debt.currency} if debt is not None else {}
    return "payment.reversed", {**told, "amount": fact["amount"], **currency, "why": fact["why"]}


def _hold_placed(fact: Plain, debtor: Debtor) -> Made:
    hold = fact["hold"]
    if hold["reason"] != HoldReason.DISPUTE:
        return None
    told = {"dispute": hold["id"], "creditor": hold.get("creditor", "")}
    return "dispute.opened", {**told, "debts": list(hold.get("debts", ()))}


def _hold_lifted(fact: Plain, debtor: Debtor) -> Made:
    hold = next((one for one in debtor.holds if one.id == fact["hold"]), None)
    if hold is None or hold.reason is not HoldReason.DISPUTE:
        return None
    return "dispute.closed", {"dispute": hold.id, "creditor": hold.creditor, "debts": list(hold.debts)}


def _episode_closed(fact: Plain, debtor: Debtor) -> Made:
    """All that was due to that creditor in that currency is paid."""
    episode = debtor.episode(fact["number"])
    if fact["why"] != "cured" or episode is None:
        return None
    return "account.cured", {
        "creditor": episode.creditor,
        "currency": episode.currency,
        "episode": episode.number,
    }


_MADE: Mapping[str, Callable[[Plain, Debtor], Made]] = {
    "promise_made": _promise_made,
    "promise_judged": _promise_judged,
    "payment_posted": _payment_posted,
    "payment_reversed": _payment_reversed,
    "hold_placed": _hold_placed,
    "hold_lifted": _hold_lifted,
    "episode_closed": _episode_closed,
}
KINDS = frozenset(_MADE)
"""Kinds of facts that may be told; of any other nobody has to look further."""

EVENTS = (
    "promise.made",
    "promise.kept",
    "promise.broken",
    "payment.posted",
    "payment.reversed",
    "dispute.opened",
    "dispute.closed",
    "account.cured",
)
