"""A link opens its own page for its own time, and says nothing to who reads it."""

from dataclasses import replace
from datetime import timedelta
from string import ascii_letters, digits

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
        for letter in ascii_letters + digits + "-_":
            other = text[:place] + letter + text[place + 1 :]
            if other != text:
                with pytest.raises(InvalidInput):
                    read(other, "u", KEY, NOW)


@pytest.mark.parametrize("beside", ["=", "\r\n", "<>", " ", "\u00a0", "/..", "%0d"])
def test_nothing_may_stand_beside_a_link(beside: str) -> None:
    """It would come back in the address that we answer with."""
    text = sign(TOKEN, KEY)
    for other in (text + beside, beside + text, text[:9] + beside + text[9:]):
        with pytest.raises(InvalidInput):
            read(other, "u", KEY, NOW)


@pytest.mark.parametrize("text", ["", "x", "%%%", "a" * 500, "ñandú"])
def test_what_we_did_not_sign_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text, "u", KEY, NOW)


def test_a_link_for_one_purpose_opens_no_other() -> None:
    with pytest.raises(InvalidInput):
        read(sign(TOKEN, KEY), "p", KEY, NOW)


def test_an_old_link_has_expired() -> None:
    page = replace(TOKEN, purpose="p")
    with pytest.raises(InvalidInput):
        read(sign(page, KEY), "p", KEY, NOW + timedelta(days=31))


def test_a_no_never_comes_too_late() -> None:
    assert read(sign(TOKEN, KEY), "u", KEY, NOW + timedelta(days=3650)) == TOKEN
