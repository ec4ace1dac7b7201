"""The auditor as a regulator would run it: alone, on an export, with the published packs."""

import ast
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.auditor.export_lines import read_export
from infra.auditor.law_files import BadFile, read_law
from infra.auditor.replay import Audit, Auditor
from infra.cli.audit import AUDITOR, PACKS

LAW = read_law(PACKS)
HEAD = {"record": "export", "schema": "recobro-export/1", "client": "sample", "at": "2026-11-25T00:00:00Z"}
PERSON = {
    "record": "person",
    "at": "2026-11-01T12:00:00Z",
    "class": "consumer",
    "country": "CO",
    "zones": ["America/Bogota"],
}
DEBT = {
    "record": "debt",
    "at": "2026-11-01T12:00:00Z",
    "debt": "acme/A1",
    "creditor": "acme",
    "role": "principal",
    "status": "active",
    "due_on": "2026-10-01",
}
POINT = {
    "record": "point",
    "at": "2026-11-01T12:00:00Z",
    "point": "x1",
    "provenance": "debtor_authorised",
    "state": "active",
    "authorised": ["sms", "email"],
}
KNOWN = (HEAD, PERSON, DEBT, POINT)
MONDAY = "2026-11-23T15:00:00Z"


def contact(at: str = MONDAY, name: str = "a1", **changes: Any) -> dict[str, Any]:
    base = {
        "record": "contact",
        "at": at,
        "contact": name,
        "by": "collector",
        "channel": "sms",
        "kind": "collection",
        "creditor": "acme",
        "debts": ["acme/A1"],
        "point": "x1",
    }
    return {**base, **changes}


def audit(*rows: Mapping[str, Any], person: str = "p1", margin: int = 0) -> Audit:
    lines = [json.dumps({"person": person, **row}) for row in rows]
    export = read_export(lines)
    assert export.aside == []
    return Auditor(LAW, export, timedelta(seconds=margin)).run()


def broken(*rows: Mapping[str, Any]) -> list[str]:
    return sorted({one.breach.rule for one in audit(*KNOWN, *rows).findings})


