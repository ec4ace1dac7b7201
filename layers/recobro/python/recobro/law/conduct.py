"""The rules of conduct: who may be contacted, where, with which words, and what must be done, kept and
stopped.
"""

from recobro.domain.channel import Channel
from recobro.law.rule import Rule


class Consent(Rule):
    """Channels that need the person's own authorisation before use; `exempt_kinds` do without.

    companies_too: it does not protect consumers alone, so a `commercial` debtor has it as well.
    """

    channels: frozenset[Channel]
    requirement: str
    evidence: bool = True
    exempt_kinds: frozenset[str] = frozenset()
    companies_too: bool = False
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
    """A contact that the law obliges someone to make, within so many days of its trigger (0: at once), or at
    least so many before what it announces. Neither: counted otherwise, see `note`.
    """

    trigger: str
    kind: str
    within_days: int | None = None
    days_before: int | None = None
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
    pure. Of its own pack alone: what a country exempts, an overlay's hours and caps still bind.
    """

    kinds: frozenset[str]


class Retention(Rule):
    """What must be kept of each contact and for how long."""

    fields: tuple[str, ...]
    years: int
    counted_from: str


class ComplaintAnswer(Rule):
    """Within how many business days a complaint has to have its answer."""

    business_days: int


class Registry(Rule):
    """A public register that someone must be in before contacting."""

    name: str
    by: str
    before: str
    fields: tuple[str, ...] = ()
    refresh: str = ""
