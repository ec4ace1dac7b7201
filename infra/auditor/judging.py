"""Judges one contact by every rule that binds it, on every clock that may be the debtor's, and says each rule that it broke."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .binding import clocks, holidays_known, is_holiday, local, packs_over
from .counting import BROKEN, counting_breaches, speaks_of
from .law_files import Law, Pack, Rule
from .scene import Breach, OpenDuty, Scene

ACTORS = {"first_party": "original_creditor", "third_party": "third_party", "debt_buyer": "debt_buyer"}
REACH = ("not_covered", "not_covered_same_windows", "policy_same_windows", "covered")
"""How far a pack reaches, least first: nothing, its hours alone, everything by caution, everything."""

OPEN_TO = ("own_bucket_same_rules", "treated_as_consumer_own_bucket")

NO_CLOCK = "zone.unknown"
UNKNOWN_EVENT = "event.unknown"
UNKNOWN_ROLE = "recipient"
NO_CALENDAR = "calendar.unknown"


def breaches(
    law: Law, scene: Scene, margin: timedelta = timedelta(0), own: tuple[Pack, ...] = ()
) -> list[Breach]:
    """Every rule that the contact broke, each once. margin: how far from the edges of the hours it had to stay.

    own: packs of the client's own limits, beside the country's.
    """
    packs = [*packs_over(law, scene.country, scene.subdivision), *own]
    scene = replace(scene, duties=_reserving(packs, scene.duties))
    zones = clocks(packs, scene)
    found: dict[str, Breach] = {}
    for zone in zones or [ZoneInfo("UTC")]:
        for breach in _on_clock(law, packs, scene, zone, margin, is_blind=not zones):
            found.setdefault(breach.of or breach.rule, breach)
    return list({breach.rule: breach for breach in found.values()}.values())


def _reserving(packs: list[Pack], duties: tuple[OpenDuty, ...]) -> tuple[OpenDuty, ...]:
    """The duties that keep a slot: all but those of which their pack says that they keep none."""
    none = {rule.id for pack in packs for rule in pack.of("duties") if not rule.get("reserve_cap", False)}
    return tuple(duty for duty in duties if duty.rule not in none)


def _on_clock(
    law: Law, packs: list[Pack], scene: Scene, zone: ZoneInfo, margin: timedelta, *, is_blind: bool
) -> Iterable[Breach]:
    now = local(scene.at, zone)
    yield from _unnamed_events(packs, scene, now)
    yield from _unnamed_role(packs, scene, now)
    for pack in packs:
        parent = next((one for one in packs if one.id == pack.parent), None)
        yield from _gates(pack, scene, now)
        reach, forbidding = reach_of(pack, parent, scene, now)
        if is_exempt(pack, scene, now):
            continue
        if forbidding is not None:
            yield Breach(forbidding.id, forbidding.article, now, f"{scene.stage}: not for messages")
        if reach == "not_covered":
            continue
        measured = ("windows",) if reach == "not_covered_same_windows" else ("windows", *BROKEN)
        if is_blind and not any(speaks_of(rule, scene) for table in measured for rule in pack.of(table)):
            continue
        if is_blind:
            yield Breach(NO_CLOCK, "hours and dates need the debtor's own clock", now, "no zone is known")
            continue
        yield from _hours(law, pack, scene, zone, now, margin)
        if reach in ("covered", "policy_same_windows"):
            yield from counting_breaches(with_parents_stages(pack, parent), scene, zone)


def with_parents_stages(pack: Pack, parent: Pack | None) -> Pack:
    """An overlay says nothing of stages: its country's hold."""
    return pack if parent is None else pack.with_rules(stages=(*pack.of("stages"), *parent.of("stages")))


def is_exempt(pack: Pack, scene: Scene, now: datetime) -> bool:
    """Whether this pack takes that kind of contact out of its own measures; it can't speak for another's."""
    return any(scene.kind in rule["kinds"] and rule.in_force(now.date()) for rule in pack.of("exempt"))


def reach_of(pack: Pack, parent: Pack | None, scene: Scene, now: datetime) -> tuple[str, Rule | None]:
    """How far the pack reaches this contact, and the rule that forbids it altogether, if any."""
    applies, today = pack.applies, now.date()
    said = [
        (rule["coverage"], rule)
        for rule in with_parents_stages(pack, parent).of("stages")
        if rule["stage"] == scene.stage and rule.in_force(today)
    ]
    if ACTORS[scene.acts_as] not in applies["actors"]:
        said.append((applies.get("other_actors", "policy_same_windows"), applies))
    if scene.debtor_class == "commercial":
        said.append((applies.get("commercial", "not_covered_same_windows"), applies))
    forbidding = next((rule for coverage, rule in said if coverage == "forbidden"), None)
    known = [coverage for coverage, _ in said if coverage in REACH]
    return min(known, key=REACH.index, default="covered"), forbidding


def _unnamed_events(packs: list[Pack], scene: Scene, now: datetime) -> Iterable[Breach]:
    """What happened and no rule names stops everything until somebody looks. An employer's word closes the workplace alone."""
    named = {rule["event"] for pack in packs for rule in pack.of("stop_events")} | {"employer_prohibits"}
    for event in sorted(scene.events - named):
        yield Breach(UNKNOWN_EVENT, "an event that no pack names", now, event)


def _unnamed_role(packs: list[Pack], scene: Scene, now: datetime) -> Iterable[Breach]:
    """Who owes nothing is contacted only where a pack says so."""
    named = {rule["who"] for pack in packs for rule in pack.of("recipients") if rule.in_force(now.date())}
    if scene.role not in named | {"principal", "codebtor", "guarantor"}:
        yield Breach(UNKNOWN_ROLE, "only who owes is contacted", now, f"a {scene.role}")


