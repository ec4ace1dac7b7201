"""What carriers tell us, event by event as AWS delivers it: each moves the right attempt, or is set aside, none is lost."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.channels import email, sms, whatsapp
from recobro.adapters.channels.messages import read_messages
from recobro.adapters.channels.receipts import read_receipts
from recobro.errors import InvalidInput
from recobro.ports import Inbound, Receipt

EVENTS = Path(__file__).parents[2] / "events"
ASIDE = "aside"
ANA = ("d24d4b96f58da6d4a8512313", "ab49f5d01b34e7d119862b29")
NOW = datetime(2026, 11, 20, 16, 0, 9, tzinfo=UTC)

RECEIPTS: dict[str, list[tuple[str, str, str]] | str] = {
    "ses_send": [("sent", "sent", "")],
    "ses_delivery": [("delivered", "delivered", "")],
    "ses_hard_bounce": [("failed", "hard_bounce", "suppress")],
    "ses_suppressed_bounce": [("failed", "hard_bounce", "suppress")],
    "ses_soft_bounce_mailbox_full": [("failed", "soft_bounce", "")],
    "ses_undetermined_bounce": [("failed", "soft_bounce", "")],
    "ses_complaint": [("complaint", "complaint", "suppress")],
    "ses_not_spam_feedback": [("sent", "not_spam", "")],
    "ses_open": [("delivered", "open", "")],
    "ses_click": [("read", "click", "")],
    "ses_reject": [("failed", "undelivered", "")],
    "ses_rendering_failure": [("failed", "undelivered", "")],
    "ses_delivery_delay": [("sent", "delayed", "")],
    "ses_subscription": [("sent", "subscription", "")],
    "ses_unknown_event": [("unrecognised", "teleported", "")],
    "ses_identity_notification_without_tags": [("failed", "hard_bounce", "suppress")],
    "ses_topic_greeting": [],
    "sms_queued": [("sent", "queued", "")],
    "sms_carrier_accepted": [("sent", "carrier_accepted", "")],
    "sms_delivered": [("delivered", "delivered", "")],
    "sms_invalid_number": [("failed", "invalid_number", "suppress")],
    "sms_unreachable": [("failed", "undelivered", "")],
    "sms_blocked_by_the_phone": [("failed", "undelivered", "block_channel")],
    "sms_carrier_blocked": [("failed", "undelivered", "block_channel")],
    "sms_expired": [("failed", "expired", "")],
    "sms_no_receipt_after_72_hours": [("sent", "no_receipt", "")],
    "sms_unknown_event": [("unrecognised", "teleported", "")],
    "sms_without_context": [("delivered", "delivered", "")],
    "voice_completed": [("delivered", "completed", "")],
    "voice_answered": [("sent", "picked_up", "")],
    "voice_no_answer": [("failed", "no_answer", "")],
    "voice_busy": [("failed", "busy", "")],
    "voice_failed": [("failed", "undelivered", "")],
    "whatsapp_sent": [("sent", "sent", "")],
    "whatsapp_delivered": [("delivered", "delivered", "")],
    "whatsapp_read": [("read", "read", "")],
    "whatsapp_failed_not_on_whatsapp": [("failed", "undelivered", "block_channel")],
    "whatsapp_failed_for_now": [("failed", "undelivered", "")],
    "whatsapp_failed_account_locked": [("failed", "undelivered", "open_circuit")],
    "whatsapp_failed_template_paused": [("failed", "undelivered", "open_circuit")],
    "whatsapp_two_statuses": [("delivered", "delivered", ""), ("failed", "undelivered", "block_channel")],
    "whatsapp_unknown_status": [("unrecognised", "teleported", "")],
    "whatsapp_status_without_callback_data": [("delivered", "delivered", "")],
    "whatsapp_account_banned": [("unrecognised", "account", "open_circuit")],
    "whatsapp_account_reinstated": [("unrecognised", "account", "")],
    "whatsapp_template_status": [("unrecognised", "account", "")],
    "whatsapp_message_and_no_status": [],
    "sns_envelope_not_raw": [("delivered", "delivered", "")],
    "poison_not_json": ASIDE,
    "poison_no_known_carrier": ASIDE,
}
WITHOUT_OUR_IDS = {
    "ses_identity_notification_without_tags",
    "sms_without_context",
    "whatsapp_status_without_callback_data",
    "whatsapp_account_banned",
    "whatsapp_account_reinstated",
    "whatsapp_template_status",
}
BATCH = "batch_of_three_carriers_and_one_poison"

ANA_WA, ANA_SMS = "+525550100199", "+525550100199"
MESSAGES: dict[str, list[tuple[str, str, str, str]] | str] = {
    "email_reply_above_the_quote": [("email", "aminta@example.com", "text", "El viernes te pago, gracias.")],
    "email_out_of_office": [],
    "email_bounce_of_our_own": [],
    "two_way_sms_baja": [("sms", ANA_SMS, "text", "BAJA")],
    "two_way_sms_stop": [("sms", ANA_SMS, "text", "STOP")],
    "two_way_sms_ya_pague": [("sms", ANA_SMS, "text", "Ya pagué ayer en el banco, gracias")],
    "two_way_sms_no_soy_yo": [("sms", ANA_SMS, "text", "no soy esa persona, número equivocado")],
    "two_way_sms_unthreaded": [("sms", ANA_SMS, "text", "quien es?")],
    "two_way_sms_from_a_stranger": [("sms", "+573005550142", "text", "hola")],
    "whatsapp_text_baja": [("whatsapp", ANA_WA, "text", "Baja por favor")],
    "whatsapp_text_ya_pague": [("whatsapp", ANA_WA, "text", "ya pague 👍")],
    "whatsapp_text_argentina": [("whatsapp", "+5491155500142", "text", "hola")],
    "whatsapp_text_brazil_without_ninth_digit": [("whatsapp", "+5511987650142", "text", "oi")],
    "whatsapp_button_not_me": [("whatsapp", ANA_WA, "button", "No soy yo")],
    "whatsapp_quick_reply_promise": [("whatsapp", ANA_WA, "interactive", "Prometo una fecha")],
    "whatsapp_list_reply": [("whatsapp", ANA_WA, "interactive", "3 pagos")],
    "whatsapp_image_of_a_receipt": [("whatsapp", ANA_WA, "image", "aquí está mi comprobante")],
    "whatsapp_audio": [("whatsapp", ANA_WA, "audio", "")],
    "whatsapp_unsupported": [("whatsapp", ANA_WA, "unsupported", "")],
    "whatsapp_two_messages": [
        ("whatsapp", ANA_WA, "text", "hola"),
        ("whatsapp", ANA_WA, "text", "no me escriban más"),
    ],
    "whatsapp_without_sender": [("whatsapp", "", "text", "quiero pagar")],
    "whatsapp_without_aws_message_id": [("whatsapp", ANA_WA, "text", "hola")],
    "whatsapp_stop_switch": [("whatsapp", ANA_WA, "preference", "")],
    "whatsapp_resume_switch": [("whatsapp", ANA_WA, "preference", "")],
    "whatsapp_status_and_no_message": [],
    "poison_not_json": ASIDE,
    "poison_whatsapp_entry_is_not_json": ASIDE,
    "poison_no_known_carrier": ASIDE,
}
MESSAGE_BATCH = "batch_of_two_carriers_and_one_poison"


def bodies(folder: str, name: str) -> list[tuple[str, datetime]]:
    event = json.loads((EVENTS / folder / f"{name}.json").read_text())
    return [
        (one["body"], datetime.fromtimestamp(int(one["attributes"]["SentTimestamp"]) / 1000, UTC))
        for one in event["Records"]
    ]


def receipts_of(name: str) -> list[Receipt]:
    ((body, sent_at),) = bodies("receive_receipt", name)
    return read_receipts(body, sent_at)


def messages_of(name: str) -> list[Inbound]:
    ((body, sent_at),) = bodies("receive_message", name)
    return read_messages(body, sent_at)


def test_every_sample_event_has_its_expectation() -> None:
    assert {one.stem for one in (EVENTS / "receive_receipt").glob("*.json")} == {*RECEIPTS, BATCH}
    assert {one.stem for one in (EVENTS / "receive_message").glob("*.json")} == {*MESSAGES, MESSAGE_BATCH}


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_moves_what_it_should_and_nothing_else(name: str) -> None:
    expected = RECEIPTS[name]
    if expected == ASIDE:
        with pytest.raises(InvalidInput):
            receipts_of(name)
        return
    receipts = receipts_of(name)
    assert [(one.status, one.code, one.then) for one in receipts] == expected
    for one in receipts:
        assert one.at.tzinfo is UTC
        assert datetime(2026, 11, 20, 15, tzinfo=UTC) < one.at < datetime(2026, 11, 20, 17, tzinfo=UTC)
        assert one.detail
        if name in WITHOUT_OUR_IDS:
            assert (one.debtor_id, one.attempt_id) == ("", "")
        else:
            assert (one.debtor_id[0], one.attempt_id[0]) == ("d", "a")
        assert one.provider_id or one.code == "account"


@pytest.mark.parametrize("name", MESSAGES)
def test_a_persons_words_reach_us_with_who_wrote_them(name: str) -> None:
    expected = MESSAGES[name]
    if expected == ASIDE:
        with pytest.raises(InvalidInput):
            messages_of(name)
        return
    messages = messages_of(name)
    assert [(one.channel, one.sender, one.kind, one.body) for one in messages] == expected
    assert all(one.id and one.at.tzinfo is UTC for one in messages)
    assert len({one.id for one in messages}) == len(messages)


def test_a_poison_in_a_batch_leaves_its_neighbours_readable() -> None:
    outcomes: list[list[str] | str] = []
    for body, sent_at in bodies("receive_receipt", BATCH):
        try:
            outcomes.append([one.status for one in read_receipts(body, sent_at)])
        except InvalidInput:
            outcomes.append(ASIDE)
    assert outcomes == [["delivered"], ["delivered"], ASIDE, ["read"]]
    kinds = []
    for body, sent_at in bodies("receive_message", MESSAGE_BATCH):
        try:
            kinds.append([one.channel for one in read_messages(body, sent_at)])
        except InvalidInput:
            kinds.append([ASIDE])
    assert kinds == [["sms"], [ASIDE], ["whatsapp"]]


def test_a_receipt_finds_its_attempt_without_a_lookup() -> None:
    for name in ("ses_delivery", "sms_delivered", "voice_completed", "whatsapp_delivered"):
        (receipt,) = receipts_of(name)
        assert (receipt.debtor_id, receipt.attempt_id) == ANA


def test_a_receipt_keeps_the_carriers_own_word() -> None:
    assert receipts_of("ses_hard_bounce")[0].detail == "Bounce:Permanent:General"
    assert receipts_of("sms_carrier_blocked")[0].detail == "TEXT_CARRIER_BLOCKED"
    assert receipts_of("whatsapp_failed_not_on_whatsapp")[0].detail == "failed:131026"
    assert receipts_of("whatsapp_account_banned")[0].detail == "account_update:DISABLED_UPDATE:DISABLE"


def test_what_an_sms_really_cost_comes_with_its_receipt_as_whole_micro_dollars() -> None:
    (receipt,) = receipts_of("sms_delivered")
    assert receipt.cost == 19_600  # 0.0182 and a carrier's fee of 0.0014: no float's dust
    assert receipts_of("voice_completed")[0].cost == 13_000
    raw = {"eventType": "TEXT_DELIVERED", "totalMessagePrice": 0.0182, "totalCarrierFee": Decimal("0.0014")}
    assert sms.parse_receipts(raw, NOW)[0].cost == 19_600


def test_an_event_is_dated_by_its_carrier() -> None:
    assert receipts_of("sms_delivered")[0].at == datetime(2026, 11, 20, 16, 0, 4, tzinfo=UTC)
    assert receipts_of("ses_delivery")[0].at == datetime(2026, 11, 20, 16, 0, 1, 341_000, tzinfo=UTC)
    assert receipts_of("ses_send")[0].at == datetime(2026, 11, 20, 15, 59, 40, 630_000, tzinfo=UTC)
    assert receipts_of("whatsapp_delivered")[0].at == datetime(2026, 11, 20, 16, 0, 3, tzinfo=UTC)


def test_whatsapps_nanoseconds_are_read() -> None:
    assert receipts_of("whatsapp_account_banned")[0].at == datetime(
        2026, 11, 20, 16, 0, 3, 271_279, tzinfo=UTC
    )


def test_a_reply_knows_which_message_it_answers() -> None:
    assert messages_of("two_way_sms_baja")[0].replies_to == "862a8790-60c0-4430-9b2b-658bd0000001"
    assert messages_of("two_way_sms_unthreaded")[0].replies_to == ""
    told = messages_of("whatsapp_text_baja")[0].replies_to
    assert told == receipts_of("whatsapp_delivered")[0].provider_id, (
        "WhatsApp's own id, as its receipts tell it"
    )


def test_whatsapps_own_stop_switch_is_an_opt_out_without_words() -> None:
    assert messages_of("whatsapp_stop_switch")[0].signal == "opt_out"
    assert messages_of("whatsapp_resume_switch")[0].signal == "opt_in"
    assert messages_of("whatsapp_text_baja")[0].signal == ""


def test_a_person_who_hides_the_number_is_still_somebody() -> None:
    (message,) = messages_of("whatsapp_without_sender")
    assert (message.sender, message.user_id) == ("", "MX.13491208655302741918")


def test_a_proof_of_payment_comes_with_the_id_of_its_picture() -> None:
    (message,) = messages_of("whatsapp_image_of_a_receipt")
    assert message.media == "1003383421387256"


def test_an_sms_without_an_id_is_known_again_by_its_content() -> None:
    raw = {"originationNumber": "+525550100199", "messageBody": "BAJA"}
    first, again = sms.parse_messages(raw, NOW), sms.parse_messages(dict(raw), NOW)
    assert first[0].id == again[0].id != ""


def test_ids_that_cannot_be_ours_are_not_taken_over() -> None:
    raw = {"eventType": "TEXT_DELIVERED", "context": {"debtor_id": "d1#STATE", "attempt_id": "../a"}}
    (receipt,) = sms.parse_receipts(raw, NOW)
    assert (receipt.debtor_id, receipt.attempt_id, receipt.at) == ("", "", NOW)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        '"text"',
        "{" * 100_000,
        "[" * 100_000,
        "9" * 10_000,
        '{"whatsAppWebhookEntry": 5}',
        '{"whatsAppWebhookEntry": "{}"}',
        '{"whatsAppWebhookEntry": "{\\"changes\\": [5]}"}',
        json.dumps({"whatsAppWebhookEntry": "[" * 100_000}),
        json.dumps(
            {"whatsAppWebhookEntry": {"changes": [{"field": "messages", "value": {"messages": "hi"}}]}}
        ),
        '{"Type": "Notification", "Message": "not json"}',
    ],
    ids=lambda body: body[:40],
)
def test_nonsense_is_set_aside_with_a_reason_and_never_crashes(body: str) -> None:
    with pytest.raises(InvalidInput):
        read_messages(body, NOW)


def test_half_a_character_does_not_stop_a_message_from_being_stored() -> None:
    body = '{"originationNumber": "+525550100199", "messageBody": "baja \\ud83d", "inboundMessageId": "i1"}'
    (message,) = read_messages(body, NOW)
    assert message.body.encode() == b"baja ?"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def mutated(raw: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {}, optional={name: st.just(value) | json_values for name, value in raw.items()}
    )


SES = json.loads(bodies("receive_receipt", "ses_hard_bounce")[0][0])
EUM = json.loads(bodies("receive_receipt", "sms_delivered")[0][0])
STATUS = json.loads(json.loads(bodies("receive_receipt", "whatsapp_read")[0][0])["whatsAppWebhookEntry"])
VALUE = STATUS["changes"][0]["value"]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_a_carrier_changes_is_read_or_set_aside(data: st.DataObject) -> None:
    status = data.draw(mutated(VALUE["statuses"][0]))
    message = data.draw(mutated({"from": "525550100199", "id": "x", "type": "text", "text": {"body": "a"}}))
    value = data.draw(mutated({**VALUE, "statuses": [status], "messages": [message]}))
    entry = {
        "changes": [
            {"field": data.draw(st.sampled_from(["messages", "user_preferences", "x"])), "value": value}
        ]
    }
    for parse, raw in (
        (email.parse_receipts, data.draw(mutated(SES))),
        (sms.parse_receipts, data.draw(mutated(EUM))),
        (whatsapp.parse_receipts, {"whatsAppWebhookEntry": entry}),
        (whatsapp.parse_messages, {"whatsAppWebhookEntry": entry}),
    ):
        try:
            told = parse(raw, NOW)
        except InvalidInput:
            continue
        assert all(one.at.tzinfo is UTC for one in told)
