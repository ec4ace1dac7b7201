"""Nobody is written to from this machine: what would go out lies in a file to be read, and counts as delivered."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.demo import formats
from infra.demo.carriers import Taken, read
from recobro.codec import write_instant

if TYPE_CHECKING:
    from infra.local.system import LocalSystem

SPEAKS = {
    "email-events": "ses.amazonaws.com",
    "sms-events": "sms-voice.amazonaws.com",
    "whatsapp-events": "social-messaging.amazonaws.com",
}
"""Topic → the AWS service that publishes there."""


class Postbox:
    """The carriers of a local system: each takes what it is given, writes it down, and reports it delivered.

    instead_of: public address → the one that is written down, where its links can be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.instead_of: dict[str, str] = {}
        self._count = sum(1 for _ in path.open()) if path.exists() else 0
        self._system: LocalSystem | None = None

    def opens(self, system: "LocalSystem") -> None:
        """From now on receipts reach that system."""
        self._system = system

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The carrier's acceptance of one message."""
        taken = read(service, operation, params)
        self._count += 1
        message_id = f"local-{self._count:08d}"
        self._write(taken, message_id)
        self._report(taken, message_id)
        return _acceptance(taken, message_id, params)

    def _write(self, taken: Taken, message_id: str) -> None:
        text = taken.text
        for public, local in self.instead_of.items():
            text = text.replace(public, local)
        told = {
            "id": message_id,
            "at": write_instant(self._system.now) if self._system is not None else "",
            "channel": taken.channel,
            "to": taken.address,
            "subject": taken.subject,
            "text": text,
        }
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(told, ensure_ascii=False) + "\n")

    def _report(self, taken: Taken, message_id: str) -> None:
        if self._system is None or taken.channel == "push":
            return
        system, at = self._system, self._system.now
        topic, message = _delivered(taken, message_id, at)
        system.at(at, lambda: system.publish(topic, message, sender=SPEAKS[topic]))


def _acceptance(taken: Taken, message_id: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """In the members of the operation's output: SendWhatsAppMessage, SendMessages, and those that name MessageId."""
    if taken.channel == "whatsapp":
        return {"messageId": message_id}
    if taken.channel != "push":
        return {"MessageId": message_id}
    accepted = {
        "DeliveryStatus": "SUCCESSFUL",
        "StatusCode": 200,
        "StatusMessage": "",
        "MessageId": message_id,
    }
    return {
        "MessageResponse": {"ApplicationId": params["ApplicationId"], "Result": {taken.address: accepted}}
    }


def _delivered(taken: Taken, message_id: str, at: datetime) -> tuple[str, Mapping[str, Any]]:
    to, echo = taken.address, taken.echo
    match taken.channel:
        case "sms":
            return "sms-events", formats.text_event("DELIVERED", at, to, message_id, echo, 0.0)
        case "voice_auto":
            return "sms-events", formats.voice_event("COMPLETED", at, to, message_id, echo, 0.0)
        case "email":
            detail = formats.delivery(to)
            return "email-events", formats.mail_event(
                "Delivery", at, to, taken.subject, message_id, echo, detail
            )
    joined = f"{echo.get('debtor_id', '')}:{echo.get('attempt_id', '')}"
    value = formats.whatsapp_status("delivered", at, to, f"wamid.{message_id}", joined)
    return "whatsapp-events", formats.whatsapp(at, value, f"{message_id}-delivered")
