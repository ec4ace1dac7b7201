"""The price book: what AWS and carriers ask for one of each thing, since when we know it, from which page, and how surely."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from recobro.codec import from_plain
from recobro.errors import InvalidInput

FILE = Path(__file__).with_name("prices.toml")
STATUSES = ("read", "secondary", "unverified")
Status = Literal["read", "secondary", "unverified"]


@dataclass(frozen=True)
class Price:
    """`usd` for `per` units of `item`. status: how surely we know it (prices.toml says what each word means)."""

    item: str
    unit: str
    regions: tuple[str, ...]
    usd: str
    per: int
    page: str
    read_on: date
    status: str
    note: str = ""

    def __post_init__(self) -> None:
        _checked(self.item, self.page, self.status, self.usd, self.per)

    @property
    def each(self) -> Decimal:
        """USD for one."""
        return Decimal(self.usd) / self.per


@dataclass(frozen=True)
class CarrierPrice:
    """What one message by `channel` costs to people of `country`; "*": wherever they are."""

    channel: str
    country: str
    usd: str
    per: int
    page: str
    read_on: date
    status: str
    note: str = ""

    def __post_init__(self) -> None:
        _checked(f"{self.channel} {self.country}", self.page, self.status, self.usd, self.per)

    @property
    def micro(self) -> Decimal:
        """Micro-USD for one."""
        return Decimal(self.usd) * 1_000_000 / self.per


@dataclass(frozen=True)
class Assumption:
    """A figure that nothing of ours measures, and why it was taken."""

    name: str
    value: str
    why: str


@dataclass(frozen=True)
class _File:
    price: tuple[Price, ...]
    carrier: tuple[CarrierPrice, ...]
    assumed: tuple[Assumption, ...]


@dataclass(frozen=True)
class PriceBook:
    """The prices of one Region."""

    region: str
    prices: Mapping[str, Price]
    carriers: tuple[CarrierPrice, ...]
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)

    def price(self, item: str) -> Price:
        """Raises InvalidInput for what has no price in the Region: nothing is counted as free because nobody wrote it down."""
        found = self.prices.get(item)
        if found is None:
            fix = f"add a [[price]] with its page and date to {FILE.name}"
            raise InvalidInput("price", f"{item} has none in {self.region}", fix, FILE.name)
        return found

    def carrier(self, channel: str, country: str) -> CarrierPrice | None:
        """What the book says of one message; None: nothing."""
        for one in self.carriers:
            if one.channel == channel and one.country in (country, "*"):
                return one
        return None

    def assumed(self, name: str) -> Decimal:
        """A figure that no meter gives."""
        return Decimal(self.assumptions[name].value)

    @property
    def oldest(self) -> date:
        """Since when some price was not looked at."""
        return min(one.read_on for one in self.prices.values())

    def unsure(self) -> tuple[Price, ...]:
        """Prices that nobody here has read."""
        return tuple(one for one in self.prices.values() if one.status == "unverified")


def price_book(region: str, file: Path = FILE) -> PriceBook:
    """The book for a Region. Raises InvalidInput naming the Regions it knows when it has no price there at all."""
    whole = _read(file)
    prices = {one.item: one for one in whole.price if region in one.regions}
    if not prices:
        known = sorted({name for one in whole.price for name in one.regions})
        fix = f"one of: {', '.join(known)}; or add its prices to {FILE.name}"
        raise InvalidInput("region", f"no price is known in {region}", fix, FILE.name)
    return PriceBook(region, prices, whole.carrier, {one.name: one for one in whole.assumed})


@cache
def _read(file: Path) -> _File:
    whole = from_plain(_File, tomllib.loads(file.read_text(encoding="utf-8")), strict=True, where=file.name)
    seen: set[tuple[str, str]] = set()
    for one in whole.price:
        for region in one.regions:
            if (one.item, region) in seen:
                raise InvalidInput("price", f"{one.item} has two in {region}", "keep the newer", file.name)
            seen.add((one.item, region))
    return whole


def _checked(name: str, page: str, status: str, usd: str, per: int) -> None:
    if not page.startswith("https://"):
        raise InvalidInput("page", f"of {name} is {page!r}", "write the address of the page with the price")
    if status not in STATUSES:
        raise InvalidInput("status", f"of {name} is {status!r}", f"one of: {', '.join(STATUSES)}")
    if Decimal(usd) < 0 or per < 1:
        raise InvalidInput("usd", f"of {name} is {usd} for {per}", "an amount of 0 or more, for 1 or more")
