"""The whole ledger as it stands, item by item, and one hash over it: the same seed must leave the same ledger, byte for byte."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

Item = dict[str, Any]


def items_of(client: Any, table: str) -> list[Item]:
    """Every item of the table, sorted by key, values in plain JSON, packed bodies unpacked."""
    found: list[Item] = []
    start: dict[str, Any] = {}
    while True:
        page = client.scan(TableName=table, ConsistentRead=True, **start)
        found += [plain_item(item) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return sorted(found, key=lambda item: (item["pk"], item["sk"]))
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def ledger_hash(items: Iterable[Item]) -> str:
    """SHA-256 over the canonical JSON of all items, one line each."""
    digest = hashlib.sha256()
    for item in items:
        line = json.dumps(item, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def states(items: Iterable[Item]) -> Iterator[Item]:
    """The debtors' STATE items."""
    return (item for item in items if item["sk"] == "STATE" and item["pk"].startswith("DEBTOR#"))


def facts(items: Iterable[Item]) -> Iterator[tuple[str, Item]]:
    """(debtor id, recorded fact) of the whole history, by debtor in order; what still travels in STATE included."""
    by_debtor: dict[str, dict[tuple[int, int], Item]] = {}
    for item in items:
        debtor = item["pk"].removeprefix("DEBTOR#")
        if item["sk"].startswith("FACT#"):
            one = item["body"]
            by_debtor.setdefault(debtor, {})[one["version"], one["number"]] = one
        elif item["sk"] == "STATE" and isinstance(item.get("body"), dict):
            for one in item["body"].get("pending", []):
                by_debtor.setdefault(debtor, {})[one["version"], one["number"]] = one
    for debtor in sorted(by_debtor):
        for place in sorted(by_debtor[debtor]):
            yield debtor, by_debtor[debtor][place]


def plain_item(item: Item) -> Item:
    """An item with its values in plain JSON, its packed body unpacked."""
    return {name: _value(name, value) for name, value in item.items()}


def _value(name: str, value: Item) -> Any:
    kind, inner = next(iter(value.items()))
    if kind == "B":
        raw = bytes(inner)
        return json.loads(zlib.decompress(raw)) if name == "body" else base64.b64encode(raw).decode()
    if kind == "S":
        return _json(inner) if name == "body" else inner
    if kind == "M":
        return {key: _value("", one) for key, one in sorted(inner.items())}
    if kind == "L":
        return [_value("", one) for one in inner]
    return sorted(inner) if kind in {"SS", "NS"} else inner


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
