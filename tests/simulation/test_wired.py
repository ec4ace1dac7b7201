"""The same on the wiring that deploys: botocore's clients and retries, the template's queues, stream and roles."""

import pytest

from infra.simulation.run import simulate_wired


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_untrue_happens_on_the_synthesised_template(seed: int) -> None:
    done = simulate_wired(seed, 2)

    assert done.violation is None, f"recobro simulate --seed {seed} --days 2 --level wired: {done.violation}"
    assert done.claims > 0
    assert done.injected > 20


def test_the_same_seed_is_the_same_wired_month() -> None:
    assert simulate_wired(4, 1).digest == simulate_wired(4, 1).digest
