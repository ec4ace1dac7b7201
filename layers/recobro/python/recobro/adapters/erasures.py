"""Who was erased, by keyed hashes alone: kept in the bucket, apart from the table, so that a restored table can be told of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from recobro.adapters.files import Files, Withheld
from recobro.codec import from_plain, to_plain
from recobro.errors import NotFound

REGISTER = "erasures/"


@dataclass(frozen=True)
class Erasure:
    """One entry. points, debts, intents: what led to the person, as keyed hashes and gateways' ids; nothing that names them."""

    debtor: str
    request: str
    at: datetime
    points: tuple[str, ...] = ()
    debts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    agreed_by: str = ""


class Erasures:
    """`erasures/<debtor>.json`, written once and never again: there is no way to take an entry back."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def note(self, entry: Erasure) -> Erasure:
        """Enter it, if it is new. Returns the entry that stands."""
        known = self.entry(entry.debtor)
        if known is not None:
            return known
        body = json.dumps(to_plain(entry), sort_keys=True)
        self._files.write(_key(entry.debtor), body.encode(), "application/json")
        return entry

    def entry(self, debtor_id: str) -> Erasure | None:
        """Raises Withheld for whoever may not read the register: an entry that cannot be seen may stand there."""
        try:
            return _read(self._files.read(_key(debtor_id)))
        except Withheld:
            raise
        except NotFound:
            return None

    def all(self) -> Iterator[Erasure]:
        """Every entry there is."""
        return (_read(self._files.read(key)) for key in self._files.keys(REGISTER))


def _key(debtor_id: str) -> str:
    return f"{REGISTER}{debtor_id}.json"


def _read(body: bytes) -> Erasure:
    entry: Erasure = from_plain(Erasure, json.loads(body))
    return entry
