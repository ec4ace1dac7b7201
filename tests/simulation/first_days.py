"""The days of imports, first contacts and first answers, in which most can go wrong; whole months run by the command."""

from collections import Counter
from collections.abc import Iterable

from infra.simulation.run import simulate

DAYS = 2
PEOPLE = 10
EACH = 25


def first_days(seeds: Iterable[int]) -> tuple[list[str], Counter[str]]:
    """What was untrue in them, with the call that shows it; and how often each kind of fault befell somebody."""
    broken: list[str] = []
    faults: Counter[str] = Counter()
    for seed in seeds:
        done = simulate(seed, DAYS, people=PEOPLE)
        for (_, kind), times in done.table.items():
            faults[kind] += times
        if done.violation is not None:
            broken.append(f"simulate({seed}, {DAYS}, people={PEOPLE}): {done.violation}")
    return broken, faults
