"""How much time under fire passes in a second: one process, months of 25 people, every fault allowed; and what it holds."""

import time
from collections import Counter

from infra.simulation.run import simulate, simulate_wired

SEEDS, WIRED_SEEDS, WIRED_DAYS = range(1, 11), range(1, 4), 5


def run() -> dict[str, float]:
    """simulated days a second on both levels; per seed of the fast one, people, claims and faults at least."""
    began = time.process_time()
    months = [simulate(seed) for seed in SEEDS]
    spent = time.process_time() - began
    began = time.process_time()
    wired = [simulate_wired(seed, WIRED_DAYS) for seed in WIRED_SEEDS]
    spent_wired = time.process_time() - began
    if broken := [one for one in (*months, *wired) if one.violation is not None]:
        raise AssertionError(f"seed {broken[0].seed}: {broken[0].violation}")
    places: Counter[tuple[str, str]] = Counter()
    for one in months:
        places.update(one.table)
    return {
        "simulated_days_per_second": round(sum(one.days for one in months) / spent, 1),
        "wired_days_per_second": round(sum(one.days for one in wired) / spent_wired, 1),
        "claims_a_month_at_least": min(one.claims for one in months),
        "faults_a_month_at_least": min(one.injected for one in months),
        "places_with_faults": len(places),
    }


if __name__ == "__main__":
    print(run())
