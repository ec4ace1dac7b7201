"""Paying from the page: every way is shown with who receives the money, ready to be copied or scanned."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from recobro.domain.client import PayWay
from tests.house import Clock, PretendCarrier, house
from tests.sample import playbook
from tests.usecases.conftest import at_home
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
        at_home(home)
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
    assert "54071500.00" in html
    assert len(html.encode()) < 50_000
