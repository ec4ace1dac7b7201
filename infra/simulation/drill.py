"""What each function is allowed and what it uses, shown by doing: simulated weeks with faults, and what they leave out.

A right that nothing here needs is one to take away from its row in `infra/app.py`, or one whose situation is missing below.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from infra.demo import formats
from infra.local.permissions.guard import Denial, Grant, Guard
from infra.simulation import scenario
from infra.simulation.cloud import BUCKET, SECRET, TABLE
from infra.simulation.desk import where_accounts_are_counted, work_at_the_desk
from infra.simulation.faults import KINDS, Faults
from infra.simulation.roles import roles
from infra.simulation.system import System, own_environment
from infra.simulation.visits import (
    ask_by_the_api,
    bring_proof,
    hint_at_a_payment,
    leave_by_link,
    let_a_promise_fall_due,
    object_before_the_import,
    pay_while_a_link_is_out,
    take_the_creditors_letter,
    told_by_mercado_pago,
    write_while_an_agreement_is_owed,
)
from recobro.domain.channel import Channel
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Stage
from recobro.entry import logger

MAPPING = 'layout = "none"\n'
"""Not fit for use: it is read, and the file handed back with what is wrong in it."""

LOCKED = 131031
"""Meta's code for an account that it has locked: every further message would meet the same answer."""


@dataclass(frozen=True)
class Used:
    """calls: requests of functions that were checked. denied: what was asked and not granted. unused: granted, never asked,
    by functions that lived; asleep: functions that nothing here starts, of whose rights it says nothing.
    """

    calls: int
    denied: tuple[Denial, ...]
    unused: tuple[Grant, ...]
    asleep: tuple[str, ...] = ()


class BadDays(Faults):
    """All faults, and two that chance brings too seldom: a journal that is down for days, so that records fill with facts the
    history does not hold yet, and a save of each function whose answer is lost, so that it has to look what became of it.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed, KINDS)
        self._looked: set[str] = set()

    def at_call(self, site: str, possible: Sequence[str], now: float) -> str:
        function = site.partition(" ")[0]
        if function == "journal" and scenario.at(1, 0) < now < scenario.at(JOURNAL_IS_BACK, 0):
            return "crash_before"
        if site.endswith(" PutItem STATE") and function not in self._looked:
            self._looked.add(function)
            return "timeout_after"
        return super().at_call(site, possible, now)


JOURNAL_IS_BACK = 5
"""The day of the run."""


def drill(seeds: range, days: int) -> Used:
    """Live `days` of every seed under the roles of the demonstration client's template, and look back."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    guard = roles("demo", TABLE, BUCKET, SECRET).guard
    calls = 0
    try:
        with own_environment():
            for seed in seeds:
                book = where_accounts_are_counted(told_by_mercado_pago(_calling_before_due(scenario.book())))
                system = System(seed, days, KINDS, book)
                system.faults = BadDays(seed)
                _with_own_mapping(system)
                system.run()
                _lock_whatsapp(system)
                leave_by_link(system)
                bring_proof(system)
                hint_at_a_payment(system)
                pay_while_a_link_is_out(system)
                object_before_the_import(system)
                let_a_promise_fall_due(system)
                write_while_an_agreement_is_owed(system)
                ask_by_the_api(system)
                take_the_creditors_letter(system)
                work_at_the_desk(system)
                calls += system.log.calls
    finally:
        logger.setLevel(level)
    asleep = tuple(sorted(name for name in guard.roles if ":" not in name and name not in guard.asked))
    unused = _beyond_saving([one for one in guard.unused_grants() if one.function not in asleep], guard)
    return Used(calls, tuple(guard.denials), unused, asleep)


SAVING = {"dynamodb:GetItem", "dynamodb:Query"}
"""What a save does by itself, besides writing: it looks what became of an answer that was lost, and, where a record is full, what
of it the history holds. Whoever saves holds them; chance decides for whom they are needed.
"""


def _beyond_saving(unused: Sequence[Grant], guard: Guard) -> tuple[Grant, ...]:
    """Without what a function that did save holds for its saves' sake, as long as somebody's save needed it."""
    idle = {(one.function, one.action) for one in unused}
    savers = {name for name in guard.asked if (name, "dynamodb:PutItem") not in idle}
    shown = {action for action in SAVING if any((name, action) not in idle for name in savers)}
    return tuple(
        one
        for one in unused
        if not (one.function in savers and one.action in shown and "/index/" not in one.resource)
    )


def _calling_before_due(book: Playbook) -> Playbook:
    """A strategy may call before the due date too; the demonstration's does not."""

    first = {1: Channel.VOICE_AUTO, 2: Channel.EMAIL}

    def calling(stage: Stage) -> Stage:
        if stage.to_dpd > 0:
            return stage
        steps = (
            replace(step, channels=(first[n % 3], *step.channels)) if step.channels and n % 3 else step
            for n, step in enumerate(stage.steps)
        )
        return replace(stage, steps=tuple(steps))

    return replace(
        book, strategy=replace(book.strategy, stages=tuple(calling(one) for one in book.strategy.stages))
    )


def _with_own_mapping(system: System) -> None:
    """A creditor's file that names the mapping to read it by, as `recobro import --mapping` leaves it."""
    name = "work/mappings/own.toml"
    system.cloud.files[name] = (MAPPING.encode(), {})
    system.drop("inbox/with-mapping.csv", b"a;b\n1;2\n", {"feed": "delta", "mapping": name})


def _lock_whatsapp(system: System) -> None:
    """A receipt tells that Meta has locked the account: the channel's circuit opens."""
    debtor = next(iter(system.checkers.record.known))
    now = datetime.fromtimestamp(system.kernel.time, UTC)
    told = formats.whatsapp_status("failed", now, "+525550100199", "wamid.none", f"{debtor}:none", LOCKED)
    system.cloud.queues["receipts"].send(json.dumps(formats.whatsapp(now, told, "locked")))
    system.kernel.run_until(system.kernel.time + 3600)
