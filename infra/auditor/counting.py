"""How often is too often: caps, gaps, locks and quiet, each by looking at every earlier contact one by one."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from .binding import local
from .law_files import Pack, Rule
from .scene import Breach, Happened, Scene

TALKED = ("right_party", "refused", "promise")
RANG = ("no_answer", "voicemail", "wrong_party", "third_party")
NOT_CONNECTED = ("busy", "not_in_service", "network_failure", "invalid_number")
BOUNCED = ("hard_bounce", "soft_bounce", "undelivered", "expired")
"""What the raw outcome of a carrier or an agent proves. A bounce was accepted first: it counts as sent."""


def counting_breaches(pack: Pack, scene: Scene, zone: ZoneInfo) -> Iterable[Breach]:
    """Every cap, gap, lock and cool-down of a pack that the contact breaks on one clock."""
    now = local(scene.at, zone)
    for table, broken in BROKEN.items():
        for rule in pack.of(table):
            if applies(rule, scene, now.date()):
                whys = (
                    (broken(rule, scene, seen, zone, now.date()), about)
                    for about, seen in buckets(pack, rule, scene)
                )
                why = next((f"{said}{about}" for said, about in whys if said), "")
                if why:
                    yield Breach(rule.id, rule.article, now, why)


def over_cap(rule: Rule, scene: Scene, seen: list[Happened], zone: ZoneInfo, today: date) -> str:
    """Why a cap has no room; empty: it has."""
    before = sum(is_in_period(rule, local(one.at, zone).date(), today) for one in seen)
    kept = reserved(rule, scene) if conditions_hold(rule, scene) else 0
    if not conditions_hold(rule, scene) or before + kept + 1 <= rule["at_most"]:
        return ""
    return f"{before} before it and {kept} reserved of {rule['at_most']}"


def too_near(rule: Rule, _: Scene, seen: list[Happened], zone: ZoneInfo, today: date) -> str:
    """Why too few whole days lie between; empty: enough do."""
    last = max((local(one.at, zone).date() for one in seen), default=None)
    if last is None or (today - last).days > rule["full_days_between"]:
        return ""
    return f"{last} lies too near: {rule['full_days_between']} full days between"


def locked(rule: Rule, scene: Scene, seen: list[Happened], zone: ZoneInfo, today: date) -> str:
    """Why the channel is locked; empty: no other was used."""
    others = {
        one.channel
        for one in seen
        if one.channel != scene.channel and is_in_period(rule, local(one.at, zone).date(), today)
    }
    return f"{', '.join(sorted(others))} was used before it" if others else ""


def resting(rule: Rule, _: Scene, seen: list[Happened], zone: ZoneInfo, today: date) -> str:
    """Why it is quiet after a conversation; empty: it is not."""
    quiet = rule["days"] if rule.get("trigger_day_is_day", 1) == 1 else rule["days"] + 1
    passed = [(today - local(one.at, zone).date()).days for one in seen]
    return f"a conversation {min(passed)} days before" if any(0 <= days < quiet for days in passed) else ""


BROKEN = {"caps": over_cap, "min_gaps": too_near, "channel_locks": locked, "cooldowns": resting}


def applies(rule: Rule, scene: Scene, today: date) -> bool:
    """Whether a rule that counts has a word on this contact today."""
    return rule.in_force(today) and speaks_of(rule, scene)


def speaks_of(rule: Rule, scene: Scene) -> bool:
    """Whether a measure is about such a contact at all."""
    channels = rule["blocks"] if rule.table == "cooldowns" else rule["channels"]
    return scene.channel in channels and not is_excluded(rule, scene.kind)


def is_excluded(rule: Rule, kind: str) -> bool:
    return kind in rule.get("exclude_kinds", ())


def conditions_hold(rule: Rule, scene: Scene) -> bool:
    """`only_if`: all must hold; what is unknown is taken to hold."""
    unconsented = scene.channel not in scene.authorised
    holds = {
        "residential_line": scene.line not in ("mobile", "work"),
        "contact_point_work": scene.line in ("work", "unknown"),
        "no_prior_express_consent": unconsented,
        "no_consent_yet": unconsented,
    }
    return all(holds[name] for name in rule.get("only_if", ()))


def buckets(pack: Pack, rule: Rule, scene: Scene) -> list[tuple[str, list[Happened]]]:
    """The earlier contacts that a rule sees, once for each debt where it counts per debt."""
    seen = [one for one in scene.before if counts(pack, rule, one, scene)]
    if "contact_point_work" in rule.get("only_if", ()) and scene.point:
        seen = [one for one in seen if one.point in ("", scene.point)]
    if not ({"debt", "account"} & set(rule["scope"])) or not scene.debts:
        return [("", seen)]
    return [
        (f" about {debt}", [one for one in seen if not one.debts or debt in one.debts])
        for debt in scene.debts
    ]


def counts(pack: Pack, rule: Rule, one: Happened, scene: Scene) -> bool:
    """Whether an earlier contact counts under a rule, whatever its date."""
    scope = rule["scope"]
    if one.shared and not is_shared(scope, one.shared):
        return False
    if one.rung == "released" or not reached(one, rule["counts"]):
        return False
    if one.channel not in rule["channels"] or (rule.get("per_channel") and one.channel != scene.channel):
        return False
    if one.outcome and one.outcome in rule.get("exclude_outcomes", ()):
        return False
    if not is_by(rule, one):
        return False
    if one.by != "debtor" and (is_excluded(rule, one.kind) or stays_out(pack, one, scene)):
        return False
    if "creditor" in scope and one.creditor and one.creditor != scene.creditor:
        return False
    return not ("contact_point" in scope and one.point and scene.point and one.point != scene.point)


def is_shared(scope: Iterable[str], shared: str) -> bool:
    """Whether a rule of that scope sees a contact with somebody else, or one made for another client of the agency."""
    if shared == "agency":
        return not {"creditor", "debt", "account"} & set(scope)
    if shared == "household":
        return "household" in scope
    if "person" in scope:
        return False
    return shared in scope or (shared == "account" and "debt" in scope)


def is_by(rule: Rule, one: Happened) -> bool:
    """Whose contacts count: ours, those of whom the rule names (all, where it names nobody); a debtor's only begin quiet."""
    if one.by == "debtor":
        return rule.table == "cooldowns" and rule.get("initiated_by", "any") in ("any", "debtor")
    if rule.table == "cooldowns" and rule.get("initiated_by", "any") == "debtor":
        return False
    if one.by == "collector":
        return True
    if "collector" in rule["scope"]:
        return False
    sharing = rule.get("shared_with")
    return sharing is None or one.by in sharing


