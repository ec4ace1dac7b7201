"""Every command says what it does with examples, answers people and machines, and ends with a code that scripts can trust."""

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from infra.cli import COMMANDS, main
from infra.cli.aside import SOURCES
from infra.cli.command import Command
from infra.evidence import verify_evidence
from infra.repository import FUNCTIONS
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import content_key, fact_key, key
from recobro.codec import to_plain
from recobro.domain import facts as f
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.payment import Payment
from recobro.domain.playbook import Switches
from recobro.usecases.saving import change
from recobro.usecases.send import send
from tests.house import PretendCarrier, standing
from tests.infra.cli.conftest import CALLED_FOR, Room, Said
from tests.sample import AMINTA

Recobro = Callable[..., Said]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.name)
def test_help_shows_what_it_does_and_examples_that_begin_with_the_command(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command.name, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.search(rf"examples:\n  .*recobro {command.name}", shown)


def test_the_help_of_all_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(command.name in shown and command.summary[:20] in shown for command in COMMANDS)


@pytest.mark.parametrize(
    "words", [["nothing"], ["timeline"], ["tasks"], ["sweep", "sideways"], ["import", "--full", "--delta"]]
)
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_a_person_nobody_knows_is_a_failure_that_says_what_to_do(recobro: Recobro) -> None:
    said = recobro("explain", "muebles/NOBODY")
    assert (said.code, said.out) == (1, "")
    assert "NOBODY" in said.err
    assert "check the id" in said.err


def test_a_failure_for_machines_names_family_problem_and_fix(recobro: Recobro) -> None:
    said = recobro("explain", "muebles/NOBODY", "--json")
    assert said.code == 1
    assert said.json["error"]["family"] == "NotFound"
    assert said.json["error"]["fix"]


def test_no_colour_where_it_is_not_wanted(recobro: Recobro, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[3" not in recobro("explain", "A1").out


def test_explain_says_what_would_happen_now(recobro: Recobro) -> None:
    said = recobro("explain", "A1")
    assert said.code == 0
    assert "contact by sms: early.first, 1,500.00 MXN due" in said.out
    assert "mx-whatsapp-opt-in" in said.out


def test_explain_at_night_says_until_when_in_local_time(recobro: Recobro) -> None:
    said = recobro("explain", AMINTA, "--at", "2026-03-10T02:00")
    assert "Tue 2026-03-10 08:02" in said.out
    assert "Nothing has to change: time alone opens it." in said.out


def test_explain_for_an_instant_that_is_over_says_of_when_its_record_is(recobro: Recobro, room: Room) -> None:
    home, loaded = room.house, room.house.ledger.load(AMINTA)
    assert loaded is not None
    hold = Hold("h1", HoldReason.DISPUTE, home.now() + timedelta(hours=3), "operations")
    home.ledger.save(loaded, (f.HoldPlaced(hold),), home.now() + timedelta(hours=3))
    said = " ".join(recobro("explain", AMINTA, "--at", "2026-03-09T13:00").out.split())

    assert "contact by sms" in said
    assert (
        "The record as it stood then, last saved at Mon 2026-03-09 12:00; rules and switches are today's."
        in said
    )
    before = recobro("explain", AMINTA, "--at", "2026-03-09T11:00")
    assert (before.code, "at: lies before what the history tells" in before.err) == (1, True)


def test_explain_says_then_before_a_rule_that_only_begins_while_we_wait(recobro: Recobro, room: Room) -> None:
    paid = f.PaymentPosted(Payment("standard#pi_1", "muebles/A1", 1_000, "MXN", room.house.now()))
    change(room.house, AMINTA, lambda debtor, now: (paid,))
    said = " ".join(recobro("explain", "A1").out.split())

    assert "In the way: payment.quiet (PRACTICE: After a payment); then feed.stale (PRACTICE: Feeds)." in said


def test_explain_for_machines_holds_every_refusal(recobro: Recobro) -> None:
    told = recobro("explain", "A1", "--json").json
    assert told["result"] == "contact"
    whatsapp = next(one for one in told["voices"][0]["ways"] if one["channel"] == "whatsapp")
    assert whatsapp["refusals"][0]["rule"] == "mx-whatsapp-opt-in"


def test_an_instant_that_cannot_be_read_names_the_option(recobro: Recobro) -> None:
    said = recobro("explain", "A1", "--at", "mañana")
    assert said.code == 1
    assert "--at" in said.err


def test_the_timeline_tells_everything_in_order_and_that_the_chain_holds(recobro: Recobro) -> None:
    said = recobro("timeline", CALLED_FOR)
    assert said.code == 0
    assert said.out.index("debt muebles/C3: 1,500.00 MXN") < said.out.index("task t1.late.call")
    assert "The chain of facts holds." in said.out


@pytest.mark.parametrize(("place", "lacks"), [(0, "everything before fact 1.1"), (-1, "its last facts")])
def test_a_history_that_lacks_its_beginning_or_its_end_is_called_whole_nowhere(
    recobro: Recobro, room: Room, tmp_path: Path, place: int, lacks: str
) -> None:
    """The journal gave up on a save, and the record has long stopped carrying its facts."""
    home, table = room.house, room.house.client("dynamodb")
    attempt = send(home, PretendCarrier(), "sms", AMINTA, home.now() + timedelta(minutes=9), Switches).attempt
    loaded = home.ledger.load(AMINTA)
    assert loaded is not None
    JournalItems(table, "ledger").restore(AMINTA, loaded.pending, loaded.contents)
    item = table.get_item(TableName="ledger", Key=key(AMINTA))["Item"]
    body = json.loads(zlib.decompress(item["body"]["B"]))
    item["body"] = {"B": zlib.compress(json.dumps({**body, "pending": []}).encode())}
    table.put_item(TableName="ledger", Item=item)
    lost = home.ledger.recorded(AMINTA)[place]
    table.delete_item(TableName="ledger", Key=fact_key(AMINTA, lost.version, lost.number))
    archive, page = tmp_path / "expediente.zip", tmp_path / "page.html"

    assert f"The chain does NOT hold: {lacks}" in recobro("timeline", AMINTA).out
    explained = recobro("explain", AMINTA, "--attempt", attempt)
    assert (explained.code, lacks in explained.out) == (1, True)
    exported = recobro("evidence", "export", AMINTA, "--out", str(archive))
    assert (exported.code, archive.exists()) == (1, False)
    assert lacks in exported.err
    assert "recobro repair history" in exported.err
    given = recobro("access-report", AMINTA, "--out", str(page))
    assert f"part of the history: {lacks}" in given.err
    assert f"part of the history: {lacks}" in page.read_text("utf-8")


def test_a_contact_whose_words_are_others_than_were_recorded_is_not_explained_as_good(
    recobro: Recobro, room: Room
) -> None:
    home = room.house
    attempt = send(home, PretendCarrier(), "sms", AMINTA, home.now() + timedelta(minutes=9), Switches).attempt
    said = home.ledger.content(AMINTA, standing(home, AMINTA).attempts[-1].content)
    assert said is not None
    other = to_plain(replace(said, variables={**said.variables, "creditor_name": "Otra Tienda"}))
    body = {**content_key(AMINTA, said.digest), "body": {"S": json.dumps(other)}}
    home.client("dynamodb").put_item(TableName="ledger", Item=body)
    told = recobro("explain", AMINTA, "--attempt", attempt)

    assert "byte for byte the same" in told.out
    assert "do NOT render to what was recorded" in told.out
    assert told.code == 1


def test_the_timeline_as_a_page_is_self_contained(recobro: Recobro, tmp_path: Path) -> None:
    page = tmp_path / "timeline.html"
    assert recobro("timeline", AMINTA, "--html", str(page)).code == 0
    html = page.read_text(encoding="utf-8")
    assert "Aminta Prueba" in html
    assert "http" not in html.replace("http-equiv", "")
    assert "<script" not in html


def test_a_task_is_listed_taken_called_and_closed_with_its_promise(recobro: Recobro) -> None:
    (listed,) = recobro("tasks", "list", "--owner", "-", "--json").json["tasks"]
    assert (listed["debtor"], listed["reason"], listed["owner"]) == (CALLED_FOR, "call", "")

    assert recobro("tasks", "take", CALLED_FOR, listed["task"], "--who", "ana").code == 0
    assert recobro("tasks", "list", "--owner", "-", "--json").json["tasks"] == []

    attempt = recobro("tasks", "call", CALLED_FOR, listed["task"], "--who", "ana", "--json").json["attempt"]
    closed = recobro(
        "tasks", "close", CALLED_FOR, listed["task"], "--as", "promise",
        "--attempt", attempt, "--amount", "1500.00", "--on", "2026-03-20",
    )  # fmt: skip
    assert closed.code == 0
    assert recobro("tasks", "list", "--json").json["tasks"] == []
    assert "promised 1,500.00 MXN for 2026-03-20" in recobro("timeline", CALLED_FOR).out


def test_the_call_that_a_task_led_to_is_told_with_it(recobro: Recobro, room: Room) -> None:
    """Who forgets to name it would leave it unknown: it counts as a talk that nobody had."""
    (listed,) = recobro("tasks", "list", "--json").json["tasks"]
    attempt = recobro("tasks", "call", CALLED_FOR, listed["task"], "--json").json["attempt"]
    assert recobro("tasks", "close", CALLED_FOR, listed["task"], "--as", "no_answer").code == 0

    made = standing(room.house, CALLED_FOR).attempt(attempt)
    assert made is not None
    assert made.outcome == "no_answer"


def test_a_call_that_the_law_forbids_is_refused_with_its_rule(recobro: Recobro, room: Room) -> None:
    (listed,) = recobro("tasks", "list", "--json").json["tasks"]
    room.house.switches.off("channel:voice", "ana", "training", room.house.now())
    said = recobro("tasks", "call", CALLED_FOR, listed["task"])
    assert said.code == 1
    assert "Not now: switch.off" in said.out


@pytest.mark.parametrize(
    ("amount", "on", "field"),
    [
        ("mil", "2026-03-20", "--amount"),
        ("1500.005", "2026-03-20", "--amount"),
        ("1500", "pronto", "--on"),
        ("1500", "2026-09-20", "due_on"),
    ],
)
def test_a_promise_that_cannot_be_read_or_kept_names_its_field(
    recobro: Recobro, amount: str, on: str, field: str
) -> None:
    (listed,) = recobro("tasks", "list", "--json").json["tasks"]
    said = recobro(
        "tasks", "close", CALLED_FOR, listed["task"], "--as", "promise", "--amount", amount, "--on", on
    )
    assert said.code == 1
    assert field in said.err


def test_pause_and_resume_say_who_why_and_what_is_still_off(recobro: Recobro) -> None:
    assert recobro("pause", "--all", "--who", "ana", "--why", "power cut").code == 0
    assert "power cut" in recobro("pause", "--show").out
    assert "switch.off" in recobro("explain", "A1").out

    resumed = recobro("resume", "--all", "--who", "ana", "--why", "power is back", "--json")
    assert resumed.json == {"resumed": ["all"], "off": {}}


def test_a_pause_without_a_reason_or_without_a_scope_is_refused(recobro: Recobro) -> None:
    assert "--why" in recobro("pause", "--all").err
    assert "what" in recobro("pause", "--why", "x").err
    assert "muebles" in recobro("pause", "--creditor", "mubles", "--why", "x").err


def test_a_rehearsal_shows_channels_refusals_costs_and_words(recobro: Recobro) -> None:
    said = recobro("sweep", "--dry-run")
    assert said.code == 0
    assert "1 contacts with 1 of 2 people" in said.out
    assert "task.open" in said.out
    assert "│" in said.out, "a rendered sample"


def test_a_rehearsal_for_machines(recobro: Recobro) -> None:
    told = recobro("sweep", "--dry-run", "--at", "2026-03-10", "--json").json
    assert (told["day"], told["by_channel"]) == ("2026-03-10", {"sms": 1})
    assert told["samples"][0]["body"]


def test_a_lane_is_swept_by_its_own_function(recobro: Recobro, room: Room) -> None:
    assert recobro("sweep", "pre_due").code == 0
    assert room.asked == [("pre_reminder", {"lane": "pre_due"})]


def test_what_was_set_aside_is_listed_without_its_body(recobro: Recobro, room: Room) -> None:
    room.house.asides.put(
        "messages", "NotFound: nobody we know", '{"from": "+525550100099"}', room.house.now()
    )
    said = recobro("aside")
    assert "NotFound: nobody we know" in said.out
    assert "+525550100099" not in said.out
    assert "+525550100099" in recobro("aside", "receive_message", "--body").out


def test_invoke_prints_the_answer_and_fails_when_messages_came_back(
    recobro: Recobro, room: Room, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"Records": []}')
    room.answers = {
        "send_sms": {"batchItemFailures": []},
        "send_email": {"batchItemFailures": [{"itemIdentifier": "m"}]},
    }
    assert recobro("invoke", "send_sms", str(event)).code == 0
    assert recobro("invoke", "send_email", str(event)).code == 1


def test_an_event_that_is_no_json_names_file_line_and_column(recobro: Recobro, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{\n  "a": ,\n}')
    said = recobro("invoke", "send_sms", str(event))
    assert said.code == 1
    assert "line 2, column 8" in said.err


def test_a_file_that_is_not_there_is_named(recobro: Recobro) -> None:
    assert "nowhere.csv" in recobro("import", "nowhere.csv").err
    assert "nowhere.json" in recobro("invoke", "send_sms", "nowhere.json").err


@pytest.mark.parametrize("rules", [("another", 0), ("one", 1)])
@pytest.mark.parametrize("looking", [(), ("--dry-run",)])
def test_nobody_is_put_off_by_a_strategy_that_is_not_deployed(
    recobro: Recobro, room: Room, looking: tuple[str, ...], rules: tuple[str, int]
) -> None:
    assert recobro("repair", "index", *looking).code == 0
    shards = room.house.due.shards
    room.house.plan_item.now_planned_with("overdue", rules[0], shards + rules[1])
    before = room.house.client("dynamodb").scan(TableName="ledger")["Items"]
    refused = recobro("repair", "index", *looking)

    assert refused.code == 1
    planned = f"index: overdue is planned with strategy and law {rules[0]} over {shards + rules[1]} shards"
    assert f"{planned}, and these files are one over {shards} shards" in " ".join(refused.err.split())
    assert room.house.client("dynamodb").scan(TableName="ledger")["Items"] == before


def test_every_function_that_sets_something_aside_is_listed() -> None:
    for handler in FUNCTIONS.glob("*/handler.py"):
        text = handler.read_text(encoding="utf-8")
        named = re.search(r"(?:each_message|asked)\(event, house, \"(\w+)\"|asked\(house, \"(\w+)\"", text)
        if named:
            assert SOURCES[handler.parent.name] == (named[1] or named[2])
        elif "send_each" in text:
            assert handler.parent.name in SOURCES


def test_contacts_of_others_are_read_and_what_cannot_be_placed_comes_back(
    recobro: Recobro, tmp_path: Path
) -> None:
    file = tmp_path / "gestiones.csv"
    file.write_text("contrato,acreedor,fecha,canal\nA1,muebles,2026-03-06,sms\nX9,muebles,2026-03-06,sms\n")
    said = recobro("contacts", str(file), "--json")

    assert said.code == 1
    assert (said.json["counted"], said.json["rejects"]) == (1, 1)
    assert "X9" in (tmp_path / "gestiones.rejects.csv").read_text("utf-8")


def test_a_wish_to_be_called_becomes_a_task_and_shows_with_its_proof(recobro: Recobro) -> None:
    asked = recobro(
        "allow", "call", AMINTA, "--from", "2026-03-09T13:00", "--until", "2026-03-09T14:00", "--evidence", "a91c",
        "--json",
    )  # fmt: skip
    shown = recobro("allow", "show", AMINTA)

    assert asked.json["task"].startswith("tcb20260309T1900")
    assert "a91c" in shown.out
    assert "debtor_request" in shown.out


def test_a_waiver_is_recorded_shown_and_taken_back(recobro: Recobro) -> None:
    assert recobro("allow", "waiver", AMINTA, "debtor_request", "--evidence", "form 12").code == 0
    assert recobro("allow", "end", AMINTA, "debtor_request").code == 0
    assert "ended" in recobro("allow", "show", AMINTA).out
    assert recobro("allow", "waiver", AMINTA, "anything", "--evidence", "x").code == 1


def test_one_contact_is_explained_by_replaying_its_decision(room: Room, recobro: Recobro) -> None:
    valid_until = room.house.now() + timedelta(minutes=15)
    attempt = send(room.house, PretendCarrier(), "sms", AMINTA, valid_until, Switches).attempt

    told = recobro("explain", attempt)
    assert told.code == 0, told.err
    assert "byte for byte the same" in told.out
    assert "Rules that were asked and allowed it" in told.out
    assert recobro("explain", "muebles/A1", "--attempt", attempt, "--json").json["is_same"] is True
    assert recobro("explain", "a" + "0" * 23).code == 1


def test_one_person_s_record_is_written_as_signed_evidence(
    room: Room, recobro: Recobro, tmp_path: Path
) -> None:
    out = tmp_path / "expediente.zip"
    assert recobro("evidence", "key").code == 1
    unsigned = recobro("evidence", "export", "muebles/A1", "--out", str(out))
    assert unsigned.code == 0, unsigned.err
    assert "Nobody signed it" in unsigned.out

    kms = room.house.client("kms")
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["Arn"]
    room.house.settings = replace(room.house.settings, evidence_key=key)
    signed = recobro("evidence", "export", "muebles/A1", "--out", str(out), "--json").json
    named = recobro("evidence", "key", "--json").json["fingerprint"]

    assert signed["fingerprint"] == named
    assert verify_evidence.main([str(out), "--fingerprint", named]) == 0
    assert out.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_a_record_that_does_not_hold_is_told_in_words_and_no_archive_is_written(
    room: Room, recobro: Recobro, tmp_path: Path
) -> None:
    home, out = room.house, tmp_path / "expediente.zip"
    home.lookups.add(home.keys.point("+525550100001"), AMINTA)
    until = home.now() + timedelta(minutes=9)
    assert send(home, PretendCarrier(), "sms", AMINTA, until, Switches).result == "sent"
    said = home.ledger.content(AMINTA, standing(home, AMINTA).attempts[-1].content)
    assert said is not None
    other = to_plain(replace(said, variables={**said.variables, "creditor_name": "Otra Tienda"}))
    body = {**content_key(AMINTA, said.digest), "body": {"S": json.dumps(other)}}
    home.client("dynamodb").put_item(TableName="ledger", Item=body)

    told = recobro("evidence", "export", AMINTA, "--out", str(out))
    assert told.code == 1
    assert "not the words that were recorded" in told.err
    assert "Traceback" not in told.err
    assert not out.exists()
