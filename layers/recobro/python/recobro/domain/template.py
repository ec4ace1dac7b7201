"""The words we send, approved once and rendered many times: per channel, with what they say and how much they reveal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recobro.domain.channel import Channel, Kind
from recobro.domain.client import SETUP_NAMES
from recobro.domain.contact_point import Level
from recobro.errors import InvalidInput

NEUTRAL_SUFFIX = "_neutral"
DEPTH = {level: depth for depth, level in enumerate(Level)}
"""Levels compare by how much they reveal, least first."""


@dataclass(frozen=True)
class Part:
    """The wording for one channel; `{name}` stands for a variable.

    level: how much the whole message reveals. preview/subject/title must stay neutral.
    template: the approved WhatsApp template's name; parameters: its variables in order.
    pay_template: the same words approved once more with a button besides, which leads to paying; used where this contact has such a
    link. pay_label: what stands on it. Empty: the message never has one.
    provides: law items that the words themselves carry; those that variables carry need no mention (infra/playbook).
    footer: of e-mail; who writes and how to unsubscribe; put in from phrases.<language>.toml when compiled.
    """

    body: str
    level: Level = Level.NEUTRAL
    subject: str = ""
    preview: str = ""
    template: str = ""
    parameters: tuple[str, ...] = ()
    pay_template: str = ""
    pay_label: str = ""
    provides: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class Template:
    """One message in one language: `messages/<name>.<language>.toml`.

    parts: "sms", "email", "whatsapp", "voice", "push" → its wording; "sms_neutral" … → the wording for points that may carry
    no more. carries_notice: the parts that say all that the law asks of a first contact.
    first: the template that stands in while that notice has not been given.
    """

    name: str
    language: str
    kind: Kind
    parts: Mapping[str, Part] = field(default_factory=dict)
    carries_notice: tuple[str, ...] = ()
    first: str = ""

    def __post_init__(self) -> None:
        for name in self.parts:
            if name.removesuffix(NEUTRAL_SUFFIX) not in SETUP_NAMES.values():
                known = ", ".join(SETUP_NAMES.values())
                raise InvalidInput(
                    f"parts.{name}", "is not a channel", f"one of: {known}; or one with {NEUTRAL_SUFFIX}"
                )
        for name in self.carries_notice:
            if name not in self.parts:
                raise InvalidInput(
                    "carries_notice", f"there is no part {name!r}", "write the part, or take it off the list"
                )

    def part_for(self, channel: Channel, most: Level) -> str:
        """The name of the part for that channel that says most within level `most`; empty when there is none."""
        base = SETUP_NAMES.get(channel, "")
        names = (name for name in (base, base + NEUTRAL_SUFFIX) if name in self.parts)
        return next((name for name in names if DEPTH[self.parts[name].level] <= DEPTH[most]), "")
