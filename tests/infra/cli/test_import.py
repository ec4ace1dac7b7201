"""Whoever sends a file hears what was taken, what was not and why, and who can be reached; and nothing is taken on paper."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.cli import main
from infra.cli.place import Place
from recobro.house import House
from recobro.usecases.import_partition import import_partition
from recobro.usecases.import_portfolio import import_portfolio
from tests.house import Clock, house
from tests.infra.cli.conftest import Said

HEADER = "numero_cliente,nombre,acreedor,contrato,moneda,saldo,vencimiento,celular,correo\n"
ANA = "1001,Ana Prueba,muebles,A-1,MXN,1500.00,2026-03-04,5550100101,ana@example.com\n"
LUIS = "1002,Luis Prueba,muebles,A-2,MXN,2300.50,2026-03-01,,luis@example.com\n"
BAD = "1003,Eva Prueba,muebles,A-3,MXN,mucho,2026-03-01,,eva@example.com\n"


@dataclass
class Desk:
    """A place in which what waits is done by the real use cases, as their functions would."""

    house: House
    client: str = "sample"
    shown: str = "the sample house"
    is_immediate: bool = True
    queues: dict[str, str] = field(default_factory=dict)

    def invoke(self, function: str, event: Any) -> Any:
        raise AssertionError(function)

    def go_on(self) -> None:
        files = self.house.client("s3").list_objects_v2(Bucket="files", Prefix="inbox/").get("Contents", [])
        for one in files:
            import_portfolio(self.house, one["Key"])
        queue, client = self.house.settings.partitions_queue, self.house.client("sqs")
        while messages := client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for one in messages:
                import_partition(self.house, json.loads(one["Body"]))
                client.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])


@pytest.fixture
def desk() -> Iterator[Desk]:
    with house(Clock()) as opened:
        yield Desk(opened)


@pytest.fixture
def recobro(desk: Desk, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def here() -> AbstractContextManager[Place]:
        return nullcontext(desk)

    def run(*words: str) -> Said:
        code = main(words, here)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    path = tmp_path / "cartera marzo.csv"
    path.write_text(HEADER + ANA + LUIS + BAD, encoding="utf-8")
    return path


def test_on_paper_the_guess_and_the_rejects_are_shown_and_nothing_is_taken(
    recobro: Callable[..., Said], desk: Desk, portfolio: Path
) -> None:
    said = recobro("import", str(portfolio), "--dry-run")
    assert said.code == 0, said.err
    assert "2 rows would be taken, 2 people" in said.out
    assert '"contrato" = "debt_ref"' in said.out
    assert "amount.unreadable" in said.out
    assert desk.house.imports.known() == []


def test_a_file_is_taken_and_its_sender_hears_what_came_of_it(
    recobro: Callable[..., Said], portfolio: Path
) -> None:
    said = recobro("import", str(portfolio))
    assert said.code == 0, said.err
    assert ": done." in said.out
    assert "2 rows taken: 2 people" in said.out
    assert "amount.unreadable" in said.out
    assert "Who can be reached" in said.out
    rejects = portfolio.with_suffix(".rejects.csv")
    assert str(rejects) in said.out.replace("\n", "")
    assert "4" in rejects.read_text(encoding="utf-8-sig")


def test_the_same_file_again_changes_nobody(recobro: Callable[..., Said], portfolio: Path) -> None:
    first = recobro("import", str(portfolio), "--json").json
    again = recobro("import", str(portfolio), "--json").json
    assert (first["saved"], again["import"]) == (2, first["import"])


def test_an_imported_person_is_found_by_reference_phone_and_email(
    recobro: Callable[..., Said], portfolio: Path
) -> None:
    recobro("import", str(portfolio))
    found = {
        recobro("timeline", name, "--json").json["debtor"]
        for name in ("A-1", "55 5010 0101", "ana@example.com")
    }
    assert len(found) == 1


def test_a_full_file_that_drops_many_waits_until_somebody_confirms(
    recobro: Callable[..., Said], portfolio: Path
) -> None:
    recobro("import", str(portfolio), "--full", "--as-of", "2026-03-06")
    portfolio.write_text(HEADER + ANA, encoding="utf-8")
    dropped = recobro("import", str(portfolio), "--full", "--json")
    assert (dropped.code, dropped.json["state"], dropped.json["missing"]) == (0, "to_confirm", 1)

    confirmed = recobro("import", "--confirm", dropped.json["import"], "--who", "ana", "--json").json
    assert (confirmed["state"], confirmed["recalled"], confirmed["confirmed_by"]) == ("done", 1, "ana")


def test_a_file_that_is_no_portfolio_is_refused_before_it_is_sent(
    recobro: Callable[..., Said], desk: Desk, tmp_path: Path
) -> None:
    letter = tmp_path / "carta.csv"
    letter.write_text("hola,adios\n1,2\n", encoding="utf-8")
    said = recobro("import", str(letter))
    assert said.code == 1
    assert "debt_ref" in said.err
    assert desk.house.imports.known() == []


def test_a_slip_in_the_mapping_names_file_line_and_field(
    recobro: Callable[..., Said], portfolio: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "fabula.toml"
    mapping.write_text('[columns]\ncontrato = "debt_ref"\nsaldo = "totl"\n', encoding="utf-8")
    said = recobro("import", str(portfolio), "--mapping", str(mapping))
    assert said.code == 1
    assert "fabula.toml:3" in said.err
    assert "total" in said.err


def test_a_file_and_a_confirmation_are_two_things(recobro: Callable[..., Said], portfolio: Path) -> None:
    assert "--confirm" in recobro("import", str(portfolio), "--confirm", "i1").err
    assert "--confirm" in recobro("import").err


def test_what_was_imported_is_listed(recobro: Callable[..., Said], portfolio: Path) -> None:
    imported = recobro("import", str(portfolio), "--json").json
    (listed,) = recobro("import", "--list", "--json").json["imports"]
    assert listed["import"] == imported["import"]
    assert "cartera_marzo.csv" in recobro("import", "--list").out
