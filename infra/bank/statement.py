"""A statement's credits as lines to match; what is no booked credit is counted, what cannot be read is handed back with its reason."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import Any

from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money, exponent
from recobro.errors import InvalidInput
from recobro.intake.amounts import style_of, to_minor
from recobro.intake.dates import to_date
from recobro.intake.outcome import BadCell, RejectedRow
from recobro.intake.raw import RawRow, text_of
from recobro.intake.words import plain

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("fecha", "fecha operacion", "fecha de operacion", "fecha valor", "data", "date", "booking date"),
    "amount": (
        "abono",
        "abonos",
        "credito",
        "creditos",
        "deposito",
        "depositos",
        "importe",
        "monto",
        "valor",
        "amount",
        "credit",
    ),
    "text": (
        "concepto",
        "descripcion",
        "referencia",
        "detalle",
        "historico",
        "glosa",
        "description",
        "reference",
    ),
    "payer": ("ordenante", "remitente", "nombre ordenante", "pagador", "payer", "sender"),
    "id": (
        "clave de rastreo",
        "folio",
        "id",
        "numero de operacion",
        "numero de movimiento",
        "transaction id",
    ),
}
"""How banks head their columns; several `text` columns are read together."""


@dataclass
class Statement:
    """lines: booked credits. others: debits and what is not booked yet. rejected: (row, why)."""

    lines: list[BankLine] = field(default_factory=list)
    others: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


def read_statement(path: Path, currency: str = "", columns: Path | None = None) -> Statement:
    """currency: of a CSV file, which names none. columns: TOML, `amount = "Abonos"`, where the guess is wrong.

    Raises InvalidInput for a file that cannot be read as a whole.
    """
    if not path.is_file():
        raise InvalidInput("FILE", f"{path} is no file", "name a CSV or a CAMT.053 file")
    body = path.read_bytes()
    if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _camt(body, path.name)
    if len(currency) != 3:
        raise InvalidInput(
            "--currency", "is missing", "a CSV statement names none: --currency MXN", path.name
        )
    return _csv(body, path.name, currency.upper(), _chosen(columns))


def _camt(body: bytes, name: str) -> Statement:
    from lxml.etree import XMLSyntaxError
    from pycamt.parser import Camt053ParseError, Camt053Parser

    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise InvalidInput(
            "FILE", "declares a document type", "a bank's CAMT.053 has none: ask it again", name
        )
    try:
        found = Camt053Parser(body).get_transactions()
    except (XMLSyntaxError, Camt053ParseError, ValueError) as error:
        raise InvalidInput(
            "FILE", f"is no CAMT.053 ({type(error).__name__})", "export it again", name
        ) from error
    made = Statement()
    for number, one in enumerate(found, 1):
        is_reversal = (one.get("ReversalIndicator") or "").lower() in {"true", "1"}
        is_booked = (one.get("Status") or "BOOK").upper() in {"BOOK", "BOOKED"}
        if one.get("CreditDebitIndicator") != "CRDT" or is_reversal or not is_booked:
            made.others += 1
            continue
        try:
            made.lines.append(_entry(number, one))
        except (InvalidInput, ValueError, InvalidOperation) as error:
            made.rejected.append((number, f"{type(error).__name__}: {error}"))
    return made


def _entry(number: int, one: Mapping[str, Any]) -> BankLine:
    currency = str(one.get("Currency") or "")
    minor = Decimal(str(one.get("Amount"))).scaleb(exponent(currency))
    if minor != minor.to_integral_value() or not 0 < minor < 10**15 or len(currency) != 3:
        raise InvalidInput("Amt", f"is {one.get('Amount')} {currency}", "an amount of that currency")
    told = ("RemittanceInformationFull", "RemittanceInformation", "AdditionalEntryInformation", "EndToEndId")
    text = " ".join(dict.fromkeys(str(one[key]) for key in told if one.get(key)))
    booked = date.fromisoformat(str(one.get("BookingDate") or one.get("ValueDate"))[:10])
    payer = str(one.get("DebtorName") or "")
    money = Money(int(minor), currency)
    own = f"{one.get('TransactionID') or ''} {one.get('EndToEndId') or ''}"
    return BankLine(number, _ident(own, booked, money, text, payer), booked, money, text, payer)


def _chosen(columns: Path | None) -> Mapping[str, str]:
    if columns is None:
        return {}
    chosen = tomllib.loads(columns.read_text("utf-8"))
    unknown = set(chosen) - set(COLUMNS)
    if unknown:
        raise InvalidInput(
            str(min(unknown)), "is no part of a line", f"one of: {', '.join(COLUMNS)}", columns.name
        )
    return chosen


def _csv(body: bytes, name: str, currency: str, chosen: Mapping[str, str]) -> Statement:
    from recobro.adapters.portfolio.opened import open_portfolio

    source = open_portfolio(BytesIO(body), name)
    columns = {what: _headers(what, source.headers, chosen) for what in COLUMNS}
    for what in ("date", "amount"):
        if not columns[what]:
            fix = f'say which: {what} = "…" in --columns'
            raise InvalidInput(what, f"no such column among {', '.join(source.headers)}", fix, name)
    style = style_of(text for text in _texts(source.rows(), columns["amount"][0]))
    made, seen = Statement(), dict[str, int]()
    for row in source.rows():
        if isinstance(row, RejectedRow):
            made.rejected.append((row.row_number, f"{row.field} {row.reason}: {row.fix}"))
            continue
        try:
            line = _row(row, columns, currency, style)
        except BadCell as error:
            made.rejected.append((row.number, f"{error.value} {error.reason}: {error.fix}"))
            continue
        if line is None:
            made.others += 1
            continue
        # Two alike in one file are two payments; the same file again brings the same two.
        seen[line.id] = seen.get(line.id, 0) + 1
        again = f"-{seen[line.id]}" if seen[line.id] > 1 else ""
        made.lines.append(
            BankLine(line.number, line.id + again, line.booked_on, line.amount, line.text, line.payer)
        )
    return made


def _headers(what: str, headers: tuple[str, ...], chosen: Mapping[str, str]) -> list[str]:
    if what in chosen:
        if chosen[what] not in headers:
            raise InvalidInput(what, f"no column {chosen[what]!r}", f"one of: {', '.join(headers)}")
        return [chosen[what]]
    found = [(COLUMNS[what].index(plain(one)), one) for one in headers if plain(one) in COLUMNS[what]]
    return [one for _, one in sorted(found)]


def _texts(rows: Iterator[RawRow | RejectedRow], column: str) -> Iterator[str]:
    return (text_of(row.cells.get(column)) for row in rows if isinstance(row, RawRow))


def _row(row: RawRow, columns: Mapping[str, list[str]], currency: str, style: str) -> BankLine | None:
    cell = row.cells.get(columns["amount"][0])
    if cell is None or not text_of(cell).strip():
        return None
    minor = to_minor(cell, currency, style)
    if minor <= 0:
        return None
    booked = to_date(row.cells.get(columns["date"][0]))
    text = " ".join(text_of(row.cells.get(one)) for one in columns["text"]).strip()
    payer = " ".join(text_of(row.cells.get(one)) for one in columns["payer"]).strip()
    own = " ".join(text_of(row.cells.get(one)) for one in columns["id"]).strip()
    money = Money(minor, currency)
    return BankLine(row.number, _ident(own, booked, money, text, payer), booked, money, text, payer)


def _ident(own: str, booked: date, money: Money, text: str, payer: str) -> str:
    """The bank's own id where it gives one, with the day and the amount: the same line in two exports is one payment."""
    what = own.strip() or f"{text} {payer}"
    said = f"{booked} {money.minor} {money.currency} {what}"
    return hashlib.sha256(said.encode()).hexdigest()[:20]
