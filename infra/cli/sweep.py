"""See what tomorrow would send before it is sent, or run a sweep now instead of waiting for its schedule."""

import argparse
from collections import Counter

from infra.cli.command import Command
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from infra.cli.words import dollars, instant_given, local
from recobro.errors import InvalidInput
from recobro.usecases.rehearse import Rehearsed, Sample, rehearse

FUNCTIONS = {"pre_due": "pre_reminder", "overdue": "escalation"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lane", nargs="?", choices=sorted(FUNCTIONS), help="run this lane's sweep really")
    parser.add_argument(
        "--dry-run", action="store_true", help="play a whole day on paper; nothing is written or sent"
    )
    parser.add_argument("--at", metavar="ISO", help="the day to play: 2026-11-24 (tomorrow)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.dry_run == bool(arguments.lane):
        raise InvalidInput(
            "LANE",
            "and --dry-run: exactly one of the two",
            "recobro sweep --dry-run, or recobro sweep overdue",
        )
    with here() as place:
        if arguments.dry_run:
            return _rehearse(arguments.at, place, screen)
        told = place.invoke(FUNCTIONS[arguments.lane], {"lane": arguments.lane})
        place.go_on()
    if screen.as_json:
        screen.answer(told)
        return 0
    rows = [(name, _shown(value)) for name, value in (told or {}).items() if name != "lane"]
    screen.table(f"Swept {arguments.lane}", ("what", "how many"), rows)
    return 0


def _rehearse(at: str | None, place: Place, screen: Screen) -> int:
    zone = place.house.playbook.client.schedule.time_zone
    try:
        day = instant_given(at, zone) if at else None
    except ValueError:
        raise InvalidInput("--at", f"is {at!r}", "write 2026-11-24") from None
    with screen.progress("people") as tell:
        found = rehearse(place.house, day, seen=lambda people: tell(people, None))
    if screen.as_json:
        screen.answer({**_figures(found), "samples": found.samples})
        return 0
    show(found, zone, screen)
    return 0


def _figures(found: Rehearsed) -> dict[str, object]:
    return {
        "day": found.day,
        "people": found.people,
        "contacted": found.contacted,
        "contacts": found.contacts,
        "beyond_pace": found.beyond_pace,
        "by_channel": found.by_channel,
        "by_segment": found.by_segment,
        "by_stage": found.by_stage,
        "by_creditor": found.by_creditor,
        "tasks": found.tasks,
        "refusals": found.quiet,
        "passed_over": found.passed_over,
        "sources": found.sources,
        "unsendable": found.unsendable,
        "cost_micro_usd": found.cost,
        "cost_by_channel_micro_usd": found.cost_by_channel,
    }


def show(found: Rehearsed, zone: str, screen: Screen) -> None:
    """A day on paper: what goes out, what does not and why, what it costs, and how it reads."""
    screen.say(
        f"{found.day} ({zone}): {found.contacts} contacts with {found.contacted} of {found.people} people, "
        f"{found.tasks.total()} tasks, {dollars(found.cost)}. Nothing was sent.",
        "bold",
    )
    if found.beyond_pace:
        screen.say(
            f"{found.beyond_pace} of them are more than people can answer in a day (replies_per_hour): they wait."
        )
    screen.say()
    channels = [
        (name, str(count), dollars(found.cost_by_channel[name]))
        for name, count in found.by_channel.most_common()
    ]
    screen.table("By channel", ("channel", "contacts", "cost"), channels, right=("contacts", "cost"))
    for title, counted in (
        ("By segment", found.by_segment),
        ("By stage", found.by_stage),
        ("By creditor", found.by_creditor),
        ("Tasks for people", found.tasks),
        ("No words for", found.unsendable),
    ):
        screen.table(title, ("what", "how many"), _counted(counted), right=("how many",))
    for title, counted in (
        ("Nobody contacted, by rule", found.quiet),
        ("Better channel not taken", found.passed_over),
    ):
        rows = [(rule, str(count), found.sources.get(rule, "")) for rule, count in counted.most_common()]
        screen.table(title, ("rule", "people", "source"), rows, right=("people",))
    for sample in found.samples:
        _sample(sample, zone, screen)


def _sample(sample: Sample, zone: str, screen: Screen) -> None:
    title = f"{sample.channel}, {sample.template} ({sample.stage}), {local(sample.at, zone)}, {dollars(sample.cost)}"
    screen.say(title, "bold")
    for line in (*([sample.subject] if sample.subject else []), *sample.body.splitlines()):
        screen.say(f"  │ {line}")
    screen.say()


def _counted(counted: Counter[str]) -> list[tuple[str, str]]:
    return [(name, str(count)) for name, count in counted.most_common()]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    return str(value)


COMMAND = Command(
    name="sweep",
    summary="Rehearse what tomorrow would send, or run one lane's sweep now",
    examples=(
        "recobro sweep --dry-run",
        "recobro sweep --dry-run --at 2026-11-30 --json",
        "recobro sweep overdue --client acme --profile acme-prod",
    ),
    options=options,
    run=run,
)
