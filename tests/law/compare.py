"""Two readings of the law that share no code, asked about the same random contacts: `python -m tests.law.compare --contacts 1000000`.

Both must refuse by the same rules. The table says how often each rule refused, and how often it alone did.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from random import Random

from infra.auditor.judging import breaches
from infra.auditor.law_files import Law, Rule
from recobro.law.engine import refusals
from tests.law.random_contacts import OWN_DATES, OWN_PACKS, Drawn, draw, packs_of, published
from tests.law.scene import CALENDARS

PEOPLE = frozenset({"spouse", "reference", "minor", "elderly_non_debtor", "workplace"})
"""The recipients that a contact can have; the other words of `recipients` are kept by process."""

OPEN = frozenset({"own_bucket_same_rules", "treated_as_consumer_own_bucket"})
REFUSING = (
    *("stages", "windows", "caps", "min_gaps", "channel_locks", "cooldowns"),
    *("consent", "provenance", "recipients", "channel_rules", "stop_events"),
)
SLICE = 5_000


@dataclass
class Tally:
    """What a stretch of random contacts showed. disagreements: in words, with the seed and number that repeat them."""

    contacts: int = 0
    permitted: int = 0
    packs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.contacts += other.contacts
        self.permitted += other.permitted
        self.packs.update(other.packs)
        self.refused.update(other.refused)
        self.alone.update(other.alone)
        self.disagreements.extend(other.disagreements)


def engine_refuses(drawn: Drawn) -> frozenset[str]:
    """The rules by which the engine refuses."""
    scene = drawn.scene
    packs = packs_of(scene.country, scene.subdivision)
    found = refusals(
        packs if drawn.own is None else (*packs, OWN_PACKS[drawn.own][0]),
        OWN_DATES if drawn.has_own_dates else CALENDARS,
        drawn.intended,
        drawn.history,
        scene.at,
        duties=drawn.duties,
        margin=drawn.margin,
    )
    return frozenset(one.rule for one in found)


def auditor_refuses(law: Law, drawn: Drawn) -> frozenset[str]:
    """The rules by which the auditor refuses."""
    own = () if drawn.own is None else (OWN_PACKS[drawn.own][1],)
    return frozenset(one.rule for one in breaches(law, drawn.scene, drawn.margin, own))


def compare(law: Law, seed: int, contacts: int) -> Tally:
    """Ask both about that many contacts of a seed."""
    chance, tally = Random(seed), Tally()
    for number in range(contacts):
        drawn = draw(chance)
        engine, auditor = engine_refuses(drawn), auditor_refuses(law, drawn)
        tally.contacts += 1
        tally.permitted += not engine
        tally.packs.update(pack.id for pack in packs_of(drawn.scene.country, drawn.scene.subdivision))
        tally.refused.update(engine)
        if len(engine) == 1:
            tally.alone.update(engine)
        if engine != auditor:
            only = f"engine only: {sorted(engine - auditor)}; auditor only: {sorted(auditor - engine)}"
            tally.disagreements.append(f"seed {seed}, contact {number}: {only}; {drawn.scene}")
    return tally


def refusing_rules(law: Law) -> Iterator[Rule]:
    """Every rule of every pack that could refuse a contact."""
    for pack in law.packs.values():
        for table in REFUSING:
            for rule in pack.of(table):
                closes = rule.get("coverage", "forbidden") == "forbidden"
                hits = table != "recipients" or (rule["who"] in PEOPLE and rule["treatment"] not in OPEN)
                if closes and hits:
                    yield rule


def _slice(work: tuple[int, int]) -> Tally:
    return compare(published(), *work)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    began, whole = time.perf_counter(), Tally()
    slices = [
        (given.seed * 1_000_000 + number, min(SLICE, given.contacts - number * SLICE))
        for number in range(-(-given.contacts // SLICE))
    ]
    with ProcessPoolExecutor(given.processes) as pool:
        for tally in pool.map(_slice, slices):
            whole.add(tally)
    show(whole, time.perf_counter() - began)
    return 1 if whole.disagreements else 0


def show(tally: Tally, took: float) -> None:
    law = published()
    out = sys.stdout.write
    for line in tally.disagreements[:5]:
        out(f"DISAGREE {line}\n")
    out(
        f"{tally.contacts:,} contacts, {tally.permitted:,} permitted, {len(tally.disagreements)} disagreements, {took:.0f} s\n"
    )
    out(
        "contacts a pack spoke of: "
        + ", ".join(f"{name} {count:,}" for name, count in sorted(tally.packs.items()))
    )
    out(f"\n\n{'rule':34} {'kind':14} {'refused':>9} {'alone':>8}\n")
    rules = list(refusing_rules(law))
    for rule in rules:
        out(f"{rule.id:34} {rule.table:14} {tally.refused[rule.id]:9,} {tally.alone[rule.id]:8,}\n")
    own = sorted(set(tally.refused) - {rule.id for rule in rules})
    for name in own:
        out(f"{name:34} {'of the schema':14} {tally.refused[name]:9,} {tally.alone[name]:8,}\n")
    out(f"\n{len(rules)} rules can refuse\n")
    out(f"never refused: {[rule.id for rule in rules if not tally.refused[rule.id]]}\n")
    out(f"never alone: {[rule.id for rule in rules if not tally.alone[rule.id]]}\n")


if __name__ == "__main__":
    sys.exit(main())
