"""The templates under test: the demonstration client's, and two of clients that use less of the house; and an account to end in."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.repository import CLIENTS
from infra.synth import synthesise
from tests.infra.reading import Template
from tests.infra.variants import variant

CONSOLE = "[console]\nenabled = true"


@pytest.fixture(scope="session")
def demo() -> Template:
    """Every channel and a gateway."""
    return Template.of(synthesise("demo"))


@pytest.fixture(scope="session")
def only_email(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """E-mail alone, no payment gateway and no console."""
    folder = variant(
        tmp_path_factory.mktemp("clients") / "only-email", off=("sms", "whatsapp", "voice", "push")
    )
    settings = folder / "client.toml"
    text = re.sub(r"(?ms)^\[gateways\..*?(?=^\[|\Z)", "", settings.read_text(encoding="utf-8"))
    assert CONSOLE in text
    settings.write_text(text.replace(CONSOLE, CONSOLE.replace("true", "false")), encoding="utf-8")
    return Template.of(synthesise(str(folder)))


@pytest.fixture(scope="session")
def sms_by_sns(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """SMS by the simple transport, and nothing else; releases reach everybody at once, and are traced."""
    folder = variant(
        tmp_path_factory.mktemp("clients") / "sms-by-sns", off=("email", "whatsapp", "voice", "push")
    )
    settings = folder / "client.toml"
    text = re.sub(r'(?m)^transport = "eum"', 'transport = "sns"', settings.read_text(encoding="utf-8"))
    text = text.replace('shift = "canary10percent5minutes"', 'shift = "all_at_once"', 1)
    text = text.replace("traces = false", "traces = true", 1)
    settings.write_text(text, encoding="utf-8")
    return Template.of(synthesise(str(folder)))


NOTIFY = """
[[notify]]
name = "core"
url = "https://systems.example.com/recobro"
"""


@pytest.fixture(scope="session")
def one_of_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration client of a larger agency, with a second reader and systems to be told: all that a client may have."""
    folder = tmp_path_factory.mktemp("clients") / "one-of-two"
    shutil.copytree(CLIENTS / "demo", folder)
    settings = folder / "client.toml"
    text = settings.read_text(encoding="utf-8")
    assert '\n# scope_table = "acuerdo-scopes"' in text
    text = text.replace('\n# scope_table = "acuerdo-scopes"', '\nscope_table = "acuerdo-scopes"')
    text += NOTIFY
    text = text.replace('second_opinion = ""', 'second_opinion = "bedrock:us.example.model-v1:0"')
    settings.write_text(text.replace('name = "demo"', 'name = "one-of-two"', 1), encoding="utf-8")
    return synthesise(str(folder))


@pytest.fixture(scope="session")
def everything(one_of_two: Path) -> Template:
    """Every function of the table."""
    return Template.of(one_of_two)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An emulated account, and boto3 clients on it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    made: Any = boto3.client
    with mock_aws():
        yield lambda service: made(service, region_name="us-east-1")
