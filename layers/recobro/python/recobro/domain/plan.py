"""A debt paid in parts: offered as policy computes it, chosen by the person, confirmed in writing, followed part by part."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Authority(StrEnum):
    """Who may grant an offer: the machine, somebody in charge, or the creditor alone."""

    AUTOMATIC = "automatic"
    SUPERVISOR = "supervisor"
    CREDITOR = "creditor"


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One payment of a plan. amount: minor units. judged_on: its date plus grace, when it is kept or missed."""

    due_on: date
    amount: int
    judged_on: date


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """What policy computed for one person on one day, and nothing else is ever offered (domain/offers.py).

    id: the same terms have the same id. owed: what stood on the debts, minor units; discount: what of it is waived once every
    part is paid. debts: which debts it settles. expires_at: aware. void_after_missed: parts missed in all.
    """

    id: str
    policy: str
    creditor: str
    currency: str
    parts: tuple[PlanPart, ...]
    owed: int
    discount: int
    debts: tuple[str, ...]
    authority: Authority
    expires_at: datetime
    void_after_missed: int = 1

    @property
    def total(self) -> int:
        """What is paid in all, minor units."""
        return sum(part.amount for part in self.parts)


class PlanStatus(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """An offer that the person chose. paid: minor units seen so far; missed: how many dates passed without their money.

    by: who agreed it: "debtor", or an agent's id. owed, debts, made_at: as a promise's, so that money paid to the creditor
    directly counts too. judged: how many of its dates were looked at. owed_anew: those of its debts that a file asks for again after
    they had been settled; of these it waives nothing any more.
    """

    id: str
    episode: int
    offer: PlanOffer
    made_at: datetime
    channel: str = ""
    by: str = "debtor"
    status: PlanStatus = PlanStatus.OPEN
    paid: int = 0
    judged: int = 0
    missed: int = 0
    owed_anew: tuple[str, ...] = ()

    @property
    def creditor(self) -> str:
        return self.offer.creditor

    @property
    def currency(self) -> str:
        return self.offer.currency

    @property
    def debts(self) -> tuple[str, ...]:
        return self.offer.debts

    @property
    def owed(self) -> int:
        return self.offer.owed

    @property
    def is_open(self) -> bool:
        return self.status is PlanStatus.OPEN

    @property
    def waived(self) -> int:
        """What nobody asks for once it is kept, minor units: its discount, and the little that a kept plan may be short of."""
        is_granted = self.status is PlanStatus.KEPT and self.offer.discount > 0
        return max(0, self.owed - self.paid) if is_granted else 0

    def asked_by(self, parts: int) -> int:
        """What the first so many parts ask for together."""
        return sum(part.amount for part in self.offer.parts[:parts])

    def next_part(self) -> PlanPart | None:
        """The first part that what was paid does not cover yet; one whose date passed with enough of it is behind us."""
        return self.offer.parts[self._next - 1] if self._next else None

    def left_of_next(self) -> int:
        """How much is still to come by the date of the next part, with what an earlier one was short of, minor units; 0: none is
        waited for."""
        return self.asked_by(self._next) - self.paid if self._next else 0

    @property
    def _next(self) -> int:
        """The number of the next part; 0: none is waited for."""
        passed = self.judged if not self.missed else 0
        numbers = range(passed + 1, len(self.offer.parts) + 1)
        return next((one for one in numbers if self.paid < self.asked_by(one)), 0)
