"""Only a client that wants signed evidence has a key, no function may use it, and what it signs here is verified like AWS's."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.cli.kept import house_of
from infra.cli.place import client_files
from infra.evidence.archive import KmsSigner
from infra.evidence.verify_evidence import public_numbers, signature_holds
from infra.local.system import LocalSystem
from infra.repository import CLIENTS
from infra.synth import synthesise
from tests.infra.reading import Template, every_statement, listed


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients") / "signing"
    shutil.copytree(CLIENTS / "demo", folder)
    file = folder / "client.toml"
    text = file.read_text("utf-8").replace('name = "demo"', 'name = "signing"', 1)
    assert "signing = false" in text
    file.write_text(text.replace("signing = false", "signing = true"), "utf-8")
    return synthesise(str(folder))


@pytest.fixture(scope="module")
def system(assembly: Path) -> Iterator[LocalSystem]:
    with LocalSystem.boot(assembly, start=datetime(2026, 3, 9, tzinfo=UTC)) as booted:
        yield booted


def test_a_client_that_wants_none_has_no_key(demo: Template) -> None:
    assert not demo.all("AWS::KMS::Key")


def test_the_key_signs_and_outlives_the_stack(assembly: Path) -> None:
    template = Template.of(assembly)
    (key,) = template.all("AWS::KMS::Key")
    assert template.one("AWS::KMS::Key")["KeySpec"] == "RSA_2048"
    assert template.one("AWS::KMS::Key")["KeyUsage"] == "SIGN_VERIFY"
    assert template.resources[key]["DeletionPolicy"] == "Retain"


def test_no_function_may_sign(assembly: Path) -> None:
    for name, statement in every_statement(Template.of(assembly)):
        assert not [action for action in listed(statement["Action"]) if action.startswith("kms:")], name


def test_this_machine_signs_as_aws_would(system: LocalSystem, assembly: Path) -> None:
    house = house_of(system, client_files(assembly))
    signer = KmsSigner(house.client("kms"), house.settings.evidence_key)
    key = signer.public_key()

    assert house.settings.evidence_key.startswith("arn:aws:kms:")
    assert public_numbers(key)[1] == 65537
    assert signature_holds(b"head and count", signer.sign(b"head and count"), key)
