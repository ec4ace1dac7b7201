"""Seeds that found something. Each ran into its bug before the repair, and stays as the whole story beside the small test."""

import pytest

from infra.simulation.run import simulate


@pytest.mark.parametrize(
    ("seed", "days"),
    [
        pytest.param(2, 1, id="a reader died between the record of an import and its queue"),
        pytest.param(5, 1, id="a queue handed half of an import's pieces back"),
        pytest.param(
            19, 1, id="a crash between two obligors, and a journal that was quicker than the gateway"
        ),
    ],
)
def test_a_seed_that_once_failed_holds(seed: int, days: int) -> None:
    assert simulate(seed, days).violation is None
