"""Paying from the page: every way is shown with who receives the money, ready to be copied or scanned."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from recobro.domain.client import Gateway, PayWay
from recobro.domain.pay_link import LinkStatus
from recobro.domain.playbook import Playbook
from recobro.domain.reference import read_reference
from recobro.ports import HttpReply
from recobro.usecases.withdraw_link import withdraw_link
from tests.adapters.gateways_api import Api
from tests.house import Clock, PretendCarrier, house, standing
from tests.sample import AMINTA, debt, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_hear_payment import told
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

LUNA = "Muebles Luna, S.A."
WAYS = (
    PayWay(
        "SPEI",
        "desde la app de su banco",
        LUNA,
        kind="spei",
        account="000000000000000013",
        bank="Banco de Ejemplo",
    ),
    PayWay("Pix", "com o app do seu banco", LUNA, kind="pix", account="luna@example.com", city="São Paulo"),
    PayWay("Tarjeta", "en su portal", LUNA, url="https://pagos.example.com/luna", kind="link"),
    PayWay("Dólares", "cuenta 34", LUNA, currency="USD"),
)


@pytest.fixture
def visitor(clock: Clock) -> Iterator[Visitor]:
    """Somebody identified, whose creditor takes money in many ways."""
    book = playbook()
    brands = tuple(replace(one, pay_ways=WAYS) if one.id == "muebles" else one for one in book.client.brands)
    with house(clock, book=replace(book, client=replace(book.client, brands=brands))) as home:
        at_home(home, debt(), debt("B2", currency="BRL", amount=80_050))
        sent(home, PretendCarrier())
        yield Visitor(home, link_to(home)).enter()


def test_every_way_is_shown_with_its_payee_and_the_reference_filled_in(visitor: Visitor) -> None:
    text = visitor.open("pay").text

    assert "000000000000000013" in text
    assert "Pague únicamente a Muebles Luna, S.A." in text
    assert text.count(LUNA) >= len(WAYS)
    assert "A1" in text
    assert "$1,500.00" in text
    assert 'href="https://pagos.example.com/luna"' in visitor.html
    assert "Dólares" not in text


def test_long_numbers_can_be_scanned_and_pix_is_one_line(visitor: Visitor) -> None:
    html = visitor.open("pay").html

    assert html.count('<svg role="img"') == 2
    assert "br.gov.bcb.pix" in html
    assert "5406800.50" in html
    assert len(html.encode()) < 50_000


CHECKOUT = "https://buy.stripe.com/x"


STRIPE_KEYS = {"stripe/main": {"secrets": ["whsec_sample"], "api_key": "sk_test"}}


def with_stripe() -> Playbook:
    """The sample client, paid through a gateway that makes links."""
    book = playbook()
    gateways = {"stripe": Gateway("main", "creditor"), **book.client.gateways}
    return replace(book, client=replace(book.client, gateways=gateways))


@pytest.fixture
def api() -> Api:
    return Api([{"id": "plink_1", "url": CHECKOUT}, {"id": "plink_2", "url": f"{CHECKOUT}2"}, {}, {}])


@pytest.fixture
def payer(clock: Clock, api: Api) -> Iterator[Visitor]:
    """Somebody identified, whose creditor is paid through a gateway."""
    with house(clock, book=with_stripe(), http=api, gateways=STRIPE_KEYS) as home:
        at_home(home)
        sent(home, PretendCarrier())
        yield Visitor(home, link_to(home)).enter()


def prepared(payer: Visitor, amount: str = "$1,500.00", **more: str) -> Visitor:
    fields = {"creditor": "muebles", "currency": "MXN", "gateway": "stripe", "amount": amount, **more}
    return payer.open("pay").send("pay", **fields)


def test_a_link_is_made_once_and_used_again_while_it_is_good(payer: Visitor, api: Api) -> None:
    prepared(payer)
    assert f'href="{CHECKOUT}"' in payer.html
    assert "$1,500.00 para Muebles Luna, S.A., hasta el 12 de marzo de 2026" in payer.text
    prepared(payer)

    (link,) = standing(payer.home, AMINTA).pay_links
    assert len(api.asked) == 1
    assert (link.amount, link.gateway, link.debt) == (150_000, "stripe", "muebles/A1")
    assert payer.token not in link.url


def test_the_link_names_its_debtor_and_debt_by_our_reference_and_nothing_personal(
    payer: Visitor, api: Api
) -> None:
    prepared(payer)
    reference = read_reference(api.fields["metadata[reference]"])

    assert reference == (AMINTA, payer.home.keys.short_debt("muebles/A1"))
    assert not [one for one in ("Aminta", "Prueba", "5550100001") if one in str(api.asked)]


def test_another_amount_makes_another_link_and_voids_the_first(payer: Visitor) -> None:
    prepared(payer)
    prepared(payer, "500")

    assert [(one.amount, one.status.value) for one in standing(payer.home, AMINTA).pay_links] == [
        (150_000, "void"),
        (50_000, "open"),
    ]


def test_money_voids_the_link_and_its_gateway_is_told_once(payer: Visitor, api: Api) -> None:
    prepared(payer)
    told(payer.home)
    assert standing(payer.home, AMINTA).pay_links[0].status is LinkStatus.VOID

    assert withdraw_link(payer.home, AMINTA) == 1
    assert withdraw_link(payer.home, AMINTA) == 0
    assert api.asked[-1][1] == "https://api.stripe.com/v1/payment_links/plink_1"


@pytest.mark.parametrize(
    "fields", [{"gateway": "standard"}, {"gateway": "nobody"}, {"creditor": "andes"}, {"currency": "USD"}]
)
def test_what_no_gateway_of_that_creditor_can_take_makes_no_link(
    payer: Visitor, api: Api, fields: dict[str, str]
) -> None:
    prepared(payer, **fields)

    assert not api.asked
    assert not standing(payer.home, AMINTA).pay_links


@pytest.mark.parametrize("amount", ["", "0", "-1", "15000", "mil", "1e9"])
def test_more_than_is_owed_or_no_amount_is_asked_again(payer: Visitor, api: Api, amount: str) -> None:
    prepared(payer, amount)

    assert payer.status == 422
    assert not api.asked


def test_a_gateway_that_does_not_answer_leaves_the_other_ways(payer: Visitor, api: Api) -> None:
    api.answers[:] = [HttpReply(503, b"")]
    prepared(payer)

    assert payer.status == 503
    assert "No se cobró nada" in payer.text
    assert "a la cuenta 0000" in payer.text
