"""What each carrier is asked, word for word: the terms of a contact are as binding as its text."""

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from recobro.adapters.channels import fresh
from recobro.adapters.channels.outcomes import OPEN_CIRCUIT, OPTED_OUT, PARK, RETRY, SUPPRESS
from recobro.domain.client import ChannelSetup
from recobro.ports import Outgoing, Sent
from tests.adapters.carriers_stub import ATTEMPT, DEBTOR, MESSAGES, RESULT, SETUPS, TOKEN, Wire, violations


def asked(
    name: str, transport: str = "eum", setup: ChannelSetup | None = None, **fields: Any
) -> dict[str, Any]:
    wire = Wire(name, transport)
    wire.setup = replace(setup or SETUPS[name], transport=transport)
    wire.send(replace(MESSAGES[name], **fields))
    assert violations(wire.operation().input_shape, wire.requests[0]) == []
    return wire.requests[0]


def test_an_sms_says_everything_the_law_and_the_budget_need() -> None:
    assert asked("sms") == {
        "DestinationPhoneNumber": "+525550100199",
        "OriginationIdentity": "+12065550152",
        "ConfigurationSetName": "recobro",
        "MessageBody": "Hola Ana, mañana vence tu pago. Mas informacion: https://pagos.example.com/p/x",
        "MessageType": "TRANSACTIONAL",
        "MaxPrice": "0.02000",
        "TimeToLive": 3600,
        "Context": {"debtor_id": DEBTOR, "attempt_id": ATTEMPT},
    }


def test_an_sms_without_a_sender_of_its_own_or_a_ceiling_leaves_both_to_the_service() -> None:
    request = asked("sms", setup=ChannelSetup(enabled=True), max_price=0)
    assert not {"OriginationIdentity", "ConfigurationSetName", "MaxPrice"} & set(request)


@pytest.mark.parametrize(("seconds", "life"), [(-60, 5), (0, 5), (5, 5), (7200, 7200), (999_999, 259_200)])
@pytest.mark.parametrize("name", ["sms", "voice"])
def test_a_message_dies_before_the_lawful_hours_end(name: str, seconds: int, life: int) -> None:
    assert asked(name, expires_in=seconds)["TimeToLive"] == life


@pytest.mark.parametrize(
    ("micro", "usd"),
    [(1, "0.00001"), (9_100, "0.00910"), (9_582, "0.00959"), (1_250_000, "1.25000"), (10**9, "99.99999")],
)
def test_a_price_ceiling_is_written_in_dollars_and_never_rounded_below_ours(micro: int, usd: str) -> None:
    assert asked("sms", max_price=micro)["MaxPrice"] == usd
    assert asked("voice", max_price=micro)["MaxPricePerMinute"] == usd


def test_an_sms_is_priced_by_its_parts() -> None:
    def cost(body: str) -> int:
        wire = Wire("sms")
        return wire.send(replace(MESSAGES["sms"], body=body)).cost

    assert cost("a" * 160) == 9_100
    assert cost("á" * 160) == 9_100, "transliterated, it still fits the cheap alphabet"
    assert cost("a" * 161) == 18_200
    assert cost("😀" * 36) == 18_200


def test_sns_takes_its_terms_as_attributes_and_its_ceiling_for_the_whole_message() -> None:
    request = asked("sms", "sns", body="a" * 161)
    assert request == {
        "PhoneNumber": "+525550100199",
        "Message": "a" * 161,
        "MessageAttributes": {
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "AWS.MM.SMS.OriginationNumber": {"DataType": "String", "StringValue": "+12065550152"},
            "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": "0.04000"},
        },
    }
    named = asked("sms", "sns", setup=ChannelSetup(enabled=True, identity="DEMO"))["MessageAttributes"]
    assert named["AWS.SNS.SMS.SenderID"] == {"DataType": "String", "StringValue": "DEMO"}


def test_an_email_goes_to_one_person_with_a_way_out_in_one_click() -> None:
    assert asked("email") == {
        "FromEmailAddress": "Cobranza Demo <avisos@example.com>",
        "Destination": {"ToAddresses": ["ana@example.com"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": "Un recordatorio amable", "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "Hola Ana…", "Charset": "UTF-8"},
                    "Html": {"Data": "<p>Hola Ana…</p>", "Charset": "UTF-8"},
                },
                "Headers": [
                    {"Name": "List-Unsubscribe", "Value": "<https://pagos.example.com/u/token>"},
                    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
                ],
            }
        },
        "EmailTags": [
            {"Name": "debtor_id", "Value": DEBTOR},
            {"Name": "attempt_id", "Value": ATTEMPT},
        ],
        "ConfigurationSetName": "recobro",
    }


