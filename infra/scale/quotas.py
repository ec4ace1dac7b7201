"""Limits that others set: as an account has them on its first day, with the page that says so and what to ask for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from infra.pricing.book import STATUSES
from recobro.codec import from_plain
from recobro.errors import InvalidInput

FILE = Path(__file__).with_name("quotas.toml")
SPANS = ("second", "day", "month", "")


@dataclass(frozen=True)
class Quota:
    """`first` of `what` per `per`; "": at one time. ask: how to get more; empty: nobody gives it."""

    name: str
    what: str
    first: str
    per: str
    ask: str
    page: str
    read_on: date
    status: str

    def __post_init__(self) -> None:
        if self.per not in SPANS:
            raise InvalidInput("per", f"of {self.name} is {self.per!r}", f"one of: {', '.join(SPANS)}")
        if self.status not in STATUSES:
            raise InvalidInput(
                "status", f"of {self.name} is {self.status!r}", f"one of: {', '.join(STATUSES)}"
            )
        if not self.page.startswith("https://"):
            raise InvalidInput("page", f"of {self.name} is {self.page!r}", "write the address of the page")

    @property
    def most(self) -> Decimal:
        return Decimal(self.first)


@dataclass(frozen=True)
class _File:
    quota: tuple[Quota, ...]


def quotas(file: Path = FILE) -> Mapping[str, Quota]:
    """By name."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return {one.name: one for one in from_plain(_File, told, strict=True, where=file.name).quota}
