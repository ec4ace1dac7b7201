"""The pages behind the links in our messages. Asking twice to stop stops once; opening a page changes nothing."""

from typing import Any

from recobro.entry import answer, asked
from recobro.house import open_house
from recobro.usecases.debtor_portal import neutral_page, unsubscribe, unsubscribe_page

house = open_house()

PAGES = {
    "GET /u/{token}": unsubscribe_page,
    "POST /u/{token}": unsubscribe,
    "GET /p/{token}": neutral_page,
    "POST /p/{token}": neutral_page,
}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """GET and POST /u/{token}, /p/{token} (HTTP API, payload format 2.0)."""

    def work() -> tuple[int, str]:
        return 200, PAGES[event["routeKey"]](house, event["pathParameters"]["token"]).html

    return answer(asked(house, "portal", event, work), "text/html")
