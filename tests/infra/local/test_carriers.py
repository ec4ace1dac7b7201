"""A carrier's request is read off the wire and checked against the service's own model; its answer is what boto3 would get."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from infra.local.outside import BrokenDown, FunctionDied, LineCut, NotReached, Refusal, Silence
from infra.local.system import LocalSystem
from tests.infra.local.sample import PLAYS, Sample, allow


class World:
    """Notes what it is asked, and answers what it is told to."""

    def __init__(self, answer: Any) -> None:
        self.told = answer
        self.asked: list[tuple[str, str, Mapping[str, Any]]] = []

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((service, operation, params))
        if isinstance(self.told, BaseException):
            raise self.told
        answer: Mapping[str, Any] = self.told
        return answer


SMS: dict[str, Any] = {
    "DestinationPhoneNumber": "+525555550100",
    "MessageBody": "Hola",
    "Context": {"attempt": "a-1"},
    "TimeToLive": 60,
}

CALLS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("pinpoint-sms-voice-v2", "send_text_message", SMS, {"MessageId": "m-1"}),
    (
        "pinpoint-sms-voice-v2",
        "send_voice_message",
        {
            "DestinationPhoneNumber": "+525555550100",
            "OriginationIdentity": "phone-1",
            "VoiceId": "LUPE",
            "MessageBodyTextType": "SSML",
        },
        {"MessageId": "m-2"},
    ),
    (
        "socialmessaging",
        "send_whatsapp_message",
        {
            "originationPhoneNumberId": "phone-number-id-" + "a" * 32,
            "message": b'{"type":"template"}',
            "metaApiVersion": "v20.0",
        },
        {"messageId": "m-3"},
    ),
    (
        "sesv2",
        "send_email",
        {
            "FromEmailAddress": "Acme <aviso@acme.example>",
            "Destination": {"ToAddresses": ["ana@example.com"]},
            "Content": {"Raw": {"Data": b"Subject: Hola\r\n\r\n\xc3\xb1"}},
            "EmailTags": [{"Name": "attempt", "Value": "a-1"}],
        },
        {"MessageId": "m-4"},
    ),
    (
        "pinpoint",
        "send_messages",
        {
            "ApplicationId": "a/b",
            "MessageRequest": {
                "Addresses": {"token": {"ChannelType": "GCM"}},
                "MessageConfiguration": {"GCMMessage": {"Body": "Hola"}},
            },
        },
        {
            "MessageResponse": {
                "ApplicationId": "a/b",
                "Result": {"token": {"DeliveryStatus": "SUCCESSFUL", "StatusCode": 200}},
            }
        },
    ),
    (
        "sns",
        "publish",
        {
            "PhoneNumber": "+525555550100",
            "Message": "Hola & adiós",
            "MessageAttributes": {"AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "ACME"}},
        },
        {"MessageId": "m-6"},
    ),
]


@pytest.mark.parametrize(
    ("service", "operation", "params", "answer"), CALLS, ids=[f"{call[0]}.{call[1]}" for call in CALLS]
)
def test_what_was_asked_arrives_and_what_is_answered_returns(
    sample: Sample, service: str, operation: str, params: dict[str, Any], answer: dict[str, Any]
) -> None:
    world = World(answer)
    with sample.running(world=world) as system:
        got = getattr(system.client(service), operation)(**params)
    got.pop("ResponseMetadata")
    assert got == answer
    ((asked_service, _, asked_params),) = world.asked
    assert asked_service == service
    assert asked_params == params


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "complaint"),
    [
        (
            "pinpoint-sms-voice-v2",
            "send_text_message",
            {**SMS, "DestinationPhoneNumber": "no number"},
            "ValidationException",
            "does not fit",
        ),
        (
            "pinpoint-sms-voice-v2",
            "send_text_message",
            {**SMS, "MessageBody": "x" * 1601},
            "ValidationException",
            "the most is 1600",
        ),
        (
            "pinpoint-sms-voice-v2",
            "send_text_message",
            {**SMS, "MessageType": "COLLECTION"},
            "ValidationException",
            "not one of",
        ),
        (
            "pinpoint-sms-voice-v2",
            "send_text_message",
            {**SMS, "TimeToLive": 999_999},
            "ValidationException",
            "the most is 259200",
        ),
    ],
)
def test_what_boto3_lets_through_and_the_carrier_would_not_never_reaches_the_world(
    sample: Sample, service: str, operation: str, params: dict[str, Any], code: str, complaint: str
) -> None:
    """boto3 checks neither patterns, enumerations nor upper bounds; the service does."""
    world = World({"MessageId": "m"})
    with sample.running(world=world) as system, pytest.raises(ClientError) as refused:
        getattr(system.client(service), operation)(**params)
    assert refused.value.response["Error"]["Code"] == code
    assert complaint in refused.value.response["Error"]["Message"]
    assert refused.value.response["Reason"] == "FIELD_VALIDATION_FAILED"  # type: ignore[typeddict-item]
    assert world.asked == []


def text(system: LocalSystem) -> Any:
    once = Config(retries={"total_max_attempts": 1})
    client = system._running.calls.client("pinpoint-sms-voice-v2", "operator", once)
    return client.send_text_message(**SMS)


def test_a_documented_refusal_comes_as_the_modelled_error(sample: Sample) -> None:
    world = World(Refusal("ConflictException", "opted out", {"Reason": "DESTINATION_PHONE_NUMBER_OPTED_OUT"}))
    with sample.running(world=world) as system:
        client = system.client("pinpoint-sms-voice-v2")
        with pytest.raises(client.exceptions.ConflictException) as refused:
            client.send_text_message(**SMS)
    response = refused.value.response
    assert response["Error"] == {"Code": "ConflictException", "Message": "opted out"}
    assert response["Reason"] == "DESTINATION_PHONE_NUMBER_OPTED_OUT"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "status"),
    [
        ("sesv2", "send_email", CALLS[3][2], "MessageRejected", 400),
        ("socialmessaging", "send_whatsapp_message", CALLS[2][2], "ThrottledRequestException", 429),
        ("pinpoint", "send_messages", CALLS[4][2], "TooManyRequestsException", 429),
        ("sns", "publish", CALLS[5][2], "OptedOut", 400),
    ],
)
def test_every_protocol_carries_its_errors(
    sample: Sample, service: str, operation: str, params: dict[str, Any], code: str, status: int
) -> None:
    world = World(Refusal(code, "no", status=status))
    once = Config(retries={"total_max_attempts": 1})
    with sample.running(world=world) as system, pytest.raises(ClientError) as refused:
        getattr(system._running.calls.client(service, "operator", once), operation)(**params)
    assert refused.value.response["Error"] == {"Code": code, "Message": "no"} | (
        {"Type": "Sender"} if service == "sns" else {}
    )
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Silence(), ReadTimeoutError),
        (LineCut(), ConnectionClosedError),
        (NotReached(), EndpointConnectionError),
        (BrokenDown(503), ClientError),
    ],
)
def test_a_line_that_fails_fails_as_the_network_does(
    sample: Sample, fault: Exception, seen: type[Exception]
) -> None:
    with sample.running(world=World(fault)) as system:
        with pytest.raises(seen):
            text(system)
        assert system.meter.requests["operator", "pinpoint-sms-voice-v2", "SendTextMessage"] == 1


def test_a_function_can_die_while_the_carrier_has_its_message(sample: Sample) -> None:
    sample.function("work", allow("sms-voice:SendTextMessage", "*"))
    PLAYS["work"] = lambda _event, _context: boto3.client("pinpoint-sms-voice-v2").send_text_message(**SMS)
    with sample.running(world=World(FunctionDied())) as system:
        failure = system.invoke("work", {}).failure
    assert failure is not None
    assert failure.type == "Runtime.ExitError"


def test_the_world_may_not_answer_what_no_carrier_would(sample: Sample) -> None:
    with (
        sample.running(world=World({"MessageIdentifier": "m"})) as system,
        pytest.raises(ValueError, match="is answered so"),
    ):
        text(system)


def test_the_world_may_not_refuse_in_words_that_the_carrier_does_not_have(sample: Sample) -> None:
    with (
        sample.running(world=World(Refusal("NotInTheMood"))) as system,
        pytest.raises(ValueError, match="has no error NotInTheMood"),
    ):
        text(system)


def test_without_a_world_a_carrier_is_an_error_and_not_a_success(sample: Sample) -> None:
    with sample.running() as system, pytest.raises(RuntimeError, match="without an outside world"):
        text(system)


def test_the_world_can_plan_its_own_events(sample: Sample) -> None:
    sample.function("work", allow("sms-voice:SendTextMessage", "*"))
    PLAYS["work"] = lambda _event, _context: boto3.client("pinpoint-sms-voice-v2").send_text_message(**SMS)
    told: list[datetime] = []

    class Later(World):
        def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
            system.at(datetime(2026, 3, 2, 15, tzinfo=UTC), lambda: told.append(system.now))
            return super().answer(service, operation, params)

    with sample.running(world=Later({"MessageId": "m"})) as system:
        system.invoke("work", {})
        system.run_until(datetime(2026, 3, 3, tzinfo=UTC))
    assert told == [datetime(2026, 3, 2, 15, tzinfo=UTC)]


@pytest.mark.parametrize("service", ["pinpoint-sms-voice-v2", "socialmessaging", "pinpoint", "sesv2", "sns"])
def test_every_pattern_of_the_carriers_models_is_understood(sample: Sample, service: str) -> None:
    """A pattern that could not be read would be a check that is never made."""
    from infra.local.carriers.constraints import _pattern

    with sample.running() as system:
        model = system._running.calls.model(service)
    shapes = [model.shape_for(name) for name in model.shape_names]
    patterns = [shape.metadata["pattern"] for shape in shapes if "pattern" in shape.metadata]
    for written in patterns:
        _pattern(written)
