"""A new client is a folder that can be deployed as it is, says what is still to be written, and never replaces another."""

import io
import tomllib
from pathlib import Path

import pytest

from infra.cli import main
from infra.cli.client import QUESTIONS
from infra.playbook import inspect
from infra.stack.settings import client_settings
from infra.starting.countries import COUNTRIES
from infra.starting.writing import Answers, client_text, strategy_text, write_client
from recobro.codec import from_plain
from recobro.domain.client import Client
from recobro.errors import Conflict, InvalidInput


@pytest.mark.parametrize("country", ["MX", "CO", "PE", "EC"])
def test_a_new_client_is_fit_to_be_deployed_where_our_words_satisfy_the_law(
    tmp_path: Path, country: str
) -> None:
    folder = write_client(Answers("acme", country, creditor="Muebles Fábula"), tmp_path)

    compiled = inspect(folder)

    assert compiled.errors == []
    assert compiled.playbook is not None
    assert client_settings(folder / "client.toml").channels.keys() == {"email"}


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_country_whose_law_is_shipped_has_a_file_to_begin_with(country: str) -> None:
    text = client_text(Answers("acme", country, gateways=("standard",)))
    read = from_plain(Client, tomllib.loads(text), strict=True, where="acme")

    assert read.region == COUNTRIES[country].region
    assert read.default_language == COUNTRIES[country].language
    assert set(read.gateways) == {"standard"}
    assert tomllib.loads(strategy_text(read.default_language))["stages"]


def test_what_was_answered_stands_in_the_file_whatever_letters_it_has(tmp_path: Path) -> None:
    asked = 'Ana "la seria" Núñez \\ hija'
    folder = write_client(Answers("acme", "MX", responsible=asked, region="us-west-2"), tmp_path)
    read = tomllib.loads((folder / "client.toml").read_text("utf-8"))

    assert read["agency"]["responsible"] == asked
    assert read["region"] == "us-west-2"


def test_a_client_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    write_client(Answers("acme", "MX", creditor="One"), tmp_path)
    before = (tmp_path / "acme" / "client.toml").read_bytes()

    with pytest.raises(Conflict, match="left as it is"):
        write_client(Answers("acme", "CO", creditor="Two"), tmp_path)
    assert (tmp_path / "acme" / "client.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (Answers("Ac me", "MX"), "NAME"),
        (Answers("a", "MX"), "NAME"),
        (Answers("acme", "XX"), "country"),
        (Answers("acme", "MX", region="Mexico"), "region"),
        (Answers("acme", "MX", gateways=("pigeon",)), "--gateway"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_and_leaves_nothing_behind(
    tmp_path: Path, answers: Answers, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        write_client(answers, tmp_path)
    assert refused.value.field == field
    assert refused.value.fix
    assert list(tmp_path.iterdir()) == []


def test_the_command_asks_what_it_was_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = "\n".join(["pe", "Acuerdo Claro", "", "", "", "Tienda Inventada", "avisos@example.com", ""])
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answers}\n"))

    assert main(["client", "new", "acme", "--into", str(tmp_path)]) == 0

    shown = capsys.readouterr()
    assert all(question in shown.err for _, question, _ in QUESTIONS)
    assert "the person who answers for it" in shown.out
    read = tomllib.loads((tmp_path / "acme" / "client.toml").read_text("utf-8"))
    assert (read["countries"], read["brands"][0]["id"]) == (["PE"], "tienda-inventada")


def test_nobody_to_answer_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert main(["client", "new", "acme", "--into", str(tmp_path)]) == 1
    assert "--yes" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_country_whose_words_are_not_written_says_how_many_places_are_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["client", "new", "acme", "--yes", "--country", "CL", "--into", str(tmp_path)]) == 0
    assert "do not satisfy CL yet" in capsys.readouterr().out
