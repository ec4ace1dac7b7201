"""Money is counted, not measured: whole minor units with their currency, and two currencies are never summed."""

from dataclasses import dataclass

from recobro.errors import InvariantBroken

ZERO_DECIMAL = frozenset({"CLP", "PYG", "JPY", "KRW", "VND"})
"""ISO 4217 currencies without minor unit that our debtors owe in; all others here have two decimals."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount. `minor` counts centavos (or whole units where the currency has none)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise InvariantBroken(f"an amount must be whole minor units, got {self.minor!r}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise InvariantBroken(f"{self.currency} and {other.currency} cannot be summed")


def exponent(currency: str) -> int:
    """How many decimals the currency is written with (ISO 4217)."""
    return 0 if currency in ZERO_DECIMAL else 2
