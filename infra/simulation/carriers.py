"""The carriers' side of a call: what they really took, whatever we came to hear of it; and the receipts that follow."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from random import Random
from typing import TYPE_CHECKING, Any

from infra.demo import formats
from infra.demo.carriers import THROTTLES, acceptance, read
from infra.local.outside import BrokenDown, Refusal, Silence
from infra.simulation.carriers_seen import Seen

if TYPE_CHECKING:
    from infra.simulation.system import System

RESTRICTED = {"email": "AccountSuspendedException"}
"""By which name a carrier tells that it restricts the account; AccessDeniedException where none stands here."""

REFUSALS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "sms": (
        ("ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT"),
        ("ValidationException", "PRICE_OVER_THRESHOLD"),
        ("ServiceQuotaExceededException", ""),
        ("ValidationException", ""),
    ),
    "voice_auto": (
        ("ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT"),
        ("ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE"),
    ),
    "email": (("MessageRejected", ""), ("BadRequestException", ""), ("AccountSuspendedException", "")),
    "whatsapp": (("ThrottledRequestException", ""), ("ValidationException", "")),
    "push": (("TooManyRequestsException", ""),),
}
"""Definite refusals as the services document them: nobody received anything."""

FAILS = 0.12
"""Share of messages taken that reach nobody."""
TOLD_AGAIN = 0.2
"""Share of failures that are told once more, hours or days later, when another channel may have reached the person."""


class Carriers:
    """All of them. banned: channel → (from, until) in epoch seconds. most: channel → messages a second, for those that throttle."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._chance = Random(f"carriers/{system.seed}")
        self.banned: dict[str, tuple[float, float]] = {}
        self.most: dict[str, int] = {}
        self.calls: list[Seen] = []

    def calling(self, operation: str, params: Mapping[str, Any], told_at: datetime) -> Seen:
        """The first byte of a request has left."""
        system = self._system
        what = system.checkers.addressed(read("", operation, params))
        call = Seen(len(self.calls) + 1, system.kernel.time, told_at, what, params, operation)
        self.calls.append(call)
        debtor, attempt = what.echo.get("debtor_id", ""), what.echo.get("attempt_id", "")
        system.log.said(call.at, f"carrier {what.channel}", debtor, f"is asked for {attempt[:8]}")
        system.checkers.carrier_asked(call)
        return call

    def answer(self, call: Seen, fault: str) -> Mapping[str, Any]:
        """Its answer, or the CarrierFault that the caller meets."""
        channel, now = call.what.channel, self._system.kernel.time
        begins, ends = self.banned.get(channel, (0.0, 0.0))
        if begins <= now < ends:
            call.is_restricted = True
            self._system.world.banned()
            self.ended(call, "refused")
            raise Refusal(RESTRICTED.get(channel, "AccessDeniedException"), "the account is restricted")
        if fault == "throttle" or self._too_many(channel, now):
            call.is_throttled = True
            self.ended(call, "refused")
            raise Refusal(THROTTLES[channel], "Rate exceeded", status=429)
        if fault == "refused":
            code, reason = self._chance.choice(REFUSALS[channel])
            self.ended(call, "refused")
            raise Refusal(code, "no", members={"Reason": reason} if reason else {})
        if fault in {"broken_lost", "silent_lost"}:
            self.ended(call, "doubtful")
            raise BrokenDown(500) if fault == "broken_lost" else Silence
        call.taken = True
        call.message_id = f"m{call.number:06d}{self._chance.getrandbits(32):08x}"
        self._receipts(call)
        if fault in {"broken_taken", "silent_taken"}:
            self.ended(call, "doubtful")
            raise BrokenDown(503) if fault == "broken_taken" else Silence
        self.ended(call, "accepted")
        return acceptance(call.what, call.message_id, call.params)

    def _too_many(self, channel: str, now: float) -> bool:
        """Whether the carrier has taken as much as it takes in a second."""
        if channel not in self.most:
            return False
        lately = takewhile(lambda one: one.at > now - 1, reversed(self.calls))
        return sum(one.taken and one.what.channel == channel for one in lately) >= self.most[channel]

    def ended(self, call: Seen, result: str) -> None:
        call.result = result
        what = call.what
        truth = "taken" if call.taken else "not taken"
        self._system.log.said(
            self._system.kernel.time,
            f"carrier {what.channel}",
            what.echo.get("debtor_id", ""),
            f"{result} ({truth}) {what.echo.get('attempt_id', '')[:8]}",
        )
        self._system.checkers.carrier_answered(call)

    def _receipts(self, call: Seen) -> None:
        """What is told of it: in time, late, twice, out of order, or never."""
        draw, kernel = self._chance, self._system.kernel
        fails = draw.random() < FAILS
        call.reached = not fails
        kinds = _FATES[call.what.channel][int(fails)]
        delay = 0.0
        for kind in kinds:
            delay += draw.uniform(0.05, 40)
            told = delay
            if draw.random() < 0.05:
                told += draw.uniform(3600, 60 * 3600)
                if draw.random() < 0.2:
                    told += draw.uniform(3, 20) * 86400
            elif draw.random() < 0.15:
                told += draw.uniform(0, 120)
            if draw.random() < 0.05:
                continue
            self._tell(call, kind, told)
            if draw.random() < 0.08:
                self._tell(call, kind, told + draw.uniform(0, 600))
            if fails and draw.random() < TOLD_AGAIN:
                self._tell(call, kind, told + draw.uniform(0.3, 5) * 86400)
        if not fails:
            kernel.after(delay + 0.1, lambda: self._system.world.reached(call))

    def _tell(self, call: Seen, kind: str, delay: float) -> None:
        system = self._system

        def tell() -> None:
            event = _event(call, kind, system.kernel.now())
            status = _MEANS.get(kind, "")
            if event is not None:
                heard = lambda: system.checkers.contacts.told(call, status)  # noqa: E731
                system.cloud.queues["receipts"].send(json.dumps(event), 0, heard)

        system.kernel.after(delay, tell)


