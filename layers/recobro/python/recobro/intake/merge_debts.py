"""What a creditor's file may change of a debt, and what it may not: a payment that we saw and a dispute outlive yesterday's file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from recobro.domain.client import Client
from recobro.domain.debt import Amounts, Debt, DebtStatus, Instalment, Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import DebtRecorded, DebtStatusChanged, Fact
from recobro.domain.hold import Hold, HoldReason
from recobro.intake.outcome import AcceptedRow, RejectedRow

MOST_DEBTS = 2000
"""Open debts that fit into one debtor's item (DESIGN §3: Size)."""

_OPEN = frozenset({DebtStatus.ACTIVE, DebtStatus.DISPUTED})
_OURS = {DebtStatus.DISPUTED: HoldReason.DISPUTE, DebtStatus.INSOLVENT: HoldReason.INSOLVENCY}
"""Statuses that a person's word brought about stay for as long as its hold does, whatever the file says."""


def refusals(
    debtor: Debtor, rows: Sequence[AcceptedRow], principals: Mapping[str, str], erased: Collection[str] = ()
) -> tuple[list[AcceptedRow], tuple[RejectedRow, ...]]:
    """The rows that can be taken, and those that contradict each other or what is known."""
    kept: list[AcceptedRow] = []
    rejects: list[RejectedRow] = []
    first: dict[str, AcceptedRow] = {}
    parts: dict[tuple[str, int], AcceptedRow] = {}
    new = len({row.debt_key for row in rows if row.status in _OPEN and debtor.debt(row.debt_key) is None})
    open_now = sum(debt.status in _OPEN for debt in debtor.debts)
    is_full = new > 0 and open_now + new > MOST_DEBTS
    for row in rows:
        known = debtor.debt(row.debt_key)
        other = first.setdefault(row.debt_key, row)
        part = parts.setdefault((row.debt_key, row.instalment), row)
        reject = _erased(debtor, row, erased) or _elsewhere(row, principals) or _other_currency(row, known)
        if reject is None and is_full and known is None:
            reject = _reject(
                row, "debt_ref", f"would make {open_now + new} open debts of one debtor, over {MOST_DEBTS}",
                "import one summary row, or split the debtor by branch", "debt.too_many",
            )  # fmt: skip
        if reject is None and row is not other:
            reject = _unlike(row, other, part)
        if reject is None:
            kept.append(row)
        else:
            rejects.append(reject)
            if other is row:
                del first[row.debt_key]
            if part is row:
                del parts[row.debt_key, row.instalment]
    return kept, tuple(rejects)


def debts_of(
    debtor: Debtor, rows: Sequence[AcceptedRow], import_id: str, client: Client
) -> tuple[list[Fact], tuple[RejectedRow, ...]]:
    """Facts for the debts that are new or changed, and notes on what the file says and we kept otherwise."""
    facts: list[Fact] = []
    notes: list[RejectedRow] = []
    zone = ZoneInfo(client.schedule.time_zone)
    grouped: dict[str, list[AcceptedRow]] = {}
    for row in rows:
        grouped.setdefault(row.debt_key, []).append(row)
    for key, group in grouped.items():
        known = debtor.debt(key)
        stated = _stated(group, known, import_id)
        if known is None:
            facts.append(DebtRecorded(_closed_if_nothing(stated)))
            continue
        merged, kept = _with_ours(debtor, known, stated, zone)
        changes = list(_changes(known, merged, import_id))
        if changes and _is_outdated(debtor, known, stated):
            changes, reason = [], f"is of {stated.calculated_on}, and we hold later balances: they stay"
            fix = "send the latest balances"
            notes.append(_reject(group[0], "calculated_on", reason, fix, "debt.outdated", scope="cell"))
        elif kept:
            fix = "nothing to do if the next file agrees"
            notes.append(_reject(group[0], "status", kept, fix, "debt.kept", scope="cell"))
        facts += changes
    return facts, tuple(notes)


def _changes(known: Debt, now: Debt, import_id: str) -> Iterator[Fact]:
    """The day of the balance alone is no change: FeedRead says it for all debts at once."""
    alike = replace(now, calculated_on=known.calculated_on, seen_in=known.seen_in, unknown=known.unknown)
    if alike == known:
        return
    if replace(alike, status=known.status) == known:
        yield DebtStatusChanged(known.key, now.status, f"feed {import_id}", _shows_payment(known, now))
    else:
        yield DebtRecorded(now, _shows_payment(known, now))


