"""Reads the law as lawyers wrote it, and refuses what cannot be meant with the file, the rule, the field and
the fix.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from recobro.errors import InvalidInput
from recobro.law.check import check_pack, check_together
from recobro.law.conduct import Forbidden
from recobro.law.contact import Calendar
from recobro.law.pack import Pack
from recobro.law.plain import decode
from recobro.law.toml_form import plainly, span

PACKS = Path(__file__).parent / "packs"
CALENDARS = Path(__file__).parent / "calendars"
SCHEMA = "contact-pack/1"
LISTS = (
    "stages",
    "windows",
    "caps",
    "min_gaps",
    "channel_locks",
    "cooldowns",
    "consent",
    "provenance",
    "caller_id",
    "recipients",
    "channel_rules",
    "required",
    "forbidden",
    "duties",
    "stop_events",
    "exempt",
    "retention",
    "complaints",
    "registry",
)
Words = dict[str, dict[str, dict[str, list[str]]]]
"""language ("es"), or language and country ("es-CL") → class → {"phrases": […], "innocent": […]}."""


def load_packs(folder: Path = PACKS, words: Path | None = None) -> dict[str, Pack]:
    """Every pack of a folder by its id. words: by default the folder `words` beside it. Raises InvalidInput."""
    classes, lists = load_words(words or folder.parent / "words")
    packs = {}
    for path in sorted(folder.glob("*.toml")):
        packs[path.stem] = load_pack(path, classes, lists)
    check_together(list(packs.values()))
    return packs


def load_pack(path: Path, classes: Mapping[str, str], words: Words) -> Pack:
    """One pack by itself; whether it agrees with the others is asked of all of them. Raises InvalidInput."""
    pack = parse_pack(_toml(path), path.name, classes, words)
    if pack.id != path.stem:
        raise InvalidInput("id", f"is {pack.id!r}", f'write id = "{path.stem}" or rename the file', path.name)
    return pack


def load_words(folder: Path) -> tuple[dict[str, str], Words]:
    """The content classes (class → "words" or "process") and the word lists by language. InvalidInput."""
    classes: dict[str, str] = {}
    for name, about in _toml(folder / "classes.toml").items():
        if not isinstance(about, dict) or about.get("kept_by") not in ("words", "process"):
            raise InvalidInput(
                f"{name}.kept_by", "must say how it is kept", '"words" or "process"', "classes.toml"
            )
        classes[name] = about["kept_by"]
    lists: Words = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem == "classes":
            continue
        lists[path.stem] = _toml(path)
        for name, table in lists[path.stem].items():
            if classes.get(name) != "words":
                raise InvalidInput(name, "is no class kept by words", "add it to classes.toml", path.name)
            for field, phrases in table.items():
                known = field in ("phrases", "innocent") and isinstance(phrases, list)
                if not known or not all(isinstance(p, str) and p.strip() for p in phrases):
                    fix = 'phrases = ["…"] and innocent = ["…"]'
                    raise InvalidInput(f"{name}.{field}", "must be a list of phrases", fix, path.name)
    return classes, lists


def parse_pack(raw: Mapping[str, Any], file: str, classes: Mapping[str, str], words: Words) -> Pack:
    """One pack from its parsed TOML. Raises InvalidInput naming file, rule, field and fix."""
    pack = dict(raw)
    if pack.pop("schema", None) != SCHEMA:
        raise InvalidInput("schema", "is missing or unknown", f'write schema = "{SCHEMA}"', file)
    if "effective" in pack:
        pack.update(span(pack.pop("effective"), "pack", file))
    for name in LISTS:
        pack[name] = [_rule(rule, pack, name, file) for rule in _tables(pack.get(name, []), name, file)]
    if "applies" in pack:
        pack["applies"] = _rule(pack["applies"], pack, "applies", file)
    pack["open_questions"] = _tables(pack.get("open_questions", []), "open_questions", file)
    sources = pack.get("sources", {})
    if not isinstance(sources, Mapping):
        raise InvalidInput("sources", "must be a table", '[sources] M1 = "…"', file)
    pack["sources"] = [{"id": key, "text": text} for key, text in sources.items()]
    made = decode(Pack, pack, file)
    check_pack(made, file, classes)
    return made.but(forbidden=tuple(_with_words(rule, made, file, classes, words) for rule in made.forbidden))


def load_calendars(folder: Path = CALENDARS) -> dict[str, Calendar]:
    """Every `<CC>.toml` of a folder, as {"CC": …, "CC-SUB": …}. Raises InvalidInput naming file, field and
    fix.
    """
    found: dict[str, Calendar] = {}
    for path in sorted(folder.glob("*.toml")):
        raw = _toml(path)
        country, covers = raw.get("country"), raw.get("covers")
        if country != path.stem:
            raise InvalidInput("country", f"is {country!r}", f'write country = "{path.stem}"', path.name)
        if not isinstance(covers, list) or len(covers) != 2 or not all(isinstance(y, int) for y in covers):
            raise InvalidInput(
                "covers", "must be the first and last complete year", "covers = [2023, 2035]", path.name
            )
        years = (covers[0], covers[1])
        found[country] = Calendar(country, _dates(raw.get("dates"), path.name), years)
        for code, dates in raw.get("subdivisions", {}).items():
            found[f"{country}-{code}"] = Calendar(f"{country}-{code}", _dates(dates, path.name), years)
    return found


def _dates(raw: object, file: str) -> frozenset[date]:
    if not isinstance(raw, list) or not all(type(day) is date for day in raw):
        raise InvalidInput(
            "dates", "must be a list of dates", "write dates = [2026-01-01, …] without quotes", file
        )
    return frozenset(raw)


def _rule(raw: Any, pack: Mapping[str, Any], name: str, file: str) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidInput(name, f"must be a table, not {raw!r}", f"write [[{name}]]", file)
    rule = plainly(raw, file)
    if "id" not in rule:
        raise InvalidInput(f"{name}.id", "is missing", "give the rule an id of its own", file)
    since = pack.get("since")
    if since is not None:
        rule.setdefault("since", since)
    if "to" in pack:
        rule.setdefault("to", pack["to"])
    return rule


def _tables(raw: Any, name: str, file: str) -> list[Any]:
    if not isinstance(raw, list):
        raise InvalidInput(name, "must be a list of tables", f"write [[{name}]] before each", file)
    return raw


def _with_words(
    rule: Forbidden, pack: Pack, file: str, classes: Mapping[str, str], words: Words
) -> Forbidden:
    tables = [words[spoken][rule.content] for spoken in _spoken(pack, words) if rule.content in words[spoken]]
    phrases = [*rule.phrases, *(phrase for table in tables for phrase in table.get("phrases", []))]
    innocent = [*rule.innocent, *(phrase for table in tables for phrase in table.get("innocent", []))]
    if not phrases and classes[rule.content] == "words":
        languages = ", ".join(pack.languages) or "none"
        fix = f"add [{rule.content}] to words/<language>.toml, or phrases = [] here"
        raise InvalidInput(f"{rule.id}.content", f"{rule.content} has no words in {languages}", fix, file)
    for phrase in (*phrases, *innocent):
        parts = phrase.split()
        if parts[0] == "..." or parts[-1] == "..." or any(p.endswith("*") and len(p) < 4 for p in parts):
            fix = "begin and end with a word, and write three letters or more before *"
            raise InvalidInput(f"{rule.id}.phrases", f"{phrase!r} would match almost anything", fix, file)
    return rule.but(phrases=tuple(dict.fromkeys(phrases)), innocent=tuple(dict.fromkeys(innocent)))


def _spoken(pack: Pack, words: Words) -> list[str]:
    """The word lists of a pack: each language, then as it is spoken in the country; for the strict default, anywhere."""
    return [
        spoken
        for language in pack.languages
        for spoken in sorted(words)
        if spoken in (language, f"{language}-{pack.country}")
        or (pack.fallback and spoken.startswith(f"{language}-"))
    ]


def _toml(path: Path) -> dict[str, Any]:
    import tomllib  # 4 to 9 ms at a cold start that most Lambdas, whose packs come compiled, never need

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InvalidInput("file", "does not exist", "add it", path.name) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("file", str(error), "write it as TOML 1.0 in UTF-8", path.name) from error
