"""The demonstration end to end, small: the real template, the real handlers, weeks in seconds; and the same seed, the same ledger."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.demo.report import page
from infra.demo.result import DemoResult
from infra.demo.run import run_demo
from infra.demo.where_rules_stand import where_they_stand
from infra.repository import PACKAGE

ROOT = Path(__file__).parents[3]
SMALL = "debtors=24, days=5, seed=11, invoices=12"


@pytest.fixture(scope="module")
def result() -> DemoResult:
    return run_demo(debtors=24, days=5, seed=11, invoices=12)


def test_a_small_run_contacts_people_and_breaks_no_rule(result: DemoResult) -> None:
    assert result.contacts > 0
    assert sum(result.by_channel.values()) == result.contacts
    assert result.breach_details == ()
    assert result.breaches == 0
    assert result.duplicates == 0


def test_the_auditor_judges_every_contact_of_the_record_by_the_published_law(result: DemoResult) -> None:
    assert result.judged_by_law >= result.contacts


def test_no_function_fails_or_asks_for_what_its_role_does_not_grant(result: DemoResult) -> None:
    assert result.failures == {}


def test_the_figures_that_machines_read_are_all_there(result: DemoResult) -> None:
    told = json.loads(json.dumps(result.as_json()))
    wanted = {
        "contacts", "by_channel", "delivered", "answered", "recovered", "recovered_without_contact", "promises", "tasks",
        "refusals", "breaches", "duplicates", "dynamodb_requests_per_contact", "cost_per_1000_contacts_usd", "seconds",
        "ledger_hash", "set_aside", "quarantined",
    }  # fmt: skip
    assert wanted <= set(told)
    assert set(told["promises"]) == {"made", "kept", "broken"}


def test_the_same_seed_leaves_the_same_ledger_in_another_process(result: DemoResult) -> None:
    code = f"from infra.demo.run import run_demo; print(run_demo({SMALL}).ledger_hash)"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "PYTHONPATH": f"{ROOT}:{ROOT / 'layers/recobro/python'}",
            "PYTHONHASHSEED": "77",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[-1] == result.ledger_hash


def test_the_page_is_one_file_without_scripts_or_addresses_to_fetch(result: DemoResult) -> None:
    html = page(result)
    assert "<script" not in html
    assert "<link" not in html
    assert "@import" not in html
    assert "All figures are simulated" in html


def test_every_refusal_of_a_run_says_where_its_rule_stands(result: DemoResult) -> None:
    assert result.refusals
    assert [rule for rule in result.refusals if not result.sources[rule]] == []


def test_every_rule_of_the_house_has_a_place_where_it_stands_though_only_its_name_was_recorded() -> None:
    """A plan that moved records the rule alone."""
    told = re.compile(r"(?:Refusal|PlanMoved)\(\s*f?\"([a-z_]+\.[^\"]+)\"")
    rules = {rule for file in PACKAGE.rglob("*.py") for rule in told.findall(file.read_text("utf-8"))}
    assert len(rules) > 30
    assert [rule for rule, where in where_they_stand(sorted(rules), {}).items() if not where] == []
