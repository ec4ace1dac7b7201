"""What a new law changes, which of our past contacts it would have forbidden, and what it costs in contacts."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from infra.cli import audit
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from infra.lawbook.ahead import Ahead, compared
from infra.lawbook.changes import Change, changes
from infra.lawbook.drafts import Edition, edition, gathered, in_force
from infra.playbook.laws import packs_of
from recobro.errors import InvalidInput
from recobro.usecases.rehearse import everyone

DAYS = 30


def options(parser: argparse.ArgumentParser) -> None:
    for name in ("old", "new"):
        known = "a pack as shipped (CO), a pack file, a folder of them, or `shipped`"
        parser.add_argument(name, metavar=name.upper(), help=known)
    parser.add_argument(
        "--history",
        action="store_true",
        help="judge this deployment's past contacts by the new law, and play the days ahead under both",
    )
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help="how far ahead (%(default)s)")


@dataclass(frozen=True)
class Impact:
    """breaches: of the rules that change, in contacts that the old law allowed. judged: how many contacts were looked at.

    on: the day whose law is held against them; before, after: the days ahead under the old law and the new.
    """

    on: date
    judged: int
    breaches: Sequence[Mapping[str, Any]]
    days: int
    before: Ahead
    after: Ahead


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.days < 1:
        raise InvalidInput("--days", f"is {arguments.days}", "write 1 or more")
    old, new = edition(arguments.old), edition(arguments.new)
    found = changes(old.packs, new.packs)
    impact = None
    if arguments.history and any(one.binds for one in found):
        with here() as place:
            impact = impact_of(place, old, new, found, arguments.days, screen)
    if screen.as_json:
        screen.answer({"changes": found, "impact": impact})
        return 0
    show(found, screen)
    if impact is not None:
        show_impact(impact, screen)
    return 0


def impact_of(
    place: Place, old: Edition, new: Edition, found: Sequence[Change], days: int, screen: Screen
) -> Impact:
    """Hold the new law, as it stands once all of it is in force, against what was done and what is to come."""
    binding = [one for one in found if one.binds]
    today = datetime.now(UTC).date()
    on = max([today, *(one.since for one in binding if one.since is not None)])
    standing = in_force(new, {one.pack for one in binding if one.pack in new.packs}, on)
    rules = {one.rule for one in binding if one.what != "gone"}
    with audit.aside() as file:
        audit.write(place, file, words=True)
        judged = _judged(file, standing)
        known = {_key(one) for one in _judged(file, old)["breaches"]}
    breaches = [one for one in judged["breaches"] if one["rule"] in rules and _key(one) not in known]
    playbook, client = place.house.playbook, place.house.playbook.client
    laws = tuple(replace(playbook, packs=packs_of(client, law.packs)) for law in (old, standing))
    people = (loaded.debtor for loaded in everyone(place.house))
    with screen.progress("people") as tell:
        before, after = compared(
            people, (laws[0], laws[1]), place.house.now(), days, lambda count: tell(count, None)
        )
    return Impact(on, judged["contacts"], breaches, days, before, after)


def _judged(file: Any, law: Edition) -> Mapping[str, Any]:
    with gathered(law.files) as folder:
        return audit.judged(file, packs=folder, words=law.words)


def _key(breach: Mapping[str, Any]) -> tuple[str, str, str]:
    return breach["person"], breach["contact"], breach["rule"]


def show(found: Sequence[Change], screen: Screen) -> None:
    """The changed rules, in words, before and after."""
    if not found:
        screen.say("No rule differs.", "bold")
        return
    counted = [
        f"{count} {what}"
        for what in ("new", "changed", "gone", "reworded")
        if (count := sum(one.what == what for one in found))
    ]
    screen.say(f"{len(found)} rules differ: {', '.join(counted)}.", "bold")
    rows = [
        (
            one.rule,
            one.what,
            one.before or "–",
            one.after or "–",
            "; ".join(one.fields),
            f"{one.article}{' (our own caution)' if one.is_ours else ''}",
            f"from {one.since}" if one.since else "",
        )
        for one in found
    ]
    columns = ("rule", "what", "it said", "it says", "fields", "where it stands", "when")
    screen.table("", columns, rows)


def show_impact(impact: Impact, screen: Screen) -> None:
    """What was done that would be forbidden, and what the days ahead lose."""
    screen.say(f"As if the law of {impact.on} had always held:", "bold")
    rows = [
        (one["local"], one["rule"], one["person"], one["channel"], one["contact"], one["why"])
        for one in impact.breaches
    ]
    screen.table("", ("when (local)", "rule", "person", "channel", "contact", "why"), rows)
    screen.say(f"{len(rows)} breaches in {impact.judged} past contacts that the old law allowed.")
    screen.say()
    before, after = impact.before, impact.after
    channels = sorted({*before.contacts, *after.contacts})
    lines = [
        (
            name,
            str(before.contacts[name]),
            str(after.contacts[name]),
            _sign(after.contacts[name] - before.contacts[name]),
        )
        for name in channels
    ]
    lines.append(("people", str(before.people), str(after.people), _sign(after.people - before.people)))
    columns = ("what", "old law", "new law", "difference")
    screen.table(f"The next {impact.days} days, played on paper", columns, lines, right=columns[1:])
    lost = after.contacts.total() - before.contacts.total()
    share = f" ({abs(lost) / before.contacts.total():.0%})" if before.contacts.total() and lost else ""
    screen.say(
        f"{before.contacts.total()} contacts become {after.contacts.total()}: {_sign(lost)}{share}. Nobody pays, answers or "
        "closes a task in this play, feeds stay fresh and nothing is paused, so it compares and does not foretell.",
        "bold",
    )


def _sign(number: int) -> str:
    return f"{number:+}" if number else "0"
