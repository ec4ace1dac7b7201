"""SMS through AWS End User Messaging: the cheapest way to a phone, once its words fit the cheap alphabet.

Docs: docs.aws.amazon.com/sms-voice/latest/userguide (configuration-sets-event-types, two-way-sms-payload).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.channels.end_user_messaging import REFUSALS, reason_of, receipt, terms, usd
from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import BLOCK_CHANNEL, SUPPRESS, Outcomes
from recobro.adapters.channels.reading import fingerprint, text
from recobro.domain.attempt import AttemptStatus
from recobro.domain.client import ChannelSetup
from recobro.domain.gsm7 import transliterate
from recobro.domain.phone_forms import canonical
from recobro.domain.price import expected
from recobro.ports import Inbound, Outgoing, Receipt, Sent

OUTCOMES: Outcomes = REFUSALS

RECEIPTS: dict[str, tuple[str, str, str]] = {
    "TEXT_QUEUED": (AttemptStatus.SENT, "queued", ""),
    "TEXT_PENDING": (AttemptStatus.SENT, "pending", ""),
    "TEXT_SENT": (AttemptStatus.SENT, "sent", ""),
    "TEXT_SUCCESSFUL": (
        AttemptStatus.SENT,
        "carrier_accepted",
        "",
    ),  # no proof of the handset, often the last word
    "TEXT_DELIVERED": (AttemptStatus.DELIVERED, "delivered", ""),
    "TEXT_INVALID": (AttemptStatus.FAILED, "invalid_number", SUPPRESS),
    "TEXT_INVALID_MESSAGE": (AttemptStatus.FAILED, "undelivered", ""),
    "TEXT_UNREACHABLE": (AttemptStatus.FAILED, "undelivered", ""),
    "TEXT_CARRIER_UNREACHABLE": (AttemptStatus.FAILED, "undelivered", ""),
    "TEXT_BLOCKED": (AttemptStatus.FAILED, "undelivered", BLOCK_CHANNEL),
    "TEXT_CARRIER_BLOCKED": (AttemptStatus.FAILED, "undelivered", BLOCK_CHANNEL),
    "TEXT_SPAM": (AttemptStatus.FAILED, "undelivered", BLOCK_CHANNEL),
    "TEXT_TTL_EXPIRED": (AttemptStatus.FAILED, "expired", ""),
    "TEXT_PROTECT_BLOCKED": (AttemptStatus.FAILED, "undelivered", BLOCK_CHANNEL),
    "TEXT_UNKNOWN": (
        AttemptStatus.SENT,
        "no_receipt",
        "",
    ),  # 72 h without a word: it left, and may have arrived
}
"""Event type → (status, outcome, then)."""


class Sms:
    """Sends by `pinpoint-sms-voice-v2`.`SendTextMessage`."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup

    def send(self, message: Outgoing) -> Sent:
        """Cost: parts × the price of one. `max_price` is per part, as the service takes it."""
        body = transliterate(message.body)
        request = {
            **terms(message, self._setup),
            "MessageBody": body,
            "MessageType": "TRANSACTIONAL",
        }
        if message.max_price:
            request["MaxPrice"] = usd(message.max_price)
        answer = ask(self._client.send_text_message, request, OUTCOMES, reason_of)
        return concluded(answer, "MessageId", expected(self._setup, "sms", body))


def parse_receipts(raw: Mapping[str, Any], received_at: datetime) -> list[Receipt]:
    """One event of a configuration set. received_at stands in where the event tells no time."""
    return [receipt(raw, received_at, channel="sms", prefix="TEXT_", receipts=RECEIPTS)]


def parse_messages(raw: Mapping[str, Any], received_at: datetime) -> list[Inbound]:
    """One two-way SMS. The payload carries no time: `received_at` is when our queue got it."""
    return [
        Inbound(
            id=text(raw, "inboundMessageId") or fingerprint(raw),
            channel="sms",
            sender=canonical(text(raw, "originationNumber")),
            body=text(raw, "messageBody"),
            at=received_at,
            replies_to=text(raw, "previousPublishedMessageId"),
        )
    ]
