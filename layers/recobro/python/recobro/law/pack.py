"""The contact law of one jurisdiction as plain values, so that a lawyer's correction is a changed line of
data, not of code.

A pack is read by `law.load` from `packs/*.toml`; the words it forbids are folded in from `words/*.toml`, so
that the content address of a pack changes whenever anything that it decides by changes.
"""

from datetime import date

from recobro.law.conduct import (
    CallerId,
    ChannelRule,
    ComplaintAnswer,
    Consent,
    Exempt,
    Forbidden,
    LegalDuty,
    Provenance,
    Recipient,
    Registry,
    Required,
    Retention,
    StopEvent,
)
from recobro.law.measures import Cap, ChannelLock, Cooldown, MinGap, Window
from recobro.law.rule import Applies, Rule, StageRule
from recobro.law.value import Value


class OpenQuestion(Value):
    """Where the law can be read two ways, and which reading the rules of this pack take."""

    question: str
    conservative: str
    liberal: str
    use: str


class Source(Value):
    """Where a rule was read: the letter that articles cite, and the address or title."""

    id: str
    text: str


class Pack(Value):
    """One jurisdiction. `parent`: the country pack of an overlay; `fallback` marks the strict default."""

    id: str
    name: str
    status: str
    reviewed: date
    since: date
    to: date | None = None
    country: str = ""
    parent: str = ""
    subdivisions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    calendar: str = ""
    fallback: bool = False
    applies: Applies
    stages: tuple[StageRule, ...] = ()
    windows: tuple[Window, ...] = ()
    caps: tuple[Cap, ...] = ()
    min_gaps: tuple[MinGap, ...] = ()
    channel_locks: tuple[ChannelLock, ...] = ()
    cooldowns: tuple[Cooldown, ...] = ()
    consent: tuple[Consent, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    caller_id: tuple[CallerId, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    channel_rules: tuple[ChannelRule, ...] = ()
    required: tuple[Required, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    allowed_content: tuple[str, ...] = ()
    duties: tuple[LegalDuty, ...] = ()
    stop_events: tuple[StopEvent, ...] = ()
    exempt: tuple[Exempt, ...] = ()
    retention: tuple[Retention, ...] = ()
    complaints: tuple[ComplaintAnswer, ...] = ()
    registry: tuple[Registry, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    sources: tuple[Source, ...] = ()

    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the pack, in the order in which a reader would meet it."""
        listed: list[Rule] = [self.applies]
        for name in self.FIELDS:
            value = getattr(self, name)
            if isinstance(value, tuple):
                listed.extend(item for item in value if isinstance(item, Rule))
        return tuple(listed)
