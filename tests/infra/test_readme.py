"""What the README says can be typed can be typed, and what it points at is there."""

import re
import shlex
from pathlib import Path

import pytest

from infra.cli import main, parser
from tests.sample import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*(ROOT / name for name in ("README.md", "README.es.md", "CONTRIBUTING.md", "SECURITY.md")), *DOCS]
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


def _typed() -> list[str]:
    """Command lines that stand in a block or in a sentence, without their comments."""
    lines = re.findall(r"^(recobro [a-z][^#\n]*)", TEXT, re.MULTILINE)
    said = re.findall(r"`(recobro [a-z][^`]*)`", TEXT)
    return sorted({" ".join(line.split()) for line in (*lines, *said)})


@pytest.mark.parametrize("line", _typed())
def test_every_command_line_that_is_shown_can_be_typed(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a sentence names without its arguments has at least help under that very name."""
    words = shlex.split(line)[1:]
    try:
        parser().parse_args(words)
    except SystemExit:
        assert "are required" in capsys.readouterr().err, line
        with pytest.raises(SystemExit) as left:
            parser().parse_args([*words, "--help"])
        assert left.value.code == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    inside = [to for to in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")) if "://" not in to]

    assert [to for to in inside if not (page.parent / to).exists()] == []
