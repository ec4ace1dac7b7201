"""The words for one contact, chosen in the person's language, no more telling than the point allows, and provable afterwards.

`compose` is what the channels call. The pieces stand in their own files: variables, rendering, markup, disclosure.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from recobro.domain.contact_point import Level
from recobro.domain.conversation import Reply
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.disclosure import ceiling
from recobro.domain.languages import choose
from recobro.domain.playbook import Playbook
from recobro.domain.rendering import Rendered, render, used
from recobro.domain.replying import reply_of
from recobro.domain.template import Template
from recobro.domain.thanking import Thanks
from recobro.domain.variables import variables
from recobro.errors import NotFound


@dataclass(frozen=True, slots=True)
class Message:
    """What is said in one contact. template, part, variables render to the same words again.

    template: its content address; name: "early.es-MX", for people. variables: only those that the part uses.
    carries_notice: True when these words give the first-contact notice. sender_name: in whose name they are written.
    """

    name: str
    template: str
    part: str
    variables: Mapping[str, str]
    rendered: Rendered
    language: str
    sender_name: str
    carries_notice: bool = False


def compose(
    debtor: Debtor,
    contact: Contact,
    playbook: Playbook,
    *,
    today: date,
    link: str,
    unsubscribe: str = "",
    pay_link: str = "",
    thanks: Thanks | None = None,
    now: datetime,
) -> Message:
    """What to say in this contact. today: the debtor's local day at `now`. link, unsubscribe, pay_link: full URLs that hold no personal
    data; pay_link is empty where this contact may hold none.

    Raises NotFound when no template or no part fits (a compiled playbook has one for each step), InvalidInput for a
    variable without value.
    """
    name, template, part, carries_notice = part_of(debtor, contact, playbook, now)
    everything = variables(
        debtor,
        contact,
        playbook,
        today=today,
        link=link,
        language=template.language,
        unsubscribe=unsubscribe,
        pay_link=pay_link,
        thanks=thanks,
    )
    kept = {key: everything[key] for key in used(part, template.parts[part]) if key in everything}
    return Message(
        name=name,
        template=playbook.hashes.get(f"template.{name}", ""),
        part=part,
        variables=kept,
        rendered=render(template, part, kept),
        language=template.language,
        sender_name=everything["sender_name"],
        carries_notice=carries_notice,
    )


def part_of(
    debtor: Debtor, contact: Contact, playbook: Playbook, now: datetime
) -> tuple[str, Template, str, bool]:
    """Template name, template, part, and whether it gives the first-contact notice: decided by language and disclosure level.

    While the notice is due, the template's `first` stands in by the channels in which it carries it.
    """
    most = most_revealed(debtor, contact, playbook, now)
    name, template = choose(playbook, contact.template, debtor.profile)
    if contact.is_first_notice and template.first:
        first_name, first = choose(playbook, template.first, debtor.profile)
        part = first.part_for(contact.channel, most)
        if part in first.carries_notice:
            return first_name, first, part, True
    part = template.part_for(contact.channel, most)
    if not part:
        raise NotFound(f"template {name} says nothing by {contact.channel.value} at level {most.value}")
    return name, template, part, part in template.carries_notice


def most_revealed(debtor: Debtor, contact: Contact, playbook: Playbook, now: datetime) -> Level:
    """The most that this contact may reveal: its point's level, its channel, its stage and in whose name it is made."""
    reply = reply_of(debtor, contact.step)
    if reply is not None:
        return _still_revealed(debtor, reply, contact.point, now)
    point, brand = debtor.point(contact.point), playbook.client.brand(contact.creditor)
    level = point.level if point is not None else Level.NEUTRAL
    acts_as = brand.acts_as_in(contact.step.stage) if brand is not None else "third_party"
    return ceiling(contact.channel, point=level, acts_as=acts_as, dpd=contact.dpd)


def _still_revealed(debtor: Debtor, reply: Reply, to: str, now: datetime) -> Level:
    """An answer that waited tells no more than its point may hear by now: others may have turned out to have it, too, and who showed
    who they are may have put the phone down since.
    """
    point = debtor.point(to)
    if point is not None and point.level is not Level.NEUTRAL:
        return reply.level
    knows = reply.level is Level.IDENTIFIED and debtor.conversation.is_identified(reply.point, now)
    return reply.level if knows else Level.NEUTRAL


def digest(rendered: Rendered, key: str) -> str:
    """Keyed hash (HMAC-SHA256, hex) of the words said: subject, preview, text and parameters. key: hex, the person's own.

    The HTML is left out: it is the text in a layout that may change with a release, and it holds the same words.
    """
    words = [rendered.subject, rendered.preview, rendered.text, list(rendered.parameters)]
    said = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(bytes.fromhex(key), said.encode(), "sha256").hex()
