"""The days of imports, first contacts and first answers, in which most can go wrong; whole months run by the command."""

from collections import Counter
from collections.abc import Iterable

from infra.simulation.faults import KINDS
from infra.simulation.run import simulate

DAYS = 2
PEOPLE = 10
EACH = 25


def live_the_first_days(seeds: Iterable[int]) -> None:
    """Of each seed; nothing untrue may happen, and of faults there are enough of most kinds."""
    table: Counter[tuple[str, str]] = Counter()
    several = list(seeds)
    for seed in several:
        done = simulate(seed, DAYS, people=PEOPLE)
        table.update(done.table)
        assert done.violation is None, f"simulate({seed}, {DAYS}, people={PEOPLE}): {done.violation}"

    assert sum(table.values()) > 20 * len(several)
    assert len({kind for _, kind in table}) > len(KINDS) * 3 / 4
