"""What people write comes by several carriers into one queue; every word must reach a person's history."""

from datetime import datetime

from recobro.adapters.channels import sms, whatsapp
from recobro.adapters.channels.envelope import opened
from recobro.adapters.channels.reading import text
from recobro.errors import InvalidInput
from recobro.ports import Inbound


def read_messages(body: str, received_at: datetime) -> list[Inbound]:
    """What one message of the messages queue holds; empty for none (a WhatsApp status, a greeting).

    received_at: when the queue got it (SQS `SentTimestamp`); a two-way SMS tells no time of its own. Raises
    InvalidInput for what no carrier that we know wrote: set it aside.
    """
    raw = opened(body)
    if not raw:
        return []
    if "whatsAppWebhookEntry" in raw:
        return whatsapp.parse_messages(raw, received_at)
    if "messageBody" in raw and ("originationNumber" in raw or "inboundMessageId" in raw):
        return sms.parse_messages(raw, received_at)
    if text(raw, "notificationType") == "Received" and "mail" in raw:
        from recobro.adapters.channels import email_inbound  # the mail parser is paid for by who gets mail

        return email_inbound.parse_messages(raw, received_at)
    raise InvalidInput("body", "no carrier that we know writes this")
