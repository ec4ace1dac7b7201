"""Whatever a creditor's file, a person or a gateway wrote is letters on the page: no markup of theirs, no address that runs."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.qr import drawn
from recobro.domain.account import accounts
from recobro.domain.client import PayWay
from recobro.domain.debt import Instalment
from recobro.domain.debtor import Personal
from recobro.domain.eligibility import today_of
from recobro.domain.money import Money
from recobro.pages.account import account_page
from recobro.pages.acts import dispute_page, promise_page
from recobro.pages.contacts import Made, contacts_page
from recobro.pages.html import NOTHING, Html
from recobro.pages.pay import Online, pay_page
from recobro.pages.scene import Scene
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, playbook

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' autofocus onfocus='alert(1)",
        "javascript:alert(1)",
        "https://x.example/\"onclick='a'",
        "{title}{nonce}",
        "\u202egnp.exe\u2066",
        "</title></style><b>",
        "&lt;b&gt;",
        "\x00\x08",
    ]
) | st.text(max_size=40)
RUNS = {
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "video",
    "audio",
    "applet",
    "form-action",
}


class Seen(HTMLParser):
    """What a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [
            value or "" for name, value in attrs if name in {"href", "action", "src", "formaction"}
        ]


def scene(words: list[str]) -> Scene:
    """A person, a debt, a creditor and a way to pay that are all called so."""
    book = playbook()
    way = PayWay(
        words[0],
        words[1],
        words[2],
        url=words[3],
        kind="spei",
        account=words[4],
        bank=words[5],
        alias=words[0],
    )
    brands = tuple(
        replace(one, name=words[1], legal_name=words[2], contact=words[3], pay_ways=(way,))
        for one in book.client.brands
    )
    agency = replace(book.client.agency, name=words[4], address=words[5], phone=words[0])
    book = replace(book, client=replace(book.client, brands=brands, agency=agency))
    owed = debt(ref=words[0] or "A", product=words[1], orders=(words[2],))
    person = replace(debtor(owed), personal=Personal(name=words[3], given_name=words[4], key="00" * 16))
    return Scene(book, person, "es", "/p/token", today_of(person, book, NOW), "key", "0" * 16)


def pages(at: Scene, words: list[str]) -> list[Html]:
    found = tuple(accounts(at.debtor, at.today))
    online = (Online(words[0], words[1], words[2], Money(1, "MXN"), words[3]),)
    return [
        account_page(at, found, NOTHING),
        pay_page(at, tuple((one, online) for one in found), drawn),
        promise_page(at, found, {(found[0].creditor, found[0].currency): date(2026, 3, 24).isoformat()}),
        dispute_page(at, found),
        contacts_page(at, (Made(NOW, words[0], "agency", words[1], "sent"),), 1),
    ]


PLAIN = [*"abcdef"]


def seen(html: Html) -> Seen:
    found = Seen()
    found.feed(html)
    return found


@settings(deadline=None, max_examples=60)
@given(st.lists(NASTY, min_size=6, max_size=6))
def test_no_word_of_theirs_becomes_markup(words: list[str]) -> None:
    plain = [seen(one) for one in pages(scene(PLAIN), PLAIN)]
    for page, known in zip(pages(scene(words), words), plain, strict=True):
        found = seen(page)
        assert not RUNS & set(found.tags)
        assert set(found.tags) <= set(known.tags) | {"a", "p", "title"}
        assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
        assert all(one.startswith(("/p/token", "https://")) for one in found.addresses if one)
        assert not [one for one in "\u202e\u2066\x00\x08" if one in page]


def test_no_page_is_heavier_than_an_old_telephone_can_bear() -> None:
    """A company with 400 invoices in ten parts each, in two currencies, and a long history."""
    parts = tuple(Instalment(number, date(2026, 3, number), 10_000) for number in range(1, 11))
    debts = tuple(
        debt(
            f"F-2026-{number:04d}", product="Servicios de mantenimiento", currency=currency, instalments=parts
        )
        for number in range(200)
        for currency in ("MXN", "USD")
    )
    at = scene(PLAIN)
    person = replace(at.debtor, debts=debts)
    at = replace(at, debtor=person)
    found = tuple(accounts(person, at.today))
    made = tuple(Made(NOW, "whatsapp", "agency", "…0001", "delivered") for _ in range(500))
    few = replace(at, debtor=replace(person, debts=debts[:8]))
    shown = [
        account_page(at, found, NOTHING),
        account_page(few, tuple(accounts(few.debtor, few.today)), NOTHING),
        dispute_page(at, found),
        pay_page(at, tuple((one, ()) for one in found), drawn),
        contacts_page(at, made, 1),
    ]

    assert [len(one.encode()) for one in shown if len(one.encode()) >= 50_000] == []
