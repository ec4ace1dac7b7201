"""Invented people and a small playbook for the tests: short to read, strict enough to decide from."""

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

from infra.locale_formats import locale_formats
from infra.playbook.replies import Replies, templates_of
from recobro.codec import from_plain
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import (
    Agency,
    Approval,
    Attestation,
    Brand,
    ChannelSetup,
    Client,
    Gateway,
    Limits,
    PayWay,
    Schedule,
)
from recobro.domain.contact_point import Authorisation, ContactPoint, Level, PointKind
from recobro.domain.debt import Amounts, Debt
from recobro.domain.debtor import Debtor, Personal, Profile
from recobro.domain.phrases import Phrases
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Stage, Step, Strategy
from recobro.domain.template import Part, Template
from recobro.law.load import load_calendars, load_packs

ROOT = Path(__file__).resolve().parents[1]
MESSAGES = ROOT / "infra/clients/demo/messages"
PHRASES = MESSAGES / "phrases.es.toml"

MONDAY_NOON_MX = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
"""Monday 9 March 2026, 12:00 in Mexico City, 13:00 in Bogotá."""

AMINTA = "d" + "0" * 22 + "1"
"""An invented person's id."""


@cache
def playbook() -> Playbook:
    """A client with one brand in Mexico and one in Colombia, e-mail and SMS, five short stages."""
    channels = {
        name: ChannelSetup(enabled=True, identity="sample", rate=10)
        for name in ("sms", "email", "whatsapp", "voice", "push")
    }
    client = Client(
        name="sample",
        countries=("MX", "CO"),
        agency=Agency("Cobranza Amable", "Calle 1", "+525550100000", "hola@example.com", "Ana Prueba"),
        brands=(
            brand("muebles", "Muebles Luna", "Muebles Luna, S.A.", "MX", "55 5010 0001"),
            brand("andes", "Crédito Andes", "Crédito Andes S.A.S.", "CO", "601 555 0100"),
        ),
        schedule=Schedule("America/Mexico_City", time(7), time(22), 15, 2),
        channels=channels,
        approvals=tuple(
            Approval(channel, country, brand, "sample", date(2026, 1, 1))
            for channel in (Channel.SMS, Channel.WHATSAPP)
            for country, brand in (("MX", "muebles"), ("CO", "andes"))
        ),
        attestations=(Attestation("muebles", date(2026, 1, 2), "their compliance officer", "creditor"),),
        limits=Limits(),
        gateways={"standard": Gateway("main", "creditor")},
    )
    digital = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
    strategy = Strategy(
        name="sample",
        segments=(),
        stages=(
            Stage(
                "pre_due",
                -5,
                0,
                (
                    Step("five_before", -5, digital, "reminder", kind=Kind.REMINDER_PRE_DUE),
                    Step("day_before", -1, digital, "reminder", kind=Kind.REMINDER_PRE_DUE),
                ),
            ),
            Stage("early", 1, 30, (Step("first", 3, digital, "late"), Step("second", 10, digital, "late"))),
            Stage("late", 31, 400, (Step("call", 31, task="call", priority=2),)),
        ),
        min_actionable={"MXN": 5_000, "COP": 1_000_000},
    )
    packs = load_packs()
    written = (words("reminder"), words("late"), shipped("optout_confirmation"), shipped("agreement"))
    templates = {**{f"{one.name}.{one.language}": one for one in written}, **answers()}
    hashes = {"plan": "one", **{f"template.{name}": f"hash of {name}" for name in templates}}
    phrases = from_plain(Phrases, tomllib.loads(PHRASES.read_text("utf-8")))
    locales = locale_formats(["es"], ["MX", "CO"])
    return Playbook(client, strategy, templates, packs, load_calendars(), locales, hashes, {"es": phrases})


def shipped(name: str) -> Template:
    """A message of the demonstration's, in Spanish, as its file has it."""
    return from_plain(Template, tomllib.loads((MESSAGES / f"{name}.es.toml").read_text("utf-8")))


