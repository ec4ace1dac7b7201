"""A law binds some actors, protects some debtors and speaks of some stages of a debt; where it is silent,
caution speaks.
"""

from collections.abc import Sequence
from enum import IntEnum

from recobro.law.pack import Pack
from recobro.law.rule import Coverage, Rule
from recobro.law.value import Value

ACTORS = {"first_party": "original_creditor", "third_party": "third_party", "debt_buyer": "debt_buyer"}


class Level(IntEnum):
    """How much of a pack applies to one contact."""

    NONE = 0
    WINDOWS = 1
    FULL = 2


REACH = {
    Coverage.COVERED: Level.FULL,
    Coverage.POLICY_SAME_WINDOWS: Level.FULL,
    Coverage.NOT_COVERED_SAME_WINDOWS: Level.WINDOWS,
    Coverage.NOT_COVERED: Level.NONE,
    Coverage.FORBIDDEN: Level.FULL,
}


class Reach(Value):
    """How far a pack reaches a contact: its level, why it is caution where it is, and the rule that closes
    the stage.
    """

    level: Level
    caution: str = ""
    closed_by: Rule | None = None
    protects: bool = True  # False: the pack protects consumers and this debtor is a company
    counts_pre_due: bool = True


def stage_coverage(pack: Pack, packs: Sequence[Pack], stage: str) -> tuple[Coverage, Rule | None]:
    """What a pack says of a stage; an overlay that is silent takes its parent's word; silence is coverage."""
    asked = [pack, *(p for p in packs if pack.parent and p.id == pack.parent)]
    for candidate in asked:
        for rule in candidate.stages:
            if rule.stage == stage:
                return rule.coverage, rule
    return Coverage.COVERED, None


def reach(pack: Pack, packs: Sequence[Pack], stage: str, acts_as: str, debtor: str) -> Reach:
    """How far `pack` reaches a contact at `stage`, made by `acts_as`, to a debtor of that class (unknown:
    consumer).
    """
    coverage, stage_rule = stage_coverage(pack, packs, stage)
    pre_due, _ = stage_coverage(pack, packs, "pre_due")
    counts_pre_due = REACH[pre_due] is Level.FULL
    level, caution = REACH[coverage], ""
    if coverage in (Coverage.POLICY_SAME_WINDOWS, Coverage.NOT_COVERED_SAME_WINDOWS):
        caution = f"the law does not speak of {stage}"
    actor = ACTORS.get(acts_as)
    if actor is not None and actor not in pack.applies.actors:
        level = min(level, REACH[pack.applies.other_actors])
        caution = caution or f"the law does not bind {acts_as}"
    protects = debtor != "commercial" or REACH[pack.applies.commercial] is Level.FULL
    if debtor == "commercial" and pack.applies.commercial is not Coverage.COVERED:
        level = min(level, REACH[pack.applies.commercial])
        caution = caution or "the law protects consumers and the debtor is a company"
    closed_by = stage_rule if coverage is Coverage.FORBIDDEN else None
    return Reach(
        level=level, caution=caution, closed_by=closed_by, protects=protects, counts_pre_due=counts_pre_due
    )
