"""The demonstration client as it is compiled, copies of it to spoil, and invented people who hear from it."""

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from infra.playbook import samples
from infra.playbook.compiling import assemble
from infra.playbook.folder import Folder, read_folder
from infra.repository import client_folder
from recobro.domain.channel import Channel
from recobro.domain.contact_point import Level
from recobro.domain.debtor import Debtor, Personal
from recobro.domain.decision import Contact
from recobro.domain.playbook import Playbook
from recobro.domain.wording import Message, compose

FOLDER: Path = client_folder("demo")
CLIENT, STRATEGY = "client.toml", "strategy.toml"
TODAY: date = samples.TODAY
LINK = "https://pagos.example.com/p/token"
UNSUBSCRIBE = "https://pagos.example.com/u/token"
MX, CO, B2B = "fabula", "quimera", "utopia"


@cache
def folder() -> Folder:
    read, errors = read_folder(FOLDER)
    assert read is not None, errors
    return read


@cache
def playbook() -> Playbook:
    return assemble(folder())


def contact(
    template: str,
    channel: Channel = Channel.EMAIL,
    *,
    brand: str = MX,
    about: str = "one debt",
    dpd: int = 12,
    level: Level = Level.ADDRESSED,
    stage: str = "early",
    first: bool = False,
    language: str = "es",
    personal: Personal | None = None,
) -> tuple[Debtor, Contact]:
    """A contact with one of the sample people, `dpd` days past due."""
    of = playbook().client.brand(brand)
    assert of is not None
    currency = "COP" if of.country == "CO" else "MXN"
    sample = next(one for one in samples.people(of, of.country, currency, language) if one.about == about)
    debtor, intended = samples.contact(
        sample, of, template, channel, dpd=dpd, level=level, stage=stage, first=first
    )
    return (replace(debtor, personal=personal) if personal else debtor), intended


def said(debtor: Debtor, intended: Contact) -> Message:
    """What is said in that contact."""
    paid = samples.thanks(playbook().client.brands[0], intended.due.currency)
    return compose(
        debtor,
        intended,
        playbook(),
        today=TODAY,
        link=LINK,
        unsubscribe=UNSUBSCRIBE,
        thanks=paid,
        now=samples.NOW,
    )


def copied(target: Path) -> Path:
    """The client's folder under another name, to spoil."""
    copy = target / "acme"
    shutil.copytree(FOLDER, copy)
    return copy


def in_spanish(copy: Path) -> Path:
    """Without the messages in other languages: it reads in a third of the time."""
    for path in (copy / "messages").glob("*.toml"):
        if path.name.split(".")[1] in {"pt", "en"}:
            path.unlink()
    return copy


def change(copy: Path, file: str, old: str, new: str) -> Path:
    """The first `old` in that file becomes `new`."""
    path = copy / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path
