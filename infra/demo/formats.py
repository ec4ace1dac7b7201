"""What carriers publish about a message, field by field as AWS documents it (SES event publishing, End User Messaging event
format, social messaging event destinations)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"
SENDER_PHONE, WABA, PHONE_ID = "+12065550152", "1234567890abcde", "46271669example"


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _iso(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def text_event(
    kind: str, at: datetime, to: str, message_id: str, context: Mapping[str, str], price: float
) -> dict[str, Any]:
    """kind: "DELIVERED", "INVALID" … without its prefix."""
    return {
        "eventType": f"TEXT_{kind}",
        "eventVersion": "1.0",
        "eventTimestamp": _ms(at),
        "isFinal": kind not in {"QUEUED", "PENDING", "SUCCESSFUL"},
        "originationPhoneNumber": SENDER_PHONE,
        "destinationPhoneNumber": to,
        "isoCountryCode": "MX" if to.startswith("+52") else "CO",
        "isInternationalSend": False,
        "messageId": message_id,
        "messageRequestTimestamp": _ms(at),
        "messageEncoding": "GSM",
        "messageType": "TRANSACTIONAL",
        "messageStatus": kind,
        "messageStatusDescription": kind.capitalize(),
        "context": dict(context),
        "totalMessageParts": 1,
        "totalMessagePrice": price,
        "totalCarrierFee": 0.0,
    }


def voice_event(
    kind: str, at: datetime, to: str, message_id: str, context: Mapping[str, str], price: float
) -> dict[str, Any]:
    return {
        "eventType": f"VOICE_{kind}",
        "eventVersion": "1.0",
        "eventTimestamp": _ms(at),
        "isFinal": kind not in {"INITIATED", "RINGING", "ANSWERED"},
        "originationPhoneNumber": SENDER_PHONE,
        "destinationPhoneNumber": to,
        "isoCountryCode": "MX" if to.startswith("+52") else "CO",
        "messageId": message_id,
        "messageRequestTimestamp": _ms(at),
        "messageStatus": kind,
        "callDurationInSeconds": 42 if kind == "COMPLETED" else 0,
        "totalDurationInMinutes": 1 if kind == "COMPLETED" else 0,
        "totalMessagePrice": price if kind == "COMPLETED" else 0.0,
        "context": dict(context),
    }


def inbound_text(body: str, sender: str, message_id: str, answers: str) -> dict[str, Any]:
    return {
        "originationNumber": sender,
        "destinationNumber": SENDER_PHONE,
        "messageKeyword": "KEYWORD_1",
        "messageBody": body,
        "inboundMessageId": message_id,
        "previousPublishedMessageId": answers,
    }


def mail_event(
    kind: str,
    at: datetime,
    to: str,
    subject: str,
    message_id: str,
    tags: Mapping[str, str],
    detail: Mapping[str, Any],
) -> dict[str, Any]:
    """kind: "Delivery", "Bounce" … detail: the event's own object."""
    sender = "avisos@example.com"
    name = {"DeliveryDelay": "deliveryDelay"}.get(kind, kind.lower())
    return {
        "eventType": kind,
        "mail": {
            "timestamp": _iso(at),
            "source": sender,
            "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.com",
            "sendingAccountId": ACCOUNT,
            "messageId": message_id,
            "destination": [to],
            "headersTruncated": False,
            "headers": [{"name": "From", "value": sender}],
            "commonHeaders": {"from": [sender], "to": [to], "messageId": message_id, "subject": subject},
            "tags": {
                "ses:configuration-set": ["demo-email"],
                **{key: [value] for key, value in tags.items()},
            },
        },
        name: {"timestamp": _iso(at), **detail},
    }


def bounce(to: str) -> dict[str, Any]:
    return {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [
            {
                "emailAddress": to,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
        ],
        "feedbackId": f"feedback-{to}",
        "reportingMTA": "dsn; mta.example.com",
    }


def complaint(to: str) -> dict[str, Any]:
    return {
        "complainedRecipients": [{"emailAddress": to}],
        "feedbackId": f"complaint-{to}",
        "complaintFeedbackType": "abuse",
    }


def delivery(to: str) -> dict[str, Any]:
    return {
        "processingTimeMillis": 546,
        "recipients": [to],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": "a8-70.smtp-out.amazonses.com",
    }


def whatsapp(at: datetime, value: Mapping[str, Any], event_id: str) -> dict[str, Any]:
    """The entry is a JSON string inside the JSON."""
    metadata = {"display_phone_number": SENDER_PHONE[1:], "phone_number_id": PHONE_ID}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    arn = f"arn:aws:social-messaging:{REGION}:{ACCOUNT}"
    return {
        "context": {
            "MetaWabaIds": [{"wabaId": WABA, "arn": f"{arn}:waba/fb2594b8a7974770b128a409e2example"}],
            "MetaPhoneNumberIds": [
                {
                    "metaPhoneNumberId": PHONE_ID,
                    "arn": f"{arn}:phone-number-id/976c72a700aac43eaf573ae050example",
                }
            ],
        },
        "whatsAppWebhookEntry": json.dumps({"id": "503131219501234", "changes": [change]}),
        "aws_account_id": ACCOUNT,
        "message_timestamp": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}000Z",
        "messageId": event_id,
    }


def whatsapp_status(
    kind: str, at: datetime, to: str, wamid: str, echo: str, error: int = 0
) -> dict[str, Any]:
    """kind: sent, delivered, read, failed. echo: what our payload carried in `biz_opaque_callback_data`."""
    status: dict[str, Any] = {
        "id": wamid,
        "status": kind,
        "timestamp": str(int(at.timestamp())),
        "recipient_id": _wa_id(to),
        "biz_opaque_callback_data": echo,
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"},
    }
    if error:
        status["errors"] = [{"code": error, "title": "Message undeliverable"}]
    return {"statuses": [status]}


def whatsapp_message(
    body: str, at: datetime, sender: str, name: str, wamid: str, answers: str
) -> dict[str, Any]:
    message = {
        "from": _wa_id(sender),
        "id": wamid,
        "timestamp": str(int(at.timestamp())),
        "type": "text",
        "text": {"body": body},
        "context": {"id": answers},
    }
    return {"contacts": [{"profile": {"name": name}, "wa_id": _wa_id(sender)}], "messages": [message]}


def _wa_id(number: str) -> str:
    """WhatsApp still writes Mexican mobiles with the old 1."""
    return f"521{number[3:]}" if number.startswith("+52") else number[1:]
