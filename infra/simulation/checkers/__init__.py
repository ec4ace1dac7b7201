"""The judges: they see what an outsider sees (carriers, answers, the table) and know the rules by heart, not the code."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from infra.demo.carriers import Taken
from infra.demo.people import Person
from infra.demo.portfolio import Portfolio
from infra.local.backends.dynamodb.store import Store
from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.contacts import Contacts
from infra.simulation.checkers.endings import Endings
from infra.simulation.checkers.files import Files
from infra.simulation.checkers.known import Known
from infra.simulation.checkers.payments import Payments
from infra.simulation.checkers.record import Record
from infra.simulation.checkers.replies import Replies
from infra.simulation.checkers.rules import personal_words
from infra.simulation.checkers.shared_room import SharedRoom
from infra.simulation.checkers.telling import Telling
from infra.simulation.checkers.workers import Workers
from infra.simulation.kernel import Kernel
from infra.simulation.log import Log, Violation
from recobro.domain.playbook import Playbook

LETTING_GO_ON = 3600.0
"""Seconds that an operator whose process stands still may need from deciding to let something go on until it is on."""


class People:
    """Who is who: debtor ids as the table has them, persons as the creditors know them."""

    def __init__(self, portfolio: Portfolio, record: Record) -> None:
        self._by_document = portfolio.by_document()
        self._record = record

    def of(self, debtor_id: str) -> Person | None:
        one = self._record.known.get(debtor_id)
        return self._by_document.get(one.document) if one is not None else None

    def open_tasks(self) -> list[tuple[str, dict[str, Any]]]:
        return [(one.id, task) for one in self._record.known.values() for task in one.tasks.values()]


class Checkers:
    """Told of everything as it happens; the first thing that should not have happened ends the run."""

    def __init__(
        self, log: Log, kernel: Kernel, portfolio: Portfolio, store: Store, playbook: Playbook
    ) -> None:
        self._log = log
        self._kernel = kernel
        self._store = store
        self._let_go_on: dict[str, float] = {}
        self.record = Record(store, playbook, self._broke)
        self.people = People(portfolio, self.record)
        self.workers = Workers()
        self.shared = SharedRoom(self.record, playbook, self.workers, self._broke)
        self.contacts = Contacts(
            self.record, self.people.of, playbook.client, self.workers, self.shared, self._broke
        )
        self.telling = Telling(self.record, portfolio, self.people.of, playbook.client, self._broke)
        self.replies = Replies(self.record, self.workers, self._broke)
        self.payments = Payments(self.record, store, kernel, self._broke)
        self.files = Files(store, self.record, self._broke)
        self._endings = Endings(self.record, self.contacts, self._broke)
        self._names = [person.name for person in portfolio.people]
        self._names += sorted({address for person in portfolio.people for address in person.addresses()})

    def wrote(self, before: Any, after: Any) -> None:
        """An item was written (or, after None, deleted)."""
        now = self._kernel.time
        item = after or before
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        if sk == "STATE" and after is not None:
            one, facts = self.record.saved(after, now)
            for fact in facts:
                self._log.said(now, "ledger", one.id, _told(fact, one))
                self.contacts.recorded(one, fact, now)
                self.replies.recorded(one, fact)
                if fact["kind"] == "feed_read":
                    self.files.read(one, fact)
            self.contacts.saved(one, now)
            self.replies.saved(one, now)
            self.telling.saved(one)
        elif pk == "SWITCHES":
            self._switched()
        elif pk.startswith("SUPPRESSED#"):
            self.contacts.closed(pk.removeprefix("SUPPRESSED#"), now)
        elif pk.startswith("SCOPE#"):
            self.shared.kept(pk, after, now)
        elif pk.startswith("BUDGET#") and after is not None:
            self.contacts.limits.granted(pk.removeprefix("BUDGET#"), sk, int(after["used"]["N"]), now)
        elif pk.startswith("ASIDE#") and after is not None:
            self._put_aside(after)
        elif sk.startswith("FACT#") and before is not None and after != before:
            self._broke("history", pk.removeprefix("DEBTOR#"), f"{sk} was changed")

    def _put_aside(self, item: dict[str, Any]) -> None:
        """What others send us may be nonsense; what we do ourselves never breaks our own rules."""
        reason = item["reason"]["S"] if "reason" in item else ""
        if reason.startswith("InvariantBroken"):
            self._broke("set aside", "", reason)

    def addressed(self, what: Taken) -> Taken:
        """A push echoes the attempt alone: whose it is stands in the record, if anywhere."""
        attempt = what.echo.get("attempt_id", "")
        if "debtor_id" in what.echo:
            return what
        owner = next((one.id for one in self.record.known.values() if attempt in one.tries), "")
        return replace(what, echo={**what.echo, "debtor_id": owner})

    def carrier_asked(self, call: Seen) -> None:
        self.contacts.asked(call)
        self.telling.asked(call)

    def carrier_answered(self, call: Seen) -> None:
        self.contacts.answered(call)

    def set_aside(self, ident: str) -> None:
        """What nobody knows has been dealt with: it waits for a person."""
        items = self._store.tables["ledger"].items
        aside = (item for pk, part in items.items() if pk.startswith("ASIDE#") for item in part.values())
        if not any(ident in item["body"]["S"] for item in aside):
            self._broke("set aside", "", f"{ident} was acknowledged and is nowhere")

    def opted_out(self, address: str) -> None:
        """An opt-out has been answered: nothing goes to that address again, whoever it belongs to."""
        self.contacts.opted_out(address, self._kernel.time)
        for one in self._at(address):
            states = [one.points.get(point) for point, value in one.addresses.items() if value == address]
            if "active" in states:
                self._broke("opt-out", one.id, f"{address[-4:]} was answered and is still active")

    def told_to_a_person(
        self, debtor_id: str, disposition: str, about: Iterable[str] = (), step: str = ""
    ) -> None:
        """about: keys of debts that it was said of, as far as they were owed before."""
        self._log.said(self._kernel.time, "operator", debtor_id, f"closed a task: {disposition}")
        one = self.record.known[debtor_id]
        wanted = {"dispute": "dispute", "hardship": "hardship", "already_paid": "already_paid"}.get(
            disposition
        )
        if wanted and not any(hold["reason"] == wanted for hold in one.holds.values()):
            self._broke("dispute", debtor_id, f"{disposition} was recorded and holds nothing")
        for key in about if wanted else ():
            if one.debts[key].status == "active" and not one.leaves_in_peace(key):
                self._broke("dispute", debtor_id, f"{disposition} was recorded and {key} is asked for")
        if disposition == "opt_out" and "*" not in one.stopped:
            self._broke("opt-out", debtor_id, "said to a person and not recorded")
        where = [point for content, point in one.said if step == f"said:{content}"]
        for point in where:
            if disposition == "wrong_person" and one.points.get(point) == "active":
                self._broke("wrong person", debtor_id, f"{point[:6]} was said to be another's and is active")
            if disposition == "opt_out" and point in one.addresses:
                self.opted_out(one.addresses[point])

    def paused(self, scope: str) -> None:
        """A stop has been answered: it stands, unless somebody was just letting the same go on."""
        now = self._kernel.time
        self._log.said(now, "operator", "", f"pauses {scope}")
        if scope in self._switched_off():
            self.contacts.off[scope] = now
        elif now - self._let_go_on.get(scope, 0.0) > LETTING_GO_ON:
            self._broke("stop button", "", f"{scope} was answered and is not off")

    def resumed(self, scope: str) -> None:
        """Somebody begins to let it go on."""
        self.contacts.off.pop(scope, None)
        self.contacts.let_go_on(scope)
        self._let_go_on[scope] = self._kernel.time

    def _switched(self) -> None:
        """The switches were written: what somebody lets go on may be on from here, whatever was answered between."""
        still_off, now = self._switched_off(), self._kernel.time
        for scope in [one for one in self.contacts.off if one not in still_off]:
            del self.contacts.off[scope]
            if now - self._let_go_on.get(scope, 0.0) > LETTING_GO_ON:
                self._broke("stop button", "", f"{scope} is on, and nobody let it go on")

    def _switched_off(self) -> Any:
        item = self._store.tables["ledger"].get(("SWITCHES", "SWITCHES"))
        return item["off"]["M"] if item is not None else {}

    def queued(self, queue: str, body: str) -> None:
        """Queues that we write carry ids only."""
        if queue.startswith(("send-", "portfolio-partitions")) and personal_words(body, self._names):
            self._broke("queues carry ids only", "", f"{queue}: {body[:80]}")

    def ended(self, cloud: Any, carriers: Any) -> None:
        """The month is over and everything has settled."""
        self.record.ended()
        self.payments.ended()
        self.files.ended()
        self._endings.judge(self._kernel.time)
        self.shared.ended(self._kernel.time)

    def _at(self, address: str) -> list[Known]:
        return [one for one in self.record.known.values() if address in one.addresses.values()]

    def _broke(self, rule: str, debtor_id: str, detail: str) -> None:
        self._log.broke(Violation(rule, self._kernel.time, debtor_id, detail))


def _told(fact: dict[str, Any], one: Known) -> str:
    """A fact in few words."""
    kind = fact["kind"]
    if kind == "attempt_claimed":
        attempt = fact["attempt"]
        step = attempt["step"]
        return f"{one.version} claimed {attempt['id'][:8]} {attempt['channel']} for {step['episode']}.{step['stage']}.{step['step']}"
    if kind == "attempt_progressed":
        return f"{one.version} {fact['attempt'][:8]} {fact['status']} {fact.get('outcome', '')}"
    words = {name: value for name, value in fact.items() if name != "kind" and not isinstance(value, dict)}
    return f"{one.version} {kind} {' '.join(f'{name}={value}' for name, value in words.items())[:90]}"


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
