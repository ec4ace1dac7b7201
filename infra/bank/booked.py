"""What the bank booked for each payment of an entry: other amounts stand beside it, such as the one that the payer ordered abroad."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from recobro.domain.money import Money, exponent
from recobro.errors import InvalidInput

Names = Mapping[str | None, str]
BY_HAND = "ask the bank for the amount of each, or tell of them by: recobro payments import"
"""What to do with an entry that is set aside."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One `Ntry` of a statement with the `TxDtls` that the bank gives of it."""

    node: Any
    details: Sequence[Any]
    names: Names

    @property
    def side(self) -> str:
        """As ISO 20022 has it: "CRDT" or "DBIT"."""
        return self._word(self.node, "CdtDbtInd")

    @property
    def sides(self) -> list[str]:
        """Of each payment; the entry's where the bank gives none of its own."""
        return [self._word(one, "CdtDbtInd") or self.side for one in self.details] or [self.side]

    def amounts(self) -> list[Money]:
        """What each payment brought. Raises InvalidInput where the bank does not tell how the entry is made up."""
        whole = self._amount(self.node, "Amt")
        if whole is None:
            raise InvalidInput("Amt", "is missing", "ask the bank for the statement again")
        if self.details and self._count() > 1:
            return self._of_batch(whole)
        if self.sides != [self.side]:
            problem = f"is {self.side} of the entry and {self.sides[0]} of its payment"
            raise InvalidInput("CdtDbtInd", problem, BY_HAND)
        return [whole]

    def _of_batch(self, whole: Money) -> list[Money]:
        parts = [self._amount(one, "Amt", "AmtDtls/TxAmt/Amt") for one in self.details]
        told = [one for one in parts if one is not None]
        of = f"in an entry of {_written(whole)}"
        if len(told) < len(parts):
            silent = f"{len(parts) - len(told)} of {self._count()} payments"
            raise InvalidInput("TxDtls", f"{silent} {of} name no amount of their own", BY_HAND)
        foreign = [one for one in told if one.currency != whole.currency]
        if foreign:
            raise InvalidInput("TxDtls", f"a payment {of} is of {_written(foreign[0])}", BY_HAND)
        signed = zip(told, self.sides, strict=True)
        come_to = sum(one.minor if each == self.side else -one.minor for one, each in signed)
        if come_to != whole.minor:
            made_up = _written(Money(come_to, whole.currency))
            raise InvalidInput("TxDtls", f"the payments {of} come to {made_up}", BY_HAND)
        return told

    def _count(self) -> int:
        """How many payments the entry is of, told or not."""
        said = [one.text or "" for one in self.node.findall("NtryDtls/Btch/NbOfTxs", self.names)]
        return max(len(self.details), sum(int(one) for one in said if one.isdecimal() and len(one) <= 15))

    def _word(self, node: Any, path: str) -> str:
        found = node.find(path, self.names)
        return (found.text or "").strip() if found is not None else ""

    def _amount(self, node: Any, *paths: str) -> Money | None:
        found = [one for path in paths if (one := node.find(path, self.names)) is not None]
        return amount_of(found[0].text or "", found[0].get("Ccy") or "") if found else None


def entries(tree: Any, names: Names) -> Iterator[Entry]:
    """In the order in which pycamt tells of them, and as many payments of each."""
    for statement in tree.findall(".//Stmt", names) or tree.findall(".//Rpt", names):
        for node in statement.findall(".//Ntry", names):
            groups = node.findall(".//NtryDtls", names)
            yield Entry(node, [one for group in groups for one in group.findall(".//TxDtls", names)], names)


def amount_of(written: str, currency: str) -> Money:
    """Raises InvalidInput for what is no amount of that currency."""
    try:
        minor = Decimal(written).scaleb(exponent(currency))
    except InvalidOperation:
        minor = Decimal("NaN")
    if minor != minor.to_integral_value() or not 0 < minor < 10**15 or len(currency) != 3:
        raise InvalidInput("Amt", f"is {written} {currency}", "an amount of that currency")
    return Money(int(minor), currency)


def _written(amount: Money) -> str:
    return f"{Decimal(amount.minor).scaleb(-exponent(amount.currency))} {amount.currency}"
