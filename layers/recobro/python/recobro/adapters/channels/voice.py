"""An automated call speaks to whoever answers: it says little, in the person's language, and proves little.

Text to speech, one way: "completed" may be an answering machine and is never a talk with the right person.
Docs: docs.aws.amazon.com/sms-voice/latest/userguide (quotas, configuration-sets-event-types).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.channels.end_user_messaging import REFUSALS, reason_of, receipt, terms, usd
from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import Outcomes
from recobro.domain.attempt import AttemptStatus
from recobro.domain.client import ChannelSetup
from recobro.domain.price import expected
from recobro.ports import Outgoing, Receipt, Sent

OUTCOMES: Outcomes = REFUSALS

RECEIPTS: dict[str, tuple[str, str, str]] = {
    "VOICE_INITIATED": (AttemptStatus.SENT, "initiated", ""),
    "VOICE_RINGING": (AttemptStatus.SENT, "ringing", ""),
    "VOICE_ANSWERED": (AttemptStatus.SENT, "picked_up", ""),  # the words are not spoken yet
    "VOICE_COMPLETED": (AttemptStatus.DELIVERED, "completed", ""),
    "VOICE_BUSY": (AttemptStatus.FAILED, "busy", ""),
    "VOICE_NO_ANSWER": (AttemptStatus.FAILED, "no_answer", ""),
    "VOICE_FAILED": (AttemptStatus.FAILED, "undelivered", ""),
    "VOICE_TTL_EXPIRED": (AttemptStatus.FAILED, "expired", ""),
}
"""Event type → (status, outcome, then)."""

VOICES = {"es": "MIA", "pt": "CAMILA", "en": "JOANNA"}
"""Where the client names no voice: the service's default (MATTHEW) reads Spanish as if it were English."""


class Voice:
    """Calls by `pinpoint-sms-voice-v2`.`SendVoiceMessage`."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup

    def send(self, message: Outgoing) -> Sent:
        """Cost: begun minutes × the price of one, estimated from the length. `max_price` is per minute."""
        is_marked_up = message.body.lstrip().startswith("<speak")
        request = {
            **terms(message, self._setup),
            "MessageBody": message.body,
            "MessageBodyTextType": "SSML" if is_marked_up else "TEXT",
            "VoiceId": self._voice(message.language),
        }
        if message.max_price:
            request["MaxPricePerMinute"] = usd(message.max_price)
        answer = ask(self._client.send_voice_message, request, OUTCOMES, reason_of)
        return concluded(answer, "MessageId", expected(self._setup, "voice", message.body))

    def _voice(self, language: str) -> str:
        voices = self._setup.voices
        base = language.replace("_", "-").split("-")[0]
        return voices.get(language) or voices.get(base) or VOICES.get(base, VOICES["es"])


def parse_receipts(raw: Mapping[str, Any], received_at: datetime) -> list[Receipt]:
    """One event of a configuration set. received_at stands in where the event tells no time."""
    return [receipt(raw, received_at, channel="voice_auto", prefix="VOICE_", receipts=RECEIPTS)]
