"""Is the record what was recorded? Versions without a gap, a chain that holds, a state that is the sum of its facts."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from infra.local.backends.dynamodb.store import Store
from infra.simulation.checkers.differences import differences
from infra.simulation.checkers.known import Known
from infra.simulation.checkers.written import hash_of, instant, opened
from recobro.adapters.state_record import read_state, recorded_from_plain
from recobro.domain.compact import compact
from recobro.domain.debtor import Debtor
from recobro.domain.fold import fold
from recobro.domain.next_action import planned
from recobro.domain.playbook import Playbook

Broke = Callable[[str, str, str], None]
"""(rule, debtor id, detail)."""


class Record:
    """Follows every save of every debtor."""

    def __init__(self, store: Store, playbook: Playbook, broke: Broke) -> None:
        self._store = store
        self._playbook = playbook
        self._broke = broke
        self.known: dict[str, Known] = {}
        self._pending: dict[str, list[dict[str, Any]]] = {}

    def saved(self, item: dict[str, Any], now: float) -> tuple[Known, list[dict[str, Any]]]:
        """What was known of the debtor after this save, and the facts it brought."""
        debtor_id = item["pk"]["S"].removeprefix("DEBTOR#")
        one = self.known.setdefault(debtor_id, Known(debtor_id, born=now))
        body, version = opened(item), int(item["version"]["N"])
        if version != one.version + 1:
            self._broke("versions", debtor_id, f"{version} follows {one.version}")
        fresh = [fact for fact in body["pending"] if fact["version"] == version]
        for problem in self._chained(one, fresh):
            self._broke("chain", debtor_id, problem)
        told = body["debtor"]
        if told.get("head", "") != one.head:
            self._broke(
                "chain", debtor_id, f"version {version} ends in {told.get('head')}, its facts in {one.head}"
            )
        self._kept(debtor_id, body["pending"])
        shard, due_at = item["due_shard"]["S"], item["due_at"]["S"]
        if _says_nothing(one, fresh, shard, due_at):
            self._broke("plan", debtor_id, f"version {version} only says again that it stands at {due_at}")
        one.version, one.body, one.shard, one.due_at = version, told, shard, due_at
        one.addresses = dict(told.get("personal", {}).get("points", {}))
        one.document = told.get("personal", {}).get("national_id", "").rpartition(":")[2]
        for recorded in fresh:
            for problem in one.take(recorded["fact"], _at(recorded), now):
                self._broke("facts", debtor_id, problem)
        for problem in differences(one):
            self._broke("state is the fold of its facts", debtor_id, problem)
        if one.due_at == "~" and one.is_to_be_asked(now, self._playbook.strategy.min_actionable):
            self._broke("plan", debtor_id, "owes, is silenced by nothing, and stands planned nowhere")
        return one, [recorded["fact"] for recorded in fresh]

    def _chained(self, one: Known, fresh: list[dict[str, Any]]) -> Iterator[str]:
        for number, recorded in enumerate(fresh):
            if recorded["number"] != number or recorded["before"] != one.head:
                yield f"fact {recorded['version']}.{recorded['number']} does not follow"
            if recorded["hash"] != hash_of(one.head, recorded):
                yield f"fact {recorded['version']}.{recorded['number']} is not what its hash says"
            one.head = recorded["hash"]

    def _kept(self, debtor_id: str, pending: list[dict[str, Any]]) -> None:
        """A fact leaves the record only when the history has it."""
        table = self._store.tables["ledger"]
        now = {(fact["version"], fact["number"]) for fact in pending}
        for fact in self._pending.get(debtor_id, ()):
            place = (fact["version"], fact["number"])
            if place not in now and table.get((f"DEBTOR#{debtor_id}", _key(fact))) is None:
                self._broke("history", debtor_id, f"fact {place} left the record before the history had it")
        self._pending[debtor_id] = pending

    def ended(self) -> None:
        """The whole history once more: complete, chained, and the state is compact(fold) of it."""
        table = self._store.tables["ledger"]
        for debtor_id, one in sorted(self.known.items()):
            partition = table.items[f"DEBTOR#{debtor_id}"]
            facts = [_read(partition[name]) for name in sorted(partition) if name.startswith("FACT#")]
            head = ""
            for fact in facts:
                if fact["before"] != head or fact["hash"] != hash_of(head, fact):
                    self._broke("chain", debtor_id, f"history breaks at {fact['version']}.{fact['number']}")
                    break
                head = fact["hash"]
            if head != one.head:
                self._broke("history", debtor_id, f"ends in {head}, the record in {one.head}")
                continue
            loaded = read_state(partition["STATE"])
            assert loaded.saved_at is not None  # noqa: S101 - a STATE has its time
            folded = compact(fold(Debtor(debtor_id), map(recorded_from_plain, facts)), loaded.saved_at)
            if _plainly(folded) != _plainly(loaded.debtor):
                self._broke("state is compact(fold)", debtor_id, f"at version {one.version}")
            plan = planned(loaded.debtor, self._playbook, loaded.saved_at)
            if (plan.lane, plan.at) != (loaded.lane, loaded.next_action):
                self._broke("plan", debtor_id, f"stands at {loaded.next_action}, its record says {plan.at}")


def _says_nothing(one: Known, fresh: list[dict[str, Any]], shard: str, due_at: str) -> bool:
    """Nothing happened, and the plan stands where it stood: due is due, whatever the second. The index holds whole seconds, rounded up.

    A writer whose clock is behind the last save cannot tell: its own save bears that one's time, and is not judged.
    """
    if any(recorded["fact"]["kind"] != "plan_moved" for recorded in fresh) or shard != one.shard:
        return False
    if not fresh or one.last_at is None:
        return True
    at = _at(fresh[0])
    if at <= one.last_at:
        return False
    is_due = "~" not in one.due_at + due_at and (
        max(instant(one.due_at), instant(due_at)) < at + timedelta(seconds=1)
    )
    return is_due or one.due_at == due_at


def _plainly(debtor: Debtor) -> tuple[Any, ...]:
    """All but the place in the chain and what identifies the person, which facts do not hold."""
    names = [name for name in debtor.__slots__ if name not in {"version", "head", "personal"}]
    return tuple(getattr(debtor, name) for name in names)


def _key(fact: dict[str, Any]) -> str:
    return f"FACT#{fact['version']:010d}#{fact['number']:04d}"


def _read(item: dict[str, Any]) -> dict[str, Any]:
    import json

    fact: dict[str, Any] = json.loads(item["body"]["S"])
    return fact


def _at(recorded: dict[str, Any]) -> datetime:
    return instant(recorded["at"])
