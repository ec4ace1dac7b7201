"""A handler runs as it would in Lambda: its own folder, its own environment, its own memory until it is started anew."""

import os
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.outside import FunctionDied
from infra.local.refusal import Refused
from tests.infra.local.sample import PLAYS, START, Sample

COUNTS = """
import os

STARTED = os.environ["CITY"]
count = 0

def handler(event, context):
    global count
    count += 1
    return [STARTED, os.environ["CITY"], os.environ["AWS_LAMBDA_FUNCTION_NAME"], count]
"""

BESIDE = """
from words import GREETING

def handler(event, context):
    return GREETING
"""


def test_each_function_sees_its_own_environment_when_loaded_and_when_run(sample: Sample) -> None:
    sample.function("north", source=COUNTS, Environment={"Variables": {"CITY": "Monterrey"}})
    sample.function("south", source=COUNTS, Environment={"Variables": {"CITY": "Oaxaca"}})
    before = dict(os.environ)
    with sample.running() as system:
        assert system.invoke("north", {}).value == ["Monterrey", "Monterrey", "north", 1]
        assert system.invoke("south", {}).value == ["Oaxaca", "Oaxaca", "south", 1]
    assert dict(os.environ) == before


def test_a_warm_function_remembers_and_a_restarted_one_does_not(sample: Sample) -> None:
    sample.function("north", source=COUNTS, Environment={"Variables": {"CITY": "Monterrey"}})
    with sample.running() as system:
        counts = [system.invoke("north", {}).value[-1] for _ in range(2)]
        system.restart_function("north")
        counts.append(system.invoke("north", {}).value[-1])
    assert counts == [1, 2, 1]


def test_modules_beside_a_handler_are_its_own(sample: Sample) -> None:
    sample.function("north", source=BESIDE)
    sample.function("south", source=BESIDE)
    sample.asset("north", {"words.py": "GREETING = 'buenos días'"})
    sample.asset("south", {"words.py": "GREETING = 'buenas tardes'"})
    with sample.running() as system:
        assert system.invoke("north", {}).value == "buenos días"
        assert system.invoke("south", {}).value == "buenas tardes"
    assert "words" not in sys.modules


def test_nothing_is_written_beside_a_handler(sample: Sample) -> None:
    """Python's caches would change the asset's hash from machine to machine."""
    sample.function("north", source=BESIDE)
    sample.asset("north", {"words.py": "GREETING = 1"})
    with sample.running() as system:
        system.invoke("north", {})
    assert sorted(path.name for path in (sample.folder / "asset.north").rglob("*")) == [
        "handler.py",
        "words.py",
    ]


