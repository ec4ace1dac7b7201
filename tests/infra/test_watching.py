"""Whoever is woken knows what it means and what to do; what is counted names nobody; an idle client stays cheap."""

import hashlib
import importlib.util
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from infra.cli import COMMANDS
from infra.pricing.book import price_book
from infra.pricing.idle import idle_bill
from infra.repository import ROOT
from infra.stack.alarms import RUNBOOK, section_of
from infra.synth import synthesise
from recobro.adapters.state_record import key
from recobro.api_entry import answered
from recobro.counts import COUNTS, DIMENSION, EXPIRED, NAMESPACE, embedded
from recobro.domain.client import Gateway
from recobro.entry import (
    asked,
    asked_page,
    each_message,
    logger,
    run_sweep,
    send_each,
    set_aside,
    tell_counts,
)
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Stale, Unavailable
from recobro.house import House
from recobro.ports import HttpReply
from recobro.usecases.api import Route
from recobro.web import Shown
from tests.adapters.gateways_api import MERCADO_PAGO, Api, spoken
from tests.adapters.gateways_events import event_of
from tests.adapters.gateways_spoken import NOW
from tests.desk import staffed
from tests.domain.test_thanking import book
from tests.house import Clock, PretendCarrier, house, let_in, settle_in, standing
from tests.infra.reading import Template
from tests.infra.variants import variant
from tests.sample import AMINTA, MONDAY_NOON_MX, debtor, playbook
from tests.sweeping import person
from tests.usecases.conftest import at_home
from tests.usecases.test_receive_receipt import halfway_paid
from tests.usecases.test_send import sent

PAGE = (ROOT / RUNBOOK).read_text("utf-8")
SECTIONS = dict(re.findall(r"(?ms)^## ([\w-]+)\n(.*?)(?=^## |\Z)", PAGE))
WIDEST = 5
"""US dollars a month, idle, without free tiers: two channels and a gateway (issue: Numbers)."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Two channels, a gateway, an address of its own, somebody on duty and a dashboard."""
    folder = variant(tmp_path_factory.mktemp("clients") / "two-channels", off=("sms", "voice", "push"))
    settings = folder / "client.toml"
    text = settings.read_text("utf-8").replace('alarm_email = ""', 'alarm_email = "guardia@example.com"')
    text = re.sub(r"(?m)^# certificate = .*$", f'certificate = "{CERTIFICATE}"', text)
    settings.write_text(text.replace("dashboard = false", "dashboard = true"), "utf-8")
    return Template.of(synthesise(str(folder)))


CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    return {
        one["AlarmName"].removeprefix(f"{template.prefix}-"): one
        for one in template.all("AWS::CloudWatch::Alarm").values()
    }


def test_every_alarm_leads_to_its_section_of_the_runbook_and_every_section_has_an_alarm(
    demo: Template,
) -> None:
    led = {name: one["AlarmDescription"].rpartition("#")[2] for name, one in alarms(demo).items()}

    assert {name for name, section in led.items() if section not in SECTIONS} == set()
    assert set(SECTIONS) == set(led.values())
    assert {name: section_of(name) for name in led} == led
    assert all(RUNBOOK in one["AlarmDescription"] for one in alarms(demo).values())


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_a_section_says_what_it_means_where_to_look_what_to_do_and_when_it_is_over(section: str) -> None:
    text = SECTIONS[section]
    parts = ["What it means.", "Look.", "Do.", "Over when"]
    places = [text.index(f"**{part}") for part in parts]

    assert places == sorted(places)
    named = set(re.findall(r"`recobro ([a-z]+)", text))
    assert named <= {command.name for command in COMMANDS}


def test_what_alarms_count_is_what_functions_count(demo: Template) -> None:
    counted = set()
    for alarm in alarms(demo).values():
        metrics = [alarm] + [
            one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one
        ]
        for metric in metrics:
            if metric.get("Namespace") == NAMESPACE:
                counted.add(metric["MetricName"])
                assert metric["Dimensions"] == [{"Name": DIMENSION, "Value": "demo"}]

    # A hint that came too late is handed out again by the next sweep: worth a look, no alarm.
    assert counted == set(COUNTS) - {EXPIRED}


def test_a_client_is_told_of_silence_even_when_nothing_is_measured(demo: Template) -> None:
    assert alarms(demo)["escalation-silent"]["TreatMissingData"] == "breaching"
    assert alarms(demo)["sends-silent"]["Threshold"] == 1
    assert "payments-unmatched" in alarms(demo)


