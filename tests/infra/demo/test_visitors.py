"""Who opens the page in the demonstration does there what people do, through nothing but forms: what the house then knows is theirs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from infra.demo.book import Book
from infra.demo.chance import Chance
from infra.demo.debtors import Debtors
from infra.demo.people import Mailbox, Person, Phone
from infra.demo.portfolio import invent
from infra.demo.reach import Page
from infra.demo.visitors import Browser, Visitors
from infra.demo.world import World
from recobro.adapters.gateways.mercado_pago import MercadoPago
from recobro.domain.client import Gateway
from recobro.domain.debtor import Debtor
from recobro.domain.hold import HoldReason
from recobro.domain.money import Money
from recobro.domain.reference import read_reference
from recobro.domain.strategy import OfferPolicy
from recobro.entry import asked_page
from recobro.house import House
from recobro.ports import Endpoint, HttpReply, Webhook
from tests.house import Clock, PretendCarrier, house, standing
from tests.infra.demo.quiet_house import QuietHouse
from tests.sample import AMINTA, with_strategy
from tests.usecases.conftest import at_home
from tests.usecases.test_pay_now import book, written_to
from tests.usecases.test_send import sent
from tests.visitor import BEHIND, link_to

HALVES = OfferPolicy("halves", (2,), every_days=15, first_within_days=3, min_down_share=30)


class AtTheDoor(QuietHouse):
    """A house of which only the page stands open."""

    home: House

    def page(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        _, purpose, token, *rest = path.split("/")
        route = f"{method} /{purpose}/{{token}}" + ("/{page}" if rest else "")
        event = {
            "routeKey": route,
            "headers": dict(headers),
            "cookies": [one for one in headers.get("cookie", "").split("; ") if one],
            "pathParameters": {"token": token, **({"page": rest[0]} if rest else {})},
            "requestContext": {"http": {"method": method}},
            "body": body.decode(),
        }
        answer = asked_page(self.home, event, BEHIND[purpose])
        shown = answer["body"] if not answer.get("isBase64Encoded") else _plain(answer["body"])
        return Page(
            answer["statusCode"], shown, answer["headers"].get("location", ""), tuple(answer["cookies"])
        )


def _plain(body: str) -> str:
    import base64

    return base64.b64decode(body).decode()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock, book=with_strategy(offers=(HALVES,))) as opened:
        at_home(opened)
        sent(opened, PretendCarrier())
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def visitors(home: House) -> Visitors:
    world = World(invent(7, 10, date(2026, 8, 3), 5, invoices=0), 7)
    reach = AtTheDoor(home.now())
    reach.home = home
    book, chance = Book(world.portfolio), Chance(7)
    return Visitors(book, reach, chance, Debtors(book, reach, chance, lambda paid: None), world.gateways)


@pytest.fixture
def aminta(visitors: Visitors) -> Person:
    """As she knows herself."""
    anybody = next(one for one in visitors._book.portfolio.people if not one.is_company)
    return replace(
        anybody,
        document="XEXX010101",
        name="Aminta Prueba",
        given_name="Aminta",
        zone="America/Mexico_City",
        phone=Phone("+525550100001"),
        mailbox=Mailbox("aminta@example.com"),
    )


def at(home: House, visitors: Visitors, person: Person) -> Browser:
    browser = Browser(visitors._reach, f"/p/{link_to(home)}")
    browser.open()
    assert visitors._enters(person, browser)
    return browser


DONE: dict[str, Callable[[Debtor], object]] = {
    "promise": lambda debtor: [one.channel for one in debtor.promises],
    "plan": lambda debtor: [len(one.offer.parts) for one in debtor.plans],
    "paid": lambda debtor: [one for one in debtor.holds if one.reason is HoldReason.ALREADY_PAID],
    "dispute": lambda debtor: [one for one in debtor.holds if one.reason is HoldReason.DISPUTE],
    "hours": lambda debtor: debtor.hours.days == ("mon_fri",) and debtor.hours.opens.hour == 10,
    "stop": lambda debtor: debtor.stopped == ("*",),
}


@pytest.mark.parametrize("wish", DONE)
def test_what_they_came_for_stands_in_the_record(
    home: House, visitors: Visitors, aminta: Person, wish: str
) -> None:
    assert not DONE[wish](standing(home, AMINTA))
    assert getattr(visitors, f"_{wish}")(aminta, at(home, visitors, aminta))
    assert DONE[wish](standing(home, AMINTA))


def test_a_stranger_does_not_get_in(home: House, visitors: Visitors, aminta: Person) -> None:
    browser = Browser(visitors._reach, f"/p/{link_to(home)}")
    browser.open()
    stranger = replace(aminta, name="Otra Persona", mailbox=Mailbox("otra@example.com"))

    assert not visitors._enters(stranger, browser)
    assert not browser.send("stop")
    assert standing(home, AMINTA).stopped == ()


def test_a_message_without_a_link_and_one_who_was_there_lead_nobody_to_the_page(
    visitors: Visitors, aminta: Person
) -> None:
    assert not any(visitors.may_open(aminta, "sin enlace") for _ in range(50))
    text = "https://pagos.example.com/p/forged"
    for _ in range(200):
        visitors.may_open(aminta, text)

    assert visitors.counts == {"opened": 1}


def test_a_tap_on_the_message_pays_at_the_gateway_which_tells_the_house_of_that_very_link(
    clock: Clock,
) -> None:
    world = World(invent(7, 10, date(2026, 8, 3), 5, invoices=0), 7)

    def api(
        method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, idempotency: str = ""
    ) -> HttpReply:
        return HttpReply(*world.gateways.http(method, url, headers, body))

    to_the_creditor = book(mercado_pago=Gateway("main", "creditor"))
    with written_to(clock, api=api, book=to_the_creditor, gateways=world.gateways.keys()) as (home, carrier):
        reach = AtTheDoor(home.now())
        reach.home = home
        world.gateways.begin(reach)
        owed = replace(next(iter(world.book.portfolio.debts().values())), ref="A1", currency="MXN")
        person = next(one for one in world.book.portfolio.people if not one.is_company)
        person = replace(person, document="XEXX010101", debts=(owed,))
        world.book.balances[owed.key] = 200_000
        visitors = Visitors(
            world.book,
            reach,
            Chance(7),
            Debtors(world.book, reach, Chance(7), lambda paid: None),
            world.gateways,
        )
        assert any(visitors.may_tap(person, carrier.asked[0].body) for _ in range(500))
        reach.run_until(home.now() + timedelta(days=2))
        (link,) = standing(home, AMINTA).pay_links

    at, _, path, body, headers = reach.requests[0]
    keys = world.gateways.keys()["mercado_pago/main"]
    place, gateway = Endpoint("main", keys["secrets"], keys["api_key"]), MercadoPago()
    told = gateway.verify_and_parse(Webhook(body, headers, path.partition("?")[2]), place, at)
    (answer,) = gateway.ask(told, place, api, at)
    assert read_reference(answer.reference) == (AMINTA, home.keys.short_debt(link.debt))
    assert (answer.status, answer.amount) == ("paid", Money(200_000, "MXN"))
    assert world.book.balances[owed.key] == 0
    assert visitors.counts["paid_by_tap"] == 1
