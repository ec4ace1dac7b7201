"""What a template may speak of: who writes, to whom, what is owed to whom by when, how to pay, and how to say stop."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from recobro.domain import figures, names
from recobro.domain.answer_variables import answer_variables, plan_part
from recobro.domain.business_days import holidays_of, zone_of
from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES, Brand
from recobro.domain.debtor import Debtor
from recobro.domain.decision import Contact
from recobro.domain.eligibility import asked_until
from recobro.domain.items import LISTED, REFERENCES, Owed, oldest_first, owed
from recobro.domain.money import Money
from recobro.domain.paid_towards import left_of
from recobro.domain.phrases import Phrases
from recobro.domain.plan import PaymentPlan
from recobro.domain.playbook import LocaleFormat, Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.substitution import fill
from recobro.domain.thanking import Thanks, balance_after, thanks_of
from recobro.errors import InvariantBroken

NO_REPLIES = frozenset({"CO", "AR"})
"""Countries in which an SMS cannot be answered (AWS End User Messaging has no two-way numbers there)."""

ALWAYS = frozenset(
    {
        "greeting", "addressee", "who", "sender_name", "this_channel", "link", "unsubscribe", "opt_out",
        "creditor_name", "creditor_legal_name", "creditor_contact", "complaint_unit",
        "agency_name", "agency_legal_name", "agency_address", "agency_email", "agent_name",
        "agency_phone", "agency_phone_spoken", "channels_offered",
        "amount", "amount_date", "due_date", "due_day", "due_short", "days", "when",
        "items", "list", "refs", "breakdown", "pay_ways", "pay_ways_brief", "pay_only_to",
    }
)  # fmt: skip
"""Variables that every contact about a debt has, never empty."""
MAYBE_EMPTY = frozenset({"given_name", "later", "role", "pay_link"})
"""Variables that may be empty: not for an approved WhatsApp template's parameters."""
OF_PROMISES = frozenset({"promise_amount", "promise_date"})
OF_PAYMENTS = frozenset({"paid_amount", "paid_on", "balance"})
OF_PLANS = frozenset(
    {"plan_total", "plan_list", "plan_discount", "plan_allocation", "plan_refs", "plan_breakdown"}
)
"""What an agreement says in writing; only in its copy."""
KNOWN = ALWAYS | MAYBE_EMPTY | OF_PROMISES | OF_PAYMENTS | OF_PLANS


def variables(
    debtor: Debtor,
    contact: Contact,
    playbook: Playbook,
    *,
    today: date,
    link: str,
    language: str,
    unsubscribe: str = "",
    pay_link: str = "",
    thanks: Thanks | None = None,
) -> dict[str, str]:
    """Every variable that this contact has. today: the debtor's local day; link: the page of this contact; pay_link: to pay
    without questions, empty where there is none (infra decision 0038).

    Lists have one line an item. OF_PROMISES only while a promise to the creditor is open (or a plan's next part), OF_PAYMENTS
    in a receipt (thanks: a sample's), OF_PLANS while a plan is; an answer has its own besides (domain/answer_variables.py).
    """
    brand = playbook.client.brand(contact.creditor)
    if brand is None:
        raise InvariantBroken(f"the client has no brand {contact.creditor!r}, yet a contact names it")
    words, locale = (
        phrases_for(playbook, language),
        figures.locale_for(playbook, language, debtor.profile.country),
    )
    return {
        **_who(debtor, contact, playbook, brand, words),
        **_owed(debtor, contact, playbook, today, words, locale),
        **_ways(debtor, contact, playbook, brand, words),
        **_promised(debtor, contact, locale),
        **_paid(debtor, playbook, thanks or thanks_of(debtor, contact.step), locale),
        **_planned(debtor, contact, playbook, words, locale, today),
        **answer_variables(debtor, contact, words, locale),
        "link": link,
        "unsubscribe": unsubscribe or link,
        "pay_link": pay_link,
    }


def phrases_for(playbook: Playbook, language: str) -> Phrases:
    """The small words of that language, else of the client's own."""
    for name in (language, language.split("-")[0], playbook.client.default_language):
        if name in playbook.phrases:
            return playbook.phrases[name]
    raise InvariantBroken(f"no phrases for {language!r} were compiled")


