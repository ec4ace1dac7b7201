"""The demonstration: boot the template that deploys, let weeks pass in the invented world, and count what came of it."""

import gc
import time as wall
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from infra.demo import prices
from infra.demo.agents import Office
from infra.demo.audit import breaches, duplicates
from infra.demo.book import Book, Paid, by_currency
from infra.demo.chance import Chance
from infra.demo.debtors import without_contact
from infra.demo.law_audit import law_audit
from infra.demo.live import LiveHouse
from infra.demo.measure import Counted, counted, identities, steps_of
from infra.demo.portfolio import Portfolio, invent
from infra.demo.result import DemoResult
from infra.demo.story import story_of
from infra.demo.table_dump import Item, items_of, ledger_hash
from infra.demo.where_rules_stand import where_they_stand
from infra.demo.world import World
from infra.pricing.book import price_book
from infra.pricing.usage import usage_of

START = date(2026, 8, 3)
"""A Monday; the run meets Colombian holidays on 7 and 17 August and a Mexican one on 16 September."""

HOME = ZoneInfo("America/Mexico_City")
BANNED_ON_DAY = 22
"""Days after the start: a Tuesday, so that a whole week shows what is lost and what takes over."""
BUCKETS = ((0, "not due"), (30, "1–30"), (60, "31–60"), (90, "61–90"), (100_000, "over 90"))

Progress = Callable[[int, int], None]
"""(day, of how many)."""


def run_demo(
    *,
    debtors: int = 300,
    days: int = 45,
    seed: int = 7,
    backend: str = "ministack",
    invoices: int = 400,
    progress: Progress = lambda day, of: None,
) -> DemoResult:
    """Work an invented portfolio for `days`. The same arguments leave the same ledger. Takes the whole process meanwhile."""
    began = wall.perf_counter()
    phases: dict[str, float] = {}
    portfolio = invent(seed, debtors, START, days, invoices)
    world = World(portfolio, seed, _at(BANNED_ON_DAY, 9) if days > BANNED_ON_DAY else None)
    with _few_collections(), LiveHouse.boot(world, _at(0, 5), seed, backend) as live:
        world.begin(live)
        office = Office(live.operators(), live.listing, world.book, live, world.chance, world.debtors)
        office.open(START, days)
        phases["boot"] = wall.perf_counter() - began
        for day in range(days):
            live.run_until(_at(day + 1, 0))
            progress(day + 1, days)
        phases["days"] = wall.perf_counter() - began - phases["boot"]
        items = items_of(*live.table())
        return _measured(live, world, office, items, seed, debtors, backend, began, phases)


