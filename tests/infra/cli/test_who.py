"""An operator finds one person by whatever they have at hand, and never the wrong one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.cli.who import addresses, debtor_named
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, debtor, playbook

OTHER = "d" + "0" * 22 + "2"


@pytest.fixture
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        settle_in(opened, debtor())
        opened.lookups.add(opened.keys.point("+525550100001"), AMINTA)
        opened.lookups.add(opened.keys.point("aminta@example.com"), AMINTA)
        opened.lookups.add(opened.keys.debt("muebles/A1"), AMINTA)
        yield opened


@pytest.mark.parametrize(
    "text",
    [
        AMINTA,
        "muebles/A1",
        "A1",
        "+52 55 5010 0001",
        "55 5010 0001",
        "+52 1 55 5010 0001",
        "Aminta@Example.com",
    ],
)
def test_an_id_a_reference_a_phone_or_an_email_finds_the_person(home: House, text: str) -> None:
    assert debtor_named(home, text) == AMINTA


@pytest.mark.parametrize(
    ("country", "text", "recorded"),
    [
        ("MX", "(55) 5010-0001", "+525550100001"),
        ("MX", "044 55 5010 0001", "+525550100001"),
        ("AR", "011 4123-4567", "+541141234567"),
        ("AR", "011 15-4123-4567", "+5491141234567"),
        ("BR", "(11) 96123-4567", "+5511961234567"),
        ("EC", "099 123 4567", "+593991234567"),
        ("ES", "600 123 456", "+34600123456"),
        ("GB", "07700 900123", "+447700900123"),
        ("US", "(212) 555-0101", "+12125550101"),
    ],
)
def test_a_phone_is_found_as_people_of_its_country_write_it(country: str, text: str, recorded: str) -> None:
    assert recorded in addresses(text, replace(playbook().client, countries=(country,)))


@pytest.mark.parametrize("text", [OTHER, "A2", "+525550100099", "nadie@example.com", "MX:RFC:XAXX010101000"])
def test_somebody_unknown_is_nobody(home: House, text: str) -> None:
    with pytest.raises(NotFound):
        debtor_named(home, text)


def test_a_phone_that_two_people_share_asks_whose_it_is(home: House) -> None:
    settle_in(home, replace(debtor(), id=OTHER))
    home.lookups.add(home.keys.point("+525550100001"), OTHER)
    with pytest.raises(InvalidInput, match="2 people") as asked:
        debtor_named(home, "+525550100001")
    assert AMINTA in asked.value.fix
    assert OTHER in asked.value.fix


def test_a_lookup_without_a_record_behind_it_is_not_believed(home: House) -> None:
    home.lookups.add(home.keys.debt("muebles/GONE"), OTHER)
    with pytest.raises(NotFound):
        debtor_named(home, "GONE")
