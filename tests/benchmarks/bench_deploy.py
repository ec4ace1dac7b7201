"""How long an engineer waits: from a client's folder to its template, and from `recobro up` to a system that answers."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from infra.repository import ROOT
from infra.synth import synthesise


def run() -> dict[str, Any]:
    """Seconds of the wall and of the processor; the second is what a machine with nothing else to do would take at most."""
    with tempfile.TemporaryDirectory() as folder:
        synth = _took(lambda: synthesise("demo", Path(folder)))
        synthesise("demo")
        looked_up = _took(lambda: synthesise("demo"))
        up = _took(lambda: _up(Path(folder) / "state"))
    return {
        "synth_s": synth,
        "synth_when_nothing_changed_s": looked_up,
        "up_ready_s": up,
        "load": os.getloadavg()[0],
    }


def _up(state: Path) -> None:
    """Until it has told its address."""
    command = [
        sys.executable,
        "-m",
        "infra.cli",
        "up",
        "--keep",
        str(state),
        "--port",
        "0",
        "--seconds",
        "0.01",
    ]
    done = subprocess.run([*command, "--json"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    if not json.loads(done.stdout)["routes"]:
        raise RuntimeError(done.stdout)


def _took(work: Any) -> dict[str, float]:
    began, before = time.perf_counter(), _processor()
    work()
    return {"wall": round(time.perf_counter() - began, 1), "processor": round(_processor() - before, 1)}


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