def test_a_senders_name_with_accents_is_written_as_mail_demands() -> None:
    setup = ChannelSetup(enabled=True, identity="Recuperación Ñandú <avisos@example.com>")
    sender = asked("email", setup=setup, unsubscribe_url="", html="")["FromEmailAddress"]
    assert sender.isascii()
    assert sender.endswith("<avisos@example.com>")


def test_a_whatsapp_template_carries_its_parameters_and_who_it_is_for() -> None:
    request = asked("whatsapp")
    assert request["originationPhoneNumberId"] == "phone-number-id-01234567890123456789012345678901"
    assert request["metaApiVersion"] == "v20.0"
    assert json.loads(request["message"]) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+525550100199",
        "biz_opaque_callback_data": f"{DEBTOR}:{ATTEMPT}",
        "type": "template",
        "template": {
            "name": "recordatorio_pago",
            "language": {"code": "es_MX"},
            "components": [
                {
                    "type": "body",
                    "parameters": [
                        {"type": "text", "text": "Ana"},
                        {"type": "text", "text": "15 de diciembre"},
                    ],
                }
            ],
        },
    }


def test_a_whatsapp_button_is_told_how_its_approved_address_ends() -> None:
    message = json.loads(asked("whatsapp", button="https://pagos.example.com/g/TOKEN")["message"])
    components = message["template"]["components"]

    assert [one["type"] for one in components] == ["body", "button"]
    assert components[1] == {
        "type": "button",
        "sub_type": "url",
        "index": "0",
        "parameters": [{"type": "text", "text": "TOKEN"}],
    }


def test_a_whatsapp_parameter_never_holds_what_meta_refuses() -> None:
    payload = json.loads(asked("whatsapp", parameters=("Ana\nMaría\t   del     Mar",))["message"])
    assert payload["template"]["components"][0]["parameters"][0]["text"] == "Ana María del Mar"


@pytest.mark.parametrize(("many", "kind"), [(1, "button"), (3, "button"), (5, "list"), (10, "list")])
def test_choices_are_buttons_and_more_than_three_a_list(many: int, kind: str) -> None:
    choices = tuple((f"c{number}", f"Una opción larguísima {number}") for number in range(many))
    request = asked("whatsapp", template="", parameters=(), choices=choices, choose="Ver opciones")
    message = json.loads(request["message"])
    shown = message["interactive"]

    assert (message["type"], shown["type"]) == ("interactive", kind)
    if kind == "button":
        titles = [one["reply"]["title"] for one in shown["action"]["buttons"]]
    else:
        titles = [one["title"] for one in shown["action"]["sections"][0]["rows"]]
    assert len(titles) == many
    assert max(map(len, titles)) <= (20 if kind == "button" else 24)


def test_whatsapp_without_a_template_is_free_text() -> None:
    payload = json.loads(asked("whatsapp", template="", parameters=())["message"])
    assert (payload["type"], payload["text"]) == ("text", {"body": MESSAGES["whatsapp"].body})


@pytest.mark.parametrize(
    ("language", "voice"),
    [("es", "LUPE"), ("es-MX", "LUPE"), ("pt-BR", "CAMILA"), ("en", "JOANNA"), ("nah", "MIA")],
)
def test_a_call_speaks_the_persons_language(language: str, voice: str) -> None:
    assert asked("voice", language=language)["VoiceId"] == voice


def test_a_call_is_priced_by_the_minutes_it_will_speak() -> None:
    assert Wire("voice").send(replace(MESSAGES["voice"], body="a" * 900)).cost == 13_000
    assert Wire("voice").send(replace(MESSAGES["voice"], body="a" * 901)).cost == 26_000


def test_a_call_may_be_marked_up() -> None:
    assert asked("voice")["MessageBodyTextType"] == "TEXT"
    assert asked("voice", body="<speak>Hola <break time='1s'/> Ana</speak>")["MessageBodyTextType"] == "SSML"


def test_a_push_goes_to_the_token_and_never_to_an_endpoint() -> None:
    request = asked("push")
    assert request["ApplicationId"] == SETUPS["push"].application
    assert request["MessageRequest"] == {
        "Addresses": {TOKEN: {"ChannelType": "GCM"}},
        "MessageConfiguration": {
            "GCMMessage": {
                "Title": "Demo",
                "Body": "Tienes un mensaje en la aplicación",
                "Action": "OPEN_APP",
                "TimeToLive": 3600,
            }
        },
        "TraceId": ATTEMPT,
    }


