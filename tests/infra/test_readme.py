"""What the README says can be typed can be typed, and what it points at is there."""

import re

import pytest

from infra.cli import main
from tests.sample import ROOT

PAGES = [ROOT / name for name in ("README.md", "README.es.md", "CONTRIBUTING.md")]
TEXT = "\n".join(page.read_text("utf-8") for page in PAGES)
MADE_BY_COMMANDS = {"recobro-demo.html", "infra/clients/<client>/"}


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", TEXT, re.MULTILINE))

    assert named
    assert {one for one in named if not re.search(rf"^{one}:", makefile, re.MULTILINE)} == set()


def test_every_path_that_is_named_exists() -> None:
    named = set(re.findall(r"`([\w./<>-]+/[\w./<>-]*|[A-Z]+(?:\.es)?(?:\.md)?)`", TEXT)) - MADE_BY_COMMANDS
    missing = {path for path in named if "<" not in path and not (ROOT / path).exists()}

    assert named
    assert missing - {"SMS"} == set()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^recobro ([a-z]+)", TEXT, re.MULTILINE))))
def test_every_command_that_is_shown_has_help_with_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])

    assert left.value.code == 0
    assert "examples:" in capsys.readouterr().out


def test_every_benchmark_that_is_quoted_can_be_run() -> None:
    from tests.benchmarks.__main__ import BENCHES

    assert set(re.findall(r"make bench ARGS=([a-z_]+)", TEXT)) <= set(BENCHES)