def _who(
    debtor: Debtor, contact: Contact, playbook: Playbook, brand: Brand, words: Phrases
) -> Mapping[str, str]:
    agency, country = playbook.client.agency, debtor.profile.country
    both = {"creditor_name": brand.name, "agency_name": agency.name}
    is_creditors_voice = brand.acts_as_in(contact.step.stage) == "first_party"
    phone = agency.phone_in(country)
    return {
        **both,
        **_greeting(debtor, contact, words),
        "who": fill(words.who_first_party if is_creditors_voice else words.who_third_party, both),
        "sender_name": brand.name if is_creditors_voice else agency.name,
        "creditor_legal_name": brand.legal_name,
        "creditor_contact": brand.contact,
        "complaint_unit": brand.complaint_unit,
        "agency_legal_name": agency.legal_name or agency.name,
        "agency_address": agency.address,
        "agency_phone": phone,
        "agency_phone_spoken": _spoken(phone),
        "agency_email": agency.email,
        "agent_name": agency.responsible,
        "pay_only_to": fill(words.pay_only_to, {**both, "creditor_legal_name": brand.legal_name}),
    }


def _greeting(debtor: Debtor, contact: Contact, words: Phrases) -> Mapping[str, str]:
    personal, is_company = debtor.personal, debtor.profile.kind == "company"
    given = names.contact_name(personal, contact.recipient) if is_company else names.given_name(personal)
    company = names.company_name(personal) if is_company else ""
    if given:
        greeting = fill(words.greeting_person, {"given_name": given})
    elif company:
        greeting = fill(words.greeting_company, {"company_name": company})
    else:
        greeting = words.greeting_anyone
    addressee = given or company or words.addressee_anyone
    return {"given_name": given, "addressee": addressee, "greeting": greeting}


def _owed(
    debtor: Debtor,
    contact: Contact,
    playbook: Playbook,
    today: date,
    words: Phrases,
    locale: LocaleFormat,
) -> Mapping[str, str]:
    due_on = today - timedelta(days=contact.dpd)
    until = asked_until(due_on, today, holidays_of(playbook, debtor.profile.country))
    what = Owed(owed(debtor, contact, until), until, debtor.profile.kind == "company", words, locale)
    later = fill(words.later, {"amount": figures.money(contact.later, locale)}) if contact.later.minor else ""
    return {
        "amount": figures.money(contact.due, locale),
        "amount_date": what.calculated_on(),
        "due_date": figures.long_date(due_on, locale),
        "due_day": figures.full_date(due_on, locale),
        "due_short": figures.day_month(due_on, locale),
        "days": str(abs(contact.dpd)),
        "when": _when(contact.dpd, words),
        "items": what.items(),
        "list": what.listed(),
        "refs": what.references(),
        "breakdown": what.breakdown(contact.due),
        "role": what.role(),
        "later": later,
    }


def _when(dpd: int, words: Phrases) -> str:
    named = {-1: words.when_tomorrow, 0: words.when_today, 1: words.when_yesterday}
    return named.get(dpd) or fill(words.when_past if dpd > 0 else words.when_future, {"days": str(abs(dpd))})


def _ways(
    debtor: Debtor, contact: Contact, playbook: Playbook, brand: Brand, words: Phrases
) -> Mapping[str, str]:
    country, client = debtor.profile.country, playbook.client
    acts_as = brand.acts_as_in(contact.step.stage)
    ways = [way for way in brand.pay_ways if way.currency in {"", contact.due.currency}]
    offered = [
        words.channel_names[name]
        for channel, name in SETUP_NAMES.items()
        if client.setup(channel) is not None and client.is_approved(channel, country, brand.id, acts_as)
    ]
    channels = f" {words.and_word} ".join(part for part in (", ".join(offered[:-1]), *offered[-1:]) if part)
    return {
        "pay_ways": "\n".join(
            fill(words.pay_way, {"name": way.name, "how": f"{way.how} {way.url}".strip(), "payee": way.payee})
            for way in ways
        ),
        "pay_ways_brief": ", ".join(way.name for way in ways),
        "channels_offered": fill(words.channels_offered, {"channels": channels}),
        "this_channel": words.channel_names.get(SETUP_NAMES.get(contact.channel, ""), contact.channel.value),
        "opt_out": _opt_out(contact.channel, country, playbook, words),
    }


