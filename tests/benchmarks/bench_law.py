"""How fast the law answers: verdicts per second and the median time of `next_permitted`, on one core.

`python -m tests.benchmarks.bench_law` prints them; `run()` returns them. Histories have 30 attempts.
"""

import random
import statistics
import time
from datetime import UTC, datetime, timedelta

from recobro.domain.channel import Channel, Kind
from recobro.law.contact import Intended, PastContact, Rung
from recobro.law.engine import next_permitted, verdict
from recobro.law.load import load_calendars, load_packs
from recobro.law.pack import Pack

BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP, Channel.VOICE)


def _history(chance: random.Random, now: datetime, days: float) -> list[PastContact]:
    return [
        PastContact(
            at=now - timedelta(days=chance.uniform(0, days)),
            channel=chance.choice(CHANNELS),
            creditor="acme",
            debts=("d1",),
            rung=chance.choice((Rung.ATTEMPT, Rung.SENT, Rung.DELIVERED, Rung.CONVERSATION)),
        )
        for _ in range(30)
    ]


def _intended(country: str, zones: tuple[str, ...]) -> Intended:
    return Intended(
        channel=Channel.SMS,
        kind=Kind.COLLECTION,
        creditor="acme",
        stage="past_due",
        acts_as="third_party",
        debts=("d1", "d2", "d3"),
        country=country,
        zones=zones,
        provenance="debtor_authorised",
        authorised=frozenset(CHANNELS),
    )


def _one(
    name: str, packs: tuple[Pack, ...], zones: tuple[str, ...], days: float, count: int
) -> dict[str, float]:
    chance = random.Random(7)
    calendars = load_calendars()
    intended = _intended(packs[0].country, zones)
    cases = []
    for _ in range(count):
        now = BEGIN + timedelta(minutes=chance.randrange(60 * 24 * 200))
        cases.append((_history(chance, now, days), now))
    for history, now in cases:  # a warm process: zones, hours and rules are cached for its life
        verdict(packs, calendars, intended, history, now)
    began = time.process_time()  # per core, whatever else the machine does meanwhile
    for history, now in cases:
        verdict(packs, calendars, intended, history, now)
    rate = count / (time.process_time() - began)
    taken = []
    for history, now in cases:
        began = time.perf_counter()
        next_permitted(packs, calendars, intended, history, now)
        taken.append((time.perf_counter() - began) * 1e6)
    return {f"{name} verdicts/s": rate, f"{name} next_permitted median µs": statistics.median(taken)}


def run(count: int = 4000) -> dict[str, float]:
    """The figures by name. `spread`: 30 attempts over 60 days; `dense`: over 7; `any zone`: all of Mexico's clocks."""
    packs = load_packs()
    mexico, colombia = (packs["MX"],), (packs["CO"],)
    return {
        **_one("MX spread", mexico, ("America/Tijuana",), 60, count),
        **_one("MX dense", mexico, ("America/Tijuana",), 7, count),
        **_one("MX any zone", mexico, (), 60, count),
        **_one("CO spread", colombia, (), 60, count),
        **_one("CO dense", colombia, (), 7, count),
    }


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:<40} {figure:>12,.1f}")
