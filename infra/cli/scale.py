"""How far a client's deployment carries: the first limit that a portfolio of each size meets, what to ask for, how long, how much."""

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infra.cli.command import Command
from infra.cli.cost import client_file, shares
from infra.cli.cost_shown import usd
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:  # only this command pays for it
    from infra.pricing.estimate import Estimate
    from infra.scale.model import Limit, Scale

SIZES = (1_000, 100_000, 10_000_000)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--client", metavar="NAME", help="a folder of infra/clients (CLIENT, else demo)")
    parser.add_argument("--region", metavar="NAME", help="prices of this Region; else the client's")
    parser.add_argument(
        "--debtors",
        type=int,
        action="append",
        metavar="N",
        help="people; may be repeated (1000 100000 10000000)",
    )
    parser.add_argument(
        "--contacts", default="6", metavar="N", help="contacts a person and month (%(default)s)"
    )
    parser.add_argument(
        "--mix", default="", metavar="NAME=SHARE,…", help="of contacts by channel; else evenly"
    )
    parser.add_argument("--hours", default="11", metavar="N", help="lawful hours of a day (%(default)s)")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from infra.pricing.book import price_book
    from infra.pricing.estimate import Wanted, estimate, even_mix, measured_profile
    from infra.pricing.idle import idle_bill
    from infra.scale.model import Load, scale
    from infra.scale.quotas import quotas
    from infra.synth import synthesise

    name = client_named(arguments.client)
    client, profile, allowed = client_file(name), measured_profile(), quotas()
    book = price_book(arguments.region or client.region)
    mix = shares("--mix", arguments.mix, client) or even_mix(client)
    each, hours = _positive("--contacts", arguments.contacts), _positive("--hours", arguments.hours)
    idle = idle_bill(synthesise(name), book)
    found = []
    for debtors in arguments.debtors or SIZES:
        if debtors < 1:
            raise InvalidInput("--debtors", f"is {debtors}", "1 or more")
        load = Load(debtors, each, mix, hours=hours)
        month = estimate(Wanted(debtors, each, mix, {}), client, book, idle, profile)
        found.append((scale(load, client, book, profile, allowed), month))
    if screen.as_json:
        screen.answer([_figures(one, month) for one, month in found])
        return 0
    for one, month in found:
        show(one, month, screen)
    screen.say(
        "What a limit is, and who raises it: infra/scale/quotas.toml. What a contact uses is measured: infra/pricing/measured.toml."
    )
    return 0


def show(one: "Scale", month: "Estimate", screen: Screen) -> None:
    load = one.load
    screen.say(
        f"{load.debtors:,} people: {load.contacts_a_day:,.0f} contacts a day, {load.contacts_a_second:.2f} a second",
        "bold",
    )
    wall = one.first_wall
    if wall is None:
        screen.say("Nothing is in the way.")
    else:
        screen.say(f"First wall: {wall.what} {wall.unit}, met at {one.people_until(wall):,} people.")
    rows = [
        (
            limit.what,
            _amount(limit.need),
            _amount(limit.has),
            limit.unit,
            limit.kind,
            limit.ask or "nobody raises it",
        )
        for limit in one.walls
    ]
    columns = ("walls", "needs", "has", "", "whose", "what to ask for, or to write")
    screen.table("", columns, rows, right=("needs", "has"))
    near = next((limit for limit in one.limits if not limit.is_wall), None)
    if near is not None:
        screen.say(f"Next: {near.what}, {near.used:.0%} used, met at {one.people_until(near):,} people.")
    times = [
        ("a sweep of who is due", _span(one.sweep_seconds)),
        ("planning everybody anew, after a new strategy or law", _span(one.replan_seconds)),
        ("the first file of everybody", _span(one.import_seconds)),
        ("a day's contacts through our own house, were carriers to take all", _span(one.house_drain_seconds)),
        *(
            (f"a day's contacts by {channel}, as a new account may", _span(took))
            for channel, took in sorted(one.drain_seconds.items())
        ),
    ]
    screen.table("How long", ("what", "takes"), times, right=("takes",))
    screen.say(
        f"US$ {usd(month.usd, 2)} a month: {usd(month.service_usd + month.idle.usd, 2)} AWS, {usd(month.carrier_usd, 2)} carriers."
    )
    screen.say()


def _figures(one: "Scale", month: "Estimate") -> dict[str, Any]:
    return {
        "debtors": one.load.debtors,
        "contacts_a_day": str(one.load.contacts_a_day),
        "contacts_a_second": str(one.load.contacts_a_second),
        "first_wall": _limit(one.first_wall, one) if one.first_wall is not None else None,
        "limits": [_limit(limit, one) for limit in one.limits],
        "seconds": {
            "sweep": str(one.sweep_seconds),
            "replan": str(one.replan_seconds),
            "import": str(one.import_seconds),
            "house_drain": str(one.house_drain_seconds),
            "drain": {channel: str(took) for channel, took in one.drain_seconds.items()},
        },
        "usd_a_month": {
            "aws": str(month.service_usd + month.idle.usd),
            "carriers": str(month.carrier_usd),
            "all": str(month.usd),
        },
    }


def _limit(limit: "Limit", one: "Scale") -> dict[str, Any]:
    return {
        "name": limit.name,
        "need": str(limit.need),
        "has": str(limit.has),
        "is_wall": limit.is_wall,
        "kind": limit.kind,
        "met_at_people": one.people_until(limit),
        "ask": limit.ask,
        "page": limit.page,
    }


def _amount(value: Decimal) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def _span(seconds: Decimal) -> str:
    """As people say it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 48 * 3600 else f"{seconds / 86400:,.0f} days"


def _positive(option: str, text: str) -> Decimal:
    (value,) = shares(option, f"x={text}").values()
    if not value:
        raise InvalidInput(option, "is 0", "more than that")
    return value


COMMAND = Command(
    name="scale",
    summary="Which limit a portfolio meets first as it grows, what to ask for, how long a day takes, what it costs",
    examples=(
        "recobro scale",
        "recobro scale --debtors 250000 --contacts 8 --mix sms=0.3,email=0.7",
        "recobro scale --json",
    ),
    options=options,
    run=run,
    has_place=False,
)
