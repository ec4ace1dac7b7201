"""Carriers as carriers are: they take, throttle, fail, fall silent after taking, and tell of it late, twice or out of order."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from infra.demo import formats
from infra.demo.book import Arrival, Book
from infra.demo.chance import Chance
from infra.demo.debtors import Debtors
from infra.demo.people import Person, Phone
from infra.demo.reach import Reach
from infra.demo.visitors import Visitors
from infra.local.outside import BrokenDown, NotReached, Refusal, Silence

THROTTLED, BROKEN, SILENT_AFTER_TAKING, SILENT, UNREACHED = 0.012, 0.003, 0.004, 0.002, 0.003
REPEATED, LATE, LOST, SHUFFLED = 0.05, 0.02, 0.015, 0.05

THROTTLES = {
    "sms": "ThrottlingException",
    "voice_auto": "ThrottlingException",
    "email": "TooManyRequestsException",
    "whatsapp": "ThrottledRequestException",
    "push": "TooManyRequestsException",
}
PRICES = {"sms": 0.031, "voice_auto": 0.025}
LAST_WORDS = {
    "INVALID": "undelivered",
    "UNREACHABLE": "undelivered",
    "failed": "undelivered",
    "Bounce": "undelivered",
    "FAILED": "not_in_service",
    "BUSY": "busy",
    "NO_ANSWER": "no_answer",
}
"""The last word of a message or call that reached nobody → what it was in truth."""

NO_SMS_REPLIES = ("+57",)
"""Where people cannot answer an SMS (PRACTICE: Channels' limits)."""

_RECEIPT = re.compile(r"\bconstancia")
"""A word that this client says only where it thanks (messages/payment_receipt.*.toml)."""

_STOP_LINK = re.compile(r"https?://\S+?(/u/[A-Za-z0-9_=.-]+)")


@dataclass(frozen=True, slots=True)
class Taken:
    """One request as its carrier reads it. echo: what it will give back in receipts."""

    channel: str
    address: str
    text: str
    echo: Mapping[str, str]
    subject: str = ""
    unsubscribe: str = ""


class Carriers:
    """Answers for every carrier; from `banned_from` on, Meta has restricted the WhatsApp account."""

    def __init__(
        self,
        book: Book,
        reach: Reach,
        chance: Chance,
        debtors: Debtors,
        visitors: Visitors,
        banned_from: datetime | None,
    ) -> None:
        self._book = book
        self._reach = reach
        self._chance = chance
        self._debtors = debtors
        self._visitors = visitors
        self._banned_from = banned_from
        self._counts: dict[str, int] = {}

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """The carrier's answer to one send; raises a CarrierFault for anything but an acceptance."""
        taken = read(service, operation, params)
        count = self._counts[taken.address] = self._counts.get(taken.address, 0) + 1
        occasion = (taken.channel, taken.address, count)
        now = self._reach.now()
        banned = self._banned_from is not None and now >= self._banned_from
        if taken.channel == "whatsapp" and banned:
            self._record(taken, "refused", "AccessDeniedException")
            raise Refusal("AccessDeniedException", "The WhatsApp Business account is restricted")
        self._bad_day(taken, occasion)
        number = self._record(taken, "accepted")
        message_id = self._message_id(occasion)
        self._plan_receipts(taken, number, message_id, occasion)
        if self._chance.happens(SILENT_AFTER_TAKING, "silent after taking", *occasion):
            self._book.mark(number, result="unanswered")
            raise Silence
        return acceptance(taken, message_id, params)

    def _bad_day(self, taken: Taken, occasion: tuple[object, ...]) -> None:
        draw = self._chance.of("bad day", *occasion).random()
        for share, fault, code in (
            (THROTTLED, Refusal(THROTTLES[taken.channel], "Rate exceeded"), "throttled"),
            (BROKEN, BrokenDown(503), "broken"),
            (SILENT, Silence(), "silent"),
            (UNREACHED, NotReached(), "unreached"),
        ):
            if draw < share:
                self._record(taken, "refused", code)
                raise fault
            draw -= share

    def _record(self, taken: Taken, result: str, code: str = "") -> int:
        person = self._debtors.owner_of(taken.address, taken.text)
        now, text = self._reach.now(), f"{taken.subject}\n{taken.text}".strip()
        is_receipt = _RECEIPT.search(text) is not None
        is_taken = result == "accepted" and not is_receipt
        return self._book.arrive(
            Arrival(
                at=now,
                channel=taken.channel,
                address=taken.address,
                debtor=taken.echo.get("debtor_id", ""),
                attempt=taken.echo.get("attempt_id", ""),
                text=text,
                result=result,
                code=code,
                person=person.document if person else "",
                is_answer=is_taken and self._book.answers(now, taken.channel, taken.address),
                is_receipt=is_receipt,
            )
        )

    def _message_id(self, occasion: tuple[object, ...]) -> str:
        return f"{self._chance.of('message id', *occasion).getrandbits(128):032x}"

    def _plan_receipts(
        self, taken: Taken, number: int, message_id: str, occasion: tuple[object, ...]
    ) -> None:
        """What becomes of a message that was taken, and when the house hears of it."""
        fate = self._fate(taken, occasion)
        draw = self._chance.of("receipts", *occasion)
        at = self._reach.now()
        for kind in fate:
            at += timedelta(seconds=draw.uniform(1, 40))
            told_at = at
            if draw.random() < LATE:
                told_at += timedelta(hours=draw.uniform(1, 40))
            elif draw.random() < SHUFFLED:
                told_at += timedelta(seconds=90)
            if draw.random() >= LOST:
                self._tell(kind, told_at, at, taken, message_id)
            if draw.random() < REPEATED:
                self._tell(kind, told_at + timedelta(seconds=draw.uniform(0, 600)), at, taken, message_id)
        if not fate:
            return
        outcome = LAST_WORDS.get(fate[-1], "")
        if outcome:
            self._book.mark(number, outcome=outcome)
        if fate[-1] in {"DELIVERED", "COMPLETED", "Delivery", "delivered"}:
            self._reach.at(at, lambda: self._delivered(taken, number, message_id, occasion))

    def _fate(self, taken: Taken, occasion: tuple[object, ...]) -> tuple[str, ...]:
        draw = self._chance.of("fate", *occasion).random()
        phones = self._phones(taken.address)
        dead = any(phone.owner == "nobody" for phone in phones)
        match taken.channel:
            case "sms":
                if dead:
                    return ("QUEUED", "INVALID")
                return ("SUCCESSFUL", "DELIVERED") if draw < 0.95 else ("SUCCESSFUL", "UNREACHABLE")
            case "voice_auto":
                if dead:
                    return ("INITIATED", "FAILED")
                if draw < 0.44:
                    return ("INITIATED", "RINGING", "ANSWERED", "COMPLETED")
                return ("INITIATED", "RINGING", "NO_ANSWER") if draw < 0.90 else ("INITIATED", "BUSY")
            case "whatsapp":
                if dead or not all(phone.on_whatsapp for phone in phones):
                    return ("failed",)
                return ("sent", "delivered")
            case "email":
                works = self._mailbox_works(taken.address)
                return ("Send", "Delivery") if works else ("Send", "Bounce")
        return ()

    def _tell(self, kind: str, told_at: datetime, at: datetime, taken: Taken, message_id: str) -> None:
        topic, message = self._event(kind, at, taken, message_id)
        self._reach.at(told_at, lambda: self._reach.publish(topic, message))

    def _event(self, kind: str, at: datetime, taken: Taken, message_id: str) -> tuple[str, Mapping[str, Any]]:
        to, echo = taken.address, taken.echo
        if taken.channel == "sms":
            return "sms-events", formats.text_event(kind, at, to, message_id, echo, PRICES["sms"])
        if taken.channel == "voice_auto":
            return "sms-events", formats.voice_event(kind, at, to, message_id, echo, PRICES["voice_auto"])
        if taken.channel == "email":
            detail = {"Bounce": formats.bounce, "Delivery": formats.delivery, "Complaint": formats.complaint}
            own = detail.get(kind, lambda _: {})(to)
            return "email-events", formats.mail_event(kind, at, to, taken.subject, message_id, echo, own)
        joined = f"{echo.get('debtor_id', '')}:{echo.get('attempt_id', '')}"
        error = 131026 if kind == "failed" else 0
        value = formats.whatsapp_status(kind, at, to, f"wamid.{message_id}", joined, error)
        return "whatsapp-events", formats.whatsapp(at, value, f"{message_id}-{kind}")

    def _delivered(self, taken: Taken, number: int, message_id: str, occasion: tuple[object, ...]) -> None:
        now = self._reach.now()
        self._book.mark(number, delivered_at=now)
        person = self._debtors.owner_of(taken.address, taken.text)
        wait = self._debtors.reads(person, taken.channel, occasion)
        if wait is not None:
            self._reach.at(now + wait, lambda: self._read(taken, number, message_id, person, occasion))

    def _read(
        self, taken: Taken, number: int, message_id: str, person: Person | None, occasion: tuple[object, ...]
    ) -> None:
        now = self._reach.now()
        self._book.mark(number, read_at=now)
        if taken.channel == "whatsapp":
            self._tell("read", now + timedelta(seconds=2), now, taken, message_id)
        if person is None:
            answered = self._debtors.is_stranger(taken.address) and self._debtors.stranger_has_read(
                taken.address, taken.channel, message_id, self._say
            )
        elif self._clicks_away(taken, person, occasion) or self._visitors.may_open(person, taken.text):
            answered = True
        elif self._visitors.may_tap(person, taken.text):
            answered = False  # money is no word
        else:
            what = self._book.arrivals[number]
            asks_nothing = what.is_answer or what.is_receipt
            read = self._debtors.has_read_answer if asks_nothing else self._debtors.has_read
            answered = read(person, taken.channel, taken.address, taken.text, message_id, self._say)
        if answered:
            self._book.mark(number, answered_at=self._reach.now())

    def _clicks_away(self, taken: Taken, person: Person, occasion: tuple[object, ...]) -> bool:
        """Some leave by the link in the message instead of in words; a few call it junk."""
        if taken.channel == "email" and self._chance.happens(0.004, "junk", *occasion):
            self._tell("Complaint", self._reach.now() + timedelta(minutes=5), self._reach.now(), taken, "")
            return False
        path = taken.unsubscribe or next(iter(_STOP_LINK.findall(taken.text)), "")
        if not path or not self._chance.happens(0.012, "leaves by link", *occasion):
            return False
        self._debtors.opts_out_by_link(person, taken.address, path)
        return True

    def _say(self, channel: str, address: str, words: str, provider: str) -> None:
        """A person writes back, by the channel if it carries answers, else by WhatsApp if they have it."""
        now = self._reach.now()
        if channel == "sms" and address.startswith(NO_SMS_REPLIES):
            channel = "whatsapp"
        if channel == "email":
            phones = [phone for one in self._people(address) if (phone := one.phone) is not None]
            if not phones or not phones[0].on_whatsapp:
                return
            channel, address = "whatsapp", phones[0].number
        self._book.wrote(now, channel, address, words)
        number = len(self._book.words)
        if channel == "sms":
            message = formats.inbound_text(words, address, f"in-{number:06d}", provider)
            self._reach.publish("sms-inbound", message)
        else:
            value = formats.whatsapp_message(
                words, now, address, "", f"wamid.in{number:06d}", f"wamid.{provider}"
            )
            self._reach.publish("whatsapp-events", formats.whatsapp(now, value, f"in-{number:06d}"))
        self._debtors.told_by_words(address, words)

    def _people(self, address: str) -> tuple[Person, ...]:
        return self._debtors.people_at(address)

    def _phones(self, address: str) -> list[Phone]:
        return [one.phone for one in self._people(address) if one.phone and one.phone.number == address]

    def _mailbox_works(self, address: str) -> bool:
        return all(
            one.mailbox.works
            for one in self._people(address)
            if one.mailbox is not None and one.mailbox.address == address
        )


def read(service: str, operation: str, params: Mapping[str, Any]) -> Taken:
    """Which channel, to whom, with which words. Raises ValueError for what no carrier here offers."""
    match operation:
        case "SendTextMessage" | "SendVoiceMessage":
            channel = "sms" if operation == "SendTextMessage" else "voice_auto"
            return Taken(
                channel, params["DestinationPhoneNumber"], params["MessageBody"], params.get("Context", {})
            )
        case "SendEmail":
            return _mail(params)
        case "SendWhatsAppMessage":
            return _whatsapp(params)
        case "SendMessages":
            request = params["MessageRequest"]
            token = next(iter(request["Addresses"]))
            return Taken(
                "push",
                token,
                json.dumps(request["MessageConfiguration"], ensure_ascii=False, sort_keys=True),
                {"attempt_id": request.get("TraceId", "")},
            )
        case "Publish" if "PhoneNumber" in params:
            return Taken("sms", params["PhoneNumber"], params["Message"], {})
    raise ValueError(f"no carrier answers {service}.{operation}")


def _mail(params: Mapping[str, Any]) -> Taken:
    simple = params["Content"]["Simple"]
    headers = {one["Name"]: one["Value"] for one in simple.get("Headers", [])}
    link = headers.get("List-Unsubscribe", "").strip("<>").split(">")[0]
    return Taken(
        channel="email",
        address=params["Destination"]["ToAddresses"][0],
        text=simple["Body"]["Text"]["Data"],
        echo={one["Name"]: one["Value"] for one in params.get("EmailTags", [])},
        subject=simple["Subject"]["Data"],
        unsubscribe=urlsplit(link).path if link else "",
    )


def _whatsapp(params: Mapping[str, Any]) -> Taken:
    body = params["message"]
    payload = json.loads(body if isinstance(body, bytes | bytearray | str) else bytes(body))
    debtor, _, attempt = payload.get("biz_opaque_callback_data", "").partition(":")
    return Taken("whatsapp", payload["to"], _words(payload), {"debtor_id": debtor, "attempt_id": attempt})


def _words(payload: Mapping[str, Any]) -> str:
    """Free text as it stands; a template as its name and, a line each, its parameters (Meta allows no new lines in them)."""
    template = payload.get("template")
    if template is None:
        asked = payload.get("interactive", {}).get("body", {}).get("text", "")
        return str(payload.get("text", {}).get("body", "") or asked)
    lines = [str(template["name"])]
    for component in template.get("components", []):
        begins = "/g/" if component.get("type") == "button" else ""  # as the button's address was approved
        lines += [begins + str(one.get("text", "")) for one in component.get("parameters", [])]
    return "\n".join(lines)


def acceptance(taken: Taken, message_id: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the carrier answers when it takes the message, in the members of the operation's output."""
    if taken.channel == "whatsapp":
        return {"messageId": message_id}
    if taken.channel != "push":
        return {"MessageId": message_id}
    result = {
        "DeliveryStatus": "SUCCESSFUL",
        "StatusCode": 200,
        "StatusMessage": "",
        "MessageId": message_id,
    }
    return {"MessageResponse": {"ApplicationId": params["ApplicationId"], "Result": {taken.address: result}}}