def reached(one: Happened, wanted: str) -> bool:
    """Whether a contact got as far as a rule counts. The raw outcome, where it was written down, says more than the rung.

    A fate that nobody knows ("sent", no outcome) is taken at its worst: the call connected, and a human's may have been a talk.
    """
    if one.rung == "released":
        return False
    if one.outcome in TALKED or one.rung == "conversation":
        return True
    if wanted == "conversation":
        proves_none = one.outcome in (*RANG, *NOT_CONNECTED, *BOUNCED)
        return one.rung == "sent" and not proves_none and one.channel == "voice"
    if one.outcome in RANG and wanted in ("attempt", "sent", "connected"):
        return True
    if wanted == "delivered":
        may_have_arrived = one.rung in ("sent", "connected")
        failed = one.outcome in (*NOT_CONNECTED, *BOUNCED)
        return one.rung == "delivered" or (may_have_arrived and not failed)
    if wanted == "connected":
        return one.rung in ("connected", "delivered") or (
            one.rung == "sent" and one.outcome not in NOT_CONNECTED
        )
    return wanted == "attempt" or one.rung != "attempt" or one.outcome in BOUNCED


def stays_out(pack: Pack, one: Happened, scene: Scene) -> bool:
    """Kinds that the pack takes out of its measures, and reminders where the time before the due date is not covered."""
    if any(one.kind in rule["kinds"] for rule in pack.of("exempt")):
        return True
    before_due = [rule["coverage"] for rule in pack.of("stages") if rule["stage"] == "pre_due"]
    return one.kind == "reminder_pre_due" and bool(
        {"not_covered", "not_covered_same_windows"} & set(before_due)
    )


def is_in_period(rule: Rule, day: date, today: date) -> bool:
    """Whether a local date lies in the rule's period that holds today: the last days, or this day, week or month."""
    if rule.get("rolling_days"):
        return today - timedelta(days=rule["rolling_days"] - 1) <= day <= today
    if rule["calendar"] == "day":
        return day == today
    if rule["calendar"] == "week":
        monday = today - timedelta(days=today.weekday())
        return monday <= day < monday + timedelta(days=7)
    return (day.year, day.month) == (today.year, today.month)


def reserved(rule: Rule, scene: Scene) -> int:
    """The slots that duties of law still need; a notice takes one of those that are its own creditor's or everybody's."""
    kept = [
        duty
        for duty in scene.duties
        if scene.at < duty.deadline
        and (not duty.channels or duty.channels & rule["channels"])
        and (duty.creditor in ("", scene.creditor) or "creditor" not in rule["scope"])
    ]
    own = any(duty.creditor in ("", scene.creditor) for duty in kept)
    return len(kept) - (own and scene.kind == "duty_notice")
