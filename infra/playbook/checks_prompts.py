"""A bot says what its prompt gives it to say, so a prompt is read by the law as a message is, before it can be deployed.

`prompts/<name>.<language>.toml` of a client's folder: `says`, the sentences that may reach a person, and `instructions`, what
the bot is told. An instruction that forbids ("nunca preguntes por qué no pagó") has to name what it forbids: a line that
begins with no, nunca, jamás, não, never or do not is not held against it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.playbook.folder import Folder
from recobro.domain.channel import Channel, Kind
from recobro.domain.playbook import Playbook
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for
from recobro.law.content import banned
from recobro.law.pack import Pack

PROMPTS = "prompts"
SPOKEN_BY = (Channel.WHATSAPP, Channel.VOICE_AUTO)
"""A bot writes and speaks; where the law forbids by one channel only, either is asked."""
_FORBIDS = re.compile(r"^\W*(?:no|nunca|jam[aá]s|n[aã]o|never|do not|don.t)\b", re.IGNORECASE)
_LINES = re.compile(r"[\n]+|(?<=[.!?])\s+")


def errors(read: Folder, playbook: Playbook, folder: Path) -> Iterator[InvalidInput]:
    """What a client's prompts must not say, in any country that they may be used in; nothing where there are none."""
    for path in sorted((folder / PROMPTS).glob("*.toml")):
        where = f"{folder.name}/{PROMPTS}/{path.name}"
        try:
            prompt = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            yield InvalidInput("TOML", str(error), "write it as TOML 1.0 in UTF-8", where)
            continue
        yield from _shape(prompt, where)
        for country in read.client.countries:
            for pack in packs_for(playbook.packs, country):
                yield from _unlawful(prompt, pack, country, where)


def sentences(prompt: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(field, text) of all that counts as said: what the bot says, and what it is told to do."""
    says = prompt.get("says", [])
    for number, text in enumerate(says if isinstance(says, list) else []):
        yield f"says[{number}]", str(text)
    told = str(prompt.get("instructions", ""))
    for line in _LINES.split(told):
        if line.strip() and not _FORBIDS.match(line):
            yield "instructions", line


def _shape(prompt: Mapping[str, object], where: str) -> Iterator[InvalidInput]:
    for name in sorted(set(prompt) - {"says", "instructions"}):
        yield InvalidInput(name, "unknown field", "known here: instructions, says", where)
    says = prompt.get("says", [])
    if not isinstance(says, list) or not all(isinstance(one, str) for one in says):
        yield InvalidInput("says", "must be a list of sentences", 'says = ["…"]', where)
    if not isinstance(prompt.get("instructions", ""), str):
        yield InvalidInput("instructions", "must be text", 'instructions = """…"""', where)


def _unlawful(prompt: Mapping[str, object], pack: Pack, country: str, where: str) -> Iterator[InvalidInput]:
    """Each rule once per sentence, whichever of its phrases the sentence holds."""
    for field, text in sentences(prompt):
        found = [
            one
            for channel in SPOKEN_BY
            for one in banned(pack, text, channel=channel, kind=Kind.COLLECTION, country=country)
        ]
        for one in {one.rule: one for one in reversed(found)}.values():
            problem = f"{country}, {one.rule}: {one.detail} ({one.source})"
            yield InvalidInput(field, problem, one.change, where)
