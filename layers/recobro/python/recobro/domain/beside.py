"""What a person writes beside a form of the page binds like a message of theirs; the form itself says what else they want."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from recobro.domain.acting import Statement, stops_everything
from recobro.domain.conversation import Conversation
from recobro.domain.debtor import Debtor
from recobro.domain.dialogue import answered
from recobro.domain.facts import ConversationMoved, Fact, ReplyOwed
from recobro.domain.meaning import Meant
from recobro.domain.playbook import Playbook
from recobro.domain.talk import Talk


def refuses(meant: Meant) -> bool:
    """Whether it clearly says that the person wants no more contact."""
    return meant.is_sure and "opt_out" in meant.every


def bound_beside(
    debtor: Debtor, statement: Statement, playbook: Playbook, now: datetime, meant: Meant, form: str
) -> tuple[Fact, ...]:
    """What the words bind, beyond what the form does. form: the intent that the form itself stands for.

    Nothing is answered: the page says what was done. Who was identified and wants no more contact closes every channel, as the
    page's own button does, and the address that the message had reached.
    """
    talk = Talk(replace(debtor, conversation=Conversation()), statement, playbook, now)
    talk.is_with_a_person = True  # the page goes on by itself: no menu, no question
    facts = list(_not_answers(answered(talk, _without(meant, form))))
    if refuses(meant):
        facts += [one for one in stops_everything(debtor, statement) if one not in facts]
    return tuple(facts)


def _without(meant: Meant, form: str) -> Meant:
    """The rest of what was meant: the form does its own part itself, about the debts that were chosen there."""
    rest = [one for one in meant.every if one != form] or ["other"]
    return replace(meant, intent=rest[0], also=tuple(rest[1:]))


def _not_answers(facts: tuple[Fact, ...]) -> Iterator[Fact]:
    return (one for one in facts if not isinstance(one, ReplyOwed | ConversationMoved))
