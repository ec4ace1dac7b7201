"""What the law has to know of a contact, past or intended; nothing here knows what a debtor looks like in a
database.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from recobro.domain.channel import Channel, Kind


class Rung(StrEnum):
    """How far a past contact got. A pack says which rung it counts."""

    RELEASED = "released"  # claimed, then definitely not accepted by the carrier: counts for nobody
    ATTEMPT = (
        "attempt"  # placed; not known to have been accepted (failed later, hard bounce, busy, not in service)
    )
    SENT = "sent"  # accepted by the carrier, or unknown whether it was (twice is worse than late)
    CONNECTED = "connected"  # a call that rang or hit voicemail
    DELIVERED = "delivered"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class PastContact:
    """One contact that happened (or may have), by us, by the creditor, by another agency, or begun by the
    debtor.

    at: aware UTC. outcome: the raw word of the carrier or the agent ("busy", "hard_bounce", "no_answer" …).
    by: "collector" | "creditor" | "other_agency" | "debtor". of: whose contact it is: "" this person's own, with
    this client; else what it has in common with the intended one: "household" (another member), "contact_point"
    (another person there), "account" (another obligor), "agency" (this person, for another client of the agency).
    """

    at: datetime
    channel: Channel
    creditor: str
    debts: tuple[str, ...] = ()
    rung: Rung = Rung.ATTEMPT
    outcome: str = ""
    kind: Kind = Kind.COLLECTION
    by: str = "collector"
    point: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Intended:
    """One contact that we would like to make.

    stage: "pre_due" | "past_due" | "litigation" | "insolvency". acts_as: "first_party" | "third_party" |
    "debt_buyer". debtor: "consumer" | "commercial". role: "principal" | "codebtor" | "guarantor" (others are
    never contacted). zones: IANA names, every plausible one when the place is unknown; empty: the pack's own
    list. provenance: where the contact point came from ("creditor", "debtor", "debtor_authorised",
    "guarantor", "joint_obligor", "skip_trace", "reference", "unknown" …). authorised: the channels the person
    authorised with evidence for this point; waivers: pack waiver names that the person granted, with evidence
    ("debtor_request", "separate_instrument_after_contract"). line: "home" | "mobile" | "work" | "shared" |
    "unknown".
    """

    channel: Channel
    kind: Kind
    creditor: str
    stage: str
    acts_as: str
    debts: tuple[str, ...] = ()
    debtor: str = "consumer"
    role: str = "principal"
    country: str = ""
    subdivision: str = ""
    zones: tuple[str, ...] = ()
    provenance: str = "unknown"
    authorised: frozenset[Channel] = frozenset()
    waivers: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    line: str = "unknown"
    point: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A contact the law obliges us to make, which keeps a slot of a cap free until its deadline.

    channels: by which it may be made; empty: any. creditor: whose it is: caps of other creditors alone are not its
    concern; empty: everybody's.
    """

    rule: str
    deadline: datetime
    channels: frozenset[Channel] = frozenset()
    creditor: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays of one country (and subdivision), as plain dates, precomputed so that no Lambda imports a
    library for them.
    """

    country: str
    dates: frozenset[date]
    covers: tuple[int, int]  # first and last year that `dates` is complete for
