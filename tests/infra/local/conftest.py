"""Each test gets an empty sample deployment whose functions do nothing yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.local.sample import HEARD, PLAYS, Sample


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Sample]:
    PLAYS.clear()
    HEARD.clear()
    yield Sample(tmp_path / "cdk.out")
    PLAYS.clear()
    HEARD.clear()


@pytest.fixture(params=["ministack", "moto", "memory"])
def backend(request: pytest.FixtureRequest) -> str:
    """Every promise about AWS's services is kept on every implementation."""
    return str(request.param)
