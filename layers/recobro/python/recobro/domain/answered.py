"""Whoever answers a message has it: the step that it was sent for is done, whether or not its sender lived to record that."""

from recobro.domain.attempt import REACHED_NOBODY
from recobro.domain.debtor import Debtor
from recobro.domain.facts import NoticeGiven, StepMarked


def done_by_an_answer(debtor: Debtor, attempt_id: str) -> tuple[StepMarked | NoticeGiven, ...]:
    """The mark that an answer to that attempt brings, and the first notice that was in it: an answer proves that it was read. None
    where both stand already or the attempt is not ours.
    """
    attempt = debtor.attempt(attempt_id)
    episode = debtor.episode(attempt.step.episode) if attempt is not None else None
    if attempt is None or episode is None or attempt.status in REACHED_NOBODY:
        return ()
    mark = episode.mark_of(attempt.step.mark)
    is_open = mark is None or mark.how == "reopened"
    marked = (StepMarked(episode.number, attempt.step.mark, "sent"),) if is_open else ()
    is_notice = attempt.is_first_notice and episode.noticed_at is None
    return (*marked, *((NoticeGiven(episode.number, attempt.id),) if is_notice else ()))
