"""What still stands between a client and its first message: asked of AWS, carriers and gateways, each answer with its fix."""

import argparse
from typing import TYPE_CHECKING

from infra.cli.command import Command
from infra.cli.place import Here, client_named
from infra.cli.screen import Screen

if TYPE_CHECKING:  # the command's own help must not wait for AWS's libraries
    from infra.doctor.finding import Finding

SIGNS = {"ok": "✓", "note": "·", "wrong": "✗", "unknown": "?"}


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", dest="everything", action="store_true", help="show what stands well, too")


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """0: ready. 1: something is wrong or could not be looked at."""
    import boto3

    from infra.deployed.stacks import outputs_of
    from infra.doctor.examine import examine
    from infra.doctor.finding import Asked
    from infra.packing.own import own_layer
    from infra.repository import client_folder
    from infra.stack.names import prefix_of
    from infra.stack.settings import client_settings
    from recobro.errors import NotFound
    from recobro.playbook_file import FILE_NAME, load

    folder = client_folder(client_named(arguments.client))
    client = client_settings(folder / "client.toml")
    session = boto3.Session(profile_name=arguments.profile, region_name=arguments.region or client.region)
    try:
        outputs = outputs_of(session.client("cloudformation"), prefix_of(client.name))
    except NotFound:
        outputs = {}

    def clients(service: str) -> object:
        return session.client(service)  # type: ignore[call-overload]

    asked = Asked(client, load(own_layer(folder) / "client" / FILE_NAME), clients, outputs)
    return told(list(examine(asked)), screen, everything=arguments.everything)


def told(findings: "list[Finding]", screen: Screen, *, everything: bool) -> int:
    """Show them; what is wrong first."""
    is_ready = all(one.state in ("ok", "note") for one in findings)
    if screen.as_json:
        screen.answer({"ready": is_ready, "findings": findings})
        return int(not is_ready)
    order = list(SIGNS)[::-1]
    rows = [
        (SIGNS[one.state], one.what, one.told, one.fix)
        for one in sorted(findings, key=lambda one: order.index(one.state))
        if everything or one.state != "ok"
    ]
    screen.table("", ("", "what", "how it stands", "what to do"), rows)
    well = sum(one.state == "ok" for one in findings)
    screen.say(f"{well} of {len(findings)} stand well: {'ready' if is_ready else 'not ready yet'}.", "bold")
    return int(not is_ready)


COMMAND = Command(
    name="doctor",
    summary="Say what AWS, carriers and gateways still need before this client may write to anybody, and how to get it",
    examples=("recobro doctor --client acme --profile acme", "recobro doctor --client acme --all --json"),
    options=options,
    run=run,
)
