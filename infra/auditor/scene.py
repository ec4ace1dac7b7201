"""What a judge must know of one contact: what was done, to whom, and all that had happened before."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Happened:
    """A contact of the past. by: "collector" (us), "creditor", "other_agency" or "debtor" (who called us).

    rung: how far it got: released | attempt | sent | connected | delivered | conversation. at: aware UTC.
    shared: empty for the person's own with this client; else what it has in common with the contact judged: "household",
    "contact_point", "account" (with somebody else who shares it), "agency" (this person's, for another client of the agency).
    """

    at: datetime
    channel: str
    creditor: str = ""
    debts: tuple[str, ...] = ()
    rung: str = "sent"
    outcome: str = ""
    kind: str = "collection"
    by: str = "collector"
    point: str = ""
    shared: str = ""


@dataclass(frozen=True)
class OpenDuty:
    """A contact that the law still waits for: it keeps a slot until its deadline. channels, creditor: none named: any."""

    rule: str
    deadline: datetime
    channels: frozenset[str] = frozenset()
    creditor: str = ""


@dataclass(frozen=True)
class Scene:
    """One contact of ours with what was true of the person and the point when it was made. Field by field as EXPORT.md."""

    at: datetime
    channel: str
    kind: str = "collection"
    creditor: str = ""
    debts: tuple[str, ...] = ()
    stage: str = "past_due"
    acts_as: str = "third_party"
    debtor_class: str = "consumer"
    role: str = "principal"
    country: str = ""
    subdivision: str = ""
    zones: tuple[str, ...] = ()
    provenance: str = "unknown"
    authorised: frozenset[str] = frozenset()
    waivers: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    line: str = "unknown"
    point: str = ""
    before: tuple[Happened, ...] = ()
    duties: tuple[OpenDuty, ...] = ()
    closed_dates: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Breach:
    """A rule that the contact broke. local: the debtor's clock on which it shows; why: in plain words.

    of: the rule that could not be judged for want of a calendar, where `rule` says just that.
    """

    rule: str
    article: str
    local: datetime
    why: str
    of: str = ""
