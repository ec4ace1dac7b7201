"""One obligation: what is owed to whom, since when, what of it is due now, and whether we may speak of it at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from recobro.domain.money import Money


class DebtStatus(StrEnum):
    """Only an active debt is ever collected; each other status says who took it out of our hands."""

    ACTIVE = "active"
    PAID = "paid"
    DISPUTED = "disputed"
    RECALLED = "recalled"
    SOLD = "sold"
    JUDICIAL = "judicial"
    INSOLVENT = "insolvent"
    WRITTEN_OFF = "written_off"


class Role(StrEnum):
    """A person's part in a debt. Spouses, relatives and references are third parties and have none."""

    PRINCIPAL = "principal"
    CODEBTOR = "codebtor"
    GUARANTOR = "guarantor"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is outstanding, split as the contract splits it; minor units of the debt's currency."""

    principal: int = 0
    interest: int = 0
    fees: int = 0
    taxes: int = 0

    @property
    def total(self) -> int:
        """All that is outstanding, due or not yet due."""
        return self.principal + self.interest + self.fees + self.taxes


@dataclass(frozen=True, slots=True)
class Instalment:
    """One dated part of a debt; `outstanding` in minor units."""

    number: int
    due_on: date
    outstanding: int


@dataclass(frozen=True, slots=True)
class Debt:
    """One obligation of one debtor in one role.

    ref: creditor's reference, unique with `creditor`. calculated_on: the day the amounts were true.
    seen_in: id of the last import that named it. limitation_on: None when the creditor did not say.
    report_on: the day on which the creditor means to tell a credit bureau.
    credit: unapplied credit notes, minor units, taken off what is due.
    """

    ref: str
    creditor: str
    currency: str
    amounts: Amounts
    due_on: date
    calculated_on: date
    role: Role = Role.PRINCIPAL
    status: DebtStatus = DebtStatus.ACTIVE
    product: str = ""
    instalments: tuple[Instalment, ...] = ()
    credit: int = 0
    assigned_on: date | None = None
    assigned_until: date | None = None
    acknowledged_on: date | None = None
    limitation_on: date | None = None
    report_on: date | None = None
    orders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    seen_in: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Creditor and reference in one word: how attempts, promises and holds name a debt."""
        return f"{self.creditor}/{self.ref}"

    @property
    def outstanding(self) -> Money:
        """What is owed in all, credits taken off; never below zero."""
        return Money(max(0, self.amounts.total - self.credit), self.currency)

    def is_assigned(self, today: date) -> bool:
        """Whether the creditor has it with us on that local day."""
        started = self.assigned_on is None or self.assigned_on <= today
        return started and (self.assigned_until is None or today <= self.assigned_until)

    def is_time_barred(self, today: date) -> bool:
        """Past its limitation date: no pressure, a person decides (PRACTICE: Limitation)."""
        return self.limitation_on is not None and self.limitation_on <= today

    def due_now(self, today: date) -> Money:
        """The part whose date has come. Before the first date: what the next date will ask for."""
        if not self.instalments:
            return self.outstanding
        open_ones = [part for part in self.instalments if part.outstanding > 0]
        past = [part for part in open_ones if part.due_on <= today]
        asked = past or open_ones[:1]
        return Money(max(0, sum(part.outstanding for part in asked) - self.credit), self.currency)

    def oldest_due_on(self) -> date:
        """The date from which days past due are counted: the oldest unpaid instalment's, else the debt's own."""
        dates = [part.due_on for part in self.instalments if part.outstanding > 0]
        return min(dates, default=self.due_on)
