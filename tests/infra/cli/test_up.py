"""A deployment on this machine takes files, answers at its public address, and leaves its state for the next command."""

import os
import socket
import time
from pathlib import Path

import pytest

from infra.cli import main
from infra.cli.kept import kept
from tests.infra.cli.test_kept import PORTFOLIO


def test_a_port_that_is_taken_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["up", "--keep", str(tmp_path), "--port", port]) == 1
    assert "--port" in capsys.readouterr().err


def test_the_routes_of_the_template_are_shown(tmp_path: Path) -> None:
    with kept("demo", tmp_path) as place:
        assert ("POST", "/hooks/{gateway}/{endpoint}", "receive_payment") in place.routes()


def test_a_file_dropped_into_the_inbox_is_taken_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state"
    (state / "inbox").mkdir(parents=True)
    good, bad = state / "inbox" / "cartera.csv", state / "inbox" / "carta.csv"
    good.write_text(PORTFOLIO.format(due="2026-11-16"), encoding="utf-8")
    bad.write_text("hola,adios\n1,2\n", encoding="utf-8")
    earlier = time.time() - 10
    for path in (good, bad):
        os.utime(path, (earlier, earlier))

    assert main(["up", "--keep", str(state), "--port", "0", "--seconds", "3"]) == 0
    shown = capsys.readouterr()
    assert "2 rows taken: 2 people" in shown.out
    assert (state / "inbox" / "taken" / "cartera.csv").exists()
    assert (state / "inbox" / "refused" / "carta.csv").exists()

    assert main(["timeline", "A-1", "--local", str(state)]) == 0
    assert "Ana Prueba" in capsys.readouterr().out


def test_without_keep_nothing_is_left_behind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "--port", "0", "--seconds", "0.5"]) == 0
    assert "nothing was kept" in capsys.readouterr().out
