"""Exports begin with titles and blank lines: the header is the row whose words we know."""

from collections.abc import Iterable, Sequence

from recobro.errors import InvalidInput
from recobro.intake.fields import recognised
from recobro.intake.words import plain, trimmed

LOOKED_AT = 20
"""Rows from the top among which the header must be."""


def header_row(
    rows: Iterable[tuple[int, Sequence[object]]], name: str, wanted: int = 0
) -> tuple[int, tuple[str, ...]]:
    """Its number and its cells as text. rows: numbered from 1. wanted: the number that the mapping gives, or 0.

    Raises InvalidInput when there is none, or when two columns are called the same.
    """
    best: tuple[int, tuple[str, ...]] = (0, ())
    best_known = -1
    for number, cells in rows:
        texts = tuple(trimmed(str(cell)) if cell is not None else "" for cell in cells)
        if wanted and number < wanted:
            continue
        if any(texts):
            known = sum(bool(text) and recognised(text) is not None for text in texts)
            if known > best_known and (known > 0 or best_known < 0):
                best, best_known = (number, texts), known
        if wanted or number >= LOOKED_AT:
            break
    number, texts = best
    if not number:
        raise InvalidInput("header", "is missing", "name the columns in the first row", where=name)
    distinct(texts, f"{name}:{number}")
    return number, texts


def distinct(texts: Sequence[str], where: str) -> None:
    """Raises InvalidInput when two columns have one name, however it is spelt."""
    seen: dict[str, str] = {}
    for text in texts:
        if text and seen.setdefault(plain(text) or text, text) is not text:
            raise InvalidInput(
                text, "is the name of two columns", "rename or remove one of them", where=where
            )
