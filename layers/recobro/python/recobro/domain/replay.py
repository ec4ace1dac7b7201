"""A decision is worth what its replay is worth: the record as it stood before a claim, and what then differs, field by field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from recobro.domain.chain import Recorded
from recobro.domain.compact import compact
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptClaimed
from recobro.domain.fold import fold
from recobro.domain.playbook import Switches
from recobro.errors import NotFound


def claim_of(history: Sequence[Recorded], attempt_id: str) -> tuple[Recorded, AttemptClaimed]:
    """The fact that claimed an attempt. Raises NotFound."""
    for one in history:
        if isinstance(one.fact, AttemptClaimed) and one.fact.attempt.id == attempt_id:
            return one, one.fact
    raise NotFound(f"no attempt {attempt_id} in this history")


def as_it_stood(debtor_id: str, history: Sequence[Recorded], version: int) -> Debtor:
    """The record as the save `version` found it: every earlier save folded and compacted, as the ledger did."""
    debtor = Debtor(debtor_id)
    before = (one for one in history if one.version < version)
    for number, facts in groupby(before, key=lambda one: one.version):
        save = list(facts)
        debtor = replace(compact(fold(debtor, save), save[-1].at), version=number, head=save[-1].hash)
    return debtor


def switches_of(claimed: AttemptClaimed) -> Switches:
    """What was switched off or had no money left at a claim. An old record tells no more than its decision met on the way: what kept
    another brand quiet, or a receipt from its first channel, is not in it.
    """
    spent = {one.rule.partition(".")[2]: one for one in claimed.spent}
    if claimed.off or claimed.decision is None:
        return Switches(dict.fromkeys(claimed.off, ""), spent)
    return Switches(
        {one.detail: "" for one in claimed.decision.passed_over if one.rule == "switch.off"}, spent
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two records. where: its path; empty: the whole. None: not there."""

    where: str
    stored: Any
    replayed: Any


def differences(stored: Any, replayed: Any, where: str = "") -> Iterator[Difference]:
    """Every leaf in which two plain JSON values differ."""
    if isinstance(stored, dict) and isinstance(replayed, dict):
        for name in sorted({*stored, *replayed}):
            yield from differences(stored.get(name), replayed.get(name), f"{where}.{name}" if where else name)
    elif isinstance(stored, list) and isinstance(replayed, list) and len(stored) == len(replayed):
        for place, (one, other) in enumerate(zip(stored, replayed, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif stored != replayed or type(stored) is not type(replayed):
        yield Difference(where, stored, replayed)
