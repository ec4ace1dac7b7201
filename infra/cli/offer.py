"""What may be offered to one person today, by whom: what policy computes for that level of authority, and nothing else."""

import argparse
import getpass

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.cli.words import amount, local
from recobro.domain.acting import Statement
from recobro.domain.business_days import zone_of
from recobro.domain.channel import Channel
from recobro.domain.money import Money
from recobro.domain.plan import Authority, PlanOffer
from recobro.domain.refusal import Refusal
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.acting import choose_plan, offers


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("debtor", metavar="DEBTOR", help="id, debt reference, phone or e-mail")
    levels = [one.value for one in Authority]
    parser.add_argument(
        "--as",
        dest="level",
        choices=levels,
        default=Authority.AUTOMATIC.value,
        metavar="LEVEL",
        help=f"with whose authority: {', '.join(levels)} (%(default)s); each may also what those before it may",
    )
    parser.add_argument("--agree", default="", metavar="OFFER", help="the person took this one")
    parser.add_argument("--by", default=getpass.getuser(), help="who agreed it with them (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        house, level = place.house, Authority(arguments.level)
        debtor_id = debtor_named(house, arguments.debtor)
        if arguments.agree:
            return _agree(house, debtor_id, arguments.agree, level, arguments.by, screen)
        return _show(house, debtor_id, level, screen)


def _show(house: House, debtor_id: str, level: Authority, screen: Screen) -> int:
    found = offers(house, debtor_id, level)
    if screen.as_json:
        screen.answer({"debtor": debtor_id, "as": level.value, "offers": found})
        return 0
    loaded = house.ledger.load(debtor_id)
    if loaded is None:
        raise NotFound(f"no debtor {debtor_id}")
    zone = str(zone_of(loaded.debtor, house.playbook))
    if not found:
        screen.say(f"Policy computes nothing that may be offered to {debtor_id} as {level.value} today.")
        return 0
    columns = ("offer", "policy", "may be offered by", "payments", "in all", "waived", "stands until")
    rows = [
        (
            one.id,
            one.policy,
            one.authority.value,
            _parts(one),
            amount(Money(one.total, one.currency)),
            amount(Money(one.discount, one.currency)) if one.discount else "-",
            local(one.expires_at, zone),
        )
        for one in found
    ]
    screen.table(f"What may be offered to {debtor_id}", columns, rows, right=("in all", "waived"))
    screen.say(f"When they take one: recobro offer {debtor_id} --as {level.value} --agree {found[0].id}")
    return 0


def _parts(offer: PlanOffer) -> str:
    return ", ".join(f"{amount(Money(one.amount, offer.currency))} {one.due_on}" for one in offer.parts)


def _agree(house: House, debtor_id: str, offer: str, level: Authority, by: str, screen: Screen) -> int:
    """By telephone or at the desk; the copy in writing goes out with the next sweep, by what the law leaves."""
    statement = Statement(Channel.VOICE, f"offer {offer} {by}", by=by)
    no = choose_plan(house, debtor_id, statement, offer, level)
    if isinstance(no, Refusal):
        fix = f"`recobro offer {debtor_id} --as {level.value}` lists what policy computes today"
        raise InvalidInput("--agree", f"{no.rule}: {no.detail}", fix)
    if screen.as_json:
        screen.answer({"debtor": debtor_id, "agreed": offer, "by": by})
    else:
        screen.say(f"Agreed by {by} as {level.value}. The person gets it in writing.")
    return 0


COMMAND = Command(
    name="offer",
    summary="Show what policy lets one person be offered today, by level of authority, and agree what they took",
    examples=(
        "recobro offer fabula/A-1001",
        "recobro offer fabula/A-1001 --as supervisor",
        "recobro offer fabula/A-1001 --as supervisor --agree o1f2e3d4c5b6a798 --by lucia.herrera",
    ),
    options=options,
    run=run,
)
