"""Judges one contact by every rule that binds it, on every clock that may be the debtor's, and says each rule that it broke."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .binding import clocks, is_holiday, local, packs_over
from .counting import counting_breaches
from .law_files import Law, Pack, Rule
from .scene import Breach, Scene

ACTORS = {"first_party": "original_creditor", "third_party": "third_party", "debt_buyer": "debt_buyer"}
REACH = ("not_covered", "not_covered_same_windows", "policy_same_windows", "covered")
"""How far a pack reaches, least first: nothing, its hours alone, everything by caution, everything."""

NO_CLOCK = "zone.unknown"
UNKNOWN_EVENT = "event.unknown"
UNKNOWN_ROLE = "recipient"


def breaches(
    law: Law, scene: Scene, margin: timedelta = timedelta(0), own: tuple[Pack, ...] = ()
) -> list[Breach]:
    """Every rule that the contact broke, each once. margin: how far from the edges of the hours it had to stay.

    own: packs of the client's own limits, beside the country's.
    """
    packs = [*packs_over(law, scene.country, scene.subdivision), *own]
    zones = clocks(packs, scene)
    found: dict[str, Breach] = {}
    if not zones:
        found[NO_CLOCK] = Breach(NO_CLOCK, "the debtor's own clock must be known", scene.at, "no zone is known")
    for zone in zones or [ZoneInfo("UTC")]:
        for breach in _on_clock(law, packs, scene, zone, margin, is_blind=not zones):
            found.setdefault(breach.rule, breach)
    return list(found.values())


def _on_clock(
    law: Law, packs: list[Pack], scene: Scene, zone: ZoneInfo, margin: timedelta, *, is_blind: bool
) -> Iterable[Breach]:
    now = local(scene.at, zone)
    yield from _unnamed_events(packs, scene, now)
    for pack in packs:
        parent = next((one for one in packs if one.id == pack.parent), None)
        yield from _gates(pack, scene, now)
        reach, forbidding = reach_of(pack, parent, scene, now)
        if forbidding is not None:
            yield Breach(forbidding.id, forbidding.article, now, f"{scene.stage}: not for messages")
        if reach == "not_covered" or is_exempt(pack, parent, scene, now):
            continue
        if not is_blind:
            yield from _hours(law, pack, scene, zone, now, margin)
        if reach in ("covered", "policy_same_windows"):
            yield from counting_breaches(with_parents_words(pack, parent), scene, zone)


def with_parents_words(pack: Pack, parent: Pack | None) -> Pack:
    """An overlay says nothing of stages and exempt kinds: its country's hold."""
    if parent is None:
        return pack
    return pack.with_rules(
        stages=(*pack.of("stages"), *parent.of("stages")), exempt=(*pack.of("exempt"), *parent.of("exempt"))
    )


def is_exempt(pack: Pack, parent: Pack | None, scene: Scene, now: datetime) -> bool:
    """Whether the law takes this kind of contact out of its measures."""
    return any(
        scene.kind in rule["kinds"] and rule.in_force(now.date())
        for rule in with_parents_words(pack, parent).of("exempt")
    )


def reach_of(
    pack: Pack, parent: Pack | None, scene: Scene, now: datetime
) -> tuple[str, Rule | None]:
    """How far the pack reaches this contact, and the rule that forbids it altogether, if any."""
    applies, today = pack.applies, now.date()
    said: list[tuple[str, Rule]] = []
    for rule in with_parents_words(pack, parent).of("stages"):
        if rule["stage"] == scene.stage and rule.in_force(today):
            said.append((rule["coverage"], rule))
    if ACTORS[scene.acts_as] not in applies["actors"]:
        said.append((applies.get("other_actors", "policy_same_windows"), applies))
    if scene.debtor_class == "commercial":
        said.append((applies.get("commercial", "not_covered_same_windows"), applies))
    forbidding = next((rule for coverage, rule in said if coverage == "forbidden"), None)
    known = [coverage for coverage, _ in said if coverage in REACH]
    return min(known, key=REACH.index, default="covered"), forbidding


def _unnamed_events(packs: list[Pack], scene: Scene, now: datetime) -> Iterable[Breach]:
    """What happened and no rule names stops everything until somebody looks."""
    named = {rule["event"] for pack in packs for rule in pack.of("stop_events")}
    for event in sorted(scene.events - named):
        yield Breach(UNKNOWN_EVENT, "an event that no pack names", now, event)


def _gates(pack: Pack, scene: Scene, now: datetime) -> Iterable[Breach]:
    """What no hour mends: events, recipients, closed channels, where a point came from, consent."""
    today = now.date()
    for rule in pack.of("stop_events"):
        blocks = rule.get("blocks", frozenset({scene.channel}))
        if rule.in_force(today) and rule["event"] in scene.events and scene.channel in blocks:
            if scene.kind not in rule.get("allows", ()):
                yield Breach(rule.id, rule.article, now, f"{rule['event']} had happened")
    yield from _recipient(pack, scene, now)
    for rule in pack.of("channel_rules"):
        if rule.in_force(today) and scene.channel in rule["channels"]:
            if not set(rule.get("unless", ())) & scene.waivers:
                yield Breach(rule.id, rule.article, now, f"{scene.channel} is closed")
    for rule in pack.of("provenance"):
        if rule.in_force(today):
            if scene.provenance in rule.get("forbid", ()) or scene.provenance not in rule["allowed"]:
                yield Breach(rule.id, rule.article, now, f"the point came from {scene.provenance}")
    for rule in pack.of("consent"):
        if rule.in_force(today) and scene.channel in rule["channels"]:
            if scene.kind not in rule.get("exempt_kinds", ()) and scene.channel not in scene.authorised:
                yield Breach(rule.id, rule.article, now, f"{scene.channel} was not authorised")


def _recipient(pack: Pack, scene: Scene, now: datetime) -> Iterable[Breach]:
    rules = [rule for rule in pack.of("recipients") if rule.in_force(now.date())]
    if scene.role != "principal" and rules:
        ours = [rule for rule in rules if rule["who"] == scene.role]
        if not ours:
            yield Breach(UNKNOWN_ROLE, "only who owes is contacted", now, f"a {scene.role}")
        for rule in ours:
            if rule["treatment"] not in ("own_bucket_same_rules", "treated_as_consumer_own_bucket"):
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
    return treatment in ("own_bucket_same_rules", "treated_as_consumer_own_bucket")


def _hours(
    law: Law, pack: Pack, scene: Scene, zone: ZoneInfo, now: datetime, margin: timedelta
) -> Iterable[Breach]:
    for rule in pack.of("windows"):
        if not rule.in_force(now.date()) or scene.channel not in rule["channels"]:
            continue
        if set(rule.get("waivers", ())) & scene.waivers or gives_way(rule, scene, now):
            continue
        for instant in instants(scene.at, margin):
            closed = why_closed(law, rule, scene, local(instant, zone))
            if closed:
                yield Breach(rule.id, rule.article, now, closed)
                break


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
    if holiday != "allow" and is_holiday(law, scene, clock.date(), doubt_closes=holiday == "forbid"):
        return f"{clock.date()} is a holiday, or may be one"
    return ""
