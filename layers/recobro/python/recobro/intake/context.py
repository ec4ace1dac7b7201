"""What a row cannot say by itself: whose portfolio it is, on which day it was true, and under which key people are named."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from recobro.domain.client import Brand, Client
from recobro.intake.words import plain
from recobro.keys import Keys


@dataclass(frozen=True)
class Context:
    """as_of: the day the file's balances were true, unless a row says otherwise."""

    client: Client
    keys: Keys
    as_of: date

    @cached_property
    def _brands(self) -> dict[str, Brand]:
        named: dict[str, Brand] = {}
        for brand in self.client.brands:
            for name in (brand.id, brand.name, brand.legal_name):
                named.setdefault(plain(name), brand)
        return named

    def brand(self, text: str) -> Brand | None:
        """The brand that a creditor cell names by id, name or legal name; the only one when the cell is empty."""
        if text:
            return self._brands.get(plain(text))
        return self.client.brands[0] if len(self.client.brands) == 1 else None
