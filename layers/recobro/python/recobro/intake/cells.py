"""One row, asked by what its columns mean instead of what they are called."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from recobro.intake.dates import to_date
from recobro.intake.fields import AMOUNTS, is_personal
from recobro.intake.mapping import Column, ColumnMapping
from recobro.intake.outcome import BadCell, RejectedRow
from recobro.intake.raw import Cell, RawRow, text_of
from recobro.intake.vocabulary import meaning
from recobro.intake.words import is_nothing, plain, trimmed

T = TypeVar("T")


@dataclass(frozen=True)
class Layout:
    """A mapping made ready to be asked a million times. style: the decimal sign, from the mapping or the file's evidence."""

    mapping: ColumnMapping
    style: str = ""
    columns: Mapping[str, tuple[tuple[str, Column], ...]] = field(init=False)
    values: Mapping[str, Mapping[str, str]] = field(init=False)
    attributes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        columns: dict[str, tuple[tuple[str, Column], ...]] = {}
        for header, column in self.mapping.columns.items():
            columns[column.field] = (*columns.get(column.field, ()), (header, column))
        names = dict.fromkeys((*columns, *self.mapping.constants))
        values = {
            name: {plain(word): meant for word, meant in words.items()}
            for name, words in self.mapping.values.items()
        }
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "values", values)
        object.__setattr__(
            self, "attributes", tuple(name for name in names if name.startswith("attributes."))
        )

    @property
    def amount_headers(self) -> tuple[str, ...]:
        """The columns whose cells are evidence of the decimal sign."""
        return tuple(header for name in AMOUNTS for header, _ in self.columns.get(name, ()))


class Cells:
    """The cells of one row by field; empty and "N/A" are "", constants fill what is empty, value maps are applied."""

    __slots__ = ("_raw", "layout", "notes", "number")

    def __init__(self, layout: Layout, row: RawRow) -> None:
        self.layout, self.number, self._raw = layout, row.number, row.cells
        self.notes: list[RejectedRow] = []

    def header(self, name: str) -> str:
        """How the file calls the field: what a reject names."""
        columns = self.layout.columns.get(name)
        return columns[0][0] if columns else name

    def has_column(self, name: str) -> bool:
        return name in self.layout.columns

    def cell(self, name: str) -> Cell:
        """The field's cell as it is, or its constant; "" where there is nothing. The first non-empty of several columns."""
        for header, _ in self.layout.columns.get(name, ()):
            found = self._read(name, header)
            if found != "":
                return found
        return self.layout.mapping.constants.get(name, "")

    def text(self, name: str) -> str:
        found = self.cell(name)
        return found if type(found) is str else text_of(found)

    def each(self, name: str) -> Iterator[tuple[str, Column, Cell]]:
        """The non-empty cells of every column that holds the field, with header and column."""
        for header, column in self.layout.columns.get(name, ()):
            found = self._read(name, header)
            if found != "":
                yield header, column, found

    def day(self, name: str) -> date | None:
        """Raises BadCell for a cell that is no date."""
        found = self.cell(name)
        if found == "":
            return None
        try:
            return to_date(found, self.layout.mapping.formats.date)
        except BadCell as error:
            error.field = self.header(name)
            raise

    def meant(self, name: str, table: Mapping[str, T], what: str) -> T:
        """What the field's word stands for. Raises BadCell that lists what could be meant."""
        try:
            return meaning(table, self.text(name), what, f"{name}.unknown")
        except BadCell as error:
            error.field = self.header(name)
            raise

    def note(self, name: str, error: BadCell) -> None:
        """Leave a cell out and say so; the row goes on without it."""
        self.notes.append(self.rejected(error, name, scope="cell"))

    def rejected(self, error: BadCell, name: str = "", scope: str = "row") -> RejectedRow:
        shown = _masked(error.value) if is_personal(self._field_of(error.field) or name) else error.value[:60]
        header = error.field or self.header(name)
        return RejectedRow(self.number, header, error.reason, error.fix, error.code, shown, scope)

    def _field_of(self, header: str) -> str:
        column = self.layout.mapping.columns.get(header)
        return column.field if column is not None else header

    def _read(self, name: str, header: str) -> Cell:
        found = self._raw.get(header)
        if found is None:
            return ""
        if type(found) is not str:
            words = self.layout.values.get(name)
            return words.get(plain(text_of(found)), found) if words else found
        text = trimmed(found)
        words = self.layout.values.get(name)
        if words:
            text = words.get(plain(text), text)
        return "" if is_nothing(text) else text


def _masked(text: str) -> str:
    """Enough to find the cell, too little to know the person: "55********78"."""
    if len(text) <= 4:
        return "*" * len(text)
    return text[:2] + "*" * min(len(text) - 4, 12) + text[-2:]
