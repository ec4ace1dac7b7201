"""Forbidden words are data: each list of the packs is looked for in what was really written, word by word."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from .law_files import Law, Pack, Rule
from .scene import Breach, Scene

GAP = 5
"""`...` in a phrase stands for up to so many words."""


@dataclass(frozen=True)
class Said:
    """A text by sentences. starts: how a word begins → (sentence, place): where a phrase may stand at all."""

    sentences: list[list[str]]
    starts: Mapping[str, list[tuple[int, int]]]


def word_breaches(
    law: Law, packs: list[Pack], scene: Scene, text: str, items: frozenset[str] | None, now: datetime
) -> Iterable[Breach]:
    """What the text says that a pack forbids, and, where the export lists what was provided, what it had to say and did not."""
    whole = _said(text)
    for pack in packs:
        for rule in pack.of("forbidden"):
            if rule.in_force(now.date()) and _speaks_of(rule, scene) and not _is_lifted(rule, items):
                said = next(
                    (
                        one
                        for one in _phrases(law, pack, rule, "phrases")
                        if _stands(one, whole, law, pack, rule)
                    ),
                    "",
                )
                if said:
                    yield Breach(rule.id, rule.article, now, f"says “{said}”")
        if items is not None:
            yield from _missing(pack, scene, items, now)


def _missing(pack: Pack, scene: Scene, items: frozenset[str], now: datetime) -> Iterable[Breach]:
    moments = {"every_call"} if scene.channel in ("voice", "voice_auto") else {"every_message"}
    moments |= {"first_contact"} if "first_contact" in items else set()
    actor = {"first_party": "original_creditor"}.get(scene.acts_as, scene.acts_as)
    exempt = {kind for rule in pack.of("exempt") for kind in rule["kinds"]}
    for rule in pack.of("required"):
        asked = rule.in_force(now.date()) and rule["when"] in moments and _speaks_of(rule, scene)
        if asked and scene.kind not in exempt and actor in rule.get("actors", (actor,)):
            behind_link = scene.channel in rule.get("link_on", ())
            wanted = rule.get("in_message", ()) if behind_link else rule["items"]
            lacking = [item for item in wanted if item not in items]
            if lacking:
                yield Breach(rule.id, rule.article, now, f"does not say {', '.join(lacking)}")


def _speaks_of(rule: Rule, scene: Scene) -> bool:
    return (
        scene.channel in rule.get("channels", (scene.channel,))
        and scene.kind in (rule.get("kinds") or (scene.kind,))
        and scene.kind not in rule.get("except_kinds", ())
    )


def _is_lifted(rule: Rule, items: frozenset[str] | None) -> bool:
    return bool(set(rule.get("unless_provided", ())) & (items or frozenset()))


def _phrases(law: Law, pack: Pack, rule: Rule, field: str) -> list[str]:
    listed = [
        law.words.get(language, {}).get(rule["content"], {}).get(field, []) for language in pack.languages
    ]
    return [*rule.get(field, ()), *(phrase for phrases in listed for phrase in phrases)]


def _said(text: str) -> Said:
    sentences = [_words(part) for part in re.split(r"[.!?;:\n]+", text)]
    starts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, words in enumerate(sentences):
        for place, word in enumerate(words):
            for length in range(1, len(word) + 1):
                starts[word[:length]].append((number, place))
    return Said(sentences, starts)


def _stands(phrase: str, said: Said, law: Law, pack: Pack, rule: Rule) -> bool:
    """Whether a phrase stands in a sentence, on words that are not all part of an innocent phrase."""
    pattern = _pattern(phrase)
    for number, start in said.starts.get(pattern[0].removesuffix("*"), ()):
        words = said.sentences[number]
        for end in _ends(pattern, words, start):
            innocent = (
                (a, b)
                for one in _phrases(law, pack, rule, "innocent")
                for a, b in _places(_pattern(one), words)
            )
            if not any(a <= start and end <= b for a, b in innocent):
                return True
    return False


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> list[str]:
    return [part if part == "..." else _plain(part) for part in phrase.split()]


def _places(pattern: list[str], words: list[str]) -> Iterable[tuple[int, int]]:
    """Every (first word, word after the last) at which a pattern stands."""
    for start in range(len(words)):
        for end in _ends(pattern, words, start):
            yield start, end


def _ends(pattern: list[str], words: list[str], at: int) -> Iterable[int]:
    if not pattern:
        yield at
    elif pattern[0] == "...":
        for skipped in range(GAP + 1):
            yield from _ends(pattern[1:], words, at + skipped)
    elif at < len(words) and _is_word(pattern[0], words[at]):
        yield from _ends(pattern[1:], words, at + 1)


def _is_word(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", _plain(text))


def _plain(text: str) -> str:
    """Lower case, without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in split if not unicodedata.combining(one))
