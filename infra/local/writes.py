"""Which items a request to DynamoDB wrote, so that streams, expiry and the snapshot learn of them without asking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """One item written. `item` when it was written whole; else `key`, of what was changed in part or deleted."""

    table: str
    item: Item | None = None
    key: Item | None = None
    deleted: bool = False


def written_by(operation: str, params: Mapping[str, Any]) -> Iterator[Written]:
    """What a successful request wrote, in order."""
    match operation:
        case "PutItem":
            yield Written(params["TableName"], item=params["Item"])
        case "UpdateItem":
            yield Written(params["TableName"], key=params["Key"])
        case "DeleteItem":
            yield Written(params["TableName"], key=params["Key"], deleted=True)
        case "BatchWriteItem":
            for table, requests in params["RequestItems"].items():
                for request in requests:
                    yield from _batched(table, request)
        case "TransactWriteItems":
            for entry in params["TransactItems"]:
                yield from _transacted(entry)


def _batched(table: str, request: Mapping[str, Any]) -> Iterator[Written]:
    if "PutRequest" in request:
        yield Written(table, item=request["PutRequest"]["Item"])
    else:
        yield Written(table, key=request["DeleteRequest"]["Key"], deleted=True)


def _transacted(entry: Mapping[str, Any]) -> Iterator[Written]:
    for kind, request in entry.items():
        if kind == "Put":
            yield Written(request["TableName"], item=request["Item"])
        elif kind in ("Update", "Delete"):
            yield Written(request["TableName"], key=request["Key"], deleted=kind == "Delete")
