"""What a program that calls us is told when we say no: RFC 9457, with the field and the fix; a stranger learns nothing."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from recobro.entry import answer, logger, raw_body, set_aside
from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, Stale, Unavailable
from recobro.house import House
from recobro.ports import Forged

KIND = "application/problem+json"


def answered(
    house: House, source: str, event: Mapping[str, Any], work: Callable[[], tuple[int, Mapping[str, Any]]]
) -> dict[str, Any]:
    """The answer of one call of the client's own system. `work` returns (status, JSON object)."""
    try:
        status, body = work()
        return answer((status, json.dumps(body)))
    except Forged as error:
        logger.warning("forged", extra={"source": source, "reason": str(error)})
        return _problem(401)
    except InvalidInput as error:
        return _problem(422, field=error.field, detail=f"{error.field} {error.problem}", fix=error.fix)
    except NotFound as error:
        return _problem(404, detail=str(error))
    except Conflict as error:
        set_aside(house, source, error, raw_body(event).decode(errors="replace"))
        return _problem(409, detail=str(error))
    except (Stale, Unavailable) as error:
        logger.warning("unavailable", extra={"source": source, "family": type(error).__name__})
        return _problem(503, detail="try again with the same Idempotency-Key")
    except InvariantBroken as error:
        set_aside(house, source, error, raw_body(event).decode(errors="replace"))
        return _problem(500)


def _problem(status: int, **more: str) -> dict[str, Any]:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **more}
    return answer((status, json.dumps(told)), KIND)
