"""Nobody but the person learns of a debt: proved over every template, and every leak that we plant is found by the proof alone."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from infra.playbook.firewall import leaks, situations
from infra.playbook.folder import read_folder
from recobro.domain.channel import Channel
from recobro.domain.client import SETUP_NAMES
from recobro.domain.contact_point import Level
from recobro.domain.disclosure import NEUTRAL_VARIABLES, ceiling
from recobro.domain.template import DEPTH
from recobro.domain.variables import KNOWN
from tests.demo_client import change, copied, folder, playbook

TELLING = sorted(KNOWN - NEUTRAL_VARIABLES)
SUBJECT = 'subject = "{sender_name} tiene un mensaje para usted"'
OPENING = "Este mensaje es personal y solo para usted."
CALL = "Tenemos un mensaje personal para usted. Cuando guste"
NEUTRAL_SMS = "{who}, le dejó un mensaje: {link}"

VARIABLES = [
    ("early.es", "parts.email.subject", SUBJECT, SUBJECT[:-1] + f' {{{name}}}"')
    for name in TELLING
    if name not in {"paid_amount", "paid_on"}
]
PLANTED = [
    *VARIABLES,
    ("early.es", "parts.email.preview", 'preview = "Es personal.', 'preview = "{amount}.'),
    ("early.es", "parts.email.preview", 'preview = "Es personal.', 'preview = "Contrato vencido.'),
    ("early.es", "parts.email.subject", SUBJECT, 'subject = "Su adeudo con {creditor_name}"'),
    ("early.es", "parts.whatsapp.opening", OPENING, "Le faltan {amount}."),
    ("early.es", "parts.whatsapp.opening", OPENING, "Se trata de su deuda."),
    ("early.es", "parts.email.body", '[parts.email]\nlevel = "addressed"', '[parts.email]\nlevel = "neutral"'),
    ("early.es", "parts.whatsapp.body", '[parts.whatsapp]\nlevel = "addressed"', '[parts.whatsapp]\nlevel = "neutral"'),
    ("early.es", "parts.sms.body", "[parts.email]", '[parts.sms]\nbody = "{who}: {amount} {link}"\n\n[parts.email]'),
    ("early.es", "parts.push.subject", "[parts.email]", '[parts.push]\nsubject = "Pago vencido"\nbody = "{who} {link}"\n\n[parts.email]'),
    ("neutral.es", "parts.sms.body", NEUTRAL_SMS, "{who}: debe {amount}: {link}"),
    ("neutral.es", "parts.sms.body", NEUTRAL_SMS, "{who}, por {items}: {link}"),
    ("neutral.es", "parts.sms.body", NEUTRAL_SMS, "{who}, desde {when}: {link}"),
    ("neutral.es", "parts.sms.body", NEUTRAL_SMS, "{who}, le recuerda su pago: {link}"),
    ("neutral.es", "parts.push.subject", 'subject = "Tiene un mensaje"', 'subject = "{amount}"'),
    ("neutral.es", "parts.push.subject", 'subject = "Tiene un mensaje"', 'subject = "Saldo pendiente"'),
    ("neutral.es", "parts.push.body", "Toque aquí para leerlo.", "Venció hace {days} días."),
    ("neutral.es", "parts.voice.body", CALL, "Es sobre su deuda. Cuando guste"),
    ("neutral.es", "parts.voice.body", CALL, "Es sobre {refs}. Cuando guste"),
    ("neutral.es", "parts.email.body", "Tenemos un mensaje personal para usted y", "Son {breakdown} y"),
    ("neutral.es", "parts.email.body", "Tenemos un mensaje personal para usted y", "{role} y"),
    ("neutral.es", "parts.whatsapp.opening", "Tenemos un mensaje personal para usted y está", "{pay_ways_brief} está"),
    ("phrases.es", "parts.sms.body", "{agency_name}, por encargo de {creditor_name}", "{agency_name}, por su deuda con {creditor_name}"),
    ("phrases.es", "parts.sms.body", "Salir: en el enlace.", "Si ya pagó, en el enlace."),
    ("phrases.es", "parts.email.body", "Si este mensaje no es para usted", "Si esta deuda no es suya"),
]  # fmt: skip


def found(copy: Path) -> Iterator[tuple[str, str]]:
    """(file, place) of each leak that the proof alone finds; no other check has a word in it."""
    read, errors = read_folder(copy)
    assert read is not None, errors
    spoilt = replace(playbook(), templates=read.templates, phrases=read.phrases)
    return ((one.where, one.field) for one in leaks(read, spoilt))


def test_no_message_of_ours_tells_anybody_else() -> None:
    assert [str(one) for one in leaks(folder(), playbook())] == []


@pytest.mark.parametrize(("file", "place", "old", "new"), PLANTED)
def test_a_planted_leak_is_found(tmp_path: Path, file: str, place: str, old: str, new: str) -> None:
    copy = copied(tmp_path)
    for path in (copy / "messages").glob("*.toml"):
        if path.name not in {"early.es.toml", "neutral.es.toml", "phrases.es.toml"}:
            path.unlink()
    change(copy, f"messages/{file}.toml", old, new)
    own = file if not file.startswith("phrases") else "neutral.es"
    assert any(f"messages/{own}.toml" in where and place == field for where, field in found(copy))


def test_so_many_are_planted() -> None:
    assert len(PLANTED) >= 40


def test_the_proof_looks_at_every_part_of_every_template() -> None:
    read, book = folder(), playbook()
    asked = {
        (one.template, one.channel, one.level, one.acts_as, one.dpd > 0, one.is_first)
        for one in situations(read, book)
    }
    names = {template.name for template in read.templates.values()}
    voices = {brand.acts_as_in(stage.name) for brand in read.client.brands for stage in read.strategy.stages}
    every = product(names, SETUP_NAMES, Level, voices, (False, True), (False, True))
    assert asked == set(every)


@pytest.mark.parametrize("acts_as", ["first_party", "third_party", "debt_buyer"])
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("channel", list(Channel))
def test_what_is_chosen_never_exceeds_what_the_point_may_carry(
    channel: Channel, level: Level, acts_as: str
) -> None:
    """The part that the code takes declares no more than the level, whichever template it is."""
    for dpd in (-3, 0, 1, 12):
        most = ceiling(channel, point=level, acts_as=acts_as, dpd=dpd)
        assert DEPTH[most] <= DEPTH[level]
        assert most is not Level.IDENTIFIED
        for template in playbook().templates.values():
            part = template.part_for(channel, most)
            assert not part or DEPTH[template.parts[part].level] <= DEPTH[most]
