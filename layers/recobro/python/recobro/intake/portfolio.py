"""A creditor's file from first look to last row: what it holds is found out before anything of it is believed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from recobro.errors import InvalidInput
from recobro.intake.amounts import style_of
from recobro.intake.cells import Layout
from recobro.intake.context import Context
from recobro.intake.guess import Sample, check, guess, unmapped
from recobro.intake.mapping import ColumnMapping, to_toml
from recobro.intake.outcome import AcceptedRow, RejectedRow
from recobro.intake.raw import Cell, RawRow, Source
from recobro.intake.rows import parse_row

_SAMPLE = 200
"""Rows that a guess looks at."""


@dataclass(frozen=True)
class Portfolio:
    """A file that can be read. Iterate it, as often as needed, for every row in order, accepted or rejected.

    total: data rows, for progress; 0 when counting would cost as much as reading. described: what was detected.
    """

    source: Source
    layout: Layout
    context: Context
    is_guessed: bool
    total: int
    described: Mapping[str, str]

    @property
    def mapping(self) -> ColumnMapping:
        return self.layout.mapping

    def __iter__(self) -> Iterator[AcceptedRow | RejectedRow]:
        for row in self.source.rows():
            yield parse_row(self.layout, row, self.context) if isinstance(row, RawRow) else row

    def as_toml(self) -> str:
        """The mapping in use, to be shown when it was guessed, and kept."""
        return to_toml(self.mapping, unmapped(self.mapping, self.source.headers))


def read(
    source: Source,
    mapping: ColumnMapping | None,
    context: Context,
    *,
    mode: str = "delta",
    as_of: date | None = None,
) -> Portfolio:
    """Look the file over and make it readable; nothing is taken yet. Constant memory.

    mapping: None, or one without columns, to guess them; then mode and as_of are what is declared for the guess.
    Raises InvalidInput naming file, line, field and fix for a file that cannot be read as a portfolio at all.
    """
    sample = _sample(source)
    if not sample:
        raise InvalidInput(
            "rows",
            "are missing: the file has a header and nothing under it",
            "export it again",
            where=source.name,
        )
    used = mapping
    if used is None or not used.columns:
        used = guess(source.headers, sample, context, mode=mode, as_of=as_of, given=mapping)
    check(used, source.headers, context, source.name, is_guessed=used is not mapping)
    layout = Layout(used, used.formats.decimal)
    tally = _Tally()
    if not used.formats.decimal:
        layout = Layout(used, style_of(tally.texts(source, layout.amount_headers)))
    elif source.survey_limit == 0:
        tally.count(source)
    described = dict(source.described)
    if layout.style:
        described["decimal"] = layout.style
    total = tally.rows if source.survey_limit == 0 else 0
    return Portfolio(source, layout, context, used is not mapping, total, described)


def _sample(source: Source) -> Sample:
    found: list[Mapping[str, Cell]] = []
    for row in islice(source.rows(), 5 * _SAMPLE):
        if isinstance(row, RawRow):
            found.append(row.cells)
        if len(found) == _SAMPLE:
            break
    return found


class _Tally:
    """One pass over the file for what only the whole file can tell."""

    def __init__(self) -> None:
        self.rows = 0

    def texts(self, source: Source, headers: tuple[str, ...]) -> Iterable[str]:
        """Every amount that stands as text, for its evidence."""
        for row in self._each(source):
            for header in headers:
                cell = row.cells.get(header)
                if type(cell) is str and ("." in cell or "," in cell):
                    yield cell

    def count(self, source: Source) -> None:
        for _ in self._each(source):
            pass

    def _each(self, source: Source) -> Iterator[RawRow]:
        rows = source.rows()
        for row in islice(rows, source.survey_limit) if source.survey_limit else rows:
            self.rows += 1
            if isinstance(row, RawRow):
                yield row
