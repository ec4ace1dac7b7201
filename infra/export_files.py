"""Everything that a client's ledger holds, in open formats that any program reads: cancel any time, take your data.

JSON Lines keep every item whole, sorted into files by what it is; CSV tables show the same people, debts, contacts, promises,
payments and tasks to a spreadsheet. `manifest.json` counts the lines of each file and names its SHA-256.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from infra.demo.table_dump import plain_item
from infra.private_file import for_its_owner
from recobro.adapters.state_record import read_state
from recobro.codec import to_plain, write_instant
from recobro.domain.debtor import Debtor
from recobro.domain.money import Money, exponent
from recobro.house import House
from recobro.intake.rejects_file import harmless

SCHEMA = "recobro-everything/1"

KINDS = (
    ("DEBTOR#", "STATE", "debtors"),
    ("DEBTOR#", "FACT#", "facts"),
    ("DEBTOR#", "CONTENT#", "contents"),
    ("LOOKUP#", "", "lookups"),
    ("SUPPRESSED#", "", "suppressions"),
    ("PAYMENT#", "", "payments_told"),
    ("ASIDE#", "", "set_aside"),
    ("OBLIGORS#", "", "obligors"),
    ("SCOPE#", "", "scopes"),
    ("BUDGET#", "", "budgets"),
)
"""Partition and sort key begin so → file; whatever else there is goes to `other`, so that nothing is left behind."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "debtors": (
        "debtor",
        "name",
        "national_id",
        "kind",
        "country",
        "language",
        "lane",
        "next_action",
        "is_erased",
    ),
    "points": ("debtor", "point", "kind", "address", "state", "provenance"),
    "debts": ("debtor", "debt", "creditor", "role", "status", "currency", "outstanding", "due_on"),
    "contacts": (
        "debtor",
        "attempt",
        "at",
        "channel",
        "creditor",
        "kind",
        "status",
        "outcome",
        "cost_micro_usd",
    ),
    "promises": ("debtor", "promise", "creditor", "currency", "amount", "due_on", "status", "paid"),
    "payments": ("debtor", "intent", "debt", "currency", "amount", "returned", "told_at", "is_reversed"),
    "tasks": (
        "debtor",
        "task",
        "reason",
        "priority",
        "opened_at",
        "due_at",
        "owner",
        "disposition",
        "closed_at",
    ),
}
"""Table → its columns. Amounts are decimals of their currency, instants UTC; contacts older than a record keeps stand in facts.jsonl."""

Row = Mapping[str, object]


@dataclass
class _File:
    """A file that is being written, and what stands in it so far."""

    out: IO[str]
    lines: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, text: str) -> None:
        self.out.write(text)
        self.digest.update(text.encode())


class _Echo:
    """What csv writes, handed on."""

    def write(self, text: str) -> str:
        return text


