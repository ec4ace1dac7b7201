"""What people want of us, turn by turn: to promise a day, to see what they may choose, to know how and where."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from recobro.domain import acting, business_days
from recobro.domain.agreeing import chooses_plan, plan_offers, promises
from recobro.domain.channel import Channel
from recobro.domain.confirming import in_writing
from recobro.domain.facts import Fact
from recobro.domain.identity import can_talk, is_locked
from recobro.domain.meaning import Meant
from recobro.domain.refusal import Refusal
from recobro.domain.talk import Talk

SHOWN = 4
"""Plans offered at once: more than a few is no choice."""
ANSWERABLE = frozenset({"yes_no", "date", "amount", "plan"})
"""Questions of which a word or two is the answer, however late it comes."""
MENU = ("pay", "date", "plan", "person", "not_me")
MENU_NEUTRAL = ("person", "not_me")
INTENT_OF = {
    "pay": "wants_to_pay",
    "date": "promise",
    "plan": "wants_plan",
    "person": "asks_person",
    "not_me": "wrong_person",
    "yes": "promise",
    "no": "other",
}
"""What each button means."""


def takes_file(talk: Talk) -> None:
    """A picture after "I paid" is the proof; any other a person looks at."""
    claimed = any(one.reason == "already_paid" and one.lifted_at is None for one in talk.debtor.holds)
    if claimed or talk.conversation.wish == "already_paid":
        facts = acting.already_paid(talk.debtor, talk.statement, talk.playbook, talk.now, has_proof=True)
        talk.add(*facts)
        talk.say("proof_noted")
    else:
        talk.hand_over()


def promises_to_pay(talk: Talk, meant: Meant) -> None:
    """A day and an amount, each asked for once: what was said before, on whatever channel, is not asked again. Where we asked how
    much, a word without a sum offers none, and least of all everything.
    """
    if talk.voice is None or meant.parts > 1 or talk.is_another:
        talk.hand_over()
        return
    owes_sum = (meant.asks_amount or talk.conversation.awaits == "amount") and not meant.names_sum
    remembers(talk, meant)
    conversation = talk.conversation
    # a yes to the day would settle an amount that nobody confirmed
    if meant.asks_day and (meant.asks_amount or owes_sum):
        talk.move(amount=0, day=None)
        talk.say("how_much", awaits="amount", wish="promise")
    elif meant.asks_day and meant.day is not None:
        _propose(talk, conversation.amount or talk.voice.due.minor, meant.day)
    elif owes_sum:
        talk.say("how_much", awaits="amount", wish="promise")
    elif meant.asks_day or conversation.day is None:
        _ask_day(talk)
    elif meant.asks_amount:
        talk.say("how_much", awaits="amount", wish="promise")
    else:
        _take_promise(talk, conversation.amount or talk.voice.due.minor, conversation.day)


def remembers(talk: Talk, meant: Meant) -> None:
    """The day and amount that were named, on top of what the talk knows already. A day that we proposed is known by a yes alone."""
    before = talk.conversation
    is_going_on = before.wish == "promise" or before.awaits == "who"
    is_proposed = before.awaits == "yes_no" and not meant.says_yes
    day = meant.day or (before.day if is_going_on and not is_proposed else None)
    amount = before.amount if is_going_on else 0
    if talk.voice is not None and meant.share is not None:
        amount = -(-talk.voice.due.minor * meant.share.numerator // meant.share.denominator)
    elif talk.voice is not None and meant.amount is not None:
        amount = min(meant.amount, talk.voice.due.minor + talk.voice.later.minor)
    talk.move(day=day, amount=amount)


def _ask_day(talk: Talk) -> None:
    example = business_days.plus(talk.today.day, 3, talk.today.holidays)
    talk.move(day=None)
    talk.say("which_day", values={"example_date": example.isoformat()}, awaits="date", wish="promise")


def _propose(talk: Talk, amount: int, day: date) -> None:
    """Whether it is that day: unless it is none that we could take."""
    made = _promise(talk, amount, day)
    if isinstance(made, Refusal) and made.rule == "promise.too_far":
        _decline(talk, made)
        return
    asked = {"asked_date": day.isoformat()}
    talk.say("is_it_that_day", values=asked, buttons=("yes", "no"), awaits="yes_no", wish="promise")


def _take_promise(talk: Talk, amount: int, day: date) -> None:
    made = _promise(talk, amount, day)
    if isinstance(made, Refusal):
        _decline(talk, made)
        return
    talk.add(*made)
    talk.move(amount=0, day=None)
    talk.say("promise_noted", values={"promise_day": day.isoformat()})


def _promise(talk: Talk, amount: int, day: date) -> Sequence[Fact] | Refusal:
    creditor, currency = (talk.voice.creditor, talk.voice.currency) if talk.voice is not None else ("", "")
    return promises(talk.debtor, talk.statement, talk.playbook, talk.now, amount, day, creditor, currency)


def _decline(talk: Talk, refused: Refusal) -> None:
    match refused.rule:
        case "promise.too_far":
            talk.move(day=None)
            talk.say("too_far", values={"latest_date": refused.detail}, awaits="date", wish="promise")
        case "promise.too_little":
            talk.move(amount=0)
            talk.say("too_little", values={"least_amount": refused.detail}, awaits="amount", wish="promise")
        case "promise.past":
            _ask_day(talk)
        case _:
            talk.hand_over("asks_person", "person_called")


def wants_plan(talk: Talk, meant: Meant) -> None:
    """The plans of what the talk is about, and of nothing else: in one list nobody could tell whose each of them is."""
    if not talk.is_identified:
        _identify(talk, "wants_plan")
        return
    every = plan_offers(talk.debtor, talk.playbook, talk.now)
    offers = tuple(one for one in every if talk.is_about(one.creditor, one.currency))[:SHOWN]
    if not offers:
        talk.hand_over("wants_plan", "plan_none")
        return
    talk.move(offers=offers)
    ends = min(one.expires_at for one in offers) - timedelta(seconds=1)
    shown = {"offer_ends": ends.astimezone(talk.today.zone).date().isoformat()}
    talk.say("plan_offered", values=shown, awaits="plan", wish="wants_plan")


def offers_again(talk: Talk) -> None:
    """The plans once more, as long as the machine may go on talking."""
    if talk.is_with_a_person:
        return
    if talk.has_talked_enough:
        talk.hand_over()
    else:
        wants_plan(talk, Meant("wants_plan"))


def chooses(talk: Talk, number: int) -> None:
    offers = talk.conversation.offers
    if not 1 <= number <= len(offers):
        offers_again(talk)
        return
    offer = offers[number - 1]
    chosen = chooses_plan(talk.debtor, talk.statement, talk.playbook, talk.now, offer.id)
    if isinstance(chosen, Refusal):
        offers_again(talk)
        return
    talk.add(*chosen)
    talk.move(offers=())
    copies = in_writing(talk.debtor, talk.statement, talk.playbook, offer, talk.now)
    talk.say("plan_taken" if copies else "plan_on_page", about=(offer.creditor, offer.currency))
    talk.add(*copies)


def wants_to_pay(talk: Talk, meant: Meant) -> None:
    """Where and how much: told to whom we know; the page asks by itself. Who names a sum is asked for its day,
    unless it is what they ask about.
    """
    if meant.names_sum and not meant.is_question:
        promises_to_pay(talk, meant)
        return
    if talk.is_identified and talk.voice is None:
        talk.hand_over()
    elif talk.is_identified:
        talk.say("how_to_pay")
    elif talk.statement.channel is Channel.SMS:
        talk.say("see_page")
    else:
        _identify(talk, "wants_to_pay")


def _identify(talk: Talk, wish: str) -> None:
    if is_locked(talk.debtor):
        turns_away(talk)
    elif can_talk(talk.debtor):
        talk.say("ask_identity", awaits="identity", wish=wish)
    else:
        talk.say("see_page")


def turns_away(talk: Talk) -> None:
    """The tries are used up, here or on the page: a person has the task to find out who it was, and no guess is heard any more."""
    talk.say("identity_failed")


def greets(talk: Talk, meant: Meant) -> None:
    talk.say("menu", buttons=MENU if talk.may_tell else MENU_NEUTRAL, awaits="buttons")


def listens(talk: Talk, meant: Meant) -> None:
    """Courtesies need no answer; a "no" to the day that we understood asks for the right one, and what may answer a question of days
    ago a person reads: the machine has forgotten what it asked.
    """
    if talk.conversation.awaits == "yes_no":
        _ask_day(talk)
    elif talk.left_open in ANSWERABLE:
        talk.hand_over()


WISHES: dict[str, Callable[[Talk, Meant], None]] = {
    "promise": promises_to_pay,
    "wants_plan": wants_plan,
    "wants_to_pay": wants_to_pay,
    "greeting": greets,
}
