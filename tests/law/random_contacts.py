"""Random contacts over every pack, made so that each rule is now and then the only one that refuses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from infra.auditor.law_files import Law, read_law, read_pack
from infra.auditor.scene import Happened, OpenDuty, Scene
from recobro.domain.channel import Channel, Kind
from recobro.law.choose import packs_for, tighten
from recobro.law.contact import Calendar, Duty, Intended, PastContact, Rung
from recobro.law.load import PACKS as SHIPPED_FOLDER
from recobro.law.load import load_packs
from recobro.law.pack import Pack
from tests.law.scene import CALENDARS
from tests.law.scene import PACKS as SHIPPED

INVENTED = Path(__file__).parent / "invented"
PACKS = {**SHIPPED, **load_packs(INVENTED, SHIPPED_FOLDER.parent / "words")}


def published() -> Law:
    """The auditor's reading of the shipped packs and of the invented country."""
    law = read_law(SHIPPED_FOLDER)
    return replace(law, packs={**law.packs, **read_law(INVENTED).packs})


CHANNELS = tuple(Channel)
KINDS = tuple(Kind)
RUNGS = tuple(Rung)
COUNTRIES = ("MX", "CO", "CL", "PE", "BR", "AR", "EC", "ES", "US", "US", "GB", "UY", "", "XA")
SUBDIVISIONS = {
    "US": ("", "MA", "US-MA", "NYC", "NY", "DC", "WA", "FL", "CA", "WA", "MA", "FL"),
    "BR": ("", "SP", "BR-RJ", "ES", "AM", "AL", "MG", "SP"),
    "AR": ("", "C", "B", "AR-C"),
    "ES": ("", "MD", "CT", "AN", "ZZ"),
    "CL": ("", "AP", "NB", "RM"),
    "GB": ("", "SCT", "ENG", "NIR"),
    "XA": ("", "1", "XA-1", "2"),
}
ODD_ZONES = (
    "America/Bogota",
    "Pacific/Easter",
    "America/Santiago",
    "America/Tijuana",
    "Europe/London",
    "Atlantic/Canary",
    "America/Los_Angeles",
    "America/Noronha",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "UTC",
)
PROVENANCES = (
    "creditor",
    "debtor",
    "debtor_authorised",
    "guarantor",
    "joint_obligor",
    "prior_collector",
    "tracing_verified",
    "skip_trace",
    "reference",
    "credit_bureau_lookup",
    "work_email",
    "unknown",
)
ROLES = (
    "principal",
    "codebtor",
    "guarantor",
    "spouse",
    "reference",
    "minor",
    "elderly_non_debtor",
    "neighbour",
)
SHARED = ("household", "contact_point", "account", "agency")
LINES = ("home", "mobile", "work", "shared", "unknown")
STAGES = ("pre_due", "past_due", "litigation", "insolvency")
ACTS = ("first_party", "third_party", "debt_buyer")
OUTCOMES = (
    *("", "", "", "", "busy", "not_in_service", "network_failure", "no_answer", "voicemail", "wrong_party"),
    *("third_party", "hard_bounce", "soft_bounce", "undelivered", "expired", "invalid_number"),
    *("refused", "right_party", "promise", "read"),
)
BY = ("collector", "collector", "collector", "creditor", "other_agency", "debtor")
DEBTS = (("d1",), ("d1",), ("d2",), ("d1", "d2"), ("d3",), ())
EVENTS = (
    *sorted({rule.event for pack in PACKS.values() for rule in pack.stop_events}),
    "never_heard_of",
    "employer_prohibits",
)
WAIVERS = tuple(
    sorted(
        {name for pack in PACKS.values() for rule in pack.windows for name in rule.waivers}
        | {name for pack in PACKS.values() for rule in pack.channel_rules for name in rule.unless}
    )
)


def _edges(packs: Iterable[Pack]) -> tuple[date, ...]:
    """The days on which a rule begins or has ended."""
    days = {day for pack in packs for rule in pack.rules() for day in (rule.since, rule.to)}
    return tuple(sorted(day for day in days if day is not None and day.year > 2001))


EDGES = _edges(PACKS.values())
CLOSED = frozenset({date(2026, 11, 25), date(2027, 3, 1), date(2024, 2, 29)})
"""What a client adds to the holidays."""
OWN_DATES = {**CALENDARS, "client": Calendar("client", CLOSED, (1, 0))}


