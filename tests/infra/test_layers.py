"""What is shipped is what functions import, for Lambda's processor, and no more; the slimmed SDK calls the same AWS."""

import json
import re
import sys
from pathlib import Path

import pytest

from infra.app import ROWS
from infra.packing.own import own_layer
from infra.packing.reach import missing, reached
from infra.packing.runtime import runtime_layer
from infra.packing.sizes import sizes
from infra.packing.slim import SERVICES
from infra.repository import CLIENTS, FUNCTIONS, PACKAGE, ROOT
from infra.simulation.run import simulate
from tests.infra.reading import Template, run

LAMBDA_LIMIT = 250 * 1024 * 1024


@pytest.fixture(scope="module")
def runtime() -> Path:
    return runtime_layer() / "python"


@pytest.fixture(scope="module")
def reachable(runtime: Path) -> set[str]:
    """Every module that some function may import."""
    roots = (PACKAGE.parent, runtime)
    return set().union(*(reached(FUNCTIONS / row.name / "handler.py", roots) for row in ROWS))


def _shipped(runtime: Path) -> set[str]:
    """The packages of the layer by the names they are imported by."""
    return {
        path.name.partition(".")[0]
        for path in runtime.iterdir()
        if path.name != "__pycache__" and not path.name.endswith(".dist-info")
    }


def test_no_package_is_shipped_that_no_function_imports(runtime: Path, reachable: set[str]) -> None:
    assert _shipped(runtime) - {module.partition(".")[0] for module in reachable} == set()


def test_what_only_the_recobro_command_uses_stays_at_home(reachable: set[str]) -> None:
    layer = own_layer(CLIENTS / "demo") / "python"
    shipped = [path.relative_to(layer).with_suffix("") for path in layer.rglob("*.py")]
    modules = {".".join(path.parts).removesuffix(".__init__") for path in shipped}
    assert modules == {module for module in reachable if module.partition(".")[0] == "recobro"}
    assert "recobro.usecases.explain" not in modules


LOADED = """
import importlib.util, sys
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("handler", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.handler)
"""


def test_every_handler_loads_from_the_layer_alone(demo: Template) -> None:
    names = {name for one in demo.functions().values() for name in one["Environment"]["Variables"]}
    layer = own_layer(CLIENTS / "demo")
    told = dict.fromkeys(names, "example") | {"CLIENT_DIR": str(layer / "client"), "LOG_LEVEL": "INFO"}
    start = f"import sys; sys.path[:0] = [{str(layer / 'python')!r}]; sys.dont_write_bytecode = True\n"
    handlers = [str(FUNCTIONS / row.name / "handler.py") for row in ROWS]
    done = run([sys.executable, "-c", start + LOADED, *handlers], told | {"AWS_DEFAULT_REGION": "us-east-1"})
    assert done.returncode == 0, done.stderr


LAZILY = """
from importlib import import_module
from recobro.adapters.channels import CHANNELS, TRANSPORTS
from recobro.adapters.gateways import GATEWAYS, gateway_named
from recobro.pages.scene import LANGUAGES, words_in
assert all(words_in(language) for language in LANGUAGES)
assert all(gateway_named(name) for name in GATEWAYS)
for spec in (*CHANNELS.values(), *TRANSPORTS.values()):
    import_module(f"recobro.adapters.channels.{spec.module}")
"""
"""Modules that are only loaded when somebody asks for them, by names put together then."""


def test_what_is_loaded_only_when_asked_for_is_in_the_layer() -> None:
    layer = own_layer(CLIENTS / "demo")
    start = f"import sys; sys.path[:0] = [{str(layer / 'python')!r}]; sys.dont_write_bytecode = True\n"
    done = run([sys.executable, "-c", start + LAZILY], {})
    assert done.returncode == 0, done.stderr


LIVED = """
import importlib.abc, importlib.util, json, pathlib, sys
layer, package = sys.argv[1:]
sys.path.insert(0, layer)

class FromHome(importlib.abc.MetaPathFinder):
    found = []
    def find_spec(self, name, path, target=None):
        at = pathlib.Path(package, *name.split("."))
        for file in (at / "__init__.py", at.with_suffix(".py")):
            if name.startswith("recobro.") and file.is_file():
                self.found.append(name)
                return importlib.util.spec_from_file_location(name, file)

sys.meta_path.append(FromHome())
from infra.simulation.run import simulate
print(json.dumps([simulate(7, 4).digest, FromHome.found, sys.modules["recobro"].__file__]))
"""


