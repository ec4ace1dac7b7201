"""A creditor's file comes in: every row is read once, taken or handed back, and laid in the partition of its debtor."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from recobro.adapters.table import in_our_words
from recobro.codec import from_plain, to_plain
from recobro.errors import InvalidInput, NotFound, Unavailable
from recobro.house import House
from recobro.intake.outcome import AcceptedRow, RejectedRow

if TYPE_CHECKING:
    from recobro.intake.mapping import ColumnMapping

ROWS_A_PARTITION = 1_000
BYTES_A_ROW = 150
MOST_PARTITIONS = 2_000
BUFFERED_ROWS = 20_000
"""So many rows are held in memory before they go to their partitions' files; memory stays flat whatever the file's size."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file says of itself: S3 metadata `feed`, `as-of`, `mapping`, `confirmed`. A delta recalls nothing."""

    feed: str
    as_of: date
    mapping: str


def import_portfolio(house: House, key: str) -> dict[str, Any]:
    """Read one dropped file into partitions. Dropped twice, or told of twice, it is one import."""
    dropped = house.files.about(key)
    declared = declared_by(dropped.declared, local_day(house), house.now().date())
    import_id = import_id_of(key, dropped.tag, declared)
    about = house.imports.begin(import_id, _about(import_id, key, declared))
    house.imports.remember(import_id)
    if about["state"] == "saving":
        # Whoever read the file may have died before its pieces were handed out; a piece repeats harmlessly.
        _hand_out(house, import_id, about["parts"])
    if about["state"] != "reading":
        return {"import": import_id, "state": about["state"]}
    with tempfile.TemporaryDirectory() as folder:
        count = min(MOST_PARTITIONS, max(1, dropped.size // (ROWS_A_PARTITION * BYTES_A_ROW)))
        split = Split(Path(folder), count)
        path = Path(folder) / Path(key).name
        house.files.fetch(key, path)
        try:
            about |= _read_into(house, path, key, declared, split)
        except InvalidInput as error:
            house.imports.note(import_id, about | {"state": "refused", "reason": str(error)})
            raise
        if not split.accepted:
            codes = ", ".join(f"{code} ({times})" for code, times in sorted(split.reasons.items()))
            reason = f"none of its {split.refused} rows can be used: {codes or 'it has none'}"
            house.imports.note(import_id, about | split.told() | {"state": "refused", "reason": reason})
            return {"import": import_id, "state": "refused", "accepted": 0}
        about |= split.told() | {"state": "saving", "parts": split.filled(), "partitions": count}
        for part in split.filled():
            house.files.upload(part_key(import_id, part), split.path(part))
        house.files.write_lines(f"work/{import_id}/rejects-reading.jsonl.gz", split.rejected)
    house.imports.note(import_id, about)
    for creditor in sorted(split.creditors) if declared.feed == "full" else ():
        house.imports.full_read(creditor, declared.as_of, import_id)
    _hand_out(house, import_id, split.filled())
    return {"import": import_id, "state": "saving", "accepted": split.accepted, "parts": len(split.filled())}


def local_day(house: House) -> date:
    """Today where the client is, where it is not tomorrow yet: what a file that names no day is true of."""
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    return min(house.now().astimezone(zone).date(), house.now().date())


def partition_of(debtor_id: str, count: int) -> int:
    """Which of a file's partitions a debtor's rows lie in; ids are keyed hashes, so partitions are alike in size."""
    return int(debtor_id[-8:], 16) % count


def part_key(import_id: str, part: int) -> str:
    """Where a partition's rows stand in the bucket."""
    return f"work/{import_id}/part-{part:04d}.jsonl"


def import_id_of(key: str, tag: str, declared: "Declared") -> str:
    """The same content under the same name, as of the same day and read by the same mapping, is the same import."""
    named = "\x1f".join((key, tag, declared.as_of.isoformat(), declared.feed, declared.mapping))
    return "i" + hashlib.sha256(named.encode()).hexdigest()[:15]


def declared_by(metadata: Any, today: date, latest: date) -> Declared:
    """today: of a file that names no day; latest: that one may name. Raises InvalidInput naming the metadata and the fix."""
    feed = metadata.get("feed", "delta")
    if feed not in {"full", "delta"}:
        raise InvalidInput("metadata feed", f"is {feed!r}", "full or delta")
    try:
        as_of = date.fromisoformat(metadata.get("as-of", today.isoformat()))
    except ValueError:
        raise InvalidInput("metadata as-of", f"is {metadata['as-of']!r}", "a date, 2026-11-22") from None
    if as_of > latest:
        raise InvalidInput(
            "metadata as-of", f"is {as_of}, after today", "the day on which the balances were true"
        )
    return Declared(feed, as_of, metadata.get("mapping", ""))


class Split:
    """The rows of one file, each in the file of its debtor's partition: a debtor is saved once, by one worker."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count
        self._waiting: dict[int, list[str]] = {}
        self._held = 0
        self._parts: set[int] = set()
        self.accepted = 0
        self.refused = 0
        self.creditors: set[str] = set()
        self.rejected: list[dict[str, Any]] = []
        self.reasons: Counter[str] = Counter()

    def put(self, row: AcceptedRow) -> None:
        part = partition_of(row.debtor, self._count)
        self._waiting.setdefault(part, []).append(json.dumps(to_plain(row), ensure_ascii=False))
        self.accepted += 1
        self.creditors.add(row.creditor)
        self._held += 1
        if self._held >= BUFFERED_ROWS:
            self.flush()

    def reject(self, row: RejectedRow) -> None:
        """A row that was handed back, or a cell without which its row was taken."""
        self.refused += row.scope == "row"
        self.reasons[row.code] += 1
        self.rejected.append(to_plain(row))

    def flush(self) -> None:
        for part, lines in self._waiting.items():
            self._parts.add(part)
            with self.path(part).open("a", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
        self._waiting.clear()
        self._held = 0

    def path(self, part: int) -> Path:
        return self._folder / f"part-{part:04d}.jsonl"

    def filled(self) -> list[int]:
        return sorted(self._parts)

    def told(self) -> dict[str, Any]:
        return {
            "rows": self.accepted + self.refused,
            "creditors": sorted(self.creditors),
            "rejected": dict(sorted(self.reasons.items())),
        }


def _read_into(house: House, path: Path, key: str, declared: Declared, split: Split) -> dict[str, Any]:
    """Every row of the file into its partition; returns what was detected, and the mapping when it was guessed."""
    from recobro.adapters.portfolio.opened import open_portfolio
    from recobro.intake.context import Context
    from recobro.intake.portfolio import read

    mapping = _mapping(house, declared.mapping) if declared.mapping else None
    context = Context(house.playbook.client, house.keys, declared.as_of)
    with path.open("rb") as file:
        source = open_portfolio(file, key, mapping)
        portfolio = read(source, mapping, context, mode=declared.feed, as_of=declared.as_of)
        for row in portfolio:
            if isinstance(row, AcceptedRow):
                split.put(row)
                for note in row.notes:
                    split.reject(note)
            else:
                split.reject(row)
        split.flush()
        told = {"detected": dict(portfolio.described)}
        return told | ({"guessed_mapping": portfolio.as_toml()} if portfolio.is_guessed else {})


def _mapping(house: House, key: str) -> "ColumnMapping":
    """The mapping that the file names. Raises InvalidInput where there is none, or none that can be read."""
    from recobro.intake.mapping import load_mapping

    try:
        text = house.files.read(key).decode()
    except NotFound as error:
        fix = "put it there under work/mappings/, then drop the file again under another name"
        raise InvalidInput("metadata mapping", str(error), fix) from error
    except UnicodeDecodeError:
        raise InvalidInput("metadata mapping", f"{key} is no text", "TOML, saved as UTF-8") from None
    return load_mapping(text, key)


def _about(import_id: str, key: str, declared: Declared) -> dict[str, Any]:
    return {
        "import": import_id,
        "file": key,
        "feed": declared.feed,
        "as_of": declared.as_of.isoformat(),
        "state": "reading",
    }


def _hand_out(house: House, import_id: str, parts: list[int]) -> None:
    send_pieces(house, [{"import": import_id, "step": "save", "part": part} for part in parts])


def send_pieces(house: House, pieces: list[dict[str, Any]]) -> None:
    """Pieces of an import's work for `import_partition`, ten to a request. Raises Unavailable unless all were taken."""
    client = house.client("sqs")
    for start in range(0, len(pieces), 10):
        entries = [
            {"Id": str(n), "MessageBody": json.dumps(one, sort_keys=True)}
            for n, one in enumerate(pieces[start : start + 10])
        ]
        answer = in_our_words(
            client.send_message_batch, QueueUrl=house.settings.partitions_queue, Entries=entries
        )
        if answer.get("Failed"):
            raise Unavailable(
                f"{len(answer['Failed'])} of {len(entries)} pieces were not taken by their queue"
            )


def rows_of(lines: Iterator[str]) -> dict[str, list[AcceptedRow]]:
    """debtor → its rows, in the file's order."""
    found: dict[str, list[AcceptedRow]] = {}
    for line in lines:
        if line:
            row = from_plain(AcceptedRow, json.loads(line))
            found.setdefault(row.debtor, []).append(row)
    return found
