"""A client pays for and maintains only what its file switches on: no queue, topic, alarm or function for the rest."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template as Synthesised

from infra.repository import CLIENTS
from infra.stack.carriers import configuration_sets
from infra.stack.schedules import sweep_expression
from infra.stack.settings import client_settings
from infra.stack.topics import carrier_topics
from recobro.errors import InvalidInput
from tests.infra.reading import Template, written


def test_a_client_with_email_alone_has_one_sender(only_email: Template) -> None:
    senders = {name for name in only_email.functions() if name.startswith("send_")}
    assert senders == {"send_email"}
    assert {name for name in only_email.queues() if "send" in name} == {"send-email", "send-email-dead"}


def test_a_client_whose_carriers_cannot_answer_has_no_inbox(only_email: Template) -> None:
    assert "receive_message" not in only_email.functions()
    assert "messages" not in only_email.queues()
    assert "receive_receipt" in only_email.functions()


def test_a_client_without_a_gateway_has_no_payment_hook(only_email: Template) -> None:
    assert "receive_payment" not in only_email.functions()
    assert not [
        one for one in only_email.all("AWS::ApiGatewayV2::Route").values() if "hooks" in one["RouteKey"]
    ]


@pytest.mark.parametrize("word", ["sms", "whatsapp", "voice", "push", "messages", "hooks", "payment"])
def test_nothing_in_the_template_speaks_of_what_is_off(only_email: Template, word: str) -> None:
    assert not [name for name in only_email.resources if word in name.lower()]
    alarms = [one["AlarmName"] for one in only_email.all("AWS::CloudWatch::Alarm").values()]
    assert not [name for name in alarms if word in name]


def test_sms_by_sns_expects_neither_receipts_nor_replies(sms_by_sns: Template) -> None:
    assert {"receive_receipt", "receive_message"}.isdisjoint(sms_by_sns.functions())
    assert [one["TopicName"] for one in sms_by_sns.all("AWS::SNS::Topic").values()] == [
        "recobro-sms-by-sns-alarms"
    ]
    assert "AWS::SMSVOICE::ConfigurationSet" not in sms_by_sns.types()


def speech_sets(**named: str) -> dict[str, str]:
    """Logical id → name of the demonstration client's sets for texts and calls, where only these channels are on, with sets named so."""
    demo = client_settings(CLIENTS / "demo" / "client.toml")
    channels = {
        channel: replace(demo.channels[channel], configuration_set=name) for channel, name in named.items()
    }
    client, stack = replace(demo, channels=channels), Stack(App(), "messaging")
    configuration_sets(stack, client, carrier_topics(stack, client, "recobro-demo"))
    found = Synthesised.from_stack(stack).find_resources("AWS::SMSVOICE::ConfigurationSet")
    return {logical: one["Properties"]["ConfigurationSetName"] for logical, one in found.items()}


def test_the_sets_that_are_deployed_keep_their_places(demo: Template) -> None:
    sets = {
        logical: one["ConfigurationSetName"]
        for logical, one in demo.all("AWS::SMSVOICE::ConfigurationSet").items()
    }
    assert sets == {"SpeechConfigurationSet": "demo-sms", "SpeechConfigurationSet1": "demo-voice"}
    assert speech_sets(sms="demo-sms", voice="demo-voice") == sets
    assert speech_sets(sms="demo-sms") == {"SpeechConfigurationSet": "demo-sms"}


@pytest.mark.parametrize(
    "names", [("demo-sms", "demo-voice"), ("texts", "calls"), ("calls", "texts"), ("a_b", "a-b")]
)
def test_a_channel_is_switched_off_and_on_without_a_set_that_takes_anothers_name(
    names: tuple[str, str],
) -> None:
    """CloudFormation makes a set anew before it removes the old one, and refuses a name that any set still has."""
    one, other = names
    files = [
        speech_sets(sms=one, voice=other),
        speech_sets(sms=one),
        speech_sets(voice=other),
        speech_sets(sms=other, voice=one),
        speech_sets(sms=one, voice=one),
        speech_sets(sms=one, voice="another"),
    ]
    for before, after in permutations(files, 2):
        owner = {name: logical for logical, name in before.items()}
        assert [name for logical, name in after.items() if owner.get(name, logical) != logical] == []


def test_a_sweep_of_a_small_client_knows_only_its_channels_queue(only_email: Template) -> None:
    told = only_email.functions()["escalation"]["Environment"]["Variables"]
    assert [name for name in told if name.startswith("QUEUE_")] == ["QUEUE_SEND_EMAIL"]


def test_no_function_may_ask_a_model_where_the_client_names_none(demo: Template) -> None:
    assert "bedrock" not in json.dumps(demo.document)


def test_who_names_a_model_lets_replies_be_read_by_that_model_alone(everything: Template) -> None:
    asks = {
        name: [one for one in everything.statements(name) if one["Action"] == "bedrock:InvokeModel"]
        for name in everything.functions()
    }
    (statement,) = asks.pop("receive_message")
    model, profile = (written(one) for one in statement["Resource"])

    assert not any(asks.values())
    assert model.endswith(":bedrock:*::foundation-model/example.model-v1:0")
    assert profile.endswith(":inference-profile/us.example.model-v1:0")


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], Path]:
    """The demonstration client's file with one thing changed."""

    def edit(pattern: str, replacement: str) -> Path:
        text = (CLIENTS / "demo" / "client.toml").read_text(encoding="utf-8")
        changed, count = re.subn(pattern, replacement, text, count=1)
        assert count == 1, pattern
        path = tmp_path / "client.toml"
        path.write_text(changed, encoding="utf-8")
        return path

    return edit


@pytest.mark.parametrize(
    ("pattern", "replacement", "field"),
    [
        (r"sweep_minutes = 15", "sweep_minutes = 7", "schedule.sweep_minutes"),
        (r'opens = "07:00"', 'opens = "07:30"', "schedule.opens"),
        (r'opens = "07:00"', 'opens = "21:00"', "schedule.closes"),
        (r'name = "demo"', 'name = "De mo"', "name"),
        (r'region = "us-east-1"', 'region = "Virginia"', "region"),
        (r'transport = "eum"', 'transport = "fax"', "channels.sms.transport"),
        (r'configuration_set = "demo-email"', "", "channels.email.configuration_set"),
        (r"(\[channels\.sms\]\n)", r"\1at_once = 1\n", "channels.sms.at_once"),
        (r"\[agency\]", '[agency]\nscope_table = "the agency"', "agency.scope_table"),
        (r'second_opinion = ""', 'second_opinion = "some model"', "understanding.second_opinion"),
        (r'name = "demo"', 'name = "demo', "toml"),
    ],
)
def test_a_wrong_client_file_is_refused_with_file_field_and_fix(
    edited: Callable[[str, str], Path], pattern: str, replacement: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        client_settings(edited(pattern, replacement))
    assert refused.value.field == field
    assert refused.value.where.endswith("client.toml")
    assert refused.value.fix


def test_hours_and_interval_become_the_schedule(edited: Callable[[str, str], Path]) -> None:
    client = client_settings(edited(r"sweep_minutes = 15", "sweep_minutes = 5"))
    assert sweep_expression(client) == "cron(0/5 7-19 * * ? *)"