def answers() -> dict[str, Template]:
    """What is answered to who writes, in the words that ship."""
    plain = tomllib.loads((MESSAGES / "replies.es.toml").read_text("utf-8"))
    return templates_of({"es": from_plain(Replies, plain)})


def brand(name: str, shown: str, legal: str, country: str, contact: str) -> Brand:
    """A creditor for whom the agency collects, paid by transfer to itself."""
    transfer = PayWay("Transferencia", "a la cuenta 0000", legal)
    unit = f"quejas@{name}.example.com, {contact}"
    return Brand(name, shown, legal, "third_party", country, contact, unit, pay_ways=(transfer,))


NOTICE = """{list}

{breakdown} {pay_ways} {pay_only_to}

{agent_name}, {agency_name}, {agency_address}, {agency_phone}. {complaint_unit} {channels_offered} {amount}"""
"""What a first contact has to say in Mexico and Colombia."""


def words(name: str) -> Template:
    """A template that says the same by every channel; the e-mail gives the first-contact notice besides."""
    text = "Hola {given_name}, te escribe {agency_name} de parte de {creditor_name}: {link} {opt_out}"
    named = ("given_name", "agency_name", "creditor_name", "link", "opt_out")
    whatsapp = Part(text, template=f"{name}_1", parameters=named)
    mail = Part(f"{text}\n\n{NOTICE}", subject="Un mensaje de {creditor_name}", preview="De {creditor_name}")
    plain = Part(text)
    parts = {
        "sms": plain,
        "email": mail,
        "whatsapp": whatsapp,
        "voice": plain,
        "push": Part(text, subject="Hola"),
    }
    return Template(name, "es", Kind.COLLECTION, parts, carries_notice=("email",))


def with_strategy(**changes: object) -> Playbook:
    """The sample playbook with another strategy."""
    book = playbook()
    return replace(book, strategy=replace(book.strategy, **changes))  # type: ignore[arg-type]


def debt(ref: str = "A1", *, due_on: date = date(2026, 3, 4), amount: int = 150_000, **more: object) -> Debt:
    values: dict[str, object] = {
        "creditor": "muebles",
        "currency": "MXN",
        "amounts": Amounts(principal=amount),
        "calculated_on": date(2026, 3, 9),
        **more,
    }
    return Debt(ref=ref, due_on=due_on, **values)  # type: ignore[arg-type]


def phone(
    point: str = "p1", *, authorised: tuple[Channel, ...] = (), provenance: str = "creditor"
) -> ContactPoint:
    return ContactPoint(
        id=point,
        kind=PointKind.PHONE,
        provenance=provenance,
        level=Level.ADDRESSED,
        authorisations=tuple(
            Authorisation(one, "form 7", datetime(2026, 1, 5, tzinfo=UTC)) for one in authorised
        ),
    )


def email(
    point: str = "p2", *, authorised: tuple[Channel, ...] = (), provenance: str = "creditor"
) -> ContactPoint:
    return replace(phone(point, authorised=authorised, provenance=provenance), kind=PointKind.EMAIL)


def debtor(*debts: Debt, points: tuple[ContactPoint, ...] | None = None, country: str = "MX") -> Debtor:
    """A person in Mexico City (or Bogotá) with a fresh feed and, unless said otherwise, a phone and an e-mail."""
    zone = "America/Mexico_City" if country == "MX" else "America/Bogota"
    owed = debts or (debt(),)
    return Debtor(
        id=AMINTA,
        version=1,
        profile=Profile(country=country, zones=(zone,)),
        personal=Personal(name="Aminta Prueba", given_name="Aminta", key="00" * 16),
        debts=owed,
        points=points if points is not None else (phone(), email()),
        feeds={one.creditor: date(2026, 3, 9) for one in owed},
    )
