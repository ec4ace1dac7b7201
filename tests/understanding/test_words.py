"""The word lists reach Lambda as they were written."""

import json
import shutil
from pathlib import Path

import pytest

from infra.packing.own import compile_words
from recobro.errors import InvalidInput
from recobro.understanding.lexicon import WORDS, Lexicon, read


@pytest.mark.parametrize("language", ["es", "pt", "en", "languages"])
def test_what_is_shipped_says_what_was_written(language: str, tmp_path: Path) -> None:
    shutil.copy(WORDS / f"{language}.toml", tmp_path)
    compile_words(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [f"{language}.json"]
    assert json.loads((tmp_path / f"{language}.json").read_bytes()) == read(WORDS / f"{language}.toml")


def test_a_list_that_is_no_toml_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "es.toml").write_text("[families", encoding="utf-8")

    with pytest.raises(InvalidInput, match=r"es\.toml"):
        read(tmp_path / "es.toml")


def test_a_rule_for_an_intent_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidInput, match="wants_refund"):
        Lexicon("es", {"rules": [{"id": "es.refund", "intent": "wants_refund", "says": "devuelvan"}]})


def test_a_family_that_holds_itself_is_refused() -> None:
    with pytest.raises(InvalidInput, match="itself"):
        Lexicon("es", {"families": {"a": "<b>", "b": "<a>"}})
