"""WhatsApp is where debtors answer: approved templates go out, statuses and replies come back on one topic.

Docs: docs.aws.amazon.com/social-messaging/latest/userguide (send-message, managing-event-destination-dlrs);
developers.facebook.com/documentation/business-messaging/whatsapp (webhooks/reference, support/error-codes).
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from recobro.adapters.channels.once import ask, concluded
from recobro.adapters.channels.outcomes import (
    BLOCK_CHANNEL,
    OPEN_CIRCUIT,
    PARK,
    RETRY,
    UNKNOWN,
    Outcomes,
)
from recobro.adapters.channels.reading import fingerprint, from_epoch, from_iso, items, our_id, part, text
from recobro.domain.attempt import AttemptStatus
from recobro.domain.client import ChannelSetup
from recobro.domain.phone_forms import canonical
from recobro.errors import InvalidInput
from recobro.ports import Inbound, Outgoing, Receipt, Sent

META_API_VERSION = "v20.0"

OUTCOMES: Outcomes = {
    ("ThrottledRequestException", ""): RETRY,
    ("InternalServiceException", ""): UNKNOWN,
    ("DependencyException", ""): UNKNOWN,  # Meta did not answer AWS: it may have taken the message
    ("ValidationException", ""): PARK,
    ("InvalidParametersException", ""): PARK,
    ("ResourceNotFoundException", ""): OPEN_CIRCUIT,  # our phone-number-id
    ("AccessDeniedException", ""): OPEN_CIRCUIT,
}

RECEIPTS: dict[str, tuple[str, str, str]] = {
    "sent": (AttemptStatus.SENT, "sent", ""),
    "delivered": (AttemptStatus.DELIVERED, "delivered", ""),
    "read": (AttemptStatus.READ, "read", ""),
    "played": (AttemptStatus.READ, "played", ""),
    "failed": (AttemptStatus.FAILED, "undelivered", ""),  # what follows is told by its error: FAILURES
    "deleted": (AttemptStatus.SENT, "deleted", ""),
    "warning": (AttemptStatus.SENT, "warning", ""),
}
"""Status → (status, outcome, then)."""

FAILURES: dict[str, str] = {
    # Another time or another message may pass.
    **dict.fromkeys(("1", "2", "4", "80007", "130429", "131000", "131016", "131056", "131057"), ""),
    **dict.fromkeys(("130472", "131049"), ""),  # Meta's experiment; Meta's limit of marketing per person
    **dict.fromkeys(("100", "131008", "131009", "131047", "131051", "131052", "131053"), ""),
    **dict.fromkeys(("132005", "132007"), ""),
    # This person cannot be, or does not want to be, reached here.
    "131021": BLOCK_CHANNEL,
    "131026": BLOCK_CHANNEL,  # not on WhatsApp, or blocked us
    "131050": BLOCK_CHANNEL,  # stopped marketing messages from us
    # Template missing, paused, disabled or filled wrongly: each further one spends a lawful slot in vain.
    **dict.fromkeys(("132000", "132001", "132012", "132015", "132016", "132068", "132069"), OPEN_CIRCUIT),
    # Account, number, permission or payment: nothing leaves until a person mends it.
    **dict.fromkeys(("0", "3", "10", "33", "190", "200", "368", "130497", "131005"), OPEN_CIRCUIT),
    **dict.fromkeys(("131030", "131031", "131037", "131042", "131045", "131048"), OPEN_CIRCUIT),
    **dict.fromkeys(("133010", "134011"), OPEN_CIRCUIT),
}
"""Meta's error code → then. A code that is not here is recorded as a failure without consequence."""

ACCOUNT_EVENTS: dict[str, str] = {
    "account_update:ACCOUNT_DELETED": OPEN_CIRCUIT,
    "account_update:ACCOUNT_RESTRICTION": OPEN_CIRCUIT,
    "account_update:DISABLED_UPDATE": OPEN_CIRCUIT,
    "account_update:DISABLED_UPDATE:DISABLE": OPEN_CIRCUIT,
}
"""What Meta tells of the account and not of a message → then. All others are recorded as "unrecognised"."""

