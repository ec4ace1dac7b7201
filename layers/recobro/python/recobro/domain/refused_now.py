"""What refuses at this very instant. A decision names the rule that refuses last before a way opens; who asks why, asks about now."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from recobro.domain.candidates import intended_contact, packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.duties import open_duties
from recobro.domain.eligibility import Voice, today_of, voices_of_messages
from recobro.domain.past_contacts import past_contacts
from recobro.domain.playbook import Playbook
from recobro.domain.refusal import Refusal
from recobro.domain.segmentation import current_step, segment_of, stages_for
from recobro.law.answer import Never
from recobro.law.contact import Intended
from recobro.law.engine import next_permitted, refusals


def refused_now(
    met: Iterable[Refusal], debtor: Debtor, playbook: Playbook, now: datetime
) -> tuple[Refusal, ...]:
    """The refusals of a decision made now, each that a law pack gave for a way replaced by every rule that closes that way now.

    A cap that ends at midnight, when the hours are closed, is met as the hours that end in the morning.
    """
    found: dict[Refusal, None] = {}
    closing = _closing(debtor, playbook, now)
    for one in met:
        found.update(dict.fromkeys(closing.get(one, (one,))))
    return tuple(found)


def _closing(debtor: Debtor, playbook: Playbook, now: datetime) -> dict[Refusal, tuple[Refusal, ...]]:
    """What a decision says of a way → what closes each way of which it says so."""
    packs, history = packs_of(debtor, playbook), past_contacts(debtor)
    duties = open_duties(debtor, packs, playbook, now)
    found: dict[Refusal, tuple[Refusal, ...]] = {}
    for intended in _intended(debtor, playbook, now):
        answer = next_permitted(packs, playbook.calendars, intended, history, now, duties=duties)
        last = answer.refusal if isinstance(answer, Never) else answer.held_by
        if last is not None:
            closed = refusals(packs, playbook.calendars, intended, history, now, duties=duties)
            found[last] = (*found.get(last, ()), *closed)
    return found


def _intended(debtor: Debtor, playbook: Playbook, now: datetime) -> Iterator[Intended]:
    """Every way that the step of today may take, for whoever may speak."""
    for voice in voices_of_messages(debtor, playbook, today_of(debtor, playbook, now)):
        if voice.debts:
            yield from _ways(debtor, voice, playbook, now)


def _ways(debtor: Debtor, voice: Voice, playbook: Playbook, now: datetime) -> Iterator[Intended]:
    stages = stages_for(segment_of(debtor, voice, playbook.strategy), playbook.strategy)
    current = current_step(stages, voice.dpd)
    if current is None:
        return
    stage, step = current
    for channel in step.channels:
        for point in debtor.points:
            if point.carries(channel):
                yield intended_contact(debtor, voice, stage.name, step.kind, channel, point, playbook, now)
