"""A creditor's own systems ask by HTTP: known by their key, answered in one shape, the same request answered the same twice."""

from typing import Any

from recobro.api_entry import answered
from recobro.house import open_house
from recobro.usecases.api import ROUTES

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """/v1/… (HTTP API, payload format 2.0)."""
    return answered(house, ROUTES, event)
