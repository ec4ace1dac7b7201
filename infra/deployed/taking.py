"""A client's data is taken away whole and counted before anything that holds it is removed: every table, and every file."""

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, TextIO

from infra.deployed.files_taken import LIST, copy_files, differing_here, in_no_copy, is_list_whole
from infra.private_file import for_its_owner
from infra.restoring.table import status
from recobro.errors import Conflict, InvalidInput, NotFound, Unavailable

Clients = Callable[[str], Any]

Seen = Callable[[int], None]
"""Told how many items and files have been looked at."""

FORMAT = 2
"""Of `taken.json`. The first named no files."""

NAMED = 5
"""Files that a refusal names; how many there are more it counts."""

ANEW = "export again: --export with another folder"
AGAIN = f"bring back what was written there, or {ANEW}"
UNREADABLE = (OSError, EOFError, UnicodeDecodeError, zlib.error)


@dataclass(frozen=True)
class Holding:
    """What holds a client's data. tables: the one in use first, then those that it was restored from or that were restored."""

    tables: Sequence[str]
    bucket: str


@dataclass(frozen=True)
class TableTaken:
    """mark: of its items, whatever order they come in; the same items have the same mark."""

    file: str
    items: int
    mark: str


@dataclass(frozen=True)
class Taken:
    """What was written. listed: the SHA-256 of the list of files (infra/deployed/files_taken.py)."""

    tables: Mapping[str, TableTaken]
    files: int
    listed: str

    @property
    def items(self) -> int:
        return sum(one.items for one in self.tables.values())


class Changed(InvalidInput):
    """Somebody wrote after the export."""


def _nobody(number: int) -> None:
    """For those who do not watch."""


def take_data(clients: Clients, holding: Holding, folder: Path, seen: Seen = _nobody) -> Taken:
    """Every table that is there (DynamoDB's own JSON, an item a line), the one in use as `table.jsonl.gz`, and every current file.

    An export that broke off is written anew. Raises Conflict where the folder holds a whole one.
    """
    if (folder / "taken.json").exists():
        raise Conflict(f"{folder} holds an export already: name a new folder")
    (folder / "files").mkdir(parents=True, exist_ok=True, mode=0o700)
    step, dynamodb = _steps(seen), clients("dynamodb")
    tables = {}
    for name in _standing(dynamodb, holding.tables):
        file = "table.jsonl.gz" if name == holding.tables[0] else f"table-{name}.jsonl.gz"
        with for_its_owner(folder / file, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as out:
            tables[name] = TableTaken(file, *_marked(_written(_lines(dynamodb, name), out), step))
    taken = Taken(tables, *copy_files(clients("s3"), holding.bucket, folder, step))
    with for_its_owner(folder / "taken.part") as part:
        json.dump({"format": FORMAT, **asdict(taken)}, part)
    (folder / "taken.part").replace(folder / "taken.json")
    return taken


def check_whole(folder: Path, seen: Seen = _nobody) -> Taken:
    """What stands in the folder, if it is what was written. Raises NotFound, or InvalidInput naming what differs."""
    taken, step = _told(folder), _steps(seen)
    for one in taken.tables.values():
        if not _is_whole(folder / one.file, one, step):
            raise InvalidInput("--export", f"{folder / one.file} is gone or is not what was exported", AGAIN)
    if not _is_list_whole(folder, taken):
        raise InvalidInput("--export", f"{folder / LIST} is gone or is not what was exported", AGAIN)
    if named := _first(differing_here(folder, step)):
        raise InvalidInput("--export", f"of {folder}, {named} gone or not what was exported", AGAIN)
    return taken


def check_current(
    clients: Clients, holding: Holding, folder: Path, taken: Taken, seen: Seen = _nobody
) -> None:
    """Raises Changed where a table or a file is in no copy as it stands now.

    What is there no more is no matter: an end that broke off had begun to remove what it had checked.
    """
    step, dynamodb = _steps(seen), clients("dynamodb")
    for name in _standing(dynamodb, holding.tables):
        known = taken.tables.get(name)
        if known is None:
            raise _changed(f"table {name} is not in {folder}")
        if _marked(_lines(dynamodb, name), step) != (known.items, known.mark):
            raise _changed(f"table {name} has changed since {folder} was written")
    if named := _first(in_no_copy(clients("s3"), holding.bucket, folder, step)):
        raise _changed(f"of bucket {holding.bucket}, {named} new or changed since {folder} was written")


def _changed(problem: str) -> Changed:
    return Changed("--export", problem, ANEW)


def _told(folder: Path) -> Taken:
    try:
        told = json.loads((folder / "taken.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound(f"{folder} holds no whole export") from None
    if told.pop("format", 1) < FORMAT:
        problem = f"{folder} was written by an earlier release, which listed no files: what it lacks cannot be known"
        raise InvalidInput("--export", problem, ANEW)
    tables = {name: TableTaken(**one) for name, one in told.pop("tables").items()}
    return Taken(tables=tables, **told)


def _standing(dynamodb: Any, tables: Sequence[str]) -> Iterator[str]:
    """Those that can be read; one that is gone, or going, holds nothing any more."""
    for name in tables:
        match status(dynamodb, name):
            case "" | "DELETING":
                continue
            case "ACTIVE" | "UPDATING":
                yield name
            case other:
                raise Unavailable(f"table {name} cannot be read yet: it is {other}")


def _is_whole(path: Path, known: TableTaken, step: Callable[[], None]) -> bool:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return _marked(lines, step) == (known.items, known.mark)
    except UNREADABLE:
        return False


def _is_list_whole(folder: Path, taken: Taken) -> bool:
    try:
        return is_list_whole(folder, taken.files, taken.listed)
    except UNREADABLE:
        return False


def _first(names: Iterator[str]) -> str:
    """The first names, how many more there are, and their verb; empty: there is none."""
    shown = list(islice(names, NAMED))
    more = sum(1 for _ in names)
    if not shown:
        return ""
    rest = f" and {more} more" if more else ""
    return f"{', '.join(shown)}{rest} {'is' if len(shown) == 1 else 'are'}"


def _steps(seen: Seen) -> Callable[[], None]:
    numbers = count(1)
    return lambda: seen(next(numbers))


def _lines(client: Any, table: str) -> Iterator[str]:
    for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            yield json.dumps(item, sort_keys=True, default=_bytes, separators=(",", ":")) + "\n"


def _written(lines: Iterable[str], out: TextIO) -> Iterator[str]:
    for line in lines:
        out.write(line)
        yield line


def _marked(lines: Iterable[str], step: Callable[[], None]) -> tuple[int, str]:
    """How many, and the sum of their hashes: a scan promises no order."""
    items = total = 0
    for line in lines:
        items += 1
        total += int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        step()
    return items, f"{total % 2**256:064x}"


def _bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()
