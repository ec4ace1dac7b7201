"""Reads a request back from the wire into the parameters it was made of, by the service's model."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from botocore.utils import parse_timestamp

from infra.local.backends.answer import body_of, headers_of


def read_request(operation: OperationModel, request: AWSPreparedRequest) -> dict[str, Any]:
    """The parameters of a request, as its sender gave them to boto3. Members that the model lacks are kept, to be refused."""
    shape = operation.input_shape
    if not isinstance(shape, StructureShape):
        return {}
    protocol = operation.service_model.resolved_protocol
    if protocol == "query":
        fields = dict(parse_qsl(body_of(request).decode(), keep_blank_values=True))
        return dict(_from_form(shape, fields, ""))
    if protocol == "json":
        return dict(_from_json(shape, json.loads(body_of(request) or b"{}")))
    if protocol == "rest-json":
        return _from_rest(operation, shape, request)
    raise NotImplementedError(f"no carrier of ours speaks {protocol}")


def _from_rest(
    operation: OperationModel, shape: StructureShape, request: AWSPreparedRequest
) -> dict[str, Any]:
    url = urlsplit(request.url)
    in_path = _path_fields(operation.http["requestUri"], url.path)
    in_query = dict(parse_qsl(url.query, keep_blank_values=True))
    in_headers = headers_of(request)
    found: dict[str, Any] = {}
    inside: dict[str, Shape] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                found[name] = in_path[wire]
            case "querystring" if wire in in_query:
                found[name] = _scalar(member, in_query[wire])
            case "header" if wire.lower() in in_headers:
                found[name] = _scalar(member, in_headers[wire.lower()])
            case None:
                inside[name] = member
    payload = shape.serialization.get("payload")
    body = body_of(request)
    if payload:
        if body:
            found[payload] = _from_json(shape.members[payload], json.loads(body))
        return found
    return found | _members(inside, json.loads(body or b"{}"))


def _path_fields(template: str, path: str) -> dict[str, str]:
    """The parts of a path that stand where the template has `{name}`, or `{name+}` for several parts."""
    literals = re.split(r"\{[^}]+\}", template.partition("?")[0])
    names = re.findall(r"\{([^}]+)\}", template.partition("?")[0])
    wanted = [r"(.+)" if name.endswith("+") else r"([^/]+)" for name in names] + [""]
    pattern = "".join(re.escape(literal) + field for literal, field in zip(literals, wanted, strict=True))
    match = re.fullmatch(pattern, path)
    if match is None:
        raise ValueError(f"{path} does not fit {template}")
    return {name.rstrip("+"): unquote(value) for name, value in zip(names, match.groups(), strict=True)}


def _from_json(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return _members(shape.members, value)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_from_json(shape.member, one) for one in value]
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return {key: _from_json(shape.value, one) for key, one in value.items()}
    if shape.type_name == "blob":
        return base64.b64decode(value)
    return parse_timestamp(value) if shape.type_name == "timestamp" else value


def _members(members: Mapping[str, Shape], value: Mapping[str, Any]) -> dict[str, Any]:
    names = {member.serialization.get("name", name): name for name, member in members.items()}
    return {
        names.get(wire, wire): _from_json(members[names[wire]], one) if wire in names else one
        for wire, one in value.items()
        if one is not None
    }


def _from_form(shape: Shape, fields: Mapping[str, str], prefix: str) -> Any:
    """Form fields such as `MessageAttributes.entry.1.Value.DataType`, as the query protocol flattens structures."""
    if isinstance(shape, StructureShape):
        found = {}
        for name, member in shape.members.items():
            wire = f"{prefix}.{member.serialization.get('name', name)}".lstrip(".")
            if any(field == wire or field.startswith(f"{wire}.") for field in fields):
                found[name] = _from_form(member, fields, wire)
        return found
    if isinstance(shape, ListShape):
        wire = f"{prefix}.{shape.member.serialization.get('name', 'member')}"
        return [_from_form(shape.member, fields, f"{wire}.{at}") for at in _numbered(fields, wire)]
    if isinstance(shape, MapShape):
        key, value = (
            shape.key.serialization.get("name", "key"),
            shape.value.serialization.get("name", "value"),
        )
        wire = f"{prefix}.entry"
        return {
            fields[f"{wire}.{at}.{key}"]: _from_form(shape.value, fields, f"{wire}.{at}.{value}")
            for at in _numbered(fields, wire)
        }
    return _scalar(shape, fields[prefix])


def _numbered(fields: Mapping[str, str], wire: str) -> list[int]:
    return sorted(
        {int(field[len(wire) + 1 :].split(".")[0]) for field in fields if field.startswith(f"{wire}.")}
    )


def _scalar(shape: Shape, text: str) -> Any:
    match shape.type_name:
        case "integer" | "long":
            return int(text)
        case "float" | "double":
            return float(text)
        case "boolean":
            return text == "true"
        case "blob":
            return base64.b64decode(text)
        case "timestamp":
            return parse_timestamp(text)
        case _:
            return text
