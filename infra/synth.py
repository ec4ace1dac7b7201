"""The template that deploys a client, as the local runtime and the tests read it: made once per content, then looked up.

Making it takes Node (which comes with the Python packages) and a few seconds; looking it up takes neither.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from infra.packing.python313 import python313
from infra.repository import (
    ASSEMBLIES,
    FUNCTIONS,
    PACKAGE,
    ROOT,
    built_once,
    client_folder,
    files_of,
)
from recobro.errors import InvalidInput

_LOOSE = ("cdk.json", "requirements.txt", "layers/runtime/requirements.txt")


def synthesise(client: str = "demo", out: Path = ASSEMBLIES) -> Path:
    """The folder of the client's cloud assembly, `<out>/<client>-<hash>`; made only when something it holds changed.

    client: a folder name under `infra/clients/`, or the path of a client's folder. The templates in it are
    `recobro-<client>-<life>.template.json`. Raises InvalidInput with what the app said when the client, a function or a rule is
    not in order.
    """
    folder = client_folder(client)
    assembly = out / f"{folder.name}-{fingerprint(folder)}"
    return built_once(assembly, lambda partial: _run_app(str(folder), partial), f"{folder.name}-*")


def fingerprint(folder: Path) -> str:
    """A hash of everything that the assembly of the client in `folder` is made from."""
    inputs = {name: ROOT / name for name in _LOOSE}
    inputs |= {f"infra/{path.name}": path for path in sorted((ROOT / "infra").glob("*.py"))}
    for place, base in {
        "infra/stack": ROOT / "infra" / "stack",
        "infra/packing": ROOT / "infra" / "packing",
        "infra/playbook": ROOT / "infra" / "playbook",
        "functions": FUNCTIONS,
        "recobro": PACKAGE,
        "client": folder,
    }.items():
        inputs |= {f"{place}/{name}": path for name, path in files_of(base).items()}
    digest = hashlib.sha256(str(python313() is not None).encode())
    for name, path in inputs.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _run_app(client: str, out: Path) -> None:
    paths = [str(ROOT), str(PACKAGE.parent)]
    environment = os.environ | {
        "CLIENT": client,
        "CDK_OUTDIR": str(out),
        "PYTHONPATH": os.pathsep.join(paths),
    }
    environment.pop("CDK_CONTEXT_JSON", None)
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"
        raise InvalidInput("template", said, "mend what is named above", Path(client).name)
    if done.stderr.strip():
        sys.stderr.write(done.stderr)
