"""From an HTTP event to a page of the console and back; what goes wrong is said without a word of whom it was about."""

from collections.abc import Mapping
from typing import Any

from recobro.entry import count_answer, logger, tell_counts
from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, Stale, Unavailable
from recobro.house import House
from recobro.pages.desk import REFERRER, outside
from recobro.unforeseen import untold
from recobro.usecases.console import console
from recobro.usecases.desk.sitting import At, language_of
from recobro.web import Shown, answered, asked_of


@untold()
def answer(house: House, event: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one request (HTTP API, payload format 2.0)."""
    try:
        shown = _shown(house, event)
        count_answer(house, shown.status)
    finally:
        tell_counts(house)
    made = answered(shown)
    made["headers"]["referrer-policy"] = REFERRER
    # Who signs out is led on to the pool's own pages and back: a browser takes that for part of where the form goes.
    policy = made["headers"]["content-security-policy"]
    made["headers"]["content-security-policy"] = policy.replace(
        "form-action 'self'", f"form-action 'self' {house.people.url}"
    )
    return made


def _shown(house: House, event: Mapping[str, Any]) -> Shown:
    try:
        shown = console(house, _at(event))
    except InvalidInput as error:
        logger.warning("console_refused", extra={"field": error.field})
        shown = _says(house, "amiss", 422)
    except NotFound:
        shown = _says(house, "gone", 404)
    except Conflict:
        shown = _says(house, "taken", 409)
    except (Stale, Unavailable) as error:
        logger.warning("unavailable", extra={"source": "console", "family": type(error).__name__})
        shown = _says(house, "busy", 503)
    except InvariantBroken as error:
        logger.error("broken", extra={"source": "console", "reason": str(error)})
        shown = _says(house, "busy", 500)
    if shown.status >= 400:
        logger.warning("console_refused", extra={"status": shown.status})
    return shown


def _says(house: House, key: str, status: int) -> Shown:
    return Shown(outside(house.playbook.client, language_of(house), key), status)


def _at(event: Mapping[str, Any]) -> At:
    named = event.get("pathParameters") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return At(
        asked=asked_of(event),
        debtor=str(named.get("debtor", ""))[:40],
        task=str(named.get("task", ""))[:40],
        act=str(named.get("act", ""))[:20],
        origin=str(headers.get("origin", ""))[:300],
    )
