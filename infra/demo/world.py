"""The outside world, whole: carriers, debtors, gateways and creditors. It never writes the ledger: it speaks to the house as all
do, through topics, routes and files."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from infra.demo.book import Book
from infra.demo.carriers import Carriers
from infra.demo.chance import Chance
from infra.demo.debtors import Debtors
from infra.demo.feeds import creditor_file, creditors
from infra.demo.gateway import PaymentGateways
from infra.demo.portfolio import Portfolio
from infra.demo.reach import Reach
from infra.demo.visitors import Visitors
from infra.local.outside import NotReached

FEED_AT = time(6, 15)
"""Creditors' systems export before anybody works."""

HOME = {
    "fabula": ("MX", "America/Mexico_City"),
    "quimera": ("CO", "America/Bogota"),
    "utopia": ("MX", "America/Monterrey"),
}
"""creditor → whose holidays it keeps, and its clock."""


class World:
    """Everything outside the template. Give it to the local system as its outside world, then `begin`."""

    def __init__(self, portfolio: Portfolio, seed: int, banned_from: datetime | None = None) -> None:
        self.portfolio = portfolio
        self.book = Book(portfolio)
        self.chance = Chance(seed)
        self.gateways = PaymentGateways(self.book, self.chance)
        self._banned_from = banned_from
        self._exported: dict[str, dict[str, int]] = {}
        self.debtors: Debtors
        self.visitors: Visitors
        self._carriers: Carriers

    def begin(self, reach: Reach) -> None:
        """Start to live: plan self-cures and every creditor's morning file."""
        self._reach = reach
        self.gateways.begin(reach)
        self.debtors = Debtors(self.book, reach, self.chance, self.gateways.paid)
        self.visitors = Visitors(self.book, reach, self.chance, self.debtors, self.gateways)
        self._carriers = Carriers(
            self.book, reach, self.chance, self.debtors, self.visitors, self._banned_from
        )
        self.debtors.live()
        for creditor in creditors(self.portfolio):
            for day in business_days(self.portfolio, creditor):
                self._reach.at(morning(creditor, day), lambda c=creditor, d=day: self._export(c, d))  # type: ignore[misc]

    def answer(self, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """For the local system: a carrier's answer. No language model lives in this world."""
        if service == "bedrock-runtime":
            raise NotReached
        return self._carriers.answer(service, operation, params)

    def http(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """For the local system: a gateway's API."""
        return self.gateways.http(method, url, headers, body)

    def _export(self, creditor: str, day: date) -> None:
        # On Mondays the whole account is named and what is missing recalled; on other days only what moved.
        is_full = day == self.portfolio.start or day.weekday() == 0
        since = None if is_full else self._exported.get(creditor)
        body = creditor_file(self.portfolio, creditor, self.book.balances, day, since)
        self._exported[creditor] = dict(self.book.balances)
        feed = "full" if is_full else "delta"
        key = f"inbox/{creditor}-{feed}-{day:%Y%m%d}.csv"
        self._reach.drop(key, body, {"feed": feed, "as-of": day.isoformat()})


def business_days(portfolio: Portfolio, creditor: str) -> list[date]:
    """The days of the run on which that creditor's office exports a file; the first day always."""
    country = HOME[creditor][0]
    last = portfolio.start + timedelta(days=portfolio.days)
    closed = holidays.country_holidays(country, years=range(portfolio.start.year, last.year + 1))
    days = [portfolio.start + timedelta(days=number) for number in range(portfolio.days)]
    return [day for day in days if day == portfolio.start or (day.weekday() < 5 and day not in closed)]


def morning(creditor: str, day: date) -> datetime:
    return datetime.combine(day, FEED_AT, ZoneInfo(HOME[creditor][1])).astimezone(UTC)
