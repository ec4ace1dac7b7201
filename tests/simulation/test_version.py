"""A month counts for the code it was lived in: whatever it loads is in its version, and what it does not is not."""

import json
import sys

import pytest

from infra.packing.reach import reached, source_of
from infra.repository import CLIENTS, FUNCTIONS, PACKAGE, ROOT
from infra.simulation.version import GIVEN, ROOTS, lived, sources, version
from tests.infra.reading import run

LOADED = """
import json, sys
from infra.simulation.run import own_environment, scenario
from infra.simulation.system import System
from infra.simulation.faults import KINDS
from recobro.entry import logger
logger.setLevel("CRITICAL")
with own_environment():
    system = System(11, 6, KINDS, scenario.book(), scenario.PEOPLE)
    system.run()
files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
print(json.dumps([[file for file in files if file], sorted(system.functions._count)]))
"""


@pytest.fixture(scope="module")
def loaded() -> tuple[set[str], set[str]]:
    """The files that some days of a month loaded, and the functions they started."""
    done = run([sys.executable, "-c", LOADED])
    assert done.returncode == 0, done.stderr
    files, functions = json.loads(done.stdout.splitlines()[-1])
    return set(files), set(functions)


def test_whatever_a_month_loads_is_part_of_its_version(loaded: tuple[set[str], set[str]]) -> None:
    files, _ = loaded
    ours = {
        file for file in files if file.startswith(tuple(f"{root}/" for root in (PACKAGE, ROOT / "infra")))
    }
    roles = {path for name in GIVEN if (path := source_of(name, ROOTS))}
    for_the_roles = {
        str(source_of(name, ROOTS)) for path in roles for name in (*reached(path, ROOTS), *GIVEN)
    }
    counted = {str(path) for path in sources()}
    assert str(PACKAGE / "usecases" / "send.py") in ours & counted
    assert ours - for_the_roles <= counted


def test_every_function_that_a_month_starts_is_part_of_its_version(loaded: tuple[set[str], set[str]]) -> None:
    _, functions = loaded
    assert {"receive_payment", "send_sms", "journal"} <= functions
    assert functions - {"operator"} <= set(lived())


def test_the_version_does_not_change_with_what_no_month_touches() -> None:
    counted = sources()
    assert ROOT / "infra" / "cli" / "simulate.py" not in counted
    assert ROOT / "infra" / "stack" / "edge_stack.py" not in counted
    assert set((PACKAGE / "law" / "packs").glob("*.toml")) <= counted
    assert CLIENTS / "demo" / "strategy.toml" in counted
    assert FUNCTIONS / "receive_payment" / "handler.py" in counted


def test_a_wired_month_counts_for_the_whole_template() -> None:
    counted = sources("wired")
    assert ROOT / "infra" / "stack" / "edge_stack.py" in counted
    assert sources() & {*FUNCTIONS.rglob("*.py"), *PACKAGE.rglob("*.py")} <= counted
    assert version() != version("wired")
