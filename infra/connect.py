"""After deployment: carriers are told where to bring what people answer, which CloudFormation cannot tell them.

`python -m infra.connect CLIENT`, with the AWS profile of the deployment. `make deploy` runs it; running it again changes
nothing. WhatsApp's destination belongs to the business account and the reply channel to the number or pool: both are
ids that the client's file gives, not resources that a stack creates.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from infra.repository import client_folder
from infra.stack.settings import ClientSettings, client_settings
from recobro.errors import NotFound, RecobroError

Clients = Callable[[str], Any]
"""A boto3 client by its service's name."""


def connect(client: ClientSettings, clients: Clients) -> list[str]:
    """Point each carrier at its topic. Returns what was done, a sentence each. Raises NotFound before the first deployment."""
    topics = _outputs(client, clients("cloudformation"))
    done: list[str] = []
    if client.sends("whatsapp"):
        number = client.channels["whatsapp"].identity
        done.append(_whatsapp(clients("socialmessaging"), number, topics["WhatsappEventsTopic"]))
    if "SmsInboundTopic" in topics:
        identity = client.channels["sms"].identity
        done.append(_replies(clients("pinpoint-sms-voice-v2"), identity, topics["SmsInboundTopic"]))
    return done


def _outputs(client: ClientSettings, cloudformation: Any) -> Mapping[str, str]:
    name = f"recobro-{client.name}"
    try:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except cloudformation.exceptions.ClientError as error:
        raise NotFound(f"no stack {name} in {client.region}: deploy it first") from error
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


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
        client = client_settings(client_folder(sys.argv[1] if len(sys.argv) > 1 else "demo") / "client.toml")
        session: Any = boto3.Session(region_name=client.region)
        sys.stdout.write("".join(f"{line}\n" for line in connect(client, session.client)))
    except RecobroError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
