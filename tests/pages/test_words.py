"""The page says the same in three languages: every text in each, with the same figures in it."""

import re
from string import Formatter

import pytest

from recobro.pages.scene import LANGUAGES, words_in

ES = words_in("es")
THREATS = re.compile(
    r"(?i)embarg|demanda|juicio|bur[oó]|c[aá]rcel|deud|moros|penhora|processo|negativ|serasa|lawsuit|court|credit bureau|seiz|debt"
)


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_stands_in_every_language_with_the_same_figures(language: str) -> None:
    words = words_in(language)

    assert set(words) == set(ES)
    assert {key: names(text) for key, text in words.items()} == {key: names(text) for key, text in ES.items()}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_text_threatens_or_calls_it_by_a_hard_name(language: str) -> None:
    assert not {key: text for key, text in words_in(language).items() if THREATS.search(text)}
