"""What is the least that would have to be otherwise for us to write to this person? Found by trying, so that it is true."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from recobro.domain.changes import Change, Scene, decided_alone
from recobro.domain.changes_of_debts import changes_of_debt
from recobro.domain.changes_of_plan import FOR_A_PERSON, changes_of_plan, waits
from recobro.domain.changes_of_ways import changes_of_way, is_over
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact, Decision, HandOver, Stop, Wait
from recobro.domain.eligibility import Voice, today_of, voices_of_messages, without_agreements
from recobro.domain.refusal import Refusal
from recobro.domain.refused_now import refused_now
from recobro.domain.segmentation import current_step, segment_of, stages_for

HORIZON = timedelta(days=400)
"""Beyond it nobody plans."""
MOST_TRIED = 20_000
"""Scenes tried before we give up, some ten seconds: no sampled person takes a tenth of it."""


OF_EVERY_DEBT = frozenset({"promise.open", "plan.open", "payment.quiet", "feed.stale"})
"""Refusals that keep all of a brand's debts in a currency unspoken, three hundred invoices or one."""
COMES_WITH_A_DAY = ("feed.", "debt.", "hold.", "task.", "step.", "strategy.no_step", "strategy.task")
"""Refusals that may begin while we wait for something else: a file ages, a step's day comes, a review opens a task."""


@dataclass(frozen=True)
class LeastChange:
    """Applied, these changes and this waiting make the decision a contact; without any one of them it is none.

    blocked_by: what refuses now, and is answered by a change or yields by then. blocked_later: what the changes answer besides, and
    refuses only once we have waited. at: when; `scene` is that very scene.
    """

    changes: tuple[Change, ...]
    at: datetime
    waits: bool
    blocked_by: tuple[Refusal, ...]
    scene: Scene
    blocked_later: tuple[Refusal, ...] = ()

    @property
    def contact(self) -> Contact:
        """What would be decided."""
        decision = self.scene.decision
        if not isinstance(decision, Contact):
            raise TypeError("the change was not tried")
        return decision


@dataclass(frozen=True)
class Sought:
    """least: None: there is none, or (is_whole False) so much would have to change that we gave up looking."""

    least: LeastChange | None
    is_whole: bool = True


@dataclass(frozen=True)
class Aim:
    """One debt to speak of, then one way to reach the person: what is needed for it is needed whatever else is so.

    debt: empty: any, while one and the same thing keeps all of them unspoken.
    """

    creditor: str
    currency: str
    debt: str = ""
    channel: Channel | None = None
    point: str = ""


def least_change(scene: Scene) -> Sought:
    """The lightest way from this scene to a contact, by who has to act (`Size`) and then by waiting.

    There is none for whom we erased, for who closed every channel, and where the law has no way. A contact already: no change.
    """
    if is_over(scene):
        return Sought(None)
    order, tried = count(), set[tuple[object, ...]]()
    known: dict[tuple[object, ...], Scene] = {}
    heap: list[tuple[int, timedelta, int, Scene, Aim | None]] = [(0, timedelta(), next(order), scene, None)]
    while heap and len(tried) < MOST_TRIED:
        size, waited, _, here, aim = heapq.heappop(heap)
        place = (frozenset(one.id for one in here.changes), here.now)
        if (place, aim) in tried:
            continue
        tried.add((place, aim))
        here = known.setdefault(place, here)
        if isinstance(here.decision, Contact):
            return Sought(_found(scene, _spared(here)))
        for further, closer in _next(here, aim, scene.now):
            more = size if further is here else sum(one.size for one in further.changes)
            later = waited if further is here else further.now - scene.now
            heapq.heappush(heap, (more, later, next(order), further, closer))
    return Sought(None, is_whole=not heap)


def _spared(scene: Scene) -> Scene:
    """The same without what proved superfluous, heaviest first: a later change may do what an earlier one was to do."""
    for one in sorted(scene.changes, key=lambda change: -change.size):
        less = replace(scene, changes=tuple(other for other in scene.changes if other is not one))
        if isinstance(less.decision, Contact):
            scene = less
    return scene


def _found(first: Scene, last: Scene) -> LeastChange:
    own = _of_that_voice(first, last)
    met = [*_refusals(first.decision), *_refusals(own)]
    yields = _as_of_now(first, (one for one in met if one.until is not None and one.until <= last.now))
    later = [one for one in last.changes if not _stands(one, first, last)]
    blocked = _each_once([*yields, *(one.because for one in last.changes if one not in later)])
    return LeastChange(
        changes=last.changes,
        at=last.now,
        waits=last.now > first.now,
        blocked_by=blocked or _as_of_now(first, _refusals(own)) or refusals_of(first),
        scene=last,
        blocked_later=_each_once(one.because for one in later),
    )


