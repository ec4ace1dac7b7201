"""Every carrier tells the fate of our messages in its own words, in one queue: this tells them apart."""

from datetime import datetime

from recobro.adapters.channels import email, sms, voice, whatsapp
from recobro.adapters.channels.envelope import opened
from recobro.adapters.channels.reading import text
from recobro.errors import InvalidInput
from recobro.ports import Receipt


def read_receipts(body: str, received_at: datetime) -> list[Receipt]:
    """What one message of the receipts queue tells; empty for none (a WhatsApp message, a greeting).

    received_at: when the queue got it (SQS `SentTimestamp`), for events that tell no time. An event type that
    we do not know comes as status "unrecognised". Raises InvalidInput for what no carrier that we know wrote:
    set it aside.
    """
    raw = opened(body)
    if not raw:
        return []
    if "whatsAppWebhookEntry" in raw:
        return whatsapp.parse_receipts(raw, received_at)
    event = text(raw, "eventType")
    if event.startswith("VOICE_"):
        return voice.parse_receipts(raw, received_at)
    if "mail" in raw and (event or "notificationType" in raw):
        return email.parse_receipts(raw, received_at)
    if event:
        return sms.parse_receipts(raw, received_at)
    raise InvalidInput("body", "no carrier that we know writes this")
