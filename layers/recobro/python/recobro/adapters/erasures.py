"""Who was erased, by keyed hashes alone: kept in the bucket, apart from the table, so that a restored table can be told of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from recobro.adapters.files import Files, Withheld
from recobro.codec import from_plain, to_plain
from recobro.errors import NotFound

REGISTER = "erasures/"


@dataclass(frozen=True)
class Erasure:
    """One entry. points, debts, intents: what led to the person, as keyed hashes and gateways' ids; nothing that names them.

    own: those of the debts of which they were the principal.
    """

    debtor: str
    request: str
    at: datetime
    points: tuple[str, ...] = ()
    debts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    agreed_by: str = ""
    own: tuple[str, ...] = ()


class Erasures:
    """`erasures/<debtor>.json`: more may be entered, and there is no way to take an entry, or anything of it, back."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def note(self, entry: Erasure) -> Erasure:
        """Enter what is new of it: who asked, and when, stays as it was first said. Returns the entry that stands."""
        known = self.entry(entry.debtor)
        standing = _with(known, entry) if known is not None else entry
        if standing != known:
            body = json.dumps(to_plain(standing), sort_keys=True)
            self._files.write(_key(entry.debtor), body.encode(), "application/json")
        return standing

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


def _with(known: Erasure, more: Erasure) -> Erasure:
    """What leads to the person by either: an import may have brought another telephone after somebody died over the first."""
    return replace(
        known,
        points=_either(known.points, more.points),
        debts=_either(known.debts, more.debts),
        shared=_either(known.shared, more.shared),
        intents=_either(known.intents, more.intents),
        own=_either(known.own, more.own),
        agreed_by=known.agreed_by or more.agreed_by,
    )


def _either(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _key(debtor_id: str) -> str:
    return f"{REGISTER}{debtor_id}.json"


def _read(body: bytes) -> Erasure:
    entry: Erasure = from_plain(Erasure, json.loads(body))
    return entry
