"""What happened, in the past tense: the only way in which a debtor's record ever changes.

Facts hold codes, ids, amounts and keyed hashes, never personal content, so that the history outlives an erasure.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from recobro.codec import from_plain, to_plain
from recobro.domain.allocation import Split
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.contact_point import ContactPoint, PointState
from recobro.domain.conversation import Conversation, Reply
from recobro.domain.debt import Debt, DebtStatus
from recobro.domain.debtor import Profile
from recobro.domain.decision import Contact
from recobro.domain.hold import Hold
from recobro.domain.letter import ReleaseLetter
from recobro.domain.pay_link import PayLink
from recobro.domain.payment import Heard, Payment
from recobro.domain.plan import PaymentPlan, PlanStatus
from recobro.domain.preferences import ChosenHours
from recobro.domain.promise import PromiseStatus, PromiseToPay
from recobro.domain.refusal import Refusal
from recobro.domain.task import Task
from recobro.domain.waiver import CallBack, Waiver
from recobro.errors import InvariantBroken


@dataclass(frozen=True)
class DebtorOpened:
    """The first fact of every debtor. personal: keyed digest of what identifies the person."""

    profile: Profile
    personal: str


@dataclass(frozen=True)
class ProfileChanged:
    profile: Profile


@dataclass(frozen=True)
class PersonalChanged:
    personal: str


@dataclass(frozen=True)
class DebtRecorded:
    """A debt as the creditor's feed (or a person) states it now: new, or in place of what we knew.

    shows_payment: it asks for less than we knew to be owed, so the creditor was paid directly, or let go of some of it.
    """

    debt: Debt
    shows_payment: bool = False


@dataclass(frozen=True)
class DebtStatusChanged:
    """shows_payment: the creditor says that what we knew to be owed is paid."""

    debt: str
    status: DebtStatus
    why: str = ""
    shows_payment: bool = False


@dataclass(frozen=True)
class FeedRead:
    """The creditor's balances of that person are true as of that day."""

    creditor: str
    as_of: date
    source: str


@dataclass(frozen=True)
class PointRecorded:
    point: ContactPoint


@dataclass(frozen=True)
class PointStateChanged:
    point: str
    state: PointState
    reason: str


@dataclass(frozen=True)
class PointChannelBlocked:
    """One channel at one point is closed ("this is a landline", "stop this channel")."""

    point: str
    channel: Channel
    reason: str


@dataclass(frozen=True)
class ChannelStopped:
    """The person closed a channel at every point; "*" closes them all."""

    channel: str
    reason: str


@dataclass(frozen=True)
class ChannelReopened:
    """The person opens a channel again that they had closed; "*": the stop of all. evidence: where they said so."""

    channel: str
    evidence: str


@dataclass(frozen=True)
class HoursChosen:
    """When the person wants to hear from us; the last choice holds."""

    hours: ChosenHours


@dataclass(frozen=True)
class EpisodeOpened:
    number: int
    creditor: str
    currency: str


@dataclass(frozen=True)
class EpisodeClosed:
    number: int
    why: str


@dataclass(frozen=True)
class StepMarked:
    """how: "sent" | "handed_over" | "unknown" | "reopened" (its message failed: another channel may try)."""

    episode: int
    step: str
    how: str


@dataclass(frozen=True)
class AttemptClaimed:
    """The slot is taken before anything is sent, with the decision that took it, whole.

    off: the scopes that were switched off then; empty: none was, or it is an old record, which names none. spent: the channels
    that the month's money was spent for then, where the decision rests on it; each by its budget's no ("budget.sms").
    """

    attempt: ContactAttempt
    decision: Contact | None = None
    off: tuple[str, ...] = ()
    spent: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class ContactReported:
    """A contact that the creditor, another agency or the person made, or that we made with somebody who shares a cap with
    this person (`by` "shared.household" …): it counts, and is not ours to this person.
    """

    attempt: ContactAttempt


@dataclass(frozen=True)
class AttemptProgressed:
    """The attempt moved forward; a report that would move it back is recorded and changes nothing."""

    attempt: str
    status: AttemptStatus
    outcome: str = ""
    provider_id: str = ""
    cost: int = 0
    is_spent: bool = False


@dataclass(frozen=True)
class NoticeGiven:
    """The first-contact notice of an episode reached its point by a channel able to carry it."""

    episode: int
    attempt: str


@dataclass(frozen=True)
class PromiseMade:
    promise: PromiseToPay


@dataclass(frozen=True)
class PromiseJudged:
    promise: str
    status: PromiseStatus
    paid: int


@dataclass(frozen=True)
class HoldPlaced:
    hold: Hold


@dataclass(frozen=True)
class HoldLifted:
    hold: str
    by: str


@dataclass(frozen=True)
class TaskOpened:
    task: Task


@dataclass(frozen=True)
class TaskTaken:
    task: str
    owner: str


@dataclass(frozen=True)
class TaskClosed:
    """note: keyed hash of what the person wrote; flagged: the rules of law that its words would break in a message."""

    task: str
    disposition: str
    note: str = ""
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaymentPosted:
    payment: Payment


@dataclass(frozen=True)
class PaymentReversed:
    """Carries what it takes back, since the payment itself may have left the record long ago.

    split: exactly where it had gone; None in old records: all of it to the principal.
    """

    intent: str
    debt: str
    amount: int
    why: str
    split: Split | None = None
    part: int = 1


@dataclass(frozen=True)
class PaymentHeard:
    """How far the record now knows of a payment. asks: the gateway's API has to say whether it is true."""

    heard: Heard
    asks: bool = False


