"""A lawyer's draft beside the law as shipped: read like the deployed packs, wherever it lies, and put in force on paper."""

import json
import shutil
import tempfile
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from recobro.errors import InvalidInput
from recobro.law.load import CALENDARS, LISTS, PACKS, load_packs
from recobro.law.pack import Pack

WORDS = PACKS.parent / "words"
SHIPPED = "shipped"
ALWAYS = {"from": date(2000, 1, 1)}
"""A rule that holds on paper holds for as long as anybody was contacted."""


@dataclass(frozen=True)
class Edition:
    """The whole law, some packs of it from drafts. files: id → the text of its TOML. words: the folder of the word lists."""

    packs: Mapping[str, Pack]
    files: Mapping[str, str]
    words: Path


def edition(named: str) -> Edition:
    """The law with what is named in place of what is shipped. Raises InvalidInput.

    named: "shipped" or a pack's id (as shipped), a pack file (`drafts/colombia-2027.toml`; its `id` says which it is), or a
    folder of them, with its own folder `words` beside it where it has one.
    """
    shipped = {path.stem: path.read_text("utf-8") for path in sorted(PACKS.glob("*.toml"))}
    if named == SHIPPED or named in shipped:
        return Edition(load_packs(), shipped, WORDS)
    place = Path(named)
    found = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    if not found or not all(path.is_file() for path in found):
        fix = f"a pack file, a folder of them, or one of {', '.join(shipped)}"
        raise InvalidInput(named, "is no pack, no file and no folder of packs", fix)
    own = place.parent / "words" if place.is_dir() else WORDS
    words = own if (own / "classes.toml").is_file() else WORDS
    return _read({**shipped, **{_id(path): path.read_text("utf-8") for path in found}}, words)


def in_force(law: Edition, packs: Collection[str], on: date) -> Edition:
    """The same law, where those packs are held to have always been what they are on that day. Raises InvalidInput."""
    files = {
        name: _toml_of(_standing(tomllib.loads(text), on)) if name in packs else text
        for name, text in law.files.items()
    }
    return _read(files, law.words)


@contextmanager
def gathered(files: Mapping[str, str]) -> Iterator[Path]:
    """A folder that holds those packs for as long as it is needed, with the calendars beside it."""
    with tempfile.TemporaryDirectory(prefix="law-") as name:
        folder = Path(name) / "packs"
        folder.mkdir()
        shutil.copytree(CALENDARS, Path(name) / "calendars")
        for pack, text in files.items():
            (folder / f"{pack}.toml").write_text(text, "utf-8")
        yield folder


def _read(files: Mapping[str, str], words: Path) -> Edition:
    with gathered(files) as folder:
        return Edition(load_packs(folder, words), files, words)


def _id(path: Path) -> str:
    """Which pack a draft is; what can't be read is left to the loader, which names what is wrong."""
    try:
        said = tomllib.loads(path.read_text("utf-8")).get("id")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput("file", str(error), "write it as TOML 1.0 in UTF-8", path.name) from error
    return said if isinstance(said, str) and said else path.stem


def _standing(pack: dict[str, Any], on: date) -> dict[str, Any]:
    span = pack["effective"]

    def holds(rule: Mapping[str, Any]) -> bool:
        own = rule.get("effective", span)
        return bool(own["from"] <= on <= own.get("to", date.max))

    tables = {
        name: [{**rule, "effective": ALWAYS} for rule in pack[name] if holds(rule)]
        for name in LISTS
        if name in pack
    }
    return {**pack, **tables, "effective": ALWAYS, "applies": {**pack["applies"], "effective": ALWAYS}}


def _toml_of(pack: Mapping[str, Any]) -> str:
    """A pack's TOML again. Its values are texts, numbers, flags, dates and lists of them; its tables are one deep."""
    whole = {name: value for name, value in pack.items() if not _is_table(value)}
    lines = [f"{name} = {_value(value)}" for name, value in whole.items()]
    for name, value in pack.items():
        if name in whole:
            continue
        heading = f"[{name}]" if isinstance(value, Mapping) else f"[[{name}]]"
        for table in [value] if isinstance(value, Mapping) else value:
            lines += ["", heading, *(f"{key} = {_value(said)}" for key, said in table.items())]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    tables = isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)
    return tables or (isinstance(value, Mapping) and value is not ALWAYS)


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)
