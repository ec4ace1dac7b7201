"""What a message is expected to cost, and the most it may: a long SMS is several, and a call is paid by the minute.

All prices in micro-USD, from the client's file (`channels.<name>.price`, `price_at_most`).
"""

from recobro.domain.client import ChannelSetup
from recobro.domain.gsm7 import parts, transliterate

PRICE_MARGIN = 2
"""Where the file names no ceiling, a carrier that asks more than twice the expected price is refused by the carrier itself."""

SPOKEN_PER_MINUTE = 900
"""Characters that a voice reads in a minute, about 150 words: an estimate, the receipt brings the price."""

CAPPED = frozenset({"sms", "voice"})
"""Channels whose carrier takes a ceiling with the message (`MaxPrice`, `MaxPricePerMinute`); the others have a price list."""


def units(channel: str, body: str) -> int:
    """What of the message is charged: SMS parts as they are sent, begun minutes of a call, else one."""
    if channel == "sms":
        return parts(transliterate(body))
    if channel == "voice":
        return max(1, -(-len(body) // SPOKEN_PER_MINUTE))
    return 1


def ceiling(setup: ChannelSetup) -> int:
    """The most that one part or minute may cost; the carrier is told."""
    return setup.price_at_most or setup.price * PRICE_MARGIN


def expected(setup: ChannelSetup, channel: str, body: str) -> int:
    """What the client's file expects the message to cost."""
    return units(channel, body) * setup.price


def at_most(setup: ChannelSetup, channel: str, body: str) -> int:
    """What the message may cost at most: this is taken from the month's budgets before it is sent."""
    return units(channel, body) * (ceiling(setup) if channel in CAPPED else setup.price)
