"""The pages behind the links in our messages. Asking twice to stop stops once; opening a page changes nothing."""

from typing import Any

from recobro.entry import asked_page
from recobro.house import open_house
from recobro.usecases.debtor_portal import debtor_portal, unsubscribe
from recobro.usecases.portal.pay_now import pay_now

house = open_house()
BEHIND = {"u": unsubscribe, "p": debtor_portal, "g": pay_now}
"""What a link is for, as its address begins."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """GET and POST /u/{token}, /g/{token}, /p/{token}, /p/{token}/{page} (HTTP API, payload format 2.0)."""
    return asked_page(house, event, BEHIND[event["routeKey"].split("/")[1]])
