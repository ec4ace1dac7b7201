"""Seeds that showed something: with the repair taken out again (planted_bugs.toml), each still runs into its bug."""

import pytest

from infra.simulation.run import simulate


@pytest.mark.parametrize(
    ("seed", "days", "people"),
    [
        pytest.param(2, 3, 22, id="an import's reader died, and a queue handed half of its pieces back"),
        pytest.param(167, 2, 10, id="an answer quicker than the sender that died after its carrier took it"),
        pytest.param(108, 4, 16, id="a worker frozen between reading the switches and writing its claim"),
        pytest.param(4011, 2, 16, id="a debt was paid before the file had brought the second person in it"),
    ],
)
def test_a_seed_that_once_failed_holds(seed: int, days: int, people: int) -> None:
    assert simulate(seed, days, people=people).violation is None


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(2093, id="a file said that a debt was paid before its guarantor heard who had paid it"),
        pytest.param(2413, id="what was left of a debt was less than anybody is bothered for"),
        pytest.param(5609, id="a file brought a debt back two seconds after money came that paid the rest"),
    ],
)
def test_a_seed_that_a_judge_was_hasty_about_holds(seed: int) -> None:
    assert simulate(seed).violation is None
