"""A link that became void is taken back at its gateway: what does not answer comes again, what is gone is done."""

from datetime import timedelta

import pytest

from recobro.domain.facts import PayLinkMade, PayLinkVoided
from recobro.domain.pay_link import LinkStatus, PayLink
from recobro.errors import NotFound, Unavailable
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.saving import change
from recobro.usecases.withdraw_link import withdraw_link
from tests.adapters.gateways_api import Api
from tests.house import Clock, house, standing
from tests.sample import AMINTA
from tests.usecases.conftest import at_home
from tests.usecases.test_portal_paying import STRIPE_KEYS, with_stripe


def with_a_void_link(home: House) -> None:
    at_home(home)
    now = home.now()
    link = PayLink(
        1,
        "muebles",
        "MXN",
        "muebles/A1",
        150_000,
        "stripe",
        "main",
        "plink_1",
        "https://x.example",
        now,
        now + timedelta(days=3),
    )
    change(home, AMINTA, lambda debtor, now: (PayLinkMade(link), PayLinkVoided(1, "paid")))


@pytest.mark.parametrize(
    ("answer", "raised", "status"),
    [
        (HttpReply(200, b"{}"), None, LinkStatus.WITHDRAWN),
        (HttpReply(404, b"{}"), None, LinkStatus.WITHDRAWN),
        (HttpReply(503, b""), Unavailable, LinkStatus.VOID),
    ],
)
def test_what_the_gateway_answers(
    answer: HttpReply, raised: type[Exception] | None, status: LinkStatus
) -> None:
    with house(Clock(), book=with_stripe(), http=Api([answer]), gateways=STRIPE_KEYS) as home:
        with_a_void_link(home)
        if raised is None:
            assert withdraw_link(home, AMINTA) == 1
        else:
            with pytest.raises(raised):
                withdraw_link(home, AMINTA)

        assert standing(home, AMINTA).pay_links[0].status is status


def test_nobody_has_no_links() -> None:
    with house(Clock()) as home, pytest.raises(NotFound):
        withdraw_link(home, "d" + "0" * 23)
