"""Words are law too: what a message must say and must not say is checked before it can be deployed, and again
before it leaves.

The required items are those that a template declares it `provides`: a machine cannot tell whether a sentence
names the complaint unit, its author can. The forbidden ones are looked for in the text itself, in every
language of the pack.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from recobro.domain.channel import GROUPS, Channel, Kind
from recobro.domain.refusal import Refusal
from recobro.law.applicable import exempt_kinds
from recobro.law.conduct import Forbidden, Required
from recobro.law.coverage import ACTORS
from recobro.law.pack import Pack
from recobro.law.rule import Conf, Rule

SENTENCE = re.compile(r"[.!?;…]+(?=\s|$)")
WORD = re.compile(r"[^\W_]+")
GAP = "..."
FIRST = 3
"""Letters of a phrase's first word, by which it is looked up."""
WITHIN = 5
"""Words that `...` may stand for, at most."""

LINK = "link_to_full_information"
"""What a template provides when the rest of what must be said stands behind its link."""

SPOKEN = GROUPS["phone"] | {Channel.VISIT}
Phrase = tuple[str, ...]


def lint(
    pack: Pack,
    text: str,
    *,
    channel: Channel,
    kind: Kind,
    first_contact: bool,
    provided: frozenset[str],
    acts_as: str = "third_party",
    country: str = "",
    on: date | None = None,
) -> list[Refusal]:
    """What a message must say and does not, and says and must not. Empty: it may go out.

    text: as the person will read or hear it, subject and preview included. provided: the items that the
    template declares ("creditor_name", "amount_date", "link_to_full_information" …). on: the person's local
    day; None: at no day in particular, so that every rule counts that had not ended when the pack was
    reviewed, rules to come included.
    """
    found = [
        _refusal(pack, rule, country, item, f"say {item} in the message")
        for rule in pack.required
        if in_force(rule, pack, on)
        and _asked(pack, rule, channel, kind, acts_as, first_contact=first_contact)
        for item in _missing(rule, channel, provided)
    ]
    return found + banned(pack, text, channel=channel, kind=kind, provided=provided, country=country, on=on)


def banned(
    pack: Pack,
    text: str,
    *,
    channel: Channel,
    kind: Kind,
    provided: frozenset[str] = frozenset(),
    country: str = "",
    on: date | None = None,
) -> list[Refusal]:
    """What a text says and must not, whoever wrote it: a template, a bot's sentence, an agent's note. As for `lint`."""
    words = tokens(text)
    firsts = [word[:FIRST] for word in words]
    beginnings = frozenset(firsts)
    return [
        _refusal(pack, ban, country, f"{ban.content}: {said}", f"leave out “{said}”")
        for ban in pack.forbidden
        if in_force(ban, pack, on) and channel in ban.channels and _speaks_of(ban, kind)
        if not ban.unless_provided & provided
        if not beginnings.isdisjoint(_compiled(ban.phrases))
        for said in _says(ban, words, firsts)
    ]


def in_force(rule: Rule, pack: Pack, on: date | None) -> bool:
    """Whether a rule holds on that local day; without a day, whether it had not ended when the pack was reviewed."""
    if on is None:
        return rule.to is None or rule.to >= pack.reviewed
    return rule.since <= on and (rule.to is None or on <= rule.to)


def _refusal(pack: Pack, rule: Rule, country: str, detail: str, change: str) -> Refusal:
    source = rule.article
    if pack.fallback:
        source = f"no pack for {country or 'an unknown country'}: strict default, our own caution"
    elif rule.conf is Conf.POLICY:
        source = f"{rule.article} (our own caution, not law)"
    return Refusal(rule.id, source, None, detail, change)


def _speaks_of(ban: Forbidden, kind: Kind) -> bool:
    return kind not in ban.except_kinds and (not ban.kinds or kind in ban.kinds)


