"""Counts what AWS would charge for: who asked which service for what, how often, and how much of the ledger it read or wrote."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.sizes import item_bytes, read_units, write_units

Key = tuple[str, str, str]
"""(who, service, operation): a function's short name, "operator" or "platform"; e.g. ("send_sms", "dynamodb", "PutItem")."""

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


@dataclass
class Meter:
    """Requests, and DynamoDB's request units. Write units are the backend's, which include indexes; read units are ours."""

    requests: Counter[Key] = field(default_factory=Counter)
    refused: Counter[Key] = field(default_factory=Counter)
    write_units: Counter[str] = field(default_factory=Counter)
    """By who wrote."""
    read_units: dict[str, float] = field(default_factory=dict)
    """By who read."""

    def count(
        self, who: str, service: str, operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> None:
        """One call with its answer; every retry of it counts as a request."""
        key = (who, service, operation)
        meta = answer.get("ResponseMetadata", {})
        self.requests[key] += 1 + int(meta.get("RetryAttempts", 0))
        failed = "Error" in answer
        self.refused[key] += failed
        if service != "dynamodb":
            return
        if operation in WRITES:
            self.write_units[who] += _failed_write(answer) if failed else _written(answer)
        elif not failed:
            self.read_units[who] = self.read_units.get(who, 0.0) + _read(operation, params, answer)

    def by_service(self, service: str) -> dict[str, int]:
        """Requests to one service, by who made them."""
        found: Counter[str] = Counter()
        for (who, asked, _), number in self.requests.items():
            if asked == service:
                found[who] += number
        return dict(found)


def _failed_write(answer: Mapping[str, Any]) -> int:
    # "If a ConditionExpression evaluates to false …, DynamoDB still consumes write capacity", by the size of what is there.
    return write_units(item_bytes(answer["Item"])) if answer.get("Item") else 1


def _written(answer: Mapping[str, Any]) -> int:
    used = answer.get("ConsumedCapacity", [])
    listed: list[Mapping[str, Any]] = [used] if isinstance(used, Mapping) else used
    return round(sum(float(one.get("CapacityUnits", 0.0)) for one in listed))


def _read(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """A batch charges item by item, a query by the sum of what it looked at."""
    if operation == "GetItem":
        return read_units(item_bytes(answer.get("Item", {})), consistent=bool(params.get("ConsistentRead")))
    if operation in ("Query", "Scan"):
        size = sum(item_bytes(item) for item in answer.get("Items", []))
        return read_units(size, consistent=bool(params.get("ConsistentRead")))
    if operation == "BatchGetItem":
        total = 0.0
        for table, items in answer.get("Responses", {}).items():
            wanted = params["RequestItems"].get(table, {})
            consistent = bool(wanted.get("ConsistentRead"))
            missing = max(0, len(wanted.get("Keys", [])) - len(items))
            total += sum(read_units(item_bytes(item), consistent=consistent) for item in items)
            total += missing * read_units(0, consistent=consistent)
        return total
    return 0.0
