"""The month's money, the client's and each channel's: taken before a message is sent, so that no month can be overspent.

What is taken is the most that the message may cost (`domain.price.at_most`), in slices that serve many contacts (DESIGN §3).
"""

from datetime import datetime, timedelta

from recobro.domain.price import at_most
from recobro.domain.refusal import Refusal
from recobro.house import House

CONTACTS_A_SLICE = 100
"""How many contacts' price a process takes from a month's budget at a time …"""

SLICES_A_MONTH = 50
"""… but no more than this part of the limit: what a process held when it ended is lost for the month."""


def afford(house: House, channel: str, price: int, now: datetime) -> bool:
    """Take `price` (micro-USD) from the client's budget and from the channel's own: from both or from neither."""
    taken: list[str] = []
    for name, limit in _budgets(house, channel).items():
        a_slice = min(price * CONTACTS_A_SLICE, limit // SLICES_A_MONTH)
        if not house.budgets.take(name, _month(now), price, limit, a_slice):
            for one in taken:
                house.budgets.give_back(one, _month(now), price)
            return False
        taken.append(name)
    return True


def without_money(house: House, now: datetime) -> dict[str, Refusal]:
    """The channels for which a budget of this month has no more room for even the shortest message, and the no of it. One read for
    each budget that there is.

    A process that holds a slice of it may still send: nobody else sees what is left of that.
    """
    used: dict[str, int] = {}
    found: dict[str, Refusal] = {}
    for channel, setup in house.playbook.client.channels.items():
        price = at_most(setup, channel, " ")
        if not setup.enabled or not price:
            continue
        for name, limit in _budgets(house, channel).items():
            if name not in used:
                used[name] = house.budgets.used(name, _month(now))
            if limit - used[name] < price:
                found.setdefault(channel, _no_money(name, channel, now))
    return found


def _no_money(budget: str, channel: str, now: datetime) -> Refusal:
    field = f"channels.{channel}.monthly_spend_usd" if "#" in budget else "limits.monthly_spend_usd"
    change = f"a higher {field} in client.toml"
    return Refusal(f"budget.{channel}", f"client.toml: {field}", next_month(now), _month(now), change)


def next_month(now: datetime) -> datetime:
    """When every budget begins anew."""
    return (now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)


def unspent(house: House, channel: str, price: int, now: datetime) -> None:
    """The message that `price` was taken for was certainly not sent. now: when it was taken."""
    for name in _budgets(house, channel):
        house.budgets.give_back(name, _month(now), price)


def _budgets(house: House, channel: str) -> dict[str, int]:
    """Budget → its limit a month in micro-USD, where there is one."""
    client = house.playbook.client
    limits = {
        "spend": client.limits.monthly_spend_usd,
        f"spend#{channel}": client.channels[channel].monthly_spend_usd,
    }
    return {name: usd * 1_000_000 for name, usd in limits.items() if usd}


def _month(now: datetime) -> str:
    return f"{now:%Y-%m}"
