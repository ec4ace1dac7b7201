"""What `make deploy` would change for this client, before it does: what comes, what goes, and who may do more than before."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.cli.command import Command
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen

if TYPE_CHECKING:  # the command's own help must not wait for AWS's libraries
    from infra.deployed.difference import Change


def options(parser: argparse.ArgumentParser) -> None:
    """Nothing but where."""


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """0: nothing grave. 1: something that holds data would change, or somebody may do more than before."""
    from infra.deployed.difference import all_differences
    from infra.deployed.session import session_of
    from infra.repository import client_folder
    from infra.stack.names import prefix_of
    from infra.stack.settings import client_settings
    from infra.synth import synthesise

    folder = client_folder(client_named(arguments.client))
    client = client_settings(folder / "client.toml")
    own = prefix_of(client.name)
    cloud = session_of(arguments, client.region).client("cloudformation")
    found = all_differences(cloud, arguments.stack or own, templates_of(synthesise(str(folder)), own))
    return told(found, screen)


def templates_of(assembly: Path, prefix: str) -> dict[str, dict[str, Any]]:
    """The life of each of the client's stacks → its template."""
    from infra.stack.names import LIVES, stack_of

    paths = {life: assembly / f"{stack_of(prefix, life)}.template.json" for life in LIVES}
    return {life: json.loads(path.read_text("utf-8")) for life, path in paths.items()}


def told(found: "list[Change]", screen: Screen) -> int:
    """Show them; 1 where one is grave."""
    grave = [one for one in found if one.is_grave]
    if screen.as_json:
        screen.answer({"changes": found})
        return int(bool(grave))
    rows = [
        ("!" if one.is_grave else "", one.life, one.how, one.kind, one.name, ", ".join(one.paths))
        for one in found
    ]
    screen.table("", ("", "stack", "how", "what", "name", "where"), rows, empty="Nothing would change.")
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
