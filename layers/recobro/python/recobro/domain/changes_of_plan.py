"""What would have the strategy ask for a message today: another day, another channel, another step."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from recobro.domain.changes import Change, Scene, Size, decided_alone
from recobro.domain.channel import MACHINE_CHANNELS, Channel, Kind
from recobro.domain.client import SETUP_NAMES
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Decision, HandOver, Stop, Wait
from recobro.domain.eligibility import Today, Voice, today_of
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.segmentation import next_step_day, segment_of, stages_for
from recobro.domain.strategy import Stage, Step
from recobro.domain.thanking import WITHIN

FOR_A_PERSON = Refusal("strategy.task", "strategy.toml", detail="the step is a person's work")
LASTS = 45
"""Days for which a stage of its own stands open, so that hours and caps may be waited for."""


def waits(scene: Scene, voices: tuple[Voice, ...]) -> Iterator[datetime]:
    """The next instants at which time alone brings something else about: a task for a person has none, but the step after it, and
    what another brand or currency waits for meanwhile.
    """
    today = today_of(scene.debtor, scene.playbook, scene.now)
    if isinstance(scene.decision, Wait):
        judged = _judged_by_a_file(scene.debtor, today)
        others = [one for one in voices if (one.creditor, one.currency) not in judged]
        if len(others) == len(voices) or _is_owed_words(scene.debtor, today):
            yield scene.decision.until
            return
        for voice in others:
            alone = decided_alone(scene, voice.creditor, voice.currency)
            if isinstance(alone, Wait):
                yield alone.until
    if not isinstance(scene.decision, HandOver):
        return
    for voice in voices:
        alone = decided_alone(scene, voice.creditor, voice.currency)
        if isinstance(alone, Wait):
            yield alone.until
        segment = segment_of(scene.debtor, voice, scene.playbook.strategy)
        day = next_step_day(stages_for(segment, scene.playbook.strategy), voice.dpd)
        if day is not None:
            yield today.starts(voice.due_on + timedelta(days=day))


def _is_owed_words(debtor: Debtor, today: Today) -> bool:
    """Whether an answer or thanks may still go out, whatever is owed."""
    return any(today.now < one.expires_at for one in debtor.replies) or any(
        today.now < one.told_at + WITHIN for one in debtor.payments
    )


def _judged_by_a_file(debtor: Debtor, today: Today) -> frozenset[tuple[str, str]]:
    """Creditor and currency of what was agreed for a day that is over: it is judged by balances from after it, and each further day
    without them brings the same again.
    """
    agreed = [
        (one.creditor, one.currency, one.judged_on)
        for one in debtor.promises
        if one.status is PromiseStatus.OPEN
    ]
    for plan in debtor.plans:
        if plan.is_open:
            ahead = plan.offer.parts[plan.judged :]
            agreed += [(plan.creditor, plan.currency, part.judged_on) for part in ahead[:1]]
    return frozenset(
        (creditor, currency) for creditor, currency, judged_on in agreed if judged_on < today.day
    )


def changes_of_plan(scene: Scene, voice: Voice, current: tuple[Stage, Step] | None) -> Iterator[Change]:
    """A message where the strategy has none today, or has had its own; more channels, more tries for the one it has."""
    because = _why(decided_alone(scene, voice.creditor, voice.currency))
    if because is not None and not any(one.id.startswith("step:") for one in scene.changes):
        yield from _another_step(scene, voice, current, because)
    if current is not None and current[1].channels:
        yield from _more_channels(scene, *current)
        tries = scene.playbook.strategy.max_tries
        if because is not None and because.rule == "strategy.max_tries":
            said = f"max_tries of {tries + 1} in strategy.toml"
            yield Change("max_tries", Size.STRATEGY, said, because, book=_once_more)


def _why(decision: Decision) -> Refusal | None:
    """The plan's own no, if it is one of the reasons for what was decided."""
    if isinstance(decision, HandOver):
        return FOR_A_PERSON
    if not isinstance(decision, Wait | Stop):
        return None
    plain = ("step.done", "step.superseded", "strategy.no_step", "strategy.max_tries")
    return next((one for one in decision.refusals if one.rule in plain), None)