_FATES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sms": (("SUCCESSFUL", "DELIVERED"), ("SUCCESSFUL", "UNREACHABLE")),
    "voice_auto": (("INITIATED", "ANSWERED", "COMPLETED"), ("INITIATED", "NO_ANSWER")),
    "email": (("Send", "Delivery"), ("Send", "Bounce")),
    "whatsapp": (("sent", "delivered", "read"), ("failed",)),
    "push": ((), ()),
}


_MEANS = {
    **dict.fromkeys(("SUCCESSFUL", "INITIATED", "Send", "sent"), "sent"),
    **dict.fromkeys(("DELIVERED", "Delivery", "delivered"), "delivered"),
    **dict.fromkeys(("UNREACHABLE", "NO_ANSWER", "Bounce", "failed"), "failed"),
    "read": "read",
}
"""What their words say of a message."""


def _event(call: Seen, kind: str, now: datetime) -> dict[str, Any] | None:
    what, to = call.what, call.what.address
    at = now - timedelta(seconds=1)
    if what.channel == "sms":
        return formats.text_event(kind, at, to, call.message_id, what.echo, 0.03)
    if what.channel == "voice_auto":
        return formats.voice_event(kind, at, to, call.message_id, what.echo, 0.02)
    if what.channel == "email":
        own = {"Bounce": formats.bounce, "Delivery": formats.delivery}.get(kind, lambda _: {})(to)
        return formats.mail_event(kind, at, to, what.subject, call.message_id, what.echo, own)
    if what.channel == "whatsapp":
        joined = f"{what.echo.get('debtor_id', '')}:{what.echo.get('attempt_id', '')}"
        value = formats.whatsapp_status(
            kind, at, to, f"wamid.{call.message_id}", joined, 131026 if kind == "failed" else 0
        )
        return formats.whatsapp(at, value, f"{call.message_id}-{kind}")
    return None
