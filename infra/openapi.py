"""The API's own description, written from its routes and shapes: what a program may send is what the code reads, no more."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from recobro.intake.api_shapes import BOUNDS, Problem
from recobro.usecases.api import ROUTES, Route
from recobro.usecases.api_pages import LONGEST

VERSION = "1.0.0"
PROBLEMS = {
    "401": "nobody whom we gave a key",
    "404": "no such debtor or hold",
    "409": "the idempotency key was used for another request",
    "422": "a member is missing or wrong: which, and what to write instead",
    "503": "AWS is down for now: the same request, with the same key, later",
}

Schema = dict[str, Any]

_LATER: Schema = {
    "description": "more than the address takes (API Gateway's own answer): the same request, with the same key, later"
}


def document(server: str = "") -> Schema:
    """OpenAPI 3.1. server: the deployment's public address."""
    schemas: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for key, route in ROUTES.items():
        method, path = key.split()
        paths.setdefault(path, {})[method.lower()] = _operation(path, route, schemas)
    _named(Problem, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recobro",
            "version": VERSION,
            "description": inspect.cleandoc(
                """For the creditor's own systems. Every request carries a key (`Authorization: Bearer …`). What changes something
                carries an `Idempotency-Key` as well: the same request with the same key is done once and answered alike for two days."""
            ),
        },
        **({"servers": [{"url": server}]} if server else {}),
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(path: str, route: Route, schemas: dict[str, Schema]) -> Schema:
    told: Schema = {
        "operationId": route.work.__name__,
        "summary": (inspect.getdoc(route.work) or route.work.__name__.replace("_", " ")).splitlines()[0],
        "parameters": [
            *(_parameter("path", name, "as the API names it") for name in re.findall(r"\{(\w+)\}", path)),
            *(_parameter("query", name, said) for name, said in route.query),
            *([_KEY] if route.is_keyed else []),
        ],
        "responses": {
            str(route.status): _content("application/json", "done", _named(route.gives, schemas)),
            **{
                code: _content("application/problem+json", said, _named(Problem, schemas))
                for code, said in PROBLEMS.items()
                if _may(code, path, route)
            },
            "429": _LATER,
        },
    }
    if route.takes is not None:
        schema = _named(route.takes, schemas)
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _may(code: str, path: str, route: Route) -> bool:
    if code == "404":
        return "{" in path
    if code == "409":
        return route.is_keyed
    return code != "422" or route.takes is not None or bool(route.query)


_KEY: Schema = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "8 to 128 printable characters, another for each request, the same when it is repeated",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[ -~]+$"},
}


def _parameter(where: str, name: str, said: str) -> Schema:
    schema: Schema = {"type": "string"}
    if name == "limit":
        schema = {"type": "integer", "minimum": 1, "maximum": LONGEST}
    return {"in": where, "name": name, "required": where == "path", "description": said, "schema": schema}


def _content(kind: str, said: str, schema: Schema) -> Schema:
    return {"description": said, "content": {kind: {"schema": schema}}}


def _named(kind: type, schemas: dict[str, Schema]) -> Schema:
    """A reference to the shape, which is written once."""
    if kind.__name__ not in schemas:
        schemas[kind.__name__] = {}
        hints = get_type_hints(kind)
        own = fields(kind)
        schemas[kind.__name__] |= {
            "type": "object",
            "description": inspect.getdoc(kind)
            if not (inspect.getdoc(kind) or "").startswith(f"{kind.__name__}(")
            else "",
            "properties": {
                one.name: _schema(hints[one.name], schemas) | dict(BOUNDS.get((kind.__name__, one.name), {}))
                for one in own
            },
            "required": [
                one.name for one in own if one.default is MISSING and one.default_factory is MISSING
            ],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def _schema(kind: Any, schemas: dict[str, Schema]) -> Schema:
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_dataclass(kind) and isinstance(kind, type):
        return _named(kind, schemas)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [one.value for one in kind]}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return {"type": "array", "items": _schema(inner[0], schemas)}
    if origin is not None and issubclass(origin, Mapping) if isinstance(origin, type) else False:
        return {"type": "object", "additionalProperties": _schema(inner[1], schemas)}
    if origin is Union or type(kind).__name__ == "UnionType":
        (only,) = (one for one in inner if one is not type(None))
        return {"anyOf": [_schema(only, schemas), {"type": "null"}]}
    raise TypeError(f"no schema is known for {kind}")
