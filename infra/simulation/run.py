"""One month of one seed, and what came of it."""

import gc
import signal
import time as wall
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING

from infra.simulation import scenario
from infra.simulation.faults import KINDS
from infra.simulation.lines import read_aside
from infra.simulation.log import Violation
from infra.simulation.rush import rough_morning
from infra.simulation.system import System, own_environment
from recobro.entry import logger

if TYPE_CHECKING:
    from infra.simulation.wired import WiredSystem


@dataclass(frozen=True)
class Asked:
    """level: "fast" (tables in plain Python, calls overtake each other) | "wired" (botocore, the synthesised template)."""

    seed: int
    days: int = 30
    kinds: tuple[str, ...] = KINDS
    level: str = "fast"


@dataclass(frozen=True)
class Result:
    """digest: of everything that happened, the same on any machine. table: (call site, fault) → times. seconds: of real time."""

    seed: int
    days: int
    digest: str
    claims: int
    calls: int
    injected: int
    table: Counter[tuple[str, str]] = field(repr=False)
    violation: Violation | None
    trace: tuple[str, ...] = field(repr=False)
    seconds: float = field(compare=False)
    people: int = 0
    taken: int = 0
    level: str = "fast"


def simulate(
    seed: int, days: int = 30, kinds: tuple[str, ...] = KINDS, people: int = scenario.PEOPLE
) -> Result:
    """Live one month. The same arguments give the same digest."""
    began = wall.perf_counter()
    gc.disable()
    try:
        with own_environment(), read_aside() as lines:
            system = System(seed, days, kinds, scenario.book(), people)
            lines.reader = system.checkers.telling.logged
            system.run()
    finally:
        gc.enable()
    return _result(system, wall.perf_counter() - began)


def rush(seed: int, kinds: tuple[str, ...] = KINDS) -> Result:
    """Live one rough morning of many people on a slow channel (rush.py), up to noon: nothing is judged as ended."""
    began = wall.perf_counter()
    level = logger.log_level
    logger.setLevel("CRITICAL")
    try:
        with own_environment():
            system = rough_morning(seed, kinds)
    finally:
        logger.setLevel(level)
    return _result(system, wall.perf_counter() - began)


def simulate_wired(seed: int, days: int = 30, kinds: tuple[str, ...] = KINDS, client: str = "demo") -> Result:
    """The same on the synthesised template. Takes the whole process meanwhile."""
    from infra.simulation.wired import WiredSystem

    began = wall.perf_counter()
    level = logger.log_level
    logger.setLevel("CRITICAL")
    system = WiredSystem(seed, days, kinds, client)
    try:
        system.begin()
        system.run()
        return _result(system, wall.perf_counter() - began, "wired")
    finally:
        system.local.close()
        logger.setLevel(level)


def _result(system: "System | WiredSystem", seconds: float, level: str = "fast") -> Result:
    first = next(iter(system.log.violations), None)
    return Result(
        seed=system.seed,
        days=system.days,
        digest=system.log.digest(),
        claims=system.checkers.contacts.claims,
        calls=system.log.calls,
        injected=len(system.faults.injected),
        table=system.faults.table(),
        violation=first,
        trace=tuple(system.log.trace(first)) if first is not None else (),
        seconds=seconds,
        people=len(system.checkers.record.known),
        taken=sum(call.taken for call in system.carriers.calls),
        level=level,
    )


def result(asked: Asked) -> Result:
    """One seed, as it was asked for."""
    run = simulate_wired if asked.level == "wired" else simulate
    return run(asked.seed, asked.days, asked.kinds)


def results(asked: Sequence[Asked], jobs: int) -> Iterator[Result]:
    """All of them in their order, `jobs` at a time, each in a process that lives for a while."""
    if jobs <= 1 or len(asked) <= 1:
        yield from map(result, asked)
        return
    # Whoever stops the run stops its parent, which then ends these.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    with get_context("spawn").Pool(jobs, signal.signal, ignore, maxtasksperchild=200) as pool:
        yield from pool.imap(result, asked, chunksize=1)