def test_a_client_without_email_or_gateway_has_no_alarm_for_them(
    sms_by_sns: Template, only_email: Template
) -> None:
    assert not [name for name in alarms(sms_by_sns) if name.startswith("email")]
    assert "payments-unmatched" not in alarms(only_email)


def test_the_dashboard_the_address_and_the_person_on_duty_are_there_where_the_file_asks(
    watched: Template, demo: Template
) -> None:
    page = watched.one("AWS::CloudWatch::Dashboard")
    body = json.dumps(page["DashboardBody"])
    domain = watched.one("AWS::ApiGatewayV2::DomainName")
    duty = [one for one in watched.all("AWS::SNS::Subscription").values() if one["Protocol"] == "email"]

    assert page["DashboardName"] == "recobro-two-channels"
    assert all(name in body for name in COUNTS)
    assert domain["DomainName"] == "pagos.example.com"
    assert domain["DomainNameConfigurations"][0]["SecurityPolicy"] == "TLS_1_2"
    assert "DomainTarget" in watched.document["Outputs"]
    assert [one["Endpoint"] for one in duty] == ["guardia@example.com"]
    assert {"AWS::CloudWatch::Dashboard", "AWS::ApiGatewayV2::DomainName"}.isdisjoint(demo.types())


def test_two_channels_and_a_gateway_cost_less_than_five_dollars_while_idle(watched: Template) -> None:
    bill = idle_bill(watched.assembly, price_book("us-east-1"))
    page = sum((line.usd for line in bill.lines if line.item == "dashboard"), Decimal(0))

    assert bill.unpriced == ()
    assert page == 3, "which is why it is there only where the file asks for it"
    assert bill.usd - page <= WIDEST, [(line.what, line.usd) for line in bill.lines]


