"""The inventory of personal data is what the types say: nothing stored is left out, nothing is listed that is not stored."""

import dataclasses
from collections.abc import Callable

import pytest

from infra.privacy.inventory import (
    ELSEWHERE,
    FIELDS,
    KINDS,
    STORED,
    TYPES,
    inventory,
    kind_of_field,
    personal,
    types_of,
)
from infra.stack.bucket import LIFETIMES
from recobro.usecases.erase_files import FADING, LETTERS, OWN
from tests.infra.cli.conftest import Said, recobro, room  # noqa: F401 - fixtures

STORED_TYPES = list(dict.fromkeys(one for roots, _ in STORED.values() for one in types_of(roots)))
NAMES_PEOPLE = ("Personal", "Profile", "Content", "AcceptedRow", "PointGiven")


def test_a_field_that_nobody_has_classified_is_refused() -> None:
    assert inventory()
    new = dataclasses.make_dataclass("Personal", [("mothers_maiden_name", str)])
    with pytest.raises(KeyError):
        kind_of_field(new, "mothers_maiden_name")
    with pytest.raises(KeyError):
        kind_of_field(dataclasses.make_dataclass("Diary", [("entry", str)]), "entry")


def test_what_names_people_is_looked_at_field_by_field() -> None:
    assert not set(NAMES_PEOPLE) & set(TYPES)
    assert set(NAMES_PEOPLE) <= {owner.__name__ for owner in STORED_TYPES}


def test_nothing_is_classified_that_is_not_stored() -> None:
    known = {f"{owner.__name__}.{one.name}" for owner in STORED_TYPES for one in dataclasses.fields(owner)}
    assert set(FIELDS) <= known
    assert set(TYPES) <= {owner.__name__ for owner in STORED_TYPES}


def test_what_names_a_person_is_listed_with_where_it_is_and_what_becomes_of_it() -> None:
    rows = {(one.store, one.field): one for one in personal()}
    assert rows["table STATE", "Personal.national_id"].kind == "identity"
    assert rows["table CONTENT", "Content.variables"].kind == "words"
    assert KINDS["key"].erased.startswith("deleted")
    assert not [one for one in inventory() if one.kind not in KINDS or not one.kept]
    facts = {one.kind for one in inventory() if one.store == "table FACT"}
    assert not facts & {"identity", "address", "key"}, "facts outlive an erasure: they may name nobody"


def test_every_folder_with_people_s_data_is_there() -> None:
    stores = " ".join([*STORED, *(one.store for one in ELSEWHERE)])
    assert all(folder in stores for folder in LIFETIMES)
    handled = {*OWN, *FADING, LETTERS, "work/", "journal/"}
    assert set(LIFETIMES) == handled, "say in usecases/erase.py what an erasure does with a new folder"


def test_the_creditor_s_letters_are_listed_and_have_an_end() -> None:
    (row,) = [one for one in ELSEWHERE if one.store == "bucket letters/"]
    assert row.kind == "identity", "it names the person, with their number"
    assert LIFETIMES["letters/"] == LIFETIMES["heard/"], "as long as any other evidence of how it ended"
    assert f"{LIFETIMES['letters/']} days" in row.kept


def test_the_command_tells_it(recobro: Callable[..., Said]) -> None:  # noqa: F811 - the fixture
    said = recobro("personal-data", "--fields").out
    assert "Personal.name" in said
    assert "mx" in said.lower()
    assert len(recobro("personal-data", "--json").json["fields"]) == len(personal())
