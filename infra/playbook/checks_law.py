"""Every template is read aloud to the laws of every country it may go to: what they require is there, what they forbid is not."""

from collections.abc import Iterator

from infra.playbook import samples
from infra.playbook.folder import Folder, file_of
from infra.playbook.readings import Reading, readings
from recobro.domain import gsm7
from recobro.domain.playbook import Playbook
from recobro.domain.provided import provided
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for
from recobro.law.content import lint

MAX_HTML_BYTES = 30_000
MAX_WHATSAPP = 1_024
"""Characters of a WhatsApp template's body (Meta)."""


def findings(folder: Folder, playbook: Playbook) -> tuple[list[InvalidInput], list[InvalidInput]]:
    """Errors, each once per part whoever's reading showed it; and one warning of the SMS that cost more than one part."""
    errors: dict[tuple[str, str, str], InvalidInput] = {}
    dear: dict[tuple[str, str], int] = {}
    for reading in readings(folder, playbook):
        if isinstance(reading, InvalidInput):
            errors.setdefault((reading.where, reading.field, reading.problem), reading)
            continue
        place = f"parts.{reading.part_name}"
        for key, problem, fix in (*_unlawful(reading, playbook), *_unfit(reading)):
            if (reading.name, place, key) not in errors:
                errors[reading.name, place, key] = folder.problem(file_of(reading.name), place, problem, fix)
        parts = gsm7.parts(reading.rendered.text) if reading.channel == "sms" else 1
        if parts > 1:
            at = (reading.name, place)
            dear[at] = max(parts, dear.get(at, 0))
    return list(errors.values()), _dear(folder, dear)


def _dear(folder: Folder, dear: dict[tuple[str, str], int]) -> list[InvalidInput]:
    """The link alone is often half of an SMS, so this is one note and not one for each template."""
    if not dear:
        return []
    name, place = min(dear, key=lambda at: (-dear[at], at))
    problem = f"{len(dear)} SMS take more than one part; this one takes {dear[name, place]}"
    return [
        folder.problem(
            file_of(name), place, problem, "every part is charged: shorten the words or the link's address"
        )
    ]


def _unlawful(reading: Reading, playbook: Playbook) -> Iterator[tuple[str, str, str]]:
    """The words are the same for everybody, so the first reading of a country and voice is enough."""
    if not reading.is_first:
        return
    for pack in packs_for(playbook.packs, reading.country):
        refusals = lint(
            pack,
            reading.text,
            channel=samples.CHANNELS[reading.channel],
            kind=reading.template.kind,
            first_contact=reading.part_name in reading.template.carries_notice,
            provided=provided(reading.part_name, reading.part),
            acts_as=reading.acts_as,
            country=reading.country,
        )
        for one in refusals:
            said = f"{reading.country}, {one.rule}: {one.detail} ({one.source})"
            yield f"{one.rule} {one.detail}", said, one.change


def _unfit(reading: Reading) -> Iterator[tuple[str, str, str]]:
    """What a carrier would refuse or a mail client cut off."""
    size = len(reading.rendered.html.encode())
    if size > MAX_HTML_BYTES:
        yield "html", f"is {size} bytes of HTML for {reading.about}", f"keep it under {MAX_HTML_BYTES}"
    length = len(reading.rendered.text)
    if reading.channel == "whatsapp" and length > MAX_WHATSAPP:
        fix = f"keep it under {MAX_WHATSAPP}, with room for long names"
        yield "whatsapp", f"is {length} characters for {reading.about} of {reading.brand.name}", fix
