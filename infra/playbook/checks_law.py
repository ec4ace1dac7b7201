"""Every template is read aloud to the laws of every country it may go to: what they require is there, what they forbid is not."""

from collections.abc import Iterator

from infra.playbook import samples
from infra.playbook.folder import Folder, file_of
from infra.playbook.provided import provided
from infra.playbook.readings import Reading, readings
from recobro.domain import gsm7
from recobro.domain.playbook import Playbook
from recobro.errors import InvalidInput
from recobro.law.choose import packs_for
from recobro.law.content import lint

MAX_HTML_BYTES = 30_000
MAX_WHATSAPP = 1_024
"""Characters of a WhatsApp template's body (Meta)."""


def findings(folder: Folder, playbook: Playbook) -> tuple[list[InvalidInput], list[InvalidInput]]:
    """Errors, and warnings of what only costs more; each once per part, whoever's reading showed it."""
    errors: dict[tuple[str, str, str], InvalidInput] = {}
    warnings: dict[tuple[str, str, str], InvalidInput] = {}
    for reading in readings(folder, playbook):
        if isinstance(reading, InvalidInput):
            errors.setdefault((reading.where, reading.field, reading.problem), reading)
            continue
        place = f"parts.{reading.part_name}"
        for found, key, problem, fix in _all(reading, playbook, errors, warnings):
            if (reading.name, place, key) not in found:
                found[reading.name, place, key] = folder.problem(file_of(reading.name), place, problem, fix)
    return list(errors.values()), list(warnings.values())


Found = dict[tuple[str, str, str], InvalidInput]


def _all(
    reading: Reading, playbook: Playbook, errors: Found, warnings: Found
) -> Iterator[tuple[Found, str, str, str]]:
    if reading.is_first:
        for key, problem, fix in _unlawful(reading, playbook):
            yield errors, key, problem, fix
    for key, problem, fix in _unfit(reading):
        yield errors, key, problem, fix
    parts = gsm7.parts(reading.rendered.text) if reading.channel == "sms" else 1
    if parts > 1:
        length = len(reading.rendered.text)
        problem = f"takes {parts} SMS for {reading.about} of {reading.brand.name} ({length} characters)"
        yield warnings, "sms", problem, "shorten it: every part is charged"


def _unlawful(reading: Reading, playbook: Playbook) -> Iterator[tuple[str, str, str]]:
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
