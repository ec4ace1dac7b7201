"""Whatever dies, repeats, overtakes or falls silent: nobody is contacted twice, too late, or after saying no or paying."""

import json
import os
import subprocess
import sys

import pytest

from infra.repository import ROOT
from infra.simulation.faults import KINDS, Faults, chosen
from infra.simulation.run import simulate


def test_a_whole_month_has_a_hundred_claims_and_fifty_faults_and_nothing_untrue() -> None:
    done = simulate(1, 30)

    assert done.violation is None
    assert done.people >= 10
    assert done.claims >= 100
    assert done.injected >= 50


def test_the_same_seed_gives_the_same_month_whatever_the_process_hashes_by() -> None:
    code = (
        "from infra.simulation.run import simulate; r = simulate(7, 2); "
        "import json; print(json.dumps([r.digest, r.calls, r.injected]))"
    )

    def told(hash_seed: str) -> list[object]:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found: list[object] = json.loads(done.stdout)
        return found

    assert told("0") == told("12345")


def test_another_seed_is_another_month() -> None:
    assert simulate(1, 1).digest != simulate(2, 1).digest


def test_without_faults_a_month_is_quiet() -> None:
    done = simulate(3, 3, chosen("none"))

    assert (done.violation, done.injected) == (None, 0)


def test_what_lies_half_done_reaches_one_record_as_often_as_it_comes_until_nothing_goes_wrong_any_more() -> (
    None
):
    faults = Faults(1, KINDS)
    faults.lies_half_done("gateway", '"pi_00007"', 1.0, 0.0)

    def at(record: str, told: str = '{"id": "pi_00007"}') -> str:
        return faults.at_second_save("receive_payment PutItem STATE", told, record, 0.0)

    assert [at("DEBTOR#a"), at("DEBTOR#b"), at("DEBTOR#a"), at("DEBTOR#b")] == ["", "crash_before"] * 2
    assert at("") == "crash_before"
    assert at("DEBTOR#b", '{"id": "pi_00008"}') == ""
    faults.is_quiet = True
    assert at("DEBTOR#b") == ""


def test_nothing_lies_half_done_where_nobody_asked_for_it() -> None:
    faults = Faults(1, chosen("crash"))
    faults.lies_half_done("gateway", '"pi_00007"', 1.0, 0.0)

    assert faults.at_second_save("receive_payment PutItem STATE", '{"id": "pi_00007"}', "", 0.0) == ""
    assert not faults.injected


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="no fault is called 'earthquake'"):
        chosen("crash,earthquake")
