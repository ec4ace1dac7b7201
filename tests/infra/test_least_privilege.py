"""Every right that a function holds is used, and none is missing: shown by weeks of work with faults, under the template's roles."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from infra.cli.permissions import told
from infra.cli.screen import Screen
from infra.local.permissions.guard import Guard
from infra.local.permissions.policy import Policy
from infra.simulation.cloud import BUCKET, SECRET, TABLE
from infra.simulation.drill import Used, drill
from infra.simulation.faults import chosen
from infra.simulation.roles import Roles, roles
from infra.simulation.scenario import book
from infra.simulation.system import System


@pytest.fixture(scope="module")
def used() -> Used:
    return drill(range(1, 6), 8)


def test_no_function_asks_for_what_its_role_does_not_grant(used: Used) -> None:
    assert used.calls > 5_000
    assert used.denied == ()


def test_no_function_holds_a_right_that_it_never_uses(used: Used) -> None:
    assert [f"{one.function}: {one.action} on {one.resource}" for one in used.unused] == []


def test_there_is_no_function_of_which_this_says_nothing(used: Used) -> None:
    assert used.asleep == ()


def without(action: str, function: str) -> Roles:
    """The demonstration client's roles, one action taken from one function."""
    held = roles("demo", TABLE, BUCKET, SECRET)
    left = tuple(
        replace(one, actions=tuple(each for each in one.actions if each != action))
        for one in held.guard.roles[function].statements
    )
    guard = Guard(held.guard.namer, {**held.guard.roles, function: Policy(left)})
    return replace(held, guard=guard)


def test_a_missing_permission_names_function_and_action() -> None:
    spoilt = without("dynamodb:Query", "pre_reminder")
    asked = {"TableName": TABLE, "IndexName": "due"}

    with pytest.raises(ClientError, match=r"pre_reminder is not authorized to perform: dynamodb:Query"):
        spoilt.check("pre_reminder", "dynamodb", "Query", asked)
    spoilt.check("escalation", "dynamodb", "Query", asked)


def test_a_simulated_month_ends_where_a_permission_is_missing() -> None:
    system = System(1, 2, chosen("none"), book())
    system.cloud.roles = without("s3:GetObject", "import_portfolio")
    system.run()

    assert [one.rule for one in system.log.violations][:1] == ["role"]
    assert "import_portfolio is not authorized to perform: s3:GetObject" in system.log.violations[0].detail


def test_a_right_that_nobody_needs_is_reported_and_the_command_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A day is too short for everything to be needed; what was not is named."""
    held = roles.__wrapped__("demo", TABLE, BUCKET, SECRET)

    unused = held.guard.unused_grants()

    assert {one.action for one in unused if one.function == "send_push"} >= {"mobiletargeting:SendMessages"}
    shown = Screen()
    assert told(Used(1, (), tuple(unused)), shown) == 1
    assert "mobiletargeting:SendMessages" in capsys.readouterr().out
    assert told(Used(1, (), ()), shown) == 0