class Kept(logging.Handler):
    """What was logged, as fields."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append({"message": record.getMessage(), **record.__dict__})


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, level = Kept(), logger.log_level
    logger.addHandler(kept)
    logger.setLevel("INFO")
    yield kept
    logging.getLogger(logger.name).removeHandler(kept)
    logger.setLevel(level)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(Clock()) as opened:
        monkeypatch.setenv(
            "QUEUE_SEND_SMS", opened.client("sqs").create_queue(QueueName="send-sms")["QueueUrl"]
        )
        yield opened


def test_a_batch_is_counted_in_one_line_and_a_quiet_one_in_none(home: House, log: Kept) -> None:
    event = {"Records": [{"messageId": str(n), "body": "x", "attributes": {}} for n in range(3)]}

    def broken(body: str, at: object) -> dict[str, Any]:
        raise InvalidInput("body", "is no good", "mend it")

    each_message(event, home, "receipts", broken)
    each_message({"Records": []}, home, "receipts", broken)

    (line,) = [one for one in log.lines if one["message"] == "counted"]
    assert line["SetAside"] == 3
    assert home.counts == {}


def test_what_nobody_foresaw_fails_its_own_message_alone_and_its_log_names_nobody(
    home: House, log: Kept
) -> None:
    records: list[dict[str, Any]] = [
        {"messageId": one, "body": one, "attributes": {}} for one in ("a", "odd", "c")
    ]
    event: dict[str, Any] = {"Records": records}
    done: list[str] = []

    def work(body: str, at: object) -> dict[str, Any]:
        if body == "odd":
            raise KeyError("Aminta Prueba")
        done.append(body)
        return {}

    answer = each_message(event, home, "messages", work)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "odd"}]}
    assert done == ["a", "c"]
    (line,) = [one for one in log.lines if one["message"] == "broken"]
    assert line["reason"].startswith("KeyError in work:")
    assert "Aminta" not in repr(log.lines)


EDGES = ("hook", "page", "api")


def asks(home: House, edge: str, error: Exception) -> int:
    """How a request is answered whose work ends so."""

    def work(*_: object) -> Any:
        raise error

    event: dict[str, Any] = {
        "routeKey": "GET /p/{token}",
        "requestContext": {"http": {"method": "GET"}},
        "headers": {"authorization": "Bearer key"},
    }
    known = {"api": {"core": hashlib.sha256(b"key").hexdigest()}}
    home.client("secretsmanager").put_secret_value(
        SecretId=home.settings.secret, SecretString=json.dumps({"root": "r", **known})
    )
    by: dict[str, Callable[[], int]] = {
        "hook": lambda: asked(home, "payments", event, work)[0],
        "page": lambda: int(asked_page(home, event, work)["statusCode"]),
        "api": lambda: int(answered(home, {"GET /p/{token}": Route(work, str)}, event)["statusCode"]),
    }
    return by[edge]()


@pytest.mark.parametrize("edge", EDGES)
def test_a_request_that_breaks_fails_its_function_and_its_error_names_nobody(home: House, edge: str) -> None:
    with pytest.raises(InvariantBroken, match=r"^ValueError in work:") as broken:
        asks(home, edge, ValueError("Aminta Prueba"))
    assert broken.value.__suppress_context__


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize(
    ("error", "status"),
    [(InvariantBroken("no secret is set"), 500), (Unavailable("throttled"), 503), (Stale(), 503)],
)
def test_an_answer_that_we_owed_and_could_not_give_is_counted(
    home: House, log: Kept, edge: str, error: Exception, status: int
) -> None:
    """Lambda counts no error for it: the function did answer."""
    assert asks(home, edge, error) == status
    assert counts_in(log, "FailedAnswers") == [1]
    assert home.counts == {}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("error", [InvalidInput("body", "is no good", "mend it"), NotFound("no such debt")])
def test_an_answer_that_the_asker_is_to_blame_for_is_not_counted_as_ours(
    home: House, log: Kept, edge: str, error: Exception
) -> None:
    assert asks(home, edge, error) < 500
    assert counts_in(log, "FailedAnswers") == []


def test_a_page_that_says_in_its_own_words_to_come_back_later_is_counted_too(home: House, log: Kept) -> None:
    """As where a gateway makes no link to pay by."""
    event = {"routeKey": "POST /p/{token}/{page}", "requestContext": {"http": {"method": "POST"}}}

    assert asked_page(home, event, lambda *_: Shown(status=503))["statusCode"] == 503
    assert counts_in(log, "FailedAnswers") == [1]


@pytest.mark.parametrize(("error", "told"), [(Unavailable("throttled"), [1]), (NotFound("no task"), [])])
def test_a_console_that_cannot_answer_the_agencys_people_is_counted(
    log: Kept, monkeypatch: pytest.MonkeyPatch, error: Exception, told: list[int]
) -> None:
    def broken(*_: object) -> Shown:
        raise error

    monkeypatch.setattr("recobro.console_entry.console", broken)
    event = {"routeKey": "GET /console", "requestContext": {"http": {"method": "GET"}}}
    with staffed(Clock()) as (home, _):
        run("console", home, event)

    assert counts_in(log, "FailedAnswers") == told


def test_two_answers_that_failed_within_a_quarter_of_an_hour_wake_somebody(demo: Template) -> None:
    alarm = alarms(demo)["answers-fail"]

    assert (alarm["MetricName"], alarm["Statistic"]) == ("FailedAnswers", "Sum")
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (2, 900, 1)


def test_a_gateway_whose_secret_is_missing_wakes_somebody(log: Kept) -> None:
    """Its money is real and none of it is believed: the gateway comes again for days, and then no more."""
    told = spoken("stripe")
    ours = playbook()
    gateways = {"stripe": Gateway("main", merchant=told.merchant)}
    with house(Clock(NOW), book=replace(ours, client=replace(ours.client, gateways=gateways))) as home:
        for _ in range(2):
            assert run("receive_payment", home, event_of(told))["statusCode"] == 500

    assert counts_in(log, "FailedAnswers") == [1, 1]


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 600_000


def run(name: str, home: House, event: dict[str, Any]) -> Any:
    """One invocation of a function's own handler, in a house of ours."""
    spec = importlib.util.spec_from_file_location(f"handler_{name}", ROOT / f"functions/{name}/handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recobro.house.open_house", lambda: home)
        spec.loader.exec_module(module)
    return module.handler(event, Context())


def counts_in(log: Kept, name: str) -> list[int]:
    """What the log's lines tell CloudWatch of one count."""
    return [one[name] for one in log.lines if one["message"] == "counted" and name in one]


@pytest.mark.parametrize("then", [{"paging": {"total": 1, "limit": 100, "offset": 1}}, HttpReply(503, b"")])
def test_money_of_nobody_that_reconciliation_finds_is_told_even_where_another_gateway_is_down(
    log: Kept, then: Any
) -> None:
    said = spoken("mercado_pago")
    stray = {**MERCADO_PAGO, "external_reference": "nobody-knows-this"}
    page = {"results": [stray], "paging": {"total": 1, "limit": 100, "offset": 0}}
    gateways = {"mercado_pago": Gateway("main", merchant=said.merchant), "stripe": Gateway("main")}
    ours = playbook()
    ours = replace(ours, client=replace(ours.client, gateways=gateways))
    keys = {
        "mercado_pago/main": {"secrets": list(said.secrets[:2]), "api_key": said.api_key},
        "stripe/main": {"secrets": ["whsec_sample"], "api_key": "sk_test"},
    }
    with house(Clock(NOW), book=ours, http=Api([page, then]), gateways=keys) as home:
        settle_in(home, debtor())
        if isinstance(then, HttpReply):
            with pytest.raises(Unavailable, match="stripe"):
                run("reconcile_payments", home, {})
        else:
            assert run("reconcile_payments", home, {})["heard"] == {"quarantined": 1}

        assert counts_in(log, "Unmatched") == [1]
        assert home.counts == {}


