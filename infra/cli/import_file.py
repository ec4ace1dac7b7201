"""A creditor's file goes in, and its sender hears at once what was taken, what was handed back and why, and who can be reached."""

import argparse
import getpass
import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from infra.cli.command import Command
from infra.cli.import_report import answered, show, show_paper
from infra.cli.place import Here, Place
from infra.cli.screen import Screen, Tell
from recobro.errors import InvalidInput, Unavailable
from recobro.house import House
from recobro.intake.mapping import ColumnMapping, load_mapping

OVER = ("done", "to_confirm", "refused")
PATIENCE = 900
"""Seconds to wait for a deployed import that shows no progress."""


@dataclass
class Paper:
    """A file read on paper: what would be taken. mapping: as it was used, guessed where none was given."""

    file: str
    mapping: str
    accepted: int = 0
    debtors: set[str] = field(default_factory=set)
    rejected: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="CSV, XLSX or JSON Lines")
    parser.add_argument(
        "--mapping", type=Path, metavar="M.toml", help="which column is what; guessed when not given"
    )
    feed = parser.add_mutually_exclusive_group()
    feed.add_argument("--full", dest="feed", action="store_const", const="full", default="",
                      help="it names every debt: what it leaves out is recalled")  # fmt: skip
    feed.add_argument("--delta", dest="feed", action="store_const", const="delta",
                      help="it names what changed; recalls nothing (the default)")  # fmt: skip
    parser.add_argument("--as-of", default="", metavar="DATE", help="the day its balances were true (today)")
    parser.add_argument("--dry-run", action="store_true", help="read it here, and import nothing")
    parser.add_argument("--rejects", type=Path, metavar="FILE.csv", help="where to put what was handed back")
    parser.add_argument(
        "--confirm", default="", metavar="ID", help="say that a large recall is meant, and let it go on"
    )
    parser.add_argument("--who", default=getpass.getuser(), help="who confirms (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if bool(arguments.file) == bool(arguments.confirm):
        raise InvalidInput(
            "FILE", "and --confirm: exactly one of the two", "recobro import FILE, or --confirm ID"
        )
    if arguments.file is not None and not arguments.file.is_file():
        raise InvalidInput("FILE", f"{arguments.file} is no file", "name a CSV, XLSX or JSON Lines file")
    mapping = mapping_in(arguments.mapping)
    with here() as place:
        if arguments.confirm:
            from recobro.usecases.import_partition import confirm

            confirm(place.house, arguments.confirm, arguments.who)
            import_id = arguments.confirm
        elif arguments.dry_run:
            found = on_paper(place.house, arguments.file, mapping, _as_of(arguments, place.house))
            return show_paper(found, screen)
        else:
            import_id = drop(
                place.house,
                arguments.file,
                mapping,
                _feed(arguments, mapping),
                _as_of(arguments, place.house),
            )
        with screen.progress("importing") as tell:
            about = follow(place, import_id, tell)
        rejects = _fetch_rejects(place.house, about, arguments)
    screen.answer(answered(about, rejects)) if screen.as_json else show(about, rejects, screen)
    return 0 if about["state"] in {"done", "to_confirm"} else 1


def mapping_in(path: Path | None) -> str:
    """The mapping's text, checked here so that a slip costs seconds. Raises InvalidInput naming file, line and field."""
    if path is None:
        return ""
    text = path.read_text(encoding="utf-8")
    load_mapping(text, path.name)
    return text


def drop(house: House, path: Path, mapping: str, feed: str, as_of: date) -> str:
    """Put the file, with what it says of itself, where the deployment looks for files. Returns the import's id."""
    declared = {"feed": feed, "as-of": as_of.isoformat()}
    if mapping:
        declared["mapping"] = f"work/mappings/{hashlib.sha256(mapping.encode()).hexdigest()[:16]}.toml"
        house.files.write(declared["mapping"], mapping.encode(), "application/toml")
    key = f"inbox/{re.sub(r'[^A-Za-z0-9._-]+', '_', path.name)}"
    with path.open("rb") as body:
        house.client("s3").put_object(Bucket=house.settings.bucket, Key=key, Body=body, Metadata=declared)
    return import_id_of(key, house.files.about(key).tag, as_of)


def import_id_of(key: str, tag: str, as_of: date) -> str:
    """How usecases/import_portfolio.py names the import of that file; a test holds the two together."""
    return "i" + hashlib.sha256(f"{key}\x1f{tag}\x1f{as_of}".encode()).hexdigest()[:15]


def follow(place: Place, import_id: str, tell: Tell) -> dict[str, Any]:
    """Wait until the import is over. Raises Unavailable when it stands still."""
    before, since = None, time.monotonic()
    while True:
        place.go_on()
        about = place.house.imports.about(import_id)
        done = _done(place.house, import_id, about)
        if about is not None:
            tell(done, len(about.get("parts", [])) or None)
            if about["state"] in OVER:
                return about
        standing = (about, done)
        if standing != before:
            before, since = standing, time.monotonic()
        elif place.is_immediate or time.monotonic() - since > PATIENCE:
            state = about["state"] if about is not None else "not begun"
            raise Unavailable(
                f"import {import_id} stands still ({state}); see: recobro aside import_portfolio"
            )


def on_paper(house: House, path: Path, mapping: str, as_of: date) -> Paper:
    """Read the file as the import would, and write nothing."""
    from recobro.intake.outcome import AcceptedRow
    from recobro.intake.portfolio import read

    found = Paper(str(path), mapping)
    for row in read(path, mapping, house.playbook.client, house.keys, as_of):
        if isinstance(row, AcceptedRow):
            found.accepted += 1
            found.debtors.add(row.debtor)
            notes = list(row.notes)
        else:
            notes = [row]
        for one in notes:
            found.rejected[one.code] += 1
            if len(found.first) < 20:
                found.first.append(
                    {"row": one.row_number, "field": one.field, "reason": one.reason, "fix": one.fix}
                )
    return found


def _done(house: House, import_id: str, about: dict[str, Any] | None) -> int:
    return sum(1 for _ in _finished(house, import_id)) if about is not None else 0


def _finished(house: House, import_id: str) -> Iterator[dict[str, Any]]:
    for kind in ("PART#", "MISSING#", "RECALL#"):
        yield from house.imports.finished(import_id, kind)


def _feed(arguments: argparse.Namespace, mapping: str) -> str:
    """As the command says, else as the mapping does."""
    said: str = arguments.feed
    return said or (_loaded(mapping).feed.mode if mapping else "delta")


def _loaded(mapping: str) -> ColumnMapping:
    return load_mapping(mapping, "mapping")


def _as_of(arguments: argparse.Namespace, house: House) -> date:
    if not arguments.as_of:
        return house.now().date()
    try:
        return date.fromisoformat(arguments.as_of)
    except ValueError:
        raise InvalidInput("--as-of", f"is {arguments.as_of!r}", "write a date, 2026-11-22") from None


def _fetch_rejects(house: House, about: dict[str, Any], arguments: argparse.Namespace) -> Path | None:
    """The rejects file beside what was imported, if anything was handed back."""
    key = about.get("rejects_file")
    if not key or not (about.get("rejected") or about.get("conflicts")):
        return None
    beside = (
        arguments.file.with_suffix(".rejects.csv")
        if arguments.file
        else Path(f"{about['import']}.rejects.csv")
    )
    path: Path = arguments.rejects or beside
    path.write_bytes(house.files.read(key))
    return path


COMMAND = Command(
    name="import",
    summary="Bring in a creditor's file; says what was taken, what was not and why, and who can be reached",
    examples=(
        "recobro import portfolio.csv --dry-run",
        "recobro import portfolio.xlsx --mapping fabula.toml --full --as-of 2026-11-22",
        "recobro import --confirm i0a1b2c3d4e5f607 --who ana",
        "recobro import changes.csv --delta --client acme --profile acme-prod --json",
    ),
    options=options,
    run=run,
)