@contextmanager
def _few_collections() -> Iterator[None]:
    """What stands when a run begins stays till its end: looking through it again and again took a twelfth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _at(day: int, hour: int) -> datetime:
    return datetime.combine(START + timedelta(days=day), clock_time(hour), HOME).astimezone(UTC)


def _measured(
    live: LiveHouse,
    world: World,
    office: Office,
    items: Sequence[Item],
    seed: int,
    debtors: int,
    backend: str,
    began: float,
    phases: dict[str, float],
) -> DemoResult:
    portfolio, book = world.portfolio, world.book
    ends = _at(portfolio.days, 0)
    done = counted(items)
    who = identities(items)
    found = breaches(book, who)
    twice = duplicates(book, steps_of(items))
    alone = without_contact(portfolio, Chance(seed), ends)
    book_of_prices = price_book(prices.REGION)
    bill = prices.bill(done.cost, usage_of(live.metered(), book_of_prices), book_of_prices)
    by_law = law_audit(items, live.operators().playbook)
    by_rule = Counter([one.rule for one in found] + [one["rule"] for one in by_law["breaches"]])
    first = {one.rule: one for one in reversed(found)}
    phases["measure"] = wall.perf_counter() - began - sum(phases.values())
    return DemoResult(
        seed=seed,
        debtors=debtors,
        days=portfolio.days,
        start=portfolio.start,
        backend=backend,
        contacts=done.contacts,
        by_channel=dict(sorted(done.by_channel.items())),
        by_day={day.isoformat(): dict(counts) for day, counts in sorted(done.by_day.items())},
        funnel={
            "sent": done.sent,
            "delivered": done.delivered,
            "read": done.read,
            "answered": _answered(book),
        },
        recovered=book.recovered(),
        recovered_without_contact=by_currency(alone),
        recovered_by_day=_by_day(book.payments, alone),
        promises={name: done.promises.get(name, 0) for name in ("made", "kept", "broken")},
        plans=_plans(done),
        page=dict(sorted(world.visitors.counts.items())),
        rates=_rates(done, _answered(book)),
        answers=done.answers,
        receipts=done.receipts,
        webhooks={
            name: {one: found[one] for one in WEBHOOKS} for name, found in sorted(book.webhooks.items())
        },
        tasks={"opened": done.tasks_opened.total(), "closed": dict(sorted(done.tasks_closed.items()))},
        refusals=dict(sorted(done.refusals.items())),
        sources=where_they_stand(done.refusals, live.articles() | done.sources),
        breaches=by_rule.total(),
        breaches_by_rule=dict(sorted(by_rule.items())),
        breach_details=tuple(
            f"{one.rule} {one.at:%Y-%m-%dT%H:%MZ} {one.person} {one.channel} {one.detail}".strip()
            for one in first.values()
        )
        + tuple(
            f"{one['rule']} {one['local']} {one['person']} {one['why']}" for one in by_law["breaches"][:10]
        ),
        judged_by_law=by_law["contacts"],
        duplicates=len(twice),
        dynamodb_requests_per_contact=round(sum(_dynamodb(live, done, *SENDING).values()), 2),
        dynamodb_per_contact=_dynamodb(live, done),
        requests=_requests(live),
        cost_per_1000_contacts_usd=round(bill.per_thousand(done.contacts), 2),
        cost_split_usd={
            "Messages and calls (carriers)": bill.messages,
            **bill.parts,
        },
        seconds=round(wall.perf_counter() - began, 1),
        ledger_hash=ledger_hash(items),
        set_aside=dict(sorted(done.set_aside.items())),
        quarantined=done.quarantined,
        words_received=dict(sorted(done.messages_received.items())),
        payments_posted=done.payments_posted,
        failures=live.failures(),
        banned_on=(START + timedelta(days=BANNED_ON_DAY)).isoformat()
        if portfolio.days > BANNED_ON_DAY
        else "",
        dpd_before=_ageing(portfolio, portfolio.start, {}),
        dpd_after=_ageing(portfolio, portfolio.start + timedelta(days=portfolio.days), book.balances),
        phases={name: round(took, 1) for name, took in phases.items()},
        attempts=_attempts(done),
        story=story_of(book, items, who, live.whatsapp_templates()),
    )


WEBHOOKS = ("accepted", "late", "twice", "out of order", "told again", "forged", "refused")

SENDING = ("pre_reminder", "escalation", "send_sms", "send_email", "send_whatsapp", "send_voice", "send_push")


def _dynamodb(live: LiveHouse, done: Counted, *names: str) -> dict[str, float]:
    """DynamoDB requests per contact by who made them; names: only those. Sweeps ask whether or not anybody is due."""
    asked = live.meter.by_service("dynamodb")
    found = {name: asked[name] / max(1, done.contacts) for name in sorted(names or asked) if name in asked}
    return {name: round(value, 3) for name, value in found.items()}


def _requests(live: LiveHouse) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (who, service, _), number in live.meter.requests.items():
        found[f"{who} · {service}"] += number
    return dict(sorted(found.items()))


def _answered(book: Book) -> int:
    """Contacts of ours that were answered; what people go on to say in the talk counts once."""
    return sum(
        one.taken and not one.is_answer and not one.is_receipt and one.answered_at is not None
        for one in book.arrivals
    )


def _plans(done: Counted) -> dict[str, int]:
    """Plans that people chose, and what became of the dates that came."""
    came = sum(judged for judged, _ in done.parts.values())
    missed = sum(missed for _, missed in done.parts.values())
    told = {name: done.plans[name] for name in ("agreed", "kept", "broken")}
    return told | {"instalments_kept": came - missed, "instalments_missed": missed}


def _rates(done: Counted, answered: int) -> Mapping[str, int]:
    """In per cent: answered of what was delivered, promises made in writing of those answers, kept of the promises that fell due."""
    due = done.promises["kept"] + done.promises["broken"]
    shares = (
        ("response", answered, done.delivered),
        ("promise", done.promises["made in writing"], answered),
        ("kept", done.promises["kept"], due),
    )
    return {name: round(100 * part / whole) if whole else 0 for name, part, whole in shares}


def _attempts(done: Counted) -> dict[str, int]:
    return {"failed": done.failed, "released": done.released, "unknown": done.unknown, "facts": done.facts}


def _by_day(payments: Sequence[Paid], alone: Sequence[Paid]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, many in (("", payments), (" without", alone)):
        for one in many:
            found[one.currency + name][one.at.astimezone(HOME).date().isoformat()] += one.amount
    return {name: dict(sorted(days.items())) for name, days in sorted(found.items())}


def _ageing(portfolio: Portfolio, day: date, balances: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """currency → bucket of days past due on `day` → minor units owed."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, debt in portfolio.debts().items():
        dpd = (day - debt.due_on).days
        bucket = next(name for most, name in BUCKETS if dpd <= most)
        found[debt.currency][bucket] += balances.get(key, debt.amount)
    return {currency: dict(buckets) for currency, buckets in sorted(found.items())}
