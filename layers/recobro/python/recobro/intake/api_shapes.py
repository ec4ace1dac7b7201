"""What a program may ask of the house and what it is told: these types are the API; its OpenAPI document is written from them.

Money in minor units with its currency; instants with their offset. Nothing here names a person: ids are keyed hashes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from recobro.domain.hold import HoldReason
from recobro.errors import InvalidInput

MOST_ROWS, MOST_CONTACTS, LONGEST_NAME, MOST_MONEY = 1_000, 500, 200, 10**15
FEEDS = ("full", "delta")
STATUSES = ("paid", "pending", "failed", "refunded", "charged_back")
CURRENCY = "[A-Z]{3}"
MONEY_ID = "[ -~]{1,100}"

BOUNDS: Mapping[tuple[str, str], Mapping[str, object]] = {
    ("PortfolioSent", "rows"): {"minItems": 1, "maxItems": MOST_ROWS},
    ("PortfolioSent", "feed"): {"enum": list(FEEDS)},
    ("DebtorSought", "reference"): {"minLength": 1, "maxLength": LONGEST_NAME},
    ("ContactsMade", "contacts"): {"minItems": 1, "maxItems": MOST_CONTACTS},
    ("PaymentMade", "id"): {"pattern": f"^{MONEY_ID}$"},
    ("PaymentMade", "reference"): {"minLength": 1, "maxLength": LONGEST_NAME},
    ("PaymentMade", "amount"): {"minimum": 1, "maximum": MOST_MONEY},
    ("PaymentMade", "currency"): {"pattern": f"^{CURRENCY}$"},
    ("PaymentMade", "status"): {"enum": list(STATUSES)},
}
"""(shape, member) → what of its values a schema can say; the use case refuses the rest as well."""


@dataclass(frozen=True)
class PortfolioSent:
    """Rows as a file would have them, column → cell (`recobro import` tells how columns are understood). At most 1,000.

    feed: "full" (what is missing was recalled) | "delta". as_of: the day on which the balances were true.
    """

    rows: tuple[Mapping[str, str], ...]
    as_of: date
    feed: str = "delta"


@dataclass(frozen=True)
class FileTaken:
    """The file that the rows stand in; its result comes to `results/` like any other's."""

    file: str


@dataclass(frozen=True)
class DebtorShort:
    """next_action: when the house would next do something; empty: nothing is planned."""

    id: str
    lane: str
    country: str
    open_debts: int
    next_action: datetime | None = None


@dataclass(frozen=True)
class DebtorPage:
    """next: the `cursor` of the page behind this one; empty: this is the last. Somebody who changes lane meanwhile may come twice."""

    items: tuple[DebtorShort, ...]
    next: str = ""


@dataclass(frozen=True)
class DebtorSought:
    """reference: the debt as the creditor names it, "brand/contract"."""

    reference: str


@dataclass(frozen=True)
class Found:
    """Everybody who owes that debt."""

    debtors: tuple[str, ...]


@dataclass(frozen=True)
class DebtShown:
    debt: str
    creditor: str
    status: str
    currency: str
    outstanding: int
    due_on: date


@dataclass(frozen=True)
class HoldShown:
    """debts empty: the whole person; creditor empty: every creditor."""

    id: str
    reason: str
    owner: str
    placed_at: datetime
    review_at: datetime | None = None
    debts: tuple[str, ...] = ()
    creditor: str = ""


@dataclass(frozen=True)
class PromiseShown:
    id: str
    creditor: str
    currency: str
    amount: int
    due_on: date
    status: str


@dataclass(frozen=True)
class DebtorShown:
    """One person as the ledger holds them, without name or address."""

    id: str
    version: int
    country: str
    language: str
    lane: str
    is_erased: bool
    debts: tuple[DebtShown, ...]
    holds: tuple[HoldShown, ...]
    promises: tuple[PromiseShown, ...]
    open_tasks: tuple[str, ...]
    next_action: datetime | None = None


@dataclass(frozen=True)
class ContactMade:
    """A contact that the creditor or another agency made; it counts against every cap. debt, as `creditor` names it, or address
    says with whom.

    by: "creditor" | "other_agency"; channel and outcome in the words of the portfolio's columns ("sms", "llamada" …).
    """

    at: str
    channel: str
    debt: str = ""
    address: str = ""
    creditor: str = ""
    by: str = "creditor"
    outcome: str = ""


@dataclass(frozen=True)
class ContactsMade:
    """At most 500."""

    contacts: tuple[ContactMade, ...]


@dataclass(frozen=True)
class ContactRejected:
    """number: the contact's place in the list, the first being 1."""

    number: int
    field: str
    problem: str
    fix: str


@dataclass(frozen=True)
class ContactsTaken:
    """counted: put on record, one for each person reached; repeated: known already; too_old: they weigh on no law."""

    counted: int
    repeated: int
    too_old: int
    rejected: tuple[ContactRejected, ...]


@dataclass(frozen=True)
class PaymentMade:
    """Money that the creditor has. id: its own, the same for every word about that money. status as gateways have it."""

    id: str
    reference: str
    amount: int
    currency: str
    at: datetime
    status: str = "paid"


@dataclass(frozen=True)
class PaymentTaken:
    """result: "posted" | "held" | "reversed" | "repeated" | "quarantined" | "closed" | "ignored" | "released". Told
    again alike: the first answer."""

    result: str


@dataclass(frozen=True)
class HoldWanted:
    """Leave a person, or some of their debts, in peace. review_at: when somebody has to look; a hold never ends unseen."""

    reason: HoldReason
    review_at: datetime
    debts: tuple[str, ...] = ()
    creditor: str = ""


@dataclass(frozen=True)
class Held:
    """hold: its id, in the record of each debtor that it binds."""

    hold: str
    debtors: tuple[str, ...]


@dataclass(frozen=True)
class Lifted:
    hold: str


@dataclass(frozen=True)
class Problem:
    """RFC 9457. field, fix: which member of the request, and what to write instead."""

    type: str
    title: str
    status: int
    detail: str = ""
    field: str = ""
    fix: str = ""


def check_payment(made: PaymentMade) -> None:
    """Raises InvalidInput with the member that cannot be meant."""
    if made.status not in STATUSES:
        raise InvalidInput("status", f"is {made.status!r}", f"one of: {', '.join(STATUSES)}")
    if not 0 < made.amount <= MOST_MONEY:
        raise InvalidInput("amount", f"is {made.amount}", "minor units, more than 0")
    if not re.fullmatch(MONEY_ID, made.id):
        raise InvalidInput("id", "is none", "1 to 100 printable ASCII characters")
    short_enough("reference", made.reference)
    if not re.fullmatch(CURRENCY, made.currency):
        raise InvalidInput("currency", "is none", "three capitals, as ISO 4217")
    utc("at", made.at)


def short_enough(field: str, text: str) -> None:
    if not 1 <= len(text) <= LONGEST_NAME:
        raise InvalidInput(field, f"has {len(text)} characters", f"1 to {LONGEST_NAME}")


def utc(field: str, instant: datetime) -> datetime:
    """As every instant of ours is written: the index of who is due sorts them as text. Raises InvalidInput."""
    fix = "write 2026-11-24T09:30:00-06:00"
    if instant.tzinfo is None:
        raise InvalidInput(field, "has no offset", fix)
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(field, "is no day of ours", fix) from None
