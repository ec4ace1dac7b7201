"""`recobro understand`: a collections manager sees what a reply would be taken to mean, and why."""

from collections.abc import Callable

from tests.infra.cli.conftest import Said

Run = Callable[..., Said]


def test_a_promise_is_shown_with_its_day_its_share_and_the_words_that_decided(recobro: Run) -> None:
    said = recobro("understand", "el viernes te pago la mitad", "--country", "MX", "--on", "2026-11-24")

    assert said.code == 0
    assert "promise: sure" in said.out
    assert "2026-11-27" in said.out
    assert "1/2" in said.out
    assert "es.promise" in said.out


def test_a_machine_gets_the_same_as_one_document(recobro: Run) -> None:
    found = recobro("understand", "no me escriban más", "--country", "co", "--json").json

    assert (found["intent"], found["verdict"]) == ("opt_out", "sure")


def test_the_same_word_is_read_as_it_is_used_there(recobro: Run) -> None:
    assert recobro("understand", "cancelar", "--country", "MX", "--json").json["intent"] == "opt_out"
    assert (
        recobro("understand", "quiero cancelar", "--country", "CL", "--json").json["intent"] == "wants_to_pay"
    )


def test_a_country_or_a_day_that_is_none_names_its_option(recobro: Run) -> None:
    for words in (("--country", "ZZ"), ("--country", "MX", "--on", "mañana")):
        said = recobro("understand", "hola", *words)

        assert said.code == 1
        assert words[-2] in said.err
