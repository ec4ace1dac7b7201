"""What seldom happens in a simulated month and still needs its rights: a proof handed in on the page, a payment only hinted at."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from infra.demo import formats
from infra.demo.agents import LETTER
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import Gateway
from recobro.domain.contact_point import PointKind
from recobro.domain.conversation import Reply
from recobro.domain.debt import DebtStatus
from recobro.domain.facts import Fact, PayLinkMade, PayLinkVoided, PlanMoved, PromiseMade, ReplyOwed
from recobro.domain.money import Money
from recobro.domain.pay_link import PayLink
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseToPay
from recobro.domain.session import LASTS, Session, form_key, issue
from recobro.domain.tokens import read, sign
from recobro.house import House
from recobro.ports import HttpReply, Loaded
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.release_letters import receive_letter
from recobro.web import COOKIE

if TYPE_CHECKING:
    from infra.simulation.system import System

MERCHANT = "42"
STRANGER = "+525550100198"
HINTED, MISSED = "900001", "900002"
PROOF = b"%PDF-1.4\n"
STOP_LINK = re.compile(r"/u/([A-Za-z0-9_=.-]+)")


def told_by_mercado_pago(book: Playbook) -> Playbook:
    """The book of a client that Mercado Pago, which signs no money, tells of payments."""
    gateways = {**book.client.gateways, "mercado_pago": Gateway("main", merchant=MERCHANT)}
    return replace(book, client=replace(book.client, gateways=gateways))


def leave_by_link(system: "System") -> None:
    """Somebody opens the link of their last message and asks for no more."""
    token = _last_link(system)
    for method in ("GET", "POST"):
        _visit(system, {"routeKey": f"{method} /u/{{token}}", "pathParameters": {"token": token}})


def bring_proof(system: "System") -> None:
    """Whoever got the last message was identified on the page, and shows that they have paid."""
    link = _last_link(system)
    opened: list[tuple[str, str, str]] = []
    system.operate(lambda house: opened.append(_inside(house, link)), _fail)
    system.kernel.run_until(system.kernel.time + 60)
    token, cookie, form = opened[0]
    body = (
        f'--sep\r\ncontent-disposition: form-data; name="form"\r\n\r\n{form}\r\n'
        '--sep\r\ncontent-disposition: form-data; name="proof"; filename="a"\r\n\r\n'
        f"{PROOF.decode()}\r\n--sep--\r\n"
    )
    _visit(
        system,
        {
            "routeKey": "POST /p/{token}/{page}",
            "pathParameters": {"token": token, "page": "paid"},
            "headers": {"content-type": "multipart/form-data; boundary=sep"},
            "cookies": [f"{COOKIE}={cookie}"],
            "body": body,
        },
    )


def hint_at_a_payment(system: "System") -> None:
    """A gateway names a debt as its creditor does, and an id; its signature covers no money: its API is asked, and answers."""
    link, reference = _last_link(system), list[str]()

    def hint(house: House) -> None:
        person = read(link, "u", house.secrets.derived("links"), house.now()).debtor_id
        loaded = house.ledger.load(person)
        if loaded is None:
            raise LookupError(person)
        owed = loaded.debtor.debts[0]
        reference.extend((owed.key, owed.outstanding.currency))
        told = PaymentTold(
            gateway="mercado_pago",
            intent=f"mercado_pago#{HINTED}",
            event="hinted",
            reference=reference[0],
            amount=Money(0, ""),
            status="unrecognised",
            at=house.now(),
            merchant=MERCHANT,
            is_certain=False,
            ask=HINTED,
        )
        hear_payment(house, told, b"{}", "main", merchant=MERCHANT)

    def answer(method: str, url: str, *_: Any, **__: Any) -> HttpReply:
        at = system.kernel.now().isoformat()
        payment = {
            "id": int(HINTED),
            "status": "approved",
            "live_mode": True,
            "collector_id": int(MERCHANT),
            "transaction_amount": 10,
            "currency_id": reference[1],
            "external_reference": reference[0],
            "date_created": at,
            "date_approved": at,
            "date_last_updated": at,
        }
        missed = {**payment, "id": int(MISSED)}
        told = {"results": [missed]} if "/search" in url else payment
        return HttpReply(200, json.dumps(told).encode())

    system.api = answer
    system.operate(hint, _fail)
    system.kernel.run_until(system.kernel.time + 3600)
    # What no webhook told of is found by asking, and each day's money is reported.
    system.invoke("reconcile_payments", {}, lambda _answer, _died: None)
    system.kernel.run_until(system.kernel.time + 3600)


def pay_while_a_link_is_out(system: "System") -> None:
    """The link that somebody was given is void once the money came: its gateway is told."""
    link = _last_link(system)

    def void(house: House) -> None:
        person = read(link, "u", house.secrets.derived("links"), house.now()).debtor_id
        debt, now = _record_of(house, person).debtor.debts[0], house.now()
        made = PayLink(
            number=1,
            creditor=debt.creditor,
            currency=debt.currency,
            debt=debt.key,
            amount=100,
            gateway="mercado_pago",
            endpoint="main",
            id="preference-1",
            url="https://pay.example.com/1",
            made_at=now,
            expires_at=now + timedelta(days=3),
        )
        facts: list[Fact] = [PayLinkMade(made), PayLinkVoided(1, "paid"), *([PlanMoved("drill", now)] * 20)]
        house.ledger.save(_record_of(house, person), facts, now)

    system.operate(void, _fail)
    system.kernel.run_until(system.kernel.time + 3600)


def _record_of(house: House, person: str) -> Loaded:
    loaded = house.ledger.load(person)
    if loaded is None:
        raise LookupError(person)
    return loaded


def take_the_creditors_letter(system: "System") -> None:
    """Somebody has paid everything, the creditor's paper is here, and they take it from the page."""
    link, inside, keys = _last_link(system), list[tuple[str, str, str]](), list[str]()

    def settle(house: House) -> None:
        person = read(link, "u", house.secrets.derived("links"), house.now()).debtor_id
        loaded = _record_of(house, person)
        debts = (one for one in loaded.debtor.debts if one.status is DebtStatus.ACTIVE)
        owed = next(one for one in debts if one.outstanding.minor > 0)
        told = PaymentTold(
            gateway="standard",
            intent="standard#everything",
            event="everything",
            reference=f"{person}:{owed.key}",
            amount=owed.outstanding,
            status="paid",
            at=house.now(),
        )
        hear_payment(house, told, b"{}", "main")
        receive_letter(house, owed.key, LETTER, "ana")
        keys.append(owed.key)
        inside.append(_inside(house, link))

    system.operate(settle, _fail)
    system.kernel.run_until(system.kernel.time + 600)
    token, cookie, form = inside[0]
    _visit(
        system,
        {
            "routeKey": "POST /p/{token}/{page}",
            "pathParameters": {"token": token, "page": "letter"},
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "cookies": [f"{COOKIE}={cookie}"],
            "body": urlencode({"form": form, "debt": keys[0]}),
        },
    )


