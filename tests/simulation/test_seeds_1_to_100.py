"""The first hundred of two hundred seeds; what stands in files of its own is lived side by side."""

import pytest

from infra.simulation.faults import KINDS
from tests.simulation.months import EACH, broken, kinds_met, months


@pytest.mark.parametrize("first", range(1, 101, EACH))
def test_nothing_untrue_happens_in_two_hundred_months(first: int) -> None:
    lived = months(range(first, first + EACH))

    assert broken(lived) == []
    assert min(one.people for one in lived) >= 10
    assert min(one.injected for one in lived) >= 50
    assert sum(one.claims for one in lived) > 80 * EACH
    assert len(kinds_met(lived)) > len(KINDS) * 0.95
