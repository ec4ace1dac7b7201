"""Checkov reads the synthesised templates. It pins libraries older than ours, so it lives in an environment of its own."""

import fcntl
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.repository import ROOT

HOME = ROOT / ".venv" / "checkov"
LOCK = Path(__file__).with_name("requirements.txt")


def findings(templates: Sequence[Path]) -> list[tuple[str, str]]:
    """(check, resource as `type.logical id`) of every check that fails in the templates."""
    asked = [part for path in templates for part in ("--file", str(path))]
    quiet = ["--framework", "cloudformation", "--skip-download", "--compact", "--quiet", "--output", "json"]
    done = subprocess.run(
        [str(_ready()), *asked, *quiet], cwd=ROOT, capture_output=True, text=True, check=False
    )
    try:
        told: Any = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"checkov said no JSON: {done.stderr[-2000:]}") from None
    reports = told if isinstance(told, list) else [told]
    if any(report["summary"]["parsing_errors"] for report in reports if "summary" in report):
        raise RuntimeError(f"checkov could not read a template: {done.stdout[-2000:]}")
    return sorted(
        (one["check_id"], one["resource"])
        for report in reports
        for one in report.get("results", {}).get("failed_checks", [])
    )


def _ready() -> Path:
    """The program; its environment is made from the lock file once, and again when the lock changed."""
    program, made_of = HOME / "bin" / "checkov", HOME / ".made-of"
    wanted = LOCK.read_text("utf-8")
    uv = Path(sys.executable).with_name("uv")
    with (HOME.parent / ".checkov.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists() or not made_of.exists() or made_of.read_text("utf-8") != wanted:
            _run(str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(HOME))
            python = str(HOME / "bin" / "python")
            _run(str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(LOCK))
            made_of.write_text(wanted, "utf-8")
    return program


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr.strip()}")
