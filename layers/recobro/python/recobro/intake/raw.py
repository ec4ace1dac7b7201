"""What every file format is turned into before anybody asks what it means: numbered rows of named cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from recobro.intake.outcome import RejectedRow

Cell = str | int | Decimal | datetime | date | None
"""Text as it stands in the file, or what the format itself knows to be a number or a date."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """number: the row as a spreadsheet shows it, the first line being 1. cells: header → cell."""

    number: int
    cells: Mapping[str, Cell]


class Source(Protocol):
    """One file, open and found readable. Raises InvalidInput naming file, line and fix for what ends the reading."""

    @property
    def name(self) -> str: ...

    @property
    def headers(self) -> tuple[str, ...]: ...

    @property
    def described(self) -> Mapping[str, str]:
        """What was detected, for people: format, encoding, delimiter, sheet, header row."""
        ...

    @property
    def survey_limit(self) -> int:
        """How many rows may be read ahead cheaply; 0: all of them."""
        ...

    def rows(self) -> Iterator[RawRow | RejectedRow]:
        """From the first row on, each time it is called; constant memory."""
        ...


def text_of(cell: Cell) -> str:
    """A cell as the text a person would read in it; whole numbers without a point."""
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
