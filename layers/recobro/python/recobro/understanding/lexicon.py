"""The words of one language as people who know it wrote them down, checked once and ready to be looked up.

`words/<language>.toml` is the source; a deployed layer carries it as JSON, which a cold start reads in a tenth of the time.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from recobro.errors import InvalidInput
from recobro.understanding.folding import PAST_O
from recobro.understanding.phrases import SHORTEST_STEM, Phrases, parsed
from recobro.understanding.standing import Symbols
from recobro.understanding.typos import Typos
from recobro.understanding.understood import Intent

WORDS = Path(__file__).parent / "words"
INNOCENT = "innocent"
"""The intent of phrases whose words never count: "no hay problema" denies nothing."""
MOST_WORDS = 20_000
"""Remembered with what was made of them: strangers may send us any letters."""
ODD, SHORTEST_NAME = "<odd>", 3
"""The family of words that stand in no list: in "no soy Ramiro" it is a name."""
INWARD = (
    INNOCENT,
    "day",
    "time",
    "past",
    "thing",
    "sum",
    "yes",
    "no",
    "not_then",
    "that_day",
    "income",
    "if_closed",
    "contrast",
    "innocent_of",
)
"""What rules are for that speak of no intent by themselves."""


@dataclass(frozen=True, slots=True)
class Rule:
    """sure: it decides by itself. negatable: "no" before it takes it back. countries: only there; except_in: not there.

    channel: what it speaks of, for STOP_CHANNEL. form, days, shift, value: see days.py and sums.py; "ask": the likeliest
    day, which is asked.
    most: the largest number it may have seen. unless: other rules' ids that take it back; unless_there: only where they share a word
    with it.
    person: whoever writes this needs a person, whatever else is understood.
    """

    id: str
    intent: str
    sure: bool = True
    negatable: bool = False
    countries: tuple[str, ...] = ()
    except_in: tuple[str, ...] = ()
    channel: str = ""
    form: str = ""
    days: int = 0
    value: str = ""
    most: int = 0
    shift: int = 0
    unless: tuple[str, ...] = ()
    unless_there: tuple[str, ...] = ()
    person: bool = False

    def holds_in(self, country: str) -> bool:
        return country not in self.except_in and (not self.countries or country in self.countries)


class Lexicon:
    """One language. See words/es.toml for what its tables mean."""

    __slots__ = (
        "_families",
        "_spelled",
        "_stems",
        "_symbols",
        "_typos",
        "alone",
        "before_keyword",
        "courtesy",
        "days",
        "feasts",
        "greetings",
        "innocent",
        "known",
        "language",
        "money",
        "months",
        "nods",
        "numbers",
        "real",
        "rules",
        "says",
        "shorthand",
        "sums",
        "units",
        "weekdays",
    )

    def __init__(self, language: str, raw: Mapping[str, Any]) -> None:
        self.language = language
        self.shorthand: Mapping[str, str] = raw.get("shorthand", {})
        self.courtesy = frozenset(_listed(raw.get("courtesy", "")))
        self.before_keyword = frozenset(_listed(raw.get("before_keyword", "")))
        self.greetings = frozenset(_listed(raw.get("greetings", "")))
        self.nods = frozenset(_listed(raw.get("nods", "")))
        self.real = frozenset(_listed(raw.get("real", "")))
        self.alone: Mapping[str, frozenset[str]] = {
            country: frozenset("".join(line.split()) for line in _lines(words))
            for country, words in raw.get("alone", {}).items()
        }
        self.numbers: Mapping[str, int] = raw.get("numbers", {})
        self.money: Mapping[str, Mapping[str, str]] = raw.get("money", {})
        self.weekdays = _valued(raw.get("weekdays", {}))
        self.months = _valued(raw.get("months", {}))
        self.units = _valued(raw.get("units", {}))
        self.feasts: Mapping[str, str] = raw.get("feasts", {})
        self._families = _families({**raw.get("families", {}), **_own_families(self)})
        tables = [(kind, one) for kind in ("rules", "days", "sums") for one in raw.get(kind, ())]
        self.rules = tuple(_rule(one) for _, one in tables)
        phrases = [
            (kind, parsed(line, number))
            for number, (kind, one) in enumerate(tables)
            for line in _lines(one["says"])
        ]
        innocent = [(kind, one) for kind, one in phrases if self.rules[one.rule].intent == INNOCENT]
        self.innocent = Phrases(one for _, one in innocent)
        self.days = Phrases(one for kind, one in phrases if kind == "days")
        self.sums = Phrases(one for kind, one in phrases if kind == "sums")
        self.says = Phrases(one for kind, one in phrases if kind == "rules" and (kind, one) not in innocent)
        written = {symbol for _, phrase in phrases for part, _ in phrase.parts for symbol in part}
        self._stems = frozenset(
            word[:-1]
            for word in (*written, *self._families)
            if word.endswith("*") and len(word) > SHORTEST_STEM
        )
        exact = {word for word in written if word.isalpha()} | {
            word for word in self._families if word.isalpha()
        }
        self.known = frozenset(
            exact | self.numbers.keys() | self.weekdays.keys() | self.months.keys() | self.units.keys()
            | self.feasts.keys() | self.courtesy | self.real | self.greetings | self.nods
            | {word for table in self.money.values() for word in table}
            | {word for words in self.alone.values() for word in words}
        )  # fmt: skip
        self._typos = Typos(sorted(self.known - self.real - self.courtesy))
        self._symbols: dict[str, Symbols] = {}
        self._spelled: dict[str, str] = {}

    def symbols(self, word: str) -> Symbols:
        """What a word is called in phrases: itself, its stems, and the families of both."""
        found = self._symbols.get(word)
        if found is None and word.endswith(PAST_O) and word not in self.known:
            found = self._symbols[word] = self.symbols(word[:-1] + "o")
        if found is None:
            names = {word}
            for length in range(SHORTEST_STEM, len(word) + 1):
                if word[:length] in self._stems:
                    names.add(word[:length] + "*")
            found = frozenset(names.union(*(self._families.get(name, ()) for name in names)))
            if len(found) == 1 and word.isalpha() and len(word) >= SHORTEST_NAME and word not in self.known:
                found |= {ODD}
            if len(self._symbols) < MOST_WORDS:
                self._symbols[word] = found
        return found

    def spelled(self, word: str) -> str:
        """The word itself where we know it, else the known word that it was meant to be, else itself."""
        found = self._spelled.get(word)
        if found is None:
            found = self._meant(word)
            if len(self._spelled) < MOST_WORDS:
                self._spelled[word] = found
        return found

    def _meant(self, word: str) -> str:
        if word in self.known or len(self.symbols(word) - {ODD}) > 1:
            return word
        if word.endswith(PAST_O):
            return self.spelled(word[:-1] + "o")
        return self._typos.meant(word)


@lru_cache(maxsize=8)
def lexicon_of(language: str) -> Lexicon:
    """The words of a language of words/. Read when first asked for."""
    return Lexicon(language, _raw(language))


@lru_cache(maxsize=1)
def markers() -> Mapping[str, frozenset[str]]:
    """The words that tell languages apart, by language."""
    return {language: frozenset(words.split()) for language, words in _raw("languages").items()}


def _raw(name: str) -> Mapping[str, Any]:
    compiled = WORDS / f"{name}.json"
    if compiled.is_file():
        found: Mapping[str, Any] = json.loads(compiled.read_bytes())
        return found
    return read(WORDS / f"{name}.toml")


def read(path: Path) -> Mapping[str, Any]:
    """The tables of one file as written. Raises InvalidInput naming the file."""
    import tomllib  # what is deployed comes compiled and never needs it

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("file", str(error), "write it as TOML 1.0 in UTF-8", path.name) from error


def _listed(words: str) -> list[str]:
    return words.split()


def _lines(says: str) -> list[str]:
    return [line.strip() for line in says.splitlines() if line.strip()]


def _valued(table: Mapping[str, str]) -> dict[str, str]:
    """word → what it means, from what it means → words."""
    return {word: meaning for meaning, words in table.items() for word in words.split()}


def _families(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """word or stem → the families it belongs to, itself and through families named within families."""
    members: dict[str, set[str]] = {}
    for name in table:
        for word in _members(name, table, ()):
            members.setdefault(word, set()).add(f"<{name}>")
    return {word: frozenset(families) for word, families in members.items()}


def _own_families(lexicon: Lexicon) -> dict[str, str]:
    """The words that have a table of their own, as families for phrases."""
    return {
        "weekday": " ".join(lexicon.weekdays),
        "month": " ".join(lexicon.months),
        "unit": " ".join(lexicon.units),
        "feast": " ".join(lexicon.feasts),
        "money": " ".join(word for table in lexicon.money.values() for word in table),
    }


def _members(name: str, table: Mapping[str, str], above: tuple[str, ...]) -> Iterable[str]:
    if name in above:
        raise InvalidInput(f"families.{name}", "holds itself", "take the inner name out", "words")
    for word in table[name].split():
        if word.startswith("<"):
            yield from _members(word[1:-1], table, (*above, name))
        else:
            yield word


def _rule(raw: Mapping[str, Any]) -> Rule:
    lists = {"countries", "except_in", "unless", "unless_there"}
    known: dict[str, Any] = {
        name: tuple(value.split()) if name in lists else value
        for name, value in raw.items()
        if name != "says"
    }
    rule = Rule(**{"intent": "sum", **known})
    if rule.intent not in (*Intent, *INWARD):
        raise InvalidInput(
            f"{rule.id}.intent", f"is {rule.intent!r}", f"one of: {', '.join(Intent)}", "words"
        )
    return rule
