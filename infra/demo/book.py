"""What really happened in the invented world, as only the world knows it: money, arrivals, words; the audit's evidence."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from infra.demo.portfolio import Portfolio

ANSWERED_WITHIN = timedelta(hours=1)
"""An answer comes while the person still holds the telephone; later it is a contact like any other."""


CHOSEN_HOURS = (time(10), time(18))
"""What those choose on the page who choose hours at all: Monday to Friday."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message or call as its carrier took it. result: "accepted" | "unanswered" (taken, but the caller never heard)
    | "refused". debtor, attempt: what the sender put into the carrier's own echo fields. by: "recobro" or an agent.
    is_answer: it came at once after the person's own words, by the same channel, one for each (`Book.answers`). is_receipt: it
    thanks for a payment.
    outcome: of a human call, the agent's word; of a message that reached nobody, the truth of it ("undelivered", "busy" …).
    """

    at: datetime
    channel: str
    address: str
    debtor: str
    attempt: str
    text: str
    result: str
    by: str = "recobro"
    code: str = ""
    outcome: str = ""
    person: str = ""
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    answered_at: datetime | None = None
    is_answer: bool = False
    is_receipt: bool = False

    @property
    def taken(self) -> bool:
        """Whether it went to the person as far as anybody can know."""
        return self.result in {"accepted", "unanswered"}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the house was told and answered. kind: "payment" | "opt_out" | "wrong_person" | "dispute" | "forged" | "stop"
    (every channel) | "hours" (CHOSEN_HOURS and no others) | "paid_claim" | "hardship" | "agreed" (to a plan, on the page).

    at: the instant of the 2xx, of the agent's record, or of the message's arrival on its topic.
    """

    at: datetime
    kind: str
    person: str = ""
    address: str = ""
    debt: str = ""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that moved. way: "gateway" | "direct". why: "alone" | "reminded" | "promise"."""

    at: datetime
    debt: str
    amount: int
    currency: str
    person: str
    way: str
    why: str


@dataclass
class Book:
    """The world's own record. balances: debt key → minor units left."""

    portfolio: Portfolio
    balances: dict[str, int] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    payments: list[Paid] = field(default_factory=list)
    words: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    """(at, channel, address, text) of what people wrote."""
    unanswered: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    """(channel, address) → when people wrote from there what nobody has answered yet."""
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    """HTTP status → how often a gateway was answered so."""
    webhooks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Gateway → what it did and what came of it ("accepted", "late", "twice", "out of order", "forged", "refused")."""

    def __post_init__(self) -> None:
        self.balances = {key: debt.amount for key, debt in self.portfolio.debts().items()}

    def arrive(self, arrival: Arrival) -> int:
        """Record it; the number by which to say later what became of it."""
        self.arrivals.append(arrival)
        return len(self.arrivals) - 1

    def wrote(self, at: datetime, channel: str, address: str, words: str) -> None:
        """A person wrote."""
        self.words.append((at, channel, address, words))
        self.unanswered[channel, address].append(at)

    def answers(self, at: datetime, channel: str, address: str) -> bool:
        """Whether a message is the answer to what a person wrote within the hour; each word has one answer."""
        waiting = self.unanswered[channel, address]
        fresh = [one for one in waiting if at - one <= ANSWERED_WITHIN]
        self.unanswered[channel, address] = fresh[1:]
        return bool(fresh)

    def mark(self, number: int, **changed: datetime | str) -> None:
        self.arrivals[number] = replace(self.arrivals[number], **changed)  # type: ignore[arg-type]

    def pay(self, paid: Paid) -> Paid | None:
        """Take it off the balance; never more than is owed. None: nothing was owed any more."""
        amount = min(paid.amount, self.balances.get(paid.debt, 0))
        if amount <= 0:
            return None
        self.balances[paid.debt] -= amount
        done = replace(paid, amount=amount)
        self.payments.append(done)
        return done

    def recovered(self) -> dict[str, int]:
        """currency → minor units paid in all."""
        return by_currency(self.payments)


def by_currency(payments: list[Paid]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for one in payments:
        total[one.currency] += one.amount
    return dict(sorted(total.items()))
