"""Checkov and Bandit have their say on what is deployed: nothing that they find stands without a reason, no reason without a finding."""

import json
import sys
from pathlib import Path

import pytest

from infra.linting.checkov import findings
from infra.linting.standing import BANDIT, CHECKOV
from tests.infra.reading import run

SPOILT = "AWS::S3::Bucket.Spoilt"


@pytest.fixture(scope="module")
def found(one_of_two: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """In all that is deployed for a client that uses everything, in what its agency shares, and in one bucket open to all."""
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}}
    spoilt = tmp_path_factory.mktemp("spoilt") / "open.template.json"
    spoilt.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Spoilt": bucket}}))
    return findings([*sorted(one_of_two.glob("*.template.json")), spoilt])


def test_what_checkov_finds_stands_with_its_reason_where_the_reason_holds(
    found: list[tuple[str, str]],
) -> None:
    assert [
        f"{check} on {resource}"
        for check, resource in found
        if resource != SPOILT and (check not in CHECKOV or not resource.startswith(CHECKOV[check][0]))
    ] == []


def test_no_reason_outlives_what_checkov_found(found: list[tuple[str, str]]) -> None:
    assert set(CHECKOV) - {check for check, _ in found} == set()
    assert all(reason for _, reason in CHECKOV.values())


def test_checkov_sees_what_is_wrong(found: list[tuple[str, str]]) -> None:
    assert ("CKV_AWS_20", SPOILT) in found


def test_what_bandit_finds_in_what_we_wrote_stands_with_its_reason_and_no_reason_outlives_it() -> None:
    bandit = str(Path(sys.executable).with_name("bandit"))
    done = run([bandit, "-q", "-r", "layers/recobro", "functions", "infra", "-f", "json"])
    told = json.loads(done.stdout)
    used = set()
    unexplained = []
    for one in told["results"]:
        rows = [(test, place) for test, place in BANDIT if test == one["test_id"]]
        holding = [row for row in rows if Path(one["filename"]).is_relative_to(row[1])]
        used.update(holding)
        if not holding:
            unexplained.append(f"{one['test_id']} {one['filename']}:{one['line_number']} {one['issue_text']}")

    assert told["errors"] == []
    assert unexplained == []
    assert set(BANDIT) - used == set()
