"""Whoever we write to, in whichever of our languages, is told the same, offered the same and has the same ways out."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.starting.writing import strategy_text
from tests.demo_client import FOLDER

MESSAGES = FOLDER / "messages"
OTHERS = ("pt", "en")
FILES = sorted(one.name.removesuffix(".es.toml") for one in MESSAGES.glob("*.es.toml"))


def read(name: str, language: str) -> Mapping[str, Any]:
    return tomllib.loads((MESSAGES / f"{name}.{language}.toml").read_text("utf-8"))


def texts(there: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every text of a file by its place, as the variables that it uses; what is no text as it is."""
    if isinstance(there, dict):
        for key, value in there.items():
            if key not in {"language", "template"}:
                yield from texts(value, f"{path}.{key}")
    elif isinstance(there, str):
        yield path, sorted(set(re.findall(r"\{(\w+)\}", there)))
    else:
        yield path, there


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", FILES)
def test_every_message_says_the_same_in_each_language(name: str, language: str) -> None:
    assert dict(texts(read(name, language))) == dict(texts(read(name, "es")))


@pytest.mark.parametrize("language", ["es", *OTHERS])
def test_a_new_client_in_any_language_has_the_whole_strategy(language: str) -> None:
    whole = tomllib.loads(Path(FOLDER / "strategy.toml").read_text("utf-8"))

    assert tomllib.loads(strategy_text(language)) == whole
