"""A statement's credits as lines to match; what is no booked credit is counted, what cannot be read is handed back with its reason."""

import tomllib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from infra.bank.camt import camt
from infra.bank.lines import Statement, ident, numbered
from recobro.domain.bank_line import BankLine
from recobro.domain.money import Money
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


def read_statement(path: Path, currency: str = "", columns: Path | None = None) -> Statement:
    """currency: of a CSV file, which names none. columns: TOML, `amount = "Abonos"`, where the guess is wrong.

    Raises InvalidInput for a file that cannot be read as a whole.
    """
    if not path.is_file():
        raise InvalidInput("FILE", f"{path} is no file", "name a CSV or a CAMT.053 file")
    body = path.read_bytes()
    if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return camt(body, path.name)
    if len(currency) != 3:
        raise InvalidInput(
            "--currency", "is missing", "a CSV statement names none: --currency MXN", path.name
        )
    return _csv(body, path.name, currency.upper(), _chosen(columns))


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
    made = Statement()
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
        made.lines.append(line)
    made.lines = numbered(made.lines)
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
    name = ident(booked, money, own or f"{text} {payer}")
    return BankLine(row.number, name, booked, money, text, payer)
