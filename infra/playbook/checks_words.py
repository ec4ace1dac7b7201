"""No message reveals more than its channel and its reader's point allow; proved over every template before it is deployed."""

import re
from collections.abc import Iterator

from infra.playbook.folder import BORROWED, Folder, file_of, own_parts
from infra.playbook.neutral_words import debt_word_in
from recobro.domain.channel import Kind
from recobro.domain.contact_point import Level
from recobro.domain.disclosure import NEUTRAL_VARIABLES, level_of
from recobro.domain.markup import parse
from recobro.domain.rendering import PAY_LINK, channel_name
from recobro.domain.substitution import names_in
from recobro.domain.template import DEPTH, Part, Template
from recobro.domain.variables import ALWAYS, KNOWN, OF_PAYMENTS, OF_PLANS
from recobro.errors import InvalidInput

ALWAYS_NEUTRAL = frozenset({"voice", "push"})
"""Whoever is near hears a call or sees a lock screen."""
PREVIEW_CHARACTERS = 120
"""About what a phone shows of a WhatsApp message before it is opened."""
PURE = frozenset({Kind.PAYMENT_RECEIPT, Kind.OPTOUT_CONFIRMATION, Kind.AGREEMENT_COPY})
COLLECTS = frozenset(
    {
        "amount",
        "due_date",
        "due_day",
        "due_short",
        "days",
        "when",
        "items",
        "list",
        "breakdown",
        "later",
        "refs",
        "pay_ways",
        "pay_ways_brief",
        "pay_only_to",
        "pay_link",
    }
)
"""What a kind that the law exempts must not carry: a receipt with a "pay the rest" line is collection."""
LONGEST_BUTTON = 25
"""Characters of a template's URL button (Meta, "Template components: buttons")."""
_APPROVED_NAME = re.compile(r"[a-z0-9_]{1,512}")


OWED = {"optout_confirmation": ("sms", "email", "whatsapp"), "agreement": ("email", "whatsapp")}
"""Papers that are owed to who asked for silence or agreed, and the channels by which they may be: they borrow no words."""


def errors(folder: Folder) -> Iterator[InvalidInput]:
    """What must be corrected, each at the part that says it."""
    for paper, channels in OWED.items():
        yield from _owed(folder, paper, [one for one in channels if one in folder.client.channels])
    for name, template in folder.templates.items():
        yield from _template(folder, name, template)
        for part_name in own_parts(folder, name):
            yield from _part(folder, name, template, part_name, template.parts[part_name])


def _owed(folder: Folder, paper: str, channels: list[str]) -> Iterator[InvalidInput]:
    language = folder.client.default_language
    is_owed = bool(channels) and (paper != "agreement" or bool(folder.strategy.offers))
    if is_owed and not {f"{paper}.{language}", f"{paper}.{language.split('-')[0]}"} & set(folder.templates):
        fix = f"write messages/{paper}.{language}.toml"
        yield folder.problem("client.toml", "default_language", f"there is no {paper} in {language!r}", fix)
    for name in sorted(folder.templates):
        missing = [one for one in channels if one not in folder.templates[name].parts]
        for channel in missing if name.partition(".")[0] == paper else ():
            fix = f"write [parts.{channel}]: it borrows no words from {BORROWED!r}"
            yield folder.problem(file_of(name), "parts", f"{channel} is missing, and may be owed there", fix)


def _template(folder: Folder, name: str, template: Template) -> Iterator[InvalidInput]:
    file = file_of(name)
    if template.first and not any(key.startswith(f"{template.first}.") for key in folder.templates):
        yield folder.problem(
            file,
            "first",
            f"there is no template {template.first!r}",
            f"write messages/{template.first}.….toml",
        )
    spoken = {template.language, template.language.split("-")[0]}
    if not spoken & set(folder.phrases):
        fix = f"write messages/phrases.{template.language.split('-')[0]}.toml"
        yield folder.problem(file, "language", f"there are no phrases in {template.language}", fix)
    if template.name == BORROWED:
        loud = [part for part, said in template.parts.items() if said.level is not Level.NEUTRAL]
        for part in loud:
            yield folder.problem(
                file,
                f"parts.{part}.level",
                "is not neutral",
                "this template serves points that carry no more",
            )


