"""An upgrade keeps every record, and so does going back: all of them are brought to the shape of one release."""

import argparse

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=int, default=None, metavar="N", help="schema (what this release writes)")
    parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    from recobro.adapters.reshaping import Reshaping
    from recobro.usecases.migrate import migrate

    with here() as place:
        records = Reshaping(place.house.client("dynamodb"), place.house.settings.table)
        to = records.shape.written if arguments.to is None else arguments.to
        with screen.progress("records") as tell:
            done = migrate(records, to, dry_run=arguments.dry_run, seen=lambda count: tell(count, None))
        if not arguments.dry_run:
            place.go_on()
    if screen.as_json:
        screen.answer(
            {"to": done.to, "before": {str(n): many for n, many in done.before.items()}, "moved": done.moved}
        )
        return 0
    rows = [(str(schema), str(many)) for schema, many in sorted(done.before.items())]
    screen.table(
        "Records by schema", ("schema", "records"), rows, empty="No records yet.", right=("records",)
    )
    screen.say(
        f"{done.moved} rewritten as schema {done.to}." if not arguments.dry_run else "Nothing was changed."
    )
    return 0


COMMAND = Command(
    name="migrate",
    summary="Bring every debtor's record to the shape of one release, forward or back; nothing that happened is touched",
    examples=("recobro migrate --dry-run --profile acme", "recobro migrate --to 1 --profile acme"),
    options=options,
    run=run,
)
