"""After deployment: the rules in force are kept as evidence, and carriers are told where to bring what people answer.

`python -m infra.connect CLIENT`, with the AWS profile of the deployment. `make deploy` runs it; running it again changes
nothing. WhatsApp's destination belongs to the business account and the reply channel to the number or pool: both are
ids that the client's file gives, not resources that a stack creates.
"""

import sys
from collections.abc import Callable
from typing import Any

from infra.deployed.data import stack_policy
from infra.deployed.stacks import outputs_of
from infra.packing.own import own_layer
from infra.repository import client_folder
from infra.stack.names import prefix_of, stack_of
from infra.stack.settings import ClientSettings, client_settings
from recobro.domain.playbook import Playbook
from recobro.errors import RecobroError
from recobro.playbook_file import FILE_NAME, document, load

Clients = Callable[[str], Any]
"""A boto3 client by its service's name."""


def connect(client: ClientSettings, playbook: Playbook, clients: Clients) -> list[str]:
    """Keep the rules, point each carrier at its topic. Returns what was done, a sentence each.

    Raises NotFound before the first deployment.
    """
    prefix = prefix_of(client.name)
    outputs = outputs_of(clients("cloudformation"), prefix)
    kept = keep_rules(playbook, clients("s3"), outputs["BucketName"])
    done = [f"{kept} new strategies, law packs and templates kept in {outputs['BucketName']}"]
    protect_data(clients("cloudformation"), stack_of(prefix, "data"))
    done.append("no update may replace or remove what holds data")
    if client.sends("whatsapp"):
        number = client.channels["whatsapp"].identity
        done.append(_whatsapp(clients("socialmessaging"), number, outputs["WhatsappEventsTopic"]))
    if "SmsInboundTopic" in outputs:
        identity = client.channels["sms"].identity
        done.append(_replies(clients("pinpoint-sms-voice-v2"), identity, outputs["SmsInboundTopic"]))
    return done


def protect_data(cloudformation: Any, stack: str) -> None:
    """From now on an update, or the rollback of one, that would replace or remove data fails instead (infra/deployed/data.py)."""
    cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=stack_policy())


def keep_rules(playbook: Playbook, s3: Any, bucket: str) -> int:
    """Put each piece that decisions name by its hash under `strategies/<hash>`, once for ever. Returns how many were new."""
    new = 0
    book = playbook.hashes.get("book")
    if book is not None and s3.list_objects_v2(Bucket=bucket, Prefix=f"strategies/{book}").get("KeyCount"):
        return 0
    # The book goes last: where it stands, all that it lists stands.
    for name, digest in sorted(playbook.hashes.items(), key=lambda one: (one[0] == "book", one)):
        if name == "plan":
            continue
        try:
            s3.put_object(
                Bucket=bucket, Key=f"strategies/{digest}", Body=document(playbook, name), IfNoneMatch="*"
            )
            new += 1
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
    return new


def _whatsapp(social: Any, number: str, topic: str) -> str:
    account = social.get_linked_whatsapp_business_account_phone_number(id=number)[
        "linkedWhatsAppBusinessAccountId"
    ]
    social.put_whatsapp_business_account_event_destinations(
        id=account, eventDestinations=[{"eventDestinationArn": topic}]
    )
    return f"WhatsApp account {account} reports to {topic}"


def _replies(sms: Any, identity: str, topic: str) -> str:
    """Numbers and pools can be answered; a sender id cannot. What AWS itself does with STOP stays as it is set."""
    settings = {"TwoWayEnabled": True, "TwoWayChannelArn": topic}
    if identity.startswith("pool-"):
        sms.update_pool(PoolId=identity, **settings)
    elif identity.startswith("phone-"):
        sms.update_phone_number(PhoneNumberId=identity, **settings)
    else:
        return f"{identity} is a sender id, which nobody can answer: opt-out by link, WhatsApp or call"
    return f"answers to {identity} go to {topic}"


def main() -> None:
    """Connect the client named on the command line."""
    import boto3

    try:
        folder = client_folder(sys.argv[1] if len(sys.argv) > 1 else "demo")
        client = client_settings(folder / "client.toml")
        playbook = load(own_layer(folder) / "client" / FILE_NAME)
        session: Any = boto3.Session(region_name=client.region)
        sys.stdout.write("".join(f"{line}\n" for line in connect(client, playbook, session.client)))
    except RecobroError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
