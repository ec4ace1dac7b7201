"""How a debtor is written down: one item, small enough to be cheap at every claim, whole enough to decide from.

The body is canonical JSON, deflated: write units are paid per kilobyte, and a debtor of 3 debts and 10 attempts then fits
two (decision 0002). What must be conditional on, indexed or expired stands beside it as attributes of its own.
"""

import json
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recobro.adapters.state_schema import SHAPE, Shape
from recobro.codec import from_plain, to_plain, write_instant
from recobro.domain.chain import Recorded, canonical
from recobro.domain.debtor import Debtor
from recobro.domain.facts import fact_from_plain, fact_to_plain
from recobro.domain.next_action import FAR, Planned
from recobro.errors import InvariantBroken, RecobroError
from recobro.ports import Content, Loaded

Item = dict[str, dict[str, Any]]
"""A DynamoDB item as the low-level client has it."""

_OURS = frozenset({"pk", "sk", "version", "schema", "save_id", "saved_at", "due_shard", "due_at", "body"})


def key(debtor_id: str) -> Item:
    return {"pk": {"S": f"DEBTOR#{debtor_id}"}, "sk": {"S": "STATE"}}


def write_state(
    loaded: Loaded,
    planned: Planned,
    *,
    save_id: str,
    saved_at: datetime,
    shards: int,
    kept: Item | None = None,
    shape: Shape = SHAPE,
) -> Item:
    """The item of a debtor at `loaded`. kept: attributes of a newer release, written back as they came."""
    debtor = loaded.debtor
    body = {
        "debtor": to_plain(debtor),
        "pending": list(loaded.pending),
        "contents": {digest: to_plain(content) for digest, content in loaded.contents.items()},
    }
    body = shape.moved(body, shape.newest, shape.written)
    # "~" sorts behind every year: those for whom nothing is planned stand at the end of their shard.
    due_at = "~" if planned.at >= FAR else write_instant(planned.at)
    return {
        **(kept or {}),
        **key(debtor.id),
        "version": {"N": str(debtor.version)},
        "schema": {"N": str(shape.written)},
        "save_id": {"S": save_id},
        "saved_at": {"S": write_instant(saved_at)},
        "due_shard": {"S": f"{planned.lane}#{shard_of(debtor.id, shards):02d}"},
        "due_at": {"S": due_at},
        "body": {"B": _deflated(body)},
    }


def read_state(item: Item, shape: Shape = SHAPE) -> Loaded:
    """The debtor in an item. Raises Unavailable when a newer release wrote it in a shape we can't save again."""
    body = shape.read(_inflated(item), int(item["schema"]["N"]))
    # An item that lost its place in the index is still a record (`recobro repair index`).
    due_at = item["due_at"]["S"] if "due_at" in item else "~"
    shard = item["due_shard"]["S"] if "due_shard" in item else ""
    return Loaded(
        debtor=from_plain(Debtor, body["debtor"]),
        pending=tuple(body["pending"]),
        contents={digest: from_plain(Content, one) for digest, one in body["contents"].items()},
        lane=shard.partition("#")[0],
        next_action=FAR if due_at == "~" else datetime.fromisoformat(due_at),
        save_id=item["save_id"]["S"],
        saved_at=datetime.fromisoformat(item["saved_at"]["S"]),
        kept={name: value for name, value in item.items() if name not in _OURS},
    )


def moved_to(item: Item, schema: int, shape: Shape = SHAPE) -> Item:
    """The item with its body in another schema's shape; everything else about it is as it was, its version included."""
    body = shape.moved(shape.read(_inflated(item), int(item["schema"]["N"])), shape.newest, schema)
    return {**item, "schema": {"N": str(schema)}, "body": {"B": _deflated(body)}}


def without_contents(item: Item, digests: Collection[str], shape: Shape = SHAPE) -> Item:
    """The item without some of what was said; everything else about it is as it was, its version included."""
    schema = int(item["schema"]["N"])
    body = shape.read(_inflated(item), schema)
    left = {digest: one for digest, one in body["contents"].items() if digest not in digests}
    return {**item, "body": {"B": _deflated(shape.moved({**body, "contents": left}, shape.newest, schema))}}


@dataclass(frozen=True, slots=True)
class Saved:
    """What one save brought, read without making the debtor of it: all that history asks of a STATE item."""

    debtor_id: str
    version: int
    facts: tuple[Mapping[str, Any], ...]
    contents: tuple[Content, ...]


def read_saved(item: Item, shape: Shape = SHAPE) -> Saved:
    """The facts and contents of exactly this save; those that older saves left in it have their own images."""
    body = shape.read(_inflated(item), int(item["schema"]["N"]))
    version = int(item["version"]["N"])
    contents = (from_plain(Content, one) for one in body["contents"].values())
    return Saved(
        debtor_id=item["pk"]["S"].removeprefix("DEBTOR#"),
        version=version,
        facts=tuple(one for one in body["pending"] if one["version"] == version),
        contents=tuple(one for one in contents if one.version == version),
    )


def shard_of(debtor_id: str, shards: int) -> int:
    """Which of the client's shards a debtor stands in; ids are keyed hashes, so their digits are evenly spread."""
    return int(debtor_id[-8:], 16) % shards


def recorded_to_plain(one: Recorded) -> dict[str, Any]:
    return {
        "version": one.version,
        "number": one.number,
        "at": write_instant(one.at),
        "before": one.before,
        "hash": one.hash,
        "fact": fact_to_plain(one.fact),
    }


def recorded_from_plain(plain: Mapping[str, Any]) -> Recorded:
    return Recorded(
        version=plain["version"],
        number=plain["number"],
        at=datetime.fromisoformat(plain["at"]),
        fact=fact_from_plain(plain["fact"]),
        before=plain["before"],
        hash=plain["hash"],
    )


def fact_in(item: Item) -> Recorded:
    """The fact that an item of the history holds. Raises InvariantBroken naming the item where nobody can read it."""
    return _named(
        f"{item['sk']['S']} of {item['pk']['S']}", lambda: recorded_from_plain(json.loads(item["body"]["S"]))
    )


def fact_under_way(debtor_id: str, plain: Mapping[str, Any]) -> Recorded:
    """A fact that STATE still carries. Raises InvariantBroken naming it where nobody can read it."""
    place = f"fact {plain.get('version')}.{plain.get('number')} in STATE of DEBTOR#{debtor_id}"
    return _named(place, lambda: recorded_from_plain(plain))


def _named(place: str, read: Callable[[], Recorded]) -> Recorded:
    try:
        return read()
    except (RecobroError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvariantBroken(f"{place} cannot be read: {type(error).__name__}: {error}") from error


def fact_key(debtor_id: str, version: int, number: int) -> Item:
    """History sorts by save and, within it, by number."""
    return {"pk": {"S": f"DEBTOR#{debtor_id}"}, "sk": {"S": f"FACT#{version:010d}#{number:04d}"}}


def content_key(debtor_id: str, digest: str) -> Item:
    return {"pk": {"S": f"DEBTOR#{debtor_id}"}, "sk": {"S": f"CONTENT#{digest}"}}


def _inflated(item: Item) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(zlib.decompress(_bytes(item["body"]["B"])))
    except (zlib.error, ValueError) as error:
        raise InvariantBroken(f"the record of {item['pk']['S']} cannot be read: {error}") from error
    return body


def _deflated(body: Mapping[str, Any]) -> bytes:
    return zlib.compress(canonical(body).encode(), 9)


def _bytes(value: Any) -> bytes:
    return bytes(value) if not hasattr(value, "value") else bytes(value.value)
