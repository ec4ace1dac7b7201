"""Packages are known by name, version and hash: no file says from which address or machine they come."""

import json
import re

import pytest

from infra.repository import ROOT
from tests.infra.reading import run

LOCKS = (
    "requirements.txt",
    "requirements-bootstrap.txt",
    "layers/runtime/requirements.txt",
    "package-lock.json",
)

PACKAGE_HOSTS = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|npmmirror|index-url|find-links"
    r"|_authToken|://[^/\s]*artifactory|://[^/\s]*nexus)"
)
SPEAKS_OF_THEM = {"tests/infra/test_no_addresses.py", "Makefile"}
"""This file, and the Makefile, which tells the locker to leave such addresses out."""


def _tracked() -> list[str]:
    return run(["git", "ls-files", "-co", "--exclude-standard"]).stdout.splitlines()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_neither_addresses_nor_paths(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|git\+|/home/|/root/", text)


@pytest.mark.parametrize("name", [name for name in LOCKS if name.endswith(".txt")])
def test_every_locked_package_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^[a-z0-9][\w.-]*(?:\[[^\]]*\])?==.*?(?=^\S|\Z)", text, flags=re.DOTALL)
    assert packages
    assert not [one.split()[0] for one in packages if "--hash=sha256:" not in one]


def test_the_node_lock_has_integrity_and_no_source() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    tools = {name: one for name, one in lock["packages"].items() if name}
    assert set(tools) == {"node_modules/aws-cdk"}
    assert tools["node_modules/aws-cdk"]["version"] == "2.1148.1"
    assert "integrity" in tools["node_modules/aws-cdk"]
    assert "resolved" not in tools["node_modules/aws-cdk"]


def test_no_file_names_a_package_host() -> None:
    found = []
    for name in _tracked():
        path = ROOT / name
        if name in SPEAKS_OF_THEM or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if PACKAGE_HOSTS.search(text):
            found.append(name)
    assert found == []


def test_the_layers_pins_are_the_ones_that_were_tested() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"(?m)^([a-z0-9][\w.-]*)(?:\[[^\]]*\])?==(\S+)", text))

    tested = pins("requirements.txt")
    assert {name: tested.get(name) for name in pins("layers/runtime/requirements.txt")} == pins(
        "layers/runtime/requirements.txt"
    )
