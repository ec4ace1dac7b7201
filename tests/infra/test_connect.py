"""After a deployment, carriers bring what people answer to this client's topics. Requests are checked against AWS's models."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.connect import connect
from infra.repository import CLIENTS
from infra.stack.settings import ClientSettings, client_settings
from recobro.errors import NotFound

TOPIC = "arn:aws:sns:us-east-1:123456789012:recobro-demo-"
POOL = "pool-00000000000000000000000000000000"
NUMBER = "phone-number-id-00000000000000000000000000000000"
ACCOUNT = "waba-00000000000000000000000000000000"


class Carriers:
    """boto3 clients whose every request is expected beforehand, and checked against AWS's own models."""

    def __init__(self) -> None:
        self._stubs: dict[str, Stubber] = {}

    def __call__(self, service: str) -> Any:
        return self.stub(service).client

    def stub(self, service: str) -> Stubber:
        if service not in self._stubs:
            keys = {"aws_access_key_id": "example", "aws_secret_access_key": "example"}
            self._stubs[service] = Stubber(boto3.client(service, region_name="us-east-1", **keys))  # type: ignore[call-overload]
            self._stubs[service].activate()
        return self._stubs[service]

    def all_asked(self) -> None:
        for stub in self._stubs.values():
            stub.assert_no_pending_responses()


@pytest.fixture
def carriers() -> Iterator[Carriers]:
    expected = Carriers()
    yield expected
    expected.all_asked()


@pytest.fixture
def client() -> ClientSettings:
    return client_settings(CLIENTS / "demo" / "client.toml")


def _deployed(carriers: Carriers, **outputs: str) -> None:
    told = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
    stack = {
        "StackName": "recobro-demo",
        "CreationTime": "2026-11-22",
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": told,
    }
    carriers.stub("cloudformation").add_response(
        "describe_stacks", {"Stacks": [stack]}, {"StackName": "recobro-demo"}
    )


def test_whatsapp_and_sms_bring_answers_to_the_clients_topics(
    carriers: Carriers, client: ClientSettings
) -> None:
    _deployed(carriers, WhatsappEventsTopic=f"{TOPIC}whatsapp-events", SmsInboundTopic=f"{TOPIC}sms-inbound")
    social = carriers.stub("socialmessaging")
    social.add_response(
        "get_linked_whatsapp_business_account_phone_number",
        {"linkedWhatsAppBusinessAccountId": ACCOUNT},
        {"id": NUMBER},
    )
    social.add_response(
        "put_whatsapp_business_account_event_destinations",
        {},
        {"id": ACCOUNT, "eventDestinations": [{"eventDestinationArn": f"{TOPIC}whatsapp-events"}]},
    )
    carriers.stub("pinpoint-sms-voice-v2").add_response(
        "update_pool",
        {},
        {
            "PoolId": POOL,
            "TwoWayEnabled": True,
            "TwoWayChannelArn": f"{TOPIC}sms-inbound",
        },
    )
    assert len(connect(client, carriers)) == 2


def test_before_the_first_deployment_it_says_what_to_do(carriers: Carriers, client: ClientSettings) -> None:
    carriers.stub("cloudformation").add_client_error("describe_stacks", "ValidationError")
    with pytest.raises(NotFound, match=r"recobro-demo.*deploy it first"):
        connect(client, carriers)
