"""The small words between the figures: "in 3 days", "and 4 more", "reply STOP"; written once per language, by people."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """`messages/phrases.<language>.toml`. Each names the `{variables}` that it may use; all of them are required.

    who_*: who writes and for whom. item*: one debt in one line, invoice*: one of a company. part_*: names in the breakdown.
    opt_out_*: how to say stop, by what the channel allows in that country. channel_names: "sms" … → how people call it.
    plan_*: an offered plan in one line, and what the law wants said of it in writing. buttons: "pay" … → what stands on it, at most
    20 characters (WhatsApp).
    email_footer: markup under every e-mail (domain/markup.py); it holds {unsubscribe}.
    """

    language: str
    who_first_party: str
    who_third_party: str
    greeting_person: str
    greeting_company: str
    greeting_anyone: str
    addressee_anyone: str
    when_future: str
    when_tomorrow: str
    when_today: str
    when_yesterday: str
    when_past: str
    item: str
    item_with_product: str
    invoice: str
    invoice_with_order: str
    refs_more: str
    items_total: str
    items_more: str
    part_principal: str
    part_interest: str
    part_fees: str
    part_taxes: str
    part_instalments: str
    part_credit: str
    breakdown_total: str
    later: str
    pay_way: str
    pay_only_to: str
    channels_offered: str
    and_word: str
    channel_names: Mapping[str, str]
    opt_out_reply: str
    opt_out_link: str
    opt_out_call: str
    plan_option: str
    plan_option_once: str
    plan_part: str
    plan_discount: str
    plan_no_discount: str
    plan_allocation: str
    buttons: Mapping[str, str]
    role_codebtor: str
    role_guarantor: str
    email_footer: str
