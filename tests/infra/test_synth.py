"""A template is made once for each content, says plainly what is wrong, and is the same from the CDK command."""

import os
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.repository import CLIENTS, building, built_once, keep_newest
from infra.synth import fingerprint, synthesise
from recobro.errors import InvalidInput


def test_the_second_time_nothing_is_made() -> None:
    assembly = synthesise("demo")
    before = (assembly / "manifest.json").stat().st_mtime_ns
    assert synthesise("demo") == assembly
    assert (assembly / "manifest.json").stat().st_mtime_ns == before


def test_a_changed_client_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(CLIENTS / "demo", folder)
    assert fingerprint(folder) == fingerprint(CLIENTS / "demo")
    with (folder / "client.toml").open("a", encoding="utf-8") as file:
        file.write("# a note\n")
    assert fingerprint(folder) != fingerprint(CLIENTS / "demo")


def test_a_client_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"nobody/client\.toml.*no such file"):
        synthesise("nobody", tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".lock"], "nothing half-made is left"


def test_what_failed_half_way_is_not_taken_for_finished(tmp_path: Path) -> None:
    target = tmp_path / "built"
    with pytest.raises(OSError, match="full"):
        _fail_half_way(target)
    assert list(tmp_path.iterdir()) == []
    with building(target) as partial:
        (partial / "whole").touch()
    assert [path.name for path in target.iterdir()] == ["whole"]


def _fail_half_way(target: Path) -> None:
    with building(target) as partial:
        (partial / "half").touch()
        raise OSError("the disk is full")


def test_whoever_wants_what_is_being_built_waits_for_it(tmp_path: Path) -> None:
    target, times = tmp_path / "built", Counter[str]()

    def build(partial: Path) -> None:
        times["built"] += 1
        time.sleep(0.05)
        (partial / "whole").touch()

    def wanted(_number: int) -> bool:
        return (built_once(target, build, "built*") / "whole").exists()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(wanted, range(4)))
    assert times["built"] == 1
    assert list(tmp_path.iterdir()) == [target], "no lock is left"


def test_old_assemblies_do_not_pile_up_and_none_in_use_is_taken_away(tmp_path: Path) -> None:
    two_days_ago = time.time() - 2 * 24 * 3600
    for number in range(9):
        (tmp_path / f"demo-{number}").mkdir()
        if number < 5:
            os.utime(tmp_path / f"demo-{number}", (two_days_ago + number, two_days_ago + number))
    keep_newest(tmp_path, "demo-*", count=3)
    assert {path.name for path in tmp_path.iterdir()} == {f"demo-{number}" for number in range(5, 9)}
    for path in tmp_path.iterdir():
        os.utime(path, (two_days_ago, two_days_ago))
    keep_newest(tmp_path, "demo-*", count=3)
    assert len(list(tmp_path.iterdir())) == 3, "the last ones stay, however old"
