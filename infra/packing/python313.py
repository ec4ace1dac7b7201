"""The Python that Lambda runs, when this machine has one: only it can write byte code that Lambda will use.

Without byte code a cold start takes more than twice as long (746 ms against 288 ms measured), so it is worth looking for;
without that Python the layers work all the same, and the build says so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

VERSION = "3.13"


@lru_cache(maxsize=1)
def python313() -> Path | None:
    """The first interpreter of Lambda's version that really starts; a version manager's shim may exist and not run."""
    return next((path for path in _candidates() if _runs(path)), None)


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    found = shutil.which(f"python{VERSION}")
    if found:
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from sorted(pyenv.glob(f"{VERSION}.*/bin/python{VERSION}"), reverse=True)


def _runs(path: Path) -> bool:
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([path, "-c", asked], capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == VERSION


def compile_for_lambda(folder: Path, mounted_at: str) -> bool:
    """Write byte code for every module under `folder`, which Lambda mounts at `mounted_at`. False: no such Python here.

    Unchecked hashes: zipping resets the files' times, and /opt cannot be written, so byte code that is checked against the
    time would be thrown away at every cold start.
    """
    python = python313()
    if python is None:
        return False
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", mounted_at]
    subprocess.run([python, "-m", "compileall", *options, str(folder)], check=True, stdout=subprocess.DEVNULL)
    return True
