"""What the row says is owed: amounts that add up, in one currency, due on one day, in a status that we understand."""

from dataclasses import dataclass
from datetime import date, timedelta

from recobro.domain.debt import Amounts, DebtStatus, Role
from recobro.domain.money import exponent
from recobro.intake.amounts import to_minor
from recobro.intake.cells import Cells
from recobro.intake.currencies import CURRENCIES, currency_of
from recobro.intake.fields import COMPONENTS
from recobro.intake.outcome import BadCell
from recobro.intake.vocabulary import ROLES, STATUSES, THIRD_PARTIES
from recobro.intake.words import plain

_MAX_REF = 80


@dataclass(frozen=True, slots=True)
class What:
    """See AcceptedRow."""

    debt_ref: str
    role: Role
    status: DebtStatus
    currency: str
    amounts: Amounts
    credit: int | None
    due_on: date
    calculated_on: date
    instalment: int
    product: str
    tags: tuple[str, ...]
    orders: tuple[str, ...]


def what(cells: Cells, country: str, as_of: date) -> What:
    """Raises BadCell: a debt is taken whole or not at all."""
    currency = _currency(cells, country)
    amounts, credit = _amounts(cells, currency)
    status = cells.text("status")
    calculated_on = cells.day("calculated_on") or as_of
    if calculated_on > as_of:
        raise BadCell(
            "date.future", "is after the file's own day", "correct it", field=cells.header("calculated_on")
        )
    return What(
        debt_ref=reference(cells),
        role=_role(cells),
        status=cells.meant("status", STATUSES, "status") if status else DebtStatus.ACTIVE,
        currency=currency,
        amounts=amounts,
        credit=credit,
        due_on=_due_on(cells, calculated_on),
        calculated_on=calculated_on,
        instalment=_whole(cells, "instalment"),
        product=cells.text("product")[:60],
        tags=_listed(cells, "tags"),
        orders=_listed(cells, "orders"),
    )


def reference(cells: Cells) -> str:
    text = " ".join(cells.text("debt_ref").lstrip("'").split())
    header = cells.header("debt_ref")
    if not text:
        raise BadCell("ref.missing", "is empty", "every debt needs the creditor's reference", field=header)
    looks_cut = (
        "E+" in text.upper() and text.upper().replace("E+", "").replace(".", "").replace(",", "").isdigit()
    )
    is_number = not isinstance(cells.cell("debt_ref"), str)
    if looks_cut or (is_number and len(text) > 15):
        raise BadCell(
            "ref.mangled",
            "was shortened by a spreadsheet: digits are lost",
            "export the column as text",
            field=header,
            value=text,
        )
    if len(text) > _MAX_REF or not text.isprintable():
        raise BadCell(
            "ref.long",
            f"is longer than {_MAX_REF} characters, or not text",
            "give the creditor's own reference",
            field=header,
        )
    return text


def _role(cells: Cells) -> Role:
    text = cells.text("role")
    if not text:
        return Role.PRINCIPAL
    if plain(text) in THIRD_PARTIES:
        fix = "take the row out: references and relatives are never contacted"
        raise BadCell("role.third_party", "is a third party", fix, field=cells.header("role"), value=text)
    return cells.meant("role", ROLES, "role")


def _currency(cells: Cells, country: str) -> str:
    text = cells.text("currency")
    currency = text if text in CURRENCIES else currency_of(text, country)
    if not currency:
        reason = "is no currency that we know" if text else "is empty"
        raise BadCell(
            "currency.unknown",
            reason,
            "write its ISO code, as MXN or COP",
            field=cells.header("currency"),
            value=text,
        )
    return currency


def _amounts(cells: Cells, currency: str) -> tuple[Amounts, int | None]:
    """The split and the unapplied credit. A total without split is principal; a negative one is a balance in their favour."""
    parts = {name: _sum(cells, name, currency) for name in COMPONENTS}
    total, credit = _sum(cells, "total", currency), _sum(cells, "credit", currency)
    given = {name: part for name, part in parts.items() if part is not None}
    if total is None and not given:
        named = next((name for name in ("total", *COMPONENTS) if cells.has_column(name)), "total")
        raise BadCell(
            "amount.missing",
            "is empty",
            "write the balance, 0 when nothing is owed",
            field=cells.header(named),
        )
    for name, part in given.items():
        if part < 0:
            raise BadCell(
                "amount.negative", "is negative", "give credits in their own column", field=cells.header(name)
            )
    if given and total is not None and sum(given.values()) != total:
        of = sum(given.values())
        off = f"{_shown(total, currency)} and its parts {_shown(of, currency)}"
        fix = "correct them, or map every column that the total is made of"
        raise BadCell("amount.parts", f"is {off}", fix, field=cells.header("total"))
    if given:
        amounts = Amounts(**given)
    else:
        amounts = Amounts(principal=max(0, total or 0))
        if total is not None and total < 0:
            credit = (credit or 0) - total
    return amounts, abs(credit) if credit is not None else None


def _sum(cells: Cells, name: str, currency: str) -> int | None:
    """All columns of one amount, added; None when all are empty."""
    total: int | None = None
    formats, style = cells.layout.mapping.formats, cells.layout.style
    for header, _, cell in cells.each(name):
        try:
            total = (total or 0) + to_minor(cell, currency, style, rounds=formats.round)
        except BadCell as error:
            error.field = header
            raise
    if total is None and name in cells.layout.mapping.constants:
        return to_minor(cells.layout.mapping.constants[name], currency, ".")
    return total


def _shown(minor: int, currency: str) -> str:
    digits = exponent(currency)
    return f"{minor // 10**digits}.{minor % 10**digits:0{digits}d}" if digits else str(minor)


def _due_on(cells: Cells, calculated_on: date) -> date:
    due = cells.day("due_on")
    if due is not None:
        return due
    if cells.text("days_past_due"):
        return calculated_on - timedelta(days=_whole(cells, "days_past_due", negative=True))
    named = next((name for name in ("due_on", "days_past_due") if cells.has_column(name)), "due_on")
    raise BadCell(
        "date.missing",
        "is empty",
        "a debt needs its due date or its days past due",
        field=cells.header(named),
    )


def _whole(cells: Cells, name: str, *, negative: bool = False) -> int:
    """A small whole number; 0 when empty. "3 de 12" and "3/12" are 3."""
    text = cells.text(name).removesuffix(".0")
    if not text:
        return 0
    digits = text.lower().replace(" de ", "/").partition("/")[0].strip()
    is_number = digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) <= 6
    number = int(digits) if is_number else -1
    if not is_number or (number < 0 and not negative) or abs(number) > 40_000:
        raise BadCell(
            "number.unreadable",
            "is not a whole number",
            "write digits only",
            field=cells.header(name),
            value=text,
        )
    return number


def _listed(cells: Cells, name: str) -> tuple[str, ...]:
    found: list[str] = []
    for _, _, cell in cells.each(name):
        for part in str(cell).replace("|", ";").replace("\n", ";").replace(",", ";").split(";"):
            word = " ".join(part.split())[:60]
            if word and word not in found:
                found.append(word)
    constant = cells.layout.mapping.constants.get(name, "")
    return (*found, constant) if constant and constant not in found else tuple(found)
