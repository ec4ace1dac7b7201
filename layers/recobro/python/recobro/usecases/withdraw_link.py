"""A payment link whose money is no longer owed so is taken back at its gateway: nobody pays twice by a page left open."""

from datetime import datetime
from typing import cast

from recobro.adapters.gateways import gateway_named
from recobro.domain.debtor import Debtor
from recobro.domain.facts import PayLinkWithdrawn
from recobro.domain.pay_link import LinkStatus, PayLink
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import MakesLinks
from recobro.usecases.saving import change


def withdraw_link(house: House, debtor_id: str) -> int:
    """Tell the gateways of every link of that person that is void. Returns how many; told twice, it is done once.

    Raises NotFound for nobody, Unavailable while a gateway does not answer, InvariantBroken where it refuses our key.
    """
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    void = [one for one in loaded.debtor.pay_links if one.status is LinkStatus.VOID]
    for link in void:
        _withdraw(house, link)
    numbers = {one.number for one in void}

    def done(debtor: Debtor, now: datetime) -> list[PayLinkWithdrawn]:
        waiting = (one.number for one in debtor.pay_links if one.status is LinkStatus.VOID)
        return [PayLinkWithdrawn(one) for one in waiting if one in numbers]

    change(house, debtor_id, done)
    return len(void)


def _withdraw(house: House, link: PayLink) -> None:
    endpoint = house.endpoint(link.gateway, link.endpoint)
    try:
        cast("MakesLinks", gateway_named(link.gateway)).void_link(link.id, endpoint, house.http)
    except NotFound:
        # The gateway knows it no more: nobody can pay by it, and that is what was asked for.
        return