def _shows_payment(known: Debt, now: Debt) -> bool:
    """Whether less is owed than we knew, of which every payment that we posted is off already: the creditor was paid directly, or let
    go of some of it, and either way the person is left in peace for the days after a payment. What left us shows none.
    """
    if known.status not in _OPEN or now.status not in {*_OPEN, DebtStatus.PAID}:
        return False
    return now.status is DebtStatus.PAID or now.outstanding.minor < known.outstanding.minor


def _stated(group: Sequence[AcceptedRow], known: Debt | None, import_id: str) -> Debt:
    """The debt as the rows state it; what they leave unsaid stays as known."""
    row = group[-1]
    parts: dict[int, AcceptedRow] = {one.instalment: one for one in group if one.instalment}
    amounts, due_on = row.amounts, row.due_on
    instalments: tuple[Instalment, ...] = ()
    if parts:
        amounts = _added([one.amounts for one in parts.values()])
        due_on = min(one.due_on for one in parts.values())
        instalments = tuple(
            Instalment(number, one.due_on, one.amounts.total) for number, one in sorted(parts.items())
        )
    credits_given = [one.credit for one in (parts.values() if parts else group[:1]) if one.credit is not None]
    base = known or Debt(row.debt_ref, row.creditor, row.currency, amounts, due_on, row.calculated_on)
    return replace(
        base,
        amounts=amounts,
        due_on=due_on,
        calculated_on=min(one.calculated_on for one in group),
        role=row.role,
        status=_status([one.status for one in parts.values()] or [row.status]),
        instalments=instalments,
        credit=sum(credits_given) if credits_given else base.credit,
        product=row.product or base.product,
        assigned_on=row.assigned_on or base.assigned_on,
        assigned_until=row.assigned_until or base.assigned_until,
        acknowledged_on=_latest(row.acknowledged_on, base.acknowledged_on),
        limitation_on=row.limitation_on or base.limitation_on,
        report_on=row.report_on or base.report_on,
        orders=row.orders or base.orders,
        tags=row.tags or base.tags,
        seen_in=import_id,
    )


def _with_ours(debtor: Debtor, known: Debt, stated: Debt, zone: ZoneInfo) -> tuple[Debt, str]:
    """What the file states, corrected by what we know better; and what was kept, in words."""
    kept = ""
    paid_on = _paid_on(debtor, known.key, zone)
    is_before = paid_on is not None and stated.calculated_on <= paid_on
    if is_before and stated.outstanding.minor > known.outstanding.minor:
        # balances of the day of a payment, or of before it, do not know of the payment
        stated = replace(stated, amounts=known.amounts, instalments=known.instalments, credit=known.credit)
        kept = f"asks for more than is owed since a payment on {paid_on}: our balance stays"
    hold = _OURS.get(known.status)
    if stated.status in _OPEN and hold is not None and _is_held(debtor.holds, hold, known.key):
        stated = replace(stated, status=known.status)
        if known.status is not DebtStatus.DISPUTED:
            kept = f"is open in the file, and {known.status.value} by what we were told: it stays so"
    return _closed_if_nothing(stated), kept


def _closed_if_nothing(debt: Debt) -> Debt:
    """A debt of which nothing is left is paid, whatever its status column still says."""
    if debt.status is DebtStatus.ACTIVE and debt.outstanding.minor == 0:
        return replace(debt, status=DebtStatus.PAID)
    return debt


def _paid_on(debtor: Debtor, key: str, zone: ZoneInfo) -> date | None:
    """The last day on which we were told of money for it: posted, or no more than noted since the file had counted it."""
    posted = (one.told_at for one in debtor.payments if one.debt == key and not one.is_reversed)
    noted = (one.at for one in debtor.heard if one.debt == key and one.captured > one.returned)
    days = [at.astimezone(zone).date() for at in (*posted, *noted) if at is not None]
    return max(days, default=None)


def _is_held(holds: Sequence[Hold], reason: HoldReason, key: str) -> bool:
    return any(
        one.reason is reason
        and one.lifted_at is None
        and (not one.debts or key in one.debts)
        and (not one.creditor or key.startswith(f"{one.creditor}/"))
        for one in holds
    )


