"""Why we leave a person or a debt in peace: each hold says what it covers, who owns it, and how it ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HoldReason(StrEnum):
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    DECEASED = "deceased"
    INSOLVENCY = "insolvency"
    WRONG_PERSON = "wrong_person"
    ALREADY_PAID = "already_paid"
    COMPLAINT = "complaint"
    OPT_OUT = "opt_out"
    PAUSE = "pause"
    ASKED_FOR_PERSON = "asked_for_person"
    PAYMENT_PENDING = "payment_pending"
    PAYMENT_REVERSED = "payment_reversed"


@dataclass(frozen=True, slots=True)
class Hold:
    """`debts` empty: the whole person. `creditor` empty: every creditor. review_at: when somebody has to look.

    resumes: True when the hold ends by itself at `review_at`; else only a person lifts it.
    """

    id: str
    reason: HoldReason
    placed_at: datetime
    owner: str
    review_at: datetime | None = None
    debts: tuple[str, ...] = ()
    creditor: str = ""
    resumes: bool = False
    lifted_at: datetime | None = None

    def binds(self, debt_key: str, now: datetime) -> bool:
        """Whether it forbids contact about that debt at that instant."""
        if self.lifted_at is not None:  # by whatever clock
            return False
        if self.resumes and self.review_at is not None and self.review_at <= now:
            return False
        if self.creditor and not debt_key.startswith(f"{self.creditor}/"):
            return False
        return not self.debts or debt_key in self.debts