def _once_more(playbook: Playbook) -> Playbook:
    strategy = playbook.strategy
    return replace(playbook, strategy=replace(strategy, max_tries=strategy.max_tries + 1))


def _more_channels(scene: Scene, stage: Stage, step: Step) -> Iterator[Change]:
    sayable = _sayable(scene, step.template)
    more = tuple(one for one in MACHINE_CHANNELS if one in sayable and one not in step.channels)
    if more:
        wider = replace(step, channels=(*step.channels, *more))
        said = f"{', '.join(more)} in step {stage.name}.{step.name} of strategy.toml"
        because = Refusal("strategy.channels", "strategy.toml", detail=f"{stage.name}.{step.name}")
        book = partial(_restepped, stage=stage.name, step=wider)
        yield Change(f"channels:{stage.name}.{step.name}", Size.STRATEGY, said, because, book=book)


def _sayable(scene: Scene, template: str) -> frozenset[Channel]:
    """The channels for which the client has words under that name, in any language."""
    parts = {
        part
        for name, one in scene.playbook.templates.items()
        if name.rpartition(".")[0] == template
        for part in one.parts
    }
    return frozenset(channel for channel, setup in SETUP_NAMES.items() if setup in parts)


def _another_step(
    scene: Scene, voice: Voice, current: tuple[Stage, Step] | None, because: Refusal
) -> Iterator[Change]:
    """The nearest message of the strategy once more, today, under another name."""
    strategy, dpd = scene.playbook.strategy, voice.dpd
    wanted = Kind.REMINDER_PRE_DUE if dpd <= 0 else Kind.COLLECTION
    alike = [
        step for stage in strategy.stages for step in stage.steps if step.kind is wanted and step.channels
    ]
    if not alike:
        return
    nearest = min(alike, key=lambda one: abs(one.on_dpd - dpd))
    step = replace(nearest, name=f"on_day_{dpd}", on_dpd=dpd)
    segment = segment_of(scene.debtor, voice, strategy)
    covering = (one for one in stages_for(segment, strategy) if one.from_dpd <= dpd <= one.to_dpd)
    stage = current[0] if current is not None else next(covering, None)
    named = stage.name if stage is not None else f"day_{dpd}"
    said = f"a message on day {dpd} in stage {named} of strategy.toml"
    book = partial(_restepped, stage=named, step=step)
    yield Change(f"step:{named}:{dpd}", Size.STRATEGY, said, because, book=book)


def _restepped(playbook: Playbook, stage: str, step: Step) -> Playbook:
    """The strategy with that step in that stage, in place of one of its name; in a stage of its own where there is none."""
    strategy = playbook.strategy
    if not any(one.name == stage for one in strategy.stages):
        later = [one.from_dpd - 1 for one in strategy.stages if one.from_dpd > step.on_dpd]
        own = Stage(stage, step.on_dpd, min([step.on_dpd + LASTS, *later]), (step,))
        return replace(playbook, strategy=replace(strategy, stages=(*strategy.stages, own)))
    stages = tuple(_with_step(one, step) if one.name == stage else one for one in strategy.stages)
    return replace(playbook, strategy=replace(strategy, stages=stages))


def _with_step(stage: Stage, step: Step) -> Stage:
    others = [one for one in stage.steps if one.name != step.name]
    before = [one for one in others if one.on_dpd <= step.on_dpd]
    in_place = [step if one.name == step.name else one for one in stage.steps]
    known = any(one.name == step.name for one in stage.steps)
    ordered = in_place if known else [*before, step, *others[len(before) :]]
    return replace(stage, steps=tuple(ordered))
