"""The small words are in every message: each may use its own variables only, and none may hint at a debt where others read."""

import re
from collections.abc import Iterator, Mapping

from infra.playbook.folder import PHRASES, Folder, file_of
from infra.playbook.neutral_words import debt_word_in
from recobro.domain.client import SETUP_NAMES
from recobro.domain.disclosure import NEUTRAL_VARIABLES
from recobro.domain.phrases import Phrases
from recobro.domain.substitution import names_in
from recobro.errors import InvalidInput

NAMES = frozenset({"creditor_name", "agency_name"})
ITEM = frozenset({"ref", "date", "amount"})
TOTAL = frozenset({"count", "amount"})
MAY_USE: Mapping[str, frozenset[str]] = {
    "who_first_party": NAMES,
    "who_third_party": NAMES,
    "greeting_person": frozenset({"given_name"}),
    "greeting_company": frozenset({"company_name"}),
    "when_future": frozenset({"days"}),
    "when_past": frozenset({"days"}),
    "item": ITEM,
    "item_with_product": ITEM | {"product"},
    "invoice": ITEM,
    "invoice_with_order": ITEM | {"order"},
    "refs_more": frozenset({"refs", "count"}),
    "items_total": TOTAL,
    "items_more": TOTAL,
    "breakdown_total": frozenset({"date"}),
    "later": frozenset({"amount"}),
    "pay_way": frozenset({"name", "how", "payee"}),
    "pay_only_to": NAMES | {"creditor_legal_name"},
    "channels_offered": frozenset({"channels"}),
    "plan_option": frozenset({"number", "count", "parts"}),
    "plan_option_once": frozenset({"number", "parts"}),
    "plan_part": frozenset({"amount", "date"}),
    "plan_discount": frozenset({"amount"}),
    "plan_allocation": frozenset({"parts"}),
    "email_footer": NEUTRAL_VARIABLES,
}
"""What each phrase is filled with; every other phrase is plain words."""
NEUTRAL = (
    "who_first_party",
    "who_third_party",
    "greeting_person",
    "greeting_company",
    "greeting_anyone",
    "addressee_anyone",
    "channels_offered",
    "opt_out_reply",
    "opt_out_link",
    "opt_out_call",
    "email_footer",
)
"""What neutral messages are made of."""
BOTH_NAMES = ("who_first_party", "who_third_party")


def errors(folder: Folder) -> Iterator[InvalidInput]:
    """What must be corrected, at the phrase."""
    for language, words in folder.phrases.items():
        file = file_of(f"{PHRASES}.{language}")
        for channel in sorted(set(SETUP_NAMES.values()) - set(words.channel_names)):
            yield folder.problem(
                file, "channel_names", f"{channel} is missing", f'{channel} = "…": how people call it'
            )
        for name, text in _texts(words):
            yield from _phrase(folder, file, name, text)
        if "{unsubscribe}" not in words.email_footer:
            fix = "[…]({unsubscribe}) on a line of its own"
            yield folder.problem(
                file, "email_footer", "has no {unsubscribe}: every e-mail says how to stop", fix
            )


def _phrase(folder: Folder, file: str, name: str, text: str) -> Iterator[InvalidInput]:
    allowed = MAY_USE.get(name, frozenset())
    try:
        named = names_in(text)
    except InvalidInput as error:
        yield folder.problem(file, name, f"{error.field} {error.problem}", error.fix)
        return
    fix = (
        f"it may use {', '.join(f'{{{one}}}' for one in sorted(allowed))}" if allowed else "plain words only"
    )
    for one in named:
        if one not in allowed:
            yield folder.problem(file, name, f"{{{one}}} has no value there", fix)
    if name in BOTH_NAMES and set(named) != NAMES:
        yield folder.problem(file, name, "must name creditor and agency", "{creditor_name} and {agency_name}")
    word = (
        debt_word_in(re.sub(r"\{\w+\}", "", text))
        if name in NEUTRAL or name.startswith("channel_names.")
        else ""
    )
    if word:
        problem = f"{word!r} tells of a debt, and neutral messages use it"
        yield folder.problem(file, name, problem, "say who writes; nothing more")


def _texts(words: Phrases) -> Iterator[tuple[str, str]]:
    for name in words.__dataclass_fields__:
        value = getattr(words, name)
        if isinstance(value, str):
            yield name, value
    for channel, called in words.channel_names.items():
        yield f"channel_names.{channel}", called
