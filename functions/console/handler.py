"""The agency's people work their tasks on the web: who they are stands in a token that the pool signed, looked at on every request."""

from typing import Any

from recobro.console_entry import answer
from recobro.house import open_house

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """GET and POST /console… (HTTP API, payload format 2.0)."""
    return answer(house, event)
