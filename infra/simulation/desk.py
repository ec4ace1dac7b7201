"""What people at a desk need rights for: they sign in, look through the list, take a task, call where a law counts whole accounts."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.local.inventory import Application, UserPool
from infra.local.managed_login import ManagedLogin
from recobro.domain.contact_point import ContactPoint, PointKind
from recobro.domain.debt import Amounts, Debt
from recobro.domain.debtor import Debtor, Personal, Profile
from recobro.domain.facts import DebtorOpened, DebtRecorded, FeedRead, PointRecorded, TaskOpened
from recobro.domain.playbook import Playbook
from recobro.domain.task import Task
from recobro.house import House
from recobro.law.load import load_calendars, load_packs
from recobro.pages.desk import mark_of
from recobro.ports import HttpReply, Loaded

if TYPE_CHECKING:
    from infra.simulation.system import System

OURS = "https://pagos.example.com"
POOL = UserPool(
    "us-east-1_drill",
    "",
    "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_drill",
    "https://drill.auth.us-east-1.amazoncognito.com",
    ["supervisor"],
    {
        "drill": Application(
            "drill", (f"{OURS}/console/back",), (f"{OURS}/console/out",), ("openid",), 1_800, 36_000, True
        )
    },
)
PERSON, TASK = "d" + "0" * 21 + "de5", "call-us"
THERE = "US-DC"
"""Where calls to one account are counted whoever of its obligors is called, so that a call takes room from the others."""

TRIES = 12
_FORM = re.compile(r'name="form" value="(\w+)"')


def where_accounts_are_counted(book: Playbook) -> Playbook:
    """The book of a client that has somebody there, too."""
    packs = {name: pack for name, pack in load_packs().items() if name in ("US", THERE)}
    return replace(
        book, packs={**book.packs, **packs}, calendars={**book.calendars, "US": load_calendars()["US"]}
    )


@dataclass
class Browser:
    """Somebody who asks again where nothing came back."""

    system: "System"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Raises LookupError where it was answered by a no."""
        url = urlsplit(path)
        parts = url.path.strip("/").split("/")[1:]
        names = ("page",) if len(parts) == 1 else ("debtor", "task", "act")
        event = {
            "routeKey": f"{method} /console",
            "headers": {"origin": OURS},
            "cookies": [f"{name}={value}" for name, value in self.cookies.items()],
            "queryStringParameters": dict(parse_qsl(url.query)),
            "pathParameters": dict(zip(names, parts, strict=False)),
            "requestContext": {"http": {"method": method}},
            "body": urlencode(fields or {}),
            "isBase64Encoded": False,
        }
        told: dict[str, Any] | None = None
        for _ in range(TRIES):
            answers: list[Any] = []
            self.system.invoke("console", event, lambda answer, _died, kept=answers: kept.append(answer))  # type: ignore[misc]
            self.system.kernel.run_until(self.system.kernel.time + 60)
            told = answers[0] if answers else None
            if told and told["statusCode"] < 500:
                break
        if told is None or told["statusCode"] >= 400:
            raise LookupError(f"{method} {url.path} was answered {told}")
        for one in told["cookies"]:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        return told


def work_at_the_desk(system: "System") -> None:
    """A supervisor signs in, finds somebody to be called in the list, opens the task, claims the call and tells what came of it."""
    os.environ |= {"SIGN_IN_ISSUER": POOL.issuer, "SIGN_IN_CLIENT": "drill", "SIGN_IN_URL": POOL.url}
    login = ManagedLogin(POOL, system.kernel.now, Random(system.seed))

    def answer(method: str, url: str, headers: Any, body: bytes = b"", **_: Any) -> HttpReply:
        return HttpReply(*login.http(method, url, body))

    before, settings = system.api, system.settings
    system.api, system.settings = answer, replace(settings, public_url=OURS)
    try:
        system.operate(_somebody_to_call, _fail)
        system.kernel.run_until(system.kernel.time + 60)
        _work(Browser(system), login)
    finally:
        system.api, system.settings = before, settings


def _work(browser: Browser, login: ManagedLogin) -> None:
    door = browser.ask("GET", "/console/sign-in")["headers"]["location"]
    chosen = login.page("POST", door.removeprefix(POOL.url), b"who=supervisor%40example.com")
    browser.ask("GET", chosen.headers["location"].removeprefix(OURS))
    path = f"/console/{PERSON}/{mark_of(TASK)}"
    if path not in browser.ask("GET", "/console")["body"]:
        raise LookupError("the list does not show who is to be called")
    form = _FORM.search(browser.ask("GET", path)["body"])
    if form is None:
        raise LookupError("the task has no form")
    sent = {"form": form[1]}
    browser.ask("POST", f"{path}/call", sent)
    browser.ask("POST", f"{path}/close", sent | {"result": "no_answer", "note": "-"})


def _somebody_to_call(house: House) -> None:
    now = house.now()
    creditor = house.playbook.client.brands[0].id
    point = ContactPoint(house.keys.point("+12025550100"), PointKind.PHONE, provenance="creditor")
    debt = Debt(
        creditor=creditor,
        ref="US1",
        currency="USD",
        amounts=Amounts(principal=150_000),
        due_on=(now - timedelta(days=40)).date(),
        calculated_on=now.date(),
    )
    profile = Profile(country="US", subdivision=THERE, zones=("America/New_York",))
    person = Debtor(
        PERSON, personal=Personal(name="Nobody Example", key="00" * 16, points={point.id: "+12025550100"})
    )
    task = Task(TASK, "call", 1, now, now + timedelta(days=1), creditor=creditor)
    facts = (
        DebtorOpened(profile, "drill"),
        DebtRecorded(debt),
        PointRecorded(point),
        FeedRead(creditor, now.date(), "drill"),
        TaskOpened(task),
    )
    house.ledger.save(Loaded(Debtor(PERSON)), facts, now, debtor=person)


def _fail(error: BaseException) -> None:
    raise error