def _added(parts: Sequence[Amounts]) -> Amounts:
    return Amounts(
        principal=sum(one.principal for one in parts),
        interest=sum(one.interest for one in parts),
        fees=sum(one.fees for one in parts),
        taxes=sum(one.taxes for one in parts),
    )


def _latest(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return max(days, default=None)


def _erased(debtor: Debtor, row: AcceptedRow, erased: Collection[str]) -> RejectedRow | None:
    """By their id, or, where the file names them otherwise, by the debt of which they were the principal."""
    if debtor.is_erased:
        fix = "take the person out of the file: they were erased at their request"
        return _reject(row, "national_id", "is of a person who was erased", fix, "debtor.erased")
    if row.debt_key in erased and row.role is Role.PRINCIPAL:
        fix = "take the debt out of the file: who owed it was erased at their request; what another owes gets a new reference"
        return _reject(row, "debt_ref", "is the debt of a person who was erased", fix, "debtor.erased")
    return None


def _elsewhere(row: AcceptedRow, principals: Mapping[str, str]) -> RejectedRow | None:
    holder = principals.get(row.debt_key, row.debtor)
    if row.role is not Role.PRINCIPAL or holder == row.debtor:
        return None
    fix = "correct the identity, name the person's role, or merge the two with `recobro merge`"
    reason = "is a debt whose principal is somebody else by what we know"
    return _reject(row, "debt_ref", reason, fix, "conflict.principal")


def _other_currency(row: AcceptedRow, known: Debt | None) -> RejectedRow | None:
    if known is None or known.currency == row.currency:
        return None
    reason = f"is {row.currency}, and the debt is in {known.currency}"
    return _reject(row, "currency", reason, "give a converted debt a new reference", "conflict.currency")


def _unlike(row: AcceptedRow, first: AcceptedRow, part: AcceptedRow) -> RejectedRow | None:
    """Rows of one debt may differ in how to reach the person and in their instalment, in nothing else."""
    if row.role is not first.role:
        reason = (
            f"makes the person {row.role.value} of a debt whose {first.role.value} they are (row {first.row})"
        )
        return _reject(row, "role", reason, "keep one of the two", "conflict.role")
    if row.currency != first.currency:
        reason = f"is {row.currency} where row {first.row} of the same debt is {first.currency}"
        return _reject(row, "currency", reason, "one reference, one currency", "conflict.currency")
    if bool(row.instalment) != bool(first.instalment):
        fix = "number every instalment of the debt, or none"
        return _reject(
            row, "instalment", f"is unlike row {first.row} of the same debt", fix, "conflict.instalment"
        )
    if row is not part and (row.amounts, row.due_on, row.status) != (part.amounts, part.due_on, part.status):
        fix = "keep the right one; number the instalments if both are right"
        return _reject(
            row, "debt_ref", f"says otherwise of the same debt as row {part.row}", fix, "conflict.twice"
        )
    return None


def _status(told: Sequence[DebtStatus]) -> DebtStatus:
    """Of a debt in parts: paid when all of them are; else how the last that is not paid stands."""
    return next((one for one in reversed(told) if one is not DebtStatus.PAID), DebtStatus.PAID)


def parted(
    rows: Sequence[AcceptedRow], handed_back: Collection[str]
) -> tuple[list[AcceptedRow], tuple[RejectedRow, ...]]:
    """The rows whose debt is there whole, and a reject for each instalment of a debt whose other rows were handed back."""

    def is_torn(row: AcceptedRow) -> bool:
        return bool(row.instalment) and row.debt_key in handed_back

    fix = "correct the other row: a debt is taken whole or not at all"
    rejects = (
        _reject(row, "instalment", "is part of a debt of which a row was handed back", fix, "conflict.part")
        for row in rows
        if is_torn(row)
    )
    return [row for row in rows if not is_torn(row)], tuple(rejects)


def _is_outdated(debtor: Debtor, known: Debt, stated: Debt) -> bool:
    """A file of yesterday that arrives after today's changes nothing of what today's said."""
    return stated.calculated_on < max(
        known.calculated_on, debtor.feeds.get(known.creditor, known.calculated_on)
    )


def _reject(
    row: AcceptedRow, field: str, reason: str, fix: str, code: str, scope: str = "row"
) -> RejectedRow:
    return RejectedRow(row.row, field, reason, fix, code, scope=scope, about=row.debt_key)
