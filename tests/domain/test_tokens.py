"""A link opens its own page for its own time, and says nothing to who reads it."""

from datetime import timedelta

import pytest

from recobro.domain.tokens import Token, read, sign
from recobro.errors import InvalidInput
from tests.sample import AMINTA
from tests.sample import MONDAY_NOON_MX as NOW

KEY = b"k" * 32
TOKEN = Token("u", AMINTA, "a111111", (NOW + timedelta(days=30)).date())


def test_a_link_leads_back_to_its_message() -> None:
    assert read(sign(TOKEN, KEY), "u", KEY, NOW) == TOKEN


def test_a_link_is_short_enough_for_one_text_message() -> None:
    assert len(sign(TOKEN, KEY)) == 35


def test_every_altered_letter_is_refused() -> None:
    text = sign(TOKEN, KEY)
    for place in range(len(text)):
        other = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        if other.rstrip("=") == text:
            continue
        try:
            assert read(other, "u", KEY, NOW) == TOKEN  # the last letter has unused bits
            assert place == len(text) - 1
        except InvalidInput:
            pass


@pytest.mark.parametrize("text", ["", "x", "%%%", "a" * 500, "ñandú"])
def test_what_we_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text, "u", KEY, NOW)


def test_a_link_for_one_purpose_opens_no_other() -> None:
    with pytest.raises(InvalidInput):
        read(sign(TOKEN, KEY), "p", KEY, NOW)


def test_an_old_link_has_expired() -> None:
    with pytest.raises(InvalidInput):
        read(sign(TOKEN, KEY), "u", KEY, NOW + timedelta(days=31))
