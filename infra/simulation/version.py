"""Which code a month was lived in: what was counted in one version says nothing of another."""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from infra.packing.reach import reached, source_of
from infra.repository import FUNCTIONS, PACKAGE, ROOT, files_of

ROOTS = (ROOT, PACKAGE.parent)
CLIENT = ROOT / "infra" / "clients" / "demo"
"""The client whose months are lived."""

RUN = ROOT / "infra" / "simulation" / "run.py"
GIVEN = frozenset({"infra.simulation.roles", "infra.simulation.wired"})
"""What a fast month has from the template are its functions' roles: they count as they are, not as what they were made by."""

WHOLE = (
    PACKAGE,
    FUNCTIONS,
    CLIENT,
    *(ROOT / "infra" / name for name in ("demo", "local", "playbook", "simulation", "stack")),
)
"""What a wired month may depend on, which lives on the template itself."""


@lru_cache(maxsize=2)
def version(level: str = "fast") -> str:
    """Sixteen hex digits: what decides what happens in a month of that level, whatever a version control says of it."""
    digest = blake2b(digest_size=8)
    for path in sorted({*sources(level), ROOT / "requirements.txt"}):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    if level == "fast":
        for told in _granted():
            digest.update(told.encode() + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=2)
def sources(level: str = "fast") -> frozenset[Path]:
    """The files that a month of that level reads or runs, as far as they are ours."""
    if level == "wired":
        return frozenset(
            {*(path for folder in WHOLE for path in files_of(folder).values()), ROOT / "infra" / "app.py"}
        )
    handlers = [FUNCTIONS / name / "handler.py" for name in lived()]
    modules = _simulation().union(*(reached(handler, ROOTS) for handler in handlers))
    named = (source_of(module, ROOTS) for module in modules)
    read = (
        path
        for folder in (CLIENT, PACKAGE, ROOT / "infra" / "playbook")
        for path in files_of(folder).values()
        if path.suffix != ".py"
    )
    return frozenset({RUN, *handlers, *read, *(path for path in named if path is not None)})


@lru_cache(maxsize=1)
def lived() -> tuple[str, ...]:
    """The functions that a fast month starts: those that the simulation's sources name."""
    named = "".join(
        path.read_text("utf-8")
        for path in (RUN, *(source_of(module, ROOTS) for module in _simulation()))
        if path is not None
    )
    return tuple(
        path.parent.name
        for path in sorted(FUNCTIONS.glob("*/handler.py"))
        if f'"{path.parent.name}"' in named
    )


@lru_cache(maxsize=1)
def _simulation() -> frozenset[str]:
    return frozenset(reached(RUN, ROOTS, GIVEN))


def _granted() -> Iterator[str]:
    from infra.simulation.cloud import BUCKET, SECRET, TABLE
    from infra.simulation.roles import roles

    guard = roles(CLIENT.name, TABLE, BUCKET, SECRET).guard
    for told in (
        {name: policy for name, policy in guard.roles.items() if name in lived()},
        guard.resource_policies,
        guard.keys,
    ):
        yield from (f"{name} {told[name]}" for name in sorted(told))
