"""Whatever arrives in a carrier's queue is recorded or set aside with its reason; nothing crashes, nothing comes again for ever."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recobro.adapters.channels.messages import read_messages
from recobro.adapters.channels.receipts import read_receipts
from recobro.entry import each_message
from recobro.house import House
from recobro.usecases.receive_message import receive_message
from recobro.usecases.receive_receipt import receive_receipt
from tests.house import Clock, house, settle_in, standing
from tests.sample import AMINTA, debtor

HOSTILE = (
    "",
    "null",
    "[]",
    "{",
    '{"originationNumber": "+525550100001", "messageBody": "' + "A" * 300_000 + '"}',
    '{"Type": "Notification", "Message": "{\\"originationNumber\\": 5, \\"messageBody\\": {}}"}',
    '{"Type": "SubscriptionConfirmation", "SubscribeURL": "https://example.com/forged"}',
    '{"notificationType": "Received", "mail": {"source": "\\u202e"}, "content": "\\u0000"}',
    '{"notificationType": "Received", "mail": [], "content": {}}',
    json.dumps({"whatsAppWebhookEntry": '{"changes": [{"field": "messages", "value": {"messages": [{}]}}]}'}),
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


def heard(home: House, body: str) -> dict[str, Any]:
    event = {"Records": [{"messageId": "m-1", "body": body, "attributes": {}}]}

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
