"""The second hundred of two hundred seeds; what stands in files of its own is lived side by side."""

import pytest

from infra.simulation.faults import KINDS
from tests.simulation.first_days import EACH, first_days


@pytest.mark.parametrize("first", range(101, 201, EACH))
def test_nothing_untrue_happens_in_the_first_days_of_two_hundred_seeds(first: int) -> None:
    broken, faults = first_days(range(first, first + EACH))

    assert broken == []
    assert sum(faults.values()) > 20 * EACH
    assert len(faults) > len(KINDS) * 3 / 4
