"""A row in, a debtor's debt out, or the reason why not: the one place where everything that a row says is put together."""

from dataclasses import replace

from recobro.intake import reach
from recobro.intake.cells import Cells, Layout
from recobro.intake.context import Context
from recobro.intake.outcome import AcceptedRow, BadCell, RejectedRow
from recobro.intake.raw import RawRow
from recobro.intake.what import reference, what
from recobro.intake.who import who


def parse_row(layout: Layout, raw: RawRow, context: Context) -> AcceptedRow | RejectedRow:
    """One row, normalised and checked. Never raises for what a file may hold.

    What is owed, to whom and by whom is right or the row is rejected; a contact point that cannot be used is left out and
    noted in `notes`.
    """
    cells = Cells(layout, raw)
    try:
        return _accepted(cells, context)
    except BadCell as error:
        return replace(cells.rejected(error), about=_debt_named(cells, context))


def _debt_named(cells: Cells, context: Context) -> str:
    """The key of the debt that a row names, whatever else is wrong with it; empty: it can't be read."""
    try:
        brand, ref = context.brand(cells.text("creditor")), reference(cells)
    except BadCell:
        return ""
    return f"{brand.id}/{ref}" if brand is not None else ""


def _accepted(cells: Cells, context: Context) -> AcceptedRow:
    creditor = cells.text("creditor")
    brand = context.brand(creditor)
    if brand is None:
        brands = ", ".join(one.id for one in context.client.brands)
        raise BadCell(
            "creditor.unknown",
            "is no brand of this client",
            f"one of: {brands}",
            field=cells.header("creditor"),
            value=creditor,
        )
    person = who(cells, context, brand)
    debt = what(cells, person.country, context.as_of)
    traits = reach.attributes(cells)
    return AcceptedRow(
        row=cells.number,
        debtor=context.keys.debtor(person.identity),
        identity=person.identity,
        creditor=brand.id,
        debt_ref=debt.debt_ref,
        currency=debt.currency,
        amounts=debt.amounts,
        due_on=debt.due_on,
        calculated_on=debt.calculated_on,
        national_id=person.national_id,
        role=debt.role,
        status=debt.status,
        instalment=debt.instalment,
        name=person.name,
        given_name=person.given_name,
        kind=person.kind,
        law=person.law,
        country=person.country,
        subdivision=person.subdivision,
        zones=person.zones,
        language=person.language,
        attributes=traits,
        product=debt.product,
        tags=debt.tags,
        orders=debt.orders,
        credit=debt.credit,
        assigned_on=cells.day("assigned_on"),
        assigned_until=cells.day("assigned_until"),
        acknowledged_on=cells.day("acknowledged_on"),
        limitation_on=cells.day("limitation_on"),
        report_on=cells.day("report_on"),
        legal_event=reach.legal_event(cells),
        household=context.keys.household(cells.text("household")),
        points=reach.points(cells, person.country),
        contact_name=cells.text("contact_name")[:120],
        contact_role=reach.contact_role(cells),
        allowed=reach.allowance(cells),
        refused=reach.refused(cells),
        contact_told=reach.contact_told(cells),
        notes=tuple(cells.notes),
    )
