"""`recobro simulate` tells the seed, what it injected and, where something broke, what and how it came to that."""

import json

import pytest

from infra.cli import main


def test_one_seed_is_told_with_its_faults_and_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--seed", "3", "--days", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["seed"], told["days"], told["level"], told["violation"]) == (3, 1, "fast", None)
    assert len(told["digest"]) == 32
    assert sum(times for _, _, times in told["table"]) == told["injected"] > 0


def test_many_seeds_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--seeds", "1-2", "--days", "1", "--faults", "crash,duplicate", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["seeds"], told["broken"]) == (2, [])
    assert {kind for _, kind, _ in told["table"]} <= {"crash_before", "crash_after", "duplicate"}


@pytest.mark.parametrize(
    ("wrong", "fix"),
    [
        (["--seeds", "9-1"], "the smaller first"),
        (["--faults", "earthquake"], "no fault is called 'earthquake'"),
        (["--days", "0"], "at least 1"),
    ],
)
def test_a_wrong_wish_is_named_with_its_fix(
    wrong: list[str], fix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *wrong]) == 1
    told = capsys.readouterr()

    assert fix in told.out + told.err