def _gates(pack: Pack, scene: Scene, now: datetime) -> Iterable[Breach]:
    """What no hour mends: events, recipients, closed channels, where a point came from, consent."""
    yield from _stopped(pack, scene, now)
    yield from _recipient(pack, scene, now)
    is_protected = scene.debtor_class != "commercial" or pack.applies.get("commercial") == "covered"
    for table in ("channel_rules", "provenance", "consent"):
        for rule in pack.of(table):
            if rule.in_force(now.date()) and (is_protected or rule.get("companies_too")):
                why = CLOSED[table](rule, scene)
                if why:
                    yield Breach(rule.id, rule.article, now, why)


def _stopped(pack: Pack, scene: Scene, now: datetime) -> Iterable[Breach]:
    for rule in pack.of("stop_events"):
        blocks = scene.channel in rule.get("blocks", (scene.channel,)) and scene.kind not in rule.get(
            "allows", ()
        )
        if blocks and rule.in_force(now.date()) and rule["event"] in scene.events:
            yield Breach(rule.id, rule.article, now, f"{rule['event']} had happened")


def _closed_channel(rule: Rule, scene: Scene) -> str:
    permitted = set(rule.get("unless", ())) & scene.waivers
    return f"{scene.channel} is closed" if scene.channel in rule["channels"] and not permitted else ""


def _wrong_provenance(rule: Rule, scene: Scene) -> str:
    may = scene.provenance in rule["allowed"] and scene.provenance not in rule.get("forbid", ())
    return "" if may else f"the point came from {scene.provenance}"


def _unauthorised(rule: Rule, scene: Scene) -> str:
    needs = scene.channel in rule["channels"] and scene.kind not in rule.get("exempt_kinds", ())
    return f"{scene.channel} was not authorised" if needs and scene.channel not in scene.authorised else ""


CLOSED = {
    "channel_rules": _closed_channel,
    "provenance": _wrong_provenance,
    "consent": _unauthorised,
}


def _recipient(pack: Pack, scene: Scene, now: datetime) -> Iterable[Breach]:
    rules = [rule for rule in pack.of("recipients") if rule.in_force(now.date())]
    for rule in rules:
        if scene.role == rule["who"] and rule["treatment"] not in OPEN_TO:
            yield Breach(rule.id, rule.article, now, f"a {scene.role}: {rule['treatment']}")
    if scene.line == "work":
        for rule in rules:
            if rule["who"] == "workplace" and not _may_use_work(rule["treatment"], scene):
                yield Breach(rule.id, rule.article, now, f"a work line: {rule['treatment']}")


def _may_use_work(treatment: str, scene: Scene) -> bool:
    if treatment == "only_if_given_as_contact_point":
        return scene.provenance in ("debtor", "debtor_authorised")
    if treatment == "only_on_request":
        return "debtor_request" in scene.waivers
    if treatment == "unless_employer_prohibits":
        return "employer_prohibits" not in scene.events
    return treatment in OPEN_TO


def _hours(
    law: Law, pack: Pack, scene: Scene, zone: ZoneInfo, now: datetime, margin: timedelta
) -> Iterable[Breach]:
    for rule in pack.of("windows"):
        if scene.channel not in rule["channels"] or set(rule.get("waivers", ())) & scene.waivers:
            continue
        for instant in instants(scene.at, margin):
            clock = local(instant, zone)
            if rule.in_force(clock.date()) and not gives_way(rule, scene, clock):
                closed = why_closed(law, rule, scene, clock)
                if closed:
                    yield _closed(law, rule, scene, now, closed)
                    break


def _closed(law: Law, rule: Rule, scene: Scene, now: datetime, why: str) -> Breach:
    """In a year whose holidays nobody published, a rule that minds them names that want."""
    minds = rule.get("holiday", "forbid") == "forbid" and rule.in_force(now.date())
    if minds and not gives_way(rule, scene, now) and not holidays_known(law, scene, now.date()):
        return Breach(NO_CALENDAR, rule.article, now, f"any date of {now.year} may be a holiday", rule.id)
    return Breach(rule.id, rule.article, now, why)


def gives_way(rule: Rule, scene: Scene, now: datetime) -> bool:
    """Whether a state's own hours stand in the place of this caution."""
    return any(
        scene.channel in other["channels"] and other.in_force(now.date())
        for other in rule.get("gives_way_to", ())
    )


def instants(at: datetime, margin: timedelta) -> list[datetime]:
    """The instant and every half minute around it, as far as the margin goes, both ends included."""
    steps = int(margin.total_seconds() // 30)
    around = [at + timedelta(seconds=30 * step) for step in range(-steps, steps + 1)]
    return [at - margin, *around, at + margin] if margin else [at]


def why_closed(law: Law, rule: Rule, scene: Scene, clock: datetime) -> str:
    """Why a window is closed at a moment of a clock; empty: it is open. Hours are half-open."""
    second = clock.hour * 3600 + clock.minute * 60 + clock.second
    if not any(opens * 60 <= second < closes * 60 for opens, closes in rule["hours"][clock.weekday()]):
        return f"{clock:%A} {clock:%H:%M:%S} is outside the hours"
    holiday = rule.get("holiday", "forbid")
    if holiday != "allow" and is_holiday(law, scene, clock.date()):
        return f"{clock.date()} is a holiday"
    if holiday == "forbid" and not holidays_known(law, scene, clock.date()):
        return f"{clock.date()} may be a holiday"
    return ""
