"""What a creditor's own systems may do over HTTP, version 1: send a portfolio, read people, tell contacts and payments, hold.

Each route names the shapes of its request and answer; infra/openapi.py writes the document from this table.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from recobro.codec import to_plain
from recobro.domain.chain import canonical
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, HoldLifted, HoldPlaced
from recobro.domain.hold import Hold
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.intake import api_shapes as shapes
from recobro.intake.raw import RawRow
from recobro.ports import Loaded
from recobro.usecases.api_pages import LONGEST, next_place, page_limit, page_place, written_cursor
from recobro.usecases.saving import change, change_whom_it_may_mean

NEVER = 9999
"""The year by which the index writes that nothing is planned."""
_ID = re.compile(r"d[0-9a-f]{23}")


@dataclass(frozen=True)
class Asked:
    """A request that is whole: who asks, its path's and query's words, its body in the route's shape. key: of idempotency."""

    who: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    key: str = ""


@dataclass(frozen=True)
class Route:
    """work(house, asked) → the answer's shape. takes: None: no body. status: where all went well. query: word → what it is."""

    work: Callable[[House, Asked], Any]
    gives: type
    takes: type | None = None
    status: int = 200
    query: tuple[tuple[str, str], ...] = ()
    is_keyed: bool = False


def list_debtors(house: House, asked: Asked) -> shapes.DebtorPage:
    """Everybody of both lanes, page by page."""
    limit = page_limit(asked.query.get("limit", "50"))
    lane, shard, after = page_place(house, asked.query.get("cursor", ""))
    found: list[shapes.DebtorShort] = []
    while True:
        due = list(islice(house.due.everyone(lane, shard, after), limit - len(found)))
        loaded = house.ledger.load_many([one.debtor_id for one in due])
        found += [_short(loaded[one.debtor_id]) for one in due if one.debtor_id in loaded]
        if len(found) >= limit and due:
            return shapes.DebtorPage(tuple(found), written_cursor(lane, shard, due[-1].cursor))
        if due and after != due[-1].cursor:
            after = due[-1].cursor
            continue
        place = next_place(house, lane, shard)
        if place is None:
            return shapes.DebtorPage(tuple(found))
        (lane, shard), after = place, ""


def find_debtors(house: House, asked: Asked) -> shapes.Found:
    """By the creditor's own reference; what the lookups say is verified against each record."""
    reference = asked.body.reference
    shapes.short_enough("reference", reference)
    people = house.ledger.load_many(house.lookups.debtors(house.keys.debt(reference)))
    return shapes.Found(tuple(sorted(one for one, held in people.items() if held.debtor.debt(reference))))


def show_debtor(house: House, asked: Asked) -> shapes.DebtorShown:
    loaded = _standing(house, asked.path["debtor"])
    debtor = loaded.debtor
    return shapes.DebtorShown(
        id=debtor.id,
        version=debtor.version,
        country=debtor.profile.country,
        language=debtor.profile.language,
        lane=loaded.lane,
        is_erased=debtor.is_erased,
        debts=tuple(
            shapes.DebtShown(
                one.key, one.creditor, one.status.value, one.currency, one.outstanding.minor, one.due_on
            )
            for one in debtor.debts
        ),
        holds=tuple(_hold(one) for one in debtor.holds if one.lifted_at is None),
        promises=tuple(
            shapes.PromiseShown(one.id, one.creditor, one.currency, one.amount, one.due_on, one.status.value)
            for one in debtor.promises
        ),
        open_tasks=tuple(task.reason for task in debtor.open_tasks()),
        next_action=_when(loaded),
    )


def send_portfolio(house: House, asked: Asked) -> shapes.FileTaken:
    """The rows become a file like any other: read, checked and answered row by row. The same request is the same file."""
    sent: shapes.PortfolioSent = asked.body
    if not 1 <= len(sent.rows) <= shapes.MOST_ROWS:
        raise InvalidInput(
            "rows", f"{len(sent.rows)} rows", f"1 to {shapes.MOST_ROWS}; drop larger files into the bucket"
        )
    if sent.feed not in shapes.FEEDS:
        raise InvalidInput("feed", f"is {sent.feed!r}", "full or delta")
    if sent.as_of > house.now().date():
        raise InvalidInput("as_of", "is after today", "the day on which the balances were true")
    body = "".join(f"{canonical(dict(row))}\n" for row in sent.rows).encode()
    mark = hashlib.sha256(body + asked.key.encode()).hexdigest()[:20]
    name = f"inbox/api-{sent.as_of:%Y-%m-%d}-{mark}.jsonl"
    house.files.drop(name, body, {"feed": sent.feed, "as-of": sent.as_of.isoformat()})
    return shapes.FileTaken(name)


def tell_contacts(house: House, asked: Asked) -> shapes.ContactsTaken:
    from recobro.usecases.report_contacts import report_contacts

    told: shapes.ContactsMade = asked.body
    if not 1 <= len(told.contacts) <= shapes.MOST_CONTACTS:
        raise InvalidInput("contacts", f"{len(told.contacts)} contacts", f"1 to {shapes.MOST_CONTACTS}")
    rows = [RawRow(number, dict(to_plain(one))) for number, one in enumerate(told.contacts, 1)]
    done = report_contacts(house, rows)
    rejected = tuple(
        shapes.ContactRejected(one.row_number, one.field, one.reason, one.fix) for one in done.rejects
    )
    return shapes.ContactsTaken(done.counted, done.repeated, done.too_old, rejected)


