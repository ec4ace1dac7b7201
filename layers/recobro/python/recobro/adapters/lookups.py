"""From an address, a debt's reference or a carrier's message id to the people it may mean; a hint, verified against the record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from recobro.adapters.table import Table

KEPT_AFTER_SENDING = timedelta(days=90)
"""A carrier's word of a message comes in days, a complaint of it in weeks."""
LONGEST_ID = 256
KEPT_UNKNOWN = timedelta(days=400)
"""A debt whose payment came first is placed within days; a reference that was mistyped is nobody's for ever."""
ERASED = "ERASED"
"""Stands for good where a debt's principal was: beside the people whom it leads to, so that who asks for them is told."""
BROUGHT_WITHIN = timedelta(minutes=10)
"""Longer than an import works on one piece: after it the person of a new lookup is there, or the piece is worked again."""


def sent_as(provider_id: str) -> str:
    """Under what a message is found by the id that its carrier gave it; carriers' ids are random and differ from one another."""
    return f"sent:{provider_id}"


def sent_items(debtor_id: str, facts: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lookups that recorded facts (as they are written down) bring: one for each id that a carrier gave or changed."""
    for one in facts:
        provider_id = one["fact"].get("provider_id", "")
        if one["fact"]["kind"] == "attempt_progressed" and 0 < len(provider_id) <= LONGEST_ID:
            ends = datetime.fromisoformat(one["at"]) + KEPT_AFTER_SENDING
            yield {
                "pk": {"S": f"LOOKUP#{sent_as(provider_id)}"},
                "sk": {"S": f"DEBTOR#{debtor_id}"},
                "ttl": {"N": str(int(ends.timestamp()))},
            }


def _aliases_of(debtor_id: str) -> str:
    return f"aliases:{debtor_id}"


class Lookups:
    """One item per (keyed hash, debtor), written before the save that needs it. Reads are consistent."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, hashed: str, debtor_id: str, now: datetime | None = None) -> None:
        """now: given by whoever is about to save that person; until then nobody is there."""
        at = {} if now is None else {"at": {"S": now.isoformat()}}
        self._table.put(f"LOOKUP#{hashed}", f"DEBTOR#{debtor_id}", at)

    def add_alias(self, alias: str, debtor_id: str) -> None:
        """alias: keyed hash of a carrier's own id of somebody. It stands in no record, so that it is noted under the person first: by
        that alone an erasure finds it.
        """
        self._table.put(f"LOOKUP#{_aliases_of(debtor_id)}", f"ALIAS#{alias}", {})
        self.add(alias, debtor_id)

    def forget_aliases(self, debtor_id: str) -> int:
        """No carrier's own id leads to that person any more. Returns how many did."""
        noted = f"LOOKUP#{_aliases_of(debtor_id)}"
        gone = 0
        for item in list(self._table.query(noted, prefix="ALIAS#")):
            gone += self.remove(item["sk"]["S"].removeprefix("ALIAS#"), debtor_id)
            self._table.delete(noted, item["sk"]["S"])
        return gone

    def remove(self, hashed: str, debtor_id: str) -> bool:
        """True when it was there."""
        return self._table.delete(f"LOOKUP#{hashed}", f"DEBTOR#{debtor_id}")

    def debtors(self, hashed: str) -> list[str]:
        """Everybody whom that hash may mean."""
        return list(self.each_debtor(hashed))

    def each_debtor(self, hashed: str, page: int = 0) -> Iterator[str]:
        """The same, read as it is asked for. page: so many at a time; 0: as many as a request holds."""
        limit = {"Limit": page} if page else {}
        for item in self._table.query(f"LOOKUP#{hashed}", prefix="DEBTOR#", **limit):
            yield item["sk"]["S"].removeprefix("DEBTOR#")

    def bring_nobody(self, hashed: str, now: datetime) -> None:
        """The principal of that debt was erased at their request: no later file brings them back with it."""
        self._table.put(f"LOOKUP#{hashed}", ERASED, {"at": {"S": now.isoformat()}})

    def people_and_end(self, hashed: str) -> tuple[list[str], bool]:
        """Everybody whom that debt may mean, and whether its principal was erased; one read."""
        found = [item["sk"]["S"] for item in self._table.query(f"LOOKUP#{hashed}")]
        people = [one.removeprefix("DEBTOR#") for one in found if one.startswith("DEBTOR#")]
        return people, ERASED in found

    def is_being_brought(self, hashed: str, now: datetime) -> bool:
        """Whether somebody was about to save a person with it a moment ago."""
        people = self._table.query(f"LOOKUP#{hashed}", prefix="DEBTOR#")
        added = [datetime.fromisoformat(one["at"]["S"]) for one in people if "at" in one]
        return any(now - at < BROUGHT_WITHIN for at in added)

    def add_payment(self, hashed: str, intent: str, now: datetime) -> None:
        """Money came for a debt that nobody has yet; whoever brings the debt reads it after adding their own lookup."""
        ends = {"ttl": {"N": str(int((now + KEPT_UNKNOWN).timestamp()))}}
        self._table.put(f"LOOKUP#{hashed}", f"PAYMENT#{intent}", ends)

    def people_and_payments(self, hashed: str) -> tuple[list[str], list[str]]:
        """Everybody whom that debt may mean, and the payments that came for it before it did; one read."""
        found = [item["sk"]["S"].partition("#") for item in self._table.query(f"LOOKUP#{hashed}")]
        people = [rest for kind, _, rest in found if kind == "DEBTOR"]
        return people, [rest for kind, _, rest in found if kind == "PAYMENT"]


class Suppressions:
    """Addresses that we must not use, whoever they belong to; written before the opt-out is answered."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, point: str, reason: str, at: str) -> None:
        """An opt-out binds the point for everybody on it."""
        self._table.put(*suppressed_key(point), {"reason": {"S": reason}, "at": {"S": at}})

    def reason(self, point: str) -> str:
        """Why the address must not be used; empty when it may. A consistent read."""
        item = self._table.get(*suppressed_key(point))
        return item["reason"]["S"] if item is not None else ""


def suppressed_key(point: str) -> tuple[str, str]:
    """Partition and sort key of the item that closes an address."""
    return f"SUPPRESSED#{point}", "POINT"
