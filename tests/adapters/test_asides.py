"""What cannot be used is kept, whatever it is made of: an item that does not fit would lose it."""

import pytest

from tests.house import Clock, house


@pytest.mark.parametrize(
    "letter", ["x", "\ufffd", "\U0001f600", "b\ud83d"], ids=["one byte", "three", "four", "half a letter"]
)
def test_the_largest_body_of_any_letters_is_kept_as_far_as_it_fits(letter: str) -> None:
    with house(Clock()) as home:
        home.asides.put("messages", "InvalidInput: " + letter * 9_000, letter * 300_000, home.now())
        (kept,) = home.asides.list("messages")

        assert kept["body"].startswith(letter[0] * 2 if len(letter) == 1 else "b?b?")
        assert 200_000 < len(kept["body"].encode()) <= 300_000
