"""The `recobro` command: everything an operator does to a client's portfolio, here or in its AWS account, in plain words."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from infra.cli import (
    access_report,
    allow,
    api,
    aside,
    audit,
    client,
    contacts,
    cost,
    demo,
    destroy,
    diff,
    dlq,
    doctor,
    erase,
    evidence,
    explain,
    export,
    import_file,
    invoke,
    law,
    letters,
    migrate,
    model,
    notify,
    offer,
    pause,
    payments,
    permissions,
    personal_data,
    repair,
    report,
    restore,
    rights,
    scale,
    simulate,
    sweep,
    tasks,
    timeline,
    understand,
    up,
)
from infra.cli.command import Command, Plain
from infra.cli.failure import told
from infra.cli.place import Here, place_of, shared_options
from infra.cli.screen import Screen

COMMANDS: tuple[Command, ...] = (
    demo.COMMAND,
    client.COMMAND,
    doctor.COMMAND,
    diff.COMMAND,
    destroy.COMMAND,
    up.COMMAND,
    import_file.COMMAND,
    contacts.COMMAND,
    sweep.COMMAND,
    pause.PAUSE,
    pause.RESUME,
    tasks.COMMAND,
    offer.COMMAND,
    payments.COMMAND,
    letters.COMMAND,
    allow.COMMAND,
    timeline.COMMAND,
    explain.COMMAND,
    audit.COMMAND,
    evidence.COMMAND,
    law.COMMAND,
    cost.COMMAND,
    scale.COMMAND,
    report.COMMAND,
    api.COMMAND,
    notify.COMMAND,
    export.COMMAND,
    restore.COMMAND,
    rights.COMMAND,
    access_report.COMMAND,
    personal_data.COMMAND,
    erase.COMMAND,
    aside.COMMAND,
    dlq.COMMAND,
    repair.COMMAND,
    migrate.COMMAND,
    invoke.COMMAND,
    simulate.COMMAND,
    understand.COMMAND,
    model.COMMAND,
    permissions.COMMAND,
)


def main(argv: Sequence[str] | None = None, here: Here | None = None) -> int:
    """Run one command, in the place that its options name or in `here`.

    Returns 0: done; 1: refused or failed, and why. argparse itself ends with 2 for wrong usage.
    """
    arguments = parser().parse_args(argv)
    screen = Screen(as_json=arguments.as_json)
    try:
        return int(arguments.run(arguments, screen, here or partial(place_of, arguments, screen.note)))
    except KeyboardInterrupt:
        screen.note("stopped")
        return 130
    except BrokenPipeError:
        # The reader of a pipe (`| head`) has seen enough.
        sys.stderr.close()
        return 0
    except Exception as error:
        failure = told(error)
        if failure is None:
            raise
        screen.failed(failure)
        return 1


def parser() -> argparse.ArgumentParser:
    """All commands with their options and examples."""
    whole = argparse.ArgumentParser(
        prog="recobro",
        description=__doc__,
        formatter_class=Plain,
        epilog="recobro COMMAND --help shows examples",
    )
    listed = whole.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = listed.add_parser(
            command.name,
            help=command.summary,
            description=command.summary,
            epilog="examples:\n" + "\n".join(f"  {line}" for line in command.examples),
            formatter_class=Plain,
        )
        command.options(one)
        shared_options(one, has_place=command.has_place)
        one.set_defaults(run=command.run)
    return whole
