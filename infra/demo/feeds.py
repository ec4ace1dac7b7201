"""The creditors' files: who owes what this morning, in the plain Spanish columns that a creditor's system exports."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date

from infra.demo.people import Owed, Person, Phone
from infra.demo.portfolio import Portfolio

COLUMNS = (
    "acreedor", "referencia", "rol", "tipo_documento", "numero_documento", "tipo_persona", "nombre", "pais", "estado",
    "ciudad", "zona_horaria", "producto", "moneda", "saldo", "fecha_vencimiento", "fecha_corte", "estatus", "orden_compra",
    "telefono", "telefono_compartido", "telefono_canales_autorizados", "correo", "correo_canales_autorizados",
    "fecha_autorizacion", "contacto_rol", "anio_nacimiento",
)  # fmt: skip

AUTHORISED_ON = date(2026, 3, 2)


def creditor_file(portfolio: Portfolio, creditor: str, balances: Mapping[str, int], day: date) -> bytes:
    """A full file of one creditor as of `day`. balances: debt key → minor units left; a paid debt is listed with zero."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for person in portfolio.people:
        if person.creditor == creditor:
            writer.writerows(_rows(person, balances, day))
    return out.getvalue().encode()


def creditors(portfolio: Portfolio) -> tuple[str, ...]:
    return tuple(sorted({person.creditor for person in portfolio.people}))


def _rows(person: Person, balances: Mapping[str, int], day: date) -> Iterable[dict[str, str]]:
    for role, debts in (("titular", person.debts), ("aval", person.guarantees)):
        for number, debt in enumerate(debts):
            row = _debt_row(person, debt, role, balances.get(debt.key, debt.amount), day)
            if person.contacts:
                yield row | _contact(person, number)
            else:
                yield row | _points(person)


def _debt_row(person: Person, debt: Owed, role: str, balance: int, day: date) -> dict[str, str]:
    return {
        "acreedor": debt.creditor,
        "referencia": debt.ref,
        "rol": role,
        "tipo_documento": person.document_type,
        "numero_documento": person.document,
        "tipo_persona": "empresa" if person.is_company else "persona",
        "nombre": person.name,
        "pais": person.country,
        "estado": person.state,
        "ciudad": person.city,
        "zona_horaria": person.zone,
        "producto": debt.product,
        "moneda": debt.currency,
        "saldo": f"{balance // 100}.{balance % 100:02d}",
        "fecha_vencimiento": f"{debt.due_on:%d/%m/%Y}",
        "fecha_corte": f"{day:%d/%m/%Y}",
        "estatus": "disputada" if debt.disputed else ("pagada" if balance <= 0 else "vigente"),
        "orden_compra": debt.order,
        "anio_nacimiento": str(person.birth_year or ""),
    }


def _points(person: Person) -> dict[str, str]:
    phone, mailbox = person.phone, person.mailbox
    return {
        "telefono": _as_written(phone),
        "telefono_compartido": "",
        "telefono_canales_autorizados": " ".join(phone.authorised) if phone else "",
        "correo": mailbox.address if mailbox else "",
        "correo_canales_autorizados": " ".join(mailbox.authorised) if mailbox else "",
        "fecha_autorizacion": f"{AUTHORISED_ON:%d/%m/%Y}"
        if (phone and phone.authorised) or (mailbox and mailbox.authorised)
        else "",
    }


def _contact(person: Person, number: int) -> dict[str, str]:
    """A company's rows name its contacts in turn."""
    contact = person.contacts[number % len(person.contacts)]
    return {"telefono": contact.phone, "correo": contact.email, "contacto_rol": contact.role}


def _as_written(phone: Phone | None) -> str:
    """As clerks write it: national digits, sometimes with the country's old mobile prefix."""
    if phone is None:
        return ""
    digits = phone.number[3:]
    if phone.number.startswith("+52"):
        return f"{digits[:2]} {digits[2:6]} {digits[6:]}"
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
