"""Paying from the page: every enabled way, and a link of the client's gateway that is good for one creditor and one amount."""

from collections.abc import Iterator
from datetime import datetime

from recobro.adapters.gateways import gateway_named
from recobro.adapters.qr import drawn
from recobro.domain.account import Account, account_of, accounts
from recobro.domain.client import Brand, Gateway
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.money import Money
from recobro.domain.pay_link import good_link
from recobro.domain.typed import amount_typed
from recobro.pages.html import NOTHING, Html
from recobro.pages.pay import Online, gateway_title, pay_page
from recobro.pages.scene import told
from recobro.usecases.paid_through import paid_through
from recobro.usecases.portal.pay_links import NOT_MADE, link_for
from recobro.usecases.portal.visit import Visit
from recobro.web import Shown


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
    """Those that make links for that creditor."""
    brand = found.scene.brand(account.creditor)
    if brand is None:
        return
    for name, setup in paid_through(found.house, brand):
        if hasattr(gateway_named(name), "make_link"):
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
    name, setup, _ = chosen

    def is_asked(debtor: Debtor, now: datetime) -> bool:
        today = today_of(debtor, found.house.playbook, now)
        still = account_of(debtor, account.creditor, account.currency, today)
        return still is not None and amount <= still.total.minor

    try:
        link_for(found, account, (name, setup), Money(amount, account.currency), is_asked)
    except NOT_MADE:
        said = told(scene, "link_failed", wrong=True, gateway=gateway_title(name))
        return _shown(found, said, 503)
    return found.go("pay")
