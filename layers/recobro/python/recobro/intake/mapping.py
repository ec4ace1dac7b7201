"""A creditor's layout, written down once: which column is what, and what its words, dates and decimals mean.

A mapping is a TOML file whose tables and keys are the fields of the types below. Nothing in it is a program: several columns
of one amount are added, several of one list are joined, and that is all it computes.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from recobro.codec import from_plain
from recobro.errors import InvalidInput
from recobro.intake.dates import DAY_FIRST, ORDERS
from recobro.intake.fields import FIELDS, gathers, is_field

LINES = ("mobile", "home", "work", "shared")
MODES = ("full", "delta")


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds. field: see `recobro.intake.fields`. line: of phones, "mobile" | "home" | "work" | "shared".

    contact: role of a company's named contact ("payables"). provenance: where the column's contact points come from.
    """

    field: str
    line: str = ""
    contact: str = ""
    provenance: str = ""

    def __post_init__(self) -> None:
        if not is_field(self.field):
            close = get_close_matches(self.field, FIELDS, n=1)
            fix = (
                f"did you mean {close[0]!r}?" if close else f"one of: {', '.join(FIELDS)}, attributes.<word>"
            )
            raise InvalidInput("field", f"is {self.field!r}", fix)
        if self.line and self.line not in LINES:
            raise InvalidInput("line", f"is {self.line!r}", f"one of: {', '.join(LINES)}")


@dataclass(frozen=True, slots=True)
class Feed:
    """mode: "full" (what the file doesn't name is recalled) | "delta". as_of: the day its balances were true."""

    mode: str = "delta"
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InvalidInput("mode", f"is {self.mode!r}", f"one of: {', '.join(MODES)}")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """Only what detection gets wrong. header_row: as a spreadsheet numbers it; 0: found."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 0


@dataclass(frozen=True, slots=True)
class Formats:
    """date: order of days and months. decimal: "." or ","; "": by the file's evidence. round: half-even to the currency."""

    date: str = DAY_FIRST
    decimal: str = ""
    round: bool = False

    def __post_init__(self) -> None:
        if self.date not in ORDERS:
            raise InvalidInput(
                "date", f"is {self.date!r}", f"one of: {', '.join(ORDERS)} (ISO dates are always understood)"
            )
        if self.decimal not in ("", ".", ","):
            raise InvalidInput("decimal", f"is {self.decimal!r}", 'one of: ".", ","')


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One layout.

    columns: header as in the file → what it holds; none: guessed from the file. constants: field → what an empty or absent column means.
    values: field → the file's word → ours.
    """

    columns: Mapping[str, Column] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    feed: Feed = field(default_factory=Feed)
    file: FileFormat = field(default_factory=FileFormat)
    formats: Formats = field(default_factory=Formats)

    def __post_init__(self) -> None:
        taken: dict[str, str] = {}
        for header, column in self.columns.items():
            other = taken.setdefault(column.field, header)
            if other != header and not gathers(column.field):
                raise InvalidInput(
                    f"columns.{header}", f"and {other!r} are both {column.field}", "keep one of the two"
                )
        for part, names in (("constants", self.constants), ("values", self.values)):
            for name in names:
                if not is_field(name):
                    close = get_close_matches(name, FIELDS, n=1)
                    fix = f"did you mean {close[0]!r}?" if close else f"one of: {', '.join(FIELDS)}"
                    raise InvalidInput(f"{part}.{name}", "is not a field", fix)

    def headers_of(self, name: str) -> tuple[str, ...]:
        """The columns that hold a field, in the mapping's order."""
        return tuple(header for header, column in self.columns.items() if column.field == name)

    def has(self, *names: str) -> bool:
        """Whether a column or a constant gives any of the fields."""
        return any(name in self.constants or self.headers_of(name) for name in names)


def load_mapping(text: str, name: str) -> ColumnMapping:
    """A mapping from its TOML text. Raises InvalidInput naming file, line, field and fix."""
    try:
        plain: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        where = f"{name}:{at[1]}" if at else name
        raise InvalidInput("toml", str(error), "correct the line", where=where) from error
    columns = plain.get("columns")
    if isinstance(columns, dict):
        plain["columns"] = {
            header: {"field": one} if isinstance(one, str) else one for header, one in columns.items()
        }
    try:
        return from_plain(ColumnMapping, plain, strict=True, where=name)
    except InvalidInput as error:
        error.where = f"{name}:{_line_of(text, error.field)}"
        raise


def to_toml(mapping: ColumnMapping, unmapped: Sequence[str] = ()) -> str:
    """The mapping as the file that would give it: what is shown when it was guessed, to be kept and corrected."""
    lines = ["[feed]", f"mode = {_quoted(mapping.feed.mode)}"]
    if mapping.feed.as_of is not None:
        lines.append(f"as_of = {mapping.feed.as_of.isoformat()}")
    if mapping.file != FileFormat():
        texts = ("encoding", "delimiter", "sheet")
        lines += ["", "[file]"]
        lines += [f"{key} = {_quoted(one)}" for key in texts if (one := getattr(mapping.file, key))]
        lines += [f"header_row = {mapping.file.header_row}"] if mapping.file.header_row else []
    lines += ["", "[columns]"]
    for header, column in mapping.columns.items():
        extra = [
            (key, getattr(column, key)) for key in ("line", "contact", "provenance") if getattr(column, key)
        ]
        shown = _quoted(column.field)
        if extra:
            shown = "{ field = " + shown + "".join(f", {key} = {_quoted(one)}" for key, one in extra) + " }"
        lines.append(f"{_quoted(header)} = {shown}")
    lines += [f"# {_quoted(header)} is not used" for header in unmapped]
    if mapping.constants:
        lines += [
            "",
            "[constants]",
            *(f"{_key(name)} = {_quoted(one)}" for name, one in mapping.constants.items()),
        ]
    for name, words in mapping.values.items():
        lines += [
            "",
            f"[values.{_key(name)}]",
            *(f"{_quoted(word)} = {_quoted(one)}" for word, one in words.items()),
        ]
    lines += ["", "[formats]", f"date = {_quoted(mapping.formats.date)}"]
    if mapping.formats.decimal:
        lines.append(f"decimal = {_quoted(mapping.formats.decimal)}")
    if mapping.formats.round:
        lines.append("round = true")
    return "\n".join(lines) + "\n"


def _line_of(text: str, path: str) -> int:
    """The line on which the path's last key stands; its table's where the key itself is missing; else 1."""
    if path.startswith("columns."):
        keys = [re.sub(r"\.(field|line|contact|provenance)$", "", path.removeprefix("columns.")), "columns"]
    else:
        keys = list(reversed(path.split(".")))
    for key in keys:
        bare = re.escape(key)
        pattern = re.compile(rf"""\s*(?:["']?{bare}["']?\s*=|\[(?:.*\.)?["']?{bare}["']?\])""")
        for number, line in enumerate(text.splitlines(), 1):
            if key and pattern.match(line):
                return number
    return 1


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in escaped) + '"'


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)
