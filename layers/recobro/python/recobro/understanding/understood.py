"""What a reply was taken to mean, with the words that decided, so that anyone can see why and say that it was wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from recobro.domain.money import Money


class Intent(StrEnum):
    """What people want when they answer (PRACTICE: What people answer)."""

    OPT_OUT = "opt_out"
    STOP_CHANNEL = "stop_channel"
    PROMISE = "promise"
    ALREADY_PAID = "already_paid"
    WANTS_TO_PAY = "wants_to_pay"
    WANTS_PLAN = "wants_plan"
    DISPUTE = "dispute"
    WRONG_PERSON = "wrong_person"
    DECEASED = "deceased"
    HARDSHIP = "hardship"
    ASKS_PERSON = "asks_person"
    COMPLAINT = "complaint"
    ABUSIVE = "abusive"
    MINOR = "minor"
    GREETING = "greeting"
    OTHER = "other"


class Verdict(StrEnum):
    """UNSURE: a person reads it, whatever intent was guessed."""

    SURE = "sure"
    UNSURE = "unsure"


class Ask(StrEnum):
    """What has to be asked before a promise may be written down."""

    WHICH_DAY = "which_day"
    WHICH_OF_TWO = "which_of_two"
    PAST = "past"
    IMPOSSIBLE = "impossible"
    HOW_MUCH = "how_much"


class Awaited(StrEnum):
    """What our last words asked for, so that "sí", "el 15" or "500" is an answer and no riddle."""

    NOTHING = ""
    YES_NO = "yes_no"
    DAY = "date"
    AMOUNT = "amount"
    CHOICE = "buttons"


@dataclass(frozen=True, slots=True)
class Context:
    """What we know when a message comes in.

    yes: what a "yes" to our question means, no: what a "no" means; OTHER: nothing by itself. choices: the buttons or numbered
    options we offered, as shown or as the carrier gives them back → intent. answers_ours: it comes within the talk we began.
    owed: what is due now; currency: of the debt, ISO 4217. holidays: local public holidays, for the note on a promised day.
    """

    awaited: Awaited = Awaited.NOTHING
    yes: Intent = Intent.OTHER
    no: Intent = Intent.OTHER
    choices: Mapping[str, Intent] = field(default_factory=dict)
    answers_ours: bool = True
    owed: Money | None = None
    currency: str = ""
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Matched:
    """One reason: the rule's id, the intent it speaks for, and the words (folded: no case, no accents) it saw."""

    rule: str
    intent: str
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day that somebody named. on: the day, or the likeliest one where we ask; None: no day can be told.

    ask: why it must be asked first; empty: it is exact. is_business_day: whether banks and we work then.
    """

    on: date | None
    words: str
    ask: tuple[Ask, ...] = ()
    is_business_day: bool = True


@dataclass(frozen=True, slots=True)
class Sum:
    """Money that somebody named: an amount, or a share of what is due. Neither: an unknown part of it ("algo").

    is_rest: what the other parts leave, as a share or amount where that can be told.
    """

    words: str
    amount: Money | None = None
    share: Fraction | None = None
    ask: tuple[Ask, ...] = ()
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of a promise: how much (None: what is due) and when (None: not said)."""

    sum: Sum | None
    day: Day | None


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised, payment by payment in the order said. ask: empty when nothing has to be asked."""

    parts: tuple[Part, ...]
    ask: tuple[Ask, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """One message, understood.

    also: other intents in the same message, most binding first. promise: for PROMISE, and wherever days or sums were named.
    channel: what STOP_CHANNEL stops, the family as said: "phone" | "sms" | "whatsapp" | "email" | "text" | "".
    paid_on: the day that ALREADY_PAID names. cut: it was longer than we read. needs_person: no
    rule and no classifier may answer it: somebody may harm themselves. is_stop_doubted: a rule heard an opt-out that nothing
    else bears out: nobody is taken off, and everybody there is left in peace until a person has read it.
    """

    intent: Intent
    verdict: Verdict
    also: tuple[Intent, ...] = ()
    matched: tuple[Matched, ...] = ()
    promise: Promised | None = None
    channel: str = ""
    paid_on: Day | None = None
    language: str = ""
    cut: bool = False
    needs_person: bool = False
    is_stop_doubted: bool = False

    @property
    def to_person(self) -> bool:
        """Whether a person must read it before anything but a hold is done."""
        return self.verdict is Verdict.UNSURE
