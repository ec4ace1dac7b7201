"""What we answer stands in one short file a language; compiled, each answer is a template like any other, kept by its hash.

Checked as messages are: what is neutral tells of no debt, and no answer says what a law over its country forbids.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.playbook.neutral_words import debt_word_in
from recobro.domain.answer_variables import OF_ANSWERS, OWN_WORDS
from recobro.domain.channel import Channel, Kind
from recobro.domain.contact_point import Level
from recobro.domain.disclosure import NEUTRAL_VARIABLES
from recobro.domain.playbook import Playbook
from recobro.domain.substitution import names_in
from recobro.domain.template import NEUTRAL_SUFFIX, Part, Template
from recobro.domain.variables import ALWAYS, MAYBE_EMPTY, OF_PROMISES
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for
from recobro.law.content import banned

if TYPE_CHECKING:
    from infra.playbook.folder import Folder

REPLIES = "replies"
PREFIX = "reply_"
CHANNELS = ("whatsapp", "sms", "email")
"""By which people write to us, and so by which we answer."""
WORDS = (
    "menu", "handed_over", "person_called", "channel_stopped", "wrong_person_noted", "paid_noted", "proof_noted",
    "dispute_noted", "hardship_noted", "complaint_noted", "closing", "which_day", "is_it_that_day", "how_much", "too_far",
    "too_little", "promise_noted", "ask_identity", "who_writes", "identity_wrong", "identity_failed", "see_page",
    "how_to_pay", "plan_offered", "plan_none", "plan_taken", "plan_on_page",
)  # fmt: skip
"""The answers that domain/dialogue.py may give: every language says all of them."""
NEUTRAL = NEUTRAL_VARIABLES | OWN_WORDS
MAY_USE = ALWAYS | MAYBE_EMPTY | OF_PROMISES | OF_ANSWERS


@dataclass(frozen=True)
class ReplyWords:
    """neutral: for whoever may look; told: where the point and the talk allow more; empty: the neutral words serve."""

    neutral: str
    told: str = ""


@dataclass(frozen=True)
class Replies:
    """`messages/replies.<language>.toml`."""

    language: str
    replies: Mapping[str, ReplyWords] = field(default_factory=dict)


def templates_of(written: Mapping[str, Replies]) -> dict[str, Template]:
    """The answers as templates, "reply_menu.es" …; the words are the same by every channel that people write by."""
    return {
        f"{PREFIX}{name}.{one.language}": _template(name, one.language, words)
        for one in written.values()
        for name, words in one.replies.items()
    }


def _template(name: str, language: str, words: ReplyWords) -> Template:
    parts: dict[str, Part] = {}
    for channel in CHANNELS:
        subject = "{sender_name}" if channel == "email" else ""
        neutral = Part(words.neutral, subject=subject)
        if words.told:
            parts[channel] = Part(words.told, level=Level.ADDRESSED, subject=subject)
            parts[f"{channel}{NEUTRAL_SUFFIX}"] = neutral
        else:
            parts[channel] = neutral
    return Template(f"{PREFIX}{name}", language, Kind.REPLY_TO_INBOUND, parts)


def errors(folder: "Folder", playbook: Playbook) -> Iterator[InvalidInput]:
    """What must be corrected, at the answer."""
    for one in folder.replies.values():
        file = f"messages/{REPLIES}.{one.language}.toml"
        for name in sorted(set(WORDS) - set(one.replies)):
            yield folder.problem(file, "replies", f"{name!r} is missing", f"[replies.{name}] neutral = …")
        for name, words in one.replies.items():
            if name not in WORDS:
                yield folder.problem(
                    file, f"replies.{name}", "is no answer of ours", f"one of: {', '.join(WORDS)}"
                )
            for place, text, allowed in (("neutral", words.neutral, NEUTRAL), ("told", words.told, MAY_USE)):
                yield from _text(folder, playbook, file, f"replies.{name}.{place}", text, allowed)


def _text(
    folder: "Folder", playbook: Playbook, file: str, place: str, text: str, allowed: frozenset[str]
) -> Iterator[InvalidInput]:
    try:
        unknown = [one for one in names_in(text) if one not in allowed]
    except InvalidInput as error:
        yield folder.problem(file, place, f"{error.field} {error.problem}", error.fix)
        return
    for one in unknown:
        yield folder.problem(
            file, place, f"{{{one}}} has no place there", f"one of: {', '.join(sorted(allowed))}"
        )
    plain = re.sub(r"\{\w+\}", "", text)
    word = debt_word_in(plain) if place.endswith("neutral") else ""
    if word:
        yield folder.problem(file, place, f"{word!r} tells of a debt to whoever sees it", "say it without")
    for country in folder.client.countries:
        for pack in packs_for(playbook.packs, country):
            for channel in (Channel.WHATSAPP, Channel.EMAIL, Channel.SMS):
                for ban in banned(pack, plain, channel=channel, kind=Kind.REPLY_TO_INBOUND, country=country):
                    yield folder.problem(file, place, f"{country}, {ban.rule}: {ban.detail}", ban.change)
