"""Whatever arrives in a carrier's queue is recorded or set aside with its reason; nothing crashes, nothing comes again for ever."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recobro.adapters.channels.messages import read_messages
from recobro.adapters.channels.receipts import read_receipts
from recobro.entry import asked_page, each_message
from recobro.house import House
from recobro.usecases.debtor_portal import debtor_portal
from recobro.usecases.receive_message import receive_message
from recobro.usecases.receive_receipt import receive_receipt
from recobro.web import COOKIE
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debtor
from tests.usecases.conftest import at_home
from tests.usecases.test_send import sent
from tests.visitor import link_to

HOSTILE = (
    "",
    "null",
    "[]",
    "{",
    '{"originationNumber": "+525550100001", "messageBody": "' + "A" * 300_000 + '"}',
    '{"originationNumber": "+525550100001", "messageBody": "' + "\U0001f4b8" * 60_000,  # 240 kB, and no end
    "\u00f1" * 500_000,  # longer than an item can be
    '{"eventType": "TEXT_DELIVERED", "messageId": "' + "9" * 5_000 + '"}',
    '{"eventType": "Complaint", "mail": {"messageId": "m", "tags": {"debtor_id": "x"}}, "complaint": 7}',
    '{"Type": "Notification", "Message": "{\\"originationNumber\\": 5, \\"messageBody\\": {}}"}',
    '{"Type": "SubscriptionConfirmation", "SubscribeURL": "https://example.com/forged"}',
    '{"notificationType": "Received", "mail": {"source": "\\u202e"}, "content": "\\u0000"}',
    '{"notificationType": "Received", "mail": [], "content": {}}',
    json.dumps({"whatsAppWebhookEntry": '{"changes": [{"field": "messages", "value": {"messages": [{}]}}]}'}),
)
NAMES = (
    "messages",
    "statuses",
    "id",
    "from",
    "type",
    "text",
    "body",
    "user_preferences",
    "errors",
    "debtor_id",
    "attempt_id",
)
words = st.text(max_size=120) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "\u202eALTO",
        "\x00\x1b[2J",
        "ya pagué 4111 1111 1111 1111",
        "b\ud83dja",
    ]
)


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        settle_in(opened, debtor())
        opened.lookups.add(opened.keys.point("+525550100001"), AMINTA)
        yield opened


@pytest.fixture(scope="module")
def behind_a_link() -> Iterator[House]:
    """Somebody was sent a message with a link."""
    with house(Clock()) as opened:
        at_home(opened)
        sent(opened, PretendCarrier())
        yield opened


def heard(home: House, body: str) -> dict[str, Any]:
    an_hour_ago = {"SentTimestamp": str(int((home.now().timestamp() - 3_600) * 1_000))}
    event = {"Records": [{"messageId": "m-1", "body": body, "attributes": an_hour_ago}]}

    def messages(body: str, at: datetime) -> dict[str, Any]:
        return {"intents": [receive_message(home, one, body).intent for one in read_messages(body, at)]}

    def receipts(body: str, at: datetime) -> dict[str, Any]:
        return {"results": [receive_receipt(home, one) for one in read_receipts(body, at)]}

    return each_message(event, home, "messages", messages) | each_message(event, home, "receipts", receipts)


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_nobody_sane_sends_is_taken_in(home: House, body: str) -> None:
    assert heard(home, body) == {"batchItemFailures": []}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=words, sender=st.sampled_from(["+525550100001", "", "forged", "+525550109999"]))
def test_any_words_of_anybody_are_recorded_or_set_aside(home: House, said: str, sender: str) -> None:
    body = json.dumps({"originationNumber": sender, "messageBody": said, "inboundMessageId": said[:20]})

    assert heard(home, body) == {"batchItemFailures": []}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | words, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None)
@given(told=anything, status=anything)
def test_any_json_under_any_carriers_names_is_recorded_or_set_aside(
    home: House, told: object, status: object
) -> None:
    for body in (
        told,
        {"eventType": "TEXT_DELIVERED", "context": told, "messageId": status},
        {"eventType": "Bounce", "mail": {"tags": told, "messageId": status}, "bounce": told},
        {"whatsAppWebhookEntry": json.dumps({"changes": [{"field": "messages", "value": told}]})},
        {"notificationType": "Received", "mail": told, "content": status},
        {"originationNumber": told, "messageBody": status},
    ):
        assert heard(home, json.dumps(body)) == {"batchItemFailures": []}


@settings(max_examples=25, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST"]),
    token=words,
    page=st.sampled_from(["", "enter", "promise", "stop", "data", "not-me"]) | words,
    body=st.binary(max_size=300)
    | words.map(lambda one: f"surname={one}&form={one}".encode(errors="replace")),
    kind=st.sampled_from(["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    | words,
    cookie=words,
    query=st.dictionaries(words, words, max_size=3),
    is_known=st.booleans(),
)
def test_any_request_to_the_page_is_answered_and_changes_nothing(
    behind_a_link: House,
    method: str,
    token: str,
    page: str,
    body: bytes,
    kind: str,
    cookie: str,
    query: dict[str, str],
    *,
    is_known: bool,
) -> None:
    home = behind_a_link
    before = standing(home, AMINTA)
    event = {
        "routeKey": f"{method} /p/{{token}}" + ("/{page}" if page else ""),
        "headers": {"content-type": kind},
        "cookies": [cookie, f"{COOKIE}={cookie}"],
        "queryStringParameters": query,
        "pathParameters": {"token": link_to(home) if is_known else token, **({"page": page} if page else {})},
        "requestContext": {"http": {"method": method}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    answer = asked_page(home, event, debtor_portal)
    after = standing(home, AMINTA)

    assert answer["statusCode"] in {200, 303, 403, 404, 413, 422}
    assert "<script>alert" not in answer["body"]
    assert "$1,500" not in answer["body"]
    assert (after.promises, after.holds, after.stopped) == (before.promises, before.holds, before.stopped)


def test_a_card_number_is_kept_nowhere(home: House) -> None:
    body = json.dumps(
        {
            "originationNumber": "+525550100001",
            "messageBody": "mi tarjeta 4111 1111 1111 1111 cvv 123",
            "inboundMessageId": "card-1",
        }
    )
    heard(home, body)
    kept = [home.files.read(key) for key in home.files.keys(f"heard/{AMINTA}/")]
    contents = list(home.table.query(f"DEBTOR#{AMINTA}"))

    assert kept
    assert b"4111 1111 1111 1111" not in b"".join(kept)
    assert "4111 1111 1111 1111" not in repr(contents)
    assert standing(home, AMINTA).approaches
