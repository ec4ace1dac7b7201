"""Which modules a function can reach: what it imports, what that imports, and so on, read from the source without running it."""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from recobro.errors import InvalidInput

NEEDED_AS_DATA = {"zoneinfo": "tzdata"}
"""What a standard module reads from a package at run time, without importing it."""


def reached(handler: Path, roots: Sequence[Path], but: frozenset[str] = frozenset()) -> set[str]:
    """Every module that `handler` may import, by its full name, as far as `roots` hold it; what `but` imports is left out.

    A module that is imported by a name put together at run time counts with all its neighbours: any of them may be meant.
    """
    found = set[str](but)
    waiting = list(_imported(handler, "handler", tuple(roots)))
    while waiting:
        name = waiting.pop()
        waiting.extend({NEEDED_AS_DATA[name]} if name in NEEDED_AS_DATA else ())
        for part in _with_parents(name):
            source = _source(part, tuple(roots))
            if source is not None and part not in found:
                found.add(part)
                waiting.extend(_imported(source, part, tuple(roots)))
    return found - but


def source_of(module: str, roots: Sequence[Path]) -> Path | None:
    """The file in which a module stands, if one of `roots` holds it."""
    return _source(module, tuple(roots))


def missing(source: Path, roots: Sequence[Path]) -> set[str]:
    """What a file of ours imports that neither Python nor `roots` hold."""
    return {
        name
        for name in _imported(source, source.stem, tuple(roots))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(_source(part, tuple(roots)) for part in (name, name.rpartition(".")[0]) if part)
    }


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


@cache
def _source(name: str, roots: tuple[Path, ...]) -> Path | None:
    for root in roots:
        path = root.joinpath(*name.split("."))
        for candidate in (path / "__init__.py", path.with_suffix(".py")):
            if candidate.is_file():
                return candidate
    return None


@cache
def _imported(source: Path, name: str, roots: tuple[Path, ...]) -> tuple[str, ...]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    package = name if source.name == "__init__.py" else name.rpartition(".")[0]
    named: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            named += [base, *(f"{base}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call) and _is_import_module(node.func):
            named += _neighbours(node.args[0], name, roots)
    return tuple(each for each in named if each)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    kept = parts[: len(parts) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _is_import_module(called: ast.expr) -> bool:
    return (isinstance(called, ast.Name) and called.id == "import_module") or (
        isinstance(called, ast.Attribute) and called.attr == "import_module"
    )


def _neighbours(argument: ast.expr, name: str, roots: tuple[Path, ...]) -> list[str]:
    if isinstance(argument, ast.Constant):
        return [str(argument.value)]
    if isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        package, _, begins = str(argument.values[0].value).rpartition(".")
        source = _source(package, roots)
        files = source.parent.glob(f"{begins or '[!_]'}*.py") if source else ()
        if found := [f"{package}.{path.stem}" for path in files]:
            return found
    if name.partition(".")[0] == "recobro":
        raise InvalidInput(
            name, "imports a module that cannot be known before", 'write import_module(f"package.{name}")'
        )
    return []
