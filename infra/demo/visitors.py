"""Some people open the link in a message: they show who they are on an old telephone, look, and do there what they came for.

All of it goes through the public address, as a browser without scripts would: forms, cookies and redirections.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from infra.demo.book import CHOSEN_HOURS, Book, Paid, Told
from infra.demo.chance import Chance, one_of
from infra.demo.debtors import Debtors
from infra.demo.gateway import PaymentGateways
from infra.demo.people import Person
from infra.demo.reach import Reach

OPENS = 0.10
"""How likely a message with a link that was read leads somebody to the page who has not been there."""
ERRS = 0.12
"""How likely the first try to say who one is has a slip in it."""
WISHES = {
    "promise": 30.0,
    "plan": 28.0,
    "paid": 10.0,
    "dispute": 6.0,
    "hours": 10.0,
    "stop": 4.0,
    "only_looks": 12.0,
}
"""What people come for."""

TAPS = 0.04
"""How likely a message that was read leads somebody to pay by its button. Half of them leave it at looking."""

PAYS = re.compile(r"(/g/[A-Za-z0-9_-]+)")
_ONWARD = re.compile(r'<meta http-equiv="refresh" content="0;url=([^"]+)"')
LINK = re.compile(r"https?://[^\s/]+(/p/[A-Za-z0-9_=.-]+)")
_FORM = re.compile(r'<form method="post" action="[^"]*/([\w-]+)"[^>]*>(.*?)</form>', re.DOTALL)
_INPUT = re.compile(r"<input\b([^>]*)>")
_GIVEN = re.compile(r'(\w+)="([^"]*)"')
_PROOF = b"%PDF-1.4\n%comprobante inventado\n"


class Browser:
    """One telephone's browser on one link. page: what it shows; done: what the last form was said to have done."""

    def __init__(self, reach: Reach, link: str) -> None:
        self._reach = reach
        self._link = link
        self._cookies: dict[str, str] = {}
        self.page = ""
        self.done = ""

    def open(self, page: str = "") -> str:
        """Follow a link of the page, or the message's own."""
        return self._ask("GET", page)

    def form(self, act: str) -> list[dict[str, str]]:
        """The boxes of the first form of that name, each with its attributes; none where the page has no such form."""
        inside = next((inside for name, inside in _FORM.findall(self.page) if name == act), "")
        return [
            {key: unescape(value) for key, value in _GIVEN.findall(each)} for each in _INPUT.findall(inside)
        ]

    def send(self, act: str, *fields: tuple[str, str]) -> bool:
        """Post that form with these fields, over what it hides. True: it was taken."""
        hidden = {one["name"]: one["value"] for one in self.form(act) if one.get("type") == "hidden"}
        named = {name for name, _ in fields}
        body = urlencode([*((k, v) for k, v in hidden.items() if k not in named), *fields])
        self._ask("POST", act, body.encode(), "application/x-www-form-urlencoded")
        return bool(self.done)

    def tap(self) -> str:
        """Press the one button of a page that pays."""
        return self._ask("POST", "")

    def upload(self, act: str, proof: bytes) -> bool:
        """Post that form with a file."""
        hidden = {one["name"]: one["value"] for one in self.form(act) if one.get("type") == "hidden"}
        parts = [
            f'--sep\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in hidden.items()
        ]
        head = b'--sep\r\ncontent-disposition: form-data; name="proof"; filename="recibo.pdf"\r\n\r\n'
        body = b"".join([*parts, head, proof, b"\r\n--sep--\r\n"])
        self._ask("POST", act, body, "multipart/form-data; boundary=sep")
        return bool(self.done)

    def _ask(self, method: str, page: str, body: bytes = b"", kind: str = "") -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        told = {"content-type": kind, "cookie": cookie, "user-agent": "an old telephone"}
        path = f"{self._link}/{page}" if page else self._link
        answer = self._reach.page(method, path, body, {name: value for name, value in told.items() if value})
        for one in answer.cookies:
            name, _, rest = one.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        self.page = answer.body
        if answer.status == 303:
            where, _, query = answer.to.partition("?")
            self.done = query.removeprefix("done=")
            return self.open(where.removeprefix(self._link).strip("/"))
        if method == "POST":
            self.done = ""
        return self.page


