"""Somebody must be able to stop everything in seconds, say why, and let it go on again."""

import argparse
import getpass

from infra.cli.command import Command
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from recobro.errors import InvalidInput
from recobro.usecases import pause as switches


def pause_options(parser: argparse.ArgumentParser) -> None:
    _options(parser)
    parser.add_argument(
        "--show", action="store_true", help="show what is paused now, and who paused what before"
    )


def run_pause(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        if arguments.show:
            return _show(place, screen)
        wanted = _scopes(arguments, place)
        if not arguments.why:
            raise InvalidInput("--why", "is missing", 'say why: --why "carrier asked us to"')
        switches.pause(place.house, wanted, arguments.who, arguments.why)
        return _told(place, screen, "paused", wanted)


def run_resume(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        lifted = switches.resume(place.house, _scopes(arguments, place), arguments.who, arguments.why)
        return _told(place, screen, "resumed", lifted)


def _options(parser: argparse.ArgumentParser) -> None:
    scope = parser.add_argument_group("what")
    scope.add_argument("--all", dest="everything", action="store_true", help="every contact of this client")
    scope.add_argument(
        "--creditor", action="append", default=[], metavar="BRAND", help="one brand; may be repeated"
    )
    scope.add_argument(
        "--channel", action="append", default=[], metavar="NAME", help=", ".join(switches.CHANNELS)
    )
    scope.add_argument(
        "--country", action="append", default=[], metavar="CC", help="MX, CO …; may be repeated"
    )
    parser.add_argument("--who", default=getpass.getuser(), help="who asks for it (%(default)s)")
    parser.add_argument("--why", default="", help="the reason, for the record")


def _scopes(arguments: argparse.Namespace, place: Place) -> list[str]:
    wanted = switches.scopes(
        place.house.playbook.client,
        everything=arguments.everything,
        creditors=arguments.creditor,
        channels=arguments.channel,
        countries=arguments.country,
    )
    if not wanted:
        raise InvalidInput("what", "was not said", "--all, --creditor, --channel or --country")
    return wanted


def _told(place: Place, screen: Screen, what: str, scopes: list[str]) -> int:
    still = switches.paused(place.house)
    if screen.as_json:
        screen.answer({what: scopes, "off": still})
        return 0
    screen.say(
        f"{what.capitalize()} in {place.shown}: {', '.join(scopes) or 'nothing, it was not paused'}", "bold"
    )
    if what == "paused":
        screen.say("It binds at the next claim, within 10 seconds.")
    _table(screen, still)
    return 0


def _show(place: Place, screen: Screen) -> int:
    off, log = switches.paused(place.house), list(switches.record(place.house))
    if screen.as_json:
        screen.answer({"off": off, "record": log})
        return 0
    _table(screen, off)
    columns = ("at", "what", "scope", "who", "why")
    screen.table("Record", columns, [tuple(one[name] for name in columns) for one in log])
    return 0


def _table(screen: Screen, off: dict[str, dict[str, str]]) -> None:
    rows = [(scope, note["who"], note["at"], note["why"]) for scope, note in off.items()]
    screen.table("Paused now", ("scope", "who", "since", "why"), rows, empty="Nothing is paused.")


PAUSE = Command(
    name="pause",
    summary="Stop contacts at once: all, or of a creditor, channel or country",
    examples=(
        'recobro pause --all --why "power cut at the creditor"',
        'recobro pause --channel sms --country CO --why "carrier asked us to"',
        "recobro pause --show",
    ),
    options=pause_options,
    run=run_pause,
)
RESUME = Command(
    name="resume",
    summary="Let what was paused go on",
    examples=('recobro resume --all --why "power is back"', "recobro resume --channel sms --who ana"),
    options=_options,
    run=run_resume,
)
