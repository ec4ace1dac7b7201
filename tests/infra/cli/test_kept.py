"""Yesterday's portfolio is there today: commands on this machine share one kept state, under the template that would deploy."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.cli import main
from infra.cli.kept import held, kept
from recobro.errors import InvalidInput
from tests.infra.cli.conftest import Said

PORTFOLIO = """numero_cliente,nombre,acreedor,contrato,moneda,saldo,vencimiento,celular,correo
1001,Ana Prueba,fabula,A-1,MXN,1500.00,{due},5550100101,ana@example.com
1002,Luis Prueba,fabula,A-2,MXN,2300.50,{due},,luis@example.com
"""


@pytest.fixture
def recobro(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*words: str) -> Said:
        code = main([*words, "--local", str(tmp_path / "state")])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    path = tmp_path / "cartera.csv"
    path.write_text(PORTFOLIO.format(due="2026-11-16"), encoding="utf-8")
    return path


def test_what_one_command_imports_the_next_ones_find(recobro: Callable[..., Said], portfolio: Path) -> None:
    imported = recobro("import", str(portfolio), "--json")
    assert (imported.code, imported.json["saved"]) == (0, 2), imported.err

    told = recobro("timeline", "A-1", "--json").json
    assert (told["name"], told["broken"]) == ("Ana Prueba", "")

    assert recobro("explain", "ana@example.com", "--json").json["debtor"] == told["debtor"]
    assert recobro("sweep", "--dry-run", "--json").json["people"] == 2

    again = recobro("import", str(portfolio), "--json")
    assert again.json["import"] == imported.json["import"], "the same file is the same import"


def test_a_pause_outlives_the_command_that_made_it(recobro: Callable[..., Said]) -> None:
    recobro("pause", "--all", "--who", "ana", "--why", "training")
    assert recobro("pause", "--show", "--json").json["off"]["all"]["who"] == "ana"


def test_a_function_runs_under_its_own_role_and_its_answer_is_printed(
    recobro: Callable[..., Said], tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"lane": "overdue"}))
    assert recobro("invoke", "escalation", str(event)).json["lane"] == "overdue"

    misspelt = recobro("invoke", "escalacion", str(event))
    assert misspelt.code == 1
    assert "escalation" in misspelt.err

    event.write_text(json.dumps({"lane": "sideways"}))
    assert "lane" in recobro("invoke", "escalation", str(event)).err


def test_functions_log_beside_the_state_and_not_into_the_answer(
    recobro: Callable[..., Said], tmp_path: Path
) -> None:
    assert recobro("sweep", "overdue", "--json").json["lane"] == "overdue"
    assert "swept" in (tmp_path / "state" / "functions.log").read_text(encoding="utf-8")


def test_two_commands_never_work_on_one_state_at_once(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(InvalidInput, match="end `recobro up`"), held(tmp_path):
        pytest.fail("two at once")


def test_what_would_go_out_lies_in_a_file_and_counts_as_delivered(tmp_path: Path, portfolio: Path) -> None:
    with kept("demo", tmp_path / "state") as place:
        client = place.system.client("sesv2")
        client.send_email(
            FromEmailAddress="avisos@example.com",
            Destination={"ToAddresses": ["ana@example.com"]},
            Content={"Simple": {"Subject": {"Data": "Hola"}, "Body": {"Text": {"Data": "Hola, Ana"}}}},
            EmailTags=[{"Name": "debtor_id", "Value": "d1"}, {"Name": "attempt_id", "Value": "a1"}],
        )
    (line,) = (tmp_path / "state" / "outbox.jsonl").read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["to"], json.loads(line)["text"]) == ("ana@example.com", "Hola, Ana")


def test_what_every_command_made_aws_count_is_in_the_bill(
    recobro: Callable[..., Said], portfolio: Path
) -> None:
    recobro("import", str(portfolio))
    first = recobro("cost", "--json").json
    assert first["counted"].startswith("every request")
    assert (first["debtors"], first["contacts"]) == (2, 0)
    assert float(first["units"]["dynamodb_write"]) >= 2 * 10
    recobro("import", str(portfolio))
    again = recobro("cost", "--json").json
    assert float(again["units"]["dynamodb_read"]) > float(first["units"]["dynamodb_read"])
