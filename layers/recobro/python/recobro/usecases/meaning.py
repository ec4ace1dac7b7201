"""A message read as its writer meant it: in the person's language, place and day, and as an answer to what we asked last."""

from dataclasses import replace
from datetime import datetime

from recobro.domain.acting import Statement
from recobro.domain.channel import Channel
from recobro.domain.conversation import Conversation
from recobro.domain.debtor import Debtor
from recobro.domain.dialogue import ASKS_WHO
from recobro.domain.identity import beside, shows
from recobro.domain.meaning import Meant
from recobro.domain.money import Money
from recobro.domain.opt_out import is_carriers_word
from recobro.domain.talk import Talk
from recobro.domain.variables import phrases_for
from recobro.domain.wishes import INTENT_OF
from recobro.errors import Unavailable
from recobro.house import House
from recobro.ports import Inbound
from recobro.understanding.opinion import is_worth_asking, with_opinion
from recobro.understanding.understand import understand
from recobro.understanding.understood import Ask, Awaited, Context, Intent, Part, Understood

FILES = frozenset({"image", "document"})
"""What may be the proof of a payment; a voice note, a place or a sticker only a person can make sense of."""
DAY_ASKS = frozenset(Ask) - {Ask.HOW_MUCH}
"""What makes a day a question: the 10th or the 11th, a day that is over, one that another word may move."""
YES = (".yes", "choice")
"""How the rules end by which a yes is read, in words or by its button; a "no" is no promise by any of them."""
AWAITED = {
    "yes_no": Awaited.YES_NO,
    "date": Awaited.DAY,
    "amount": Awaited.AMOUNT,
    "buttons": Awaited.CHOICE,
}


def meant_by(
    house: House,
    message: Inbound,
    debtor: Debtor,
    now: datetime,
    opinion: str = "",
    attempt: str = "",
    *,
    is_shared: bool = False,
) -> Meant:
    """What one message means, said by that person. opinion: of `second_opinion`. attempt: the message of ours that it answers.
    is_shared: several people have that address.

    Where we did not ask, and one person has the address, the right name and number are read like any other: else whoever tries
    numbers would see by our answer which one it is, and no try would count.
    """
    meant = _meant_by(house, message, debtor, now, opinion, attempt, is_shared=is_shared)
    return replace(meant, is_vouched=message.is_vouched)


def _meant_by(
    house: House,
    message: Inbound,
    debtor: Debtor,
    now: datetime,
    opinion: str,
    attempt: str,
    *,
    is_shared: bool,
) -> Meant:
    if message.signal == "opt_out":
        # WhatsApp's own switch: it closes WhatsApp, and nobody asked for more.
        return Meant("stop_channel", family=message.channel)
    if is_carriers_word(message.body, message.channel):
        return Meant("opt_out", text=message.body)
    has_file = message.kind in FILES and bool(message.media)
    if not message.body.strip():
        return Meant("other", is_sure=has_file, has_file=has_file)
    talk = _talk(house, message, debtor, now, attempt)
    is_open = is_shared or talk.conversation.awaits in ASKS_WHO
    if is_open and shows(debtor, message.body):
        return _beside_the_answer(house, message, talk, has_file=has_file)
    found = with_opinion(_read(house, message, talk), opinion)
    return _translated(found, talk, message.body, has_file=has_file)


def _beside_the_answer(house: House, message: Inbound, talk: Talk, *, has_file: bool) -> Meant:
    """What somebody says who shows in the same breath who they are: neither their name nor their number means anything else."""
    rest = beside(talk.debtor, message.body)
    if not rest.strip():
        return Meant("other", has_file=has_file, text=message.body)
    read = _read(house, replace(message, body=rest), talk)
    meant = _translated(read, talk, message.body, has_file=has_file)
    return meant if meant.is_sure else _as_herself(meant)


def _as_herself(meant: Meant) -> Meant:
    """Without the hint of another person that "soy …" gives where nobody has shown who they are."""
    every = [one for one in meant.every if one != "wrong_person"] or ["other"]
    return replace(meant, intent=every[0], also=tuple(every[1:]))


def meant_on_page(house: House, words: str, statement: Statement, debtor: Debtor, now: datetime) -> Meant:
    """What words on a form of the page mean: the person's own, and no answer to what we asked them elsewhere."""
    message = Inbound(statement.ident, statement.channel.value, "", words, now)
    talk = Talk(replace(debtor, conversation=Conversation()), statement, house.playbook, now)
    return _translated(_read(house, message, talk), talk, words, has_file=False)


