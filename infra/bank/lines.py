"""What a statement comes to, and the name by which each of its lines is known: the same line, read twice, is one payment."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money


@dataclass
class Statement:
    """lines: booked credits. others: debits and what is not booked yet. rejected: (row, why)."""

    lines: list[BankLine] = field(default_factory=list)
    others: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


def ident(booked: date, money: Money, what: str) -> str:
    """what: the bank's own id where it gives one, else all that it tells: with the day and the amount one line in two exports is
    one payment."""
    said = f"{booked} {money.minor} {money.currency} {what}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def numbered(lines: Iterable[BankLine]) -> list[BankLine]:
    """Two alike in one file are two payments; the same file again brings the same two."""
    seen: Counter[str] = Counter()
    found = []
    for line in lines:
        seen[line.id] += 1
        again = f"-{seen[line.id]}" if seen[line.id] > 1 else ""
        found.append(replace(line, id=line.id + again))
    return found