def test_days_lived_from_the_layer_are_those_lived_from_the_sources() -> None:
    layer = str(own_layer(CLIENTS / "demo") / "python")
    done = run([sys.executable, "-c", LIVED, layer, str(PACKAGE.parent)])
    assert done.returncode == 0, done.stderr
    digest, from_home, where = json.loads(done.stdout.splitlines()[-1])

    operators = ROOT / "infra" / "simulation" / "operators.py"
    assert where.startswith(layer)
    assert digest == simulate(7, 4).digest
    assert set(from_home) <= reached(
        operators, (PACKAGE.parent,)
    )  # a person's commands, which no function needs


COLLECTS = """
import gc
import recobro
while_loading = gc.isenabled()
import handler
print(while_loading, gc.isenabled(), gc.get_freeze_count() > 0)
"""


@pytest.mark.parametrize(("told", "seen"), [("receive_payment", "False True True"), ("", "True True False")])
def test_the_garbage_collector_rests_while_a_function_loads_and_then_works(told: str, seen: str) -> None:
    paths = [str(PACKAGE.parent), str(FUNCTIONS / "receive_payment")]
    start = f"import sys; sys.path[:0] = {paths!r}; sys.dont_write_bytecode = True\n"
    settings = dict.fromkeys(("TABLE_NAME", "SECRET_ARN", "CLIENT_DIR"), "example")
    in_lambda = {"AWS_LAMBDA_FUNCTION_NAME": told} if told else {}
    done = run([sys.executable, "-c", start + COLLECTS], settings | in_lambda)
    assert done.stdout.strip() == seen, done.stderr


def test_every_function_opens_its_house_and_with_that_its_collector_works() -> None:
    assert [
        row.name for row in ROWS if "open_house()" not in (FUNCTIONS / row.name / "handler.py").read_text()
    ] == []


def test_whatever_a_function_imports_is_shipped(runtime: Path) -> None:
    roots = (PACKAGE.parent, runtime)
    ours = [*FUNCTIONS.glob("*/handler.py"), *PACKAGE.rglob("*.py")]
    lacking = {str(path.relative_to(path.parents[1])): missing(path, roots) for path in ours}
    assert {path: names for path, names in lacking.items() if names} == {}


def test_the_sdk_knows_the_services_that_adapters_call_and_no_others(runtime: Path) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    called = {service for service in SERVICES if re.search(rf'"{service}"', source)}
    assert called == set(SERVICES)
    models = {path.name for path in (runtime / "botocore" / "data").iterdir() if path.is_dir()}
    assert models == set(SERVICES)


REGIONS = ("us-east-1", "us-east-2", "sa-east-1", "mx-central-1", "eu-west-1")

ENDPOINTS = """
import json, sys
import botocore.session
session = botocore.session.get_session()
session.set_credentials("example", "example")
print(json.dumps([
    session.create_client(service, region_name=region).meta.endpoint_url
    for service in sys.argv[1].split(",") for region in sys.argv[2].split(",")
]))
"""


def test_the_slimmed_sdk_calls_the_same_addresses_as_the_whole_one(runtime: Path) -> None:
    answers = []
    for path in ([str(runtime)], []):
        start = f"import sys; sys.path[:0] = {path!r}; sys.dont_write_bytecode = True\n"
        command = [sys.executable, "-c", start + ENDPOINTS, ",".join(SERVICES), ",".join(REGIONS)]
        answers.append(json.loads(run(command).stdout))
    assert answers[0] == answers[1]


def test_native_code_is_built_for_lambdas_processor(runtime: Path) -> None:
    for library in runtime.rglob("*.so"):
        header = library.read_bytes()[:20]
        assert header[:4] == b"\x7fELF"
        assert int.from_bytes(header[18:20], "little") == 0xB7, f"{library.name} is not for aarch64"


def test_a_function_ships_its_own_files_without_what_python_left_beside_them(demo: Template) -> None:
    for folder in demo.assembly.glob("asset.*"):
        if (folder / "handler.py").exists():
            assert not list(folder.rglob("*.pyc"))


def test_a_deployment_carries_its_own_clients_folder_and_no_others() -> None:
    layer = own_layer(CLIENTS / "demo")
    assert {path.name for path in layer.iterdir()} == {"python", "client"}
    assert (layer / "client" / "client.toml").read_bytes() == (CLIENTS / "demo" / "client.toml").read_bytes()


def test_function_and_layers_stay_far_below_lambdas_limit(everything: Template) -> None:
    measured = sizes(everything.assembly)
    layers = sum(size for name, size in measured.items() if name.startswith("layer: "))
    assert set(measured) == {row.name for row in ROWS} | {
        name for name in measured if name.startswith("layer: ")
    }
    assert layers + max(measured[row.name] for row in ROWS) < LAMBDA_LIMIT / 5
    assert all(measured[row.name] < 20_000 for row in ROWS), "a handler parses, calls its use case, answers"
