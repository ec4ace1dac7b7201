"""A payment link is good for one creditor, one amount and a few days: it is used again while it is good, and void once money came."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from recobro.domain.money import Money

DAYS = 3
"""Whole days after today that a payment link is good for, and that a message leads to one."""


class LinkStatus(StrEnum):
    OPEN = "open"
    VOID = "void"  # we give it out no more; the gateway has still to be told
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PayLink:
    """number: counts the person's links, and ends our reference. debt: the one that the reference names; amount: minor units.

    gateway, endpoint: whose link it is; id: by which the gateway knows it. url: where the person pays.
    """

    number: int
    creditor: str
    currency: str
    debt: str
    amount: int
    gateway: str
    endpoint: str
    id: str
    url: str
    made_at: datetime
    expires_at: datetime
    attempt: str = ""
    status: LinkStatus = LinkStatus.OPEN

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    def is_good(self, now: datetime) -> bool:
        return self.status is LinkStatus.OPEN and now < self.expires_at


def good_link(
    links: tuple[PayLink, ...], creditor: str, currency: str, gateway: str, now: datetime, amount: int = 0
) -> PayLink | None:
    """The link to be used again. amount: 0: whatever it is for."""
    found = (
        one
        for one in reversed(links)
        if (one.creditor, one.currency, one.gateway) == (creditor, currency, gateway)
        and one.is_good(now)
        and amount in (0, one.amount)
    )
    return next(found, None)


def to_void(links: tuple[PayLink, ...], creditor: str, currency: str) -> Iterator[PayLink]:
    """Those that ask for what is no longer owed so."""
    return (
        one
        for one in links
        if one.status is LinkStatus.OPEN and (one.creditor, one.currency) == (creditor, currency)
    )
