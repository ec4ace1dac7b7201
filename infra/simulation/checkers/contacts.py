"""Was anybody reached who must not be, twice, too late, or without a claim? Judged at the claim and on the carrier's counter."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.demo.people import Person
from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.known import Known, Try, moves
from infra.simulation.checkers.limits import Limits
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.checkers.rules import (
    ANSWERS,
    CONFIRMS,
    PAPERS,
    THANKS,
    against_claim,
    against_sending,
    is_open,
    off_for,
)
from infra.simulation.checkers.shared_room import SharedRoom
from infra.simulation.checkers.workers import Workers
from infra.simulation.checkers.written import instant, word_of
from recobro.domain.client import Client

STOP_BINDS_AFTER = 10.0
"""Seconds from an operator's stop to the last claim (PRACTICE: Stop button)."""

LEASE_AT_LEAST = 40.0
"""Seconds after a claim before which nobody may call its end unknown but its own worker; clocks may differ by sixteen of 60."""

OPENS_WITHIN = 60.0
"""Seconds from an answer that the account is restricted, to a worker whom nothing befell then, until the circuit is open."""

SEND_WITHIN = timedelta(seconds=15)
"""From a claim to the first byte at the carrier (DESIGN: Claim before send)."""

FREE_AGAIN = 7200.0
"""Seconds of open hours after which a slot that was certainly not used is used again."""


WORDS_BIND_WITHIN = timedelta(minutes=1)
"""From a word about a debt that others owe too, or an address that others have, until it binds whatever is decided for them, told or not.
A claim that was decided before and saved after it (a slow save) is past its `send_by` and reaches nobody.
"""


