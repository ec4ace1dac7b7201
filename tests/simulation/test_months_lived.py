"""What the months came to is kept here, so that ten thousand of one version are lived over days: nothing broke in them."""

from pathlib import Path

import pytest

from infra.repository import ROOT
from infra.simulation.tally import read_tally

HERE = Path(__file__).parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "level", "least"),
    [
        ("months_lived.json", "fast", 1),
        ("months_lived_since.json", "fast", 1),
        ("months_on_the_template.json", "wired", 200),
    ],
)
def test_nothing_broke_in_the_months_that_are_kept(file: str, level: str, least: int) -> None:
    lived = read_tally(HERE / file)

    assert (lived.level, lived.days, lived.broken) == (level, 30, [])
    assert lived.seeds == set(range(1, len(lived.seeds) + 1))
    assert len(lived.seeds) - len(lived.short) >= least


@pytest.mark.parametrize(
    "file", ["months_lived.json", "months_lived_since.json", "months_on_the_template.json"]
)
def test_the_readme_says_what_they_came_to(file: str) -> None:
    lived = read_tally(HERE / file)
    told = (
        f"{len(lived.seeds):,}; {lived.sums['claims']:,}, {lived.sums['faults']:,} at {len(lived.table):,}; 0"
    )

    assert told in README
