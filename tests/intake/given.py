"""An invented client and its files, short enough to read in a test."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from recobro.adapters.portfolio.opened import open_portfolio
from recobro.domain.client import Agency, Attestation, Brand, Client, Schedule
from recobro.intake.context import Context
from recobro.intake.mapping import load_mapping
from recobro.intake.outcome import AcceptedRow, BadCell, RejectedRow
from recobro.intake.portfolio import Portfolio, read
from recobro.keys import Keys

T = TypeVar("T")

TODAY = date(2026, 11, 22)
KEYS = Keys(b"a key for tests")

_AGENCY = Agency("Despacho Ejemplo", "Calle Uno 1", "+525555010000", "hola@example.com", "A. Responsable")


def read_or_refused(read: Callable[[], T]) -> T | BadCell:
    """What was read, or the refusal; anything else that is raised fails the test."""
    try:
        return read()
    except BadCell as bad:
        return bad


def client(
    country: str = "MX", attestations: Sequence[Attestation] = (), brands: Sequence[str] = ("acme",)
) -> Client:
    made = tuple(
        Brand(one, one.title(), f"{one.title()} S.A.", "third_party", country, "x") for one in brands
    )
    zone = {"CO": "America/Bogota"}.get(country, "America/Mexico_City")
    return Client("test", (country,), _AGENCY, made, Schedule(zone), {}, attestations=tuple(attestations))


def context(country: str = "MX", brands: Sequence[str] = ("acme",), as_of: date = TODAY) -> Context:
    return Context(client(country, brands=brands), KEYS, as_of)


def portfolio(
    content: str | bytes,
    mapping: str = "",
    *,
    country: str = "MX",
    name: str = "cartera.csv",
    mode: str = "delta",
) -> Portfolio:
    """A file read with the mapping of that TOML, or with a guessed one."""
    raw = content.encode() if isinstance(content, str) else content
    layout = load_mapping(mapping, "mapping.toml") if mapping else None
    return read(open_portfolio(io.BytesIO(raw), name, layout), layout, context(country), mode=mode)


def outcomes(
    content: str | bytes, mapping: str = "", *, country: str = "MX"
) -> list[AcceptedRow | RejectedRow]:
    return list(portfolio(content, mapping, country=country))


def rows(content: str | bytes, mapping: str = "", *, country: str = "MX") -> list[AcceptedRow]:
    """All rows, each of which must have been accepted."""
    found = outcomes(content, mapping, country=country)
    assert all(isinstance(one, AcceptedRow) for one in found), found
    return [one for one in found if isinstance(one, AcceptedRow)]


def one_row(country: str = "MX", **cells: str) -> AcceptedRow | RejectedRow:
    """The outcome of one row in which everything is right except what `cells` changes: header → cell."""
    base = {
        "Contrato": "A-1",
        "Numero de cliente": "77",
        "Saldo": "100.00",
        "Vencimiento": "05/11/2026",
    } | cells
    text = ",".join(_quoted(one) for one in base) + "\n" + ",".join(_quoted(one) for one in base.values())
    (found,) = outcomes(text, country=country)
    return found


def accepted(country: str = "MX", **cells: str) -> AcceptedRow:
    found = one_row(country, **cells)
    assert isinstance(found, AcceptedRow), found
    return found


def rejected(country: str = "MX", **cells: str) -> RejectedRow:
    found = one_row(country, **cells)
    assert isinstance(found, RejectedRow), found
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