OWN_LIMITS: tuple[dict[str, list[dict[str, Any]]], ...] = (
    {
        "caps": [
            {"at_most": 2, "calendar": "week"},
            {"at_most": 4, "calendar": "month", "counts": "delivered"},
            {
                "at_most": 1,
                "rolling_days": 3,
                "channels": "text",
                "per_channel": True,
                "scope": ["contact_point"],
            },
        ],
        "windows": [{"mon_fri": [["00:00", "12:00"], ["13:30", "24:00"]], "sat": ["02:00", "24:00"]}],
    },
    {
        "cooldowns": [
            {"id": "rest", "days": 3, "trigger_day_is_day": 0, "blocks": "all", "counts": "conversation"},
            {
                "id": "ours",
                "days": 2,
                "initiated_by": "collector",
                "blocks": "all",
                "scope": ["creditor"],
                "counts": "conversation",
            },
            {"id": "theirs", "days": 2, "initiated_by": "debtor", "blocks": "all", "counts": "connected"},
        ],
        "min_gaps": [
            {"full_days_between": 1, "channels": "emsg", "scope": ["debt"], "shared_with": ["creditor"]}
        ],
        "channel_rules": [{"channels": ["push"], "unless": ["debtor_request"]}],
        "windows": [{"mon_fri": ["01:00", "23:00"], "sun": ["01:00", "03:00"], "holiday": "forbid_known"}],
    },
    {
        "channel_locks": [{"rolling_days": 3, "channels": "remote", "exclude_kinds": ["duty_notice"]}],
        "consent": [{"channels": ["letter"], "requirement": "opt_in"}],
        "provenance": [{"allowed": ["debtor", "debtor_authorised", "creditor", "guarantor"]}],
    },
)
"""Limits of clients of their own: the shapes that no shipped pack uses are tried here."""


def with_defaults(limits: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A client's limits as a pack file would say them: what `tighten` promises to fill in."""
    filled: dict[str, Any] = {
        "id": "client",
        "effective": {"from": date(2000, 1, 1)},
        "applies": {
            "id": "client-applies-0",
            "article": "client file",
            "conf": "POLICY",
            "actors": ["original_creditor", "third_party", "debt_buyer"],
            "commercial": "covered",
        },
    }
    for table, rules in limits.items():
        counting = table in ("caps", "min_gaps", "channel_locks", "cooldowns")
        filled[table] = [
            {
                "id": f"client-{table}-{number}",
                "article": "client file",
                **({} if table == "provenance" else {"channels": "all"}),
                **({"scope": ["person"], "counts": "sent"} if counting else {}),
                **({"holiday": "allow"} if table == "windows" else {}),
                **rule,
                "conf": "POLICY",
            }
            for number, rule in enumerate(rules, start=1)
        ]
    return filled


OWN_PACKS = tuple((tighten(limits), read_pack(with_defaults(limits), "client")) for limits in OWN_LIMITS)


@dataclass(frozen=True)
class Drawn:
    """One contact as both sides are asked about it."""

    scene: Scene
    intended: Intended
    history: tuple[PastContact, ...]
    duties: tuple[Duty, ...]
    has_own_dates: bool
    margin: timedelta
    own: int | None


@cache
def packs_of(country: str, subdivision: str) -> tuple[Pack, ...]:
    """The engine's packs for a place."""
    return packs_for(PACKS, country, subdivision)


def draw(chance: Random) -> Drawn:
    """A contact that nothing is against, and then up to six things against it."""
    country = chance.choice(COUNTRIES)
    subdivision = chance.choice(SUBDIVISIONS.get(country, ("", "", "X1")))
    scene = Scene(
        at=datetime(2026, 11, 25, 15, tzinfo=UTC),
        channel=chance.choice(CHANNELS).value,
        creditor="acme",
        debts=("d1",),
        acts_as=chance.choice(("third_party", "third_party", "debt_buyer", "first_party")),
        country=country,
        subdivision=subdivision,
        zones=zones(chance, country, subdivision),
        provenance=chance.choice(("debtor_authorised", "debtor_authorised", "creditor")),
        authorised=frozenset(one.value for one in CHANNELS),
        line=chance.choice(("mobile", "mobile", "home", "unknown")),
        point=chance.choice(("p1", "p1", "")),
    )
    clock = ZoneInfo(chance.choice(scene.zones or plausible(country, subdivision) or ("UTC",)))
    scene = replace(scene, at=when(chance, clock, own_edges(country, subdivision)))
    if chance.random() < 0.75:
        scene = replace(scene, before=history(chance, scene, clock))
    for _ in range(chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 3, 4))):
        scene = against(chance, scene)
    margin = timedelta(seconds=chance.choice((0, 120)))
    has_own = chance.random() < 0.1
    own = chance.randrange(len(OWN_PACKS)) if chance.random() < 0.15 else None
    if has_own:
        scene = replace(scene, closed_dates=CLOSED)
    return Drawn(scene, *as_the_engine_sees(scene), has_own, margin, own)


def plausible(country: str, subdivision: str) -> tuple[str, ...]:
    """The zones that a country's pack names."""
    return packs_of(country, subdivision)[0].zones


