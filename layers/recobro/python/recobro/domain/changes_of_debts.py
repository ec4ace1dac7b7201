"""What would let us speak of a debt again: a balance file, a hold lifted, a task closed, a word of the creditor's."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from recobro.domain.changes import Change, Scene, Size
from recobro.domain.debt import Amounts, Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, Voice, today_of
from recobro.domain.facts import (
    DebtRecorded,
    Fact,
    FeedRead,
    HoldLifted,
    PlanJudged,
    PromiseJudged,
    TaskClosed,
)
from recobro.domain.plan import PlanStatus
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.waived import more_than_waived

AGAIN = timedelta(days=365)
"""How much later a limitation date is in the change that tries one: any date ahead would do."""


def changes_of_debt(scene: Scene, voice: Voice, key: str) -> Iterator[Change]:
    """What answers the refusal that keeps one debt of a voice unspoken; nothing where it may be spoken of."""
    today = today_of(scene.debtor, scene.playbook, scene.now)
    refusal = next((why for one, why in voice.refused if one == key), None)
    debt = scene.debtor.debt(key)
    if debt is None or refusal is None:
        return
    if refusal.rule == "plan.kept":
        yield _charged_anew(scene, debt, refusal)
        return
    match refusal.rule.partition(".")[0]:
        case "feed":
            yield _feed(voice.creditor, refusal.change, refusal)
        case "promise" | "plan":
            yield from _agreed(scene, voice, refusal)
        case "hold":
            yield from _holds(scene, key, refusal)
        case "task":
            yield from _tasks(scene.debtor, key, refusal)
        case "debt":
            yield _restated(debt, refusal, today, scene.playbook)
        case "strategy":
            yield _restated(debt, refusal, today, scene.playbook)
            yield _less_is_worth_it(voice, refusal, scene.debtor)


def _feed(creditor: str, said: str, refusal: Refusal) -> Change:
    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        return (FeedRead(creditor, now.date(), "explain"),)

    return Change(f"feed:{creditor}", Size.FILE, said, refusal, facts)


def _agreed(scene: Scene, voice: Voice, refusal: Refusal) -> Iterator[Change]:
    """A date that was agreed on is judged by a file from after it; to ask for one and take the date back too is never less."""
    said = f"a balance file of {voice.creditor} from after the agreed day"
    file = _feed(voice.creditor, said, refusal)
    yield file
    if all(one.id != file.id for one in scene.changes):
        yield from _promises(scene.debtor, voice, refusal)
        yield from _plans(scene.debtor, voice, refusal)


def _promises(debtor: Debtor, voice: Voice, refusal: Refusal) -> Iterator[Change]:
    for one in debtor.promises:
        if (one.creditor, one.currency, one.status) == (voice.creditor, voice.currency, PromiseStatus.OPEN):
            void = PromiseJudged(one.id, PromiseStatus.VOID, one.paid)
            yield _by_agent(f"promise:{one.id}", f"the promise of {one.due_on} taken back", refusal, void)


def _plans(debtor: Debtor, voice: Voice, refusal: Refusal) -> Iterator[Change]:
    for one in debtor.plans:
        if one.is_open and (one.creditor, one.currency) == (voice.creditor, voice.currency):
            void = PlanJudged(one.id, PlanStatus.VOID, one.paid, one.judged, one.missed)
            yield _by_agent(f"plan:{one.id}", f"plan {one.id} taken back", refusal, void)


def _holds(scene: Scene, key: str, refusal: Refusal) -> Iterator[Change]:
    for one in scene.debtor.holds:
        if one.binds(key, scene.now):
            said = f"hold {one.id} ({one.reason.value}) lifted by {one.owner or 'its owner'}"
            yield _by_agent(f"hold:{one.id}", said, refusal, HoldLifted(one.id, "explain"))


def _tasks(debtor: Debtor, key: str, refusal: Refusal) -> Iterator[Change]:
    for one in debtor.tasks:
        if one.binds(key):
            said = f"task {one.id} ({one.reason}) closed"
            if one.waits_for:
                # Nobody may close it while its money waits; placed on this person's debt, that money is a reason not to write.
                said = f"{one.waits_for} rejected, sent back or placed on another's debt: recobro payments resolve"
            yield _by_agent(f"task:{one.id}", said, refusal, TaskClosed(one.id, "done"))


def _by_agent(ident: str, said: str, refusal: Refusal, fact: Fact) -> Change:
    return Change(ident, Size.AGENT, said, refusal, lambda debtor, now: (fact,))


def _restated(debt: Debt, refusal: Refusal, today: Today, playbook: Playbook) -> Change:
    """The creditor's next file says otherwise of the debt in the one thing that is refused."""
    least = max(1, playbook.strategy.min_actionable.get(debt.currency, 0))
    changed: Mapping[str, Any]
    match refusal.rule:
        case "debt.paid" | "strategy.min_actionable" if debt.status is DebtStatus.ACTIVE:
            said = f"{least} {debt.currency} (minor units) owed"
            changed = {"amounts": Amounts(principal=least), "credit": 0, "instalments": ()}
        case "debt.not_assigned":
            said = "assigned to the agency from now on"
            changed = {"assigned_on": today.day, "assigned_until": None}
        case "debt.time_barred":
            said = "acknowledged, with a later limitation date; a person decides"
            changed = {"limitation_on": today.day + AGAIN}
        case _:
            said, changed = "active again", {"status": DebtStatus.ACTIVE}

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        known = debtor.debt(debt.key)
        return () if known is None else (DebtRecorded(replace(known, **changed)),)

    words = f"the creditor states {debt.key}: {said}"
    return Change(f"debt:{debt.key}:{min(changed)}", Size.CREDITOR, words, refusal, facts)


def _charged_anew(scene: Scene, debt: Debt, refusal: Refusal) -> Change:
    """The creditor's next file has more of the debt than a kept plan waived."""
    least = max(
        more_than_waived(scene.debtor, debt), scene.playbook.strategy.min_actionable.get(debt.currency, 0)
    )

    def facts(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        known = debtor.debt(debt.key)
        if known is None:
            return ()
        return (DebtRecorded(replace(known, amounts=Amounts(principal=least), credit=0, instalments=())),)

    words = f"the creditor states {debt.key}: a new charge, {least} {debt.currency} (minor units) owed in all"
    return Change(f"debt:{debt.key}:amounts", Size.CREDITOR, words, refusal, facts)


def _less_is_worth_it(voice: Voice, refusal: Refusal, debtor: Debtor) -> Change:
    keys = {key for key, why in voice.refused if why.rule == refusal.rule}
    total = sum(one.outstanding.minor for one in debtor.debts if one.key in keys)

    def book(playbook: Playbook) -> Playbook:
        strategy = playbook.strategy
        lower = {**strategy.min_actionable, voice.currency: total}
        return replace(playbook, strategy=replace(strategy, min_actionable=lower))

    said = f"min_actionable of {total} or less in strategy.toml"
    return Change(f"min_actionable:{voice.currency}", Size.STRATEGY, said, refusal, book=book)
