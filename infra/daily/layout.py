"""How one creditor wants to be told of a day: its columns in its order, its result codes, its way of writing dates and amounts.

A TOML file; what is not known in it is refused with the field named, before anything is written.
"""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recobro.codec import from_plain
from recobro.errors import InvalidInput

FIELDS = (
    "kind",
    "date",
    "time",
    "reference",
    "debtor",
    "channel",
    "result",
    "amount",
    "currency",
    "due_on",
    "id",
)
"""What a row has. reference: the debt's, the creditor's own; debtor: our id; id: of the contact, promise or payment."""

RESULTS = (
    *(f"contact.{one}" for one in ("sent", "delivered", "read", "answered", "failed", "unknown", "conversation")),
    *(f"contact.{one}" for one in ("no_answer", "voicemail", "wrong_party", "busy", "not_in_service")),
    "promise.made", "promise.kept", "promise.broken", "payment.posted", "payment.reversed", "dispute.opened", "dispute.closed",
)  # fmt: skip
"""What a row's result may be, in our words."""


@dataclass(frozen=True)
class Column:
    """title: its heading. field: one of FIELDS, or value: the same in every row."""

    title: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True)
class Layout:
    """codes: our result → the creditor's; none at all: ours. date, time: as strftime. decimal: "." | ",", or "" for minor units."""

    columns: tuple[Column, ...]
    codes: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    date: str = "%Y-%m-%d"
    time: str = "%H:%M"
    decimal: str = "."
    header: bool = True

    def __post_init__(self) -> None:
        for index, one in enumerate(self.columns):
            if bool(one.field) == bool(one.value):
                raise InvalidInput(
                    f"columns[{index}]", "has a field and a value, or neither", "one of the two"
                )
            if one.field and one.field not in FIELDS:
                raise InvalidInput(
                    f"columns[{index}].field", f"is {one.field!r}", f"one of: {', '.join(FIELDS)}"
                )
        if not self.columns:
            raise InvalidInput("columns", "are missing", "one [[columns]] for each, in their order")
        for result in self.codes:
            if result not in RESULTS:
                raise InvalidInput(f"codes.{result}", "is no result", f"one of: {', '.join(RESULTS)}")
        if len(self.delimiter) != 1 or self.delimiter in {'"', "\n", "\r"}:
            raise InvalidInput("delimiter", f"is {self.delimiter!r}", "one character: , ; | or a tab")
        if self.decimal not in {"", ".", ","}:
            raise InvalidInput("decimal", f"is {self.decimal!r}", '".", "," or "" (minor units)')
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise InvalidInput("encoding", f"is {self.encoding!r}", "utf-8, latin-1, cp1252 …") from None

    def code(self, result: str) -> str:
        """Raises InvalidInput where the creditor has codes and none for this."""
        if not self.codes:
            return result
        if result not in self.codes:
            raise InvalidInput(f"codes.{result}", "is missing, and it happened", "the creditor's code for it")
        return self.codes[result]


PLAIN = Layout(tuple(Column(one, one) for one in FIELDS))
"""Without a file: everything, in our own words."""


def read_layout(path: Path | None) -> Layout:
    """Raises InvalidInput with the file and the field."""
    if path is None:
        return PLAIN
    try:
        plain = tomllib.loads(path.read_text("utf-8"))
        return from_plain(Layout, plain, strict=True, where=path.name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput("--layout", f"cannot be read ({error})", "a TOML file", path.name) from None
    except InvalidInput as error:
        error.where = error.where or path.name
        raise
