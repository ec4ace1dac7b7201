"""Is every row of every file accepted or handed back with its reason, and does no balance pass for fresher than its creditor said?"""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

from infra.local.backends.dynamodb.store import Store
from infra.simulation.checkers.known import Known
from infra.simulation.checkers.record import Broke, Record

FINAL = {"done", "to_confirm", "refused"}


class Files:
    """Told of every file that was dropped."""

    def __init__(self, store: Store, record: Record, broke: Broke) -> None:
        self._store = store
        self._record = record
        self._broke = broke
        self._balances: list[tuple[date, dict[str, int]]] = []
        self._dropped: dict[str, tuple[str, dict[str, date]]] = {}

    def dropped(self, key: str, creditor: str, body: bytes) -> None:
        """body: as a creditor's system wrote it."""
        self._dropped[key] = (creditor, _days(body))
        for row in csv.DictReader(io.StringIO(body.decode()), delimiter=";"):
            day = datetime.strptime(row["Fecha de corte"], "%d/%m/%Y").date()  # noqa: DTZ007
            whole, _, cents = row["Saldo total"].partition(".")
            self._balances.append((day, {f"{creditor}/{row['Referencia']}": int(whole + cents)}))

    def read(self, one: Known, fact: dict[str, Any]) -> None:
        """A debtor's balances are said to be those of a day: a file said so of every one of them."""
        told = [
            days[one.document]
            for creditor, days in self._dropped.values()
            if creditor == fact["creditor"] and one.document in days
        ]
        as_of = date.fromisoformat(fact["as_of"])
        for key, debt in one.debts.items():
            told_of_it = [b[key] for of, b in self._balances if of == as_of and key in b]
            if (
                debt.creditor == fact["creditor"]
                and debt.is_owed
                and told_of_it
                and debt.outstanding > max(told_of_it)
            ):
                self._broke(
                    "feed", one.id, f"{key} is {debt.outstanding}, a file of {as_of} says {max(told_of_it)}"
                )
        if not told or as_of > max(told):
            self._broke("feed", one.id, f"{fact['creditor']} is as of {as_of}, and no file says so")

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
                if about["state"] == "done" and not about["rejected"] and not about["conflicts"]:
                    self._arrived(key)

    def _add_up(self, key: str, about: dict[str, Any]) -> None:
        rejected = about["rows"] - about["accepted"]
        if rejected < 0 or rejected > sum(about["rejected"].values()) + sum(about["conflicts"].values()):
            self._broke(
                "import",
                "",
                f"{key}: {about['rows']} rows, {about['accepted']} accepted, {about['rejected']}",
            )

    def _arrived(self, key: str) -> None:
        """A file of which nothing was handed back has reached everybody in it."""
        creditor, days = self._dropped[key]
        by_document = {one.document: one for one in self._record.known.values()}
        for document, day in days.items():
            one = by_document.get(document)
            stands = one.feeds.get(creditor) if one is not None else None
            if stands is None or stands < day:
                who = one.id if one is not None else ""
                self._broke("import", who, f"{key} was accepted; the record of one in it is as of {stands}")


def _days(body: bytes) -> dict[str, date]:
    """Document → the oldest day of which its rows give balances."""
    found: dict[str, date] = {}
    for row in csv.DictReader(io.StringIO(body.decode()), delimiter=";"):
        document = row["Número de documento"]
        day = datetime.strptime(row["Fecha de corte"], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
        found[document] = min(found.get(document, day), day)
    return found
