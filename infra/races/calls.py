"""One call in a race: whether it is a move of its own, what can befall it, and when two answers are the same."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.races.running import Request
from infra.simulation.cloud import CARRIERS, WRITES


def is_move(request: Request) -> bool:
    return request.operation in CARRIERS or any(
        key.startswith(("DEBTOR#", "PAYMENT#")) for key in _partitions(request.params)
    )


def _partitions(params: Mapping[str, Any]) -> Iterator[str]:
    key = params.get("Key") or params.get("Item")
    if key is not None:
        yield key["pk"]["S"]
    for wanted in params.get("RequestItems", {}).values():
        yield from (one["pk"]["S"] for one in wanted["Keys"])
    values = params.get("ExpressionAttributeValues", {})
    if key is None and ":pk" in values:
        yield values[":pk"]["S"]


def faults_of(request: Request) -> tuple[str, ...]:
    if request.operation in CARRIERS:
        return ("dies before", "dies after", "refused", "taken and silent", "lost and silent")
    if request.operation in WRITES:
        return ("dies before", "dies after", "never arrives", "answer lost", "sent again", "arrives late")
    return ("dies before", "never arrives")


def key_of(answer: Any) -> Hashable:
    """Equal for equal answers: items are told apart as objects."""
    if isinstance(answer, ClientError):
        return answer.response["Error"]["Code"], id(answer.response.get("Item"))
    if isinstance(answer, Exception):
        return type(answer).__name__
    if "Responses" in answer:
        return tuple(id(item) for items in answer["Responses"].values() for item in items)
    return id(answer["Item"]) if "Item" in answer else repr(answer)