def export(house: House, folder: Path, *, files: bool = False) -> dict[str, Any]:
    """Write everything to `folder`, readable by its owner alone; the manifest. files: the bucket's objects as well."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as open_files:
        kept: dict[str, _File] = {}

        def to(name: str) -> _File:
            if name not in kept:
                kept[name] = _File(open_files.enter_context(for_its_owner(folder / name)))
            return kept[name]

        for name, columns in TABLES.items():
            _csv(to(f"{name}.csv"), [columns])
        for item in _items(house):
            kind = kind_of(item["pk"]["S"], item["sk"]["S"])
            line = json.dumps(plain_item(item), ensure_ascii=False, sort_keys=True)
            to(f"{kind}.jsonl").write(f"{line}\n")
            kept[f"{kind}.jsonl"].lines += 1
            if kind == "debtors":
                loaded = read_state(item)
                next_action = write_instant(loaded.next_action) if loaded.next_action else ""
                for table, rows in rows_of(loaded.debtor, loaded.lane, next_action).items():
                    _csv(to(f"{table}.csv"), [[row.get(name, "") for name in TABLES[table]] for row in rows])
                    kept[f"{table}.csv"].lines += len(rows)
        written = {
            name: {"lines": one.lines, "sha256": one.digest.hexdigest()} for name, one in sorted(kept.items())
        }
    left_out: list[str] = []
    objects = dict(_objects(house, folder / "files", left_out)) if files else {}
    manifest = {
        "schema": SCHEMA,
        "client": house.playbook.client.name,
        "at": write_instant(house.now()),
        "files": written,
        "objects": objects,
        "objects_left_out": left_out,
    }
    with for_its_owner(folder / "manifest.json") as out:
        json.dump(manifest, out, indent=2, ensure_ascii=False)
    return manifest


def kind_of(pk: str, sk: str) -> str:
    """Which file an item belongs to."""
    for begins, sorts, name in KINDS:
        if pk.startswith(begins) and sk.startswith(sorts):
            return name
    return "other"


def rows_of(debtor: Debtor, lane: str, next_action: str) -> dict[str, list[Row]]:
    """One person's rows of every table."""
    who, personal = {"debtor": debtor.id}, debtor.personal
    about = {**who, "name": personal.name, "national_id": personal.national_id, "lane": lane}
    about |= {
        "kind": debtor.profile.kind,
        "country": debtor.profile.country,
        "language": debtor.profile.language,
    }
    about |= {"next_action": next_action, "is_erased": str(debtor.is_erased).lower()}
    return {
        "debtors": [about],
        "points": [
            {**who, **_told(point), "point": point.id, "address": personal.points.get(point.id, "")}
            for point in debtor.points
        ],
        "debts": [
            {
                **who,
                **_told(debt),
                "debt": debt.key,
                "outstanding": _amount(debt.outstanding.minor, debt.currency),
            }
            for debt in debtor.debts
        ],
        "contacts": [
            {
                **who,
                **_told(one),
                "attempt": one.id,
                "at": write_instant(one.claimed_at),
                "cost_micro_usd": one.cost,
            }
            for one in debtor.attempts
            if not one.shared
        ],
        "promises": [
            {
                **who,
                **_told(one),
                "promise": one.id,
                "amount": _amount(one.amount, one.currency),
                "paid": _amount(one.paid, one.currency),
            }
            for one in debtor.promises
        ],
        "payments": [
            {
                **who,
                **_told(one),
                "amount": _amount(one.amount, one.currency),
                "returned": _amount(one.returned, one.currency),
                "is_reversed": str(one.is_reversed).lower(),
            }
            for one in debtor.payments
        ],
        "tasks": [{**who, **_told(one), "task": one.id} for one in debtor.tasks],
    }


def _told(value: Any) -> dict[str, object]:
    """A record's own fields that are one word each, its defaults included."""
    found = {name: getattr(value, name) for name in value.__dataclass_fields__}
    simple = {name: one for name, one in found.items() if not isinstance(one, tuple | Mapping)}
    return {name: _cell(one) for name, one in simple.items()}


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return write_instant(value)
    if value is None:
        return ""
    return value if isinstance(value, int | str) else to_plain(value)


def _amount(minor: int, currency: str) -> str:
    """1500.00: no grouping, a point, as many decimals as the currency has."""
    money, digits = Money(minor, currency), exponent(currency)
    whole, rest = divmod(abs(money.minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{rest:0{digits}d}' if digits else ''}"


def _csv(file: _File, rows: Iterable[Sequence[object]]) -> None:
    """RFC 4180; a cell that a spreadsheet would run as a formula is quoted by an apostrophe (OWASP: CSV injection)."""
    writer = csv.writer(_Echo())
    for row in rows:
        file.write(writer.writerow([_harmless(cell) for cell in row]))


def _harmless(cell: object) -> object:
    is_number = isinstance(cell, str) and cell[1:].replace(".", "").isdigit()
    return harmless(cell) if isinstance(cell, str) and not is_number else cell


def _items(house: House) -> Iterator[dict[str, Any]]:
    """Every item, page by page: what it takes of memory does not grow with the table."""
    start: dict[str, Any] = {}
    client = house.client("dynamodb")
    while True:
        page = client.scan(TableName=house.settings.table, ConsistentRead=True, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _objects(house: House, folder: Path, left_out: list[str]) -> Iterator[tuple[str, int]]:
    """The bucket, key for key. left_out: grows by those that can be no file here."""
    for key in house.files.keys(""):
        path = (folder / key).resolve()
        # A key with dots in it would leave the folder: S3 allows any name. Its console writes "inbox/" for a folder.
        if not path.is_relative_to(folder.resolve()) or key.endswith("/"):
            left_out.append(key)
            continue
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        house.files.fetch(key, path)
        path.chmod(0o600)
        yield key, path.stat().st_size