def run(*words: object, auditor: Path = AUDITOR) -> subprocess.CompletedProcess[str]:
    """The program in a process that sees the standard library and nothing else."""
    command = [sys.executable, "-I", "-S", str(auditor), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program


def judge(export: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run(export, "--packs", PACKS, *more)


def test_it_rests_on_the_standard_library_and_on_nothing_of_ours() -> None:
    for path in AUDITOR.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                named.append(str(node.module))
            assert {name.split(".")[0] for name in named} <= set(sys.stdlib_module_names), path.name


def test_the_example_of_its_page_breaches_what_the_page_says(tmp_path: Path) -> None:
    page = (AUDITOR / "EXPORT.md").read_text("utf-8")
    export = tmp_path / "export.jsonl"
    export.write_text("\n".join(line for line in page.splitlines() if line.startswith("{")), "utf-8")
    done = judge(export)

    assert done.returncode == 1
    assert "BREACH co-hours" in done.stdout
    assert "Ley 2300 de 2023, art. 3" in done.stdout
    assert "Mon 2026-11-23 21:30:00" in done.stdout
    assert [one["rule"] for one in json.loads(judge(export, "--json").stdout)["breaches"]] == [
        "co-hours",
        "co-day",
    ]


def test_it_runs_from_any_folder_it_was_copied_to(tmp_path: Path) -> None:
    copied = tmp_path / "elsewhere"
    copied.mkdir()
    for path in AUDITOR.glob("*.py"):
        (copied / path.name).write_text(path.read_text("utf-8"), "utf-8")
    done = run("--help", auditor=copied)

    assert done.returncode == 0
    assert "examples:" in done.stdout


def test_an_ordinary_contact_breaches_nothing(tmp_path: Path) -> None:
    assert broken(contact()) == []
    export = tmp_path / "export.jsonl"
    export.write_text("\n".join(json.dumps({"person": "p1", **row}) for row in (*KNOWN, contact())), "utf-8")
    assert judge(export).returncode == 0


@pytest.mark.parametrize(
    ("line", "field", "fix"),
    [
        ("{not json", "line", "JSON object a line"),
        ('{"record": "contract", "person": "p1"}', "record", "one of: export"),
        (json.dumps({"person": "p1", **contact(at="2026-11-23T15:00:00")}), "at", "end it with Z"),
        (json.dumps({"person": "p1", **contact(by="us")}), "by", "collector"),
        (json.dumps(contact()), "person", "quotes"),
        (
            json.dumps({"person": "p1", **{k: v for k, v in contact().items() if k != "debts"}}),
            "debts",
            "EXPORT.md",
        ),
        (json.dumps({"person": "p1", **PERSON, "class": "vip"}), "class", "commercial"),
        (json.dumps({"person": "p1", **DEBT, "due_on": "1/10/2026"}), "due_on", "2026-01-31"),
    ],
)
def test_a_line_that_cannot_be_meant_is_set_aside_with_its_number_field_and_fix(
    line: str, field: str, fix: str, tmp_path: Path
) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text(json.dumps(HEAD) + "\n" + line + "\n", "utf-8")
    done = judge(export, "--json")
    (aside,) = json.loads(done.stdout)["set_aside"]

    assert done.returncode == 2
    assert (aside["number"], aside["field"]) == (2, field)
    assert fix in aside["fix"]


def test_a_contact_that_stands_twice_is_set_aside_and_not_judged_twice() -> None:
    export = read_export([json.dumps({"person": "p1", **row}) for row in (*KNOWN, contact(), contact())])

    assert [one.field for one in export.aside] == ["contact"]
    assert Auditor(LAW, export, timedelta(0)).run().judged == 1


def test_without_packs_it_does_not_begin(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="holds no pack"):
        read_law(tmp_path)
    export = tmp_path / "export.jsonl"
    export.write_text(json.dumps(HEAD), "utf-8")
    done = run(export, "--packs", tmp_path)
    assert done.returncode == 3
    assert "holds no pack" in done.stderr


def test_what_was_learnt_later_does_not_judge_what_was_done_before() -> None:
    revoked = {"record": "event", "event": "channel_authorisation_revoked"}
    assert broken(contact(), {**revoked, "at": "2026-11-23T15:00:01Z"}) == []
    assert broken(contact(), {**revoked, "at": "2026-11-23T14:59:59Z"}) == ["co-stop-channel-revoked"]
    missing = {**contact("2026-11-23T13:00:00Z", "b1"), "by": "creditor"}
    assert broken({**missing, "recorded_at": "2026-11-24T00:00:00Z"}, contact()) == []
    assert broken(missing, contact()) == ["co-day"]


def test_a_released_claim_is_no_contact_and_counts_for_nobody() -> None:
    released = {"record": "outcome", "at": "2026-11-23T04:00:09Z", "contact": "a0", "rung": "released"}
    found = audit(*KNOWN, contact("2026-11-23T04:00:00Z", "a0"), released, contact())

    assert (found.judged, found.released, found.findings) == (1, 1, [])


def test_a_fate_that_nobody_knew_yet_counted() -> None:
    day = contact("2026-11-23T13:00:00Z", "a0", channel="email")
    failed = {"record": "outcome", "at": "2026-11-23T13:00:09Z", "contact": "a0", "rung": "released"}
    assert broken(day, contact()) == ["co-day", "co-lock"]
    assert broken(day, failed, contact()) == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"record": "stopped", "channel": "*"}, "house.opt_out"),
        ({"record": "hold", "hold": "h1", "reason": "dispute", "debts": ["acme/A1"]}, "house.hold"),
        ({**DEBT, "status": "paid"}, "house.debt"),
        ({**POINT, "state": "bad"}, "house.point"),
        ({**POINT, "authorised": ["email"]}, "co-authorised-channels"),
        ({**POINT, "provenance": "skip_trace"}, "co-contact-points"),
        ({**PERSON, "zones": ["America/Bogota", "Asia/Tokyo"]}, "co-hours"),
        ({"record": "event", "event": "a word that no pack knows"}, "event.unknown"),
    ],
)
def test_what_people_told_us_binds_from_then_on(row: Mapping[str, Any], rule: str) -> None:
    assert rule in broken({**row, "at": "2026-11-20T12:00:00Z"}, contact())


