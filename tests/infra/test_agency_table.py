"""What one agency's clients share is a table and a key of its own, which their senders may use and nothing else may."""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.app import ROWS
from infra.cli.place import client_files
from infra.local.system import LocalSystem
from infra.stack.agency_stack import ID
from infra.stack.names import LIVES
from recobro.bootstrap import Surroundings
from recobro.domain.channel import Channel, Kind
from recobro.domain.shared_caps import Slot
from recobro.house import House
from recobro.settings import Settings
from tests.infra.reading import Template, listed, run, written

NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
TABLE = "table/acuerdo-scopes"
KEY = "secret:acuerdo-scopes-key-??????"


@pytest.fixture(scope="module")
def client(one_of_two: Path) -> Template:
    return Template.of(one_of_two)


@pytest.fixture(scope="module")
def agency(one_of_two: Path) -> Template:
    return Template(one_of_two, json.loads((one_of_two / f"{ID}.template.json").read_text(encoding="utf-8")))


def test_the_agencys_stack_is_one_table_and_one_key_that_outlive_it(agency: Template) -> None:
    table = agency.one("AWS::DynamoDB::Table")
    key = agency.one("AWS::SecretsManager::Secret")

    assert agency.types() == {"AWS::DynamoDB::Table", "AWS::SecretsManager::Secret"}
    assert {one["DeletionPolicy"] for one in agency.resources.values()} == {"Retain"}
    assert (table["TableName"], key["Name"]) == ("acuerdo-scopes", "acuerdo-scopes-key")
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_a_client_whose_file_names_no_such_table_deploys_and_grants_none(demo: Template) -> None:
    assert not (demo.assembly / f"{ID}.template.json").exists()
    assert "scopes" not in json.dumps(demo.document)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_who_claims_takes_room_in_it_and_nobody_else_reaches_it(client: Template, row: Any) -> None:
    may = {
        (action, written(resource).split(":", 5)[5])
        for statement in client.statements(row.name)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if "acuerdo-scopes" in written(resource)
    }
    room = {
        ("dynamodb:GetItem", TABLE),
        ("dynamodb:UpdateItem", TABLE),
        ("secretsmanager:GetSecretValue", KEY),
    }

    claims = row.name.startswith("send_") or row.name == "console"  # whose agents claim calls
    assert may == (room if claims else set())


def test_neither_linter_finds_anything_in_any_of_the_stacks(one_of_two: Path) -> None:
    paths = [str(path) for path in one_of_two.glob("*.template.json")]
    found = run([str(Path(sys.executable).with_name("cfn-lint")), "--ignore-checks", "W3005", "--", *paths])
    report = json.loads((one_of_two / "validation-report.json").read_text(encoding="utf-8"))

    assert len(paths) == 1 + len(LIVES)
    assert found.returncode == 0, found.stdout
    assert [one["violations"] for one in report["pluginReports"]] == [[]]


@pytest.fixture(scope="module")
def system(one_of_two: Path) -> Iterator[LocalSystem]:
    with LocalSystem.boot(one_of_two, start=NOW, seed=7) as booted:
        yield booted


def _as(system: LocalSystem, one_of_two: Path, function: str) -> House:
    """What the function would do, asked under its own role."""

    def client(service: str, **config: Any) -> Any:
        return system._running.calls.client(service, function, Config(**config))

    settings = Settings("none", "none", "none", client_files(one_of_two), "https://pagos.example.com", "")
    return House(settings, Surroundings(client, lambda: NOW, random.Random(7)))


def test_on_this_machine_too_a_sender_takes_and_frees_room_with_its_own_permissions(
    system: LocalSystem, one_of_two: Path
) -> None:
    sender = _as(system, one_of_two, "send_sms")
    scopes = sender.agency_scopes
    assert scopes is not None
    place = f"agency#{sender.agency_keys.debtor('CO:CC:1020304050')}"
    slot = Slot("c1", "one-of-two", NOW, Channel.SMS, Kind.COLLECTION)

    assert scopes.take(place, scopes.read(place, NOW), slot, days=7)
    assert scopes.read(place, NOW).slots == {"c1": slot}
    scopes.release((place,), "c1")
    assert scopes.read(place, NOW).slots == {}


def test_a_function_that_sends_nothing_is_refused_the_table_and_its_key(
    system: LocalSystem, one_of_two: Path
) -> None:
    journal = _as(system, one_of_two, "journal")
    assert journal.agency_scopes is not None

    with pytest.raises(ClientError, match="AccessDenied"):
        journal.agency_scopes.read("agency#d0", NOW)
    with pytest.raises(ClientError, match="AccessDenied"):
        journal.agency_keys.debtor("CO:CC:1020304050")