def tell_payment(house: House, asked: Asked) -> shapes.PaymentTaken:
    """Heard by the same path as a gateway's word; whoever holds the key is believed as the creditor."""
    from recobro.usecases.creditors_payments import creditors_payment

    done = creditors_payment(house, asked.body, asked.who, source="api", event=asked.key)
    return shapes.PaymentTaken(done.result)


def place_hold(house: House, asked: Asked) -> shapes.Held:
    """In the record of everybody who owes the debts that it names; without any, of this person alone."""
    wanted: shapes.HoldWanted = asked.body
    loaded, now = _living(house, asked.path["debtor"]), house.now()
    review_at = shapes.utc("review_at", wanted.review_at)
    if wanted.creditor and house.playbook.client.brand(wanted.creditor) is None:
        raise InvalidInput("creditor", "is none of the client's brands", "a brand's id, or nothing")
    for key in wanted.debts:
        if loaded.debtor.debt(key) is None:
            raise InvalidInput("debts", "one is none of theirs", "as GET /v1/debtors/{debtor} names them")
    if review_at <= now or review_at.year >= NEVER:
        raise InvalidInput("review_at", "is past, or never comes", "an instant to come, when somebody looks")
    name = "ha" + hashlib.sha256(f"{asked.who} {asked.key}".encode()).hexdigest()[:14]
    hold = Hold(name, wanted.reason, now, asked.who, review_at, wanted.debts, wanted.creditor)
    shorts = [house.keys.short_debt(key) for key in wanted.debts]
    people = {loaded.debtor.id, *house.obligors.people(shorts)}
    saved = [
        change_whom_it_may_mean(house, one, lambda debtor, now: _placed(debtor, hold, loaded.debtor.id))
        for one in sorted(people)
    ]
    return shapes.Held(
        name, tuple(one.debtor.id for one in saved if one is not None and _has(one.debtor, name))
    )


def lift_hold(house: House, asked: Asked) -> shapes.Lifted:
    """In this person's record; a hold that was lifted already stays so."""
    name = asked.path["hold"]
    loaded = _living(house, asked.path["debtor"])
    if not _has(loaded.debtor, name):
        raise NotFound(f"no hold {name}")

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        open_ones = [one for one in debtor.holds if one.id == name and one.lifted_at is None]
        return (HoldLifted(name, asked.who),) if open_ones else ()

    change(house, loaded.debtor.id, facts, loaded)
    return shapes.Lifted(name)


PAGE = (("limit", f"items of a page, 1 to {LONGEST} (50)"), ("cursor", "`next` of the page before"))

ROUTES: Mapping[str, Route] = {
    "POST /v1/portfolio": Route(send_portfolio, shapes.FileTaken, shapes.PortfolioSent, 202, is_keyed=True),
    "GET /v1/debtors": Route(list_debtors, shapes.DebtorPage, query=PAGE),
    "POST /v1/debtors/search": Route(find_debtors, shapes.Found, shapes.DebtorSought),
    "GET /v1/debtors/{debtor}": Route(show_debtor, shapes.DebtorShown),
    "POST /v1/debtors/{debtor}/holds": Route(place_hold, shapes.Held, shapes.HoldWanted, 201, is_keyed=True),
    "DELETE /v1/debtors/{debtor}/holds/{hold}": Route(lift_hold, shapes.Lifted),
    "POST /v1/contacts": Route(tell_contacts, shapes.ContactsTaken, shapes.ContactsMade, is_keyed=True),
    "POST /v1/payments": Route(tell_payment, shapes.PaymentTaken, shapes.PaymentMade, is_keyed=True),
}
"""Route key of the HTTP API → what it does. A second version stands beside the first; this one only grows."""


def _standing(house: House, debtor_id: str) -> Loaded:
    loaded = house.ledger.load(debtor_id) if _ID.fullmatch(debtor_id) else None
    if loaded is None:
        raise NotFound("no such debtor")
    return loaded


def _living(house: House, debtor_id: str) -> Loaded:
    """Somebody of whom more may be recorded; who was erased is a tombstone, and stays one."""
    loaded = _standing(house, debtor_id)
    if loaded.debtor.is_erased:
        raise NotFound("no such debtor")
    return loaded


def _placed(debtor: Debtor, hold: Hold, named: str) -> tuple[Fact, ...]:
    """named: the person whom the request names; everybody else is told of the debts that are theirs too, and of no other."""
    if debtor.id != named:
        hold = replace(hold, debts=tuple(key for key in hold.debts if debtor.debt(key) is not None))
    is_theirs = debtor.id == named or bool(hold.debts)
    return (HoldPlaced(hold),) if is_theirs and not debtor.is_erased and not _has(debtor, hold.id) else ()


def _short(loaded: Loaded) -> shapes.DebtorShort:
    debtor = loaded.debtor
    return shapes.DebtorShort(
        debtor.id, loaded.lane, debtor.profile.country, len(debtor.debts), _when(loaded)
    )


def _when(loaded: Loaded) -> datetime | None:
    """None where nothing is planned, which the index writes as the end of time."""
    at = loaded.next_action
    return at if at is not None and at.year < NEVER else None


def _hold(one: Hold) -> shapes.HoldShown:
    return shapes.HoldShown(
        one.id, one.reason.value, one.owner, one.placed_at, one.review_at, one.debts, one.creditor
    )


def _has(debtor: Debtor, hold: str) -> bool:
    return any(one.id == hold for one in debtor.holds)
