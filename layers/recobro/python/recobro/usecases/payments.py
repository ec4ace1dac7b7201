"""Money that could not be posted waits for a person: whose it is, that it is none of ours, or that it went back; each can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from recobro.adapters.payment_log import Entry
from recobro.codec import write_instant
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, TaskClosed
from recobro.domain.hear import is_of, taken_back_facts
from recobro.domain.said import Said, said
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.hear_payment import Unfit, catch_up, whoever_waits, whom_it_means, would_hear
from recobro.usecases.money_shares import told_of
from recobro.usecases.saving import change_whom_it_may_mean

CLOSINGS = {"reject": "rejected", "send_back": "sent_back"}
"""What a person may decide besides whose it is: it is no payment of ours, or it was returned to who sent it."""


@dataclass(frozen=True)
class Resolution:
    """What became of it. facts: debtor id → what was, or in a rehearsal would be, written in that record."""

    intent: str
    status: str
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    is_rehearsal: bool = False


def payment(house: House, intent: str) -> Entry:
    """Raises NotFound."""
    entry = house.payments.entry(intent)
    if entry is None:
        raise NotFound(f"no payment {intent}")
    return entry


def assign(
    house: House, intent: str, reference: str, who: str, why: str, *, is_rehearsal: bool = False
) -> Resolution:
    """It is for that debt. Posted by the one path, with every rule but the one that did not know whose it is.

    Raises InvalidInput where it cannot be posted there either; then it waits as it did.
    """
    entry = _waiting(_settled(house, intent, is_rehearsal=is_rehearsal))
    try:
        facts = would_hear(house, _as_assigned(entry, reference))
    except Unfit as unfit:
        raise InvalidInput(
            "reference", f"{reference}: {unfit.reason}", "name another debt, or send it back"
        ) from None
    if is_rehearsal:
        return Resolution(intent, "posted", facts, is_rehearsal=True)
    status = _decided(house, entry, f"assigned to {reference}", who, why, how="assign", reference=reference)
    return Resolution(intent, status, facts)


def close(
    house: House, intent: str, how: str, who: str, why: str, *, is_rehearsal: bool = False
) -> Resolution:
    """how: "reject" | "send_back". Whoever was left in peace because of it is so no longer."""
    entry = _waiting(_settled(house, intent, is_rehearsal=is_rehearsal))
    if not is_rehearsal:
        _decided(house, entry, CLOSINGS[how], who, why, how=how)
    return Resolution(intent, CLOSINGS[how], {}, is_rehearsal=is_rehearsal)


def undo(house: House, intent: str, who: str, why: str, *, is_rehearsal: bool = False) -> Resolution:
    """Back to where it was before a person decided; what was posted comes off, and a person looks before anybody is written to.

    Raises InvalidInput where nobody had decided anything.
    """
    entry = _settled(house, intent, is_rehearsal=is_rehearsal)
    before = next((one for one in reversed(house.payments.decided(intent)) if one["what"] != "undone"), None)
    if before is None or entry.status == "quarantined":
        raise InvalidInput(
            "payment", f"{intent} was decided by nobody", "only a person's decision can be undone"
        )
    money = said(entry.words)
    key, people = whom_it_means(house, entry.assigned) if entry.assigned else ("", {})
    now = house.now()
    facts: dict[str, tuple[Fact, ...]] = {}
    for share in told_of(house, entry, money, key, people):
        loaded = people.get(share.debtor_id) or house.ledger.load(share.debtor_id)
        if loaded is not None:
            base = entry.base(share.debtor_id, share.key)
            more = taken_back_facts(loaded.debtor, share.key, money, house.playbook, now, base)
            facts[share.debtor_id] = (*facts.get(share.debtor_id, ()), *more)
    if not is_rehearsal:
        back = {"reference": entry.assigned, "was": before["reason"]}
        _decided(house, entry, "undone", who, why, how="undo", **back)
    return Resolution(intent, "quarantined", facts, is_rehearsal=is_rehearsal)


def finish(house: House, intent: str) -> str:
    """Carry out to its end what a person had decided when something died. Returns how the payment stands; "" where nothing was open.

    Repeats harmlessly.
    """
    decision = house.payments.unfinished(intent)
    if not decision:
        return ""
    entry = payment(house, intent)
    note = {name: decision[name] for name in ("at", "what", "who", "why", "reason")}
    if note not in house.payments.decided(intent):
        house.payments.record(intent, note)
    status = _CARRY_OUT[decision["how"]](house, entry, decision)
    house.payments.finished(intent, decision)
    return status


def _assigned(house: House, entry: Entry, decision: Mapping[str, str]) -> str:
    if entry.status != "quarantined" and entry.assigned != decision["reference"]:
        return entry.status  # a further word of its gateway came first
    told = catch_up(house, house.payments.assign(entry, decision["reference"]))
    if told.result != "quarantined":
        _nothing_to_do(house, entry)
    # What its journal had already written, or another word had, is posted all the same.
    return "posted" if told.result == "repeated" else told.result


def _closed_as(house: House, entry: Entry, decision: Mapping[str, str]) -> str:
    status = CLOSINGS[decision["how"]]
    if entry.status not in {"quarantined", status}:
        return entry.status  # a further word of its gateway came first
    house.payments.close(entry, status, decision["why"])
    _nothing_to_do(house, entry)
    return status


def _undone(house: House, entry: Entry, decision: Mapping[str, str]) -> str:
    house.payments.quarantine(replace(entry, assigned=""), decision["was"])
    money = said(entry.words)
    key, people = whom_it_means(house, decision["reference"]) if decision["reference"] else ("", {})
    for share in told_of(house, entry, money, key, people):
        _take_back(house, share.debtor_id, share.key, money, entry)
    return "quarantined"


_CARRY_OUT = {"assign": _assigned, "reject": _closed_as, "send_back": _closed_as, "undo": _undone}


def _settled(house: House, intent: str, *, is_rehearsal: bool) -> Entry:
    """The payment, once what was decided about it before is carried out."""
    if not is_rehearsal:
        finish(house, intent)
    return payment(house, intent)


def _take_back(house: House, debtor_id: str, key: str, money: Said, entry: Entry) -> None:
    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        return taken_back_facts(debtor, key, money, house.playbook, now, entry.base(debtor.id, key))

    change_whom_it_may_mean(house, debtor_id, decide)


def _waiting(entry: Entry) -> Entry:
    if entry.status != "quarantined":
        raise InvalidInput(
            "payment", f"{entry.intent} is {entry.status}", "only what is quarantined is resolved"
        )
    return entry


def _as_assigned(entry: Entry, reference: str) -> Entry:
    return replace(entry, assigned=reference, status="received")


def _decided(house: House, entry: Entry, what: str, who: str, why: str, **how: str) -> str:
    """Written down before anything is done, so that nothing is left half done."""
    if not why.strip():
        raise InvalidInput("why", "is missing", "say why: it is kept with the decision")
    now = house.now()
    note = {"at": write_instant(now), "what": what, "who": who, "why": why, "reason": entry.reason}
    house.payments.begin(entry.intent, {**note, **how}, now)
    return finish(house, entry.intent)


def _nothing_to_do(house: House, entry: Entry) -> None:
    """Whoever has a task because of that money has it no longer."""
    reference = said(entry.words).reference
    for one in whoever_waits(house, reference) if reference else ():
        change_whom_it_may_mean(house, one, lambda debtor, _now: _closed(debtor, entry.intent))


def _closed(debtor: Debtor, intent: str) -> tuple[Fact, ...]:
    return tuple(TaskClosed(one.id, "done") for one in debtor.open_tasks() if is_of(one, intent))
