"""After a deployment, carriers bring what people answer to this client's topics. Requests are checked against AWS's models."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.connect import connect, keep_rules
from infra.deployed.data import stack_policy
from infra.repository import CLIENTS
from infra.stack.settings import ClientSettings, client_settings
from recobro.errors import NotFound
from recobro.playbook_file import address, document
from tests import sample
from tests.infra.deployed import no_stack_stands, stacks_tell

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
    stacks_tell(carriers.stub("cloudformation"), "recobro-demo", outputs)


RULES = replace(sample.playbook(), hashes={"strategy": address(sample.playbook().strategy), "plan": "0" * 64})


def _keeps(carriers: Carriers) -> None:
    body = document(RULES, "strategy")
    wanted = {
        "Bucket": "files",
        "Key": f"strategies/{RULES.hashes['strategy']}",
        "Body": body,
        "IfNoneMatch": "*",
    }
    carriers.stub("s3").add_response("put_object", {}, wanted)


def _is_locked(carriers: Carriers) -> None:
    """From the first deployment on, CloudFormation itself refuses to replace or remove what holds data."""
    carriers.stub("cloudformation").add_response(
        "set_stack_policy", {}, {"StackName": "recobro-demo-data", "StackPolicyBody": stack_policy()}
    )


def test_whatsapp_and_sms_bring_answers_to_the_clients_topics(
    carriers: Carriers, client: ClientSettings
) -> None:
    _deployed(
        carriers,
        BucketName="files",
        WhatsappEventsTopic=f"{TOPIC}whatsapp-events",
        SmsInboundTopic=f"{TOPIC}sms-inbound",
    )
    _keeps(carriers)
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
        {"PoolId": POOL, "TwoWayEnabled": True, "TwoWayChannelArn": f"{TOPIC}sms-inbound"},
    )
    _is_locked(carriers)
    assert len(connect(client, RULES, carriers)) == 4


def test_the_strategy_that_decided_is_kept_under_its_hash_and_never_replaced(carriers: Carriers) -> None:
    _keeps(carriers)
    assert keep_rules(RULES, carriers("s3"), "files") == 1
    carriers.stub("s3").add_client_error("put_object", "PreconditionFailed", http_status_code=412)
    assert keep_rules(RULES, carriers("s3"), "files") == 0


def test_before_the_first_deployment_it_says_what_to_do(carriers: Carriers, client: ClientSettings) -> None:
    no_stack_stands(carriers.stub("cloudformation"))
    with pytest.raises(NotFound, match=r"recobro-demo.*deploy it first"):
        connect(client, RULES, carriers)
