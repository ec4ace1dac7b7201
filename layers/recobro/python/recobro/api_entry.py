"""From an HTTP event to a route's work and back: the caller's key, the body's shape, the answer's key, problems by RFC 9457."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from recobro.codec import from_plain, to_plain
from recobro.entry import count_answer, logger, raw_body, tell_counts
from recobro.errors import Conflict, InvalidInput, InvariantBroken, NotFound, Stale, Unavailable
from recobro.house import House
from recobro.intake.api_shapes import Problem
from recobro.unforeseen import untold
from recobro.usecases.api import Asked, Route

MAX_BODY = 1 << 20
KEY_LENGTH = (8, 128)
ABOUT = "https://www.rfc-editor.org/rfc/rfc9110#status."
STRAY = "ANY /v1/{other+}"
"""Requests under the API's address that none of its routes takes: they too are answered in its own words."""
_MOST_DIGITS = 18


class NotKnown(Exception):
    """Nobody whom we gave a key."""


class NotAllowed(Exception):
    """There is such a place, and it knows other methods: these."""

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__()
        self.methods = ", ".join(methods)


@untold()
def answered(house: House, routes: Mapping[str, Route], event: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one request."""
    try:
        answer = _answered(house, routes, event)
        count_answer(house, answer["statusCode"])
        return answer
    finally:
        tell_counts(house)


def _answered(house: House, routes: Mapping[str, Route], event: Mapping[str, Any]) -> dict[str, Any]:
    try:
        status, body = _worked(house, routes, event)
        return _response(status, body, "application/json")
    except NotKnown:
        return _problem(Problem(f"{ABOUT}401", "not known", 401, fix="Authorization: Bearer <key>"))
    except InvalidInput as error:
        return _problem(Problem(f"{ABOUT}422", "not accepted", 422, error.problem, error.field, error.fix))
    except NotFound as error:
        return _problem(Problem(f"{ABOUT}404", "not there", 404, str(error)))
    except NotAllowed as error:
        problem = Problem(f"{ABOUT}405", "no such method", 405, fix=error.methods)
        return _problem(problem, {"allow": error.methods})
    except Conflict as error:
        fix = "the content that it had, with the same key, or a new key and a new id"
        return _problem(Problem(f"{ABOUT}409", "conflict", 409, str(error), fix=fix))
    except (Stale, Unavailable) as error:
        logger.warning("unavailable", extra={"source": "api", "family": type(error).__name__})
        return _problem(
            Problem(f"{ABOUT}503", "not now", 503, fix="the same request, with the same key, later")
        )
    except InvariantBroken as error:
        logger.error("broken", extra={"source": "api", "reason": str(error)})
        return _problem(Problem(f"{ABOUT}500", "our mistake", 500))


def _worked(house: House, routes: Mapping[str, Route], event: Mapping[str, Any]) -> tuple[int, str]:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    who = _caller(house, headers.get("authorization", ""))
    route = routes.get(event["routeKey"])
    if route is None:
        raise _misled(routes, event["rawPath"])
    raw = raw_body(event)
    asked = Asked(
        who=who,
        path=event.get("pathParameters") or {},
        query=event.get("queryStringParameters") or {},
        body=_body(route, raw),
        key=_key(route, headers.get("idempotency-key", "")),
    )
    if not route.is_keyed:
        return route.status, _told(route.work(house, asked))
    mark = hashlib.sha256(f"{who}\x1f{asked.key}".encode()).hexdigest()[:40]
    request = hashlib.sha256(
        f"{event['routeKey']}\x1f{event.get('rawPath', '')}\x1f".encode() + raw
    ).hexdigest()
    before = house.api_answers.before(mark, request, house.now())
    if before is not None:
        return before
    body = _told(route.work(house, asked))
    house.api_answers.given(mark, route.status, body)
    return route.status, body


def _misled(routes: Mapping[str, Route], path: str) -> NotAllowed | NotFound:
    """What to tell of an address that another method would do for (RFC 9110 §15.5.6), or that is none of ours."""
    asked = path.strip("/").split("/")
    places = {known for _, _, known in (key.partition(" ") for key in routes) if _leads(known, asked)}
    if not places:
        return NotFound("no such address")
    named = min(places, key=lambda known: known.count("{"))
    return NotAllowed(tuple(sorted(key.partition(" ")[0] for key in routes if key.endswith(f" {named}"))))


def _leads(known: str, asked: list[str]) -> bool:
    parts = known.strip("/").split("/")
    return len(parts) == len(asked) and all(
        part == one or part.startswith("{") for part, one in zip(parts, asked, strict=True)
    )


def _caller(house: House, authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    name = house.secrets.api_caller(token.strip(), house.now()) if scheme.lower() == "bearer" else ""
    if not name:
        raise NotKnown
    return name


def _key(route: Route, key: str) -> str:
    least, most = KEY_LENGTH
    if route.is_keyed and not (least <= len(key) <= most and key.isascii() and key.isprintable()):
        fix = (
            f"{least} to {most} printable characters, another for each request, the same when it is repeated"
        )
        raise InvalidInput("idempotency-key", "is missing or none", fix)
    return key


def _body(route: Route, raw: bytes) -> Any:
    if route.takes is None:
        return None
    if len(raw) > MAX_BODY:
        raise InvalidInput("body", f"has {len(raw)} bytes", f"at most {MAX_BODY}")
    try:
        plain = json.loads(raw, parse_float=_number)
        if b"\\u" in raw:
            # Half of a letter (a lone surrogate) can be escaped, and written nowhere.
            json.dumps(plain, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidInput("body", "is no JSON", "one JSON object") from None
    if not isinstance(plain, dict):
        raise InvalidInput("body", "is no JSON object", "one JSON object")
    return from_plain(route.takes, plain, strict=True)


def _number(text: str) -> int | float:
    """1500.0 and 15e2 are whole numbers to whoever reads our document (JSON Schema validation, §6.1.1); no float holds an amount."""
    try:
        exact = Decimal(text)
        is_whole = exact.adjusted() < _MOST_DIGITS and exact == exact.to_integral_value()
    except InvalidOperation:
        is_whole = False
    return int(exact) if is_whole else float(text)


def _told(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"))


def _problem(problem: Problem, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    answer = _response(problem.status, _told(problem), "application/problem+json")
    answer["headers"] |= more or {}
    return answer


def _response(status: int, body: str, kind: str) -> dict[str, Any]:
    headers = {"content-type": kind, "cache-control": "no-store", "x-content-type-options": "nosniff"}
    return {"statusCode": status, "headers": headers, "body": body}
