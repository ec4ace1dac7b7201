"""What the coming weeks would bring to people under one law or another: the real decision, played on paper; nothing is sent."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, HandOver, Stop, Wait
from recobro.domain.eligibility import today_of
from recobro.domain.fold import apply
from recobro.domain.hand_over import handed_over
from recobro.domain.playbook import Playbook
from recobro.domain.settle import settled, timers
from recobro.usecases.rehearse import after_contact

MOST = 500
"""More steps in a month for one person than any strategy asks for: where the replay stops following them."""


@dataclass
class Ahead:
    """people: how many would be contacted at all. contacts: how many contacts there would be, by channel."""

    people: int = 0
    contacts: Counter[str] = field(default_factory=Counter)


def contacts_ahead(
    debtor: Debtor, playbook: Playbook, start: datetime, end: datetime
) -> Iterator[tuple[datetime, Channel]]:
    """Every contact with one person from `start` until `end` (exclusive), if each is accepted. Pure.

    Nobody answers, pays or closes a task meanwhile; feeds that were fresh stay fresh; nothing is paused.
    """
    at = start
    for _ in range(MOST):
        if at >= end:
            return
        debtor, _facts = settled(_fed(debtor, playbook, at), playbook, at)
        decision = decide(debtor, playbook, at)
        match decision:
            case Contact() as contact:
                yield at, contact.channel
                debtor = after_contact(debtor, contact, at)
            case HandOver() as task:
                for fact in handed_over(debtor, task, playbook, at):
                    debtor = apply(debtor, fact, at)
            case Wait() | Stop():
                ends = [decision.until] if isinstance(decision, Wait) else []
                later = [when for when in (*ends, *timers(debtor, playbook, at)) if when > at]
                if not later:
                    return
                at = min(later)


def compared(
    people: Iterable[Debtor],
    playbooks: tuple[Playbook, Playbook],
    start: datetime,
    days: int,
    seen: Callable[[int], None] = lambda people: None,
) -> tuple[Ahead, Ahead]:
    """The coming days under two laws, over the same people. seen: told how many were looked at."""
    both = (Ahead(), Ahead())
    end = start + timedelta(days=days)
    for number, debtor in enumerate(people, start=1):
        for playbook, ahead in zip(playbooks, both, strict=True):
            channels = Counter(channel.value for _, channel in contacts_ahead(debtor, playbook, start, end))
            ahead.people += bool(channels)
            ahead.contacts += channels
        seen(number)
    return both


def _fed(debtor: Debtor, playbook: Playbook, at: datetime) -> Debtor:
    """With balances as of that day: what a law costs is not what a late file costs."""
    day = today_of(debtor, playbook, at).day
    return replace(debtor, feeds=dict.fromkeys(debtor.feeds, day))
