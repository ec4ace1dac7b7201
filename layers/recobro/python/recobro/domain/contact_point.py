"""Where a person can be reached, who told us, what they allowed there, and how much may be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from recobro.domain.channel import Channel


class PointKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    DEVICE = "device"
    ADDRESS = "address"


class Level(StrEnum):
    """How much may be said at a point (PRACTICE: Disclosure levels), from least to most."""

    NEUTRAL = "neutral"
    ADDRESSED = "addressed"
    IDENTIFIED = "identified"


class PointState(StrEnum):
    ACTIVE = "active"
    SUPPRESSED = "suppressed"  # somebody asked us to stop, or complained
    BAD = "bad"  # it does not exist, or reaches somebody else


WRONG_PERSON = "wrong_person"
"""Why a point is bad of which somebody said that it is not this person's."""

CHANNELS_OF: dict[PointKind, tuple[Channel, ...]] = {
    PointKind.PHONE: (Channel.SMS, Channel.WHATSAPP, Channel.VOICE_AUTO, Channel.VOICE),
    PointKind.EMAIL: (Channel.EMAIL,),
    PointKind.DEVICE: (Channel.PUSH,),
    PointKind.ADDRESS: (Channel.LETTER, Channel.VISIT),
}


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A channel that the person allowed, with what proves it and since when."""

    channel: Channel
    evidence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One phone, e-mail, device or address. Its value stands in `Personal.points`, never here.

    id: keyed hash of the canonical value, so the same phone of two people has the same id.
    contact: the role of the named contact at a company ("payables"); empty for a person.
    line: "mobile" | "home" | "work" | "shared" | "unknown", as a file says. blocked: channels not to be used here.
    of_several: more than one person's files name it; it stays neutral, and the law reads the line as before.
    """

    id: str
    kind: PointKind
    provenance: str = "unknown"
    level: Level = Level.NEUTRAL
    state: PointState = PointState.ACTIVE
    reason: str = ""
    contact: str = ""
    line: str = "unknown"
    authorisations: tuple[Authorisation, ...] = ()
    blocked: tuple[Channel, ...] = ()
    of_several: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def carries(self, channel: Channel) -> bool:
        """Whether a message by this channel can go to this point at all."""
        return (
            self.state is PointState.ACTIVE
            and channel in CHANNELS_OF[self.kind]
            and channel not in self.blocked
        )

    @property
    def is_taken_as_own(self) -> bool:
        """Whether it is taken for the person's own phone or mailbox: nobody else is known to read what arrives there."""
        is_private = self.kind in (PointKind.PHONE, PointKind.EMAIL) and self.line not in ("work", "shared")
        return is_private and not self.of_several and not self.is_somebody_elses

    @property
    def is_somebody_elses(self) -> bool:
        """Whether the person, or who answered there, told us so: who has it besides may have it to themselves."""
        return self.state is PointState.BAD and self.reason == WRONG_PERSON

    @property
    def shared(self) -> "ContactPoint":
        """As it is once more than one person is known to have it (PRACTICE: Disclosure levels)."""
        return replace(self, of_several=True, level=Level.NEUTRAL)

    @property
    def authorised(self) -> frozenset[Channel]:
        """The channels with recorded evidence of the person's authorisation."""
        return frozenset(a.channel for a in self.authorisations)
