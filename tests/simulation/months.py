"""Two hundred months in every run of the tests; thousands more, and those on the template, run by the command."""

from collections import Counter
from collections.abc import Iterable

from infra.simulation.run import Result, simulate

DAYS = 30
PEOPLE = 12
EACH = 25


def months(seeds: Iterable[int]) -> list[Result]:
    return [simulate(seed, DAYS, people=PEOPLE) for seed in seeds]


def broken(lived: Iterable[Result]) -> list[str]:
    """What was untrue in them, with the call that shows it."""
    return [
        f"simulate({one.seed}, {DAYS}, people={PEOPLE}): {one.violation}"
        for one in lived
        if one.violation is not None
    ]


def kinds_met(lived: Iterable[Result]) -> Counter[str]:
    """How often each kind of fault befell somebody."""
    met: Counter[str] = Counter()
    for one in lived:
        for (_, kind), times in one.table.items():
            met[kind] += times
    return met