def _part(
    folder: Folder, name: str, template: Template, part_name: str, part: Part
) -> Iterator[InvalidInput]:
    file, place, channel = file_of(name), f"parts.{part_name}", channel_name(part_name)
    try:
        named = names_in(part.subject, part.preview, part.body, part.footer)
    except InvalidInput as error:
        yield folder.problem(file, f"{place}.body", f"{error.field} {error.problem}", error.fix)
        return
    unknown = [one for one in named if one not in KNOWN]
    for one in unknown:
        yield folder.problem(file, place, f"{{{one}}} is no variable", f"one of: {', '.join(sorted(KNOWN))}")
    if unknown:
        return
    yield from _level(folder, file, place, channel, part)
    yield from _neutral_pieces(folder, file, place, channel, part)
    yield from _kind(folder, file, place, template, (*named, *((PAY_LINK,) if part.pay_template else ())))
    yield from _pays(folder, file, place, channel, part)
    if channel == "whatsapp":
        yield from _approved(folder, file, place, part)


def _level(folder: Folder, file: str, place: str, channel: str, part: Part) -> Iterator[InvalidInput]:
    reveals = level_of(names_in(part.subject, part.preview, part.body, part.footer))
    if part.level is Level.IDENTIFIED:
        fix = 'level = "addressed" at most; the page asks who is reading first'
        yield folder.problem(file, f"{place}.level", "no message may reveal that much", fix)
    elif DEPTH[reveals] > DEPTH[part.level]:
        loud = [
            one for one in names_in(part.subject, part.preview, part.body) if one not in NEUTRAL_VARIABLES
        ]
        problem = f"is {part.level.value}, and {', '.join(f'{{{one}}}' for one in loud)} tell of a debt"
        yield folder.problem(file, f"{place}.level", problem, 'level = "addressed", or take them out')
    elif channel in ALWAYS_NEUTRAL and part.level is not Level.NEUTRAL:
        fix = "say who writes, and where to read or call; nothing more"
        yield folder.problem(
            file, f"{place}.level", f"{channel} reaches whoever is near: it must be neutral", fix
        )


def _neutral_pieces(
    folder: Folder, file: str, place: str, channel: str, part: Part
) -> Iterator[InvalidInput]:
    """Subject, title, preview, and whatever a phone shows before it is unlocked."""
    pieces = [("subject", part.subject), ("preview", part.preview)]
    if part.level is Level.NEUTRAL:
        pieces.append(("body", part.body))
    elif channel == "whatsapp":
        opening = part.body.strip().split("\n\n")[0]
        pieces.append(("body", opening))
        if len(re.sub(r"\{\w+\}", "", opening)) < PREVIEW_CHARACTERS:
            fix = f"{PREVIEW_CHARACTERS} characters or more of who writes and to whom, then an empty line"
            yield folder.problem(
                file, f"{place}.body", "its first paragraph is too short to fill a preview", fix
            )
    for field, text in pieces:
        loud = [one for one in names_in(text) if one not in NEUTRAL_VARIABLES]
        if loud and field != "body":
            problem = f"{', '.join(f'{{{one}}}' for one in loud)} would show on a lock screen"
            yield folder.problem(file, f"{place}.{field}", problem, "keep it to who writes")
        elif loud and part.level is not Level.NEUTRAL:
            problem = f"{', '.join(f'{{{one}}}' for one in loud)} would show in the preview"
            yield folder.problem(file, f"{place}.{field}", problem, "put it below the first paragraph")
        word = debt_word_in(re.sub(r"\{\w+\}", "", text))
        if word:
            problem = f"{word!r} tells of a debt to whoever sees it"
            yield folder.problem(file, f"{place}.{field}", problem, "say who writes and that it is personal")


