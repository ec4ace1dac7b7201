"""What an answer may speak of besides: the dates and figures of the talk itself, its numbered choices, the plans on offer."""

from collections.abc import Mapping
from datetime import date

from recobro.domain import figures
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.money import Money
from recobro.domain.phrases import Phrases
from recobro.domain.plan import PlanOffer, PlanPart
from recobro.domain.playbook import LocaleFormat
from recobro.domain.replying import reply_of
from recobro.domain.substitution import fill

DAYS = frozenset({"reply_by", "latest_date", "asked_date", "promise_day", "example_date", "offer_ends"})
"""Values that are dates."""
FIGURES = frozenset({"least_amount"})
"""Values that are minor units of the talk's currency."""
OWN_WORDS = DAYS | {"case_number", "choices"}
"""What gives nothing away: the person's own dates, our own, a number of ours, the choices."""
OF_ANSWERS = OWN_WORDS | FIGURES | {"plan_options"}


def answer_variables(
    debtor: Debtor, contact: Contact, words: Phrases, locale: LocaleFormat
) -> Mapping[str, str]:
    """The variables that this answer has; none for any other contact."""
    reply = reply_of(debtor, contact.step)
    if reply is None:
        return {}
    found: dict[str, str] = {"choices": _choices(reply.buttons, contact.channel, words)}
    for name, value in reply.values.items():
        if name in DAYS:
            found[name] = figures.full_date(date.fromisoformat(value), locale)
        elif name in FIGURES:
            found[name] = figures.money(Money(int(value), contact.due.currency), locale)
        else:
            found[name] = value
    if debtor.conversation.offers:
        options = enumerate(debtor.conversation.offers, 1)
        found["plan_options"] = "\n".join(_option(number, one, words, locale) for number, one in options)
    return found


def plan_part(part: PlanPart, currency: str, words: Phrases, locale: LocaleFormat) -> str:
    """One payment of a plan: how much, and when."""
    amount = figures.money(Money(part.amount, currency), locale)
    return fill(words.plan_part, {"amount": amount, "date": figures.long_date(part.due_on, locale)})


def _option(number: int, offer: PlanOffer, words: Phrases, locale: LocaleFormat) -> str:
    parts = ", ".join(plan_part(one, offer.currency, words, locale) for one in offer.parts)
    values = {"number": str(number), "count": str(len(offer.parts)), "parts": parts}
    line = fill(words.plan_option if len(offer.parts) > 1 else words.plan_option_once, values)
    if not offer.discount:
        return line
    waived = figures.money(Money(offer.discount, offer.currency), locale)
    return f"{line}. {fill(words.plan_discount, {'amount': waived})}"


def _choices(buttons: tuple[str, ...], channel: Channel, words: Phrases) -> str:
    """Numbered where a channel has no buttons of its own."""
    if channel is Channel.WHATSAPP:
        return ""
    shown = (words.buttons.get(name, name) for name in buttons)
    return "\n".join(f"{number}. {label}" for number, label in enumerate(shown, 1))
