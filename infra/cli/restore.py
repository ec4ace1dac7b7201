"""The ledger as it stood at an instant, brought up to date before anybody is contacted from it; what nobody can know goes to a person."""

import argparse
import getpass
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from infra.cli.command import Command
from infra.cli.place import Here, Place
from infra.cli.screen import Screen
from infra.cli.words import instant_given, local
from recobro.errors import InvalidInput
from recobro.house import House

if TYPE_CHECKING:  # only this command pays for it
    from infra.restoring.catching_up import Broken

SHOWN = 20
"""Broken histories that are listed; all of them are in `--json`."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", required=True, metavar="ISO", help="the instant: 2026-11-24T09:30 (the client's zone)"
    )
    parser.add_argument(
        "--from", dest="source", default="", metavar="TABLE", help="the table, where it isn't the stack's"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be done; nothing is written")
    parser.add_argument(
        "--keep-pause", action="store_true", help="the house is paused already: leave that as it is"
    )
    parser.add_argument(
        "--ignore-old", action="store_true", help="the old table cannot be believed: compare with nothing"
    )
    parser.add_argument("--who", default=getpass.getuser(), help="who restores (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        told = _restore(arguments, place, screen)
    if screen.as_json:
        screen.answer(told)
    else:
        show(told, screen)
    return 1 if told["broken"] else 0


class _Steps:
    """What was done and how long each step took, in seconds."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.took: dict[str, float] = {}

    def step(self, name: str, do: Callable[[], Any]) -> Any:
        began = time.monotonic()
        self._screen.note(f"{name} …")
        done = do()
        self.took[name] = round(time.monotonic() - began, 2)
        return done


def _restore(arguments: argparse.Namespace, place: Place, screen: Screen) -> dict[str, Any]:
    from infra.restoring import catching_up, table
    from recobro.adapters.journal_copy import JournalCopy

    house, dry = place.house, arguments.dry_run
    zone = house.playbook.client.schedule.time_zone
    client, source = house.client("dynamodb"), arguments.source or house.settings.table
    instant = _instant(arguments.to, zone, house.now())
    target = table.restored_name(source, instant)
    if not table.status(client, target):
        _restorable(client, source, instant, zone)
    steps = _Steps(screen)
    told: dict[str, Any] = {"source": source, "target": target, "to": instant, "is_dry": dry, "stream": ""}
    if dry and table.status(client, target) != "ACTIVE":
        return told | {
            "steps": {},
            "broken": [],
            "note": "the new table is not there yet: what would be replayed shows once it is",
        }
    if not dry:
        why = f"restoring to {arguments.to}"
        if not arguments.keep_pause:
            steps.step(
                "pause the old table", lambda: house.switches.off("all", arguments.who, why, house.now())
            )
        steps.step("restore to a new table", lambda: table.restore(client, source, target, instant))
        steps.step("wait for it", lambda: table.wait_for(client, target, time.sleep))
        told["stream"] = steps.step("protect it", lambda: table.protect(client, target, time.sleep))
    new = house.on_table(target)
    if not dry:
        steps.step("pause the new table", lambda: new.switches.off("all", arguments.who, why, house.now()))
        steps.step("forget whom the register names", lambda: _forgotten(new, has_history=False))
    with screen.progress("people") as tell:

        def seen(people: int) -> None:
            tell(people, None)

        copy = JournalCopy(house.files)
        caught = steps.step(
            "replay the history's copy, erasures first",
            lambda: catching_up.catch_up(new, copy, instant, dry_run=dry, seen=seen),
        )
        if not dry:
            steps.step("leave their tombstones", lambda: _forgotten(new, has_history=True))
        broken = steps.step("verify every chain", lambda: [*caught.broken, *catching_up.verified(new, seen)])
        old = None if arguments.ignore_old or source != house.settings.table else house
        held = steps.step(
            "hold what nobody can know",
            lambda: catching_up.hold(
                new, instant, broken, dry_run=dry, old=old, ends=caught.ends if dry else None
            ),
        )
    return told | {
        "steps": steps.took,
        "replayed": {
            "people": caught.people,
            "facts": caught.facts,
            "erased": caught.erased,
            "until": caught.until,
        },
        "held": held,
        "broken": broken,
    }


def _forgotten(new: House, *, has_history: bool) -> None:
    """Everybody in the erasure register, before anything is claimed from the restored table (infra/decisions/0028)."""
    from recobro.usecases.erase import replay_erasures

    for _ in replay_erasures(new, has_journal=False, has_history=has_history):
        pass


def _restorable(client: Any, source: str, instant: datetime, zone: str) -> None:
    """Once the new table is there, the old one may be gone."""
    from infra.restoring.table import restorable

    window = restorable(client, source)
    if not window.earliest <= instant <= window.latest:
        span = f"{local(window.earliest, zone)} to {local(window.latest, zone)}"
        raise InvalidInput("--to", "is not an instant that the table can be restored to", span)


def _instant(text: str, zone: str, now: datetime) -> datetime:
    try:
        instant = instant_given(text, zone)
    except ValueError:
        raise InvalidInput("--to", f"is {text!r}", "write 2026-11-24T09:30") from None
    if instant >= now:
        raise InvalidInput("--to", "has not come yet", "an instant before the mishap")
    return instant.replace(microsecond=0)


def show(told: dict[str, Any], screen: Screen) -> None:
    """What was done, what is held, and what to do next."""
    screen.say(f"{told['source']} as of {told['to']:%Y-%m-%d %H:%M:%S} UTC → {told['target']}", "bold")
    if note := told.get("note"):
        screen.say(note)
        return
    steps = [(name, f"{took:.1f}") for name, took in told["steps"].items()]
    screen.table("Steps", ("step", "seconds"), steps, right=("seconds",))
    replayed, held = told["replayed"], told["held"]
    would = "would be " if told["is_dry"] else ""
    screen.say(
        f"{replayed['facts']} facts of {replayed['people']} people {would}replayed, up to {replayed['until']:%Y-%m-%d %H:%M:%S} UTC; "
        f"{replayed['erased']} erased again."
    )
    screen.say(
        f"{held['restore_gap']} people {would}held: they may have been contacted in the gap. "
        f"{held['restore_personal']}: their name or addresses come with the creditor's next file."
    )
    broken: list[Broken] = told["broken"]
    screen.table(
        "Histories that do not hold", ("person", "why"), [(one.debtor, one.why) for one in broken[:SHOWN]]
    )
    if not told["is_dry"]:
        screen.say("Next, in infra/clients/<client>/client.toml:", "bold")
        screen.say(
            f'  [operations]\n  ledger_table = "{told["target"]}"\n  ledger_stream = "{told["stream"]}"'
        )
        screen.say(
            "then `make deploy`, look at `recobro tasks list --reason restore_gap`, and `recobro resume --all`."
        )


COMMAND = Command(
    name="restore",
    summary="Bring the ledger back as it stood at an instant, up to date and paused, holding for a person what nobody can know",
    examples=(
        "recobro restore --to 2026-11-24T09:30 --profile acme --dry-run",
        "recobro restore --to 2026-11-24T09:30 --profile acme --who ana",
        "recobro restore --to 2026-11-24T09:30 --from recobro-acme-Ledger-OLD --ignore-old --profile acme",
    ),
    options=options,
    run=run,
)
