"""Has what people answer its effect? Once a message is taken, what it contests rests, and who is not there is not written to there.

What a message deserves is told by whoever let it be written; the record's own reading of it is not asked (DESIGN §9.4).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.simulation.checkers.known import Known, Try
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.checkers.rules import CONFIRMS
from infra.simulation.checkers.workers import Workers
from infra.simulation.checkers.written import hash_of_words, instant

A_PERSONS = ("said:", "hold:")
"""Before what a task is about that somebody has to read or to decide."""

PEOPLE_WORK_BY = ("operator", "console", "api")
"""What somebody at the agency or the creditor decides comes by these; every other function runs by itself."""

SAID_AGAIN = "already_paid_again"

REACHED_NOBODY = frozenset({"released", "failed"})


@dataclass(frozen=True)
class Said:
    """One message of somebody outside. ident, answers: as its carrier names it, and what it answers; at: epoch seconds.

    means: "dispute" | "already_paid" | "wrong_person" | "asks_person" | "no_calls"; empty: it asks for an answer at most.
    """

    channel: str
    ident: str
    address: str
    words: str
    means: str
    at: float
    answers: str = ""


class Replies:
    """Told of every message when it is written and when it has been dealt with, and of every save in between."""

    def __init__(self, record: Record, workers: Workers, broke: Broke) -> None:
        self._record = record
        self._workers = workers
        self._broke = broke
        self._said: dict[str, list[Said]] = defaultdict(list)
        self._waits: dict[str, dict[str, Said]] = defaultdict(dict)
        self._gone: set[tuple[str, str]] = set()
        self._words: dict[tuple[str, str], dict[str, Any]] = {}

    def said(self, message: Said) -> None:
        """Somebody writes from an address."""
        self._said[message.address].append(message)

    def recorded(self, one: Known, fact: dict[str, Any]) -> None:
        """A save brought this fact; what the save comes to is judged once all of it is known (`saved`)."""
        match fact["kind"]:
            case "message_received":
                message = self._written(one, fact["content"])
                if message is not None and message.means:
                    self._waits[one.id][message.ident] = message
            case "attempt_claimed":
                self._claimed(one, one.tries[fact["attempt"]["id"]])
            case "hold_placed":
                self._words[one.id, fact["hold"]["id"]] = fact["hold"]
            case "task_opened":
                self._words[one.id, fact["task"]["id"]] = fact["task"]
            case "hold_lifted":
                self._ended(one, fact["hold"])
            case "task_closed":
                self._ended(one, fact["task"])

    def saved(self, one: Known, now: float) -> None:
        """Whatever a message deserves of that person, it has from the first save on that leaves it so."""
        waits = self._waits.get(one.id)
        for message in list(waits.values()) if waits else ():
            if self._has_effect(one, message, now):
                del self._waits[one.id][message.ident]
                if message.means == "wrong_person":
                    self._gone |= {(one.id, point) for point in _closed_at(one, message.address)}

    def taken(self, message: Said) -> None:
        """A message that was no opt-out has been dealt with: whoever was known there then has it, and what it deserves."""
        for one in self._there(message):
            if not any(digest == _digest(one, message) for digest, _ in one.said):
                self._broke("heard", one.id, f"{message.ident} was acknowledged and is in no history")
        for debtor_id, waits in self._waits.items():
            if message.ident in waits:
                told = f"{message.ident} from {message.address[-4:]} was acknowledged and binds nothing"
                self._broke(message.means.replace("_", " "), debtor_id, told)

    def _written(self, one: Known, content: str) -> Said | None:
        messages = (told for address in one.addresses.values() for told in self._said.get(address, ()))
        return next((told for told in messages if _digest(one, told) == content), None)

    def _there(self, message: Said) -> list[Known]:
        """Who was known at that address before the message was written."""
        return [
            one
            for one in self._record.known.values()
            if any(one.known_at.get(point, message.at) < message.at for point in _at(one, message.address))
        ]

    def _has_effect(self, one: Known, message: Said, now: float) -> bool:
        """Of several people at one address nobody knows who writes: a person reads it, and until then all of them rest."""
        if message.means == "no_calls":
            return "*" in one.stopped or {"voice", "voice_auto"} <= one.stopped
        is_alone = (
            sum(message.address in other.addresses.values() for other in self._record.known.values()) < 2
        )
        owed = [key for key, debt in one.debts.items() if debt.is_owed]
        if not is_alone and all(one.leaves_in_peace(key) for key in owed):
            return True
        if message.means == "wrong_person":
            return bool(_closed_at(one, message.address)) and not _open_at(one, message.address)
        if message.means == "asks_person":
            return bool(one.tasks)
        return any(
            all(_rests(one, key, message.means, now) for key in (asked or owed) if one.debts[key].is_owed)
            for asked in _asked(one, message)
        )

    def _answers_once(self, one: Known, claim: Try) -> None:
        """What was written from an address is answered there once, however many people have it."""
        address = one.addresses.get(claim.point, "")
        told = [
            other
            for each in self._record.known.values()
            for other in each.tries.values()
            if (other.kind, each.addresses.get(other.point)) == (claim.kind, address)
            and other.status not in REACHED_NOBODY
        ]
        if len(told) > len(self._said[address]):
            self._broke(
                "answered twice", one.id, f"{len(told)} answers to {len(self._said[address])} messages"
            )

    def _claimed(self, one: Known, claim: Try) -> None:
        """Who is another person than we meant is not reached there again, whatever any file says since."""
        if claim.kind == "reply_to_inbound":
            self._answers_once(one, claim)
        if (one.id, claim.point) in self._gone and claim.by == "recobro" and claim.kind != CONFIRMS:
            told = f"{claim.channel} to {claim.point[:6]} is claimed, where somebody else was reached"
            self._broke("wrong person", one.id, told)

    def _ended(self, one: Known, name: str) -> None:
        """What people contest, and what has to be read, a person ends; where nobody says who works, that is not judged."""
        what = self._words.pop((one.id, name), {})
        is_a_persons = what.get("reason") == "dispute" or what.get("step", "").startswith(A_PERSONS)
        worker = self._workers.at_work
        if is_a_persons and worker and not worker.startswith(PEOPLE_WORK_BY):
            self._broke("ended by itself", one.id, f"{name} by {worker}")


def _at(one: Known, address: str) -> Iterator[str]:
    return (point for point, value in one.addresses.items() if value == address)


def _closed_at(one: Known, address: str) -> list[str]:
    return [point for point in _at(one, address) if one.points.get(point) != "active"]


def _open_at(one: Known, address: str) -> list[str]:
    return [point for point in _at(one, address) if one.points.get(point) == "active"]


def _digest(one: Known, message: Said) -> str:
    key = one.body.get("personal", {}).get("key", "")
    return hash_of_words(key, message.channel, message.ident, message.words)


def _rests(one: Known, key: str, reason: str, now: float) -> bool:
    """Whether that debt rests for just that: what is contested until a person has decided; who says for the second time that they have
    paid, until one has looked.
    """
    moment = datetime.fromtimestamp(now, UTC)
    for hold in one.holds.values():
        is_over = hold.get("resumes") and instant(hold["review_at"]) <= moment
        is_lasting = reason != "dispute" or not hold.get("resumes")
        if hold["reason"] == reason and is_lasting and not is_over and _is_over_it(hold, key):
            return True
    looks = (task for task in one.tasks.values() if reason == "already_paid" and task["reason"] == SAID_AGAIN)
    return any(_is_over_it(task, key) for task in looks)


def _is_over_it(what: dict[str, Any], key: str) -> bool:
    return (
        key in what["debts"] if what.get("debts") else what.get("creditor", "") in {"", key.partition("/")[0]}
    )


def _asked(one: Known, message: Said) -> Iterator[list[str]]:
    """The debts that a message may be about: those of what it names, else of what was last sent there by that channel and may have
    arrived; an empty list: all that is owed.
    """
    made = [
        each
        for each in one.body.get("attempts", ())
        if each["channel"] == message.channel
        and one.addresses.get(each["point"]) == message.address
        and not each.get("by", "").startswith("shared.")
    ]
    named = [each for each in made if message.answers and each.get("provider_id") == message.answers]
    for each in named or reversed(made):
        status = each.get("status", "claimed")
        if named or status not in REACHED_NOBODY:
            yield [key for key in each.get("debts", ()) if key in one.debts]
        if named or status not in {"claimed", *REACHED_NOBODY}:
            return
    yield []