SIGNALS = {"stop": "opt_out", "resume": "opt_in"}
"""WhatsApp's own switch "stop marketing messages": an opt-out that carries no text."""

BODIES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body"),
    "button": ("button", "text"),
    "image": ("image", "caption"),
    "video": ("video", "caption"),
    "document": ("document", "caption"),
    "reaction": ("reaction", "emoji"),
    "system": ("system", "body"),
}
"""Where a message of each type keeps its words; what has none (audio, location …) comes with an empty body."""


class WhatsApp:
    """Sends by `socialmessaging`.`SendWhatsAppMessage`."""

    def __init__(self, client: Any, setup: ChannelSetup) -> None:
        self._client = client
        self._setup = setup

    def send(self, message: Outgoing) -> Sent:
        """Cost: the price of one message. Without a template: free text, which Meta takes only within 24 h."""
        payload: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to,
            "biz_opaque_callback_data": ":".join(
                (message.context.get("debtor_id", ""), message.context.get("attempt_id", ""))
            ),
            **(_template(message) if message.template else _free_text(message)),
        }
        request = {
            "originationPhoneNumberId": self._setup.identity,
            "message": json.dumps(payload, ensure_ascii=False).encode(),
            "metaApiVersion": META_API_VERSION,
        }
        answer = ask(self._client.send_whatsapp_message, request, OUTCOMES)
        return concluded(answer, "messageId", self._setup.price)


def _template(message: Outgoing) -> dict[str, Any]:
    template: dict[str, Any] = {
        "name": message.template,
        "language": {"code": message.language.replace("-", "_")},
    }
    components: list[dict[str, Any]] = []
    if message.parameters:
        # Meta refuses new lines, tabs and runs of spaces inside a parameter (132000).
        words = [{"type": "text", "text": " ".join(one.split())} for one in message.parameters]
        components.append({"type": "body", "parameters": words})
    if message.button:
        # The address was approved with its beginning, and one variable ends it (Meta, "URL buttons"): what we add is the token.
        ending = [{"type": "text", "text": message.button.rpartition("/")[2]}]
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": ending})
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


MOST_BUTTONS = 3
"""More choices than that are a list (Meta, "Interactive messages"): titles of 20 and 24 characters at most."""


def _free_text(message: Outgoing) -> dict[str, Any]:
    if not message.choices:
        return {"type": "text", "text": {"body": message.body}}
    if len(message.choices) <= MOST_BUTTONS:
        shown = [
            {"type": "reply", "reply": {"id": name, "title": label[:20]}} for name, label in message.choices
        ]
        action: dict[str, Any] = {"buttons": shown}
    else:
        rows = [{"id": name, "title": label[:24]} for name, label in message.choices]
        action = {"button": message.choose[:20], "sections": [{"rows": rows}]}
    kind = "button" if len(message.choices) <= MOST_BUTTONS else "list"
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": message.body}, "action": action},
    }


def parse_receipts(raw: Mapping[str, Any], received_at: datetime) -> list[Receipt]:
    """Statuses of our messages, and what Meta says of the account. Empty when it holds only people's words."""
    told_at = from_iso(text(raw, "message_timestamp"), received_at)
    receipts: list[Receipt] = []
    for field, value in _changes(raw):
        if field == "messages":
            receipts += [_status(one, told_at) for one in items(value, "statuses")]
            receipts += [_account(f"error:{text(one, 'code')}", told_at) for one in items(value, "errors")]
        elif field != "user_preferences":
            ban = text(value, "ban_info", "waba_ban_state")
            receipts.append(_account(":".join(filter(None, (field, text(value, "event"), ban))), told_at))
    return receipts


