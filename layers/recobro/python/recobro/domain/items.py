"""What is owed, item by item: up to five in a message, then their count and total, with the list in the e-mail or on the page."""

from dataclasses import dataclass
from datetime import date

from recobro.domain import figures, names
from recobro.domain.debt import Debt, Role
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.money import Money
from recobro.domain.phrases import Phrases
from recobro.domain.playbook import LocaleFormat
from recobro.domain.substitution import fill

NAMED = 5
REFERENCES = 3
LISTED = 30
"""Lines of a list in an e-mail: a company's 400 invoices stand on the page, not in a letter that mail clients cut off."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The debts whose amounts make up what a contact asks for, oldest first; what is due after `until` is left out."""

    debts: tuple[Debt, ...]
    until: date
    is_company: bool
    phrases: Phrases
    locale: LocaleFormat

    def items(self) -> str:
        """One line a debt; more than five: one line with count and total."""
        if len(self.debts) <= NAMED:
            return "\n".join(self._line(debt) for debt in self.debts)
        return self._total(self.phrases.items_total, self.debts)

    def references(self, most: int = REFERENCES) -> str:
        """The first so many references, and how many more."""
        shown = ", ".join(names.shown_reference(debt.ref) for debt in self.debts[:most])
        more = len(self.debts) - most
        return fill(self.phrases.refs_more, {"refs": shown, "count": str(more)}) if more > 0 else shown

    def listed(self) -> str:
        """One line a debt, the oldest 30; then how many more."""
        lines = [self._line(debt) for debt in self.debts[:LISTED]]
        if len(self.debts) > LISTED:
            lines.append(self._total(self.phrases.items_more, self.debts[LISTED:]))
        return "\n".join(lines)

    def breakdown(self, asked: Money) -> str:
        """Principal, interest, fees, taxes and credits, one a line, then their total and its date; the total alone where
        the parts do not add up to what is asked."""
        return self._broken_down(self._parts(), asked)

    def breakdown_in_all(self, asked: Money) -> str:
        """As `breakdown`, of all that is outstanding, whether its date has come or not."""
        credited = (self.phrases.part_credit, -sum(debt.credit for debt in self.debts))
        return self._broken_down([*self._amounts(self.debts), credited], asked)

    def calculated_on(self) -> str:
        """The day on which the oldest of the figures was true."""
        days = [debt.calculated_on for debt in self.debts]
        return figures.long_date(min(days, default=self.until), self.locale)

    def role(self) -> str:
        """As what we write to somebody who is not the principal; empty for the principal."""
        roles = {debt.role for debt in self.debts}
        if not roles or Role.PRINCIPAL in roles:
            return ""
        return self.phrases.role_guarantor if Role.GUARANTOR in roles else self.phrases.role_codebtor

    def _broken_down(self, parts: list[tuple[str, int]], asked: Money) -> str:
        shown = [one for one in parts if one[1]] if sum(m for _, m in parts) == asked.minor else []
        lines = [f"{label}: {self._money(minor)}" for label, minor in shown]
        total = fill(self.phrases.breakdown_total, {"date": self.calculated_on()})
        return "\n".join([*lines, f"{total}: {figures.money(asked, self.locale)}"])

    def _parts(self) -> list[tuple[str, int]]:
        whole = tuple(debt for debt in self.debts if not debt.instalments)
        dated = [debt for debt in self.debts if debt.instalments]
        instalments = sum(debt.due_now(self.until).minor + debt.credit for debt in dated)
        return [
            *self._amounts(whole),
            (self.phrases.part_instalments, instalments),
            (self.phrases.part_credit, -sum(debt.credit for debt in self.debts)),
        ]

    def _amounts(self, debts: tuple[Debt, ...]) -> list[tuple[str, int]]:
        words = self.phrases
        return [
            (words.part_principal, sum(debt.amounts.principal for debt in debts)),
            (words.part_interest, sum(debt.amounts.interest for debt in debts)),
            (words.part_fees, sum(debt.amounts.fees for debt in debts)),
            (words.part_taxes, sum(debt.amounts.taxes for debt in debts)),
        ]

    def _line(self, debt: Debt) -> str:
        words = self.phrases
        product, order = names.clean(debt.product, 40), names.clean(debt.orders[0], 30) if debt.orders else ""
        if self.is_company:
            pattern = words.invoice_with_order if order else words.invoice
        else:
            pattern = words.item_with_product if product else words.item
        values = {
            "ref": names.shown_reference(debt.ref),
            "product": product,
            "order": order,
            "date": figures.long_date(debt.oldest_due_on(), self.locale),
            "amount": figures.money(debt.due_now(self.until), self.locale),
        }
        return fill(pattern, values)

    def _total(self, pattern: str, debts: tuple[Debt, ...]) -> str:
        total = sum(debt.due_now(self.until).minor for debt in debts)
        return fill(pattern, {"count": str(len(debts)), "amount": self._money(total)})

    def _money(self, minor: int) -> str:
        return figures.money(Money(minor, self.debts[0].currency), self.locale)


def owed(debtor: Debtor, contact: Contact, until: date) -> tuple[Debt, ...]:
    """The debts that `contact.due` adds up, oldest first. until: what is due by then is asked for (eligibility.asked_until)."""
    known = oldest_first(debtor, contact.debts)
    return tuple(debt for debt in known if debt.oldest_due_on() <= until) or known[:1]


def oldest_first(debtor: Debtor, keys: tuple[str, ...]) -> tuple[Debt, ...]:
    """All the debts so named, whether their date has come or not."""
    known = [debt for key in keys if (debt := debtor.debt(key)) is not None]
    return tuple(sorted(known, key=lambda debt: (debt.oldest_due_on(), debt.ref)))