@dataclass(frozen=True)
class LetterRequested:
    """A debt is settled: the creditor owes the person a letter that says so."""

    letter: ReleaseLetter


@dataclass(frozen=True)
class LetterProgressed:
    """status: "received" | "delivered". document: where the file stands; media: its content type;
    by: who brought or took it."""

    debt: str
    status: str
    document: str = ""
    digest: str = ""
    media: str = ""
    by: str = ""


@dataclass(frozen=True)
class MessageReceived:
    """Somebody wrote or called from an address of the person. content: keyed hash of the words; intent: what we took them to mean, of
    another's what of it binds this person.

    whose: "own" | "another": one of several people there showed to have written it, this one or not; "doubt": none of several showed
    it; empty: nobody else had the address, or an older release recorded it.
    """

    channel: Channel
    point: str
    content: str
    intent: str
    attempt: str = ""
    whose: str = ""


@dataclass(frozen=True)
class PlanAgreed:
    """The person chose one of the plans that policy had computed, with its terms, whole."""

    plan: PaymentPlan


@dataclass(frozen=True)
class PlanJudged:
    """One date of a plan came, or money did. paid: in all, minor units; judged, missed: how many of its dates."""

    plan: str
    status: PlanStatus
    paid: int
    judged: int
    missed: int


@dataclass(frozen=True)
class ConversationMoved:
    """Where the talk with the person stands now, on every channel."""

    conversation: Conversation


@dataclass(frozen=True)
class ReplyOwed:
    """We have an answer to give, and until when it makes sense."""

    reply: Reply


@dataclass(frozen=True)
class LegalEventHappened:
    """A stop event of the law: "served_in_suit", "insolvency_started", "data_objection_arco" …; evidence: where we learnt it."""

    event: str
    evidence: str = ""


@dataclass(frozen=True)
class WaiverGranted:
    """The person allowed what the law leaves to them, with evidence; a later one of the same name takes its place."""

    waiver: Waiver


@dataclass(frozen=True)
class WaiverEnded:
    name: str
    why: str


@dataclass(frozen=True)
class CallBackAgreed:
    """The person asked to be called, between two instants."""

    call_back: CallBack


@dataclass(frozen=True)
class IdentityChecked:
    """Somebody tried to show that they are the person. attempt: the message that led them there; channel: "portal" …"""

    attempt: str
    channel: str
    passed: bool


@dataclass(frozen=True)
class ProofGiven:
    """The person sent something to show that they paid. document: key of the file in the client's bucket; digest: its SHA-256, hex;
    media: what it is by how it begins; size: bytes."""

    document: str
    digest: str
    media: str
    size: int


@dataclass(frozen=True)
class PayLinkMade:
    """A gateway gave us a link by which this person can pay one creditor."""

    link: PayLink


@dataclass(frozen=True)
class PayLinkVoided:
    """It is given out no more: money came, or another amount was asked for."""

    number: int
    why: str


@dataclass(frozen=True)
class PayLinkWithdrawn:
    """Its gateway was told, and takes no money by it."""

    number: int


@dataclass(frozen=True)
class PlanMoved:
    """The next action moved because a rule said no: kept so that "why not then?" can be answered later."""

    rule: str
    until: datetime | None = None


@dataclass(frozen=True)
class Erased:
    """What identified the person is gone; counts, costs and the chain stay."""

    request: str


Fact = (
    DebtorOpened
    | ProfileChanged
    | PersonalChanged
    | DebtRecorded
    | DebtStatusChanged
    | FeedRead
    | PointRecorded
    | PointStateChanged
    | PointChannelBlocked
    | ChannelStopped
    | ChannelReopened
    | HoursChosen
    | EpisodeOpened
    | EpisodeClosed
    | StepMarked
    | AttemptClaimed
    | ContactReported
    | AttemptProgressed
    | NoticeGiven
    | PromiseMade
    | PromiseJudged
    | HoldPlaced
    | HoldLifted
    | TaskOpened
    | TaskTaken
    | TaskClosed
    | PaymentPosted
    | PaymentReversed
    | PaymentHeard
    | LetterRequested
    | LetterProgressed
    | MessageReceived
    | PlanAgreed
    | PlanJudged
    | ConversationMoved
    | ReplyOwed
    | LegalEventHappened
    | WaiverGranted
    | WaiverEnded
    | CallBackAgreed
    | IdentityChecked
    | ProofGiven
    | PayLinkMade
    | PayLinkVoided
    | PayLinkWithdrawn
    | PlanMoved
    | Erased
)


def kind_of(fact: Fact) -> str:
    """The fact's name in records and tables: `attempt_claimed`."""
    return _NAMES[type(fact)]


def fact_to_plain(fact: Fact) -> dict[str, Any]:
    """A fact as plain JSON, its kind beside its fields."""
    plain: dict[str, Any] = to_plain(fact)
    return {"kind": kind_of(fact), **plain}


def fact_from_plain(plain: dict[str, Any]) -> Fact:
    """The fact that `plain` records. Raises InvariantBroken for a kind that this release does not know."""
    values = dict(plain)
    kind = _KINDS.get(values.pop("kind", ""))
    if kind is None:
        raise InvariantBroken(f"fact of unknown kind {plain.get('kind')!r}: written by a newer release?")
    fact: Fact = from_plain(kind, values)
    return fact


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


_NAMES: dict[type, str] = {kind: _snake(kind.__name__) for kind in Fact.__args__}
_KINDS: dict[str, Any] = {name: kind for kind, name in _NAMES.items()}