def zones(chance: Random, country: str, subdivision: str) -> tuple[str, ...]:
    """One clock mostly; sometimes two, an odd one, or none known."""
    known = plausible(country, subdivision) or ("America/Montevideo",)
    lot = chance.random()
    if lot < 0.7:
        return (chance.choice(known),)
    if lot < 0.8:
        return tuple(dict.fromkeys((chance.choice(known), chance.choice(known))))
    if lot < 0.9:
        return (chance.choice(ODD_ZONES),)
    return ()


@cache
def own_edges(country: str, subdivision: str) -> tuple[date, ...]:
    """The days on which a rule begins or ends that may bind a person there; anybody's where none does."""
    return _edges(packs_of(country, subdivision)) or EDGES


def when(chance: Random, clock: ZoneInfo, own: tuple[date, ...]) -> datetime:
    """Mostly a working hour; else an edge of the hours, a holiday, a change of clocks, a year's end or a law's first day.

    own: the days on which a rule begins or ends there; around their midnight the law differs from clock to clock.
    """
    lot = chance.random()
    if lot < 0.5:
        day = date(2026, 9, 7) + timedelta(days=chance.randrange(800))
    elif lot < 0.62:
        day = chance.choice(_holidays()) + timedelta(days=chance.choice((-1, 0, 0, 0, 1)))
    elif lot < 0.7:
        day = chance.choice(EDGES) + timedelta(days=chance.choice((-1, 0, 0, 1, 3)))
    elif lot < 0.74:
        day = chance.choice(own)
    elif lot < 0.84:
        day = chance.choice(_changes(clock.key)) + timedelta(days=chance.choice((-1, 0, 0, 1, 2, 6)))
    elif lot < 0.92:
        day = date(chance.choice((2022, 2023, 2026, 2030, 2035)), 12, 31) + timedelta(
            days=chance.randrange(-2, 4)
        )
    else:
        day = date(2012, 1, 1) + timedelta(days=chance.randrange(9000))
    if 0.7 <= lot < 0.74:
        minute = chance.randrange(-180, 180)
    elif chance.random() < 0.6:
        minute = chance.randrange(10 * 60, 12 * 60)
    elif chance.random() < 0.7:
        minute = chance.choice(
            (0, 6, 7, 8, 9, 10, 12, 14, 15, 18, 19, 20, 21, 22, 23)
        ) * 60 + chance.randrange(-3, 4)
    else:
        minute = chance.randrange(0, 24 * 60)
    second = chance.choice((0, 0, 0, 1, 59, 30))
    local = datetime(day.year, day.month, day.day, tzinfo=clock) + timedelta(minutes=minute, seconds=second)
    return local.replace(fold=chance.randrange(2)).astimezone(UTC)


@cache
def _holidays() -> tuple[date, ...]:
    return tuple(sorted({day for one in CALENDARS.values() for day in one.dates}))


@cache
def _changes(name: str) -> tuple[date, ...]:
    """The dates on which a zone changes its clocks, 2023-2034; a day of no meaning where it never does."""
    clock, day = ZoneInfo(name), datetime(2023, 1, 1, 12, tzinfo=UTC)
    found = []
    for number in range(4380):
        here, there = day + timedelta(days=number), day + timedelta(days=number + 1)
        if here.astimezone(clock).utcoffset() != there.astimezone(clock).utcoffset():
            found.append(there.astimezone(clock).date())
    return tuple(found) or (date(2026, 10, 1),)


def history(chance: Random, scene: Scene, clock: ZoneInfo) -> tuple[Happened, ...]:
    """Nought to thirty earlier contacts, most of them within nine days and many at an edge of a day."""
    same = chance.random() < 0.5
    alike = chance.choice(("attempt", "sent", "delivered")) if chance.random() < 0.4 else ""
    count = chance.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 8, 9, 12, 20, 30))
    found = [one_before(chance, scene, clock, same=same) for _ in range(count)]
    if alike:
        found = [replace(one, rung=alike, outcome="", creditor="acme", debts=("d1",)) for one in found]
    return tuple(sorted(found, key=lambda one: one.at))


