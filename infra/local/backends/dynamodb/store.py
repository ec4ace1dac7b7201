"""Tables, items, indexes and streams held in memory, by the operations of DynamoDB's own API.

Items are never changed in place: whoever was given one keeps what it was. Not for threads: its caller sees to one at a time.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from infra.local.backends.dynamodb.expressions import Malformed, condition, update
from infra.local.sizes import item_bytes, write_units

Item = dict[str, Any]
Params = Mapping[str, Any]

LARGEST_ITEM = 400 * 1024
PAGE = 1024 * 1024
"""Bytes of an item and of a page. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"""

_NO_NAMES: Mapping[str, str] = {}


class Refused(Exception):
    """An error as the service would answer it. members: its further members."""

    def __init__(self, code: str, message: str = "", **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members


@dataclass
class _Index:
    """The items that have both keys, in order: (hash key, range key, key of the item)."""

    hash: str
    range: str
    projects: frozenset[str] | None
    entries: dict[Any, list[tuple[Any, Any]]] = field(default_factory=dict)


@dataclass
class Table:
    """One table. on_write: told of every change, with the item before and after."""

    name: str
    key: tuple[str, ...]
    stream: str = ""
    items: dict[Any, dict[Any, Item]] = field(default_factory=dict)
    order: dict[Any, list[Any]] = field(default_factory=dict)
    indexes: dict[str, _Index] = field(default_factory=dict)
    records: list[dict[str, Any]] = field(default_factory=list)
    on_write: Callable[[Item | None, Item | None], None] | None = None

    def place(self, keyed: Params) -> tuple[Any, Any]:
        hash_key = _plain(keyed[self.key[0]])
        return hash_key, _plain(keyed[self.key[1]]) if len(self.key) > 1 else ""

    def get(self, place: tuple[Any, Any]) -> Item | None:
        return self.items.get(place[0], {}).get(place[1])

    def write(self, place: tuple[Any, Any], item: Item | None) -> None:
        """Put an item, or (None) remove it."""
        before = self.get(place)
        partition = self.items.setdefault(place[0], {})
        if item is not None:
            if before is None:
                insort(self.order.setdefault(place[0], []), place[1])
            partition[place[1]] = item
        elif before is not None:
            del partition[place[1]]
            self.order[place[0]].remove(place[1])
        for index in self.indexes.values():
            self._reindex(index, place, before, item)
        if self.on_write is not None:
            self.on_write(before, item)

    def _reindex(
        self, index: _Index, place: tuple[Any, Any], before: Item | None, after: Item | None
    ) -> None:
        was, now = _entry(index, place, before), _entry(index, place, after)
        if was == now:
            return
        if was is not None:
            entries = index.entries[was[0]]
            del entries[bisect_left(entries, was[1])]
        if now is not None:
            insort(index.entries.setdefault(now[0], []), now[1])


def _entry(index: _Index, place: tuple[Any, Any], item: Item | None) -> tuple[Any, tuple[Any, Any]] | None:
    if item is None or index.hash not in item or index.range not in item:
        return None
    return _plain(item[index.hash]), (_plain(item[index.range]), place)


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, held),) = value.items()
    return Decimal(held) if kind == "N" else held


class Store:
    """All tables of one account. `now` (epoch seconds) stamps stream records."""

    def __init__(
        self, now: Callable[[], float], *, streams: bool = True, arn: str = "arn:aws:dynamodb"
    ) -> None:
        self.tables: dict[str, Table] = {}
        self._now = now
        self._streams = streams
        self._arn = arn
        self._count = 0

    def call(self, operation: str, params: Params) -> dict[str, Any]:
        """The answer to one operation, named as the API names it. Raises Refused."""
        run = getattr(self, f"_{operation}", None)
        if run is None:
            raise Refused("UnknownOperationException", f"{operation} is not known here")
        try:
            answer: dict[str, Any] = run(params)
        except Malformed as error:
            raise Refused("ValidationException", str(error)) from error
        return answer

    def table(self, name: str) -> Table:
        table = self.tables.get(name.rpartition("/")[2])
        if table is None:
            raise Refused("ResourceNotFoundException", f"Requested resource not found: Table: {name}")
        return table

    def _CreateTable(self, params: Params) -> dict[str, Any]:  # noqa: N802 - the API's own name
        name = params["TableName"]
        table = Table(name, tuple(part["AttributeName"] for part in params["KeySchema"]))
        for index in params.get("GlobalSecondaryIndexes", []):
            names = [part["AttributeName"] for part in index["KeySchema"]]
            only_keys = index["Projection"]["ProjectionType"] == "KEYS_ONLY"
            projects = frozenset((*table.key, *names)) if only_keys else None
            table.indexes[index["IndexName"]] = _Index(names[0], names[1], projects)
        described = {"TableName": name, "TableStatus": "ACTIVE", "TableArn": f"{self._arn}:table/{name}"}
        if params.get("StreamSpecification", {}).get("StreamEnabled"):
            table.stream = f"{self._arn}:table/{name}/stream/2026-01-01T00:00:00.000"
            described |= {"LatestStreamArn": table.stream, "LatestStreamLabel": "2026-01-01T00:00:00.000"}
        self.tables[name] = table
        return {"TableDescription": described}

    def _GetItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        item = table.get(table.place(params["Key"]))
        return {"Item": item} if item is not None else {}

    def _PutItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        item = dict(params["Item"])
        _check_size(item)
        place = table.place(item)
        before = table.get(place)
        _check(params, before)
        self._write(table, place, item)
        return _written(params, before, item, {})

    def _UpdateItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        place = table.place(params["Key"])
        before = table.get(place)
        _check(params, before)
        item = dict(before if before is not None else params["Key"])
        names = params.get("ExpressionAttributeNames", _NO_NAMES)
        for change in update(params.get("UpdateExpression", "")):
            change(item, before or {}, names, params.get("ExpressionAttributeValues", {}))
        _check_size(item)
        self._write(table, place, item)
        answers = {"ALL_NEW": item, "ALL_OLD": before}.get(params.get("ReturnValues", ""))
        return _written(params, before, item, {"Attributes": answers} if answers else {})

    def _DeleteItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        place = table.place(params["Key"])
        before = table.get(place)
        _check(params, before)
        self._write(table, place, None)
        return _written(params, before, None, {})

    def _BatchGetItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        answers: dict[str, list[Item]] = {}
        for name, wanted in params["RequestItems"].items():
            table = self.table(name)
            found = (table.get(table.place(one)) for one in wanted["Keys"])
            answers[name] = [item for item in found if item is not None]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def _BatchWriteItem(self, params: Params) -> dict[str, Any]:  # noqa: N802
        units = 0
        for name, requests in params["RequestItems"].items():
            table = self.table(name)
            for request in requests:
                if "PutRequest" in request:
                    item = dict(request["PutRequest"]["Item"])
                    _check_size(item)
                    units += write_units(item_bytes(item)) if "ReturnConsumedCapacity" in params else 0
                    self._write(table, table.place(item), item)
                else:
                    self._write(table, table.place(request["DeleteRequest"]["Key"]), None)
        used = [{"CapacityUnits": float(units)}] if "ReturnConsumedCapacity" in params else []
        return {"UnprocessedItems": {}, **({"ConsumedCapacity": used} if used else {})}

    def _TransactWriteItems(self, params: Params) -> dict[str, Any]:  # noqa: N802
        entries = [next(iter(entry.items())) for entry in params["TransactItems"]]
        reasons = []
        for kind, entry in entries:
            table = self.table(entry["TableName"])
            there = table.get(table.place(entry["Item"] if kind == "Put" else entry["Key"]))
            reasons.append({"Code": "None" if _holds(entry, there) else "ConditionalCheckFailed"})
        if any(reason["Code"] != "None" for reason in reasons):
            raise Refused(
                "TransactionCanceledException", "Transaction cancelled", CancellationReasons=reasons
            )
        for kind, entry in entries:
            if kind != "ConditionCheck":
                self.call(f"{kind}Item", entry)
        return {}

    def _Scan(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        items = [table.items[hash_key][one] for hash_key in table.order for one in table.order[hash_key]]
        return {"Items": items, "Count": len(items)}

    def _Query(self, params: Params) -> dict[str, Any]:  # noqa: N802
        table = self.table(params["TableName"])
        index = table.indexes.get(params.get("IndexName", ""))
        names = params.get("ExpressionAttributeNames", _NO_NAMES)
        values = params["ExpressionAttributeValues"]
        text = params["KeyConditionExpression"]
        holds = condition(text)
        hash_key = _plain(values[_hash_value(text)])
        backwards = params.get("ScanIndexForward") is False
        start = params.get("ExclusiveStartKey")
        limit = params.get("Limit", 1 << 60)
        found: list[Item] = []
        size = 0
        last: Item | None = None
        for item in _in_order(table, index, hash_key, start, backwards=backwards):
            if not holds(item, names, values):
                continue
            if len(found) >= limit or size >= PAGE:
                last = found[-1]
                break
            found.append(item)
            size += 1024 if len(found) < 400 else item_bytes(item)
        answer: dict[str, Any] = {"Items": [_projected(one, index) for one in found], "Count": len(found)}
        if last is not None or (len(found) == limit and found):
            keys = (*table.key, *((index.hash, index.range) if index else ()))
            answer["LastEvaluatedKey"] = {name: found[-1][name] for name in keys}
        return answer

    def _write(self, table: Table, place: tuple[Any, Any], item: Item | None) -> None:
        before = table.get(place)
        table.write(place, item)
        if not table.stream or not self._streams or before == item:
            return
        self._count += 1
        keys = {name: (item or before or {})[name] for name in table.key}
        kind = "MODIFY" if before is not None and item is not None else "INSERT" if item else "REMOVE"
        change: dict[str, Any] = {
            "ApproximateCreationDateTime": self._now(),
            "Keys": keys,
            "SequenceNumber": f"{self._count:021d}",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        }
        if item is not None:
            change["NewImage"] = item
        if before is not None:
            change["OldImage"] = before
        table.records.append({"eventID": str(self._count), "eventName": kind, "dynamodb": change})


def _in_order(
    table: Table, index: _Index | None, hash_key: Any, start: Params | None, *, backwards: bool
) -> Iterator[Item]:
    """The items of one partition, of the table or of an index, behind `start`."""
    places: list[tuple[Any, Any]]
    if index is None:
        order = table.order.get(hash_key, [])
        places = [(hash_key, one) for one in (reversed(order) if backwards else order)]
        after: Any = table.place(start) if start else None
        sorting: Any = None
    else:
        entries = index.entries.get(hash_key, [])
        ordered = list(reversed(entries)) if backwards else entries
        places = [place for _, place in ordered]
        after = (_plain(start[index.range]), table.place(start)) if start else None
        sorting = ordered
    for at, place in enumerate(places):
        here = sorting[at] if sorting is not None else place
        if after is not None and (here >= after if backwards else here <= after):
            continue
        yield table.items[place[0]][place[1]]


@lru_cache(maxsize=256)
def _hash_value(text: str) -> str:
    """Which value the partition key must equal: the first of a key condition."""
    return text.partition("=")[2].split()[0].rstrip(")")


def _projected(item: Item, index: _Index | None) -> Item:
    if index is None or index.projects is None:
        return item
    return {name: item[name] for name in item if name in index.projects}


def _holds(params: Params, there: Item | None) -> bool:
    text = params.get("ConditionExpression")
    if not text:
        return True
    names = params.get("ExpressionAttributeNames", _NO_NAMES)
    return condition(text)(there or {}, names, params.get("ExpressionAttributeValues", {}))


def _check(params: Params, there: Item | None) -> None:
    if _holds(params, there):
        return
    shows = there is not None and params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    members = {"Item": there} if shows else {}
    raise Refused("ConditionalCheckFailedException", "The conditional request failed", **members)


def _check_size(item: Item) -> None:
    # Cheap first: few items come near the limit, and only those are measured.
    if sum(len(str(value)) if "B" not in value else len(value["B"]) for value in item.values()) > 100_000:
        size = item_bytes(item)
        if size > LARGEST_ITEM:
            raise Refused("ValidationException", "Item size has exceeded the maximum allowed size")


def _written(
    params: Params, before: Item | None, after: Item | None, answer: dict[str, Any]
) -> dict[str, Any]:
    if "ReturnConsumedCapacity" in params:
        size = max(item_bytes(before or {}), item_bytes(after or {}))
        answer["ConsumedCapacity"] = {"CapacityUnits": float(write_units(size))}
    return answer
