"""One file a carrier: the call that goes out and the answers that come back, side by side.

To add one, copy a neighbour and give it a row here; the contract test finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from recobro.adapters.channels.once import SEND_CONFIG, fresh
from recobro.domain.client import ChannelSetup
from recobro.errors import InvalidInput
from recobro.ports import Carrier

__all__ = ["CHANNELS", "SEND_CONFIG", "TRANSPORTS", "CarrierSpec", "carrier_for", "fresh", "spec_for"]


@dataclass(frozen=True, slots=True)
class CarrierSpec:
    """Where a carrier's class stands, and the AWS service and operation that it calls."""

    module: str
    carrier: str
    service: str
    operation: str


CHANNELS: dict[str, CarrierSpec] = {
    "sms": CarrierSpec("sms", "Sms", "pinpoint-sms-voice-v2", "SendTextMessage"),
    "email": CarrierSpec("email", "Email", "sesv2", "SendEmail"),
    "whatsapp": CarrierSpec("whatsapp", "WhatsApp", "socialmessaging", "SendWhatsAppMessage"),
    "voice": CarrierSpec("voice", "Voice", "pinpoint-sms-voice-v2", "SendVoiceMessage"),
    "push": CarrierSpec("push", "Push", "pinpoint", "SendMessages"),
}
"""By the names that client.toml, queues and functions use."""

TRANSPORTS: dict[tuple[str, str], CarrierSpec] = {
    ("sms", "sns"): CarrierSpec("sns_sms", "SnsSms", "sns", "Publish"),
}
"""(channel, `transport`) → the carrier that a client may choose instead of the channel's own ("eum")."""


def spec_for(name: str, setup: ChannelSetup) -> CarrierSpec:
    """Raises InvalidInput for a channel or a transport that does not exist."""
    spec = CHANNELS.get(name) if setup.transport == "eum" else TRANSPORTS.get((name, setup.transport))
    if spec is None and name not in CHANNELS:
        raise InvalidInput(f"channels.{name}", "is not a channel", f"one of: {', '.join(CHANNELS)}")
    if spec is None:
        known = ["eum", *(transport for channel, transport in TRANSPORTS if channel == name)]
        raise InvalidInput(
            f"channels.{name}.transport", f"is {setup.transport!r}", f"one of: {', '.join(known)}"
        )
    return spec


def carrier_for(name: str, setup: ChannelSetup, client: Callable[..., Any]) -> Carrier:
    """The carrier of one channel, with a client of its own: `client(service, **SEND_CONFIG)`.

    `client` is `Surroundings.client`. Only that carrier's module is imported. Call `fresh` on the client
    between invocations.
    """
    spec = spec_for(name, setup)
    module = import_module(f"recobro.adapters.channels.{spec.module}")
    carrier: Carrier = getattr(module, spec.carrier)(client(spec.service, **SEND_CONFIG), setup)
    return carrier
