"""Every row of a creditor's file is taken or handed back with its reason: nothing is lost without a word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointKind
from recobro.domain.debt import Amounts, DebtStatus, Role
from recobro.domain.phone_forms import reached_by


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """What was not taken and how to mend it. No personal content beyond the offending cell, masked if it is personal.

    row_number: as a spreadsheet shows it. field: the file's own header. code: stable, for counting ("amount.ambiguous").
    scope: "row" (nothing of the row was taken) | "cell" (the row was taken without this cell). about: key of the debt that the row
    names all the same; empty: none that can be read.
    """

    row_number: int
    field: str
    reason: str
    fix: str
    code: str
    value_shown: str = ""
    scope: str = "row"
    about: str = ""


@dataclass(frozen=True, slots=True)
class PointGiven:
    """A contact point as a row gives it; `value` canonical (E.164, e-mail, token, address). provenance: "" when unsaid."""

    kind: PointKind
    value: str
    line: str = "unknown"
    contact: str = ""
    provenance: str = ""

    def told_again(self, then: "PointGiven") -> "PointGiven":
        """What two places of a file say of one point: a line that others use, too, is nobody's own, whichever place is read first."""
        told = [one for one in (self.line, then.line) if one != "unknown"]
        line = next((one for one in told if one in ("shared", "work")), told[0] if told else "unknown")
        value = reached_by(self.value, then.value)
        return replace(self, value=value, line=line, contact=self.contact or then.contact)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The channels that the row says the person allowed. `channels` empty: it says that there are none."""

    channels: tuple[Channel, ...] = ()
    on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ContactTold:
    """A contact that we did not make. by: "creditor" | "other_agency" | "debtor". outcome: the words the law counts by where
    we know what was meant ("no_answer"), else as told. written: the time as it was told, where that names no instant.
    """

    at: datetime
    channel: Channel
    by: str = "creditor"
    outcome: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """One row, normalised and checked: one debt (or instalment) of one debtor in one role, and how to reach the person.

    debtor: id. identity: what it was hashed from, "MX:RFC:…" or "creditor:customer number". Amounts and credit in minor
    units; credit None, dates None and texts "" where the file says nothing. instalment: 0 when the row is the whole debt.
    report_on: when the creditor means to tell a credit bureau. legal_event: in the words of the packs. household: keyed hash.
    allowed: None where the file has no say on it. refused: channels closed by the person ("*": all).
    notes: cells that were left out, with their reasons. Goes to JSON and back through `recobro.codec`.
    """

    row: int
    debtor: str
    identity: str
    creditor: str
    debt_ref: str
    currency: str
    amounts: Amounts
    due_on: date
    calculated_on: date
    national_id: str = ""
    role: Role = Role.PRINCIPAL
    status: DebtStatus = DebtStatus.ACTIVE
    instalment: int = 0
    name: str = ""
    given_name: str = ""
    kind: str = ""
    law: str = ""
    country: str = ""
    subdivision: str = ""
    zones: tuple[str, ...] = ()
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    product: str = ""
    tags: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    credit: int | None = None
    assigned_on: date | None = None
    assigned_until: date | None = None
    acknowledged_on: date | None = None
    limitation_on: date | None = None
    report_on: date | None = None
    legal_event: str = ""
    household: str = ""
    points: tuple[PointGiven, ...] = ()
    contact_name: str = ""
    contact_role: str = ""
    allowed: Allowance | None = None
    refused: tuple[str, ...] = ()
    contact_told: ContactTold | None = None
    notes: tuple[RejectedRow, ...] = ()

    @property
    def debt_key(self) -> str:
        return f"{self.creditor}/{self.debt_ref}"


class BadCell(Exception):
    """A cell that cannot be used. Caught where the row is known."""

    def __init__(self, code: str, reason: str, fix: str, *, field: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.fix, self.field, self.value = code, reason, fix, field, value
