"""Where things stand in the repository (DESIGN's house), which of its files count, and how what is built gets its place."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ROOT / "functions"
PACKAGE = ROOT / "layers" / "recobro" / "python" / "recobro"
CLIENTS = ROOT / "infra" / "clients"
BUILD = ROOT / "build"
ASSEMBLIES = ROOT / ".recobro" / "assembly"

_MADE_BY_MACHINES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store"}


def files_of(folder: Path) -> dict[str, Path]:
    """Every source file under `folder` by its path relative to it, in order; nothing that a program left behind."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc" and _MADE_BY_MACHINES.isdisjoint(path.parts)
    }


def client_folder(client: str) -> Path:
    """A client's folder: its name under `infra/clients/`, or a path, so that an agency may keep its clients elsewhere."""
    named = CLIENTS / client
    return named if named.is_dir() or "/" not in client else Path(client).resolve()


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A folder to build in; it becomes `target` at once when all went well, and is gone when not."""
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        if not target.exists():
            partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def built_once(target: Path, build: Callable[[Path], None], family: str) -> Path:
    """`target`, made by `build` where it is not there yet: whoever wants the same meanwhile, in this process or another, waits for it.

    It counts as used now. family: a pattern of its neighbours, of which old ones go when a new one is built.
    """
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = target.with_name(f".{target.name}.lock")
        with lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not target.exists():
                with building(target) as partial:
                    build(partial)
                keep_newest(target.parent, family)
            lock.unlink(missing_ok=True)
    with suppress(OSError):  # nothing is removed from where nothing may be written
        os.utime(target)
    return target


IN_USE = 24 * 3600
"""Seconds for which something that runs may still hold what it looked up."""


def keep_newest(folder: Path, pattern: str, count: int = 3) -> None:
    """Remove what was not used for a day, but for the last `count`; each is megabytes and can be built again."""
    found = sorted(folder.glob(pattern), key=_last_used, reverse=True)
    for old in found[count:]:
        if time.time() - _last_used(old) > IN_USE:
            shutil.rmtree(old, ignore_errors=True)


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