def test_money_of_nobody_that_a_creditor_tells_by_the_api_is_told(home: House, log: Kept) -> None:
    at_home(home)
    let_in(home, "core", "k" * 40)
    payment = {"id": "p2", "reference": "muebles/A1", "amount": 1000, "currency": "USD", "status": "paid"}
    event = {
        "routeKey": "POST /v1/payments",
        "rawPath": "/v1/payments",
        "headers": {"authorization": f"Bearer {'k' * 40}", "idempotency-key": "key-00000001"},
        "body": json.dumps({**payment, "at": home.now().isoformat()}),
    }

    assert "quarantined" in run("api", home, event)["body"]
    assert counts_in(log, "Unmatched") == [1]
    assert home.counts == {}


def test_a_channel_that_its_reputation_stops_is_told_by_the_batch_that_stopped_it(log: Kept) -> None:
    with house(Clock(), book=book()) as home:
        halfway_paid(home)
        assert sent(home, PretendCarrier(), "email").result == "sent"
        home.reputation.count("email", home.now().date(), delivered=2_000, bounced=80)
        tags = {"debtor_id": [AMINTA], "attempt_id": [standing(home, AMINTA).attempts[-1].id]}
        at = home.now().isoformat()
        bounce = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": []}
        body = {
            "eventType": "Bounce",
            "mail": {"messageId": "m-1", "timestamp": at, "tags": tags},
            "bounce": {**bounce, "timestamp": at},
        }
        record = {"messageId": "1", "body": json.dumps(body), "attributes": {}}
        run("receive_receipt", home, {"Records": [record]})

        assert "channel:email" in home.switches.read().off
        assert counts_in(log, "CircuitOpened") == [1]
        assert home.counts == {}


def test_a_sweep_counts_what_it_hands_out(home: House, log: Kept) -> None:
    settle_in(home, debtor())
    told = run_sweep(home, {"lane": "overdue"}, Context())
    counted = [one["Handed"] for one in log.lines if one["message"] == "counted"]

    assert counted == [sum(told["handed"].values())]


def test_a_sweep_that_could_not_decide_for_somebody_fails_once_the_others_had_their_turn(
    home: House, log: Kept
) -> None:
    """So that the function's alarm calls a person; the log says where it broke, and none of what the record holds."""
    settle_in(home, debtor())
    settle_in(home, replace(debtor(), id=person(2)))
    home.client("dynamodb").update_item(
        TableName="ledger",
        Key=key(person(2)),
        UpdateExpression="SET body = :nothing",
        ExpressionAttributeValues={":nothing": {"B": b"Aminta Prueba"}},
    )
    with pytest.raises(InvariantBroken, match=rf"^no decision could be made for {person(2)}$"):
        run_sweep(home, {"lane": "overdue"}, Context())

    assert [one["Handed"] for one in log.lines if one["message"] == "counted"] == [1]
    (told,) = (one for one in log.lines if one["message"] == "swept")
    assert list(told["faults"]) == [person(2)]
    assert "Aminta" not in str(log.lines)


def test_a_hint_that_came_too_late_is_dropped_and_counted(home: House, log: Kept) -> None:
    late = {"debtor": "d" + 23 * "0", "valid_until": "2020-01-01T00:00:00Z"}
    told = send_each(
        {"Records": [{"messageId": "1", "body": json.dumps(late), "attributes": {}}]}, home, "sms"
    )

    assert told == {"batchItemFailures": []}
    assert [one["Expired"] for one in log.lines if one["message"] == "counted"] == [1]


def test_what_is_counted_names_the_client_and_nobody_else(home: House, log: Kept) -> None:
    set_aside(home, "messages", InvalidInput("body", "is no good", ""), "PLANTED +525550100001")
    tell_counts(home)
    line = embedded({"Sent": 2}, "acme", MONDAY_NOON_MX)

    assert "PLANTED" not in str([one["message"] for one in log.lines])
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Dimensions"] == [["client"]]
    assert set(line) == {"_aws", "client", "Sent"}
    assert line["_aws"]["Timestamp"] == int(MONDAY_NOON_MX.timestamp() * 1000)
    assert len(metrics["Metrics"]) <= 100, "the most that the format takes"
    assert Path(ROOT / RUNBOOK).is_file()
