"""The layer of third-party packages: exactly the locked ones, for Lambda's processor, each file checked against its hash."""

import hashlib
import subprocess
import sys
from pathlib import Path

from infra.packing.python313 import compile_for_lambda, python313
from infra.packing.slim import slim
from infra.repository import BUILD, ROOT, built_once

REQUIREMENTS = ROOT / "layers" / "runtime" / "requirements.txt"
PLATFORM = "aarch64-manylinux_2_28"
"""Amazon Linux 2023, on which Python 3.13 runs, has glibc 2.34; wheels for 2.28 and older load there."""


def runtime_layer() -> Path:
    """The folder to ship. Built once for each content of the requirements; a second call only looks it up."""
    return built_once(BUILD / f"runtime-{_fingerprint()}", _build, "runtime-*")


def _build(partial: Path) -> None:
    _install(partial / "python")
    slim(partial / "python")
    if not compile_for_lambda(partial / "python", "/opt/python"):
        sys.stderr.write("note: no Python 3.13 here; without its byte code cold starts take longer\n")


def _fingerprint() -> str:
    digest = hashlib.sha256(REQUIREMENTS.read_bytes())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update(str(python313() is not None).encode())
    return digest.hexdigest()[:16]


def _install(target: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-compile-bytecode"]
    command += [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python-platform",
        PLATFORM,
        "--python-version",
        "3.13",
    ]
    command += ["--target", str(target), "--requirements", str(REQUIREMENTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"the runtime layer could not be built from {REQUIREMENTS.name}:\n{done.stderr.strip()}"
        )
