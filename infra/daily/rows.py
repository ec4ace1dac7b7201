"""A creditor's day, row by row: who was contacted about which debt and with what result, what was promised, what was paid."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from infra.daily.layout import Column, Layout
from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt
from recobro.domain.chain import Recorded
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.hold import HoldReason
from recobro.domain.money import Money, exponent
from recobro.domain.promise import PromiseToPay
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.intake.rejects_file import harmless
from recobro.usecases.rehearse import everyone

CALLS = frozenset({"conversation", "no_answer", "voicemail", "wrong_party", "busy", "not_in_service"})


@dataclass(frozen=True, slots=True)
class Row:
    """at: aware. amount: None where the row is not of money. debt: its key; empty: of none by name."""

    kind: str
    at: datetime
    debt: str
    debtor: str
    result: str
    id: str
    channel: str = ""
    amount: Money | None = None
    due_on: date | None = None


def rows_of(house: House, creditor: str, day: date) -> list[Row]:
    """Everything of that local day of the client's, in order. Whoever was not saved since is not read further.

    Money for a debt that several people owe stands in the record of each of them, and is told once: by the principal's, else by one.
    """
    if house.playbook.client.brand(creditor) is None:
        names = ", ".join(one.id for one in house.playbook.client.brands)
        raise InvalidInput("--for", f"is {creditor!r}", f"one of: {names}")
    zone = ZoneInfo(house.playbook.client.schedule.time_zone)
    begins = datetime.combine(day, datetime.min.time(), zone)
    found: list[Row] = []
    tellers: dict[tuple[str, str], tuple[bool, str]] = {}
    for loaded in everyone(house):
        for payment in loaded.debtor.payments:
            money = (payment.intent, payment.debt)
            tellers[money] = min(tellers.get(money, (True, "~")), _rank(loaded.debtor, payment.debt))
        if loaded.saved_at is not None and loaded.saved_at < begins:
            continue
        history = house.ledger.history(loaded.debtor.id)
        for row in _rows(loaded.debtor, history):
            if row.at.astimezone(zone).date() == day and row.debt.partition("/")[0] == creditor:
                found.append(row)
                if row.kind == "payment":
                    tellers.setdefault((row.id, row.debt), (True, row.debtor))
    once = [row for row in found if row.kind != "payment" or tellers[row.id, row.debt][1] == row.debtor]
    return sorted(once, key=lambda row: (row.at, row.debt, row.kind, row.id))


def _rank(debtor: Debtor, key: str) -> tuple[bool, str]:
    debt = debtor.debt(key)
    return debt is None or debt.role is not Role.PRINCIPAL, debtor.id


def _rows(debtor: Debtor, history: Iterable[Recorded]) -> Iterator[Row]:  # noqa: C901 - one arm a kind of fact
    """Of one person. A contact's result is the last that is known of it."""
    contacts: dict[str, tuple[datetime, ContactAttempt, str]] = {}
    promises: dict[str, PromiseToPay] = {}
    disputes: dict[str, tuple[str, ...]] = {}
    for one in history:
        match one.fact:
            case f.AttemptClaimed(attempt=attempt):
                contacts[attempt.id] = (one.at, attempt, "unknown")
            case f.AttemptProgressed(attempt=name, status=status, outcome=outcome) if name in contacts:
                at, attempt, _ = contacts[name]
                contacts[name] = (at, attempt, outcome if outcome in CALLS else status.value)
            case f.MessageReceived(attempt=name) if name in contacts:
                contacts[name] = (*contacts[name][:2], "answered")
            case f.PromiseMade(promise=promise):
                promises[promise.id] = promise
                yield from _promise(debtor, one.at, promise, "made", promise.amount)
            case f.PromiseJudged(promise=name, status=judged, paid=paid) if name in promises:
                if judged.value in {"kept", "broken"}:
                    yield from _promise(debtor, one.at, promises[name], judged.value, paid)
            case f.PaymentPosted(payment=payment):
                money = Money(payment.amount, payment.currency)
                yield Row(
                    "payment", one.at, payment.debt, debtor.id, "payment.posted", payment.intent, amount=money
                )
            case f.PaymentReversed(intent=intent, debt=key, amount=amount):
                debt = debtor.debt(key)
                back = Money(-amount, debt.currency) if debt is not None else None
                yield Row("payment", one.at, key, debtor.id, "payment.reversed", intent, amount=back)
            case f.HoldPlaced(hold=hold) if hold.reason is HoldReason.DISPUTE:
                disputes[hold.id] = hold.debts
                yield from _dispute(debtor, one.at, hold.id, hold.debts, "opened")
            case f.HoldLifted(hold=name) if name in disputes:
                yield from _dispute(debtor, one.at, name, disputes[name], "closed")
            case _:
                pass
    for at, attempt, result in contacts.values():
        if result == AttemptStatus.RELEASED:
            continue
        for key in attempt.debts:
            yield Row("contact", at, key, debtor.id, f"contact.{result}", attempt.id, attempt.channel.value)


def _promise(debtor: Debtor, at: datetime, promise: PromiseToPay, how: str, amount: int) -> Iterator[Row]:
    """One row, at the first debt that it was made for: its amount is not to be added up over several."""
    key = next(iter(promise.debts), f"{promise.creditor}/")
    money = Money(amount, promise.currency)
    yield Row(
        "promise", at, key, debtor.id, f"promise.{how}", promise.id, promise.channel, money, promise.due_on
    )


def _dispute(debtor: Debtor, at: datetime, name: str, debts: tuple[str, ...], how: str) -> Iterator[Row]:
    for key in debts:
        yield Row("dispute", at, key, debtor.id, f"dispute.{how}", name)


def written(rows: Iterable[Row], layout: Layout, zone: ZoneInfo) -> bytes:
    """The file. Raises InvalidInput for a result without a code, and for what the encoding cannot write."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator="\r\n")
    if layout.header:
        writer.writerow([harmless(one.title) for one in layout.columns])
    for row in rows:
        writer.writerow([_cell(row, one, layout, zone) for one in layout.columns])
    try:
        return out.getvalue().encode(layout.encoding)
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "encoding", f"{layout.encoding} cannot write {error.object[error.start]!r}", "utf-8"
        ) from None


def _cell(row: Row, column: Column, layout: Layout, zone: ZoneInfo) -> str:
    """A spreadsheet runs no cell of it; numbers of ours stay numbers."""
    local = row.at.astimezone(zone)
    match column.field:
        case "amount":
            return _amount(row.amount, layout.decimal) if row.amount is not None else ""
        case "date":
            return local.strftime(layout.date)
        case "time":
            return local.strftime(layout.time)
        case "due_on":
            return row.due_on.strftime(layout.date) if row.due_on is not None else ""
        case "result":
            text = layout.code(row.result)
        case "reference":
            text = row.debt.partition("/")[2]
        case "currency":
            text = row.amount.currency if row.amount is not None else ""
        case "kind" | "debtor" | "channel" | "id":
            text = str(getattr(row, column.field))
        case _:
            text = column.value
    return harmless(text)


def _amount(money: Money, decimal: str) -> str:
    digits = exponent(money.currency)
    if not decimal or not digits:
        return str(money.minor)
    whole, rest = divmod(abs(money.minor), 10**digits)
    return f"{'-' if money.minor < 0 else ''}{whole}{decimal}{rest:0{digits}d}"
