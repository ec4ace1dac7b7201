"""Every function runs on what was tested, under its own role, and leaves a log that ends."""

from infra.app import ROWS
from infra.packing.reach import reached, source_of
from infra.repository import FUNCTIONS, PACKAGE
from infra.stack.rows import Row
from tests.infra.reading import Template, target
from tests.infra.variants import DEMO_ROWS


def test_every_row_is_a_function_of_the_demonstration_client(demo: Template) -> None:
    assert set(demo.functions()) == {row.name for row in DEMO_ROWS}


def test_functions_run_on_arm64_and_python_3_13_with_both_layers(demo: Template) -> None:
    layers = set(demo.all("AWS::Lambda::LayerVersion"))
    for name, function in demo.functions().items():
        assert function["Runtime"] == "python3.13", name
        assert function["Architectures"] == ["arm64"], name
        assert {target(layer) for layer in function["Layers"]} == layers, name
        assert function["Handler"] == "handler.handler"


def test_functions_have_the_limits_of_their_rows(demo: Template) -> None:
    for row in DEMO_ROWS:
        function = demo.functions()[row.name]
        assert (function["Timeout"], function["MemorySize"]) == (row.within.seconds, row.within.memory_mb)
        assert function["EphemeralStorage"]["Size"] == row.within.disk_mb


def test_nothing_is_reserved_so_that_a_day_old_account_can_deploy(demo: Template) -> None:
    for function in demo.functions().values():
        assert "ReservedConcurrentExecutions" not in function
    for kept in (*demo.all("AWS::Lambda::Version").values(), *demo.all("AWS::Lambda::Alias").values()):
        assert "ProvisionedConcurrencyConfig" not in kept


def test_every_function_has_a_role_of_its_own(demo: Template) -> None:
    roles = [target(function["Role"]) for function in demo.functions().values()]
    assert len(set(roles)) == len(roles)


def test_every_log_ends_and_goes_with_the_stack(demo: Template) -> None:
    logs = {name: one for name, one in demo.resources.items() if one["Type"] == "AWS::Logs::LogGroup"}
    for function in demo.functions().values():
        assert target(function["LoggingConfig"]["LogGroup"]) in logs
    for log in logs.values():
        assert log["Properties"]["RetentionInDays"] == 30
        assert log["DeletionPolicy"] == "Delete"


def test_a_function_is_told_only_the_names_it_may_use(demo: Template) -> None:
    always = {"CLIENT_DIR", "LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
    needed = {"table": "TABLE_NAME", "index": "TABLE_NAME", "files": "BUCKET_NAME"}
    needed |= {"secret": "SECRET_ARN", "links": "PUBLIC_URL"}
    for row in DEMO_ROWS:
        told = set(demo.functions()[row.name]["Environment"]["Variables"]) - always
        queues = {name for name in told if name.startswith("QUEUE_")}
        if any(grant.kind == "people" for grant in row.may):
            sign_in = {"SIGN_IN_ISSUER", "SIGN_IN_CLIENT", "SIGN_IN_URL"}
            assert told >= sign_in
            told -= sign_in
        assert told - queues == {needed[grant.kind] for grant in row.may if grant.kind in needed}, row.name
        assert bool(queues) == any(
            grant.kind in ("queue", "queue_if_any", "channels") for grant in row.may
        ), row.name


def writes_our_address(row: Row) -> set[str]:
    """The use cases within the function's reach that write where we are to be found.

    What all functions share is left out (`entry` loads the senders' work for the senders alone).
    """
    roots, but = (PACKAGE.parent,), frozenset({"recobro.entry"})
    found = {f"recobro.usecases.{row.use_case}"}
    found |= reached(FUNCTIONS / row.name / "handler.py", roots, but)
    found |= reached(PACKAGE / "usecases" / f"{row.use_case}.py", roots, but)
    sources = {name: source_of(name, roots) for name in found if name.startswith("recobro.usecases.")}
    return {
        name
        for name, source in sources.items()
        if source is not None and "settings.public_url" in source.read_text("utf-8")
    }


def test_a_function_that_writes_our_address_is_told_it() -> None:
    """Where the client's file names none it is AWS's own: without it a gateway would be told a way back that leads nowhere."""
    knowing = {row.name for row in ROWS if any(grant.kind == "links" for grant in row.may)}

    assert {row.name for row in ROWS if writes_our_address(row)} == knowing
    assert {"send_sms", "console", "debtor_portal"} <= knowing


def test_a_sweep_knows_the_queue_of_every_channel(demo: Template) -> None:
    told = demo.functions()["escalation"]["Environment"]["Variables"]
    assert {name for name in told if name.startswith("QUEUE_")} == {
        "QUEUE_SEND_SMS",
        "QUEUE_SEND_EMAIL",
        "QUEUE_SEND_WHATSAPP",
        "QUEUE_SEND_VOICE",
        "QUEUE_SEND_PUSH",
    }


def test_everything_carries_the_clients_name(demo: Template) -> None:
    for function in demo.functions().values():
        assert {"Key": "client", "Value": "demo"} in function["Tags"]
        assert function["FunctionName"].startswith("recobro-demo-")


def test_functions_are_traced_where_the_file_asks_and_may_add_to_traces_and_no_more(
    demo: Template, sms_by_sns: Template
) -> None:
    tracing = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
    for name, function in demo.functions().items():
        assert "TracingConfig" not in function, name
    for name, function in sms_by_sns.functions().items():
        assert function["TracingConfig"] == {"Mode": "Active"}, name
        asked = [one for one in sms_by_sns.statements(name) if "xray" in str(one["Action"])]
        assert [set(one["Action"]) - {"dynamodb:ListStreams"} for one in asked] == [tracing], name
        assert "xray" not in str(demo.statements(name)), name
