"""The creditors' files: who owes what this morning, in the plain Spanish columns that a creditor's system exports."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from infra.demo.people import Owed, Person, Phone
from infra.demo.portfolio import Portfolio

COLUMNS = (
    "Acreedor", "Referencia", "Rol", "Tipo de documento", "Número de documento", "Tipo de persona", "Nombre completo", "País",
    "Entidad federativa", "Zona horaria", "Producto", "Moneda", "Saldo total", "Fecha de vencimiento", "Fecha de corte",
    "Estatus", "Orden de compra", "Celular", "Correo electrónico", "Dispositivo", "Canales autorizados", "Fecha de autorización",
    "Evidencia de autorización", "Contacto", "Rol del contacto",
)  # fmt: skip

CONTACT_ROLES = {"payables": "cuentas por pagar", "treasury": "tesorería", "owner": "representante legal"}
AUTHORISED_ON = date(2026, 3, 2)
EVIDENCE = "formato de canales firmado"


def creditor_file(
    portfolio: Portfolio,
    creditor: str,
    balances: Mapping[str, int],
    day: date,
    since: Mapping[str, int] | None = None,
) -> bytes:
    """One creditor's file as of `day`. balances: debt key → minor units left; a paid debt is listed with zero.

    since: the balances of the last file; given, the file is a delta: what moved, and one line for everybody else who still
    owes, so that the agency knows their balances to be of that day. Settled accounts are left to the next full file.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    for person in portfolio.people:
        if person.creditor == creditor:
            writer.writerows(_told(list(_rows(person, balances, day)), person, balances, since))
    return out.getvalue().encode()


def _told(
    rows: list[dict[str, str]], person: Person, balances: Mapping[str, int], since: Mapping[str, int] | None
) -> list[dict[str, str]]:
    if since is None:
        return rows
    named = list(zip(rows, person.obligations, strict=True))
    moved = [row for row, debt in named if balances[debt.key] != since[debt.key]]
    return moved or [row for row, debt in named if balances[debt.key] > 0][:1]


def creditors(portfolio: Portfolio) -> tuple[str, ...]:
    return tuple(sorted({person.creditor for person in portfolio.people}))


def _rows(person: Person, balances: Mapping[str, int], day: date) -> Iterable[dict[str, str]]:
    for role, debts in (("titular", person.debts), ("aval", person.guarantees)):
        for number, debt in enumerate(debts):
            points = _contact(person, number) if person.contacts else _points(person)
            yield _debt_row(person, debt, role, balances.get(debt.key, debt.amount), day) | points


def _debt_row(person: Person, debt: Owed, role: str, balance: int, day: date) -> dict[str, str]:
    return {
        "Acreedor": debt.creditor,
        "Referencia": debt.ref,
        "Rol": role,
        "Tipo de documento": person.document_type,
        "Número de documento": person.document,
        "Tipo de persona": "empresa" if person.is_company else "persona",
        "Nombre completo": person.name,
        "País": person.country,
        "Entidad federativa": person.state,
        "Zona horaria": person.zone,
        "Producto": debt.product,
        "Moneda": debt.currency,
        "Saldo total": f"{balance // 100}.{balance % 100:02d}",
        "Fecha de vencimiento": f"{debt.due_on:%d/%m/%Y}",
        "Fecha de corte": f"{day:%d/%m/%Y}",
        "Estatus": "en disputa" if debt.disputed else ("pagada" if balance <= 0 else "vigente"),
        "Orden de compra": debt.order,
    }


def _points(person: Person) -> dict[str, str]:
    phone, mailbox = person.phone, person.mailbox
    authorised = person.authorised
    points = {
        "Celular": _as_written(phone),
        "Correo electrónico": mailbox.address if mailbox else "",
        "Dispositivo": person.device.token if person.device else "",
    }
    points["Canales autorizados"] = ", ".join(authorised) or "ninguno"
    if authorised:
        points |= {
            "Fecha de autorización": f"{AUTHORISED_ON:%d/%m/%Y}",
            "Evidencia de autorización": EVIDENCE,
        }
    return points


def _contact(person: Person, number: int) -> dict[str, str]:
    """A company's rows name its contacts in turn."""
    contact = person.contacts[number % len(person.contacts)]
    return {
        "Celular": contact.phone,
        "Correo electrónico": contact.email,
        "Contacto": contact.name,
        "Rol del contacto": CONTACT_ROLES[contact.role],
    }


def _as_written(phone: Phone | None) -> str:
    """As clerks write it: national digits in groups."""
    if phone is None:
        return ""
    digits = phone.number[3:]
    if phone.number.startswith("+52"):
        return f"{digits[:2]} {digits[2:6]} {digits[6:]}"
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
