"""Paying from the page: every enabled way, and a link of the client's gateway that is good for one creditor and one amount."""

from recobro.adapters.qr import drawn
from recobro.domain.account import Account, accounts
from recobro.pages.html import NOTHING, Html
from recobro.pages.pay import Online, pay_page
from recobro.usecases.portal.visit import Visit
from recobro.web import Shown


def pay(found: Visit) -> Shown:
    """GET: what can be paid and how."""
    return _shown(found, NOTHING)


def _shown(found: Visit, said: Html) -> Shown:
    owed = tuple(one for one in accounts(found.debtor, found.scene.today) if one.payable)
    if not owed:
        return found.go()
    return Shown(pay_page(found.scene, tuple((one, _online(found, one)) for one in owed), drawn, said))


def _online(found: Visit, account: Account) -> tuple[Online, ...]:
    return ()
