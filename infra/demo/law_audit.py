"""The second audit of a run: the ledger's own export, judged by the published law in a process that can't see our code.

The first (audit.py) goes by what carriers and telephones received. This one goes by the record, and knows every rule of every pack.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.cli.audit import judged
from infra.demo.table_dump import Item, facts, states
from infra.exporting import head, rows_of
from recobro.adapters.state_record import recorded_from_plain
from recobro.codec import from_plain
from recobro.domain.chain import Recorded
from recobro.domain.playbook import Playbook
from recobro.ports import Content


def law_audit(items: Sequence[Item], playbook: Playbook) -> Mapping[str, Any]:
    """What the auditor says of the whole ledger: `contacts`, `breaches`, `set_aside` …"""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        file = Path(folder) / "export.jsonl"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(items, playbook))
        return judged(file)


def _rows(items: Sequence[Item], playbook: Playbook) -> Iterator[dict[str, Any]]:
    histories: dict[str, list[Recorded]] = defaultdict(list)
    for debtor, plain in facts(items):
        histories[debtor].append(recorded_from_plain(plain))
    contents = dict(_contents(items))
    ended = [one.at for history in histories.values() for one in history]
    yield from head(playbook, max(ended, default=datetime.now(UTC)))
    for debtor, history in histories.items():
        yield from rows_of(playbook, debtor, history, contents.get)


def _contents(items: Sequence[Item]) -> Iterator[tuple[str, Content]]:
    """What was said, by its digest, kept and still travelling."""
    for item in items:
        if item["sk"].startswith("CONTENT#"):
            yield item["sk"].removeprefix("CONTENT#"), from_plain(Content, item["body"])
    for item in states(items):
        for digest, plain in item["body"].get("contents", {}).items():
            yield digest, from_plain(Content, plain)
