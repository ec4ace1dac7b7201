"""The contact law of one jurisdiction as plain values, so that a lawyer's correction is a changed line of
data, not of code.

A pack is read by `law.load` from `packs/*.toml`; the words it forbids are folded in from `words/*.toml`, so
that the content address of a pack changes whenever anything that it decides by changes.
"""

from datetime import date
from enum import StrEnum

from recobro.domain.channel import Channel
from recobro.law.contact import Rung
from recobro.law.value import Value


class Conf(StrEnum):
    """How sure we are of a rule. POLICY is our own caution and no law: all that a client may relax."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    POLICY = "POLICY"


class Coverage(StrEnum):
    """How far a pack reaches a stage, an actor or a class of debtor that its law may not speak of."""

    COVERED = "covered"  # every rule, as law
    POLICY_SAME_WINDOWS = "policy_same_windows"  # every rule, hours and caps, by our own caution
    NOT_COVERED_SAME_WINDOWS = "not_covered_same_windows"  # hours only; such contacts stay out of the caps
    NOT_COVERED = "not_covered"
    FORBIDDEN = "forbidden"


class Rule(Value):
    """What every rule carries. `since` and `to` are debtor-local dates, both inclusive; `to` None: still in
    force.
    """

    id: str
    article: str
    conf: Conf
    since: date
    to: date | None = None
    note: str = ""


class StageRule(Rule):
    """Whether contacts of one stage of a debt are covered."""

    stage: str
    coverage: Coverage


class Applies(Rule):
    """Whom the pack binds and whom it protects."""

    actors: frozenset[str]
    other_actors: Coverage = Coverage.POLICY_SAME_WINDOWS
    commercial: Coverage = Coverage.NOT_COVERED_SAME_WINDOWS


class Window(Rule):
    """Hours in which contact is allowed, half-open, in debtor-local minutes after midnight.

    holiday: "forbid" (and every date of a year whose holidays are not known), "forbid_known" or "allow".
    days: Monday first; a weekday without hours is forbidden. waivers: any of these, granted by the person,
    lifts it. replaces_policy: where this overlay is known to apply, its parent's POLICY windows give way on
    these channels.
    """

    channels: frozenset[Channel]
    days: tuple[tuple[tuple[int, int], ...], ...]
    holiday: str = "forbid"
    anchor: str = "send"
    waivers: frozenset[str] = frozenset()
    replaces_policy: bool = False


class Counting(Rule):
    """What every rule that looks back shares: which past contacts it sees.

    counts: the rung that a contact must have reached. shared_with: who else's contacts count ("creditor",
    "other_agency"); None: not known, so everybody's. credit_back: outcomes that a client may exclude with
    counsel's word.
    """

    channels: frozenset[Channel]
    scope: tuple[str, ...]
    counts: Rung
    exclude_outcomes: frozenset[str] = frozenset()
    exclude_kinds: frozenset[str] = frozenset()
    credit_back: frozenset[str] = frozenset()
    shared_with: tuple[str, ...] | None = None


class Cap(Counting):
    """At most so many in the last `rolling_days` local dates (today included), or in one `calendar` day, week
    or month.
    """

    at_most: int
    rolling_days: int = 0
    calendar: str = ""
    per_channel: bool = False
    only_if: tuple[str, ...] = ()


class MinGap(Counting):
    """Whole local days that must lie between two contacts: 2 means Monday, then Thursday."""

    full_days_between: int


class ChannelLock(Counting):
    """Once contacted by one channel, only that channel for `rolling_days` local dates, today included."""

    rolling_days: int


class Cooldown(Counting):
    """Quiet after a conversation, whoever began it. `channels` trigger it, `blocks` rest.

    trigger_day_is_day 1: 7 days block the day of the talk and the six after it; 0: the seven after it as
    well.
    """

    blocks: frozenset[Channel]
    days: int
    trigger_day_is_day: int = 1
    initiated_by: str = "any"


class Consent(Rule):
    """Channels that need the person's own authorisation before use; `exempt_kinds` do without."""

    channels: frozenset[Channel]
    requirement: str
    evidence: bool = True
    exempt_kinds: frozenset[str] = frozenset()
    withdraw: str = "any_time"


class Provenance(Rule):
    """Where a contact point may come from. What is in neither list is refused as well."""

    allowed: frozenset[str]
    forbid: frozenset[str] = frozenset()


class CallerId(Rule):
    """From which numbers a person may be called (checked when numbers are set up, not at each contact)."""

    hidden: str = "forbid"
    must_be_registered: str = ""
    prefix: str = ""


class Recipient(Rule):
    """How one kind of person around a debt is treated: guarantor, spouse, reference, workplace, minor."""

    who: str
    treatment: str


class ChannelRule(Rule):
    """Channels that are closed unless one of the named permissions stands in evidence."""

    channels: frozenset[Channel]
    unless: frozenset[str] = frozenset()


class Required(Rule):
    """What a contact must say. On `link_on` channels, all but `in_message` may stand behind a link."""

    when: str
    items: tuple[str, ...]
    channels: frozenset[Channel] = frozenset(Channel)
    kinds: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    link_on: frozenset[Channel] = frozenset()
    in_message: tuple[str, ...] = ()


class Forbidden(Rule):
    """What a contact must not say: a class of words. Words in `innocent` phrases never count.

    Phrases are plain words; `word*` matches any ending, `...` up to five words in between. An empty list
    means that words cannot decide it: other parts (disclosure levels, contact points) keep it.
    """

    content: str
    phrases: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    channels: frozenset[Channel] = frozenset(Channel)
    kinds: frozenset[str] = frozenset()
    except_kinds: frozenset[str] = frozenset()
    unless_provided: frozenset[str] = frozenset()


class LegalDuty(Rule):
    """A contact that the law obliges someone to make. `within_days` 0: at once; None: counted otherwise, see
    `note`.
    """

    trigger: str
    kind: str
    within_days: int | None = None
    reserve_cap: bool = False
    content: tuple[str, ...] = ()


class StopEvent(Rule):
    """An event after which the named channels fall silent, but for the kinds it allows."""

    event: str
    effect: str
    blocks: frozenset[Channel] = frozenset(Channel)
    allows: frozenset[str] = frozenset()


class Exempt(Rule):
    """Kinds of contact that the law takes out of its measures (hours, caps, locks), as long as they stay
    pure.
    """

    kinds: frozenset[str]


class Retention(Rule):
    """What must be kept of each contact and for how long."""

    fields: tuple[str, ...]
    years: int
    counted_from: str


class Registry(Rule):
    """A public register that someone must be in before contacting."""

    name: str
    by: str
    before: str
    fields: tuple[str, ...] = ()
    refresh: str = ""


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
