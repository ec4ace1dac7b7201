"""A creditor's own list of payments, row by row: heard like a gateway's word, and each row is taken or comes back with its reason."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from recobro.domain.money import exponent
from recobro.errors import Conflict, InvalidInput
from recobro.house import House
from recobro.intake.api_shapes import PaymentMade
from recobro.usecases.creditors_payments import creditors_payment

COLUMNS = ("id", "reference", "amount", "currency", "at")
"""Besides, where a row is no plain payment: `status`, as POST /v1/payments has it. amount: with its decimals, "1500.50"."""


@dataclass(frozen=True)
class Taken:
    """results: what became of how many rows. rejects: (row, field, why, what to write instead)."""

    results: Mapping[str, int] = field(default_factory=dict)
    rejects: tuple[tuple[int, str, str, str], ...] = ()


def take_payments(house: House, file: Path, who: str) -> Taken:
    """Hear every row. The same file again changes nothing; a row whose id stands with other content is rejected."""
    results: dict[str, int] = {}
    rejects = []
    for number, row in _rows(file):
        try:
            result = creditors_payment(house, _made(row), who, source="file").result
            results[result] = results.get(result, 0) + 1
        except InvalidInput as error:
            rejects.append((number, error.field, error.problem, error.fix))
        except Conflict as error:
            rejects.append((number, "id", str(error), "the content that it had, or a new id"))
    return Taken(results, tuple(rejects))


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """(line, its cells). Raises InvalidInput where the file is no such list."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("FILE", f"cannot be read ({error})", "a CSV in UTF-8") from None
    reader = csv.DictReader(text.splitlines())
    missing = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
    if missing:
        raise InvalidInput("FILE", f"has no column {missing[0]!r}", f"{', '.join(COLUMNS)}[, status]")
    for row in reader:
        yield reader.line_num, {name: (cell or "").strip() for name, cell in row.items() if name}


def _made(row: Mapping[str, str]) -> PaymentMade:
    try:
        at = datetime.fromisoformat(row["at"])
    except ValueError:
        raise InvalidInput("at", f"is {row['at']!r}", "write 2026-11-24T09:30:00-06:00") from None
    amount = _minor(row["amount"], row["currency"])
    return PaymentMade(
        row["id"], row["reference"], amount, row["currency"], at, row.get("status", "") or "paid"
    )


def _minor(written: str, currency: str) -> int:
    """Minor units; more decimals than the currency has are no amount."""
    try:
        units = Decimal(written).scaleb(exponent(currency))
    except InvalidOperation:
        units = Decimal("NaN")
    if not units.is_finite() or units != units.to_integral_value():
        raise InvalidInput("amount", f"is {written!r}", "digits with a point, 1500.50")
    return int(units)
