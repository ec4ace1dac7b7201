"""One tap from a message to paying: nothing is said of who or how much, nothing but paying is behind it, and it ends."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from botocore.exceptions import ClientError

from recobro.adapters.secret_keys import SecretKeys
from recobro.domain import facts as f
from recobro.domain.channel import Channel
from recobro.domain.client import Gateway
from recobro.domain.contact_point import Level, PointState
from recobro.domain.debt import DebtStatus
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.pay_link import LinkStatus
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseToPay
from recobro.domain.template import Part
from recobro.house import House
from recobro.ports import Http, HttpReply
from recobro.usecases.saving import change
from recobro.usecases.withdraw_link import withdraw_link
from tests.adapters.gateways_api import Api
from tests.house import Clock, PretendCarrier, house, settle_in, standing, unplugged
from tests.sample import AMINTA, debt, debtor, email, phone, playbook
from tests.usecases.test_hear_payment import told
from tests.usecases.test_portal_paying import CHECKOUT, STRIPE_KEYS
from tests.usecases.test_send import sent
from tests.visitor import Visitor

NOTHING = "Con este enlace no hay nada que pagar ahora"
MAIL, PHONE = "aminta@example.com", "+525550100001"
WHATSAPP = "Hola {given_name}, te escribe {who}: {link} {opt_out}."


def book(**gateways: Gateway) -> Playbook:
    """The sample client; what it writes by e-mail and WhatsApp may lead to paying, where a gateway makes links."""
    sample = playbook()
    late = sample.templates["late.es"]
    mail = late.parts["email"]
    pays = {
        "email": replace(mail, level=Level.ADDRESSED, body=f"[Pagar ahora]({{pay_link}})\n\n{mail.body}"),
        "email_neutral": Part("{who}, le dejó un mensaje: {link}", subject="{sender_name}"),
        "whatsapp": Part(
            WHATSAPP,
            Level.ADDRESSED,
            template="late_1",
            parameters=("given_name", "who", "link", "opt_out"),
            pay_template="late_1_pay",
            pay_label="Pagar ahora",
        ),
    }
    written = replace(late, parts={**late.parts, **pays})
    client = replace(sample.client, gateways=gateways or {"stripe": Gateway("main", "creditor")})
    return replace(sample, client=client, templates={**sample.templates, "late.es": written})


@contextmanager
def written_to(
    clock: Clock,
    channel: str = "email",
    *,
    api: Http = unplugged,
    level: Level = Level.ADDRESSED,
    **more: Any,
) -> Iterator[tuple[House, PretendCarrier]]:
    """Somebody who got one message, by that channel alone."""
    with house(clock, book=more.pop("book", book()), http=api, **{"gateways": STRIPE_KEYS, **more}) as home:
        point = email() if channel == "email" else phone(authorised=(Channel(channel),))
        address = MAIL if channel == "email" else PHONE
        there = replace(point, id=home.keys.point(address), level=level)
        debts = (debt(), debt("A2", amount=50_000, due_on=date(2026, 3, 5)))
        settle_in(home, debtor(*debts, points=(there,)))
        carrier = PretendCarrier()
        assert sent(home, carrier, channel).result == "sent"
        yield home, carrier


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api() -> Api:
    return Api([{"id": "plink_1", "url": CHECKOUT}, {"id": "plink_2", "url": f"{CHECKOUT}2"}, {}, {}])


@pytest.fixture
def mailed(clock: Clock, api: Api) -> Iterator[Visitor]:
    """Whoever opens the link of an e-mail."""
    with written_to(clock, api=api) as (home, carrier):
        yield Visitor(home, token_in(carrier.asked[0].body), "g")


def token_in(text: str, purpose: str = "g") -> str:
    return text.partition(f"/{purpose}/")[2].split()[0] if f"/{purpose}/" in text else ""


def tap(visitor: Visitor) -> Visitor:
    return visitor.post("", b"")


def leads_to(visitor: Visitor) -> str:
    return unescape(visitor.html.partition('http-equiv="refresh" content="0;url=')[2].partition('"')[0])


def paid(home: House) -> None:
    """Everything, to the last cent."""
    told(home)
    told(home, amount=50_000, reference=f"{AMINTA}:muebles/A2", intent="standard#pi_2")


def said(home: House, *facts: f.Fact) -> None:
    change(home, AMINTA, lambda debtor, now: facts)


# --- what is in the message --------------------------------------------------------------------------------------------


def test_an_email_to_the_person_leads_to_paying_and_to_the_page(clock: Clock) -> None:
    with written_to(clock) as (_, carrier):
        (mail,) = carrier.asked

    assert "Pagar ahora: https://pagos.example.com/g/" in mail.body
    assert 'href="https://pagos.example.com/g/' in mail.html
    assert "https://pagos.example.com/p/" in mail.body
    assert mail.unsubscribe_url.startswith("https://pagos.example.com/u/")


def test_a_whatsapp_message_leads_to_paying_by_a_template_with_a_button(clock: Clock) -> None:
    with written_to(clock, "whatsapp") as (home, carrier):
        (message,) = carrier.asked
        content = home.ledger.content(AMINTA, standing(home, AMINTA).attempts[0].content)

    assert message.template == "late_1_pay"
    assert message.button == f"https://pagos.example.com/g/{token_in(message.body)}"
    assert message.body.endswith(f"Pagar ahora: {message.button}")
    assert message.button not in message.parameters
    assert content is not None
    assert content.variables["pay_link"] == message.button


@pytest.mark.parametrize(
    ("gateways", "keys"),
    [
        ({"standard": Gateway("main", "creditor")}, STRIPE_KEYS),
        ({"payu": Gateway("main", "creditor")}, {"payu/main": {"secrets": ["x"], "api_key": "k"}}),
        ({"bold": Gateway("main", "creditor")}, {"bold/main": {"secrets": ["x"], "api_key": "k"}}),
        ({"stripe": Gateway("main", "andes")}, STRIPE_KEYS),
        ({"stripe": Gateway("main", "creditor")}, {"stripe/main": ["whsec_sample"]}),
    ],
    ids=["no links", "no links either", "experimental", "another creditor's", "no key"],
)
def test_where_no_gateway_makes_a_link_the_message_is_as_before(
    clock: Clock, gateways: Mapping[str, Gateway], keys: Mapping[str, Any]
) -> None:
    for channel in ("email", "whatsapp"):
        with written_to(clock, channel, book=book(**gateways), gateways=keys) as (_, carrier):
            (message,) = carrier.asked
        assert "/g/" not in message.body + message.html + message.button
        assert "Pagar ahora" not in message.body + message.html
        assert message.template == ("late_1" if channel == "whatsapp" else "")


def test_a_message_that_tells_of_no_debt_leads_to_no_payment(clock: Clock) -> None:
    with written_to(clock, level=Level.NEUTRAL) as (_, mailed), written_to(clock, "sms") as (_, texted):
        for message in (mailed.asked[0], texted.asked[0]):
            assert "/g/" not in message.body + message.html
            assert "/p/" in message.body


# --- who opens it --------------------------------------------------------------------------------------------------------


def test_a_pay_link_opened_by_a_scanner_makes_no_link_at_the_gateway(mailed: Visitor, api: Api) -> None:
    before = standing(mailed.home, AMINTA)
    for language in ("", "pt", "en", "es"):
        mailed.open(**({"lang": language} if language else {}))
        assert mailed.status == 200

    assert not api.asked
    assert standing(mailed.home, AMINTA) == before
    assert not leads_to(mailed)


def test_a_pay_link_says_nothing_of_who_or_how_much(mailed: Visitor) -> None:
    for page in (mailed.open().text + mailed.html, tap(mailed).text + mailed.html):
        assert "Muebles Luna" in page
        assert not [one for one in ("Aminta", "Prueba", MAIL, "5550100001", "A1", "A2") if one in page]
        assert not [one for one in ("1,500", "2,000", "150000", "200000", "MXN") if one in page]
        assert len(page.encode()) < 50_000
    assert mailed.html.count("<form") == 0
    assert mailed.open().html.count("<form") == mailed.html.count("<button") == 1
    assert mailed.headers["referrer-policy"] == "no-referrer"
    assert "form-action 'self';" in mailed.headers["content-security-policy"]


def test_what_is_read_before_the_tap_is_the_same_whatever_is_owed(mailed: Visitor) -> None:
    owing = mailed.open().html
    paid(mailed.home)

    assert mailed.open().html == owing


# --- who taps --------------------------------------------------------------------------------------------------------------


def test_a_tap_leads_to_the_gateway_for_what_is_due_and_again_to_the_same_link(
    mailed: Visitor, api: Api
) -> None:
    assert leads_to(tap(mailed)) == CHECKOUT
    assert f'href="{CHECKOUT}"' in mailed.html
    assert leads_to(tap(mailed)) == CHECKOUT

    (link,) = standing(mailed.home, AMINTA).pay_links
    assert (link.amount, link.currency, link.debt) == (200_000, "MXN", "muebles/A1")
    assert link.attempt == standing(mailed.home, AMINTA).attempts[0].id
    assert len(api.asked) == 1
    assert not [one for one in ("Aminta", "Prueba", "5550100001", MAIL) if one in str(api.asked)]


def test_a_tap_after_a_part_was_paid_asks_for_the_rest(mailed: Visitor) -> None:
    tap(mailed)
    told(mailed.home, amount=150_000)
    assert leads_to(tap(mailed)) == f"{CHECKOUT}2"

    first, second = standing(mailed.home, AMINTA).pay_links
    assert (first.status, second.status, second.amount) == (LinkStatus.VOID, LinkStatus.OPEN, 50_000)


def test_a_tap_while_a_promise_stands_asks_for_what_was_promised(mailed: Visitor) -> None:
    now, today = mailed.home.now(), date(2026, 3, 9)
    promise = PromiseToPay("p1", 1, "muebles", "MXN", 70_000, today + timedelta(days=3), today, now)
    said(mailed.home, f.PromiseMade(promise))
    tap(mailed)

    assert standing(mailed.home, AMINTA).pay_links[0].amount == 70_000


def test_a_paid_debt_s_pay_link_asks_for_nothing(mailed: Visitor, api: Api) -> None:
    paid(mailed.home)
    tap(mailed)

    assert NOTHING in mailed.text
    assert not leads_to(mailed)
    assert not api.asked


def held(*debts: str) -> f.Fact:
    return f.HoldPlaced(Hold("h1", HoldReason.DISPUTE, Clock().now, "operations", debts=debts))


NO_LONGER: dict[str, Callable[[House], object]] = {
    "disputed": lambda home: said(home, held("muebles/A1", "muebles/A2")),
    "the whole person held": lambda home: said(home, held()),
    "recalled": lambda home: said(
        home, *(f.DebtStatusChanged(f"muebles/{one}", DebtStatus.RECALLED, "file") for one in ("A1", "A2"))
    ),
    "somebody else reads there": lambda home: said(
        home, f.PointStateChanged(home.keys.point(MAIL), PointState.BAD, "wrong_person")
    ),
    "somebody there said stop": lambda home: said(
        home, f.PointStateChanged(home.keys.point(MAIL), PointState.SUPPRESSED, "opt_out")
    ),
    "it is shared": lambda home: said(
        home, f.PointRecorded(replace(email(), id=home.keys.point(MAIL), level=Level.NEUTRAL))
    ),
}


@pytest.mark.parametrize("why", NO_LONGER)
def test_what_may_not_be_asked_for_any_more_says_so_and_names_nobody(
    mailed: Visitor, api: Api, why: str
) -> None:
    NO_LONGER[why](mailed.home)
    tap(mailed)

    assert mailed.status == 200
    assert NOTHING in mailed.text
    assert not leads_to(mailed)
    assert not [one for one in ("Aminta", "Prueba", "Luna", "A1") if one in mailed.text]
    assert not api.asked


def test_of_two_debts_the_one_that_is_contested_is_not_asked_for(mailed: Visitor) -> None:
    said(mailed.home, held("muebles/A1"))
    tap(mailed)

    (link,) = standing(mailed.home, AMINTA).pay_links
    assert (link.amount, link.debt) == (50_000, "muebles/A2")


def test_a_debt_that_no_message_told_of_is_not_asked_for(mailed: Visitor) -> None:
    said(mailed.home, f.DebtRecorded(debt("A3", amount=900_000)))
    tap(mailed)

    assert standing(mailed.home, AMINTA).pay_links[0].amount == 200_000


def test_money_that_is_faster_than_the_gateway_leaves_no_link_open(clock: Clock) -> None:
    def paid_meanwhile(*asked: Any, **more: Any) -> HttpReply:
        if asked[0] == "POST" and not standing(home, AMINTA).payments:
            paid(home)
        return HttpReply(200, b'{"id": "plink_1", "url": "https://buy.stripe.com/x"}')

    with written_to(clock, api=paid_meanwhile) as (home, carrier):
        visitor = tap(Visitor(home, token_in(carrier.asked[0].body), "g"))
        (link,) = standing(home, AMINTA).pay_links

        assert NOTHING in visitor.text
        assert link.status is LinkStatus.VOID
        assert withdraw_link(home, AMINTA) == 1


def test_a_gateway_that_does_not_answer_charges_nothing_and_is_tapped_again(
    mailed: Visitor, api: Api
) -> None:
    api.answers[:] = [HttpReply(503, b""), {"id": "plink_1", "url": CHECKOUT}]
    tap(mailed)
    assert mailed.status == 503
    assert "No se cobró nada" in mailed.text

    assert leads_to(tap(mailed)) == CHECKOUT


# --- what it opens ----------------------------------------------------------------------------------------------------------


def test_a_pay_link_opens_nothing_else(mailed: Visitor) -> None:
    before = standing(mailed.home, AMINTA)
    for purpose, page in (("p", ""), ("p", "pay"), ("p", "data"), ("u", "")):
        other = Visitor(mailed.home, mailed.token, purpose)
        assert other.open(page).status == 422
        assert other.post(page, b"").status == 422
        assert "Muebles" not in other.text
    assert standing(mailed.home, AMINTA) == before


@pytest.mark.parametrize("purpose", ["p", "u"])
def test_no_other_link_pays(clock: Clock, api: Api, purpose: str) -> None:
    with written_to(clock, api=api) as (home, carrier):
        text = f"{carrier.asked[0].body} {carrier.asked[0].unsubscribe_url}"
        other = Visitor(home, token_in(text, purpose), "g")
        assert other.token
        assert other.open().status == tap(other).status == 422
    assert not api.asked


def test_a_pay_link_ends_as_payment_links_do(mailed: Visitor, clock: Clock, api: Api) -> None:
    clock.forward(days=3)
    assert mailed.open().status == 200
    clock.forward(days=1)

    assert mailed.open().status == tap(mailed).status == 422
    assert not api.asked


def test_a_forged_pay_link_opens_nothing(mailed: Visitor, api: Api) -> None:
    for at in range(len(mailed.token)):
        other = "A" if mailed.token[at] != "A" else "B"
        forged = Visitor(mailed.home, mailed.token[:at] + other + mailed.token[at + 1 :], "g")
        assert tap(forged).status == 422
    assert not api.asked


class ReadOnce:
    """Secrets Manager, that answers once and is down from then on."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._is_up = True

    def get_secret_value(self, **asked: Any) -> Any:
        if not self._is_up:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        self._is_up = False
        return self._client.get_secret_value(**asked)


def test_keys_that_cannot_be_read_now_stop_no_message(clock: Clock) -> None:
    with house(clock, book=book(), gateways=STRIPE_KEYS) as home:
        there = replace(email(), id=home.keys.point(MAIL))
        settle_in(home, debtor(debt(), points=(there,)))

        home.secrets = SecretKeys(ReadOnce(home.client("secretsmanager")), home.settings.secret)
        home.secrets.derived("links")
        carrier = PretendCarrier()
        assert sent(home, carrier, "email").result == "sent"
        assert "/g/" not in carrier.asked[0].body
