"""Was anybody reached who must not be, twice, too late, or without a claim? Judged at the claim and on the carrier's counter."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.demo.people import Person
from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.known import Known, Try
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.checkers.rules import (
    ANSWERS,
    CONFIRMS,
    PAPERS,
    THANKS,
    against_claim,
    is_open,
    off_for,
)
from infra.simulation.checkers.workers import Workers
from recobro.domain.client import Client

STOP_BINDS_AFTER = 10.0
"""Seconds from an operator's stop to the last claim (PRACTICE: Stop button)."""

LEASE_AT_LEAST = 40.0
"""Seconds after a claim before which nobody may call its end unknown but its own worker; clocks may differ by sixteen of 60."""

MOST_BANS = 3
"""So many answers that the account is restricted; after a minute more the circuit is open, whoever died meanwhile."""

RATE_HOLDS = 840.0
"""Seconds after which what was granted for a minute is long over, and the next sweep's batch has taken its own."""

QUEUE_OF = {"voice_auto": "voice"}


class Contacts:
    """off: scope → since when an operator has stopped it."""

    def __init__(
        self,
        record: Record,
        person_of: Callable[[str], Person | None],
        client: Client,
        workers: Workers,
        broke: Broke,
    ) -> None:
        self._record = record
        self._person_of = person_of
        self._client = client
        self._broke = broke
        self._workers = workers
        self._bans: dict[str, list[float]] = defaultdict(list)
        self._granted_at: dict[str, float] = {}
        self.settled: set[str] = set()
        self.off: dict[str, float] = {}
        self.calls: dict[str, Seen] = {}
        self.claims = 0
        self._opted_out: dict[str, float] = {}
        self._granted: dict[str, dict[str, int]] = defaultdict(dict)
        self._spent = 0
        self._asked: dict[str, int] = defaultdict(int)

    def recorded(self, one: Known, fact: dict[str, Any], now: float) -> None:
        if fact["kind"] == "attempt_claimed":
            self._claimed(one, one.tries[fact["attempt"]["id"]], now)
        elif fact["kind"] == "attempt_progressed":
            self._progressed(one, fact, now)

    def _claimed(self, one: Known, claim: Try, now: float) -> None:
        person = self._person_of(one.id)
        if person is None:
            self._broke("who", one.id, "somebody whom no creditor named is contacted")
            return
        self.claims += 1
        claim.worker = self._workers.at_work
        late = self._workers.hint_overdue(one.id, now) if claim.by == "recobro" else ""
        if late:
            self._broke("old hint", one.id, late)
        for key in self.settled & set(claim.debts) if claim.kind != THANKS else ():
            self._broke("after a payment", one.id, f"{key} is paid in full, and its payment was acknowledged")
        for rule, detail in against_claim(one, claim, person, datetime.fromtimestamp(now, UTC)):
            self._broke(rule, one.id, detail)
        address = one.addresses.get(claim.point, "")
        if self._opted_out.get(address, now) < now and claim.kind != CONFIRMS:
            self._broke(
                "opt-out", one.id, f"{claim.channel} to {address[-4:]} is claimed after it was answered"
            )
        stop = off_for(self.off, claim, person, now, STOP_BINDS_AFTER)
        if stop:
            self._broke("stop button", one.id, f"{stop} is off since {now - self.off[stop]:.0f} s")

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
        if (
            status in {"sent", "delivered", "read"}
            and mine is not None
            and mine.by == "recobro"
            and (call is None or not call.taken)
        ):
            self._broke(
                "sent without a carrier", one.id, f"{fact['attempt'][:8]} is {status}, no carrier took it"
            )

    def _doubtful(self, one: Known, mine: Try, call: Seen | None, now: float) -> None:
        """Doubt is for what may have left, and for workers that died: a definite no is none."""
        if call is not None and call.result in {"refused", "unreached"} and now - mine.at < LEASE_AT_LEAST:
            self._broke("conservation", one.id, f"{mine.id[:8]} was {call.result} and is called unknown")
        if call is None and self._workers.was_well(mine.worker, mine.at, now):
            self._broke("conservation", one.id, f"{mine.id[:8]} never left, and its worker did not say so")

    def granted(self, name: str, period: str, used: int, now: float) -> None:
        """A budget's item was written."""
        self._granted[name][period] = used
        self._granted_at[name] = now
        limits = self._client.limits
        if name.startswith("spend"):
            own = self._client.channels.get(name.removeprefix("spend#"))
            most = own.monthly_spend_usd if own is not None else limits.monthly_spend_usd
            if used > most * 1_000_000:
                self._broke("budget", "", f"{name}: {used} micro-USD of {most} USD in {period}")
        if name.startswith("rate#"):
            rate = self._client.channels[name.removeprefix("rate#")].rate * 60
            if used > rate:
                self._broke("rate", "", f"{used} of {rate} in {period} by {name}")

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
        self._rate(call, debtor_id)

    def _way(self, call: Seen, claim: Try, debtor_id: str) -> None:
        """By the channel that was claimed, and by none whose carrier restricts us."""
        attempt_id = claim.id
        if call.what.channel != claim.channel:
            self._broke(
                "wrong channel",
                debtor_id,
                f"{attempt_id[:8]} is {claim.channel}, asked of {call.what.channel}",
            )
        bans = self._bans[call.what.channel]
        if len(bans) >= MOST_BANS and call.at - bans[MOST_BANS - 1] > 60:
            self._broke(
                "circuit", debtor_id, f"{call.what.channel} is restricted since {call.at - bans[0]:.0f} s"
            )

    def _rate(self, call: Seen, debtor_id: str) -> None:
        """Never more than was granted, and granted for now."""
        channel = QUEUE_OF.get(call.what.channel, call.what.channel)
        self._asked[channel] += 1
        if self._asked[channel] > sum(self._granted[f"rate#{channel}"].values()):
            self._broke("rate", debtor_id, f"{self._asked[channel]} {channel} were sent, fewer were granted")
        since = call.at - self._granted_at.get(f"rate#{channel}", 0.0)
        if since > RATE_HOLDS and self._workers.was_well(self._workers.at_work, call.at - since, call.at):
            self._broke("rate", debtor_id, f"{channel} is sent by a rate that was granted {since:.0f} s ago")

    def answered(self, call: Seen) -> None:
        """The carrier has answered, or never will: what it took is paid for, by money that was granted before."""
        if call.is_restricted:
            self._bans[call.what.channel].append(call.at)
        if not call.taken:
            return
        channel = QUEUE_OF.get(call.what.channel, call.what.channel)
        self._spent += max(1, self._client.channels[channel].price)
        if self._client.limits.monthly_spend_usd and self._spent > sum(self._granted["spend"].values()):
            debtor_id = call.what.echo.get("debtor_id", "")
            self._broke("budget", debtor_id, f"{self._spent} micro-USD are spent, fewer were granted")

    def let_go_on(self, scope: str) -> None:
        """An operator opens what is stopped: carriers may be tried again."""
        self._bans.pop(scope.removeprefix("channel:"), None)

    def opted_out(self, address: str, now: float) -> None:
        self._opted_out.setdefault(address, now)