def _of_that_voice(scene: Scene, last: Scene) -> Decision:
    """What is decided of the brand and currency that speaks at last: what keeps another one quiet is not in its way."""
    if not isinstance(last.decision, Contact):
        return scene.decision
    return decided_alone(scene, last.decision.creditor, last.decision.due.currency)


def _stands(change: Change, first: Scene, last: Scene) -> bool:
    """Whether what a change answers refuses already, or would but for what is only waited for."""
    if last.now == first.now or not change.because.rule.startswith(COMES_WITH_A_DAY):
        return True
    others = tuple(one for one in last.changes if one is not change)
    now = replace(first, person=_unhindered(first.person, last.now), changes=others)
    refusing = _refusals(_of_that_voice(now, last))
    return any(one.rule == change.because.rule for one in refusing)


def _unhindered(person: Debtor, then: datetime) -> Debtor:
    """The person without what is over by itself by then, behind which other refusals stand unseen."""
    holds = [one for one in person.holds if not (one.resumes and one.review_at and one.review_at <= then)]
    debts = [
        replace(one, assigned_on=None) if one.assigned_on and one.assigned_on <= then.date() else one
        for one in person.debts
    ]
    return replace(without_agreements(person), paid_at={}, holds=tuple(holds), debts=tuple(debts))


def _each_once(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One rule once, though each of two channels meets it and its end moves from day to day."""
    found: dict[tuple[str, str], Refusal] = {}
    for one in refusals:
        found.setdefault((one.rule, one.detail), one)
    return tuple(found.values())


def refusals_of(scene: Scene) -> tuple[Refusal, ...]:
    """Why nothing is sent now."""
    return _as_of_now(scene, _refusals(scene.decision))


def _as_of_now(scene: Scene, met: Iterable[Refusal]) -> tuple[Refusal, ...]:
    return refused_now(met, scene.debtor, scene.playbook, scene.now)


def _refusals(decision: Decision) -> tuple[Refusal, ...]:
    match decision:
        case Wait(refusals=found) | Stop(refusals=found):
            return found
        case HandOver():
            return (FOR_A_PERSON,)
    return ()


def _next(scene: Scene, aim: Aim | None, began: datetime) -> Iterator[tuple[Scene, Aim | None]]:
    """One change, one wait or one closer aim away."""
    debtor, book = scene.debtor, scene.playbook
    spoken = tuple(voices_of_messages(debtor, book, today_of(debtor, book, scene.now)))
    until = min((one for one in waits(scene, spoken) if one > scene.now), default=None)
    # Waiting first and choosing an aim then is the same as the other way round, until something was changed for its sake.
    if until is not None and until - began <= HORIZON and (aim is None or scene.changes):
        yield replace(scene, now=until), aim
    for voice in spoken:
        if aim is None:
            yield from ((scene, one) for one in _aims(voice))
        elif (voice.creditor, voice.currency) == (aim.creditor, aim.currency):
            yield from _towards(scene, voice, aim)


def _is_silent(voice: Voice) -> bool:
    """Whether no word may be said to the person for that brand, whatever the debt."""
    return not voice.debts and any(why.rule in OF_EVERY_DEBT for _, why in voice.refused)


def _aims(voice: Voice) -> Iterator[Aim]:
    if _is_silent(voice):
        return iter((Aim(voice.creditor, voice.currency),))
    keys = [debt.key for debt in voice.debts] or [key for key, _ in voice.refused]
    return (Aim(voice.creditor, voice.currency, key) for key in keys)


def _towards(scene: Scene, voice: Voice, aim: Aim) -> Iterator[tuple[Scene, Aim]]:
    if _is_silent(voice):
        yield from _changed(scene, aim, changes_of_debt(scene, voice, voice.refused[0][0]))
        return
    if not aim.debt:
        yield from ((scene, one) for one in _aims(voice))
        return
    if not any(debt.key == aim.debt for debt in voice.debts):
        yield from _changed(scene, aim, changes_of_debt(scene, voice, aim.debt))
        return
    segment = segment_of(scene.debtor, voice, scene.playbook.strategy)
    current = current_step(stages_for(segment, scene.playbook.strategy), voice.dpd)
    yield from _changed(scene, aim, changes_of_plan(scene, voice, current))
    if current is None or not current[1].channels:
        return
    if aim.channel is not None:
        yield from _changed(scene, aim, changes_of_way(scene, voice, *current, aim.channel, aim.point))
        return
    for channel in current[1].channels:
        points = [one.id for one in scene.debtor.points if one.carries(channel)]
        for point in (*points, ""):
            yield scene, replace(aim, channel=channel, point=point)


def _changed(scene: Scene, aim: Aim, changes: Iterator[Change]) -> Iterator[tuple[Scene, Aim]]:
    known = {one.id for one in scene.changes}
    for change in changes:
        if change.id not in known:
            yield replace(scene, changes=(*scene.changes, change)), aim
