"""The compiled playbook as every Lambda reads it at its cold start: one JSON file, checked when it was written, quick to load."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from recobro.codec import from_plain, to_plain
from recobro.domain.client import Client
from recobro.domain.phrases import Phrases
from recobro.domain.playbook import LocaleFormat, Playbook
from recobro.domain.strategy import Strategy
from recobro.domain.template import Template
from recobro.errors import InvalidInput
from recobro.law.almanac import calendar_from_plain, calendar_to_plain
from recobro.law.plain import pack_from_plain, pack_to_plain

FILE_NAME = "playbook.json"
SCHEMA = "recobro-playbook/1"


def load(path: Path) -> Playbook:
    """Read the playbook that `infra.playbook` wrote. Raises InvalidInput for a file that it did not write."""
    try:
        return _parsed(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InvalidInput(
            "playbook", str(error), "compile it: python -m infra.playbook <client>", str(path)
        ) from error


@lru_cache(maxsize=2)
def _parsed(content: bytes) -> Playbook:
    """One playbook in a process, however many ask for it: what is computed from its laws is then kept once."""
    return from_file(json.loads(content))


def from_file(plain: Mapping[str, Any]) -> Playbook:
    """The playbook in JSON's own types, as values."""
    if plain.get("schema") != SCHEMA:
        raise InvalidInput(
            "schema", f"is {plain.get('schema')!r}", f"compile it again with this release ({SCHEMA})"
        )
    return Playbook(
        client=from_plain(Client, plain["client"]),
        strategy=from_plain(Strategy, plain["strategy"]),
        templates={name: from_plain(Template, one) for name, one in plain["templates"].items()},
        packs={name: pack_from_plain(one) for name, one in plain["packs"].items()},
        calendars={name: calendar_from_plain(one) for name, one in plain["calendars"].items()},
        locales={name: from_plain(LocaleFormat, one) for name, one in plain["locales"].items()},
        phrases={name: from_plain(Phrases, one) for name, one in plain["phrases"].items()},
        hashes=plain["hashes"],
    )


def to_file(playbook: Playbook) -> dict[str, Any]:
    """What `from_file` reads."""
    return {
        "schema": SCHEMA,
        "client": to_plain(playbook.client),
        "strategy": to_plain(playbook.strategy),
        "templates": {name: to_plain(one) for name, one in playbook.templates.items()},
        "packs": {name: pack_to_plain(one) for name, one in playbook.packs.items()},
        "calendars": {name: calendar_to_plain(one) for name, one in playbook.calendars.items()},
        "locales": {name: to_plain(one) for name, one in playbook.locales.items()},
        "phrases": {name: to_plain(one) for name, one in playbook.phrases.items()},
        "hashes": dict(playbook.hashes),
    }


PIECES: Mapping[str, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "law": ("packs", pack_to_plain, pack_from_plain),
    "calendar": ("calendars", calendar_to_plain, calendar_from_plain),
    "template": ("templates", to_plain, partial(from_plain, Template)),
    "locale": ("locales", to_plain, partial(from_plain, LocaleFormat)),
    "phrases": ("phrases", to_plain, partial(from_plain, Phrases)),
}
"""First word of a hash's name → the playbook's field, and how one of its values is written and read."""


def document(playbook: Playbook, name: str) -> bytes:
    """What the hash of that name stands for ("strategy", "law.MX", "template.early.es"): its SHA-256 is the hash.

    Kept in the bucket under `strategies/<hash>`, so that an old decision and its words can be read again. "book" is the list
    of all the others with their hashes: an attempt that names it names everything that it was decided with.
    """
    kind, _, key = name.partition(".")
    if name == "book":
        pieces = {one: digest for one, digest in playbook.hashes.items() if one not in {"book", "plan"}}
        return canonical(pieces)
    if not key:
        return canonical(to_plain(getattr(playbook, kind)))
    field, write, _read = PIECES[kind]
    return canonical(write(getattr(playbook, field)[key]))


def addresses(playbook: Playbook) -> dict[str, str]:
    """Every piece's content address by its name, and "book", the address of that list."""
    parts = (f"{kind}.{key}" for kind, (field, *_) in PIECES.items() for key in getattr(playbook, field))
    found = {
        name: hashlib.sha256(document(playbook, name)).hexdigest() for name in ("client", "strategy", *parts)
    }
    return {**found, "book": hashlib.sha256(canonical(found)).hexdigest()}


def from_documents(book: bytes, read: Callable[[str], bytes]) -> Playbook:
    """The playbook that a book lists. read: a piece's bytes by its full hash."""
    hashes: Mapping[str, str] = json.loads(book)
    plain = {name: json.loads(read(digest)) for name, digest in hashes.items()}
    parts: dict[str, dict[str, Any]] = {field: {} for field, *_ in PIECES.values()}
    for name, value in plain.items():
        kind, _, key = name.partition(".")
        if key:
            field, _write, from_piece = PIECES[kind]
            parts[field][key] = from_piece(value)
    client, strategy = from_plain(Client, plain["client"]), from_plain(Strategy, plain["strategy"])
    return Playbook(
        client=client,
        strategy=strategy,
        templates=parts["templates"],
        packs=parts["packs"],
        calendars=parts["calendars"],
        locales=parts["locales"],
        phrases=parts["phrases"],
        hashes={**hashes, "book": hashlib.sha256(book).hexdigest()},
    )


def template_from(document_bytes: bytes) -> Template:
    """The template kept under a hash: with an attempt's variables it renders to what was said."""
    return from_plain(Template, json.loads(document_bytes))


def address(value: Any) -> str:
    """The content address of a client, strategy or template: SHA-256, hex, of its canonical JSON."""
    return hashlib.sha256(canonical(to_plain(value))).hexdigest()


def canonical(plain: Any) -> bytes:
    """JSON that is the same bytes for the same content."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
