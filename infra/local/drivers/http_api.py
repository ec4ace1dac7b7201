"""The HTTP API: finds the route, hands the request to its function in payload format 2.0, and reads the function's answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from infra.local.drivers.platform import Platform
from infra.local.inventory import Route

LARGEST = 10 * 1024 * 1024
"""Bytes of a request's body."""


@dataclass(frozen=True)
class HttpAnswer:
    """What the caller gets. Header names are in lower case; `cookies` are Set-Cookie values."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: tuple[str, ...] = ()

    def json(self) -> Any:
        """The body, if it is JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class _Match:
    route: Route
    parameters: Mapping[str, str]
    exactness: tuple[int, ...]


class HttpApi:
    """The one API of a template."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def request(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        source_ip: str = "127.0.0.1",
    ) -> HttpAnswer:
        """target: path and query. Answers 404 for what no route wants, 500 for a function that fails."""
        url = urlsplit(target)
        path, stage, api_id = self._staged(url.path or "/")
        match = self._match(api_id, method.upper(), path)
        if match is None or stage is None:
            return _plain(404, "Not Found")
        if len(body) > LARGEST:
            return _plain(413, "Request Too Long")
        lowered = _joined(headers)
        event = self._event(
            match, api_id, stage, method.upper(), url.path or "/", url.query, lowered, body, source_ip
        )
        outcome = self._platform.invoke(self._platform.inventory.functions[match.route.function_arn], event)
        if outcome.failure is not None:
            return _plain(500, "Internal Server Error")
        return _answer(outcome.value)

    def _staged(self, path: str) -> tuple[str, str | None, str]:
        """The path within its stage, the stage, the API. A named stage is the path's first part; $default has none."""
        for api_id, stages in self._platform.inventory.stages.items():
            for stage in stages:
                if stage != "$default" and (path == f"/{stage}" or path.startswith(f"/{stage}/")):
                    return path.removeprefix(f"/{stage}") or "/", stage, api_id
            if "$default" in stages:
                return path, "$default", api_id
        return path, None, ""

    def _match(self, api_id: str, method: str, path: str) -> _Match | None:
        """The most specific route: parts of the path before parameters, a method before ANY, $default last."""
        found = [
            match
            for route in self._platform.inventory.apis.get(api_id, [])
            if (match := _matched(route, method, path))
        ]
        return max(found, key=lambda match: match.exactness, default=None)

    def _event(
        self,
        match: _Match,
        api_id: str,
        stage: str,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        source_ip: str,
    ) -> dict[str, Any]:
        now = self._platform.now()
        host = f"{api_id}.execute-api.{self._platform.region}.amazonaws.com"
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": match.route.key,
            "rawPath": path,
            "rawQueryString": query,
            "headers": {name: value for name, value in headers.items() if name != "cookie"},
            "requestContext": {
                "accountId": self._platform.account,
                "apiId": api_id,
                "domainName": host,
                "domainPrefix": api_id,
                "http": {
                    "method": method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": source_ip,
                    "userAgent": headers.get("user-agent", ""),
                },
                "requestId": self._platform.new_id("http"),
                "routeKey": match.route.key,
                "stage": stage,
                "time": f"{now:%d/%b/%Y:%H:%M:%S +0000}",
                "timeEpoch": int(now.timestamp() * 1000),
            },
            "isBase64Encoded": False,
        }
        if "cookie" in headers:
            event["cookies"] = [cookie.strip() for cookie in headers["cookie"].split(";")]
        if query:
            event["queryStringParameters"] = _grouped(query)
        if match.parameters:
            event["pathParameters"] = dict(match.parameters)
        if body:
            event |= _body(body, headers.get("content-type", ""))
        return event


def _matched(route: Route, method: str, path: str) -> _Match | None:
    if route.key == "$default":
        return _Match(route, {}, (-1,))
    wanted, _, template = route.key.partition(" ")
    if wanted not in (method, "ANY"):
        return None
    parts, given = template.strip("/").split("/"), path.strip("/").split("/")
    parameters: dict[str, str] = {}
    exactness: list[int] = []
    for at, part in enumerate(parts):
        if part.startswith("{") and part.endswith("+}"):
            parameters[part[1:-2]] = unquote("/".join(given[at:]))
            exactness.append(0)
            given = given[: len(parts)]
            break
        if at >= len(given):
            return None
        if part.startswith("{"):
            if not given[at]:
                return None
            parameters[part[1:-1]] = unquote(given[at])
            exactness.append(1)
        elif part == given[at]:
            exactness.append(2)
        else:
            return None
    if len(given) != len(parts):
        return None
    return _Match(route, parameters, (*exactness, wanted != "ANY"))


def _joined(headers: Mapping[str, str]) -> dict[str, str]:
    """Names in lower case; a header given twice is one, with a comma between."""
    joined: dict[str, str] = {}
    for name, value in headers.items():
        lowered = name.lower()
        joined[lowered] = f"{joined[lowered]},{value}" if lowered in joined else value
    return joined


def _grouped(query: str) -> dict[str, str]:
    grouped: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        grouped[name] = f"{grouped[name]},{value}" if name in grouped else value
    return grouped


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    """Text stays text; anything else, forms among it, comes in Base64."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in ("application/json", "application/javascript", "application/xml"):
        try:
            return {"body": body.decode()}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _answer(value: Any) -> HttpAnswer:
    """An answer without statusCode is a 200 whose body is the answer itself, as JSON."""
    if not isinstance(value, Mapping) or "statusCode" not in value:
        return HttpAnswer(200, {"content-type": "application/json"}, json.dumps(value).encode())
    try:
        status = int(value["statusCode"])
        told = value.get("body") or ""
        text = told if isinstance(told, str) else json.dumps(told)
        body = base64.b64decode(text) if value.get("isBase64Encoded") else text.encode()
        headers = {str(name).lower(): str(held) for name, held in (value.get("headers") or {}).items()}
    except (TypeError, ValueError, AttributeError):
        return _plain(500, "Internal Server Error")
    headers.setdefault("content-type", "text/plain;charset=UTF-8")
    return HttpAnswer(status, headers, body, tuple(value.get("cookies") or ()))


def _plain(status: int, message: str) -> HttpAnswer:
    return HttpAnswer(status, {"content-type": "application/json"}, json.dumps({"message": message}).encode())
