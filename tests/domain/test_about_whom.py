"""Of several people at one phone, "not her" and "she died" are about whom we wrote to; another name leaves it to a person."""

from dataclasses import replace

import pytest

from recobro.domain.about_whom import about_one, about_whom
from recobro.domain.debtor import Debtor
from tests.sample import debtor

NOT_HER, DIED = ("wrong_person",), ("deceased",)


def named(ident: str, name: str, given: str = "", **contacts: str) -> Debtor:
    person = debtor()
    personal = replace(person.personal, name=name, given_name=given, contacts=contacts)
    return replace(person, id=ident, personal=personal)


THERE = (
    named("a", "AMINTA PRUEBA LÓPEZ"),
    named("n", "Prueba de la Cruz, Nova"),
    named("c", "Comercial Ejemplo", payables="Zoé Muestra"),
)


@pytest.mark.parametrize(
    ("text", "every", "writer", "whom"),
    [
        ("no soy yo", NOT_HER, "", "a"),
        ("no soy aminta lopez", NOT_HER, "", "a"),
        ("no soy Aminta, soy Nova", NOT_HER, "", ""),  # nobody has shown to be Nova
        ("no soy Aminta, soy Nova", NOT_HER, "n", "a"),
        ("se equivocan, soy Nova Prueba", NOT_HER, "n", "a"),
        ("no soy ZOE", NOT_HER, "", ""),
        ("no soy Aminta ni Zoé, soy Nova", NOT_HER, "n", ""),
        ("de la señora ya no, falleció", DIED, "", "a"),
        ("falleció Aminta, soy Nova", DIED, "n", "a"),
        ("Nova Prueba falleció", DIED, "n", ""),
        ("falleció Prueba", DIED, "n", "a"),
        ("no soy yo", NOT_HER, "a", ""),
    ],
)
def test_it_is_about_whom_the_message_was_for_unless_another_is_named_or_has_written_it(
    text: str, every: tuple[str, ...], writer: str, whom: str
) -> None:
    assert about_whom(text, every, THERE, meant_for="a", writer=writer) == whom


def test_where_nobody_was_written_to_it_is_about_nobody_yet() -> None:
    assert about_whom("no soy yo", NOT_HER, THERE, meant_for="", writer="") == ""


@pytest.mark.parametrize(
    ("every", "ones"),
    [
        (("promise", "dispute"), frozenset()),
        (("wrong_person", "dispute"), frozenset({"wrong_person"})),
        (("opt_out", "wrong_person"), frozenset()),
        (("opt_out", "deceased"), frozenset({"deceased"})),
    ],
)
def test_an_opt_out_leaves_nothing_to_tell_of_a_wrong_person(
    every: tuple[str, ...], ones: frozenset[str]
) -> None:
    assert about_one(every) == ones
