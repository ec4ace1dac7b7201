"""Work that goes over many people at once: a record that is damaged, or that our code has a fault about, keeps nobody else waiting."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from recobro.errors import InvalidInput, InvariantBroken
from recobro.house import House
from recobro.ports import Loaded

FAULTS = (
    ArithmeticError,
    AttributeError,
    InvalidInput,
    InvariantBroken,
    LookupError,
    TypeError,
    ValueError,
)
"""What a damaged record ends in, or one that our code has a fault about."""

Faults = dict[str, Exception]
"""Debtor → what went wrong with their record: told once everybody else had their turn."""


@contextmanager
def alone(debtor_id: str, faults: Faults) -> Iterator[None]:
    """What goes wrong within is that person's alone."""
    try:
        yield
    except FAULTS as fault:
        faults[debtor_id] = fault


def read_each(house: House, ids: Sequence[str], faults: Faults) -> Iterator[Loaded]:
    """The debtors, a hundred to a request; where one of them cannot be read, each by itself."""
    try:
        found = list(house.ledger.load_many(ids).values())
    except FAULTS:
        found = []
        for one in ids:
            with alone(one, faults):
                loaded = house.ledger.load(one)
                found += [loaded] if loaded is not None else []
    yield from found


def check_all_done(faults: Faults) -> None:
    """Raises InvariantBroken where somebody's turn ended in a fault: the function's alarm calls a person."""
    if faults:
        raise InvariantBroken(f"no decision could be made for {', '.join(list(faults)[:10])}")