def test_a_layer_is_mounted_where_lambda_mounts_it(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html: layers are under /opt."""
    content = sample.asset("layer", {"client/client.toml": "name = 'acme'"})
    sample.add("layer", "AWS::Lambda::LayerVersion", Content=content)
    variables = {"Variables": {"CLIENT_DIR": "/opt/client", "OTHER": "/optional"}}
    reading = """
import os, pathlib
def handler(event, context):
    return [pathlib.Path(os.environ["CLIENT_DIR"], "client.toml").read_text(), os.environ["OTHER"]]
"""
    sample.function("north", source=reading, Layers=[{"Ref": "layer"}], Environment=variables)
    with sample.running() as system:
        assert system.invoke("north", {}).value == ["name = 'acme'", "/optional"]


def test_a_path_that_no_layer_holds_is_refused(sample: Sample) -> None:
    sample.function("north", Environment={"Variables": {"CLIENT_DIR": "/opt/client"}})
    with (
        pytest.raises(Refused, match="CLIENT_DIR=/opt/client, but none of its layers holds client"),
        sample.running(),
    ):
        pass


def test_the_context_tells_what_lambda_tells(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""
    sample.function("work", Timeout=30, MemorySize=512)
    seen: dict[str, Any] = {}

    def play(_event: Any, context: Any) -> None:
        seen.update(
            name=context.function_name,
            arn=context.invoked_function_arn,
            memory=context.memory_limit_in_mb,
            left=context.get_remaining_time_in_millis(),
            request=context.aws_request_id,
            now=datetime.now(UTC),
        )

    PLAYS["work"] = play
    with sample.running() as system:
        outcome = system.invoke("work", {})
    assert seen["name"] == "work"
    assert seen["arn"] == "arn:aws:lambda:us-east-1:111122223333:function:work"
    assert seen["memory"] == "512"
    assert seen["left"] == 30_000
    assert seen["request"] == outcome.request_id
    assert seen["now"] == START


def test_event_and_answer_cross_as_json(sample: Sample) -> None:
    sample.function("work")
    event = {"names": ["ana"]}

    def play(received: Any, _context: Any) -> Any:
        received["names"].append("luis")
        return {1: (1, 2)}

    PLAYS["work"] = play
    with sample.running() as system:
        assert system.invoke("work", event).value == {"1": [1, 2]}
        PLAYS["work"] = lambda _event, _context: {1, 2}
        failure = system.invoke("work", {}).failure
    assert event == {"names": ["ana"]}
    assert failure is not None
    assert failure.type == "TypeError"


def test_a_function_that_dies_is_cold_afterwards_and_cannot_prevent_it(sample: Sample) -> None:
    source = """
from tests.infra.local.sample import play
count = 0
def handler(event, context):
    global count
    count += 1
    try:
        play(event, context)
    except Exception:
        return "survived"
    return count
"""
    sample.function("work", source=source)

    def dies(_event: Any, _context: Any) -> None:
        raise FunctionDied

    with sample.running() as system:
        assert system.invoke("work", {}).value == 1
        PLAYS["work"] = dies
        failure = system.invoke("work", {}).failure
        PLAYS.clear()
        assert system.invoke("work", {}).value == 1
    assert failure is not None
    assert failure.type == "Runtime.ExitError"


def test_boto3_in_a_handler_asks_this_machine_and_no_other(sample: Sample) -> None:
    sample.queue("jobs")
    source = """
import boto3
def handler(event, context):
    return boto3.client("sqs").get_queue_url(QueueName="jobs")["QueueUrl"]
"""
    may = {"Effect": "Allow", "Action": "sqs:GetQueueUrl", "Resource": {"Fn::GetAtt": ["jobs", "Arn"]}}
    sample.function("work", may, source=source)
    with sample.running() as system:
        assert system.invoke("work", {}).value.endswith("/111122223333/jobs")


def test_a_function_may_invoke_another(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"""
    calling = """
import boto3, json
def handler(event, context):
    answer = boto3.client("lambda").invoke(FunctionName="second", Payload=json.dumps(event))
    return [answer["StatusCode"], answer.get("FunctionError"), json.loads(answer["Payload"].read())]
"""
    sample.function("second")
    may = {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": {"Fn::GetAtt": ["second", "Arn"]},
    }
    sample.function("first", may, source=calling)
    PLAYS["second"] = lambda event, context: [event, context.function_name]
    with sample.running() as system:
        assert system.invoke("first", {"a": 1}).value == [200, None, [{"a": 1}, "second"]]
        PLAYS["second"] = lambda _event, _context: 1 / 0
        status, error, told = system.invoke("first", {}).value
    assert (status, error, told["errorType"]) == (200, "Unhandled", "ZeroDivisionError")


def test_a_function_that_first_ran_inside_another_has_its_own_environment_ever_after(sample: Sample) -> None:
    sample.function("south", source=COUNTS, Environment={"Variables": {"CITY": "Oaxaca"}})
    may = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    calling = """
import boto3, json
def handler(event, context):
    return json.loads(boto3.client("lambda").invoke(FunctionName="south", Payload="{}")["Payload"].read())
"""
    sample.function("north", may, source=calling, Environment={"Variables": {"TOWN": "Monterrey"}})
    before = dict(os.environ)
    with sample.running() as system:
        inside = system.invoke("north", {}).value
        system.restart_function("south")
        assert inside == system.invoke("south", {}).value == ["Oaxaca", "Oaxaca", "south", 1]
    assert dict(os.environ) == before


def test_a_function_is_found_by_the_end_of_its_name_and_others_are_listed(sample: Sample) -> None:
    sample.function("north", FunctionName="recobro-acme-send_sms")
    sample.resources["north"]["Properties"]["FunctionName"] = "recobro-acme-send_sms"
    with sample.running() as system:
        assert system.invoke("send_sms", {}).failure is None
        assert system.invocations == {"send_sms": 1}
        with pytest.raises(LookupError, match="no one function is called send_fax; there are send_sms"):
            system.invoke("send_fax", {})


def test_whoever_asked_is_told_before_each_invocation(sample: Sample) -> None:
    sample.function("work")
    told: list[str] = []
    with sample.running(on_function=told.append) as system:
        system.invoke("work", {})
        system.invoke("work", {})
    assert told == ["work", "work"]


def test_our_shared_package_gets_its_clients_its_clock_and_its_chance_from_here(sample: Sample) -> None:
    source = """
from recobro.bootstrap import surroundings

def handler(event, context):
    given = surroundings()
    url = given.client("sqs", connect_timeout=3).get_queue_url(QueueName="jobs")["QueueUrl"]
    return [url.rsplit("/")[-1], given.now().isoformat(), given.random.random()]
"""
    sample.queue("jobs")
    may = {"Effect": "Allow", "Action": "sqs:GetQueueUrl", "Resource": {"Fn::GetAtt": ["jobs", "Arn"]}}
    sample.function("work", may, source=source)
    sample.function("other", source=source)
    drawn = []
    for _ in range(2):
        with sample.running() as system:
            drawn.append(system.invoke("work", {}).value)
            failure = system.invoke("other", {}).failure
    assert drawn[0][:2] == ["jobs", START.isoformat()]
    assert drawn[0] == drawn[1]
    assert failure is not None
    assert "other is not authorized to perform: sqs:GetQueueUrl" in failure.message


def test_a_client_that_was_not_made_here_reaches_nobody(sample: Sample) -> None:
    source = """
import botocore.session
from botocore.config import Config

def handler(event, context):
    once = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    botocore.session.Session().create_client("sqs", config=once).list_queues()
"""
    sample.function("work", source=source)
    with sample.running() as system:
        failure = system.invoke("work", {}).failure
    assert failure is not None
    assert failure.type == "EndpointConnectionError"
    assert "http://127.0.0.1:9/" in failure.message


def test_what_a_handler_adds_to_its_environment_is_not_for_others_to_see(sample: Sample) -> None:
    source = """
import os

def handler(event, context):
    seen = os.environ.get("LEFT")
    os.environ["LEFT"] = "behind"
    return seen
"""
    sample.function("north", source=source)
    sample.function("south", source=source)
    with sample.running() as system:
        assert [system.invoke(name, {}).value for name in ("north", "south")] == [None, None]
    assert "LEFT" not in os.environ


def test_an_event_of_more_than_six_megabytes_never_reaches_its_function(sample: Sample) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
    sample.function("work")
    with sample.running() as system:
        failure = system.invoke("work", {"body": "x" * 6_300_000}).failure
    assert failure is not None
    assert "more than the 6291456 that Lambda takes" in failure.message
