"""The law's values behave like frozen dataclasses, at a twentieth of their import."""

import pytest

from recobro.law.pack import Source
from recobro.law.value import Value


class Example(Value):
    id: str
    size: int = 1


def test_fields_are_given_by_name_and_have_defaults() -> None:
    assert Example(id="a").size == 1
    assert Example(id="a").but(size=2) == Example(id="a", size=2)
    assert Example(id="a") != Example(id="b")
    assert Example(id="a") != Source(id="a", text="")


def test_a_missing_or_unknown_field_is_our_own_mistake_and_says_so() -> None:
    with pytest.raises(TypeError, match="needs 'id'"):
        Example()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no field 'siz'"):
        Example(id="a", siz=2)  # type: ignore[call-arg]


def test_a_value_never_changes() -> None:
    value = Example(id="a")
    with pytest.raises(AttributeError, match="frozen"):
        value.size = 2  # type: ignore[misc]
    with pytest.raises(AttributeError, match="frozen"):
        del value.size


def test_a_value_shows_its_id_and_not_its_hundred_words() -> None:
    assert repr(Example(id="a", size=3)) == "Example(a)"
    assert hash(Example(id="a", size=3)) == hash(Example(id="a"))
