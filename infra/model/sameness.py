"""States that differ only in names are one: who came first, how often was saved, and what nobody will look at again.

Without this the same story is told once for every order in which three workers got their names. Only names are taken away: two
states with one key have the same futures (tests/infra/test_model.py looks into both).
"""

from typing import Any

from infra.model.claim import Rules, State, Worker
from infra.model.ledger import CLAIMED, MAX_TRIES, SETTLES, UNKNOWN, Record

Key = tuple[Any, ...]


def same(state: State, rules: Rules) -> Key:
    """A key that is equal for states with the same futures.

    Versions are only ever compared for equality, so their ranks do, unless a broken protocol writes over newer ones. What is
    over is only over in the protocol as it is: a broken one may come back to it.
    """
    names: dict[int, int] = {-1: -1}
    state = without_what_is_over(state, rules)
    ranks = _ranks(state) if _versions_only_grow(rules) else None
    heard = {one.claim for one in state.workers if one.pc == "again"}
    record = _record(state.record, state.clock, names, ranks, heard)
    workers = sorted(
        state.workers, key=lambda one: (one.pc, one.number, one.at, one.base.version, one.outcome)
    )
    calls = sorted({(one.number, one.truth, _name(one.claim, names)) for one in state.calls})
    runs = tuple([_worker(one, state.clock, names, ranks, rules) for one in workers])
    held = state.on_its_way
    late = held and (_rank(held[0], ranks), _record(held[1], state.clock, names, None, heard)[1:])
    return (
        *(
            state.clock,
            record,
            state.suppressed,
            state.looked_up,
            state.waiting,
            state.crashes,
            state.lost,
            state.late,
        ),
        *(state.receipts, runs, late, tuple(calls), state.paid_answered, state.stop_answered),
        *(
            (one.pc, one.seen, _record(one.base, state.clock, names, ranks, heard))
            for one in (state.payer, state.opter, state.importer)
        ),
    )


def without_what_is_over(state: State, rules: Rules) -> State:
    """What can no longer change anything: late writes behind a newer save, hints that find nothing to do, budgets for both."""
    record = state.record
    if record is None or rules != Rules():
        return state
    if state.on_its_way is not None and state.on_its_way[0] != record.version:
        state = state._replace(on_its_way=None)
    is_over = record.paid or record.closed or record.mark == "unknown" or len(record.attempts) >= MAX_TRIES
    if not is_over or state.on_its_way is not None:
        return state
    # Nobody who decided on this record, or on an older one, can claim any more.
    state = state._replace(waiting=0, lost=0, late=0)
    if all(one.pc == "record" for one in state.workers):
        state = state._replace(calls=tuple([one for one in state.calls if one.truth == "out"]))
    if not state.workers:
        is_open = any(one.status in (CLAIMED, UNKNOWN) for one in record.attempts)
        state = state._replace(crashes=0, clock=state.clock if is_open else 0)
    return state


def _versions_only_grow(rules: Rules) -> bool:
    return (
        rules.claim_is_conditional
        and rules.outcome_is_conditional
        and rules.payment_is_conditional
        and rules.import_is_conditional
    )


def _ranks(state: State) -> dict[int, int]:
    """From 1, as 0 is "not there at all"."""
    bases = [*(one.base for one in state.workers), state.importer.base, state.payer.base]
    seen = {one.version for one in (state.record, *bases) if one is not None}
    if state.on_its_way is not None:
        seen.add(state.on_its_way[0])
    return {version: rank for rank, version in enumerate(sorted(seen | {0}))}


def _rank(version: int, ranks: dict[int, int] | None) -> int:
    return version if ranks is None else ranks[version]


def _name(claim: int, names: dict[int, int]) -> int:
    return names.setdefault(claim, len(names))


def _record(
    record: Record | None, clock: int, names: dict[int, int], ranks: dict[int, int] | None, heard: set[int]
) -> Key:
    if record is None:
        return ()
    attempts = tuple(
        [
            (
                one.number,
                _name(one.claim, names),
                one.status,
                min(clock - one.at, SETTLES) if one.status in (CLAIMED, UNKNOWN) else 0,
            )
            for one in record.attempts
        ]
    )
    save = _name(record.save, names) if record.save in heard else -1
    return (
        _rank(record.version, ranks) if ranks is None or record.version in ranks else -1,
        *(save, attempts, record.mark, record.paid, record.closed, record.known),
    )


def _worker(
    worker: Worker, clock: int, names: dict[int, int], ranks: dict[int, int] | None, rules: Rules
) -> Key:
    """Once it is about to call, of what it read only what the promises are about is still looked at."""
    name, age = _name(worker.claim, names), min(clock - worker.at, 1)
    base = worker.base
    match worker.pc:
        case "call":
            read: Key = (base.paid, base.closed)
        case "record":
            read, age = (), 0
        case _:
            read = _record(base, clock, names, ranks, set())
    if not rules.outcome_is_conditional:
        read = _record(base, clock, names, ranks, set())
    return (worker.pc, name, age, worker.number, worker.last_round, worker.outcome, read)