def parse_messages(raw: Mapping[str, Any], received_at: datetime) -> list[Inbound]:
    """What people wrote, and their opt-outs without words. Empty when the event holds only statuses."""
    told_at = from_iso(text(raw, "message_timestamp"), received_at)
    messages: list[Inbound] = []
    for field, value in _changes(raw):
        if field == "messages":
            messages += [_message(one, value, told_at) for one in items(value, "messages")]
        elif field == "user_preferences":
            messages += [_preference(one, told_at) for one in items(value, "user_preferences")]
    return messages


def _changes(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(field, value) of each change. The webhook entry is a JSON string inside the JSON."""
    entry = raw.get("whatsAppWebhookEntry")
    if isinstance(entry, str):
        try:
            entry = json.loads(entry)
        except (ValueError, RecursionError) as error:
            raise InvalidInput("whatsAppWebhookEntry", "is not JSON") from error
    changes = items(entry, "changes")
    if not changes:
        raise InvalidInput("whatsAppWebhookEntry", "has no changes")
    for change in changes:
        yield text(change, "field"), part(change, "value")


def _status(raw: Mapping[str, Any], told_at: datetime) -> Receipt:
    name = text(raw, "status")
    status, outcome, then = RECEIPTS.get(name, ("unrecognised", name, ""))
    errors = [text(one, "code") for one in items(raw, "errors")]
    if name == "failed":
        then = next((FAILURES[one] for one in errors if FAILURES.get(one)), "")
    debtor, _, attempt = text(raw, "biz_opaque_callback_data").partition(":")
    return Receipt(
        debtor_id=our_id(debtor),
        attempt_id=our_id(attempt),
        status=status,
        code=outcome,
        at=from_epoch(text(raw, "timestamp"), told_at),
        channel="whatsapp",
        provider_id=text(raw, "id"),
        then=then,
        detail=":".join((name, *errors)),
    )


def _account(detail: str, told_at: datetime) -> Receipt:
    then = FAILURES.get(detail.removeprefix("error:"), "")
    then = then if then == OPEN_CIRCUIT else ACCOUNT_EVENTS.get(detail, "")
    return Receipt("", "", "unrecognised", "account", told_at, "whatsapp", then=then, detail=detail)


def _message(raw: Mapping[str, Any], value: Mapping[str, Any], told_at: datetime) -> Inbound:
    kind = text(raw, "type") or "unknown"
    sender = text(raw, "from")
    contacts = items(value, "contacts")
    contact = contacts[0] if len(contacts) == 1 else {}
    number = next((one for one in (sender, text(contact, "wa_id")) if one.lstrip("+").isdecimal()), "")
    user_id = text(raw, "from_user_id") or text(contact, "user_id")
    return Inbound(
        id=text(raw, "id") or fingerprint(raw),
        channel="whatsapp",
        sender=canonical(number),
        body=_body(raw, kind),
        at=from_epoch(text(raw, "timestamp"), told_at),
        replies_to=text(raw, "context", "id"),
        user_id=user_id or ("" if number else sender),
        kind=kind,
        media=text(raw, kind, "id"),
    )


def _body(raw: Mapping[str, Any], kind: str) -> str:
    if kind != "interactive":
        return text(raw, *BODIES[kind]) if kind in BODIES else ""
    answer = part(raw, "interactive")
    chosen = (text(answer, name, "title") for name in ("button_reply", "list_reply"))
    return next(filter(None, chosen), "") or text(answer, "nfm_reply", "body")


def _preference(raw: Mapping[str, Any], told_at: datetime) -> Inbound:
    value = text(raw, "value").lower()
    return Inbound(
        id=fingerprint(raw),
        channel="whatsapp",
        sender=canonical(text(raw, "wa_id")),
        body="",
        at=from_epoch(text(raw, "timestamp"), told_at),
        user_id=text(raw, "user_id"),
        kind="preference",
        signal=SIGNALS.get(value, ""),
    )
