"""What people answer: an opt-out binds before anything else happens; every other word reaches a person and the history."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from recobro.codec import write_instant
from recobro.domain import business_days
from recobro.domain.answered import done_by_an_answer
from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import today_of
from recobro.domain.facts import Fact, MessageReceived, PointStateChanged, TaskOpened
from recobro.domain.masking import masked
from recobro.domain.opt_out import is_opt_out
from recobro.domain.phone_forms import variants
from recobro.domain.task import Task
from recobro.errors import NotFound
from recobro.house import House
from recobro.ports import Content, Inbound
from recobro.usecases.saving import Change, change_whom_it_may_mean, opt_out_whom_it_may_mean


@dataclass(frozen=True, slots=True)
class Heard:
    """intent: "opt_out" | "to_review" | "repeated". debtors: how many people it was recorded for."""

    intent: str
    debtors: int


def receive_message(house: House, message: Inbound) -> Heard:
    """Record what was said and act on it. Raises NotFound for a sender whom nobody knows: the review queue has it then."""
    points = [house.keys.point(form) for form in sender_forms(message)]
    opts_out = is_opt_out(message.body)
    if opts_out:
        for point in points:
            house.suppressions.add(point, "opt_out", write_instant(message.at))
    intent = "opt_out" if opts_out else "to_review"
    meant = [(point, debtor) for point in points for debtor in house.lookups.debtors(point)]
    known = sum(record(house, debtor_id, point, message, intent) for point, debtor_id in meant)
    if not known:
        raise NotFound(f"{message.channel} message {message.id} from nobody we know")
    return Heard(intent, known)


def sender_forms(message: Inbound) -> list[str]:
    """The forms under which the same address may have been recorded (Mexico's old 1, Argentina's 9, Brazil's ninth digit)."""
    return [message.sender.lower()] if "@" in message.sender else list(variants(message.sender))


def record(house: House, debtor_id: str, point: str, message: Inbound, intent: str) -> bool:
    """One message in one person's history; a redelivery changes nothing. False: there is no such person."""

    def decide(debtor: Debtor, now: datetime) -> Change:
        content = said(debtor, message)
        if any(task.id == f"tm-{content.digest[:16]}" for task in debtor.tasks):
            return Change()
        heard = MessageReceived(
            Channel(message.channel), point, content.digest, intent, _answered(debtor, message, point)
        )
        facts: list[Fact] = [heard, *done_by_an_answer(debtor, heard.attempt)]
        if intent == "opt_out":
            there = debtor.point(point)
            if there is not None and there.state is PointState.SUPPRESSED:
                return Change()
            facts.append(PointStateChanged(point, PointState.SUPPRESSED, "opt_out"))
        else:
            facts.append(TaskOpened(review_task(debtor, content, house, now)))
        return Change(tuple(facts), (content,))

    if intent == "opt_out":
        return opt_out_whom_it_may_mean(house, debtor_id, point, decide)
    return change_whom_it_may_mean(house, debtor_id, decide) is not None


def said(debtor: Debtor, message: Inbound) -> Content:
    """The words as we keep them: cards, codes and keys masked, hashed under the person's own key."""
    words = masked(message.body)
    text = f"{message.channel}\x1f{message.id}\x1f{words}"
    digest = hmac.new(debtor.personal.key.encode(), text.encode(), hashlib.sha256).hexdigest()
    return Content("inbound", "", message.channel, {"body": words, "id": message.id}, digest[:32])


def review_task(debtor: Debtor, content: Content, house: House, now: datetime) -> Task:
    """Somebody reads it within a business day; meanwhile the machine keeps quiet."""
    today = today_of(debtor, house.playbook, now)
    due = business_days.plus(today.day, 1, today.holidays)
    return Task(
        id=f"tm-{content.digest[:16]}",
        reason="read_message",
        priority=2,
        opened_at=now,
        due_at=today.starts(due + timedelta(days=1)),
    )


def _answered(debtor: Debtor, message: Inbound, point: str) -> str:
    """The attempt that a message answers: the one it names, else the last by that channel at that point."""
    there = (message.channel, point)
    sent = [one for one in debtor.attempts if (one.channel, one.point) == there and not one.shared]
    named = next((one.id for one in sent if message.replies_to and one.provider_id == message.replies_to), "")
    return named or (sent[-1].id if sent else "")
