"""A client's model may say what our reader is unsure of; it is told nothing more, and without it all goes on as if there were none."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from recobro.domain.client import Understanding
from recobro.domain.debtor import Debtor
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.receive_message import receive_message
from tests.house import Clock, house, standing
from tests.sample import AMINTA, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_receive_message import DOUBTED, give_number

UNCLEAR = "la cosa allá arriba está brava, usted entiende"


@dataclass
class Reader:
    """Says what it was told to; None: it cannot be asked."""

    opinion: str | None = "hardship"
    asked: list[str] = field(default_factory=list)

    def likeliest(self, text: str) -> str:
        self.asked.append(text)
        if self.opinion is None:
            raise Unavailable("no model today")
        return self.opinion


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def home(clock: Clock, reader: Reader) -> Iterator[House]:
    book = playbook()
    client = replace(book.client, understanding=Understanding("bedrock:example.model-v1"))
    with house(clock, book=replace(book, client=client)) as opened:
        at_home(opened)
        vars(opened)["second_reader"] = reader
        yield opened


def heard(home: House, words: str, ident: str = "in-1") -> Debtor:
    receive_message(home, Inbound(ident, "whatsapp", "+525550100001", words, home.now()))
    return standing(home, AMINTA)


def reasons(person: Debtor) -> list[str]:
    return [one.reason for one in person.open_tasks()]


@pytest.mark.parametrize("opinion", ["wants_to_pay", "greeting", "hardship"])
def test_a_refusal_that_a_rule_heard_is_no_models_affair(home: House, reader: Reader, opinion: str) -> None:
    reader.opinion = opinion
    person = heard(home, DOUBTED)

    assert reader.asked == []
    assert reasons(person) == ["read_message"]


def test_a_person_reads_what_nobody_is_sure_of(known: House) -> None:
    assert reasons(heard(known, UNCLEAR)) == ["read_message"]


def test_what_the_model_names_is_done_and_it_hears_the_words_alone(home: House, reader: Reader) -> None:
    assert reasons(heard(home, UNCLEAR)) == ["hardship"]
    assert reader.asked == [UNCLEAR]


@pytest.mark.parametrize("opinion", [None, "", "opt_out", "dispute", "promise", "wants_plan", "nonsense"])
def test_a_model_that_fails_or_says_more_than_it_may_changes_nothing(
    home: House, known: House, reader: Reader, opinion: str | None
) -> None:
    reader.opinion = opinion
    found, without = heard(home, UNCLEAR), heard(known, UNCLEAR)

    assert reasons(found) == reasons(without) == ["read_message"]
    assert (found.holds, found.promises, found.stopped, found.points) == (
        without.holds,
        without.promises,
        without.stopped,
        without.points,
    )


@pytest.mark.parametrize(
    "words",
    ["BAJA", "no soy yo", "el viernes te pago", "yo no debo eso", "hola", "ya pagué", "murió mi papá"],
)
def test_what_the_reader_is_sure_of_no_model_hears(home: House, reader: Reader, words: str) -> None:
    heard(home, words)

    assert reader.asked == []


def test_a_message_told_twice_is_asked_about_once(home: House, reader: Reader) -> None:
    heard(home, UNCLEAR)
    heard(home, UNCLEAR)

    assert len(reader.asked) == 1


def test_no_model_hears_who_somebody_says_they_are_nor_what_a_person_has_in_hand(
    home: House, reader: Reader
) -> None:
    give_number(home, AMINTA)
    heard(home, "cuánto debo?")
    heard(home, UNCLEAR, "in-2")
    reader.opinion = "asks_person"
    heard(home, "quiero hablar con alguien", "in-3")
    heard(home, UNCLEAR, "in-4")

    assert reader.asked == []
