"""What a client costs: what was counted at dated prices, what an idle month costs, and what a portfolio will cost before it is deployed."""

import argparse
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from infra.cli.command import Command, Plain
from infra.cli.cost_shown import (
    estimate_figures,
    figures,
    idle_figures,
    show,
    show_estimate,
    show_idle,
    show_prices,
)
from infra.cli.place import Here, Place, client_named, shared_options
from infra.cli.screen import Screen
from recobro.errors import InvalidInput

if TYPE_CHECKING:  # only this command pays for it
    from infra.pricing.book import PriceBook
    from infra.pricing.idle import IdleBill
    from infra.pricing.usage import Usage
    from recobro.domain.client import Client

DAYS = 30


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--days", type=int, default=DAYS, metavar="N", help="in AWS: the last N days (%(default)s)"
    )
    doing = parser.add_subparsers(dest="doing", metavar="[estimate|idle|prices]")
    before = doing.add_parser(
        "estimate", help="a month of a portfolio that is not there yet", formatter_class=Plain
    )
    before.add_argument("--debtors", type=int, required=True, metavar="N", help="people")
    before.add_argument(
        "--contacts", default="6", metavar="N", help="contacts a person and month (%(default)s)"
    )
    before.add_argument(
        "--mix", default="", metavar="NAME=SHARE,…", help="of contacts by channel; else evenly"
    )
    before.add_argument(
        "--units", default="", metavar="NAME=N,…", help="SMS parts or minutes of an average message (1)"
    )
    before.add_argument(
        "--files", type=int, default=22, metavar="N", help="whole files a month (%(default)s)"
    )
    idle = doing.add_parser(
        "idle", help="a month in which nobody is contacted, line by line", formatter_class=Plain
    )
    prices = doing.add_parser(
        "prices", help="the price book: each price, its page and its date", formatter_class=Plain
    )
    for one in (before, idle, prices):
        shared_options(one, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    if arguments.doing is None:
        return _counted(arguments, screen, here)
    from infra.pricing.book import price_book
    from infra.pricing.idle import idle_bill
    from infra.synth import synthesise

    name = client_named(arguments.client)
    client = client_file(name)
    book = price_book(arguments.region or client.region)
    if arguments.doing == "prices":
        show_prices(book, screen)
        return 0
    idle = idle_bill(synthesise(name), book)
    if arguments.doing == "idle":
        if screen.as_json:
            screen.answer(idle_figures(idle, book))
        else:
            show_idle(idle, book, screen)
        return 0
    return _estimated(arguments, client, book, idle, screen)


def _counted(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """What the place counted, what carriers asked, and what came of it."""
    from infra.pricing.account import account_of
    from infra.pricing.book import price_book
    from infra.pricing.outcomes import outcomes_of
    from infra.pricing.usage import cost_of, traced

    if arguments.days < 1:
        raise InvalidInput("--days", f"is {arguments.days}", "1 or more")
    with here() as place:
        client = place.house.playbook.client
        book = price_book(arguments.region or client.region)
        bought = outcomes_of(place.house)
        usage, how = _usage(place, arguments.days, book, bought.contacts.total(), bought.debtors)
        usage = traced(usage) if client.operations.traces else usage
    account = account_of(cost_of(usage, book), bought)
    if screen.as_json:
        screen.answer(figures(account, usage, book, how))
    else:
        show(account, usage, book, how, screen)
    return 0


def _usage(place: Place, days: int, book: "PriceBook", contacts: int, people: int) -> "tuple[Usage, str]":
    """Units by item, and how they were counted."""
    from infra.cli.deployed import Deployed
    from infra.cli.kept import Kept
    from infra.pricing.estimate import measured_profile
    from infra.pricing.in_aws import usage_in_aws
    from infra.pricing.metered import added, counted_in, metered
    from infra.pricing.usage import usage_of

    if isinstance(place, Kept):
        whole = added(counted_in(place.postbox.path.parent), metered(place.system))
        return usage_of(whole, book), "every request that was made on this machine's state"
    if isinstance(place, Deployed):
        now = place.house.now()
        usage = usage_in_aws(place.house, f"recobro-{place.client}", now - timedelta(days=days), now)
        return (
            usage,
            f"CloudWatch's own counts of the last {days} days; contacts and money since the beginning",
        )
    profile = measured_profile()
    usage = {item: units * contacts for item, units in profile.per_contact.items()}
    for item, units in profile.per_person_imported.items():
        usage[item] = usage.get(item, Decimal(0)) + units * people
    return usage, "nothing was counted here: what contacts and imports were measured to use elsewhere"


def client_file(name: str) -> "Client":
    """The client's file as it stands, whole."""
    import tomllib

    from infra.repository import client_folder
    from recobro.codec import from_plain
    from recobro.domain.client import Client

    path = client_folder(name) / "client.toml"
    if not path.exists():
        raise InvalidInput("--client", f"{name} has no client.toml", "write it, or name another", str(path))
    return from_plain(Client, tomllib.loads(path.read_text(encoding="utf-8")), strict=True, where=str(path))


def _estimated(
    arguments: argparse.Namespace, client: "Client", book: "PriceBook", idle: "IdleBill", screen: Screen
) -> int:
    from infra.pricing.estimate import Wanted, estimate, even_mix, measured_profile

    if arguments.debtors < 1 or arguments.files < 1:
        raise InvalidInput("--debtors", "and --files are counts", "1 or more")
    (each,) = shares("--contacts", f"x={arguments.contacts}").values()
    mix = shares("--mix", arguments.mix, client) or even_mix(client)
    units = shares("--units", arguments.units, client)
    wanted = Wanted(arguments.debtors, each, mix, units, arguments.files)
    found = estimate(wanted, client, book, idle, measured_profile())
    if screen.as_json:
        screen.answer(estimate_figures(found, book))
        return 0
    show_estimate(found, arguments.debtors, book, screen)
    return 0


def shares(option: str, text: str, client: "Client | None" = None) -> dict[str, Decimal]:
    """`sms=0.5,email=0.5`. client: whose enabled channels the names have to be."""
    found = {}
    for one in filter(None, text.split(",")):
        name, _, share = (part.strip() for part in one.partition("="))
        try:
            found[name] = Decimal(share)
        except InvalidOperation:
            raise InvalidInput(option, f"has {one!r}", "write numbers: sms=0.5,email=0.5") from None
        if not found[name].is_finite() or found[name] < 0:
            raise InvalidInput(option, f"has {one!r}", "0 or more")
        if client is not None and not (name in client.channels and client.channels[name].enabled):
            known = [channel for channel, setup in client.channels.items() if setup.enabled]
            raise InvalidInput(option, f"names {name}", f"one of: {', '.join(known)}")
    return found


COMMAND = Command(
    name="cost",
    summary="What contacting costs: what was counted at dated prices, an idle month, and an estimate before deploying",
    examples=(
        "recobro cost",
        "recobro cost --profile acme --days 7 --json",
        "recobro cost estimate --debtors 100000 --contacts 6 --mix sms=0.5,email=0.5",
        "recobro cost idle",
        "recobro cost prices",
    ),
    options=options,
    run=run,
)