def one_before(chance: Random, scene: Scene, clock: ZoneInfo, *, same: bool) -> Happened:
    today = scene.at.astimezone(clock).date()
    day = today - timedelta(days=chance.choice((0, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 14, 27, 29, 30, 31)))
    edges = (0, 1, 30, 23 * 60 + 59, 23 * 60 + 20, 60, 120, chance.randrange(1440), chance.randrange(1440))
    minute = chance.choice(edges)
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock)
    at = min((midnight + timedelta(minutes=minute)).astimezone(UTC), scene.at - timedelta(seconds=1))
    channel = scene.channel if same or chance.random() < 0.4 else chance.choice(CHANNELS).value
    rung = chance.choice(("sent", "sent", "connected", "delivered", "conversation", "attempt", "released"))
    return Happened(
        at=at,
        channel=channel,
        creditor=chance.choice(("acme", "acme", "acme", "acme", "other", "")),
        debts=chance.choice(DEBTS),
        rung=rung,
        outcome=chance.choice(OUTCOMES),
        kind="collection" if same or chance.random() < 0.7 else chance.choice(KINDS).value,
        by=chance.choice(BY),
        point=chance.choice(("p1", "p1", "p2", "")),
        shared=chance.choice(SHARED) if chance.random() < 0.15 else "",
    )


def against(chance: Random, scene: Scene) -> Scene:
    """One thing that a rule may have against the contact."""
    changes: dict[str, Any] = chance.choice(AGAINST)(chance, scene)
    return replace(scene, **changes)


def _stage(chance: Random, scene: Scene) -> dict[str, Any]:
    stage = chance.choice(STAGES)
    return {"stage": stage, "kind": "reminder_pre_due" if stage == "pre_due" else scene.kind}


def _line(chance: Random, scene: Scene) -> dict[str, Any]:
    prohibits = frozenset({"employer_prohibits"} if chance.random() < 0.2 else ())
    return {"line": chance.choice(LINES), "events": scene.events | prohibits}


def _event(chance: Random, scene: Scene) -> dict[str, Any]:
    known = _events_of(scene.country, scene.subdivision)
    return {"events": scene.events | {chance.choice(known)}}


AGAINST: tuple[Callable[[Random, Scene], dict[str, Any]], ...] = (
    lambda chance, scene: {"events": scene.events | {chance.choice(EVENTS)}},
    lambda chance, _: {"role": chance.choice(ROLES)},
    lambda chance, _: {"provenance": chance.choice(PROVENANCES)},
    lambda _, scene: {"authorised": scene.authorised - {scene.channel}},
    lambda chance, scene: {
        "authorised": scene.authorised - {scene.channel},
        "kind": chance.choice(KINDS).value,
    },
    lambda chance, scene: {"waivers": scene.waivers | {chance.choice(WAIVERS)}},
    lambda *_: {"waivers": frozenset(WAIVERS)},
    lambda *_: {"debtor_class": "commercial"},
    lambda chance, _: {"kind": chance.choice(KINDS).value},
    lambda chance, scene: {"duties": (*scene.duties, duty(chance, scene))},
    lambda chance, _: {"acts_as": chance.choice(ACTS)},
    lambda chance, _: {"debts": chance.choice((("d1", "d2"), ("d2",), ("d1", "d2", "d3"), ()))},
    _stage,
    _line,
    _event,
)


@cache
def _events_of(country: str, subdivision: str) -> tuple[str, ...]:
    return tuple(sorted({rule.event for pack in packs_of(country, subdivision) for rule in pack.stop_events}))


def duty(chance: Random, scene: Scene) -> OpenDuty:
    """A duty of law that is due around then."""
    deadline = scene.at + timedelta(seconds=chance.choice((-86400, -1, 0, 1, 3600, 864000)))
    names: Sequence[str] = chance.choice(((), ("sms", "email"), ("letter",), ("voice",)))
    rule = chance.choice(("cl-useful-15", "us-validation-notice", "co-bureau-notice"))
    return OpenDuty(rule, deadline, frozenset(names), chance.choice(("", scene.creditor, "another")))


def as_the_engine_sees(scene: Scene) -> tuple[Intended, tuple[PastContact, ...], tuple[Duty, ...]]:
    """The same contact in the engine's own words."""
    intended = Intended(
        channel=Channel(scene.channel),
        kind=Kind(scene.kind),
        creditor=scene.creditor,
        stage=scene.stage,
        acts_as=scene.acts_as,
        debts=scene.debts,
        debtor=scene.debtor_class,
        role=scene.role,
        country=scene.country,
        subdivision=scene.subdivision,
        zones=scene.zones,
        provenance=scene.provenance,
        authorised=frozenset(map(Channel, scene.authorised)),
        waivers=scene.waivers,
        events=scene.events,
        line=scene.line,
        point=scene.point,
    )
    past = tuple(
        PastContact(
            at=one.at,
            channel=Channel(one.channel),
            creditor=one.creditor,
            debts=one.debts,
            rung=Rung(one.rung),
            outcome=one.outcome,
            kind=Kind(one.kind),
            by=one.by,
            point=one.point,
            of=one.shared,
        )
        for one in scene.before
    )
    duties = tuple(
        Duty(one.rule, one.deadline, frozenset(map(Channel, one.channels)), one.creditor)
        for one in scene.duties
    )
    return intended, past, duties