def _asked(
    pack: Pack, rule: Required, channel: Channel, kind: Kind, acts_as: str, *, first_contact: bool
) -> bool:
    """Whether a requirement speaks of this message. Exempt kinds owe none of it, save the copy of an
    agreement.
    """
    if channel not in rule.channels or (rule.kinds and kind not in rule.kinds):
        return False
    actor = ACTORS.get(acts_as)
    if rule.actors and actor is not None and actor not in rule.actors:
        return False
    if rule.when == "agreement":
        return kind is Kind.AGREEMENT_COPY
    if rule.when == "validation" or kind in exempt_kinds(pack):
        return False
    moments = {
        "first_contact": first_contact,
        "every_call": channel in SPOKEN,
        "every_message": channel not in SPOKEN,
        "voicemail": channel is Channel.VOICEMAIL,
    }
    return moments[rule.when]


def _missing(rule: Required, channel: Channel, provided: frozenset[str]) -> list[str]:
    linked = channel in rule.link_on and LINK in provided
    return [item for item in (rule.in_message if linked else rule.items) if item not in provided]


def tokens(text: str) -> list[str]:
    """The words of a text, without case, accents, or the invisible characters that would hide them.

    Sentences are parted by a token `.`, which no phrase reaches across; line breaks part nothing.
    """
    flat = unicodedata.normalize("NFKD", text).casefold()
    if not flat.isascii():
        flat = "".join(c for c in flat if unicodedata.category(c) not in ("Mn", "Cf"))
    found: list[str] = []
    for sentence in SENTENCE.split(flat):
        found.extend(WORD.findall(sentence))
        found.append(".")
    return found[:-1]


def _says(ban: Forbidden, words: Sequence[str], firsts: Sequence[str]) -> list[str]:
    """The forbidden phrases that a text contains, each once, as the pack writes them. firsts: how each word begins."""
    phrases, innocent = _compiled(ban.phrases), _compiled(ban.innocent)
    masked = list(words)
    for start, first in enumerate(firsts):
        for phrase in innocent.get(first, ()):
            end = _ends(phrase, words, start)
            for place in range(start, end):
                masked[place] = ""
    hits = [
        " ".join(phrase)
        for start, first in enumerate(firsts)
        if first in phrases and masked[start]
        for phrase in phrases[first]
        if _ends(phrase, masked, start)
    ]
    return list(dict.fromkeys(hits))


@lru_cache(maxsize=1024)
def _compiled(phrases: tuple[str, ...]) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by the FIRST letters of their first word, so that most words of a text are passed over at once."""
    by_first: dict[str, list[Phrase]] = {}
    for written in phrases:
        phrase = tuple(_written(written))
        by_first.setdefault(phrase[0].rstrip("*")[:FIRST], []).append(phrase)
    return {first: tuple(listed) for first, listed in by_first.items()}


def _written(phrase: str) -> Iterator[str]:
    """The parts of a phrase as the pack writes it: words, `word*`, and `...`."""
    for part in phrase.split():
        if part == GAP:
            yield GAP
        else:
            star = "*" if part.endswith("*") else ""
            pieces = tokens(part.removesuffix("*"))
            yield from pieces[:-1]
            yield from (piece + star for piece in pieces[-1:])


def _ends(phrase: Phrase, words: Sequence[str], start: int) -> int:
    """Where a phrase that begins at `start` ends (exclusive); 0 if it does not stand there."""
    for at, part in enumerate(phrase):
        if part == GAP:
            return _ends_behind(phrase[at + 1 :], words, start)
        if start == len(words) or not _same(part, words[start]):
            return 0
        start += 1
    return start


def _ends_behind(rest: Phrase, words: Sequence[str], start: int) -> int:
    """The same for what is left of a phrase behind a gap that begins at `start`."""
    for place in range(start, min(start + WITHIN + 1, len(words))):
        end = _ends(rest, words, place)
        if end:
            return end
        if words[place] == ".":
            break
    return 0


def _same(part: str, word: str) -> bool:
    return word == part or (part[-1] == "*" and word.startswith(part[:-1]))
