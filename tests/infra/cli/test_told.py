"""A history with a hole in it would be worse than none: every kind of fact has its words."""

from infra.cli.told import _TELLERS
from recobro.domain.facts import Fact


def test_every_kind_of_fact_is_told() -> None:
    assert set(_TELLERS) == set(Fact.__args__)