def test_a_hold_that_was_lifted_or_has_ended_binds_no_more() -> None:
    hold = {"record": "hold", "at": "2026-11-20T12:00:00Z", "hold": "h1", "reason": "hardship"}
    assert broken({**hold, "ends_at": MONDAY}, contact()) == []
    assert (
        broken(hold, {"record": "hold_lifted", "at": "2026-11-22T12:00:00Z", "hold": "h1"}, contact()) == []
    )
    assert broken({**hold, "debts": ["acme/B2"]}, contact()) == []
    assert broken({**hold, "creditor": "other"}, contact()) == []
    assert broken(hold, contact()) == ["house.hold"]


def test_what_a_person_allowed_counts_until_it_ends_or_is_taken_back() -> None:
    sunday = "2026-11-22T15:00:00Z"
    waiver = {
        "record": "waiver",
        "at": "2026-11-20T12:00:00Z",
        "waiver": "separate_instrument_after_contract",
    }
    ended = {"record": "waiver_ended", "at": "2026-11-21T12:00:00Z", "waiver": waiver["waiver"]}
    assert broken(contact(sunday)) == ["co-hours"]
    assert broken(waiver, contact(sunday)) == []
    assert broken({**waiver, "until": sunday}, contact(sunday)) == ["co-hours"]
    assert broken(waiver, ended, contact(sunday)) == ["co-hours"]


def test_a_call_that_was_asked_for_has_leave_at_that_time_and_at_no_other() -> None:
    person = {**PERSON, "country": "MX", "zones": ["America/Mexico_City"]}
    asked = {
        "record": "call_back",
        "at": "2026-11-20T12:00:00Z",
        "since": "2026-11-24T02:30:00Z",
        "until": "2026-11-24T03:30:00Z",
    }
    late = contact("2026-11-24T03:00:00Z", kind="consented_callback", channel="voice")

    def hours_broken(*rows: Mapping[str, Any]) -> bool:
        found = audit(HEAD, person, DEBT, POINT, *rows).findings
        return any("hours" in one.breach.rule for one in found)

    assert hours_broken(late)
    assert not hours_broken(asked, late)
    assert hours_broken(asked, {**late, "at": "2026-11-24T03:30:00Z"})


def test_asking_for_a_call_at_an_hour_is_no_leave_for_the_line_at_work() -> None:
    asked = {
        "record": "call_back",
        "at": "2026-11-20T12:00:00Z",
        "since": "2026-11-24T10:00:00Z",
        "until": "2026-11-24T12:00:00Z",
    }
    waiver = {"record": "waiver", "at": "2026-11-20T12:00:00Z", "waiver": "debtor_request"}
    call = contact("2026-11-24T11:00:00Z", kind="consented_callback", channel="voice")

    def is_for_work(line: str, *rows: Mapping[str, Any]) -> bool:
        person = {**PERSON, "country": "GB", "zones": ["Europe/London"]}
        found = audit(HEAD, person, DEBT, {**POINT, "line": line}, *rows, call).findings
        return any(one.breach.rule == "gb-workplace" for one in found)

    assert is_for_work("work", asked)
    assert not is_for_work("work", asked, waiver)
    assert not is_for_work("mobile", asked)


def test_a_receipt_still_reaches_who_opted_out() -> None:
    stopped = {"record": "stopped", "at": "2026-11-20T12:00:00Z", "channel": "sms"}
    assert broken(stopped, contact(kind="payment_receipt")) == []


