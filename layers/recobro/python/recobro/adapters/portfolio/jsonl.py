"""Systems send one object a line: a line that is no object is one row lost, and said so."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO

from recobro.adapters.portfolio.detect import encoding_of
from recobro.adapters.portfolio.header_row import distinct
from recobro.errors import InvalidInput
from recobro.intake.mapping import FileFormat
from recobro.intake.outcome import RejectedRow
from recobro.intake.raw import Cell, RawRow

_LONGEST_LINE = 1 << 20
_SAMPLE = 1000


@dataclass(frozen=True)
class JsonLines:
    """A `recobro.intake.raw.Source` over a seekable binary file. Headers are the keys of the first thousand lines."""

    file: BinaryIO
    name: str
    encoding: str
    headers: tuple[str, ...]
    survey_limit: int = 0

    @classmethod
    def open(cls, file: BinaryIO, name: str, wanted: FileFormat) -> "JsonLines":
        encoding = encoding_of(file, name, wanted.encoding)
        probe = cls(file, name, encoding, ())
        keys: dict[str, None] = {}
        problem = RejectedRow(1, "line", "is no JSON object", "", "")
        for row, _ in zip(probe.rows(), range(_SAMPLE), strict=False):
            if isinstance(row, RawRow):
                keys.update(dict.fromkeys(row.cells))
            else:
                problem = row
        if not keys:
            raise InvalidInput(
                "line", problem.reason, "write one JSON object a line", where=f"{name}:{problem.row_number}"
            )
        distinct(tuple(keys), name)
        return cls(file, name, encoding, tuple(keys))

    @property
    def described(self) -> Mapping[str, str]:
        return {"format": "jsonl", "encoding": self.encoding}

    def rows(self) -> Iterator[RawRow | RejectedRow]:
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, newline=None)
        try:
            for number, line in enumerate(iter(partial(text.readline, _LONGEST_LINE), ""), 1):
                if len(line) >= _LONGEST_LINE:
                    raise InvalidInput(
                        "line",
                        "is longer than a million characters",
                        "one object a line",
                        where=f"{self.name}:{number}",
                    )
                if not line.isspace():
                    yield _row(number, line)
        finally:
            text.detach()


def _row(number: int, line: str) -> RawRow | RejectedRow:
    try:
        plain = json.loads(line, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_object)
        if "\\u" in line:
            # Half of a letter (a lone surrogate) can be escaped, and written nowhere.
            json.dumps(plain, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _Twice) else "is no JSON object"
        return RejectedRow(number, "line", reason, "write one JSON object a line", "row.broken")
    if not isinstance(plain, dict):
        return RejectedRow(number, "line", "is no JSON object", "write one JSON object a line", "row.broken")
    return RawRow(number, dict(_cells("", plain)))


class _Twice(ValueError):
    """A key that stands twice: which one is meant?"""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice("names a key twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _cells(path: str, plain: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Nested objects become "a.b"; lists of values one cell, divided by semicolons."""
    for key, one in plain.items():
        name = f"{path}{key}"
        if isinstance(one, dict):
            yield from _cells(f"{name}.", one)
        elif isinstance(one, list):
            yield name, ";".join(str(part) for part in one if part is not None)
        elif isinstance(one, bool):
            yield name, "1" if one else "0"
        else:
            yield name, one
