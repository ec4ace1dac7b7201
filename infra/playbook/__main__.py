"""`python -m infra.playbook demo --check`: is this client's folder fit to be deployed, and if not, what is to be done?"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.playbook.compiling import inspect, write
from infra.repository import client_folder
from recobro.errors import InvalidInput


def main(arguments: Sequence[str] | None = None) -> int:
    """0: fit. 1: errors were printed. 2: no such client."""
    parser = argparse.ArgumentParser(prog="python -m infra.playbook", description=__doc__)
    parser.add_argument("client", help="a folder of infra/clients/, or a path")
    parser.add_argument("--check", action="store_true", help="only check")
    parser.add_argument("--out", type=Path, help="folder to write playbook.json into")
    chosen = parser.parse_args(arguments)
    folder = client_folder(chosen.client)
    if not folder.is_dir():
        parser.exit(2, f"there is no client folder {chosen.client!r}\n")
    compiled = inspect(folder)
    for warning in compiled.warnings:
        _say("note", warning)
    for error in compiled.errors:
        _say("error", error)
    if compiled.errors:
        sys.stdout.write(f"{len(compiled.errors)} to correct\n")
        return 1
    if chosen.out is not None and not chosen.check:
        sys.stdout.write(f"{write(folder, chosen.out)}\n")
    else:
        sys.stdout.write(f"{folder.name}: fit to deploy\n")
    return 0


def _say(weight: str, problem: InvalidInput) -> None:
    sys.stdout.write(f"{weight}: {problem.where}\n  {problem.field}: {problem.problem}\n")
    if problem.fix:
        sys.stdout.write(f"  → {problem.fix}\n")


if __name__ == "__main__":
    raise SystemExit(main())
