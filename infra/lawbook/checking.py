"""Is the law that we ship fit to be relied on? Everything that is wrong with packs, words and calendars, each with its fix."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from recobro.errors import InvalidInput
from recobro.law.check import check_together
from recobro.law.load import CALENDARS, PACKS, load_calendars, load_pack, load_words
from recobro.law.pack import Pack
from recobro.law.rule import Conf

STALE_AFTER = timedelta(days=365)
SOON = timedelta(days=90)


@dataclass
class Checked:
    """errors: what must be mended before anything is deployed. notes: what somebody should look at."""

    packs: dict[str, Pack] = field(default_factory=dict)
    errors: list[InvalidInput] = field(default_factory=list)
    notes: list[InvalidInput] = field(default_factory=list)


def check(on: date, packs: Path = PACKS, calendars: Path = CALENDARS) -> Checked:
    """Read a folder of packs with the words beside it (as shipped, where there are none), as of that day."""
    found = Checked()
    own = packs.parent / "words"
    try:
        classes, lists = load_words(own if own.is_dir() else PACKS.parent / "words")
    except InvalidInput as error:
        found.errors.append(error)
        return found
    for path in sorted(packs.glob("*.toml")):
        try:
            found.packs[path.stem] = load_pack(path, classes, lists)
        except InvalidInput as error:
            found.errors.append(error)
    if not found.packs and not found.errors:
        found.errors.append(InvalidInput("packs", "holds no pack", "name a folder of *.toml", str(packs)))
    for ask in (lambda: check_together(list(found.packs.values())), lambda: load_calendars(calendars)):
        try:
            ask()
        except InvalidInput as error:
            found.errors.append(error)
    found.notes += [note for pack in found.packs.values() for note in _notes(pack, on)]
    return found


def _notes(pack: Pack, on: date) -> Iterator[InvalidInput]:
    file = f"{pack.id}.toml"
    if pack.reviewed + STALE_AFTER < on:
        yield InvalidInput("reviewed", f"was {pack.reviewed}", "let a lawyer read it again", file)
    for rule in pack.rules():
        if on < rule.since <= on + SOON:
            yield InvalidInput(rule.id, f"begins on {rule.since}", "see `recobro law diff`", file)
        if rule.to is not None and on <= rule.to <= on + SOON:
            yield InvalidInput(rule.id, f"ends on {rule.to}", "see what takes its place", file)
        if rule.conf is Conf.LOW:
            yield InvalidInput(rule.id, f"rests on a weak source: {rule.article}", "have it confirmed", file)
