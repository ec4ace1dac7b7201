"""Writes an answer or a documented error on the wire, so that boto3 parses it as the service's own."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from infra.local.backends.answer import answer


def write_answer(
    operation: OperationModel, url: str, members: Mapping[str, Any], request_id: str
) -> AWSResponse:
    """A success with the members of the operation's output."""
    headers = {"x-amzn-RequestId": request_id}
    status = int(operation.http.get("responseCode", 200))
    shape = operation.output_shape
    protocol = operation.service_model.resolved_protocol
    if protocol == "query":
        name = operation.name
        result = _to_xml(shape, members) if shape else ""
        meta = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        text = f"<{name}Response><{name}Result>{result}</{name}Result>{meta}</{name}Response>"
        return answer(url, status, headers | {"Content-Type": "text/xml"}, text.encode())
    body: Any = members
    if isinstance(shape, StructureShape):
        payload = shape.serialization.get("payload")
        body = (
            _to_json(shape.members[payload], members.get(payload, {}))
            if payload
            else _to_json(shape, members)
        )
    return answer(url, status, headers | {"Content-Type": _json_type(operation)}, json.dumps(body).encode())


def write_error(
    operation: OperationModel,
    url: str,
    code: str,
    message: str,
    members: Mapping[str, Any],
    status: int | None,
    request_id: str,
) -> AWSResponse:
    """A failure. Raises ValueError for an error that the service does not have, unless its status is given."""
    known: Any = operation.service_model
    shape: StructureShape | None = known.shape_for_error_code(code)
    if shape is None and status is None:
        raise ValueError(
            f"{operation.service_model.service_name} has no error {code}; give its status if it exists"
        )
    limits = shape.metadata if shape is not None else {}
    declared = limits.get("error", {}).get("httpStatusCode") or (500 if limits.get("fault") else 400)
    status = status or int(declared)
    headers = {"x-amzn-RequestId": request_id, "x-amzn-ErrorType": code}
    if operation.service_model.resolved_protocol == "query":
        fault = "Sender" if status < 500 else "Receiver"
        inside = f"<Type>{fault}</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
        text = f"<ErrorResponse><Error>{inside}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
        return answer(url, status, headers | {"Content-Type": "text/xml"}, text.encode())
    told = _to_json(shape, members) if shape is not None else dict(members)
    capital = shape is not None and "Message" in shape.members
    body = {"__type": code, "Message" if capital else "message": message, **told}
    return answer(url, status, headers | {"Content-Type": _json_type(operation)}, json.dumps(body).encode())


def _json_type(operation: OperationModel) -> str:
    version = operation.service_model.metadata.get("jsonVersion", "1.1")
    return (
        f"application/x-amz-json-{version}"
        if operation.service_model.resolved_protocol == "json"
        else "application/json"
    )


def _to_json(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape):
        return {
            shape.members[name].serialization.get("name", name): _to_json(shape.members[name], one)
            for name, one in value.items()
        }
    if isinstance(shape, ListShape):
        return [_to_json(shape.member, one) for one in value]
    if isinstance(shape, MapShape):
        return {key: _to_json(shape.value, one) for key, one in value.items()}
    if isinstance(value, datetime):
        return value.timestamp()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _to_xml(shape: Shape, value: Any) -> str:
    if isinstance(shape, StructureShape):
        return "".join(f"<{name}>{_to_xml(shape.members[name], one)}</{name}>" for name, one in value.items())
    if isinstance(shape, ListShape):
        return "".join(f"<member>{_to_xml(shape.member, one)}</member>" for one in value)
    return escape(str(value))
