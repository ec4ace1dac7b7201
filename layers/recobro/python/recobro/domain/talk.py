"""One turn of a talk in the making: the facts it has brought so far, the answers owed for them, and where the talk then stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from recobro.domain import acting, business_days
from recobro.domain.acting import Statement
from recobro.domain.agreeing import voice_of
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level
from recobro.domain.conversation import Conversation, Reply
from recobro.domain.debtor import Debtor
from recobro.domain.disclosure import ceiling
from recobro.domain.eligibility import Voice, today_of
from recobro.domain.facts import ConversationMoved, Fact, ReplyOwed
from recobro.domain.fold import apply
from recobro.domain.playbook import Playbook
from recobro.domain.replying import STAGE, is_closed, reply_of
from recobro.domain.template import DEPTH

REPLY_WITHIN = timedelta(hours=23)
"""WhatsApp takes free words for 24 hours after the person's own (Meta); after a day an answer is none by any channel."""
WITH_A_PERSON = frozenset(
    {"read_message", "asks_person", "complaint", "abuse", "minor_answered", "wants_plan", "payment_proof"}
)
"""While one of these is open the machine only listens: the thread is a person's, whole."""

ABOUT_MONEY = frozenset({"date", "amount", "yes_no", "plan"})
"""What is waited for where we asked about what is owed to somebody."""


def answered_about(debtor: Debtor, attempt: str) -> tuple[str, str]:
    """(creditor, currency) of what the answered message was about, each empty where nothing tells: an answer of ours, its own; any
    other, of the debts that it named, else of its episode.
    """
    made = debtor.attempt(attempt)
    if made is None:
        return "", ""
    reply = reply_of(debtor, made.step)
    if reply is not None:
        return made.creditor, reply.currency
    named = {one.currency for one in debtor.debts if one.key in made.debts}
    if len(named) == 1:
        return made.creditor, named.pop()
    episode = debtor.episode(made.step.episode)
    return made.creditor, episode.currency if episode is not None else ""


def asked_about(debtor: Debtor, now: datetime) -> tuple[str, str]:
    """(creditor, currency) of the question about money that we still wait for, on whatever channel; each empty where there is none."""
    talk = debtor.conversation
    if talk.awaits not in ABOUT_MONEY or talk.is_idle(now):
        return "", ""
    there = (
        one for one in reversed(debtor.replies) if (one.channel, one.point) == (talk.channel, talk.point)
    )
    question = next(there, None)
    return (question.creditor, question.currency) if question is not None else ("", "")


