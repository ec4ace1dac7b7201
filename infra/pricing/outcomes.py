"""What the money bought: contacts, promises and recovered amounts, counted from the history; carriers' fees as receipts told them.

Nothing of a person is kept here, only counts; two currencies are never summed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus
from recobro.domain.chain import Recorded
from recobro.domain.promise import PromiseStatus
from recobro.house import House
from recobro.usecases.rehearse import everyone


@dataclass
class Outcomes:
    """fees: channel → micro-USD; contacts: channel → contacts; recovered, and contacts_in: by currency, minor units and counts.

    billed: contacts whose fee a receipt told; the others' is the client's own expectation.
    """

    debtors: int = 0
    contacts: Counter[str] = field(default_factory=Counter)
    contacts_in: Counter[str] = field(default_factory=Counter)
    fees: Counter[str] = field(default_factory=Counter)
    fees_in: Counter[str] = field(default_factory=Counter)
    billed: int = 0
    promises: int = 0
    kept: int = 0
    paid: dict[tuple[str, str, int], tuple[int, str]] = field(default_factory=dict)
    """(intent, debt, part) → amount and currency; a debt that several people owe has the same payment in each record."""
    returned: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def recovered(self) -> dict[str, int]:
        """Currency → minor units that were paid and not taken back."""
        found: Counter[str] = Counter()
        for amount, currency in self.paid.values():
            found[currency] += amount
        currencies = {(intent, debt): currency for (intent, debt, _), (_, currency) in self.paid.items()}
        for money, amount in self.returned.items():
            if money in currencies:
                found[currencies[money]] -= amount
        return dict(sorted(found.items()))


def outcomes_of(house: House) -> Outcomes:
    """The whole history, a person at a time."""
    done = Outcomes()
    for loaded in everyone(house):
        done.debtors += 1
        currencies = {debt.key: debt.currency for debt in loaded.debtor.debts}
        add_person(done, house.ledger.history(loaded.debtor.id), currencies)
    return done


@dataclass
class _Contact:
    channel: str
    currency: str
    fee: int = 0
    is_billed: bool = False
    is_released: bool = False


def add_person(done: Outcomes, history: Iterable[Recorded], currencies: dict[str, str]) -> None:
    """Count one person's facts. currencies: debt → its currency."""
    contacts: dict[str, _Contact] = {}
    returned: Counter[tuple[str, str]] = Counter()
    for one in history:
        match one.fact:
            case f.AttemptClaimed(attempt=attempt, decision=decision):
                owed = next(iter(attempt.debts), "")
                currency = decision.due.currency if decision is not None else currencies.get(owed, "")
                contacts[attempt.id] = _Contact(attempt.channel.value, currency)
            case f.AttemptProgressed(attempt=name, status=status, cost=cost) if name in contacts:
                contact = contacts[name]
                # The first word is ours, at the expected price; a receipt's is the carrier's own.
                contact.is_billed |= bool(cost) and contact.fee > 0
                contact.fee = max(contact.fee, cost)
                contact.is_released |= status is AttemptStatus.RELEASED
            case f.PromiseMade() | f.PromiseJudged():
                _promise(done, one.fact)
            case f.PaymentPosted(payment=payment):
                done.paid[payment.intent, payment.debt, payment.part] = (payment.amount, payment.currency)
            case f.PaymentReversed(intent=intent, debt=debt, amount=amount):
                returned[intent, debt] += amount
    for contact in contacts.values():
        if not contact.is_released:
            _count(done, contact)
    for money, amount in returned.items():
        done.returned[money] = max(done.returned.get(money, 0), amount)


def _promise(done: Outcomes, fact: f.PromiseMade | f.PromiseJudged) -> None:
    if isinstance(fact, f.PromiseMade):
        done.promises += 1
    else:
        done.kept += fact.status is PromiseStatus.KEPT


def _count(done: Outcomes, contact: _Contact) -> None:
    done.contacts[contact.channel] += 1
    done.contacts_in[contact.currency] += 1
    done.fees[contact.channel] += contact.fee
    done.fees_in[contact.currency] += contact.fee
    done.billed += contact.is_billed
