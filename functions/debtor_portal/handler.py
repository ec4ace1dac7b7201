"""The pages behind the links in our messages. Asking twice to stop stops once; opening a page changes nothing."""

from typing import Any

from recobro.entry import asked_page
from recobro.house import open_house
from recobro.usecases.debtor_portal import debtor_portal, unsubscribe

house = open_house()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """GET and POST /u/{token}, /p/{token}, /p/{token}/{page} (HTTP API, payload format 2.0)."""
    return asked_page(house, event, unsubscribe if "/u/" in event["routeKey"] else debtor_portal)
