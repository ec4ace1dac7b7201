"""Files come from banks' mainframes and people's spreadsheets: what one is, is read from its bytes, never from its name."""

import codecs
import csv
import io
import zipfile
from collections import Counter
from typing import BinaryIO

from recobro.errors import InvalidInput
from recobro.intake.fields import recognised

DELIMITERS = (",", ";", "\t", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LETTERS = {
    "cp1252": "áéíóúñÁÉÍÓÚÑüÜçãõâêôàÇÃÕ¿¡ºª°€",
    "cp850": "áéíóúñÁÉÍÓÚÑüÜçãõâêôàÇÃÕ¿¡ºª°",
    "mac_roman": "áéíóúñÁÉÍÓÚÑüÜçãõâêôàÇÃÕ¿¡ºª°",
}
"""What Spanish and Portuguese need beyond ASCII: Windows, DOS and bank mainframes, old Macintosh."""
_CHUNK = 1 << 20
_ASCII = bytes(range(128))


def kind_of(file: BinaryIO, name: str) -> str:
    """ "xlsx" | "jsonl" | "csv". Raises InvalidInput for what is none of them, saying what it is."""
    file.seek(0)
    head = file.read(4096)
    if not head.strip():
        raise InvalidInput("file", "is empty", "export it again", where=name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidInput(
            "file",
            "is an old Excel workbook (.xls), or one with a password",
            "save it as .xlsx without password, or as CSV",
            where=name,
        )
    if head.startswith(b"PK\x03\x04"):
        return _zipped(file, name)
    for magic, what in (
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"Rar!", "a RAR archive"),
        (b"{\\rtf", "an RTF document"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
    ):
        if head.startswith(magic):
            raise InvalidInput("file", f"is {what}", "send CSV, XLSX or JSON Lines", where=name)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"{"):
        return "jsonl"
    if start.startswith((b"[{", b"[\n", b"[\r", b"[ ")):
        raise InvalidInput(
            "file",
            "is a JSON array",
            "write one object a line (JSON Lines), without brackets around",
            where=name,
        )
    if start[:15].lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise InvalidInput(
            "file",
            "is a web page or XML that calls itself a spreadsheet",
            "save it as .xlsx or CSV",
            where=name,
        )
    return "csv"


def _zipped(file: BinaryIO, name: str) -> str:
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidInput("file", "is a damaged workbook or archive", "save it again", where=name) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise InvalidInput("file", "is a binary workbook (.xlsb)", "save it as .xlsx", where=name)
    if "content.xml" in names:
        raise InvalidInput("file", "is an OpenDocument spreadsheet", "save it as .xlsx or CSV", where=name)
    raise InvalidInput("file", "is a zip archive", "send the file that is in it", where=name)


def encoding_of(file: BinaryIO, name: str, given: str = "") -> str:
    """The encoding in which the whole file can be read; one pass, constant memory.

    UTF-8 and UTF-16 are certain; Windows, DOS and Macintosh alphabets are told apart by which gives Spanish and Portuguese
    letters. Raises InvalidInput with the line that does not fit.
    """
    file.seek(0)
    head = file.read(4096)
    bom = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")
    if not given and not bom and head[1::2].count(0) > len(head) // 3:
        bom = "utf-16-le"
    elif not given and not bom and head[::2].count(0) > len(head) // 3:
        bom = "utf-16-be"
    if given or bom:
        _decodes(file, given or bom, name)
        return given or bom
    if b"\x00" in head:
        raise InvalidInput("file", "is not text", "send CSV, XLSX or JSON Lines", where=name)
    line = _first_bad_line(file, "utf-8")
    if line == 0:
        return "utf-8"
    return _eight_bit(file, name, line)


def _decodes(file: BinaryIO, encoding: str, name: str) -> None:
    try:
        line = _first_bad_line(file, encoding)
    except LookupError:
        raise InvalidInput(
            "encoding", f"{encoding!r} does not exist", 'write "utf-8" or "cp1252"', where=name
        ) from None
    if line:
        raise InvalidInput(
            "encoding", f"the line is not {encoding}", "save the file as CSV UTF-8", where=f"{name}:{line}"
        )


def _first_bad_line(file: BinaryIO, encoding: str) -> int:
    """Number of the first line that is not in that encoding; 0 when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    lines = 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return lines + chunk[: max(0, error.start)].count(b"\n")
        if not chunk:
            return 0
        lines += text.count("\n")


def _eight_bit(file: BinaryIO, name: str, bad_line: int) -> str:
    seen: Counter[int] = Counter()
    utf8 = broken = 0
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while chunk := file.read(_CHUNK):
        seen.update(chunk.translate(None, _ASCII))
        text = decoder.decode(chunk)
        wrong = text.count("\ufffd")
        broken += wrong
        utf8 += sum(1 for one in text if ord(one) > 127) - wrong if wrong or not text.isascii() else 0
    if utf8 > broken:
        fix = "two exports were pasted together: save all of it as CSV UTF-8"
        raise InvalidInput(
            "encoding", "most of the file is UTF-8, this line is not", fix, where=f"{name}:{bad_line}"
        )
    scores = {encoding: _score(seen, encoding) for encoding in _LETTERS}
    return max(scores, key=lambda encoding: scores[encoding])


def _score(seen: Counter[int], encoding: str) -> int:
    """How many bytes would be letters of ours; below zero when one of them is nothing in that alphabet."""
    score = 0
    for byte, count in seen.items():
        try:
            letter = bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            return -1
        score += count if letter in _LETTERS[encoding] else 0
    return score


def delimiter_of(sample: str, name: str) -> str:
    """The sign that divides the lines of `sample` most evenly, headers that we know counting double."""
    best, best_score = "", 0.0
    for mark in DELIMITERS:
        rows = [row for row in _parsed(sample, mark) if any(cell.strip() for cell in row)][:60]
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, even = widths.most_common(1)[0]
        known = max((sum(recognised(cell) is not None for cell in row) for row in rows[:20]), default=0)
        score = (even / len(rows)) * min(width - 1, 20) + 2 * known * (width > 1)
        if score > best_score:
            best, best_score = mark, score
    if not best:
        raise InvalidInput(
            "delimiter",
            "no column separator is found",
            "separate columns by comma, semicolon, tab or |",
            where=name,
        )
    return best


def _parsed(sample: str, mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(sample), delimiter=mark))
    except csv.Error:
        return [line.split(mark) for line in sample.splitlines()]
