"""A regulator asks what was said to one person and by what right: the whole record, signed, to be verified without us."""

import argparse
from pathlib import Path

from infra.cli.command import Command, Plain
from infra.cli.place import Here, Place, shared_options
from infra.cli.screen import Screen
from infra.cli.who import debtor_named
from infra.evidence.archive import KmsSigner, archive
from infra.evidence.collecting import collected
from infra.evidence.verify_evidence import Broken, fingerprint, verify
from infra.private_file import for_its_owner
from recobro.errors import InvalidInput, InvariantBroken


def options(parser: argparse.ArgumentParser) -> None:
    doing = parser.add_subparsers(dest="doing", metavar="export|key", required=True)
    export = doing.add_parser("export", help="write one person's record as an archive", formatter_class=Plain)
    export.add_argument(
        "debtor", metavar="DEBTOR", help="id, debt reference, phone, e-mail or CC:TYPE:NUMBER"
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="where to (evidence-<id>.zip)")
    key = doing.add_parser(
        "key", help="the fingerprint by which others know our signature", formatter_class=Plain
    )
    for one in (export, key):
        shared_options(one, nested=True)


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    with here() as place:
        signer = signer_of(place)
        named = fingerprint(signer.public_key()) if signer is not None else ""
        if arguments.doing == "key":
            if signer is None:
                raise InvalidInput(
                    "[evidence] signing", "is off", "signing = true in client.toml, then deploy"
                )
            screen.say(f"{named}  {signer.name}")
            if screen.as_json:
                screen.answer({"fingerprint": named, "key": signer.name})
            return 0
        house = place.house
        found = collected(house, debtor_named(house, arguments.debtor))
        if found.broken:
            fix = "recobro repair history mends what something that is left still holds"
            raise InvalidInput(
                "DEBTOR", f"the history of {found.debtor.id} is not whole: {found.broken}", fix
            )
        written = archive(found, house.playbook.client.agency.legal_name, house.now(), signer)
    try:
        manifest = verify(written)
    except Broken as error:
        raise InvariantBroken(f"the archive would not hold, and is not written: {error}") from error
    out = arguments.out or Path(f"evidence-{found.debtor.id}.zip")
    with for_its_owner(out, "wb") as file:
        file.write(written)
    for one in found.missing:
        screen.note(f"no longer kept: {one}")
    screen.say(
        f"{out}: {manifest['count']} facts, {len(manifest['files'])} files, {len(written):,} bytes.", "bold"
    )
    if signer is None:
        screen.say("Nobody signed it: [evidence] signing = true in client.toml has KMS sign it.", "bold red")
    else:
        screen.say(f"Signed by {named}: tell it to whoever verifies, by another way than this file.")
    screen.say("It names the person and what they were told: keep it as you keep the ledger.")
    if screen.as_json:
        screen.answer(
            {"file": str(out), "facts": manifest["count"], "head": manifest["head"], "fingerprint": named}
        )
    return 0


def signer_of(place: Place) -> KmsSigner | None:
    """The deployment's own key; None where its client has none."""
    key = place.house.settings.evidence_key
    return KmsSigner(place.house.client("kms"), key) if key else None


COMMAND = Command(
    name="evidence",
    summary="Write one person's whole record as a signed archive that anybody can verify without Recobro",
    examples=(
        "recobro evidence export fabula/A-1001",
        "recobro evidence export '+52 55 5550 0142' --out expediente.zip",
        "recobro evidence key",
        "python3 verify_evidence.py expediente.zip --fingerprint 5f1c…  (out of the archive, on any machine)",
    ),
    options=options,
    run=run,
)
