"""A client's folder as values: client, strategy, messages and the small words, each with the file that it came from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from infra.playbook.replies import REPLIES, Replies, templates_of
from infra.playbook.source import Source, source
from recobro.domain.channel import Kind
from recobro.domain.client import Client
from recobro.domain.contact_point import Level
from recobro.domain.phrases import Phrases
from recobro.domain.rendering import channel_name
from recobro.domain.strategy import Strategy
from recobro.domain.template import NEUTRAL_SUFFIX, Part, Template
from recobro.errors import InvalidInput

T = TypeVar("T")

BORROWED = "neutral"
"""The template whose parts every other one but a paper borrows for the channels and levels that it does not write itself."""
PAPERS = frozenset({Kind.PAYMENT_RECEIPT, Kind.AGREEMENT_COPY, Kind.OPTOUT_CONFIRMATION})
CLIENT, STRATEGY, MESSAGES, PHRASES = "client.toml", "strategy.toml", "messages", "phrases"


_PART = re.compile(r"^\s*\[parts\.\"?(\w+)\"?\]", re.MULTILINE)


@dataclass(frozen=True)
class Folder:
    """sources: path within the folder → its text. templates, phrases: by "name.language" and by language; replies: what we
    answer, by language.
    """

    client: Client
    strategy: Strategy
    templates: Mapping[str, Template]
    phrases: Mapping[str, Phrases]
    sources: Mapping[str, Source]
    replies: Mapping[str, Replies] = field(default_factory=dict)

    def answers(self) -> dict[str, Template]:
        """The answers as templates: they borrow nothing."""
        return templates_of(self.replies)

    def problem(self, file: str, path: str, problem: str, fix: str) -> InvalidInput:
        """What is wrong with a field of one of the files."""
        return self.sources[file].problem(path, problem, fix)


def own_parts(folder: Folder, name: str) -> list[str]:
    """The parts that a template's file writes itself: borrowed ones are checked where they stand."""
    return _PART.findall(folder.sources[file_of(name)].text)


def file_of(name: str) -> str:
    """ "early.es" → "messages/early.es.toml"."""
    return f"{MESSAGES}/{name}.toml"


@dataclass
class Reader:
    """Reads file after file and keeps what is wrong, so that one run tells everything."""

    folder: Path
    errors: list[InvalidInput] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)

    def read(self, path: str, kind: type[T]) -> T | None:
        try:
            self.sources[path] = source(self.folder, path)
            return self.sources[path].read(kind)
        except InvalidInput as error:
            self.errors.append(error)
            return None

    def names(self) -> list[str]:
        """The message files, "early.es" for messages/early.es.toml."""
        return sorted(path.name.removesuffix(".toml") for path in (self.folder / MESSAGES).glob("*.toml"))


def read_folder(folder: Path) -> tuple[Folder | None, list[InvalidInput]]:
    """Everything that could be read, and what is wrong with the rest; None when too little could."""
    reader = Reader(folder)
    client, strategy = reader.read(CLIENT, Client), reader.read(STRATEGY, Strategy)
    phrases: dict[str, Phrases] = {}
    templates: dict[str, Template] = {}
    replies: dict[str, Replies] = {}
    for name in reader.names():
        kind, _, language = name.partition(".")
        if kind == REPLIES:
            said = reader.read(file_of(name), Replies)
            if said is not None and _is_named(reader, name, language, said.language):
                replies[language] = said
            continue
        if kind == PHRASES:
            words = reader.read(file_of(name), Phrases)
            if words is not None and _is_named(reader, name, language, words.language):
                phrases[language] = words
            continue
        template = reader.read(file_of(name), Template)
        if template is not None and _is_named(reader, name, name, f"{template.name}.{template.language}"):
            templates[name] = template
    if client is None or strategy is None or reader.errors:
        return None, reader.errors
    return Folder(client, strategy, completed(templates, phrases), phrases, reader.sources, replies), []


def completed(templates: Mapping[str, Template], phrases: Mapping[str, Phrases]) -> dict[str, Template]:
    """Templates that stand by themselves: missing parts borrowed from the neutral one of their language, footers put in.

    Papers borrow none: "we have a message for you", said to who has just paid, agreed or asked for silence, is
    one contact more and no answer.
    """
    return {
        name: replace(template, parts=_footed(_borrowed(template, templates), template, phrases))
        for name, template in templates.items()
    }


def _borrowed(template: Template, templates: Mapping[str, Template]) -> dict[str, Part]:
    parts = dict(template.parts)
    if template.kind in PAPERS:
        return parts
    spoken = (template.language, template.language.split("-")[0])
    lender = next((templates[key] for one in spoken if (key := f"{BORROWED}.{one}") in templates), None)
    for channel, part in (lender.parts if lender is not None else {}).items():
        own = parts.get(channel)
        if own is None:
            parts[channel] = part
        elif own.level is not Level.NEUTRAL:
            parts.setdefault(f"{channel}{NEUTRAL_SUFFIX}", part)
    return parts


def _footed(parts: dict[str, Part], template: Template, phrases: Mapping[str, Phrases]) -> dict[str, Part]:
    words = phrases.get(template.language) or phrases.get(template.language.split("-")[0])
    if words is None:
        return parts
    return {
        name: replace(part, footer=words.email_footer)
        if channel_name(name) == "email" and not part.footer
        else part
        for name, part in parts.items()
    }


def _is_named(reader: Reader, file: str, expected: str, written: str) -> bool:
    if expected != written:
        problem = reader.sources[file_of(file)].problem(
            "language",
            f"says {written!r}, the file is called {expected!r}",
            "rename the file or correct name and language",
        )
        reader.errors.append(problem)
    return expected == written
