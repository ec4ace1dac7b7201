"""The words we send, approved once and rendered many times: per channel, with what they say and how much they reveal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recobro.domain.channel import Kind
from recobro.domain.contact_point import Level


@dataclass(frozen=True, slots=True)
class Part:
    """The wording for one channel; `{name}` stands for a variable.

    level: how much the whole message reveals. preview/subject/title must stay neutral.
    template: the approved WhatsApp template's name; parameters: its variables in order.
    provides: law items the text carries ("creditor_name", "amount", "amount_date", "reply_or_optout_path" …).
    """

    body: str
    level: Level = Level.NEUTRAL
    subject: str = ""
    preview: str = ""
    template: str = ""
    parameters: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One message in one language. parts: "sms", "email", "whatsapp", "voice", "push" → its wording.

    notice: True when the e-mail part carries all that the first contact must say.
    """

    name: str
    language: str
    kind: Kind
    parts: Mapping[str, Part] = field(default_factory=dict)
    carries_notice: tuple[str, ...] = ()
