"""Arrows point inward: the domain knows nothing of the house, and only adapters know an SDK (DESIGN §6)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sample import ROOT

PACKAGE = ROOT / "layers/recobro/python/recobro"
SDKS = {"boto3", "botocore", "aws_lambda_powertools", "openpyxl", "phonenumbers", "stdnum"}
MAY_KNOW_SDKS = ("adapters/", "bootstrap.py", "entry.py", "intake/")
"""intake reads identities and phones by kept libraries, and is pure otherwise; entry logs."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))]


@pytest.mark.parametrize("path", files("understanding"), ids=lambda path: path.stem)
def test_reading_a_reply_needs_no_network_and_no_library(path: Path) -> None:
    inward = ("recobro.domain", "recobro.understanding", "recobro.errors")
    foreign = {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(inward)
    }

    assert foreign == set()


@pytest.mark.parametrize("path", files("domain", "law"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_domain_and_the_law_rest_on_the_standard_library_alone(path: Path) -> None:
    inward = ("recobro.domain", "recobro.law", "recobro.codec", "recobro.errors")
    foreign = {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(inward)
    }

    assert foreign == set()


def test_nothing_that_is_shipped_imports_what_stays_at_home() -> None:
    shipped = [*PACKAGE.rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    outward = {
        str(path) for path in shipped for name in imported(path) if name.split(".")[0] in {"infra", "tests"}
    }

    assert outward == set()


def test_only_adapters_know_an_sdk() -> None:
    knowing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in SDKS
    }

    assert {one for one in knowing if not one.startswith(MAY_KNOW_SDKS)} == set()


def test_a_handler_parses_calls_one_use_case_and_answers() -> None:
    long = {
        path.parent.name: lines
        for path in (ROOT / "functions").glob("*/handler.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 40
    }

    assert long == {}
