"""Stands in for carriers on the wire: requests are checked against botocore's own models, answers come as bytes.

botocore checks presence, types and minima by itself; patterns, maxima and enums, which AWS refuses, are checked here.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import botocore.session
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config

from recobro.adapters.channels import CHANNELS, SEND_CONFIG, TRANSPORTS, CarrierSpec, carrier_for
from recobro.domain.client import ChannelSetup
from recobro.ports import Carrier, Outgoing, Sent

DEBTOR, ATTEMPT = "d24d4b96f58da6d4a8512313", "a24d4b96f58da6d4a8512313"

CARRIERS: list[tuple[str, str]] = [(name, "eum") for name in CHANNELS] + list(TRANSPORTS)
"""(channel, transport) of every carrier there is: a new row in the registry is under contract at once."""

SETUPS = {
    "sms": ChannelSetup(enabled=True, identity="+12065550152", configuration_set="recobro", price=9_100),
    "email": ChannelSetup(
        enabled=True, identity="Cobranza Demo <avisos@example.com>", configuration_set="recobro", price=100
    ),
    "whatsapp": ChannelSetup(
        enabled=True, identity="phone-number-id-01234567890123456789012345678901", price=8_500
    ),
    "voice": ChannelSetup(
        enabled=True,
        identity="+12065550153",
        configuration_set="recobro",
        price=13_000,
        voices={"es": "LUPE"},
    ),
    "push": ChannelSetup(enabled=True, application="0123456789abcdef0123456789abcdef", price=1),
}

TOKEN = "fKx1:APA91bExampleTokenOfADevice"

MESSAGES = {
    "sms": Outgoing(
        to="+525550100199",
        body="Hola Ana, mañana vence tu pago. Más información: https://pagos.example.com/p/x",
        channel="sms",
        context={"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
        expires_in=3600,
        max_price=20_000,
    ),
    "email": Outgoing(
        to="ana@example.com",
        subject="Un recordatorio amable",
        body="Hola Ana…",
        html="<p>Hola Ana…</p>",
        channel="email",
        context={"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
        expires_in=3600,
        unsubscribe_url="https://pagos.example.com/u/token",
    ),
    "whatsapp": Outgoing(
        to="+525550100199",
        body="Hola Ana, tu pago vence el 15 de diciembre.",
        template="recordatorio_pago",
        parameters=("Ana", "15 de diciembre"),
        language="es-MX",
        channel="whatsapp",
        context={"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
        expires_in=3600,
    ),
    "voice": Outgoing(
        to="+525550100199",
        body="Hola, este es un mensaje para Ana. Por favor llame al 55 5010 0100.",
        channel="voice_auto",
        context={"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
        expires_in=3600,
        max_price=40_000,
    ),
    "push": Outgoing(
        to=TOKEN,
        subject="Demo",
        body="Tienes un mensaje en la aplicación",
        channel="push",
        context={"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
        expires_in=3600,
    ),
}

RESULT = {"DeliveryStatus": "SUCCESSFUL", "StatusCode": 200, "MessageId": "provider-1"}

ACCEPTED: dict[str, bytes] = {
    "SendTextMessage": b'{"MessageId": "provider-1"}',
    "SendVoiceMessage": b'{"MessageId": "provider-1"}',
    "SendEmail": b'{"MessageId": "provider-1"}',
    "SendWhatsAppMessage": b'{"messageId": "provider-1"}',
    "SendMessages": json.dumps({"ApplicationId": "app", "Result": {TOKEN: RESULT}}).encode(),
    "Publish": (
        b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
        b"<MessageId>provider-1</MessageId></PublishResult></PublishResponse>"
    ),
}


SESSION = botocore.session.Session()
"""One session for all: it keeps the parsed models; its clients stay apart."""
SESSION.set_credentials("test", "test")


class Wire:
    """One carrier with its client, and what the far end will answer: bytes with a status, or an exception."""

    def __init__(self, name: str, transport: str = "eum", **config: Any) -> None:
        self.name, self.transport, self.config = name, transport, config
        self.setup = _with_transport(SETUPS[name], transport)
        self.spec = CHANNELS[name] if transport == "eum" else TRANSPORTS[name, transport]
        self.calls = 0
        self.requests: list[dict[str, Any]] = []
        self.answer: tuple[int, dict[str, str], bytes] | Exception = (200, {}, ACCEPTED[self.spec.operation])
        self.client: Any = None

    def carrier(self) -> Carrier:
        return carrier_for(self.name, self.setup, self._client)

    def send(self, message: Outgoing | None = None) -> Sent:
        return self.carrier().send(message or MESSAGES[self.name])

    def operation(self) -> Any:
        return (
            botocore.session.get_session()
            .get_service_model(self.spec.service)
            .operation_model(self.spec.operation)
        )

    def error(self, code: str, status: int, **members: Any) -> "Wire":
        """Answer with that error, written as the service's protocol writes it."""
        protocol = self.operation().service_model.resolved_protocol
        headers: dict[str, str] = {}
        if protocol == "query":
            body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
        elif protocol == "json":
            body = json.dumps({"__type": code, "Message": "no", **members})
        else:
            headers["x-amzn-errortype"] = code
            body = json.dumps({"message": "no", **members})
        self.answer = (status, headers, body.encode())
        return self

    def _client(self, service: str, **config: Any) -> Any:
        assert config == dict(SEND_CONFIG)
        endpoint = self.config.get("endpoint_url")
        settings = {**config, **{k: v for k, v in self.config.items() if k != "endpoint_url"}}
        self.client = SESSION.create_client(
            service, "us-east-1", config=Config(**settings), endpoint_url=endpoint
        )
        events = self.client.meta.events
        events.register("before-parameter-build.*.*", lambda params, **_: self.requests.append(params))
        if endpoint is None:
            events.register("before-send.*.*", self._respond)
        return self.client

    def _respond(self, request: Any, **_: Any) -> AWSResponse:
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        status, headers, body = self.answer
        told: Any = HeadersDict(headers)
        return AWSResponse(request.url, status, told, _Raw(body))


class _Raw(io.BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _with_transport(setup: ChannelSetup, transport: str) -> ChannelSetup:
    return replace(setup, transport=transport)


def spec_of(name: str, transport: str) -> CarrierSpec:
    return CHANNELS[name] if transport == "eum" else TRANSPORTS[name, transport]


def violations(shape: Any, value: Any, path: str = "") -> list[str]:
    """Where `value` breaks the model's patterns, maxima or enums, which botocore leaves to the service."""
    if shape.type_name == "structure":
        assert isinstance(value, Mapping)
        found = [violations(shape.members[name], one, f"{path}.{name}") for name, one in value.items()]
        return [one for some in found for one in some]
    if shape.type_name == "list":
        return [one for item in value for one in violations(shape.member, item, f"{path}[]")]
    if shape.type_name == "map":
        pairs = [(shape.key, key) for key in value] + [(shape.value, item) for item in value.values()]
        return [one for member, item in pairs for one in violations(member, item, f"{path}{{}}")]
    limits = shape.metadata
    size = (
        value
        if shape.type_name in {"integer", "long"}
        else len(value)
        if isinstance(value, str | bytes)
        else 0
    )
    broken = []
    if "max" in limits and size > limits["max"]:
        broken.append(f"{path}: {size} > {limits['max']}")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        broken.append(f"{path}: {value!r} does not match {limits['pattern']}")
    if getattr(shape, "enum", None) and value not in shape.enum:
        broken.append(f"{path}: {value!r} is not one of {shape.enum}")
    return broken
