"""What goes out is read by the law once more, as the person will read it: a portfolio's own words were in no template.

At synthesis every template is read with invented people (infra/playbook); here the real product names, invoice texts and
names stand in it, the law is the one of the person's own place and day, and a variable may have turned out empty.
"""

from dataclasses import replace
from datetime import date, datetime

from recobro.domain.candidates import packs_of
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.eligibility import today_of
from recobro.domain.hand_over import WORDS_MISSING, WORDS_REFUSED
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.provided import provided
from recobro.domain.refusal import Refusal
from recobro.domain.wording import Message, compose
from recobro.errors import RecobroError
from recobro.law.content import lint


def words_refused(
    message: Message, debtor: Debtor, contact: Contact, playbook: Playbook, today: date
) -> tuple[Refusal, ...]:
    """Each rule that forbids this message or misses something in it, with its article. today: the debtor's local day."""
    part = playbook.templates[message.name].parts[message.part]
    filled = frozenset(name for name, value in message.variables.items() if value.strip())
    brand, said = playbook.client.brand(contact.creditor), message.rendered
    found = [
        refusal
        for pack in packs_of(debtor, playbook)
        for refusal in lint(
            pack,
            "\n".join(one for one in (said.subject, said.preview, said.text) if one),
            channel=contact.channel,
            kind=contact.kind,
            first_contact=message.carries_notice,
            provided=provided(message.part, part, filled),
            acts_as=brand.acts_as_in(contact.step.stage) if brand is not None else "third_party",
            country=debtor.profile.country,
            on=today,
        )
    ]
    return tuple(dict.fromkeys(found))


def unsayable(debtor: Debtor, playbook: Playbook, now: datetime, switches: Switches) -> tuple[Refusal, ...]:
    """Why the words of the next message may not go out, where it would be sent now but for the tasks that say so already.

    Empty: they may, or nothing would be sent anyway. Links are left open: no link is lawful or not.
    """
    asked = replace(debtor, tasks=tuple(one for one in debtor.tasks if one.reason != WORDS_REFUSED))
    contact = decide(asked, playbook, now, switches)
    if not isinstance(contact, Contact):
        return ()
    today = today_of(asked, playbook, now).day
    try:
        message = compose(
            asked, contact, playbook, today=today, link=playbook.client.public_url or "https://", now=now
        )
    except RecobroError as error:
        return (Refusal(WORDS_MISSING, "messages/", detail=str(error), change="write the missing words"),)
    return words_refused(message, asked, contact, playbook, today)