class Visitors:
    """counts: opened, identified, and each wish that was granted; tapped, led to a gateway, and paid there."""

    def __init__(
        self, book: Book, reach: Reach, chance: Chance, debtors: Debtors, gateways: PaymentGateways
    ) -> None:
        self._gateways = gateways
        self._book = book
        self._reach = reach
        self._chance = chance
        self._debtors = debtors
        self._been: set[str] = set()
        self._read: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def may_open(self, person: Person, text: str) -> bool:
        """Whether they go to the page and say something there; only looking is no answer."""
        found, name = LINK.search(text), person.document
        if found is None or person.is_company or name in self._been:
            return False
        self._read[name] += 1
        if not self._chance.happens(OPENS, "opens the page", name, self._read[name]):
            return False
        self._been.add(name)
        browser = Browser(self._reach, found[1])
        browser.open()
        self.counts["opened"] += 1
        if not self._enters(person, browser):
            return False
        self.counts["identified"] += 1
        wish = one_of(self._chance.of("comes for", name), WISHES)
        act: Callable[[Person, Browser], bool] = getattr(self, f"_{wish}")
        done = act(person, browser)
        self.counts[wish] += done
        return done and wish not in {"only_looks", "hours"}

    def may_tap(self, person: Person, text: str) -> bool:
        """Whether they pay by the button of the message: there, back to nothing else, and at the gateway or not at all."""
        found, name = PAYS.search(text), person.document
        if found is None or person.is_company:
            return False
        self._read[f"taps {name}"] += 1
        often = self._read[f"taps {name}"]
        if not self._chance.happens(TAPS, "taps", name, often):
            return False
        browser = Browser(self._reach, found[1])
        browser.open()
        self.counts["tapped"] += 1
        onward = _ONWARD.search(browser.tap())
        bill = self._gateways.shows(unescape(onward[1])) if onward is not None else None
        if bill is None:
            return False
        self.counts["led_to_a_gateway"] += 1
        asked = (bill.currency, bill.amount)
        owed = [one for one in person.obligations if (one.currency, self._book.balances[one.key]) == asked]
        if not owed or not self._chance.happens(0.5, "pays by the button", name, often):
            return False
        now = self._reach.now()
        paid = self._book.pay(Paid(now, owed[0].key, bill.amount, bill.currency, name, "gateway", "reminded"))
        if paid is None:
            return False
        self._gateways.paid(paid, bill)
        self.counts["paid_by_tap"] += 1
        return True

    def _enters(self, person: Person, browser: Browser) -> bool:
        asked = [one["name"] for one in browser.form("enter") if one["name"] in KNOWS]
        if self._chance.happens(ERRS, "slips", person.document):
            browser.send("enter", *((name, "xx") for name in asked))
        browser.send("enter", *((name, KNOWS[name](person)) for name in asked))
        return bool(browser.form("leave"))

    def _today(self, person: Person) -> date:
        return self._reach.now().astimezone(ZoneInfo(person.zone)).date()

    def _tell(self, kind: str, person: Person) -> None:
        self._book.told.append(Told(self._reach.now(), kind, person.document))

    def _promise(self, person: Person, browser: Browser) -> bool:
        browser.open("promise")
        boxes = {one["name"]: one for one in browser.form("promise")}
        if "day" not in boxes:
            return False
        days = self._chance.of("promises on the page", person.document).randint(2, 10)
        day = min(self._today(person) + timedelta(days=days), date.fromisoformat(boxes["day"]["max"]))
        amount = ("amount", boxes["amount"]["value"])
        if not browser.send("promise", amount, ("day", day.isoformat())):
            return False
        self._debtors.promised(person, 0, boxes["currency"]["value"], day)
        return True

    def _plan(self, person: Person, browser: Browser) -> bool:
        """One of the plans on offer, and a copy of it to pay by."""
        browser.open("plan")
        offers = [one["value"] for one in browser.form("plan") if one["name"] == "offer"]
        if not offers:
            return False
        chosen = self._chance.of("chooses", person.document).choice(offers)
        if not browser.send("plan", ("offer", chosen)):
            return False
        self._tell("agreed", person)
        held: Sequence[Mapping[str, Mapping[str, object]]] = json.loads(browser.open("data"))["record"][
            "plans"
        ]
        self._debtors.agreed(person, held[-1]["offer"])
        return True

    def _paid(self, person: Person, browser: Browser) -> bool:
        browser.open("paid")
        with_proof = self._chance.happens(0.5, "has a proof", person.document)
        done = browser.upload("paid", _PROOF) if with_proof else browser.send("paid", ("words", "Ya pagué."))
        if done:
            self._tell("paid_claim", person)
        return done

    def _dispute(self, person: Person, browser: Browser) -> bool:
        browser.open("dispute")
        debts = [("debt", one["value"]) for one in browser.form("dispute") if one["name"] == "debt"]
        done = bool(debts) and browser.send("dispute", *debts, ("words", "Ese cargo no lo reconozco."))
        if done:
            self._tell("dispute", person)
        return done

    def _hours(self, person: Person, browser: Browser) -> bool:
        """As everything is set, but working days from ten to six."""
        browser.open("settings")
        boxes = [(one["name"], one["value"]) for one in browser.form("settings") if "value" in one]
        channels = [one for one in boxes if one[0] == "channel"]
        days = [one for one in boxes if one[0] == "day"][:1]  # Monday to Friday stands first
        opens, closes = CHOSEN_HOURS
        hours = [("opens", f"{opens.hour:02d}"), ("closes", f"{closes.hour:02d}")]
        done = browser.send("settings", *channels, *days, *hours)
        if done:
            self._tell("hours", person)
        return done

    def _stop(self, person: Person, browser: Browser) -> bool:
        browser.open("pause")
        done = browser.send("stop")
        if done:
            self._tell("stop", person)
        return done

    def _only_looks(self, person: Person, browser: Browser) -> bool:
        browser.open("pay")
        return True


KNOWS: Mapping[str, Callable[[Person], str]] = {
    "id_ending": lambda person: person.document[-4:],
    "surname": lambda person: person.name.split()[-1],
    "phone_ending": lambda person: person.phone.number[-4:] if person.phone else "",
    "email": lambda person: person.mailbox.address if person.mailbox else "",
    "reference_ending": lambda person: re.sub(r"\W", "", person.debts[0].ref)[-4:] if person.debts else "",
}
"""What the page may ask → what people know of themselves."""
