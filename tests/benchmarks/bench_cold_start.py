"""What a cold start costs: importing each channel's function, and the one that hears of payments, from the layers as shipped, with its
clients, beside a bare client."""

import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from infra.packing.own import own_layer
from infra.packing.python313 import python313
from infra.packing.runtime import runtime_layer
from infra.repository import FUNCTIONS, client_folder

RUNS = 9
CHANNELS = ("sms", "email", "whatsapp", "voice", "push")

BARE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"
HANDLER = """
import runpy
house = runpy.run_path({path!r})["house"]
house.playbook, house.ledger, house.carrier({channel!r})
"""

PAYMENT = """
import runpy
house = runpy.run_path({path!r})["house"]
from recobro.adapters.gateways import gateway_named
house.playbook, house.ledger, house.payments, gateway_named("stripe")
"""


def run() -> dict[str, Any]:
    """Medians of the processor's milliseconds in fresh processes, taken in turn; ratios to the bare client from the untrimmed wheel.

    The processor's time and not the clock's: what else runs on the machine is in neither.
    """
    python = python313()
    interpreter = str(python) if python is not None else sys.executable
    layers = [runtime_layer() / "python", (own := own_layer(client_folder("demo"))) / "python"]
    wheels = [Path(sysconfig.get_path("purelib"))]
    with tempfile.TemporaryDirectory() as caches:
        programs = {"bare": (BARE, wheels, own)} | {
            f"send_{one}": (
                HANDLER.format(path=str(FUNCTIONS / f"send_{one}/handler.py"), channel=one),
                layers,
                own,
            )
            for one in CHANNELS
        }
        payment = PAYMENT.format(path=str(FUNCTIONS / "receive_payment/handler.py"))
        programs["receive_payment"] = (payment, layers, own)
        took: dict[str, list[float]] = {name: [] for name in programs}
        for turn in range(RUNS + 1):
            for name, (code, paths, layer) in programs.items():
                spent = _time(interpreter, code, paths, layer, caches)
                if turn:  # the first turn writes what byte code is missing
                    took[name].append(spent)
    medians = {name: statistics.median(times) * 1_000 for name, times in took.items()}
    return {
        "python": "3.13" if python is not None else f"{sys.version_info[0]}.{sys.version_info[1]}",
        "bare_ms": round(medians["bare"]),
        **{f"{name}_ratio": round(ms / medians["bare"], 2) for name, ms in medians.items() if name != "bare"},
    }


def _time(interpreter: str, code: str, paths: list[Path], layer: Path, caches: str) -> float:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(str(path) for path in paths),
        "PYTHONPYCACHEPREFIX": caches if "boto3" in code else "",
        "AWS_ACCESS_KEY_ID": "sample",
        "AWS_SECRET_ACCESS_KEY": "sample",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_LAMBDA_FUNCTION_NAME": "sample",
        "TABLE_NAME": "ledger",
        "SECRET_ARN": "sample",
        "CLIENT_DIR": str(layer / "client"),
        "POWERTOOLS_SERVICE_NAME": "sample",
        "POWERTOOLS_METRICS_NAMESPACE": "Recobro",
    }
    began = _spent_by_children()
    subprocess.run([interpreter, "-s", "-c", code], env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return _spent_by_children() - began


def _spent_by_children() -> float:
    """Seconds of processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(run())
