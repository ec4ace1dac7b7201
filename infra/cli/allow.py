"""What a person allows us, with its proof: other hours, or a call at the time that they asked for."""

import argparse
from datetime import datetime

from infra.cli.command import Command, Plain
from infra.cli.place import Here, shared_options
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import instant_given, local
from recobro.domain.business_days import zone_of
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.allow import allow, call_back, take_back, waivers_known


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="waiver|call|end|show", required=True)
    waiver = _one(doing, "waiver", "record what the person allowed beyond the law's own terms")
    waiver.add_argument(
        "name", metavar="WAIVER", help="as the law calls it; `recobro allow show DEBTOR` lists them"
    )
    waiver.add_argument(
        "--until", default="", metavar="ISO", help="when it ends (when the person takes it back)"
    )
    called = _one(doing, "call", "record that the person asked for a call, and open the task")
    called.add_argument(
        "--from", dest="since", required=True, metavar="ISO", help="the person's local time: 2026-03-10T19:30"
    )
    called.add_argument("--until", required=True, metavar="ISO", help="until when they may be called then")
    called.add_argument("--creditor", default="", metavar="BRAND", help="about whose debts (all)")
    for one in (waiver, called):
        one.add_argument("--evidence", required=True, help="the message, recording or form that proves it")
    ended = _one(doing, "end", "the person no longer allows it")
    ended.add_argument("name", metavar="WAIVER")
    ended.add_argument("--why", default="taken back by the person", help="(%(default)s)")
    _one(doing, "show", "what the person allowed, and what the laws over them leave to them")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        house = place.house
        debtor_id = debtor_named(house, arguments.debtor)
        match arguments.doing:
            case "waiver":
                until = _instant(house, debtor_id, "--until", arguments.until) if arguments.until else None
                allow(house, debtor_id, arguments.name, arguments.evidence, until)
                return _done(screen, {"waiver": arguments.name}, f"{arguments.name} stands.")
            case "call":
                since = _instant(house, debtor_id, "--from", arguments.since)
                until = _instant(house, debtor_id, "--until", arguments.until)
                task = call_back(
                    house, debtor_id, since, until, arguments.evidence, creditor=arguments.creditor
                )
                said = f"Then: recobro tasks call {debtor_id} {task}"
                return _done(screen, {"task": task}, said)
            case "end":
                take_back(house, debtor_id, arguments.name, arguments.why)
                return _done(screen, {"ended": arguments.name}, f"{arguments.name} no longer stands.")
        return _show(house, debtor_id, screen)


def _show(house: House, debtor_id: str, screen: Screen) -> int:
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    debtor, now = loaded.debtor, house.now()
    zone, known = str(zone_of(debtor, house.playbook)), sorted(waivers_known(house, debtor))
    if screen.as_json:
        screen.answer({"waivers": debtor.waivers, "call_backs": debtor.call_backs, "known": known})
        return 0
    rows = [
        (
            one.name,
            "stands" if one.is_open(now) else "ended",
            local(one.until, zone, none="until taken back"),
            one.evidence,
        )
        for one in debtor.waivers
    ]
    rows += [
        (
            f"call-back {local(one.since, zone)}",
            "stands" if one.is_open(now) else "not now",
            local(one.until, zone),
            one.evidence,
        )
        for one in debtor.call_backs
    ]
    screen.table(
        "Allowed", ("what", "now", f"until ({zone})", "evidence"), rows, empty="Nothing is on record."
    )
    screen.say(f"What the laws over this person leave to them: {', '.join(known) or 'nothing'}.")
    return 0


def _instant(house: House, debtor_id: str, field: str, text: str) -> datetime:
    """The person's local time where no zone is written."""
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    try:
        return instant_given(text, str(zone_of(loaded.debtor, house.playbook)))
    except ValueError:
        raise InvalidInput(field, f"is {text!r}", "write 2026-03-10T19:30") from None


def _done(screen: Screen, told: dict[str, str], words: str) -> int:
    if screen.as_json:
        screen.answer(told)
    else:
        screen.say(words)
    return 0


def _one(
    doing: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    parser = doing.add_parser(name, help=summary, description=summary, formatter_class=Plain)
    parser.add_argument("debtor", metavar="DEBTOR", help="id, debt reference, phone or e-mail")
    shared_options(parser, nested=True)
    return parser


COMMAND = Command(
    name="allow",
    summary="Record what a person allows us, with its proof: other hours, or a call at the time they asked for",
    examples=(
        "recobro allow show fabula/A-1001",
        'recobro allow waiver fabula/A-1001 debtor_request --evidence "WhatsApp, 9 March" --until 2026-06-30T00:00',
        'recobro allow call fabula/A-1001 --from 2026-03-10T20:30 --until 2026-03-10T21:30 --evidence "call a91c"',
        "recobro allow end fabula/A-1001 debtor_request",
    ),
    options=options,
    run=run,
)
