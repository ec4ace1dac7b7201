"""How far each import has come: what was read, saved, handed back and recalled, so that progress shows and nothing is lost."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from recobro.adapters.table import Table

NEWEST = "full "
"""Before a creditor, beside the imports' ids: the newest full file that was read of it."""


class Imports:
    """`IMPORT#<id>`: an item `ABOUT` and one item for each finished piece of work; pieces repeat harmlessly."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, import_id: str, about: Mapping[str, Any]) -> dict[str, Any]:
        """Note the import if it is new. Returns what stands there: a file that is dropped twice is one import."""
        there = self._table.put_new(f"IMPORT#{import_id}", "ABOUT", {"about": {"S": _text(about)}})
        known: dict[str, Any] = json.loads(there["about"]["S"]) if there is not None else dict(about)
        return known

    def about(self, import_id: str) -> dict[str, Any] | None:
        item = self._table.get(f"IMPORT#{import_id}", "ABOUT")
        return json.loads(item["about"]["S"]) if item is not None else None

    def note(self, import_id: str, about: Mapping[str, Any]) -> None:
        """Write down how far it has come. Keys of `about`: state, file, feed, as_of, parts, rows, accepted, rejected …"""
        self._table.put(f"IMPORT#{import_id}", "ABOUT", {"about": {"S": _text(about)}})

    def finish(self, import_id: str, piece: str, result: Mapping[str, Any]) -> None:
        """piece: "PART#0003", "MISSING#overdue#01", "RECALL#overdue#01"."""
        self._table.put(f"IMPORT#{import_id}", piece, {"result": {"S": _text(result)}})

    def finished(self, import_id: str, kind: str) -> Iterator[dict[str, Any]]:
        """The results of all finished pieces of a kind: "PART#", "MISSING#", "RECALL#"."""
        for item in self._table.query(f"IMPORT#{import_id}", prefix=kind):
            yield json.loads(item["result"]["S"])

    def full_read(self, creditor: str, as_of: date, import_id: str) -> None:
        """A full file of that creditor was read; the newest of them decides what is missing, and of one day the last."""
        newest = {"as_of": {"S": as_of.isoformat()}, "import": {"S": import_id}}
        is_newest = "attribute_not_exists(pk) OR as_of <= :as_of"
        self._table.put_where(
            "IMPORTS", f"{NEWEST}{creditor}", newest, is_newest, {":as_of": newest["as_of"]}
        )

    def newer_full(self, creditor: str, as_of: date, import_id: str) -> str:
        """The full import that was read after this one and is no older; empty: there is none."""
        item = self._table.get("IMPORTS", f"{NEWEST}{creditor}")
        if item is None or item["import"]["S"] == import_id or item["as_of"]["S"] < as_of.isoformat():
            return ""
        return str(item["import"]["S"])

    def remember(self, import_id: str) -> None:
        """So that `recobro import` can list them."""
        self._table.put("IMPORTS", import_id, {})

    def known(self) -> list[str]:
        every = (item["sk"]["S"] for item in self._table.query("IMPORTS"))
        return [one for one in every if not one.startswith(NEWEST)]


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
