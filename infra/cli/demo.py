"""A newcomer's first minute: weeks of believable work on an invented portfolio, and a page that shows what came of it."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.logs import logs_in
from infra.cli.place import Here
from infra.cli.screen import Screen
from infra.cli.shown import serve
from infra.cli.words import amount
from recobro.domain.money import Money

if TYPE_CHECKING:
    from infra.demo.result import DemoResult

REPORT = Path("recobro-demo.html")
DENIED = "denied calls"
"""Among failures: requests that a function's role in the template does not grant."""


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--debtors", type=_positive, default=300, metavar="N", help="people (%(default)s)")
    parser.add_argument("--days", type=_positive, default=45, metavar="N", help="days (%(default)s)")
    parser.add_argument(
        "--seed", type=int, default=7, metavar="N", help="the same gives the same ledger (%(default)s)"
    )
    parser.add_argument("--no-serve", action="store_true", help="write the page and end")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """Writes recobro-demo.html into the current folder; 1 when a contact broke a rule or went out twice, or a role lacked a grant."""
    from infra.demo.report import write_report
    from infra.demo.run import run_demo

    with logs_in(Path(os.devnull)), screen.progress("days") as tell:
        result = run_demo(
            debtors=arguments.debtors,
            days=arguments.days,
            seed=arguments.seed,
            progress=tell,
        )
    page = write_report(result, Path.cwd() / REPORT)
    if screen.as_json:
        screen.answer({**result.as_json(), "report": page})
    else:
        show(result, screen)
        screen.say(f"The whole picture: {page}", "bold")
    if not arguments.no_serve:
        serve(page, screen)
    return 1 if result.breaches or result.duplicates or DENIED in result.failures else 0


def show(result: "DemoResult", screen: Screen) -> None:
    """The run in a dozen lines."""
    screen.say(
        f"{result.debtors} people, {result.days} days from {result.start}: {result.contacts} contacts in "
        f"{result.seconds:.0f} s; {result.breaches} breaches of any rule, {result.duplicates} sent twice.",
        "bold",
    )
    screen.say()
    rows = [(name, str(count)) for name, count in sorted(result.by_channel.items(), key=lambda one: -one[1])]
    screen.table("Contacts", ("channel", "sent"), rows, right=("sent",))
    rows = [(name, str(count)) for name, count in result.funnel.items()]
    screen.table("What came of them", ("messages", "how many"), rows, right=("how many",))
    rates = result.rates
    screen.say(
        f"Of what was delivered, {rates.get('response', 0)} % was answered; of those who answered, {rates.get('promise', 0)} % "
        f"promised in writing; {rates.get('kept', 0)} % of the promises that fell due were kept. Answers given: {result.answers}; "
        f"thanks for payments: {result.receipts}."
    )
    page, plans = result.page, result.plans
    screen.say(
        f"{page.get('opened', 0)} people opened the page behind a message and {page.get('identified', 0)} showed who they are: "
        f"{page.get('promise', 0)} promised there, {page.get('plan', 0)} chose a plan, {page.get('paid', 0)} said that they had paid, "
        f"{page.get('dispute', 0)} disputed, {page.get('hours', 0)} narrowed their hours, {page.get('stop', 0)} stopped everything. "
        f"Plans begun: {plans.get('agreed', 0)}; of their dates that came, {plans.get('instalments_kept', 0)} were kept and "
        f"{plans.get('instalments_missed', 0)} missed."
    )
    money = [
        (
            amount(Money(recovered, currency)),
            amount(Money(result.recovered_without_contact.get(currency, 0), currency)),
        )
        for currency, recovered in sorted(result.recovered.items())
    ]
    columns = ("recovered", "same people, no contact at all")
    screen.table("Money (simulated)", columns, money, right=columns)
    named = ("accepted", "late", "twice", "out of order", "forged", "refused")
    told = [(name, *(str(found[one]) for one in named)) for name, found in result.webhooks.items()]
    screen.table("Payments told by webhook", ("gateway", *named), told, right=named)
    after = sum(result.breaches_by_rule.get(one, 0) for one in ("after.payment", "after.paid_in_full"))
    screen.say(f"Contacts after a payment that a gateway had been answered for: {after}.")
    refused = sorted(result.refusals.items(), key=lambda one: -one[1])[:12]
    rows3 = [(rule, str(count), result.sources.get(rule, "")) for rule, count in refused]
    screen.table("What was refused, by rule", ("rule", "times", "source"), rows3, right=("times",))
    failed = [(what, str(count)) for what, count in result.failures.items()]
    screen.table("What failed", ("what", "times"), failed, right=("times",))
    found = [(one,) for one in result.breach_details]
    screen.table("Breaches", ("rule, when, who, how",), found)
    screen.say(
        f"DynamoDB requests per contact {result.dynamodb_requests_per_contact:.2f}, sweeps that found nobody included; about "
        f"US$ {result.cost_per_1000_contacts_usd:.2f} per thousand contacts, carriers' fees included; ledger {result.ledger_hash[:16]} "
        f"(seed {result.seed})."
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not 1 or more")
    return value


COMMAND = Command(
    name="demo",
    summary="Work an invented portfolio for weeks in a minute, and look at what came of it",
    examples=(
        "recobro demo",
        "recobro demo --debtors 100 --days 30 --seed 11 --no-serve",
        "recobro demo --json --no-serve",
    ),
    options=options,
    run=run,
    has_place=False,
)
