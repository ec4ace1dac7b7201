"""Who is who in the strategy: the first segment whose conditions a person meets decides which stages apply."""

from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Voice
from recobro.domain.strategy import Segment, Stage, Step, Strategy


def segment_of(debtor: Debtor, voice: Voice, strategy: Strategy) -> str:
    """The name of the first segment that matches; empty when none does."""
    return next((one.name for one in strategy.segments if _matches(one, debtor, voice)), "")


def stages_for(segment: str, strategy: Strategy) -> list[Stage]:
    """The stages that a segment walks through, by day."""
    mine = [stage for stage in strategy.stages if not stage.segments or segment in stage.segments]
    return sorted(mine, key=lambda stage: stage.from_dpd)


def current_step(stages: list[Stage], dpd: int) -> tuple[Stage, Step] | None:
    """The step that day `dpd` asks for: the latest of its stage that has begun. Older ones are superseded, never made up for."""
    for stage in stages:
        if stage.from_dpd <= dpd <= stage.to_dpd:
            begun = [step for step in stage.steps if step.on_dpd <= dpd]
            return (stage, begun[-1]) if begun else None
    return None


def next_step_day(stages: list[Stage], dpd: int) -> int | None:
    """The next day past due, after `dpd`, on which some step begins."""
    days = [step.on_dpd for stage in stages for step in stage.steps if step.on_dpd > dpd]
    return min(days, default=None)


def next_segment_day(strategy: Strategy, dpd: int) -> int | None:
    """The next day past due, after `dpd`, on which time alone may put a person into another segment."""
    begins = [one.min_dpd for one in strategy.segments if one.min_dpd is not None]
    ends = [one.max_dpd + 1 for one in strategy.segments if one.max_dpd is not None]
    return min((one for one in (*begins, *ends) if one > dpd), default=None)


def _matches(segment: Segment, debtor: Debtor, voice: Voice) -> bool:
    balance = voice.due.minor + voice.later.minor
    broken = sum(episode.broken_promises for episode in debtor.open_episodes())
    products = {debt.product for debt in voice.debts}
    tags = {tag for debt in voice.debts for tag in debt.tags}
    attributes = debtor.profile.attributes
    return (
        (not segment.kinds or debtor.profile.kind in segment.kinds)
        and (not segment.currency or segment.currency == voice.currency)
        and (segment.min_balance is None or balance >= segment.min_balance)
        and (segment.max_balance is None or balance <= segment.max_balance)
        and (segment.min_dpd is None or voice.dpd >= segment.min_dpd)
        and (segment.max_dpd is None or voice.dpd <= segment.max_dpd)
        and (not segment.products or bool(products & set(segment.products)))
        and (not segment.tags or bool(tags & set(segment.tags)))
        and (segment.min_broken_promises is None or broken >= segment.min_broken_promises)
        and all(attributes.get(name) in values for name, values in segment.attributes.items())
    )