def second_opinion(house: House, message: Inbound, debtor: Debtor) -> str:
    """The name of an intent that a classifier gave to words which our own reader is unsure of; empty: nobody was asked, or knew.

    Never asked of an answer to who somebody is, nor while a person has the thread.
    """
    if house.second_reader is None or message.signal or not message.body.strip():
        return ""
    if is_carriers_word(message.body, message.channel):
        return ""
    talk = _talk(house, message, debtor, house.now())
    if talk.is_with_a_person or talk.conversation.awaits in ASKS_WHO:
        return ""
    if not is_worth_asking(_read(house, message, talk)):
        return ""
    try:
        return house.second_reader.likeliest(message.body)
    except Unavailable:
        return ""  # as if there were none: a person reads it


def _talk(house: House, message: Inbound, debtor: Debtor, now: datetime, attempt: str = "") -> Talk:
    statement = Statement(Channel(message.channel), message.id, attempt=attempt)
    return Talk(debtor, statement, house.playbook, now)


def _read(house: House, message: Inbound, talk: Talk) -> Understood:
    profile = talk.debtor.profile
    return understand(
        message.body,
        language=profile.language,
        country=profile.country,
        channel=message.channel,
        now_local=message.at.astimezone(talk.today.zone).date(),
        context=_context(talk, house),
    )


def meant_by_anybody(house: House, message: Inbound) -> Meant:
    """What it means where nobody is known to have written it: enough to close an address that asks for it."""
    if message.signal == "opt_out":
        return Meant("stop_channel", family=message.channel)
    if is_carriers_word(message.body, message.channel):
        return Meant("opt_out", text=message.body)
    country = house.playbook.client.countries[0]
    understood = understand(
        message.body,
        language=house.playbook.client.default_language,
        country=country,
        channel=message.channel,
        now_local=message.at.date(),
        context=Context(answers_ours=False),
    )
    return Meant(
        understood.intent.value,
        is_sure=not understood.to_person,
        text=message.body,
        may_stop=understood.is_stop_doubted,
    )


def _context(talk: Talk, house: House) -> Context:
    """What we asked, what we offered, what is due: with it "sí", "el 15" or "2" is an answer and no riddle."""
    conversation, voice = talk.conversation, talk.voice
    words = phrases_for(house.playbook, talk.debtor.profile.language)
    choices: dict[str, Intent] = {}
    for number, name in enumerate(conversation.buttons, 1):
        intent = Intent(INTENT_OF[name])
        choices |= {words.buttons.get(name, name): intent, str(number): intent, name: intent}
    return Context(
        awaited=AWAITED.get(conversation.awaits, Awaited.NOTHING),
        yes=Intent.PROMISE if conversation.wish == "promise" else Intent.OTHER,
        choices=choices,
        answers_ours=any(not one.shared for one in talk.debtor.attempts),
        owed=voice.due if voice is not None else None,
        currency=voice.currency if voice is not None else "",
        holidays=talk.today.holidays,
    )


def _translated(understood: Understood, talk: Talk, text: str, *, has_file: bool) -> Meant:
    parts = understood.promise.parts if understood.promise is not None else ()
    first = parts[0] if parts else Part(None, None)
    asked = {
        *(understood.promise.ask if understood.promise is not None else ()),
        *(first.day.ask if first.day is not None else ()),
    }
    currency = talk.voice.currency if talk.voice is not None else ""
    money = first.sum.amount if first.sum is not None else None
    share = first.sum.share if first.sum is not None else None
    return Meant(
        intent=understood.intent.value,
        is_sure=not understood.to_person,
        is_cut=understood.cut,
        also=tuple(one.value for one in understood.also),
        family=understood.channel,
        parts=len(parts),
        amount=money.minor if money is not None and money.currency == currency else None,
        share=share,
        day=first.day.on if first.day is not None else None,
        asks_amount=first.sum is not None and _is_unclear(first, money, currency),
        asks_day=first.day is not None and (bool(asked & DAY_ASKS) or first.day.on is None),
        has_file=has_file,
        text=text,
        may_stop=understood.is_stop_doubted,
        says_yes=any(one.rule.endswith(YES) for one in understood.matched),
    )


def _is_unclear(part: Part, money: Money | None, currency: str) -> bool:
    """An amount in another currency, in doubt, or no amount at all ("algo")."""
    named = part.sum
    if named is None:
        return False
    other = money is not None and money.currency != currency
    return bool(named.ask) or other or (money is None and named.share is None)