class Contacts:
    """off: scope → since when an operator has stopped it."""

    def __init__(
        self,
        record: Record,
        person_of: Callable[[str], Person | None],
        client: Client,
        workers: Workers,
        shared: SharedRoom,
        broke: Broke,
    ) -> None:
        self._record = record
        self._shared = shared
        self._person_of = person_of
        self._broke = broke
        self._workers = workers
        self._bans: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self._asked_by: dict[int, str] = {}
        self.settled: set[str] = set()
        self.off: dict[str, float] = {}
        self.calls: dict[str, Seen] = {}
        self.claims = 0
        self._opted_out: dict[str, float] = {}
        self._closed: dict[str, float] = {}
        self.limits = Limits(client, workers, broke)
        self._brought: set[tuple[str, str]] = set()
        self._freed: list[Try] = []
        self._owed_by: dict[str, set[str]] = defaultdict(set)
        self._read: dict[str, str] = {}

    def recorded(self, one: Known, fact: dict[str, Any], now: float) -> None:
        if fact["kind"] == "debt_recorded":
            self._asks_again(one, fact["debt"])
        elif fact["kind"] == "attempt_claimed":
            self._claimed(one, one.tries[fact["attempt"]["id"]], now)
        elif fact["kind"] == "contact_reported":
            self._shared.reported(one, fact["attempt"])
        elif fact["kind"] == "attempt_progressed":
            self._progressed(one, fact, now)

    def _asks_again(self, one: Known, debt: dict[str, Any]) -> None:
        """A file from before a payment does not bring back what it settled.

        What was paid before its first file, a person places; who comes into a debt that somebody else has paid is told with the file.
        """
        key = f"{debt['creditor']}/{debt['ref']}"
        is_first = (one.id, key) not in self._brought
        self._brought.add((one.id, key))
        self._owed_by[key].add(one.id)
        is_posted = any(to == key for _, to in one.payments)
        if (
            is_posted
            and not is_first
            and key in self.settled
            and sum(debt.get("amounts", {}).values()) > debt.get("credit", 0)
        ):
            told = f"{key} is paid in full, and owed again by a file of {debt['calculated_on']}"
            self._broke("after a payment", one.id, told)

    def _claimed(self, one: Known, claim: Try, now: float) -> None:
        person = self._person_of(one.id)
        if person is None:
            self._broke("who", one.id, "somebody whom no creditor named is contacted")
            return
        self.claims += 1
        claim.worker = self._workers.at_work
        if claim.send_by - claim.claimed_at > SEND_WITHIN:
            self._broke("send_by", one.id, f"{claim.id[:8]} may be sent until {claim.send_by}")
        late = self._workers.hint_overdue(one.id, now) if claim.by == "recobro" else ""
        if late:
            self._broke("old hint", one.id, late)
        for key in self.settled & set(claim.debts) if claim.kind != THANKS else ():
            self._broke("after a payment", one.id, f"{key} is paid in full, and its payment was acknowledged")
        for rule, detail in against_claim(one, claim, person, datetime.fromtimestamp(now, UTC)):
            self._broke(rule, one.id, detail)
        self._shared.claimed(one, claim, person)
        for rule, ident in self._said_by_others(one, claim, datetime.fromtimestamp(now, UTC)):
            self._broke(rule, one.id, f"{ident} over {claim.debts}")
        address = one.addresses.get(claim.point, "")
        if self._opted_out.get(address, now) < now and claim.kind != CONFIRMS:
            self._broke(
                "opt-out", one.id, f"{claim.channel} to {address[-4:]} is claimed after it was answered"
            )
        decided = claim.claimed_at.timestamp()
        since = self._closed.get(claim.point, decided)
        if decided - since > WORDS_BIND_WITHIN.seconds and claim.kind != CONFIRMS:
            told = f"{claim.channel} to {claim.point} is claimed, which somebody had closed"
            self._broke("opt-out", one.id, told)
        stop = off_for(self.off, claim, person, now, STOP_BINDS_AFTER)
        if stop:
            self._broke("stop button", one.id, f"{stop} is off since {now - self.off[stop]:.0f} s")

    def _said_by_others(self, one: Known, claim: Try, now: datetime) -> Iterator[tuple[str, str]]:
        yield from (("contested by another", hold["id"]) for hold in self._contested(one, claim, now))
        yield from (("money of another waits", task["id"]) for task in self._unplaced(one, claim))

    def _contested(self, one: Known, claim: Try, now: datetime) -> Iterator[dict[str, Any]]:
        """What others contest, or are about to pay, of the debts that somebody is asked for, and nobody told this record."""
        for key, theirs in self._others(one, claim):
            for hold in theirs.holds.values():
                placed = instant(hold["placed_at"])
                is_over = hold.get("resumes") and instant(hold["review_at"]) <= now
                # One that names no debt is of all that were owed then, unless a program placed it over one person alone.
                is_word = "-" in hold["id"]
                is_of_it = key in hold["debts"] if hold.get("debts") else is_word
                is_of_it &= theirs.debts[key].recorded_at < placed.timestamp()
                if (
                    hold["reason"] in {"dispute", "already_paid", "payment_pending", "payment_reversed"}
                    and is_of_it
                    and not is_over
                    and claim.claimed_at - placed > WORDS_BIND_WITHIN
                    and word_of(hold) not in one.told_to_rest
                ):
                    yield hold

    def _unplaced(self, one: Known, claim: Try) -> Iterator[dict[str, Any]]:
        """Money for those debts that nobody has placed, of which others' records know and this one was never told."""
        for key, theirs in self._others(one, claim):
            for task in theirs.tasks.values():
                step = task.get("step", "")
                since = claim.claimed_at - instant(task["opened_at"])
                is_of_it = step.startswith("payment:") and key in task.get("debts", ())
                if is_of_it and since > WORDS_BIND_WITHIN and step not in one.reviewed:
                    yield task

    def _others(self, one: Known, claim: Try) -> Iterator[tuple[str, Known]]:
        """Who else owes what somebody is asked for, by the debt."""
        others = {(key, other) for key in claim.debts for other in self._owed_by[key] - {one.id}}
        for key, other in sorted(others) if claim.kind not in ANSWERS | PAPERS else ():
            yield key, self._record.known[other]

    def _progressed(self, one: Known, fact: dict[str, Any], now: float) -> None:
        call = self.calls.get(fact["attempt"])
        status = fact["status"]
        mine = one.tries.get(fact["attempt"])
        if status == "unknown" and mine is not None and mine.status == "unknown" and mine.by == "recobro":
            self._doubtful(one, mine, call, now)
        if (
            status == "released"
            and call is not None
            and call.taken
            and mine is not None
            and mine.status == "released"
        ):
            self._broke("wrong release", one.id, f"{fact['attempt'][:8]} was taken by its carrier")
        if status == "released" and mine is not None and mine.status == "released" and mine.by == "recobro":
            self._freed.append(mine)
        if (
            status in {"sent", "delivered", "read"}
            and mine is not None
            and mine.by == "recobro"
            and (call is None or not call.taken)
        ):
            self._broke(
                "sent without a carrier", one.id, f"{fact['attempt'][:8]} is {status}, no carrier took it"
            )

    def saved(self, one: Known, now: float) -> None:
        """A save has brought all its facts: a slot that was given back is there to be used."""
        freed, self._freed = self._freed, []
        person = self._person_of(one.id)
        for mine in freed:
            call = self.calls.get(mine.id)
            if person is None or (call is not None and not call.is_throttled) or one.due_at == "~":
                continue
            moments = (
                datetime.fromtimestamp(now + ahead, UTC) for ahead in (0.0, FREE_AGAIN / 2, FREE_AGAIN)
            )
            others = [
                other
                for other in one.tries.values()
                if other.status != "released" and other.at > now - 8 * 86400
            ]
            silent = (
                one.tasks or one.holds or one.promises or one.stopped or one.posted or one.eased or others
            )
            if (
                not silent
                and one.points[mine.point] == "active"
                and all(is_open(person, at) for at in moments)
            ):
                planned = datetime.fromisoformat(one.due_at).timestamp()
                if planned > now + FREE_AGAIN:
                    self._broke(
                        "released slot", one.id, f"{mine.id[:8]} never left; planned for {one.due_at}"
                    )

    def _doubtful(self, one: Known, mine: Try, call: Seen | None, now: float) -> None:
        """Doubt is for what may have left, and for workers that died: a definite no is none."""
        was_well = self._workers.was_well(mine.worker, mine.at, now)
        definite = call is not None and call.result in {"refused", "unreached"}
        if call is not None and definite and (was_well or now - mine.at < LEASE_AT_LEAST):
            self._broke("conservation", one.id, f"{mine.id[:8]} was {call.result} and is called unknown")
        if call is not None and call.result == "accepted" and was_well:
            self._broke("conservation", one.id, f"{mine.id[:8]} was accepted, and its worker did not say so")
        if call is None and was_well:
            self._broke("conservation", one.id, f"{mine.id[:8]} never left, and its worker did not say so")

    def asked(self, call: Seen) -> None:
        """A request has left for a carrier."""
        debtor_id, attempt_id = call.what.echo.get("debtor_id", ""), call.what.echo.get("attempt_id", "")
        one = self._record.known.get(debtor_id)
        claim = one.tries.get(attempt_id) if one is not None else None
        if one is None or claim is None:
            self._broke("sent before its claim", debtor_id, f"{attempt_id[:8]} stands in no record")
            return
        if attempt_id in self.calls:
            self._broke("sent twice", debtor_id, attempt_id[:8])
        self.calls[attempt_id] = call
        self._way(call, claim, debtor_id)
        if attempt_id in self._read:
            self._broke(
                "sent all the same", debtor_id, f"{attempt_id[:8]}, after reading {self._read[attempt_id]}"
            )
        if claim.status != "claimed":
            self._broke("sent without a claim", debtor_id, f"{attempt_id[:8]} is {claim.status}")
        if call.told_at > claim.send_by:
            self._broke(
                "after its send_by", debtor_id, f"{(call.told_at - claim.send_by).total_seconds():.1f} s"
            )
        person = self._person_of(debtor_id)
        if person is None or call.what.address not in person.addresses():
            self._broke("wrong address", debtor_id, f"{attempt_id[:8]} goes to {call.what.address[-4:]}")
        elif claim.kind not in ANSWERS | (PAPERS - {THANKS}) and not is_open(
            person, datetime.fromtimestamp(call.at, UTC)
        ):
            self._broke(
                "hours",
                debtor_id,
                f"{attempt_id[:8]} reaches its carrier at {datetime.fromtimestamp(call.at, UTC):%H:%M}Z",
            )
        self._asked_by[call.number] = self._workers.at_work
        self.limits.asked(call, debtor_id)

    def read(self, debtor_id: str, now: float) -> None:
        """Whoever works just now has read a record: with an open claim of theirs in it, they know what came since."""
        one = self._record.known.get(debtor_id)
        if one is None:
            return
        for claim in one.tries.values():
            if claim.status == "claimed" and claim.worker == self._workers.at_work and claim.by == "recobro":
                why = next(against_sending(one, claim, datetime.fromtimestamp(now, UTC)), "")
                if why:
                    self._read[claim.id] = why

    def _way(self, call: Seen, claim: Try, debtor_id: str) -> None:
        """By the channel that was claimed, and by none whose carrier restricts us."""
        attempt_id = claim.id
        if call.what.channel != claim.channel:
            self._broke(
                "wrong channel",
                debtor_id,
                f"{attempt_id[:8]} is {claim.channel}, asked of {call.what.channel}",
            )
        for at, worker in self._bans[call.what.channel]:
            if call.at - at > OPENS_WITHIN and self._workers.was_untroubled(worker, at):
                since = f"{call.what.channel} is restricted since {call.at - at:.0f} s"
                self._broke("circuit", debtor_id, since)

    def answered(self, call: Seen) -> None:
        """The carrier has answered, or never will: what it took is paid for, by money that was granted before."""
        if call.is_restricted:
            self._bans[call.what.channel].append((call.at, self._asked_by.get(call.number, "")))
        if call.taken:
            self.limits.taken(call, self._asked_by.get(call.number, ""))

    def told(self, call: Seen, status: str) -> None:
        """A receipt has been dealt with: what it says stands in the record, however late it came."""
        debtor_id, attempt_id = call.what.echo.get("debtor_id", ""), call.what.echo.get("attempt_id", "")
        one = self._record.known.get(debtor_id)
        mine = one.tries.get(attempt_id) if one is not None else None
        if mine is not None and status and moves(mine.status, status):
            self._broke(
                "receipt", debtor_id, f"{attempt_id[:8]} was told to be {status} and is {mine.status}"
            )

    def let_go_on(self, scope: str) -> None:
        """An operator opens what is stopped: carriers may be tried again."""
        self._bans.pop(scope.removeprefix("channel:"), None)

    def closed(self, point: str, now: float) -> None:
        """Whoever has the address wants no more there: it is written down before any record is."""
        self._closed.setdefault(point, now)

    def opted_out(self, address: str, now: float) -> None:
        self._opted_out.setdefault(address, now)
