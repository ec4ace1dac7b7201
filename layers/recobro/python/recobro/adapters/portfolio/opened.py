"""One way in for every format that a creditor sends."""

from typing import BinaryIO

from recobro.adapters.portfolio.delimited import Delimited
from recobro.adapters.portfolio.detect import kind_of
from recobro.adapters.portfolio.jsonl import JsonLines
from recobro.intake.mapping import ColumnMapping, FileFormat
from recobro.intake.raw import Source


def open_portfolio(file: BinaryIO, name: str, mapping: ColumnMapping | None = None) -> Source:
    """The rows of a file, found readable. file: seekable, stays open as long as its rows are read; name: for errors.

    Raises InvalidInput naming file, line and fix.
    """
    wanted = mapping.file if mapping is not None else FileFormat()
    kind = kind_of(file, name)
    if kind == "xlsx":
        from recobro.adapters.portfolio.xlsx import Workbook  # a tenth of a second that CSV never pays

        return Workbook.open(file, name, wanted)
    if kind == "jsonl":
        return JsonLines.open(file, name, wanted)
    return Delimited.open(file, name, wanted)
