"""One tap from a message to paying: a link that says nothing of who or how much, and behind which is paying and nothing else.

Infra decision 0038.
"""

from datetime import datetime

from recobro.adapters.gateways import ONE_TAP
from recobro.domain.account import Account, account_told_of, asked_for
from recobro.domain.attempt import ContactAttempt
from recobro.domain.client import Gateway
from recobro.domain.contact_point import Level
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, today_of
from recobro.domain.money import Money
from recobro.house import House
from recobro.pages.html import NOTHING
from recobro.pages.pay_now import Whom, nothing_page, onward_page, tap_page
from recobro.pages.scene import told
from recobro.usecases.paid_through import paid_through
from recobro.usecases.portal.pay_links import NOT_MADE, link_for
from recobro.usecases.portal.visit import Visit, visit
from recobro.web import Asked, Shown


def pay_now(house: House, asked: Asked) -> Shown:
    """GET shows whom one may pay here, whatever is owed: scanners and previews open every link. POST reads the record and leads on.

    Raises InvalidInput for a link that is not ours or has ended, NotFound, Stale, Unavailable.
    """
    found = visit(house, asked, "g")
    brand = found.brand
    by = next((one for one in paid_through(house, brand) if one[0] in ONE_TAP), None) if brand else None
    if brand is None or by is None:
        return Shown(nothing_page(found.scene))
    whom = Whom(brand.name, brand.legal_name, by[0])
    if asked.method == "POST":
        return _tapped(found, whom, by)
    language = found.scene.language if asked.query.get("lang") else None
    return Shown(tap_page(found.scene, whom, NOTHING), language=language)


def _tapped(found: Visit, whom: Whom, by: tuple[str, Gateway]) -> Shown:
    asks = _asks(found.debtor, found.sent, found.scene.today)
    if asks is None:
        return Shown(nothing_page(found.scene))
    account, amount = asks

    def is_asked(debtor: Debtor, now: datetime) -> bool:
        still = _asks(debtor, found.sent, today_of(debtor, found.house.playbook, now))
        return still is not None and still[1] == amount

    try:
        link = link_for(found, account, by, amount, is_asked)
    except NOT_MADE:
        said = told(found.scene, "link_failed", wrong=True, gateway=whom.through)
        return Shown(tap_page(found.scene, whom, said), 503)
    return Shown(onward_page(found.scene, whom, link.url) if link is not None else nothing_page(found.scene))


def _asks(debtor: Debtor, sent: ContactAttempt | None, today: Today) -> tuple[Account, Money] | None:
    """What a tap asks for now; None: nothing, or nobody may be asked by that message any more."""
    if sent is None or not _is_addressed(debtor, sent):
        return None
    account = account_told_of(debtor, sent.debts, today)
    amount = asked_for(debtor, account) if account is not None else None
    return (account, amount) if account is not None and amount is not None and amount.minor > 0 else None


def _is_addressed(debtor: Debtor, sent: ContactAttempt) -> bool:
    """Whether the message would still be the person's own to read: nobody there said "not me" or "stop", and it is not shared."""
    there = debtor.point(sent.point)
    return there is not None and there.carries(sent.channel) and there.level is not Level.NEUTRAL
