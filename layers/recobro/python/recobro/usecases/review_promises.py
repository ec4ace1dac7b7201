"""What was promised is looked at before the day begins: kept or broken by what was paid, so that nobody who paid is asked again
and nobody's broken word lies until their turn comes.

The sweeps judge as well whatever they meet; whoever is first writes it, once.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from recobro.domain.facts import Fact, PlanJudged, PromiseJudged
from recobro.domain.settle import settled
from recobro.errors import Stale
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.each_alone import Faults, alone, read_each

LANES = ("pre_due", "overdue")
AT_ONCE = 100
"""People read together: a request's worth."""


@dataclass(slots=True)
class Reviewed:
    """judged: "promise_kept", "promise_broken", "plan_kept", "plan_broken", "plan_open" (a part of one) → how many. faults: whose word
    could not be looked at → why.
    """

    looked_at: int = 0
    judged: Counter[str] = field(default_factory=Counter)
    lost_races: int = 0
    faults: Faults = field(default_factory=dict)


def review_promises(house: House, deadline: datetime | None = None) -> Reviewed:
    """Judge every promise and plan whose date came. deadline: stop there; the sweeps and the next morning do the rest."""
    now = house.now()
    done = Reviewed()
    for loaded in _due(house, now, done.faults):
        if deadline is not None and house.now() >= deadline:
            break
        done.looked_at += 1
        with alone(loaded.debtor.id, done.faults):
            _review(house, loaded, now, done)
    return done


def _review(house: House, loaded: Loaded, now: datetime, done: Reviewed) -> None:
    _, facts = settled(loaded.debtor, house.playbook, now)
    judged = [one for one in facts if isinstance(one, PromiseJudged | PlanJudged)]
    if not judged:
        return
    try:
        house.ledger.save(loaded, facts, now)
    except Stale:
        done.lost_races += 1  # whoever saved first is looked at again by the next sweep
        return
    done.judged.update(_said(one) for one in judged)


def _due(house: House, now: datetime, faults: Faults) -> Iterator[Loaded]:
    for lane in LANES:
        for shard in range(house.due.shards):
            waiting = iter(house.due.due(lane, shard, now))
            while batch := list(islice(waiting, AT_ONCE)):
                yield from read_each(house, [one.debtor_id for one in batch], faults)


def _said(fact: Fact) -> str:
    kind = "promise" if isinstance(fact, PromiseJudged) else "plan"
    status = fact.status.value if isinstance(fact, PromiseJudged | PlanJudged) else ""
    return f"{kind}_{status}"
