"""The pages say the same in three languages: every text in each, with the same figures in it."""

import re
from string import Formatter

import pytest

from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel
from recobro.domain.debt import DebtStatus
from recobro.domain.hold import HoldReason
from recobro.pages.desk import words_in as desk_words
from recobro.pages.scene import LANGUAGES, words_in
from recobro.usecases.tasks import DISPOSITIONS

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


DESK = desk_words("es")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_console_says_the_same_in_every_language(language: str) -> None:
    words = desk_words(language)

    assert {key: names(text) for key, text in words.items()} == {
        key: names(text) for key, text in DESK.items()
    }


def test_the_console_has_words_for_all_that_may_come_of_a_task() -> None:
    assert {f"result_{one}" for one in DISPOSITIONS} <= set(DESK)
    assert {f"was_{one.value}" for one in AttemptStatus} <= set(DESK)
    assert {f"channel_{one.value}" for one in Channel} <= set(DESK)
    assert {f"debt_{one.value}" for one in DebtStatus} <= set(DESK)
    assert {f"hold_{one.value}" for one in HoldReason} <= set(DESK)