def ask_by_the_api(system: "System") -> None:
    """The creditor's own system sends a row, looks people up, tells of a contact and of money, holds and lets go."""
    link, found = _last_link(system), list[tuple[str, str, str]]()

    def look(house: House) -> None:
        debtor = _record_of(
            house, read(link, "u", house.secrets.derived("links"), house.now()).debtor_id
        ).debtor
        owed = next(one for one in debtor.debts if one.outstanding.minor > 0)
        found.append((debtor.id, owed.key, owed.currency))

    system.operate(look, _fail)
    system.kernel.run_until(system.kernel.time + 60)
    (person, debt, currency), now = found[0], system.kernel.now()
    row = {"reference": "a", "name": "Nadie"}
    _asked(system, "GET /v1/debtors", {}, None)
    _asked(system, "POST /v1/debtors/search", {}, {"reference": debt})
    _asked(system, "GET /v1/debtors/{debtor}", {"debtor": person}, None)
    _asked(system, "POST /v1/portfolio", {}, {"rows": [row], "as_of": now.date().isoformat()})
    made = {"at": now.isoformat(), "channel": "sms", "debt": debt}
    _asked(system, "POST /v1/contacts", {}, {"contacts": [made]})
    paid = {"id": "p-1", "reference": debt, "amount": 100, "currency": currency, "at": now.isoformat()}
    _asked(system, "POST /v1/payments", {}, paid)
    hold = {"reason": "dispute", "review_at": (now + timedelta(days=9)).isoformat()}
    held = _asked(system, "POST /v1/debtors/{debtor}/holds", {"debtor": person}, hold)
    at = {"debtor": person, "hold": held["hold"]}
    _asked(system, "DELETE /v1/debtors/{debtor}/holds/{hold}", at, None)