def test_the_clients_own_limits_and_closed_days_bind_as_well() -> None:
    cap = {"id": "client-week", "article": "client file", "conf": "POLICY", "channels": "all", "at_most": 1}
    counting = {**cap, "rolling_days": 7, "scope": ["person"], "counts": "sent"}
    limits = {"record": "limits", "rules": {"caps": [counting]}, "closed_dates": ["2026-11-24"]}
    found = audit(*KNOWN, limits, contact(), contact("2026-11-24T15:00:00Z", "a2"))

    assert {one.breach.rule for one in found.findings} == {"client-week", "co-hours"}


def test_who_writes_is_answered_whatever_the_clients_own_limits_and_no_answer_counts_against_them() -> None:
    cap = {"id": "client-week", "article": "client file", "conf": "POLICY", "channels": "all", "at_most": 1}
    counting = {**cap, "rolling_days": 7, "scope": ["person"], "counts": "sent"}
    limits = {"record": "limits", "rules": {"caps": [counting]}, "closed_dates": []}
    answer = contact("2026-11-24T15:00:00Z", "a2", kind="reply_to_inbound")

    assert audit(*KNOWN, limits, contact(), answer).findings == []
    assert (
        audit(
            *KNOWN, limits, contact("2026-11-23T13:00:00Z", "a0", kind="reply_to_inbound"), contact()
        ).findings
        == []
    )


def test_an_opt_out_is_confirmed_where_it_was_said_and_nothing_else_follows() -> None:
    closed = {**POINT, "at": "2026-11-20T12:00:00Z", "state": "suppressed"}
    assert broken(closed, contact(kind="optout_confirmation")) == []
    assert broken(closed, contact(kind="reply_to_inbound")) == ["house.point"]


def test_a_bounce_is_credited_back_only_with_counsels_word() -> None:
    bounced = contact("2026-11-23T13:00:00Z", "a0", rung="attempt", outcome="hard_bounce")
    limits = {"record": "limits", "rules": {}, "closed_dates": []}
    assert broken(limits, bounced, contact()) == ["co-day"]
    assert broken({**limits, "credit_back": True}, bounced, contact()) == []


def test_the_margin_of_the_house_can_be_asked_for() -> None:
    early = contact("2026-11-23T12:01:00Z")
    assert audit(*KNOWN, early).findings == []
    assert [one.breach.rule for one in audit(*KNOWN, early, margin=120).findings] == ["co-hours"]


def test_a_household_shares_what_the_law_counts_by_household() -> None:
    american = {
        **PERSON,
        "country": "US",
        "subdivision": "WA",
        "zones": ["America/Los_Angeles"],
        "household": "h",
    }
    known = [
        {**row, "person": who}
        for who in ("p1", "p2")
        for row in (american, DEBT, {**POINT, "provenance": "debtor", "line": "mobile"})
    ]
    days = [contact(f"2026-11-{day}T18:00:00Z", f"a{day}", person="p2") for day in (18, 20, 23)]
    found = audit(HEAD, *known, *days, contact("2026-11-24T18:00:00Z", "a9", person="p1"))

    assert [(one.person, one.breach.rule) for one in found.findings] == [("p1", "us-wa-3wk")]


def test_forbidden_words_are_found_and_innocent_ones_left_alone() -> None:
    assert broken(contact(text="Acme: iniciaremos el EMBARGO de sus bienes.")) == ["co-no-judicial-lookalike"]
    assert broken(contact(text="Sin embargo, puede llamarnos cuando quiera.")) == []
    assert broken(contact(text="Queremos saber: ¿por qué no ha pagado?")) == ["co-no-asking-why"]


def test_required_items_are_asked_for_where_the_export_says_what_was_said() -> None:
    assert broken(contact(items=["creditor_name"])) == ["co-every-message"]
    said = ["creditor_name", "agency_name", "reply_or_optout_path"]
    assert broken(contact(items=said)) == []
    assert broken(contact(items=[*said, "first_contact"], channel="email")) == ["co-first-contact"]
