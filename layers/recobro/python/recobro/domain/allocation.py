"""What a payment is applied to: in the client's own order, to the last centavo, and given back exactly when it is reversed.

Nothing accrues here: interest and fees are what the creditor's file says that they are.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recobro.domain.debt import Amounts, Debt, DebtStatus
from recobro.errors import InvalidInput

PARTS = ("fees", "interest", "taxes", "principal")
"""The usual order (e.g. Código Civil Federal, México, art. 2094: interest before principal)."""

OPEN = frozenset({DebtStatus.ACTIVE, DebtStatus.DISPUTED})
COMES_BACK = OPEN | {DebtStatus.RECALLED}
"""Debts whose balance counts what is paid: one that was taken out of our hands may be given back, and others in it may pay meanwhile."""
TAKEN_OVER = frozenset(DebtStatus) - COMES_BACK - {DebtStatus.PAID}
"""Debts that a court, a buyer or the creditor has: what others in them pay is no longer counted here."""
RULES = ("named", "named_then_oldest", "oldest")


@dataclass(frozen=True)
class Allocation:
    """The client's order. parts: of one debt, first paid first. debts: which one the money is for.

    "named": the debt that the payment names; what is left over stays unapplied. "named_then_oldest": what is left over goes
    to the same creditor's other debts, oldest first. "oldest": oldest first, whatever the payment names.
    """

    parts: tuple[str, ...] = PARTS
    debts: str = "named"

    def __post_init__(self) -> None:
        if sorted(self.parts) != sorted(PARTS):
            raise InvalidInput("parts", f"is {list(self.parts)}", f"each of {', '.join(PARTS)}, once")
        if self.debts not in RULES:
            raise InvalidInput("debts", f"is {self.debts!r}", f"one of: {', '.join(RULES)}")


@dataclass(frozen=True, slots=True)
class Split:
    """Where an amount went, minor units. unapplied: more than was owed. instalments: number → what it took of them."""

    fees: int = 0
    interest: int = 0
    taxes: int = 0
    principal: int = 0
    unapplied: int = 0
    instalments: Mapping[str, int] = field(default_factory=dict)

    @property
    def applied(self) -> int:
        return self.fees + self.interest + self.taxes + self.principal

    @property
    def total(self) -> int:
        return self.applied + self.unapplied

    def less(self, other: "Split") -> "Split":
        """What is left of it once `other`, a part of it, was given back."""
        left = {name: getattr(self, name) - getattr(other, name) for name in (*PARTS, "unapplied")}
        rest = {no: took - other.instalments.get(no, 0) for no, took in self.instalments.items()}
        return Split(**left, instalments={no: took for no, took in rest.items() if took})


def take(debt: Debt, amount: int, parts: Sequence[str] = PARTS) -> Split:
    """What `amount` minor units pay of that debt, instalments oldest first; what is no longer owed stays unapplied."""
    owed = debt.outstanding.minor if debt.status in COMES_BACK else 0
    rest = applied = min(max(0, amount), owed)
    taken: dict[str, int] = {}
    for name in parts:
        taken[name] = min(getattr(debt.amounts, name), rest)
        rest -= taken[name]
    instalments, rest = {}, applied
    for part in sorted(debt.instalments, key=lambda one: (one.due_on, one.number)):
        took = min(part.outstanding, rest)
        rest -= took
        if took:
            instalments[str(part.number)] = took
    return Split(**taken, unapplied=max(0, amount) - applied, instalments=instalments)


def give_back(split: Split, amount: int) -> Split:
    """The part of `split` that `amount` takes back: last in, first out, so that parts given back add up to the whole."""
    rest = amount
    back: dict[str, int] = {}
    for name in ("unapplied", *reversed(PARTS)):
        back[name] = min(getattr(split, name), rest)
        rest -= back[name]
    applied = sum(back[name] for name in PARTS)
    instalments = {}
    for number in sorted(split.instalments, key=int, reverse=True):
        took = min(split.instalments[number], applied)
        applied -= took
        if took:
            instalments[number] = took
    return Split(**back, instalments=instalments)


def settled_by(debt: Debt, split: Split) -> Debt:
    """The debt without what `split` pays of it; paid when nothing is left."""
    after = _moved(debt, split, -1)
    is_paid = debt.status is DebtStatus.ACTIVE and after.outstanding.minor == 0
    return replace(after, status=DebtStatus.PAID) if is_paid else after


def owed_again(debt: Debt, split: Split) -> Debt:
    """The debt with exactly what `split` had paid of it; open again where something is owed."""
    after = _moved(debt, split, 1)
    reopens = debt.status is DebtStatus.PAID and split.applied > 0 and after.outstanding.minor > 0
    return replace(after, status=DebtStatus.ACTIVE) if reopens else after


def _moved(debt: Debt, split: Split, sign: int) -> Debt:
    amounts = {name: max(0, getattr(debt.amounts, name) + sign * getattr(split, name)) for name in PARTS}
    parts = tuple(
        replace(one, outstanding=max(0, one.outstanding + sign * split.instalments.get(str(one.number), 0)))
        for one in debt.instalments
    )
    return replace(debt, amounts=Amounts(**amounts), instalments=parts)


def shares(
    debts: Sequence[Debt], named: Debt, amount: int, rule: str, waived: Container[str] = ()
) -> tuple[tuple[str, int], ...]:
    """(debt key, minor units) in the order in which they are paid; what is more than is owed stays with the named debt.

    waived: keys of debts of which nobody is asked for the rest: money that names none of them pays none of them.
    """
    others = [
        one
        for one in debts
        if one.key != named.key
        and (one.creditor, one.currency) == (named.creditor, named.currency)
        and one.status is DebtStatus.ACTIVE
        and one.key not in waived
    ]
    oldest = sorted([named, *others], key=lambda one: (one.key in waived, _age(one)))
    order = {
        "named": [named],
        "named_then_oldest": [named, *sorted(others, key=_age)],
        "oldest": oldest,
    }[rule]
    rest, given = amount, {named.key: 0}
    for debt in order:
        owed = debt.outstanding.minor if debt.status in OPEN else 0
        given[debt.key] = min(owed, rest)
        rest -= given[debt.key]
    given[named.key] += rest
    return tuple((debt.key, given[debt.key]) for debt in order if given[debt.key])


def _age(debt: Debt) -> tuple[str, str]:
    return debt.oldest_due_on().isoformat(), debt.ref