def _asked(system: "System", route: str, path: dict[str, str], body: Any) -> Any:
    """The same request, with the same key, until it is answered: what the network lost is asked for again."""
    event = {
        "routeKey": route,
        "pathParameters": path,
        "headers": {
            "authorization": f"Bearer {system.api_key}",
            "idempotency-key": f"{route} {sorted(path.values())}"[:100],
        },
        "body": "" if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    for _ in range(TRIES):
        answers: list[Any] = []
        system.invoke("api", event, lambda answer, _died, kept=answers: kept.append(answer))  # type: ignore[misc]
        system.kernel.run_until(system.kernel.time + 120)
        if answers and answers[0] and answers[0]["statusCode"] < 400:
            return json.loads(answers[0]["body"])
        if answers and answers[0] and answers[0]["statusCode"] < 500:
            raise LookupError(f"{route} was answered {answers[0]}")
    raise LookupError(f"{route} was not answered in {TRIES} tries")


TRIES = 12


def object_before_the_import(system: "System") -> None:
    """Somebody whose file is being read asks for no more: their lookup is there, and no record yet."""
    system.operate(lambda house: house.lookups.add(house.keys.point(STRANGER), "d" + 23 * "0"), _fail)
    system.kernel.run_until(system.kernel.time + 60)
    told = formats.inbound_text("STOP", STRANGER, "in-early", "")
    system.cloud.queues["messages"].send(json.dumps(told))
    system.kernel.run_until(system.kernel.time + 600)


def write_while_an_agreement_is_owed(system: "System") -> None:
    """Somebody writes from their phone while what they agreed to still has to be sent to their mailbox."""
    link, address = _last_link(system), list[str]()

    def owe(house: House) -> None:
        loaded = house.ledger.load(read(link, "u", house.secrets.derived("links"), house.now()).debtor_id)
        if loaded is None:
            raise LookupError("nobody")
        debtor, now = loaded.debtor, house.now()
        phone = next(one for one in debtor.points if one.kind is PointKind.PHONE)
        address.append(debtor.personal.points[phone.id])
        reply = Reply(
            id="owed",
            words="agreement",
            channel=Channel.EMAIL,
            point=phone.id,
            kind=Kind.AGREEMENT_COPY,
            creditor=debtor.debts[0].creditor,
            asked_at=now,
            expires_at=now + timedelta(days=1),
        )
        house.ledger.save(loaded, (ReplyOwed(reply),), now)

    system.operate(owe, _fail)
    system.kernel.run_until(system.kernel.time + 60)
    told = formats.inbound_text("hola", address[0], "in-again", "")
    system.cloud.queues["messages"].send(json.dumps(told))
    system.kernel.run_until(system.kernel.time + 600)


def let_a_promise_fall_due(system: "System") -> None:
    """Somebody promised, and nothing came: the next morning's review says so."""
    owing = next(
        one
        for one in system.checkers.record.known.values()
        if "active" in one.points.values()
        and not one.holds
        and all(debt.outstanding > 0 for debt in one.debts.values())
    )

    def promise(house: House) -> None:
        loaded = house.ledger.load(owing.id)
        if loaded is None:
            raise LookupError(owing.id)
        debt, now = loaded.debtor.debts[0], house.now()
        made = PromiseToPay(
            id="due",
            episode=0,
            creditor=debt.creditor,
            currency=debt.currency,
            amount=100,
            due_on=(now - timedelta(days=2)).date(),
            judged_on=now.date(),
            made_at=now - timedelta(days=9),
            debts=(debt.key,),
            owed=100,
        )
        # More facts than travel along unseen: whoever saves next looks up which of them the history has.
        house.ledger.save(loaded, (PromiseMade(made), *([PlanMoved("drill", now)] * 20)), now)

    system.operate(promise, _fail)
    system.kernel.run_until(system.kernel.time + 60)
    system.kernel.run_until(system.kernel.time + 30 * 3600)


def _last_link(system: "System") -> str:
    """The token by which whoever got the last message with a link may ask for no more."""
    told = (f"{call.what.text} {call.what.unsubscribe}" for call in reversed(system.carriers.calls))
    return next(found[1] for text in told if (found := STOP_LINK.search(text)))


def _inside(house: House, link: str) -> tuple[str, str, str]:
    """(token of the page's link, cookie of a session, key of its forms) of the person who got that link."""
    links, key = house.secrets.derived("links"), house.secrets.derived("sessions")
    token = read(link, "u", links, house.now())
    cookie = issue(Session(token.debtor_id, house.now() + LASTS), key)
    return sign(replace(token, purpose="p"), links), cookie, form_key(cookie, key)


def _visit(system: "System", event: dict[str, Any]) -> None:
    method = event["routeKey"].partition(" ")[0]
    whole = {"requestContext": {"http": {"method": method}}, "body": "", "isBase64Encoded": False, **event}
    answers: list[Any] = []
    system.invoke("debtor_portal", whole, lambda answer, _died: answers.append(answer))
    system.kernel.run_until(system.kernel.time + 60)
    if not answers[0] or answers[0]["statusCode"] >= 400:
        raise LookupError(f"the page answered {answers[0]}")


def _fail(error: BaseException) -> None:
    raise error
