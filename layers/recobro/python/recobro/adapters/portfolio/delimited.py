"""CSV as it is found: one broken quote costs its own row, never the rows that follow."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from recobro.adapters.portfolio.detect import delimiter_of, encoding_of
from recobro.adapters.portfolio.header_row import LOOKED_AT, header_row
from recobro.errors import InvalidInput
from recobro.intake.mapping import FileFormat
from recobro.intake.outcome import RejectedRow
from recobro.intake.raw import RawRow

_LONGEST_LINE = 1 << 20
_MOST_LINES = 50
"""A quoted cell that runs over more lines than this has lost its closing quote."""
_SAMPLE = 1 << 16


@dataclass(frozen=True)
class Delimited:
    """A `recobro.intake.raw.Source` over a seekable binary file."""

    file: BinaryIO
    name: str
    encoding: str
    delimiter: str
    header_number: int
    columns: tuple[str, ...]
    survey_limit: int = 0

    @classmethod
    def open(cls, file: BinaryIO, name: str, wanted: FileFormat) -> "Delimited":
        encoding = encoding_of(file, name, wanted.encoding)
        with _text(file, encoding) as text:
            sample = text.read(_SAMPLE)
        delimiter = wanted.delimiter or delimiter_of(sample.rpartition("\n")[0] or sample, name)
        if len(delimiter) != 1:
            raise InvalidInput("file.delimiter", f"is {delimiter!r}", "give one character", where=name)
        probe = cls(file, name, encoding, delimiter, 0, ())
        top = ((number, cells) for number, cells in probe._records() if isinstance(cells, list))
        number, texts = header_row(islice(top, max(LOOKED_AT, wanted.header_row)), name, wanted.header_row)
        return cls(file, name, encoding, delimiter, number, texts)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(text for text in self.columns if text)

    @property
    def described(self) -> Mapping[str, str]:
        mark = "tab" if self.delimiter == "\t" else self.delimiter
        return {
            "format": "csv",
            "encoding": self.encoding,
            "delimiter": mark,
            "header_row": str(self.header_number),
        }

    def rows(self) -> Iterator[RawRow | RejectedRow]:
        columns, width = self.columns, len(self.columns)
        for number, cells in self._records(width):
            if number <= self.header_number:
                continue
            if isinstance(cells, str):
                yield RejectedRow(number, "row", cells, _FIX, "row.broken")
            elif len(cells) == width or (len(cells) > width and not any(cells[width:])):
                yield RawRow(number, dict(zip(columns, cells, strict=False)))
            else:
                reason = f"has {len(cells)} cells where the header has {width}"
                yield RejectedRow(number, "row", reason, _FIX, "row.width")

    def _records(self, width: int = 0) -> Iterator[tuple[int, list[str] | str]]:
        """Numbered records; a text instead of cells says what is broken. Blank ones are counted and left out."""
        number = 0
        with _text(self.file, self.encoding) as text:
            lines = _Lines(text, self.name)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                lines.begin()
                try:
                    cells: list[str] | str = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    cells = _spoken(str(error))
                number += 1
                spans = len(lines.taken) > 1
                if spans and (
                    isinstance(cells, str) or (number > self.header_number > 0 and len(cells) != width)
                ):
                    lines.back_to_second()
                    cells = "has a quote that is never closed"
                if isinstance(cells, str) or any(cells):
                    yield number, cells


_FIX = "put quotes around cells that hold the separator, and double the quotes inside them"


def _spoken(error: str) -> str:
    if "field larger" in error:
        return "has a cell of more than 131,072 characters"
    if "end of data" in error:
        return "has a quote that is never closed"
    return "has a quote where none may stand"


class _Lines:
    """A file's lines with those of the record being read, so that a broken record gives back what it swallowed."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._lines = iter(partial(text.readline, _LONGEST_LINE), "")
        self._ahead: deque[str] = deque()
        self._name, self._number = name, 0
        self.taken: list[str] = []

    def begin(self) -> None:
        self.taken.clear()

    def back_to_second(self) -> None:
        self._ahead.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _MOST_LINES:
            raise csv.Error("unexpected end of data")
        if self._ahead:
            line = self._ahead.popleft()
        else:
            line = next(self._lines)
            self._number += 1
            if len(line) >= _LONGEST_LINE:
                raise InvalidInput(
                    "line", "is longer than a million characters", "end every row with a line break",
                    where=f"{self._name}:{self._number}",
                )  # fmt: skip
            if "\x00" in line:
                line = line.replace("\x00", "")
        self.taken.append(line)
        return line


class _text:  # noqa: N801 - used as a with-statement's word
    """The file as text from its start; the file itself stays open."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        self._wrapper = io.TextIOWrapper(file, encoding, newline="")

    def __enter__(self) -> io.TextIOWrapper:
        return self._wrapper

    def __exit__(self, *_: object) -> None:
        self._wrapper.detach()
