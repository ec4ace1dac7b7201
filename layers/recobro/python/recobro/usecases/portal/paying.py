"""Paying from the page: every enabled way, and a link of the client's gateway that is good for one creditor and one amount."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from recobro.adapters.gateways import gateway_named
from recobro.adapters.qr import drawn
from recobro.domain.account import Account, account_of, accounts
from recobro.domain.client import Brand, Gateway
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, PayLinkMade, PayLinkVoided
from recobro.domain.money import Money
from recobro.domain.pay_link import PayLink, good_link, to_void
from recobro.domain.reference import reference_of
from recobro.domain.typed import amount_typed
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.pages.html import NOTHING, Html
from recobro.pages.pay import GATEWAY_NAMES, Online, pay_page
from recobro.pages.scene import told
from recobro.ports import LinkWanted, MakesLinks
from recobro.usecases.portal.visit import Visit
from recobro.usecases.saving import change
from recobro.web import Shown

LINK_DAYS = 3
"""Whole days after today that a payment link is good for."""


def pay(found: Visit) -> Shown:
    """GET: what can be paid and how."""
    return _shown(found, NOTHING)


def _shown(found: Visit, said: Html, status: int = 200) -> Shown:
    owed = tuple(one for one in accounts(found.debtor, found.scene.today) if one.payable)
    if not owed:
        return found.go()
    return Shown(
        pay_page(found.scene, tuple((one, _online(found, one)) for one in owed), drawn, said), status
    )


def _online(found: Visit, account: Account) -> tuple[Online, ...]:
    """The gateways that make links for this creditor, each with the link that is good now."""
    shown = []
    for name, _, brand in _gateways(found, account):
        link = good_link(found.debtor.pay_links, account.creditor, account.currency, name, found.house.now())
        if link is not None and link.amount <= account.total.minor:
            until = found.scene.last_day(link.expires_at)
            shown.append(Online(name, brand.legal_name, link.url, link.money, until))
        else:
            shown.append(Online(name, brand.legal_name))
    return tuple(shown)


def _gateways(found: Visit, account: Account) -> Iterator[tuple[str, Gateway, Brand]]:
    """One link pays one creditor: only gateways whose money goes to that creditor, that make links, and whose key is set."""
    house, brand = found.house, found.scene.brand(account.creditor)
    if brand is None:
        return
    for name, setup in house.playbook.client.gateways.items():
        pays = setup.payee.casefold() in {
            "creditor",
            brand.id.casefold(),
            brand.name.casefold(),
            brand.legal_name.casefold(),
        }
        if not pays or not hasattr(gateway_named(name), "make_link"):
            continue
        if house.secrets.gateway(name, setup.endpoint, house.now()).api_key:
            yield name, setup, brand


def prepare(found: Visit) -> Shown:
    """POST: the link for that amount, made if there is none that is still good; shown to be followed, never followed by itself."""
    asked, scene = found.asked, found.scene
    account = account_of(found.debtor, asked.one("creditor"), asked.one("currency"), scene.today)
    wanted = asked.one("gateway")
    chosen = (
        next((one for one in _gateways(found, account) if one[0] == wanted), None)
        if account is not None
        else None
    )
    if account is None or chosen is None or not account.payable:
        return found.go("pay")
    amount = amount_typed(asked.one("amount"), account.currency, scene.locale)
    if amount is None or amount > account.total.minor:
        return _shown(found, told(scene, "unread_amount", wrong=True), 422)
    name, setup, brand = chosen
    if (
        good_link(found.debtor.pay_links, account.creditor, account.currency, name, found.house.now(), amount)
        is None
    ):
        try:
            link = _made(found, account, name, setup, brand, Money(amount, account.currency))
        except (Unavailable, InvalidInput, InvariantBroken, NotFound):
            shown = GATEWAY_NAMES.get(name, name.replace("_", " ").title())
            return _shown(found, told(scene, "link_failed", wrong=True, gateway=shown), 503)
        change(found.house, found.debtor.id, lambda debtor, now: _facts(debtor, link, now), found.loaded)
    return found.go("pay")


def _made(found: Visit, account: Account, name: str, setup: Gateway, brand: Brand, amount: Money) -> PayLink:
    """Asked for twice at once, it is the same link: number, amount and end are the same, and so is what makes it one."""
    house, today = found.house, found.scene.today
    number = 1 + max((one.number for one in found.debtor.pay_links), default=0)
    oldest = min(account.payable, key=lambda one: (one.oldest_due_on(), one.ref))
    expires_at = today.starts(today.day + timedelta(days=LINK_DAYS + 1))
    base = house.playbook.client.public_url or house.settings.public_url
    wanted = LinkWanted(
        reference=reference_of(found.debtor.id, house.keys.short_debt(oldest.key), number),
        amount=amount,
        description=brand.legal_name,
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


def _facts(debtor: Debtor, link: PayLink, now: datetime) -> Sequence[Fact]:
    """The new link takes the place of any other for the same account: nobody is to pay by both."""
    if any(one.id == link.id and one.gateway == link.gateway for one in debtor.pay_links):
        return ()
    before = [
        PayLinkVoided(one.number, "another")
        for one in to_void(debtor.pay_links, link.creditor, link.currency)
    ]
    return (*before, PayLinkMade(link))
