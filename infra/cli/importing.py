"""From a file on an operator's machine to an import that is over: looked at here first, dropped, and watched to its end."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.cli.place import Place
from infra.cli.screen import Tell
from recobro.adapters.portfolio.opened import open_portfolio
from recobro.errors import Unavailable
from recobro.house import House
from recobro.intake.context import Context
from recobro.intake.mapping import load_mapping
from recobro.intake.outcome import AcceptedRow
from recobro.intake.portfolio import Portfolio, read
from recobro.usecases.import_portfolio import declared_by, import_id_of, local_day

OVER = ("done", "to_confirm", "refused")
PATIENCE = 900
"""Seconds to wait for a deployed import that shows no progress."""

FIRST = 20
"""Rows handed back that a dry run shows one by one."""


@dataclass(frozen=True)
class Asked:
    """What is said of a file: feed "full" or "delta", the day its balances were true, the text of its mapping or ""."""

    path: Path
    feed: str
    as_of: date
    mapping: str


@dataclass
class Paper:
    """A file read on paper: what would be taken. mapping: as it was used; is_guessed: nobody gave it."""

    file: str
    mapping: str
    is_guessed: bool
    accepted: int = 0
    debtors: set[str] = field(default_factory=set)
    rejected: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)


def asked_of(house: House, path: Path, mapping: str, feed: str, as_of: date | None) -> Asked:
    """What the command leaves out, the mapping says; what neither says: a delta, true today where the client is."""
    said = load_mapping(mapping, "mapping").feed if mapping else None
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    today = min(house.now().astimezone(zone).date(), house.now().date())
    return Asked(
        path,
        feed or (said.mode if said else "delta"),
        as_of or (said.as_of if said and said.as_of else today),
        mapping,
    )


@contextmanager
def looked_over(house: House, asked: Asked) -> Iterator[Portfolio]:
    """The file, found readable; its mapping guessed where none is given. Raises InvalidInput naming file, line and fix."""
    given = load_mapping(asked.mapping, "mapping") if asked.mapping else None
    context = Context(house.playbook.client, house.keys, asked.as_of)
    with asked.path.open("rb") as file:
        source = open_portfolio(file, asked.path.name, given)
        yield read(source, given, context, mode=asked.feed, as_of=asked.as_of)


def on_paper(house: House, asked: Asked, tell: Tell) -> Paper:
    """Read the file as the import would, and write nothing."""
    with looked_over(house, asked) as portfolio:
        found = Paper(str(asked.path), portfolio.as_toml(), portfolio.is_guessed)
        for number, row in enumerate(portfolio, 1):
            if isinstance(row, AcceptedRow):
                found.accepted += 1
                found.debtors.add(row.debtor)
                notes = list(row.notes)
            else:
                notes = [row]
            for one in notes:
                found.rejected[one.code] += 1
                if len(found.first) < FIRST:
                    told = {"row": one.row_number, "field": one.field, "reason": one.reason, "fix": one.fix}
                    found.first.append(told)
            if not number % 1_000:
                tell(number, portfolio.total or None)
    return found


def drop(house: House, asked: Asked) -> str:
    """Put the file, with what is said of it, where the deployment looks for files. Returns the import's id."""
    declared = {"feed": asked.feed, "as-of": asked.as_of.isoformat()}
    if asked.mapping:
        digest = hashlib.sha256(asked.mapping.encode()).hexdigest()[:16]
        declared["mapping"] = f"work/mappings/{digest}.toml"
        house.files.write(declared["mapping"], asked.mapping.encode(), "application/toml")
    key = f"inbox/{re.sub(r'[^A-Za-z0-9._-]+', '_', asked.path.name)}"
    with asked.path.open("rb") as body:
        house.client("s3").put_object(Bucket=house.settings.bucket, Key=key, Body=body, Metadata=declared)
    return import_id_of(
        key, house.files.about(key).tag, declared_by(declared, local_day(house), house.now().date())
    )


def follow(place: Place, import_id: str, tell: Tell) -> dict[str, Any]:
    """Wait until the import is over. Raises Unavailable when it stands still."""
    before, since = None, time.monotonic()
    while True:
        place.go_on()
        about = place.house.imports.about(import_id)
        done = finished(place.house, import_id) if about is not None else 0
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
                f"import {import_id} stands still ({state}); see: recobro aside import_portfolio, and its log"
            )


def finished(house: House, import_id: str) -> int:
    """How many pieces of an import's work are done."""
    kinds = ("PART#", "MISSING#", "RECALL#")
    return sum(1 for kind in kinds for _ in house.imports.finished(import_id, kind))
