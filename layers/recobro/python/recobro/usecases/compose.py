"""From a decision to a message on its way: the words, the links in them, and what we keep to prove them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from recobro.adapters.gateways import ONE_TAP
from recobro.domain.attempt import ContactAttempt
from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES
from recobro.domain.contact_point import Level, PointKind
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.eligibility import today_of
from recobro.domain.lawful_words import words_refused
from recobro.domain.pay_link import DAYS
from recobro.domain.playbook import Playbook
from recobro.domain.price import ceiling
from recobro.domain.refusal import Refusal
from recobro.domain.replying import reply_of
from recobro.domain.tokens import Token, sign
from recobro.domain.variables import phrases_for
from recobro.domain.wording import Message, digest, most_revealed
from recobro.domain.wording import compose as worded
from recobro.errors import InvariantBroken, Unavailable
from recobro.house import House
from recobro.ports import Content, Outgoing
from recobro.usecases.paid_through import paid_through

LINKS_LIVE = timedelta(days=60)
"""How long a link in a message opens its page."""
LEADS_TO_PAYING = frozenset({Channel.EMAIL, Channel.WHATSAPP})
"""What may carry a link that pays: an SMS holds one link alone, and whoever is near hears or sees the rest."""


@dataclass(frozen=True, slots=True)
class Composed:
    """outgoing: for the carrier. content: what the history keeps of it. carries_notice: it says all a first contact must.

    contact, reveals: what was to be said, and how much of it could be. refused: the rules of law against these words; with any,
    nothing is sent.
    """

    outgoing: Outgoing
    content: Content
    carries_notice: bool
    contact: Contact
    reveals: Level
    refused: tuple[Refusal, ...] = ()

    def may_be_said(self, debtor: Debtor, playbook: Playbook, now: datetime) -> bool:
        """Whether these words tell no more than may be told there by now: somebody may have turned out to read them, too."""
        return most_revealed(debtor, self.contact, playbook, now) is self.reveals


def compose(house: House, debtor: Debtor, contact: Contact, claim: ContactAttempt, now: datetime) -> Composed:
    """The message for that claim, in the debtor's language and no more telling than its point allows."""
    address = debtor.personal.points.get(contact.point)
    if address is None:
        raise InvariantBroken(f"point {contact.point} of {debtor.id} has no address")
    unsubscribe = _link(house, "u", debtor.id, claim.id, now)
    today = today_of(debtor, house.playbook, now).day
    message = worded(
        debtor,
        contact,
        house.playbook,
        today=today,
        link=_link(house, "p", debtor.id, claim.id, now),
        unsubscribe=unsubscribe,
        pay_link=_pay_link(house, debtor, contact, claim, now),
        now=now,
    )
    said = Content(
        message.name,
        message.template,
        message.part,
        message.variables,
        digest(message.rendered, debtor.personal.key),
    )
    outgoing = _outgoing(house, debtor, contact, claim, message, address, unsubscribe, now)
    refused = words_refused(message, debtor, contact, house.playbook, today)
    reveals = most_revealed(debtor, contact, house.playbook, now)
    return Composed(outgoing, said, message.carries_notice, contact, reveals, refused)


def _outgoing(
    house: House,
    debtor: Debtor,
    contact: Contact,
    claim: ContactAttempt,
    message: Message,
    address: str,
    unsubscribe: str,
    now: datetime,
) -> Outgoing:
    channel = SETUP_NAMES[contact.channel]
    point = debtor.point(contact.point)
    by_mail = point is not None and point.kind is PointKind.EMAIL
    words = message.rendered
    reply = reply_of(debtor, claim.step)
    labels = phrases_for(house.playbook, message.language).buttons if reply is not None else {}
    part = house.playbook.templates[message.name].parts[message.part]
    return Outgoing(
        to=address,
        body=words.text,
        channel=channel,
        context={"debtor_id": debtor.id, "attempt_id": claim.id},
        expires_in=max(0, int((contact.ends_at - now).total_seconds())),
        subject=words.subject,
        sender_name=message.sender_name,
        html=words.html,
        template=part.pay_template if words.button else part.template,
        parameters=words.parameters,
        language=message.language,
        country=debtor.profile.country,
        unsubscribe_url=unsubscribe if by_mail else "",
        max_price=ceiling(house.playbook.client.channels[channel]),
        choices=tuple((one, labels.get(one, one)) for one in reply.buttons) if reply is not None else (),
        choose=labels.get("choose", ""),
        button=words.button,
    )


def _pay_link(house: House, debtor: Debtor, contact: Contact, claim: ContactAttempt, now: datetime) -> str:
    """Only where the message may speak of a debt in its body, and a gateway makes links for that creditor (infra decision 0038)."""
    brand = house.playbook.client.brand(contact.creditor)
    if contact.channel not in LEADS_TO_PAYING or brand is None:
        return ""
    if most_revealed(debtor, contact, house.playbook, now) is Level.NEUTRAL:
        return ""
    try:
        is_payable = any(name in ONE_TAP for name, _ in paid_through(house, brand))
    except Unavailable:
        return ""  # the message says how to pay all the same
    live = timedelta(days=DAYS + 1)
    return _link(house, "g", debtor.id, claim.id, now, live) if is_payable else ""


def _link(
    house: House, purpose: str, debtor_id: str, attempt_id: str, now: datetime, live: timedelta = LINKS_LIVE
) -> str:
    token = sign(
        Token(purpose, debtor_id, attempt_id[:7], (now + live).date()), house.secrets.derived("links")
    )
    base = house.playbook.client.public_url or house.settings.public_url
    return f"{base}/{purpose}/{token}"
