"""Judges that never object prove nothing: bugs are planted on purpose, and seeds run until one is caught."""

import sys
from pathlib import Path

import pytest

from infra.simulation.planted import BLIND, LIST, Bug, Edit, bugs, hunted, source_with
from tests.infra.reading import run


@pytest.mark.parametrize("name", ["a_late_claim_is_sent_all_the_same", "whoever_saves_last_wins"])
def test_a_planted_bug_is_caught_within_a_few_seeds(name: str) -> None:
    found = hunted(LIST, name, seeds=10, days=3)

    assert found.caught, found


@pytest.mark.parametrize(("file", "least"), [(LIST, 3), (BLIND, 87)])
def test_every_bug_of_the_list_still_finds_its_place_in_the_code(file: Path, least: int) -> None:
    listed = bugs(file)

    assert len({bug.name for bug in listed}) == len(listed) >= least
    assert all(bug.why for bug in listed)


@pytest.mark.parametrize("file", [LIST, BLIND])
def test_no_bug_is_one_that_only_fails_to_load(file: Path, tmp_path: Path) -> None:
    for bug in bugs(file):
        for number, path in enumerate(sorted({edit.path for edit in bug.edits})):
            (tmp_path / f"{bug.name}_{number}.py").write_text(source_with(bug, path), "utf-8")

    unknown = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "E9,F821,F823"]
    found = run([*unknown, "--output-format", "concise", str(tmp_path)])

    assert found.returncode == 0, found.stdout + found.stderr


def test_a_bug_whose_place_is_gone_is_named(tmp_path: Path) -> None:
    gone = Bug("gone", "the code moved on", (Edit("usecases/send.py", "no such line", ""),))

    with pytest.raises(LookupError, match=r"gone: usecases/send\.py holds 'no such line' 0 times"):
        source_with(gone, gone.edits[0].path)