def _kind(
    folder: Folder, file: str, place: str, template: Template, named: tuple[str, ...]
) -> Iterator[InvalidInput]:
    collecting = [one for one in named if one in COLLECTS]
    if template.kind in PURE and collecting:
        problem = f"a {template.kind.value} does not collect, and {', '.join(f'{{{one}}}' for one in collecting)} do"
        yield folder.problem(
            file, place, problem, "take them out: the law exempts this kind only while it is pure"
        )
    planned = [one for one in named if one in OF_PLANS]
    if template.kind is not Kind.AGREEMENT_COPY and planned:
        problem = f"{', '.join(f'{{{one}}}' for one in planned)} exist only in an agreement's copy"
        yield folder.problem(file, place, problem, 'kind = "agreement_copy", or take them out')
    paid = [one for one in named if one in OF_PAYMENTS]
    if template.kind is not Kind.PAYMENT_RECEIPT and paid:
        problem = f"{', '.join(f'{{{one}}}' for one in paid)} exist only in a receipt"
        yield folder.problem(file, place, problem, 'kind = "payment_receipt", or take them out')


def _pays(folder: Folder, file: str, place: str, channel: str, part: Part) -> Iterator[InvalidInput]:
    """The link that pays may be missing in any message: it stands where it can go without leaving a hole."""
    blocks = [one for one in parse(part.body) if one.kind == "button"] if channel == "email" else []
    at_buttons = sum(one.target == f"{{{PAY_LINK}}}" for one in blocks)
    if f"{part.subject}{part.preview}{part.body}{part.footer}".count(f"{{{PAY_LINK}}}") != at_buttons:
        fix = f"an e-mail's [label]({{{PAY_LINK}}}) alone between empty lines, or WhatsApp's pay_template and pay_label"
        yield folder.problem(file, f"{place}.body", f"{{{PAY_LINK}}} stands where it cannot be left out", fix)
    if bool(part.pay_template) != bool(part.pay_label) or len(part.pay_label) > LONGEST_BUTTON:
        fix = f"both pay_template and pay_label, of {LONGEST_BUTTON} characters at most"
        yield folder.problem(file, f"{place}.pay_label", f"is {part.pay_label!r}", fix)
    if part.pay_template and (channel != "whatsapp" or part.level is Level.NEUTRAL):
        fix = 'take it out; it stands in WhatsApp at level = "addressed"'
        yield folder.problem(
            file, f"{place}.pay_template", "leads to paying from a message that tells of no debt", fix
        )
    if part.pay_template and not _APPROVED_NAME.fullmatch(part.pay_template):
        fix = "the approved template's name: small letters, digits and _"
        yield folder.problem(file, f"{place}.pay_template", f"is {part.pay_template!r}", fix)


def _approved(folder: Folder, file: str, place: str, part: Part) -> Iterator[InvalidInput]:
    """Meta's rules for templates: a name in small letters, numbered parameters, none at either end, none empty."""
    if not _APPROVED_NAME.fullmatch(part.template):
        fix = "the approved template's name: small letters, digits and _"
        yield folder.problem(file, f"{place}.template", f"is {part.template!r}", fix)
    body = part.body.strip()
    if names_in(body) != part.parameters:
        fix = f"parameters = {list(names_in(body))}".replace("'", '"')
        yield folder.problem(file, f"{place}.parameters", "are not the body's variables in their order", fix)
    for one in part.parameters:
        if one not in ALWAYS | OF_PAYMENTS | OF_PLANS | {"promise_amount", "promise_date"}:
            problem = f"{{{one}}} may be empty, and Meta refuses an empty parameter"
            yield folder.problem(
                file, f"{place}.parameters", problem, "use another variable, or leave it out"
            )
    if body.startswith("{") or body.endswith("}"):
        yield folder.problem(
            file, f"{place}.body", "begins or ends with a variable, which Meta refuses", "put words there"
        )