def _opt_out(channel: Channel, country: str, playbook: Playbook, words: Phrases) -> str:
    if channel is Channel.VOICE_AUTO:
        return words.opt_out_call
    setup = playbook.client.setup(channel)
    by_sms = channel is Channel.SMS and setup is not None and setup.two_way and country not in NO_REPLIES
    return words.opt_out_reply if by_sms or channel is Channel.WHATSAPP else words.opt_out_link


def _promised(debtor: Debtor, contact: Contact, locale: LocaleFormat) -> Mapping[str, str]:
    for one in debtor.promises:
        same = one.creditor == contact.creditor and one.currency == contact.due.currency
        if same and one.status is PromiseStatus.OPEN:
            amount = figures.money(Money(left_of(debtor, one), one.currency), locale)
            return {"promise_amount": amount, "promise_date": figures.full_date(one.due_on, locale)}
    plan = open_plan(debtor, contact)
    part = plan.next_part() if plan is not None else None
    if plan is None or part is None:
        return {}
    amount = figures.money(Money(plan.left_of_next(), plan.currency), locale)
    return {"promise_amount": amount, "promise_date": figures.full_date(part.due_on, locale)}


def open_plan(debtor: Debtor, contact: Contact) -> PaymentPlan | None:
    """The plan that the person follows with that creditor."""
    same = (contact.creditor, contact.due.currency)
    return next((one for one in debtor.plans if one.is_open and (one.creditor, one.currency) == same), None)


def _order(playbook: Playbook, words: Phrases) -> str:
    """What money pays first, as the client's own rule has it."""
    named = {
        "principal": words.part_principal,
        "interest": words.part_interest,
        "fees": words.part_fees,
        "taxes": words.part_taxes,
    }
    return ", ".join(named[part].lower() for part in playbook.client.allocation.parts)


def _planned(
    debtor: Debtor,
    contact: Contact,
    playbook: Playbook,
    words: Phrases,
    locale: LocaleFormat,
    today: date,
) -> Mapping[str, str]:
    plan = open_plan(debtor, contact)
    if plan is None:
        return {}
    offer = plan.offer
    settles = oldest_first(debtor, offer.debts)
    what = Owed(settles, today, debtor.profile.kind == "company", words, locale)
    most = LISTED if contact.channel is Channel.EMAIL else REFERENCES
    waived = figures.money(Money(offer.discount, offer.currency), locale)
    return {
        "plan_total": figures.money(Money(offer.total, offer.currency), locale),
        "plan_list": "\n".join(plan_part(one, offer.currency, words, locale) for one in offer.parts),
        "plan_discount": fill(words.plan_discount, {"amount": waived})
        if offer.discount
        else words.plan_no_discount,
        "plan_allocation": fill(words.plan_allocation, {"parts": _order(playbook, words)}),
        "plan_refs": what.references(most),
        "plan_breakdown": what.breakdown_in_all(Money(offer.owed, offer.currency)),
    }


def _paid(
    debtor: Debtor, playbook: Playbook, thanks: Thanks | None, locale: LocaleFormat
) -> Mapping[str, str]:
    if thanks is None:
        return {}
    day = thanks.told_at.astimezone(zone_of(debtor, playbook)).date()
    return {
        "paid_amount": figures.money(thanks.amount, locale),
        "paid_on": figures.long_date(day, locale),
        "balance": figures.money(balance_after(debtor, thanks), locale),
    }


def _spoken(phone: str) -> str:
    """A number as a voice should read it: digit by digit, with pauses between its groups, without the country's code where that is
    written apart from the rest.
    """
    groups = re.findall(r"\+?[0-9]+", phone)
    own = groups[1:] if len(groups) > 1 and groups[0].startswith("+") else groups
    return ", ".join(" ".join(group.removeprefix("+")) for group in own)
