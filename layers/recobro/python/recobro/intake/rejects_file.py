"""What goes back to the creditor: each row that was not taken, with the cell, the reason and the way to mend it."""

import csv
from typing import TextIO

from recobro.intake.outcome import AcceptedRow, RejectedRow

HEADER = ("row", "taken", "field", "value", "reason", "fix", "code")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet runs a cell that begins so (OWASP: CSV injection), whoever wrote it."""


class RejectsFile:
    """Writes CSV to a text stream, UTF-8 with a mark at its start so that Excel reads the accents, rows as they come.

    taken: "no" for a rejected row, "without this cell" where the row was taken without it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream, lineterminator="\r\n")
        stream.write("\ufeff")
        self._writer.writerow(HEADER)

    def add(self, outcome: AcceptedRow | RejectedRow) -> None:
        """Writes a reject, or the notes of an accepted row; nothing for a row without any."""
        rejects = outcome.notes if isinstance(outcome, AcceptedRow) else (outcome,)
        for one in rejects:
            taken = "without this cell" if one.scope == "cell" else "no"
            texts = (one.field, one.value_shown, one.reason, one.fix, one.code)
            self._writer.writerow((one.row_number, taken, *(harmless(text) for text in texts)))


def harmless(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
