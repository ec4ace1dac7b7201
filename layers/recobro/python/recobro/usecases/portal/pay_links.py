"""A gateway's link for one creditor and one amount: used again while it is good, and never left open where money was faster."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from recobro.adapters.gateways import gateway_named
from recobro.domain.account import Account
from recobro.domain.client import Gateway
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PayLinkMade, PayLinkVoided
from recobro.domain.money import Money
from recobro.domain.pay_link import DAYS, PayLink, good_link, to_void
from recobro.domain.reference import reference_of
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.ports import LinkWanted, MakesLinks
from recobro.usecases.portal.visit import Visit
from recobro.usecases.saving import change

NOT_MADE = (Unavailable, InvalidInput, InvariantBroken, NotFound)
"""What a gateway that is down, or does not understand us, comes to: nothing was charged, and another way may work."""


def link_for(
    found: Visit,
    account: Account,
    by: tuple[str, Gateway],
    amount: Money,
    is_asked: Callable[[Debtor, datetime], bool],
) -> PayLink | None:
    """The link that is good for exactly that, else a new one. None: money or another word was faster than the gateway, and it is void.

    is_asked: whether that amount may still be asked for, of the record as it stands when the link is saved. Raises one of NOT_MADE
    where the gateway makes none, Stale.
    """
    name, setup = by
    now = found.house.now()
    good = good_link(found.debtor.pay_links, account.creditor, account.currency, name, now, amount.minor)
    if good is not None:
        return good
    link = _made(found, account, name, setup, amount)
    saved = change(
        found.house,
        found.debtor.id,
        lambda debtor, at: _facts(debtor, link, is_asked=is_asked(debtor, at)),
        found.loaded,
    ).debtor
    known = (one for one in saved.pay_links if (one.id, one.gateway) == (link.id, link.gateway))
    return next((one for one in known if one.is_good(found.house.now())), None)


def _made(found: Visit, account: Account, name: str, setup: Gateway, amount: Money) -> PayLink:
    """Asked for twice at once, it is the same link: number, amount and end are the same, and so is what makes it one."""
    house, today, brand = found.house, found.scene.today, found.scene.brand(account.creditor)
    number = _next_number(found.debtor)
    oldest = min(account.payable, key=lambda one: (one.oldest_due_on(), one.ref))
    expires_at = today.starts(today.day + timedelta(days=DAYS + 1))
    base = house.playbook.client.public_url or house.settings.public_url
    wanted = LinkWanted(
        reference=reference_of(found.debtor.id, house.keys.short_debt(oldest.key), number),
        amount=amount,
        description=brand.legal_name if brand is not None else account.creditor,
        expires_at=expires_at,
        back_url=f"{base}{found.scene.path}",
    )
    endpoint = house.endpoint(name, setup.endpoint)
    link = cast("MakesLinks", gateway_named(name)).make_link(wanted, endpoint, house.http, house.now())
    return PayLink(
        number,
        account.creditor,
        account.currency,
        oldest.key,
        amount.minor,
        name,
        setup.endpoint,
        link.id,
        link.url,
        house.now(),
        expires_at,
        found.sent.id if found.sent is not None else "",
    )


def _next_number(debtor: Debtor) -> int:
    return 1 + max((one.number for one in debtor.pay_links), default=0)


def _facts(debtor: Debtor, link: PayLink, *, is_asked: bool) -> Sequence[Fact]:
    """The new link takes the place of any other for the same account: nobody is to pay by both. Where it may not be asked for any
    more it is void as it is recorded, and its gateway is told.
    """
    if any(one.id == link.id and one.gateway == link.gateway for one in debtor.pay_links):
        return ()
    if any(one.number == link.number for one in debtor.pay_links):
        # Another page asked for another amount at the same moment: each link is taken back by a number of its own.
        link = replace(link, number=_next_number(debtor))
    if not is_asked:
        return (PayLinkMade(link), PayLinkVoided(link.number, "overtaken"))
    before = [
        PayLinkVoided(one.number, "another")
        for one in to_void(debtor.pay_links, link.creditor, link.currency)
    ]
    return (*before, PayLinkMade(link))
