"""Who lives in a simulated month: few people, so that everything meets: shared phones, guarantors, a company, two countries."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from infra.demo.people import Person, Phone
from infra.demo.portfolio import Portfolio, invent
from infra.playbook.compiling import assemble
from infra.playbook.folder import read_folder
from infra.repository import client_folder
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Stage, Step, Strategy
from recobro.law.pack import Pack

START = date(2026, 8, 3)
"""A Monday; the month holds two Colombian holidays, and the first sweep of every lane."""

HOME = ZoneInfo("America/Mexico_City")
PEOPLE, INVOICES = 16, 6
ANOTHER_DEBT = 0.9
"""Share of people with one debt who get a second, due some time in the month: who paid one is still spoken to of the other."""

STEP_EVERY = 2
"""Days between two steps: with room for a message every other day, a month of so few people makes more than a hundred claims."""

MONTHLY_USD = 100
"""A budget that a month's slices nearly use up: workers that die lose theirs."""

MOST_TOGETHER = 5
"""At most so many in seven days to one telephone, and so many about one debt, whoever of those who share it is meant. No Latin American
law says so; some in the north do (US-WA, US-DC), and what keeps theirs is to be seen at work: two people alone may hear of three each.
"""

SHARDS = 2
"""So few people need no more than one; but a sweep that stops half-way stops between two."""

FEED_MAX_AGE = 4
"""Business days: files come twice a week, and now and then one does not."""


def portfolio(seed: int, days: int, people: int = PEOPLE) -> Portfolio:
    """The people of a seed: like the demonstration's, with more that is shared."""
    invented = invent(seed, people, START, days, INVOICES)
    draw = Random(f"scenario/{seed}")
    those = list(invented.people)
    persons = [at for at, one in enumerate(those) if not one.is_company and one.phone is not None]
    for _ in range(2):
        country = draw.choice(("MX", "CO"))
        same = [at for at in persons if those[at].country == country and not _is_shared(those[at])]
        if len(same) >= 2:
            one, other = draw.sample(same, 2)
            those[other] = _with_phone_of(those[other], those[one])
            those[one] = _noted(those[one], those[other])
    return Portfolio(
        invented.start, days, tuple(_with_another(one, at, draw) for at, one in enumerate(those))
    )


def _with_another(person: Person, number: int, draw: Random) -> Person:
    """Who has one debt, or vouches for one, gets one more of their own; two may vouch for the same one."""
    if person.is_company or len(person.obligations) != 1 or draw.random() >= ANOTHER_DEBT:
        return person
    (first,) = person.obligations
    due_on = START + timedelta(days=draw.randint(-12, 24))
    mark = "B" if person.debts else f"G{number}"
    other = replace(first, ref=f"{first.ref}-{mark}", amount=first.amount // 2 + 100, due_on=due_on)
    return replace(person, debts=(*person.debts, other))


def _is_shared(person: Person) -> bool:
    return person.phone is None or bool(person.phone.shared_with)


def _with_phone_of(person: Person, owner: Person) -> Person:
    assert owner.phone is not None and person.phone is not None  # noqa: S101, PT018 - the caller chose them by it
    phone = Phone(
        owner.phone.number,
        owner.phone.owner,
        owner.phone.on_whatsapp,
        owner.document,
        person.phone.authorised,
    )
    return replace(person, phone=phone)


def _noted(owner: Person, other: Person) -> Person:
    assert owner.phone is not None  # noqa: S101
    return replace(owner, phone=replace(owner.phone, shared_with=other.document))


@lru_cache(maxsize=2)
def book(client: str = "demo") -> Playbook:
    """The client's own playbook with a strategy that leaves nobody alone for long, since quiet months find nothing."""
    folder, errors = read_folder(client_folder(client))
    if folder is None:
        raise ValueError(f"{client}: {errors}")
    whole = assemble(folder)
    limits = replace(whole.client.limits, monthly_spend_usd=MONTHLY_USD)
    schedule = replace(whole.client.schedule, shards=SHARDS)
    sized = replace(whole.client, limits=limits, schedule=schedule)
    packs = {**whole.packs, "MX": counting_together(whole.packs["MX"])}
    return replace(whole, client=sized, strategy=dense(whole.strategy), packs=packs)


def counting_together(pack: Pack) -> Pack:
    """The same law with limits that several people share: of a telephone, and of a debt that two of them owe."""
    likewise = next(one for one in pack.caps if one.rolling_days)
    shared = [
        likewise.but(id=f"month-{scope}", scope=(scope,), at_most=MOST_TOGETHER, rolling_days=7)
        for scope in ("contact_point", "account")
    ]
    return pack.but(caps=(*pack.caps, *shared))


def dense(strategy: Strategy) -> Strategy:
    """The same stages, words and channels, with a step every other day."""
    return replace(
        strategy,
        stages=tuple(_filled(stage) for stage in strategy.stages),
        feed_max_age_business_days=FEED_MAX_AGE,
        max_tries=4,
    )


def _filled(stage: Stage) -> Stage:
    told = [step for step in stage.steps if step.channels]
    asked = {step.on_dpd: step for step in stage.steps if step.task}
    if not told:
        return stage
    steps: list[Step] = []
    for day in range(stage.from_dpd, min(stage.to_dpd, stage.from_dpd + 200) + 1):
        pattern = max(
            (step for step in told if step.on_dpd <= day), key=lambda one: one.on_dpd, default=told[0]
        )
        if day in asked:
            steps.append(asked[day])
        elif (day - stage.from_dpd) % STEP_EVERY == 0:
            turn = (day // STEP_EVERY) % len(pattern.channels)
            channels = (*pattern.channels[turn:], *pattern.channels[:turn])
            steps.append(
                replace(pattern, name=f"{pattern.name}_{day - stage.from_dpd}", on_dpd=day, channels=channels)
            )
    steps.sort(key=lambda step: step.on_dpd)
    return replace(stage, steps=tuple(steps))


def at(day: int, hour: float, zone: ZoneInfo = HOME) -> float:
    """Epoch seconds of an hour on a day of the run."""
    local = datetime.combine(START + timedelta(days=day), time(0), zone) + timedelta(hours=hour)
    return local.astimezone(UTC).timestamp()
