"""Seeds that showed something: with the repair taken out again (planted_bugs.toml), each still runs into its bug.

What a seed holds moves with every change of the simulation: then another seed that meets the same bug takes its place here.
"""

import pytest

from infra.simulation.run import simulate


@pytest.mark.parametrize(
    ("seed", "days"),
    [
        pytest.param(9, 3, id="an import's reader died, and a queue handed half of its pieces back"),
        pytest.param(59, 4, id="a worker's answer about the switches was lost, and it read them again"),
        pytest.param(37, 30, id="a sender stood still past its lease and learnt that nothing had left"),
    ],
)
def test_a_seed_that_once_failed_holds(seed: int, days: int) -> None:
    assert simulate(seed, days).violation is None
