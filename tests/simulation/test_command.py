"""`recobro simulate` tells the seed, what it injected and, where something broke, what and how it came to that."""

import json
from pathlib import Path
from typing import Any

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


def lived(capsys: pytest.CaptureFixture[str], *wish: str) -> Any:
    assert main(["simulate", *wish, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_months_lived_in_parts_come_to_the_same_as_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there, short = str(tmp_path / "here.json"), str(tmp_path / "there.json"), ("--days", "1")
    lived(capsys, "--seeds", "1-2", *short, "--keep", here)
    lived(capsys, "--seeds", "1-3", *short, "--keep", here)
    lived(capsys, "--seeds", "4-4", *short, "--keep", there)
    at_once = lived(capsys, "--seeds", "1-4", *short)

    (together,) = lived(capsys, "--sum", here, there)
    apart = {"seconds"}  # of real time
    assert together["lived"] == "1-4"
    assert {**together, **dict.fromkeys(apart)} == {**at_once, **dict.fromkeys(apart)}
    assert [one["seed"] for one in together["short"]] == [1, 2, 3, 4]  # a day holds no hundred claims


def test_months_of_other_code_or_lived_twice_are_not_added_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = tmp_path / "months.json", tmp_path / "older.json"
    kept = lived(capsys, "--seeds", "1-1", "--days", "1", "--keep", str(file))
    other.write_text(json.dumps({**kept, "version": "0" * 16}), "utf-8")

    assert len(lived(capsys, "--sum", str(file), str(other))) == 2
    assert main(["simulate", "--seeds", "2-3", "--days", "1", "--keep", str(other)]) == 1
    assert "version 0000000000000000, not" in capsys.readouterr().err
    assert main(["simulate", "--sum", str(file), str(file)]) == 1
    assert "seeds 1 stand in two files" in capsys.readouterr().err
    assert main(["simulate", "--seeds", "2-3", "--days", "2", "--keep", str(file)]) == 1
    assert "days 1, not 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wish", "again"),
    [
        ((), "recobro simulate --seed 7 shows"),
        (
            ("--days", "1", "--faults", "crash"),
            "simulate --seed 7 --days 1 --faults crash_before,crash_after shows",
        ),
        (("--days", "1", "--faults", "none"), "simulate --seed 7 --days 1 --faults none shows"),
    ],
)
def test_what_broke_is_named_by_the_command_that_lives_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wish: tuple[str, ...], again: str
) -> None:
    file = tmp_path / "months.json"
    kept = lived(capsys, "--seeds", "1-1", *(wish or ("--days", "1")), "--keep", str(file))
    days = kept["days"] if wish else 30
    broken = {**kept, "days": days, "broken": [{"seed": 7, "rule": "caps", "detail": "two"}]}
    file.write_text(json.dumps(broken), "utf-8")

    assert main(["simulate", "--sum", str(file)]) == 1
    assert again in " ".join(capsys.readouterr().out.split())


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
