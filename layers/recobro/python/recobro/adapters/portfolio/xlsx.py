"""Workbooks know what a number and a date is, but not all they hold is meant: Excel keeps 15 digits and no leading zeros."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from recobro.adapters.portfolio.header_row import LOOKED_AT, header_row
from recobro.errors import InvalidInput
from recobro.intake.fields import recognised
from recobro.intake.mapping import FileFormat
from recobro.intake.outcome import RejectedRow
from recobro.intake.raw import Cell, RawRow

_MOST_BYTES = 1 << 30
_MOST_TEXTS = 96 << 20
_MOST_RATIO = 200
"""A sheet of amounts shrinks 10 to 30 times; what shrinks more than this is made to fill a machine."""
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    zlib.error,
    InvalidFileException,
    OSError,
)


@dataclass(frozen=True)
class Workbook:
    """A `recobro.intake.raw.Source` over one sheet. Memory is constant but for the workbook's distinct texts (at most 96 MiB)."""

    book: Book
    name: str
    sheet: str
    header_number: int
    columns: tuple[str, ...]
    survey_limit: int = 2000

    @classmethod
    def open(cls, file: BinaryIO, name: str, wanted: FileFormat) -> "Workbook":
        _check_size(file, name)
        file.seek(0)
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise InvalidInput(
                "workbook", "is damaged", "open it in Excel and save it again", where=name
            ) from error
        sheet = _choose(book, name, wanted.sheet)
        top = islice(_values(book, name, sheet), max(LOOKED_AT, wanted.header_row))
        number, texts = header_row(top, f"{name}[{sheet}]", wanted.header_row)
        return cls(book, name, sheet, number, texts)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(text for text in self.columns if text)

    @property
    def described(self) -> Mapping[str, str]:
        return {"format": "xlsx", "sheet": self.sheet, "header_row": str(self.header_number)}

    def rows(self) -> Iterator[RawRow | RejectedRow]:
        for number, values in _values(self.book, self.name, self.sheet):
            if number > self.header_number and any(value not in (None, "") for value in values):
                yield RawRow(number, {h: _cell(v) for h, v in zip(self.columns, values, strict=False) if h})


def _cell(value: Any) -> Cell:
    """openpyxl gives numbers as floats: their shortest text is what stood in the sheet, to Excel's 15 digits."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        text = format(value, ".15g")
        return int(value) if value.is_integer() and abs(value) < 1e18 else Decimal(text)
    return value if isinstance(value, int | datetime | date) else str(value)


def _values(book: Book, name: str, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Numbered rows of a sheet. Raises InvalidInput naming the row at which the workbook breaks."""
    number = 0
    try:
        page = book[sheet]
        page.reset_dimensions()  # some exporters write a dimension that hides the rest of the sheet
        for number, values in enumerate(page.iter_rows(values_only=True), 1):
            yield number, values
    except _BROKEN as error:
        where = f"{name}[{sheet}]:{number + 1}"
        raise InvalidInput(
            "workbook", "is damaged", "open it in Excel and save it again", where=where
        ) from error


def _choose(book: Book, name: str, wanted: str) -> str:
    """The sheet asked for, else the visible one in whose first rows most headers are known."""
    if wanted and wanted not in book.sheetnames:
        raise InvalidInput(
            "file.sheet", f"there is no sheet {wanted!r}", f"one of: {', '.join(book.sheetnames)}", where=name
        )
    visible = [page.title for page in book.worksheets if page.sheet_state == "visible"]
    if not visible:
        raise InvalidInput(
            "workbook", "has no visible sheet", "show the sheet, or name it in the mapping", where=name
        )
    return wanted or max(visible, key=lambda sheet: _known(book, name, sheet))


def _known(book: Book, name: str, sheet: str) -> int:
    rows = islice(_values(book, name, sheet), LOOKED_AT)
    return max(
        (sum(isinstance(v, str) and recognised(v) is not None for v in row) for _, row in rows), default=0
    )


def _check_size(file: BinaryIO, name: str) -> None:
    """Raises InvalidInput for what would not fit in memory or never end (a zip bomb)."""
    file.seek(0)
    for part in zipfile.ZipFile(file).infolist():
        is_bomb = part.file_size > _MOST_RATIO * max(part.compress_size, 1) and part.file_size > 10 << 20
        is_texts = part.filename.endswith("sharedStrings.xml") and part.file_size > _MOST_TEXTS
        if is_bomb or is_texts or part.file_size > _MOST_BYTES:
            reason = f"unpacks to {part.file_size >> 20} MiB ({part.filename})"
            raise InvalidInput("workbook", reason, "send it as CSV", where=name)
