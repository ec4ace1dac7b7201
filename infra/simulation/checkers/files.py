"""Is every row of every file accepted or handed back with its reason?"""

import json
from datetime import date
from typing import Any

from infra.local.backends.dynamodb.store import Store
from infra.simulation.checkers.record import Broke

FINAL = {"done", "to_confirm", "refused"}


class Files:
    """Told of every file that was dropped."""

    def __init__(self, store: Store, broke: Broke) -> None:
        self._store = store
        self._broke = broke
        self._dropped: dict[str, tuple[str, date]] = {}

    def dropped(self, key: str, creditor: str, as_of: date) -> None:
        self._dropped[key] = (creditor, as_of)

    def ended(self) -> None:
        """Every file has come to its end, and its rows add up."""
        items = self._store.tables["ledger"].items
        told = [
            json.loads(parts["ABOUT"]["about"]["S"])
            for pk, parts in items.items()
            if pk.startswith("IMPORT#")
        ]
        by_file = {about["file"]: about for about in told}
        for key in sorted(self._dropped):
            about: dict[str, Any] = by_file.get(key, {})
            if about.get("state") not in FINAL:
                self._broke("import", "", f"{key} ended as {about.get('state', 'nothing')}")
            elif about["state"] != "refused":
                self._add_up(key, about)

    def _add_up(self, key: str, about: dict[str, Any]) -> None:
        rejected = about["rows"] - about["accepted"]
        if rejected < 0 or rejected > sum(about["rejected"].values()) + sum(about["conflicts"].values()):
            self._broke(
                "import",
                "",
                f"{key}: {about['rows']} rows, {about['accepted']} accepted, {about['rejected']}",
            )
