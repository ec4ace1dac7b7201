"""What came of the run: counted from the ledger's own history, and beside it from what the world alone knows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from infra.demo.table_dump import Item, facts, states

REPLY, THANKS = "reply", "thanks"
"""The stages of an answer and of a receipt (domain/replying.py, thanking.py)."""
REACHED = ("delivered", "read", "answered")


@dataclass
class Counted:
    """What the ledger says happened. days: local day → channel → contacts; refusals: rule → how often; costs in micro-USD."""

    contacts: int = 0
    by_channel: Counter[str] = field(default_factory=Counter)
    by_day: dict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sent: int = 0
    delivered: int = 0
    read: int = 0
    answered: int = 0
    released: int = 0
    unknown: int = 0
    failed: int = 0
    cost: int = 0
    promises: Counter[str] = field(default_factory=Counter)
    plans: Counter[str] = field(default_factory=Counter)
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """plan → how many of its dates came, and how many of them passed without their money."""
    tasks_opened: Counter[str] = field(default_factory=Counter)
    tasks_closed: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    sources: dict[str, str] = field(default_factory=dict)
    messages_received: Counter[str] = field(default_factory=Counter)
    payments_posted: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    facts: int = 0
    answers: int = 0
    """What was said to who wrote; no contacts of ours."""
    receipts: int = 0
    """Thanks for a payment; no contacts either."""


def counted(items: Sequence[Item]) -> Counted:
    """Read the whole history once."""
    done = Counted()
    attempts: dict[str, dict[str, Any]] = {}
    for _, recorded in facts(items):
        done.facts += 1
        _count(done, recorded["fact"], recorded["at"], attempts)
    for attempt in attempts.values():
        _count_attempt(done, attempt)
    for item in items:
        if item["pk"].startswith("ASIDE#"):
            done.set_aside[item["pk"].removeprefix("ASIDE#")] += 1
        elif item["pk"].startswith("PAYMENT#") and item.get("status") == "quarantined":
            done.quarantined += 1
    return done


ORDER = ("claimed", "unknown", "sent", "delivered", "read", "answered", "failed", "released")


def _count(done: Counted, fact: Mapping[str, Any], at: str, attempts: dict[str, dict[str, Any]]) -> None:
    match fact["kind"]:
        case "attempt_claimed":
            attempt = fact["attempt"]
            attempts[attempt["id"]] = {**attempt, "reached": {"claimed"}, "at": at, "paid": 0}
            _refusals(done, (fact.get("decision") or {}).get("passed_over", ()))
        case "attempt_progressed" if fact["attempt"] in attempts:
            attempt = attempts[fact["attempt"]]
            attempt["reached"].add(fact["status"])
            attempt["paid"] = max(attempt["paid"], fact.get("cost", 0))
            attempt["outcome"] = fact.get("outcome", "")
        case "promise_made" | "promise_judged" | "plan_agreed" | "plan_judged":
            _count_agreed(done, fact)
        case "task_opened":
            done.tasks_opened[fact["task"]["reason"]] += 1
        case "task_closed":
            done.tasks_closed[fact["disposition"]] += 1
        case "plan_moved":
            done.refusals[fact["rule"]] += 1
        case "message_received":
            done.messages_received[fact["intent"]] += 1
        case "payment_posted":
            done.payments_posted += 1


def _count_agreed(done: Counted, fact: Mapping[str, Any]) -> None:
    match fact["kind"]:
        case "promise_made":
            done.promises["made"] += 1
            done.promises["made in writing"] += fact["promise"].get("channel") != "voice"
        case "promise_judged":
            done.promises[fact["status"]] += 1
        case "plan_agreed":
            done.plans["agreed"] += 1
        case "plan_judged":
            # Each judgement tells of all the plan's dates so far.
            done.plans[fact["status"]] += fact["status"] != "open"
            done.parts[fact["plan"]] = (fact["judged"], fact["missed"])


def _refusals(done: Counted, refusals: Iterable[Mapping[str, Any]]) -> None:
    for one in refusals:
        done.refusals[one["rule"]] += 1
        done.sources.setdefault(one["rule"], one.get("source", ""))


def _count_attempt(done: Counted, attempt: Mapping[str, Any]) -> None:
    reached = attempt["reached"]
    if "released" in reached:
        done.released += 1
        return
    if attempt["step"]["stage"] in {REPLY, THANKS}:
        done.answers += attempt["step"]["stage"] == REPLY
        done.receipts += attempt["step"]["stage"] == THANKS
        done.cost += attempt["paid"]
        return
    done.contacts += 1
    done.by_channel[attempt["channel"]] += 1
    done.by_day[datetime.fromisoformat(attempt["at"]).date()][attempt["channel"]] += 1
    done.cost += attempt["paid"]
    done.sent += bool(reached & {"sent", *REACHED})
    done.delivered += bool(reached & set(REACHED))
    done.read += bool(reached & {"read", "answered"})
    done.answered += "answered" in reached
    done.failed += "failed" in reached
    done.unknown += reached <= {"claimed", "unknown"}


def steps_of(items: Iterable[Item]) -> dict[str, str]:
    """attempt → debtor, creditor's episode, stage and step: what may be sent once."""
    found: dict[str, str] = {}
    for debtor, recorded in facts(items):
        if recorded["fact"]["kind"] == "attempt_claimed":
            attempt = recorded["fact"]["attempt"]
            key = attempt["step"]
            recipient = attempt.get("recipient", "")
            found[attempt["id"]] = f"{debtor} {recipient} {key['episode']} {key['stage']} {key['step']}"
    return found


def identities(items: Iterable[Item]) -> dict[str, str]:
    """debtor id → document, as the ledger holds them: so that what carriers echo can be laid beside the truth."""
    return {
        item["pk"].removeprefix("DEBTOR#"): str(
            item["body"]["debtor"].get("personal", {}).get("national_id", "")
        ).rpartition(":")[2]
        for item in states(items)
    }
