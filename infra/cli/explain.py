"""Why are we (not) writing to this person? Every no with its article, until when it holds, and what would change it."""

import argparse
import re
from collections.abc import Iterable, Iterator

from infra.cli.attempt_explained import explain_attempt, found_attempt
from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.plain import plain
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import REFUSAL_COLUMNS, amount, instant_given, local, refusal_row
from recobro.domain.decision import Contact, HandOver, Stop, Wait
from recobro.domain.refusal import Refusal
from recobro.errors import InvalidInput
from recobro.usecases.explain import Explained, VoiceExplained, Way, explain

_ATTEMPT = re.compile(r"a[0-9a-f]{23}")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "debtor",
        metavar="DEBTOR|ATTEMPT",
        help="id, debt reference, phone, e-mail or CC:TYPE:NUMBER; or the id of one contact",
    )
    parser.add_argument(
        "--attempt", default="", metavar="ATTEMPT", help="one of that person's contacts: replay its decision"
    )
    parser.add_argument(
        "--at", metavar="ISO", help="another instant than now: 2026-11-24T09:00, the client's local time"
    )


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        house = place.house
        if arguments.attempt or _ATTEMPT.fullmatch(arguments.debtor):
            attempt = arguments.attempt or arguments.debtor
            named = arguments.debtor if arguments.attempt else found_attempt(house, attempt, screen)
            return explain_attempt(house, debtor_named(house, named), attempt, screen)
        at = None
        if arguments.at:
            try:
                at = instant_given(arguments.at, house.playbook.client.schedule.time_zone)
            except ValueError:
                raise InvalidInput("--at", f"is {arguments.at!r}", "write 2026-11-24T09:00") from None
        found = explain(house, debtor_named(house, arguments.debtor), at)
    if screen.as_json:
        screen.answer(plain(found))
        return 0
    show(found, screen)
    return 0


def show(found: Explained, screen: Screen) -> None:
    """The decision first, then every voice with what holds it and every way to reach the person."""
    screen.say(headline(found), "bold")
    if found.as_of is not None:
        screen.say(
            f"The record as it stood then, last saved at {local(found.as_of, found.zone)}; rules and switches are today's."
        )
    _why_not(found, screen)
    screen.say(f"Laws: {', '.join(law_named(one) for one in found.laws)}.")
    for duty in found.duties:
        screen.say(
            f"{duty.rule}: {duty.creditor} has a notice to give by {local(duty.deadline, found.zone)}; "
            "a slot is kept free for it."
        )
    screen.say()
    if found.words:
        rows = [("the words", *refusal_row(one, found.zone)) for one in found.words]
        screen.table("What would be said is refused", ("what", *REFUSAL_COLUMNS), rows)
    for voice in found.voices:
        _voice(found, voice, screen)


def _why_not(found: Explained, screen: Screen) -> None:
    """The rule in the way, and the least that would have to be otherwise; what would be sent then was tried, not guessed."""
    if found.result == "contact":
        return
    if found.blocked_by:
        later = f"; then {_rules(found.blocked_later)}" if found.blocked_later else ""
        screen.say(f"In the way: {_rules(found.blocked_by)}{later}.")
    if found.change:
        screen.say(f"The least that would change it: {'; '.join(found.change)}.")
    elif found.then is not None:
        screen.say("Nothing has to change: time alone opens it.")
    elif not found.is_whole:
        screen.say("So much is in the way that no change was found.")
    elif not found.words:
        screen.say("No change would open it: it is over with this person, or the law leaves no way.")
    if found.then is not None:
        step = f"{found.then.step.stage}.{found.then.step.step}"
        screen.say(f"Then, at {local(found.then_at, found.zone)}: {found.then.channel.value}, {step}.")


def _rules(refusals: Iterable[Refusal]) -> str:
    return "; ".join(dict.fromkeys(f"{one.rule} ({one.source})" for one in refusals))


def law_named(pack: str) -> str:
    """A pack's id, said aloud where it is no law."""
    told = {
        "strict": "the strict default, as we have no pack for this country",
        "client": "the client's own limits",
    }
    return told.get(pack, pack)


def headline(found: Explained) -> str:
    """What would happen now, in one sentence."""
    when = local(found.at, found.zone)
    match found.decision:
        case Contact() as one:
            said = f"contact by {one.channel.value}: {one.step.stage}.{one.step.step}, {amount(one.due)} due"
        case HandOver() as one:
            said = f"a task for a person: {one.task}"
        case Wait() as one:
            said = f"wait until {local(one.until, found.zone)}"
        case Stop():
            said = "nothing, until the facts change"
    return f"{found.debtor} at {when} ({found.zone}): {said}."


def _voice(found: Explained, voice: VoiceExplained, screen: Screen) -> None:
    segment = f", segment {voice.segment}" if voice.segment else ""
    later = f" and {amount(voice.later)} later" if voice.later.minor else ""
    screen.say(
        f"{voice.creditor} ({voice.currency}): {voice.dpd} days past due{segment}; {amount(voice.due)} may be asked for now{later}"
        f"{'; the next contact is the first' if voice.is_first_contact else ''}",
        "bold",
    )
    if voice.step:
        ahead = f", from {voice.begins_on}" if voice.begins_on else ""
        screen.say(f"Step in question: {voice.stage}.{voice.step}{ahead}.")
    opened = [
        (
            f"{way.channel.value} {way.point}".strip(),
            _opening(way, found.zone),
            ", ".join(one.rule for one in way.refusals),
        )
        for way in voice.ways
    ]
    screen.table("", ("way", "open (local)", "refused now by"), opened)
    screen.table("", ("what", *REFUSAL_COLUMNS), list(_reasons(voice, found.zone)))


def _opening(way: Way, zone: str) -> str:
    if not way.refusals:
        return "now"
    return local(way.opens_at, zone, none="not by waiting")


def _reasons(voice: VoiceExplained, zone: str) -> Iterator[tuple[str, ...]]:
    """Every refusal once: of debts, of the whole step, of the ways to reach the person."""
    unspoken = _by_refusal(voice)
    for refusal, keys in unspoken.items():
        yield (_named(keys), *refusal_row(refusal, zone))
    for refusal in voice.held:
        if refusal not in unspoken:
            yield ("the step", *refusal_row(refusal, zone))
    ways: dict[Refusal, list[str]] = {}
    for way in voice.ways:
        for refusal in way.refusals:
            ways.setdefault(refusal, []).append(way.channel.value)
    for refusal, channels in ways.items():
        yield (", ".join(dict.fromkeys(channels)), *refusal_row(refusal, zone))


def _by_refusal(voice: VoiceExplained) -> dict[Refusal, list[str]]:
    """A company's three hundred invoices with one reason are one line."""
    found: dict[Refusal, list[str]] = {}
    for key, refusal in voice.unspoken:
        found.setdefault(refusal, []).append(key)
    return found


def _named(keys: list[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{keys[0]} and {len(keys) - 1} more"


COMMAND = Command(
    name="explain",
    summary="Say what would happen with one person now and why not otherwise; or replay the decision behind one contact",
    examples=(
        "recobro explain fabula/A-1001",
        "recobro explain ana@example.com --at 2026-11-24T09:00",
        "recobro explain d0f3a91c2b7e4d5f60718293 --json",
        "recobro explain a5b1c7f20d3e4a6b8c9d0e1f  (one contact: is it decided so again?)",
    ),
    options=options,
    run=run,
)
