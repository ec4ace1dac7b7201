"""What `make deploy` would change for this client, before it does: what comes, what goes, and who may do more than before."""

import argparse
import json
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen

if TYPE_CHECKING:  # the command's own help must not wait for AWS's libraries
    from infra.deployed.difference import Change


def options(parser: argparse.ArgumentParser) -> None:
    """Nothing but where."""


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """0: nothing grave. 1: something that holds data would change, or somebody may do more than before."""
    from infra.deployed.difference import differences
    from infra.deployed.session import deployed_template, session_of
    from infra.repository import client_folder
    from infra.stack.settings import client_settings
    from infra.synth import synthesise

    folder = client_folder(client_named(arguments.client))
    client = client_settings(folder / "client.toml")
    stack = arguments.stack or f"recobro-{client.name}"
    session = session_of(arguments, client.region)
    wanted = json.loads((synthesise(str(folder)) / f"recobro-{client.name}.template.json").read_text("utf-8"))
    found = differences(deployed_template(session.client("cloudformation"), stack), wanted)
    return told(found, screen)


def told(found: "list[Change]", screen: Screen) -> int:
    """Show them; 1 where one is grave."""
    grave = [one for one in found if one.is_grave]
    if screen.as_json:
        screen.answer({"changes": found})
        return int(bool(grave))
    rows = [("!" if one.is_grave else "", one.how, one.kind, one.name, ", ".join(one.paths)) for one in found]
    screen.table("", ("", "how", "what", "name", "where"), rows, empty="Nothing would change.")
    if grave:
        screen.say("! holds data, or lets somebody do more than before: read it before you deploy.", "bold")
    return int(bool(grave))


COMMAND = Command(
    name="diff",
    summary="Show what a deployment would change, and above all which data and whose rights",
    examples=("recobro diff --client acme --profile acme", "recobro diff --client acme --json"),
    options=options,
    run=run,
)
