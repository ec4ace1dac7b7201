"""The API for the creditor's own systems: its description, and the keys by which it knows them."""

import argparse
import hashlib
import json
import secrets

from infra.cli.command import Command, Plain
from infra.cli.place import Here, shared_options
from infra.cli.screen import Screen
from recobro.errors import InvalidInput


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="openapi|key", required=True)
    described = doing.add_parser("openapi", help="print the OpenAPI document", formatter_class=Plain)
    key = doing.add_parser("key", help="make a key for one system, or take it back", formatter_class=Plain)
    key.add_argument("name", metavar="NAME", help='whose it is: "acme core"')
    key.add_argument("--revoke", action="store_true", help="it is known no more, within five minutes")
    for one in (described, key):
        shared_options(one, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    """The key is shown once; what is kept is its hash."""
    if arguments.doing == "openapi":
        from infra.openapi import document

        screen.answer(document())
        return 0
    with here() as place:
        client, arn = place.house.client("secretsmanager"), place.house.settings.secret
        values = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
        known = dict(values.get("api", {}))
        key = ""
        if arguments.revoke:
            if known.pop(arguments.name, None) is None:
                raise InvalidInput(
                    "NAME", f"{arguments.name!r} has no key", f"one of: {', '.join(sorted(known)) or '-'}"
                )
        else:
            key = secrets.token_urlsafe(32)
            known[arguments.name] = hashlib.sha256(key.encode()).hexdigest()
        client.put_secret_value(
            SecretId=arn, SecretString=json.dumps(values | {"api": known}, sort_keys=True)
        )
    if screen.as_json:
        screen.answer({"name": arguments.name, "key": key, "known": sorted(known)})
    else:
        screen.say(f"{arguments.name}: {key or 'revoked'}", "bold")
        if key:
            screen.note("shown once; a key that was there under this name is known no more")
    return 0


COMMAND = Command(
    name="api",
    summary="The API for the creditor's own systems: its OpenAPI document, and keys to it",
    examples=(
        "recobro api openapi > recobro.json",
        'recobro api key "acme core" --profile acme',
        'recobro api key "acme core" --revoke',
    ),
    options=options,
    run=run,
)