@pytest.mark.parametrize(
    ("address", "kind", "message"),
    [
        ("apns:abc123", "APNS", "APNSMessage"),
        ("gcm:fKx1:APA91b", "GCM", "GCMMessage"),
        ("adm:amzn1", "ADM", "DefaultPushNotificationMessage"),
    ],
)
def test_a_device_may_name_its_service(address: str, kind: str, message: str) -> None:
    request = asked("push", to=address)["MessageRequest"]
    assert request["Addresses"] == {address.split(":", 1)[1]: {"ChannelType": kind}}
    assert list(request["MessageConfiguration"]) == [message]


def pushed(address: str = TOKEN, **result: Any) -> Sent:
    wire = Wire("push")
    told = {"ApplicationId": "app", "Result": {address.removeprefix("apns:"): {**RESULT, **result}}}
    wire.answer = (200, {}, json.dumps(told).encode())
    return wire.send(replace(MESSAGES["push"], to=address))


@pytest.mark.parametrize(
    ("delivery", "code", "status", "then"),
    [
        ("SUCCESSFUL", 200, "accepted", ""),
        ("THROTTLED", 429, "refused", RETRY),
        ("TEMPORARY_FAILURE", 503, "refused", RETRY),
        ("PERMANENT_FAILURE", 410, "refused", SUPPRESS),
        ("PERMANENT_FAILURE", 404, "refused", SUPPRESS),
        ("PERMANENT_FAILURE", 401, "refused", OPEN_CIRCUIT),
        ("PERMANENT_FAILURE", 403, "refused", PARK),
        ("OPT_OUT", 200, "refused", SUPPRESS),
        ("DUPLICATE", 200, "refused", PARK),
        ("UNKNOWN_FAILURE", 500, "unknown", ""),
        ("BRAND_NEW", 200, "unknown", ""),
    ],
)
def test_what_the_devices_service_said_of_the_token_decides(
    delivery: str, code: int, status: str, then: str
) -> None:
    sent = pushed(DeliveryStatus=delivery, StatusCode=code)
    assert (sent.status, sent.then) == (status, then)


def test_a_token_that_changed_comes_back_as_the_address_to_use() -> None:
    assert pushed(UpdatedToken="newToken").new_address == "newToken"
    assert pushed("apns:abc123", UpdatedToken="def456").new_address == "apns:def456"
    assert pushed(UpdatedToken=TOKEN).new_address == ""


def test_an_sms_refused_for_its_number_suppresses_the_number() -> None:
    wire = Wire("sms").error(
        "ValidationException",
        400,
        Reason="INVALID_PARAMETER",
        Fields=[{"Name": "DestinationPhoneNumber", "Message": "is not valid"}],
    )
    sent = wire.send()
    assert (sent.then, sent.code) == (SUPPRESS, "ValidationException:INVALID_DESTINATION")


@pytest.mark.parametrize("name", ["sms", "voice"])
def test_a_number_on_the_carriers_own_opt_out_list_is_told_from_one_that_does_not_exist(name: str) -> None:
    sent = Wire(name).error("ConflictException", 400, Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT").send()
    assert (sent.status, sent.then) == ("refused", OPTED_OUT)


def test_an_sms_refused_for_another_field_is_our_fault() -> None:
    wire = Wire("sms").error(
        "ValidationException",
        400,
        Reason="INVALID_PARAMETER",
        Fields=[{"Name": "DestinationPhoneNumber", "Message": "?"}, {"Name": "MaxPrice", "Message": "?"}],
    )
    assert wire.send().then == PARK


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException"])
def test_an_exhausted_daily_quota_stops_email_and_a_rate_does_not(code: str) -> None:
    wire = Wire("email").error(code, 429, message="Daily message quota exceeded.")
    assert wire.send().then == OPEN_CIRCUIT
    assert Wire("email").error(code, 429, message="Maximum sending rate exceeded.").send().then == RETRY


class KeepAlive(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    peers: list[tuple[str, int]] = []  # noqa: RUF012 - one server a test run

    def do_POST(self) -> None:
        self.peers.append(self.client_address)
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"MessageId": "provider-1"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def test_a_fresh_client_opens_a_new_connection_for_its_next_call() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), KeepAlive)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        wire = Wire("email", endpoint_url=f"http://127.0.0.1:{server.server_port}")
        carrier = wire.carrier()
        message: Outgoing = MESSAGES["email"]
        assert carrier.send(message).status == "accepted"
        assert carrier.send(message).status == "accepted"
        fresh(wire.client)
        assert carrier.send(message).status == "accepted"
        first, second, third = KeepAlive.peers
        assert first == second, "the pool keeps a connection that the server may have dropped meanwhile"
        assert third != first
        fresh(wire.client)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(2)
