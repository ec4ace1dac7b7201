"""A client's folder that is fit compiles to one file, the same each time, quick to load, every piece with its address."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.playbook import inspect, write
from infra.playbook.__main__ import main
from infra.playbook.compiling import assemble
from infra.playbook.folder import read_folder
from infra.repository import ROOT
from recobro.domain.template import NEUTRAL_SUFFIX
from recobro.errors import InvalidInput
from recobro.playbook_file import document, load
from tests.demo_client import CLIENT, FOLDER, STRATEGY, change, copied, playbook


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration client's playbook."""
    return write(FOLDER, tmp_path_factory.mktemp("playbook"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demonstration client's folder, to spoil."""
    return copied(tmp_path)


def test_the_demonstration_client_is_fit_to_deploy() -> None:
    compiled = inspect(FOLDER)
    assert compiled.errors == []
    assert all("SMS take more than one part" in str(note) for note in compiled.warnings)


def test_what_is_compiled_is_what_is_loaded(written: Path) -> None:
    assert load(written) == playbook()


def test_the_same_folder_compiles_to_the_same_bytes(written: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.playbook", "demo", "--out", str(tmp_path)]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers/recobro/python'}", "PYTHONHASHSEED": "7"}
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True)  # noqa: S603 - ourselves
    assert (tmp_path / "playbook.json").read_bytes() == written.read_bytes()


def test_every_hash_is_the_address_of_its_document() -> None:
    for name, digest in playbook().hashes.items():
        if name != "plan":
            assert hashlib.sha256(document(playbook(), name)).hexdigest() == digest


def test_a_playbook_loads_within_a_cold_start(written: Path) -> None:
    best = min(_timed(written) for _ in range(5))
    assert best < 0.05  # 10 ms on an idle core; the margin is for a busy machine


def _timed(path: Path) -> float:
    started = time.perf_counter()
    load(path)
    return time.perf_counter() - started


def test_loading_needs_no_toml_and_no_locale_library(written: Path) -> None:
    program = (
        "import sys, pathlib; from recobro.playbook_file import load; import recobro.domain.wording; "
        f"load(pathlib.Path({str(written)!r})); print(sorted({{'tomllib', 'babel', 'jinja2', 'html'}} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(ROOT / "layers/recobro/python")}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], check=True, env=environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_a_template_stands_by_itself() -> None:
    """It holds its borrowed parts and footers, so that its hash covers all that is said."""
    early = playbook().templates["early.es"]
    assert early.parts["sms"] == playbook().templates["neutral.es"].parts["sms"]
    assert "{unsubscribe}" in early.parts["email"].footer


@pytest.mark.parametrize("name", ["payment_receipt.es", "agreement.es", "optout_confirmation.es"])
def test_a_paper_is_said_in_its_own_words_or_not_at_all(name: str) -> None:
    borrowed = playbook().templates["neutral.es"].parts
    own = playbook().templates[name].parts

    assert not [part for part in own if part.endswith(NEUTRAL_SUFFIX)]
    assert not [part for part in own if own[part] == borrowed.get(part)]


def test_everybody_is_planned_anew_when_strategy_law_or_limits_change_and_not_for_a_word(
    folder: Path,
) -> None:
    def plan() -> str:
        read, _ = read_folder(folder)
        assert read is not None
        return assemble(read).plan_hash

    before = plan()
    change(folder, "messages/early.es.toml", "Quizá se le pasó", "Tal vez se le pasó")
    assert plan() == before
    change(folder, CLIENT, "max_per_week = 3", "max_per_week = 2")
    tighter = plan()
    assert tighter != before
    change(folder, STRATEGY, "on_dpd = 9", "on_dpd = 10")
    assert plan() not in {before, tighter}


def test_a_clients_own_limits_are_a_law_of_their_own() -> None:
    pack = playbook().packs["client"]
    assert {cap.id: cap.at_most for cap in pack.caps} == {"client-per-day": 1, "client-per-week": 3}
    assert pack.windows[0].days == (((480, 1140),),) * 7


def test_only_the_laws_that_may_apply_are_shipped() -> None:
    assert set(playbook().packs) == {"MX", "CO", "strict", "client"}
    assert {name.split("-")[0] for name in playbook().calendars} == {"MX", "CO"}


def test_the_houses_closed_days_are_holidays(folder: Path) -> None:
    change(folder, CLIENT, "extra_holidays = []", "extra_holidays = [2026-12-24]")
    compiled = inspect(folder).playbook
    assert compiled is not None
    assert all("2026-12-24" in map(str, calendar.dates) for calendar in compiled.calendars.values())


def test_the_command_says_what_to_correct(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--check"]) == 0
    assert "demo: fit to deploy" in capsys.readouterr().out
    change(folder, STRATEGY, 'template = "early"', 'template = "erly"')
    assert main([str(folder), "--check"]) == 1
    told = capsys.readouterr().out
    assert "error: acme/strategy.toml:" in told
    assert "stages[1].steps[0].template: there is no 'erly' in es for MX" in told
    assert "→ write messages/erly.es.toml" in told


def test_the_command_knows_its_clients(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["nobody", "--check"])
    assert left.value.code == 2
    assert "no client folder 'nobody'" in capsys.readouterr().err


def test_a_file_of_another_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "playbook.json"
    path.write_text(json.dumps({"schema": "recobro-playbook/0"}))
    with pytest.raises(InvalidInput, match="compile it again"):
        load(path)
    path.write_text("{")
    with pytest.raises(InvalidInput, match="compile it"):
        load(path)