def _differ(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether both are known and are not the same: of which of the two a word or two is meant, only a person can tell."""
    return any(mine and theirs and mine != theirs for mine, theirs in zip(one, other, strict=True))


class Talk:
    """is_shared: several people have that address, and nobody has said yet who writes. is_known: no; then an earlier check counts
    for nothing, now and later. is_another: the message says that it is somebody else.
    left_open: what we had asked for in a talk that is over by now.
    """

    def __init__(
        self,
        debtor: Debtor,
        statement: Statement,
        playbook: Playbook,
        now: datetime,
        *,
        is_shared: bool = False,
        is_known: bool = True,
        is_another: bool = False,
    ) -> None:
        self.statement = statement
        self.playbook = playbook
        self.now = now
        self.is_shared = is_shared
        self.is_another = is_another
        self.facts: list[Fact] = []
        self.today = today_of(debtor, playbook, now)
        self.voice: Voice | None = None
        about = answered_about(debtor, statement.attempt)
        asked = asked_about(debtor, now)
        if not _differ(about, asked):
            creditor, currency = (one or other for one, other in zip(about, asked, strict=True))
            self.voice = voice_of(debtor, playbook, self.today, creditor, currency)
        self.is_with_a_person = any(one.reason in WITH_A_PERSON for one in debtor.open_tasks())
        self.debtor = debtor
        before = debtor.conversation
        self.left_open = before.awaits if before.is_idle(now) else ""
        self.conversation = replace(
            Conversation(offers=before.offers) if before.is_idle(now) else before,
            channel=statement.channel.value,
            point=statement.point,
            at=now,
        )
        if not is_known:
            self.conversation = self.conversation.unidentified()

    def add(self, *facts: Fact) -> None:
        for fact in facts:
            self.facts.append(fact)
            self.debtor = apply(self.debtor, fact, self.now)

    def move(self, **changes: object) -> None:
        """Where the talk stands now."""
        self.conversation = replace(self.conversation, **changes)  # type: ignore[arg-type]

    @property
    def is_identified(self) -> bool:
        return self.conversation.is_identified(self.statement.point, self.now)

    @property
    def has_talked_enough(self) -> bool:
        """Whether the machine has said as much in a row as it may: then a person goes on."""
        return self.conversation.turns >= self.playbook.strategy.talk.max_turns

    @property
    def level(self) -> Level:
        """The most that an answer may say here now."""
        return self._level_in(self.creditor)

    def _level_in(self, creditor: str) -> Level:
        if self.is_identified:
            return Level.IDENTIFIED
        point = self.debtor.point(self.statement.point)
        if self.is_shared or point is None:
            return Level.NEUTRAL
        brand = self.playbook.client.brand(creditor)
        acts_as = brand.acts_as_in(STAGE) if brand is not None else "third_party"
        dpd = self.voice.dpd if self.voice is not None else 1
        return ceiling(self.statement.channel, point=point.level, acts_as=acts_as, dpd=dpd)

    @property
    def may_tell(self) -> bool:
        return DEPTH[self.level] >= DEPTH[Level.ADDRESSED]

    @property
    def creditor(self) -> str:
        """In whose matter we answer: that of the message which was answered, else the most urgent, else any there is."""
        answered = self.debtor.attempt(self.statement.attempt)
        if answered is not None:
            return answered.creditor
        if self.voice is not None:
            return self.voice.creditor
        return next((debt.creditor for debt in self.debtor.debts), "")

    @property
    def currency(self) -> str:
        """Of what is owed to them, which the talk is about; empty: nothing tells."""
        if self.voice is not None:
            return self.voice.currency
        return answered_about(self.debtor, self.statement.attempt)[1]

    def is_about(self, creditor: str, currency: str) -> bool:
        """Whether what is owed to that creditor in that currency is what the talk is about."""
        voice = self.voice
        return voice is not None and (voice.creditor, voice.currency) == (creditor, currency)

    def say(
        self,
        words: str,
        *,
        values: Mapping[str, str] | None = None,
        buttons: tuple[str, ...] = (),
        awaits: str = "",
        wish: str = "",
        event: str = "",
        about: tuple[str, str] | None = None,
    ) -> None:
        """Owe an answer and wait for what it asks; to who is with a person already, the machine adds nothing. Where the person closed
        the way by which it would go, nothing goes out: a person reads what they ask, and knows how they may be answered.
        """
        self.move(awaits=awaits, wish=wish, buttons=buttons)
        if (self.is_with_a_person and not event) or not self.creditor:
            return
        if not event and self._is_closed_here():
            self.move(awaits="", wish="", buttons=())
            self.add(*acting.to_read(self.debtor, self.statement, self.playbook, self.now))
            return
        self.move(turns=self.conversation.turns + 1)
        kind = Kind.OPTOUT_CONFIRMATION if event == "opt_out" else Kind.REPLY_TO_INBOUND
        name = words if event == "opt_out" else f"reply_{words}"
        self.owe(name, kind, REPLY_WITHIN, values=values, buttons=buttons, event=event, about=about)

    def _is_closed_here(self) -> bool:
        point = self.debtor.point(self.statement.point)
        return point is not None and is_closed(self.debtor, point, self.statement.channel)

    def owe(
        self,
        words: str,
        kind: Kind,
        within: timedelta,
        *,
        values: Mapping[str, str] | None = None,
        buttons: tuple[str, ...] = (),
        event: str = "",
        at: tuple[Channel, str] | None = None,
        about: tuple[str, str] | None = None,
    ) -> None:
        """An answer by the channel and point that were written from, or at another (`at`). about: creditor and currency, where it is
        about others than the talk is.
        """
        channel, point = at or (self.statement.channel, self.statement.point)
        creditor, currency = about or (self.creditor, self.currency)
        number = sum(isinstance(one, ReplyOwed) for one in self.facts)
        reply = Reply(
            id=f"{self.statement.short}{number or ''}",
            words=words,
            channel=channel,
            point=point,
            kind=kind,
            creditor=creditor,
            asked_at=self.now,
            expires_at=self.now + within,
            values=values or {},
            buttons=buttons,
            event=event,
            level=self._level_in(creditor) if at is None else Level.ADDRESSED,
            currency=currency,
        )
        self.add(ReplyOwed(reply))

    def hand_over(self, reason: str = "", words: str = "handed_over") -> None:
        """A person goes on, with the whole thread before them; the machine says so once and then keeps quiet."""
        if reason:
            self.add(*acting.task_for(self.debtor, self.statement, reason, self.today))
        else:
            self.add(*acting.to_read(self.debtor, self.statement, self.playbook, self.now))
        self.say(words, values={"reply_by": self.next_business_day().isoformat()})

    def next_business_day(self) -> date:
        return business_days.plus(self.today.day, 1, self.today.holidays)

    def result(self) -> tuple[Fact, ...]:
        """All that the turn brings."""
        if self.conversation == self.debtor.conversation:
            return tuple(self.facts)
        return (*self.facts, ConversationMoved(self.conversation))
