"""Reads the published law as anybody could: the TOML of packs, calendars and word lists, and no code of those who wrote them."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

CHANNELS = (
    "voice",
    "voice_auto",
    "voicemail",
    "sms",
    "whatsapp",
    "push",
    "email",
    "letter",
    "visit",
    "social_dm",
    "social_public",
)
FAMILIES: dict[str, tuple[str, ...]] = {
    "phone": ("voice", "voice_auto", "voicemail"),
    "text": ("sms", "whatsapp", "push", "social_dm"),
    "emsg": ("sms", "whatsapp", "push", "social_dm", "email"),
    "remote": ("sms", "whatsapp", "push", "social_dm", "email", "letter"),
    "all": CHANNELS,
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
JUDGED = (
    "stages",
    "windows",
    "caps",
    "min_gaps",
    "channel_locks",
    "cooldowns",
    "consent",
    "provenance",
    "recipients",
    "channel_rules",
    "required",
    "forbidden",
    "duties",
    "stop_events",
    "exempt",
)
"""The tables of a pack that speak of a single contact. Registers, retention and caller ids are checked elsewhere."""


class BadFile(Exception):
    """A file of the law cannot be read; the message names file, field and fix."""


@dataclass(frozen=True)
class Rule:
    """One rule as its file says it. since, to: debtor-local dates, both included; to None: still in force."""

    pack: str
    table: str
    id: str
    article: str
    conf: str
    since: date
    to: date | None
    said: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.said[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.said.get(name, default)

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.to is None or day <= self.to)


@dataclass(frozen=True)
class Pack:
    """One file of `packs/`."""

    id: str
    country: str
    parent: str
    subdivisions: tuple[str, ...]
    languages: tuple[str, ...]
    zones: tuple[str, ...]
    is_fallback: bool
    applies: Rule
    rules: Mapping[str, tuple[Rule, ...]]

    def of(self, table: str) -> tuple[Rule, ...]:
        return self.rules.get(table, ())

    def with_rules(self, **tables: tuple[Rule, ...]) -> "Pack":
        return replace(self, rules={**self.rules, **tables})


@dataclass(frozen=True)
class Calendar:
    """The holidays of a country, by subdivision where it has some; `years`: first and last complete one."""

    years: tuple[int, int]
    dates: frozenset[date]
    subdivisions: Mapping[str, frozenset[date]]


@dataclass(frozen=True)
class Law:
    """All that was published. words: language → class → {"phrases", "innocent"}."""

    packs: Mapping[str, Pack]
    calendars: Mapping[str, Calendar]
    words: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = field(default_factory=dict)


def read_law(packs: Path, calendars: Path | None = None, words: Path | None = None) -> Law:
    """The law in those folders. calendars, words: by default the folders of that name beside `packs`."""
    calendar_folder = calendars or packs.parent / "calendars"
    word_folder = words or packs.parent / "words"
    found = [read_pack(_toml(path), path.name) for path in sorted(packs.glob("*.toml"))]
    if not found:
        raise BadFile(f"{packs}: holds no pack; name the folder that holds MX.toml and its neighbours")
    return Law(
        {pack.id: pack for pack in found},
        {path.stem: read_calendar(_toml(path), path.name) for path in sorted(calendar_folder.glob("*.toml"))},
        {path.stem: _toml(path) for path in sorted(word_folder.glob("*.toml")) if path.stem != "classes"},
    )


def read_pack(raw: Mapping[str, Any], file: str) -> Pack:
    """A pack from its parsed TOML."""
    try:
        span = raw["effective"]
        rules = {
            table: tuple(_rule(raw["id"], table, one, span) for one in raw.get(table, [])) for table in JUDGED
        }
        return Pack(
            id=raw["id"],
            country=raw.get("country", ""),
            parent=raw.get("parent", ""),
            subdivisions=tuple(raw.get("subdivisions", ())),
            languages=tuple(raw.get("languages", ())),
            zones=tuple(raw.get("zones", ())),
            is_fallback=raw.get("fallback", False),
            applies=_rule(raw["id"], "applies", raw["applies"], span),
            rules=rules,
        )
    except KeyError as error:
        raise BadFile(f"{file}: {error.args[0]} is missing; add it as the pack schema says") from error


def read_calendar(raw: Mapping[str, Any], file: str) -> Calendar:
    """A calendar from its parsed TOML."""
    try:
        first, last = raw["covers"]
        regions = {code: frozenset(days) for code, days in raw.get("subdivisions", {}).items()}
        return Calendar((first, last), frozenset(raw["dates"]), regions)
    except KeyError as error:
        raise BadFile(f"{file}: {error.args[0]} is missing; add it as in the other calendars") from error


def _rule(pack: str, table: str, raw: Mapping[str, Any], pack_span: Mapping[str, date]) -> Rule:
    span = raw.get("effective", pack_span)
    said = dict(raw)
    for name in ("channels", "blocks"):
        if name in said:
            said[name] = channels(said[name])
    if table == "windows":
        said["hours"] = tuple(_hours(raw, day) for day in range(7))
    return Rule(pack, table, raw["id"], raw["article"], raw["conf"], span["from"], span.get("to"), said)


def channels(said: str | Iterable[str]) -> frozenset[str]:
    """A channel, a family of them, or a list of both."""
    names = [said] if isinstance(said, str) else list(said)
    return frozenset(channel for name in names for channel in FAMILIES.get(name, (name,)))


def _hours(raw: Mapping[str, Any], day: int) -> tuple[tuple[int, int], ...]:
    """The open stretches of a weekday (0: Monday) in minutes after midnight; none: closed all day."""
    said = raw.get(WEEKDAYS[day], raw.get("mon_fri") if day < 5 else None)
    if said is None:
        return ()
    pairs = said if isinstance(said[0], list) else [said]
    return tuple((_minutes(opens), _minutes(closes)) for opens, closes in pairs)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadFile(f"{path.name}: {error}; write it as TOML 1.0 in UTF-8") from error
