"""The demonstration works a small portfolio from the command's own words to a page that needs nothing else."""

import json
from pathlib import Path

import pytest

from infra.cli import main

WANTED = {
    "contacts",
    "by_channel",
    "delivered",
    "answered",
    "recovered",
    "refusals",
    "breaches",
    "duplicates",
    "dynamodb_requests_per_contact",
    "cost_per_1000_contacts_usd",
    "seconds",
    "ledger_hash",
}


def test_a_small_demonstration_ends_with_its_figures_and_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["demo", "--debtors", "20", "--days", "4", "--json", "--no-serve"])
    told = json.loads(capsys.readouterr().out)

    assert set(told) >= WANTED
    assert code == 0, told["failures"]
    assert told["contacts"] > 0
    assert (told["breaches"], told["duplicates"]) == (0, 0)
    page = (tmp_path / "recobro-demo.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert 'src="http' not in page


@pytest.mark.parametrize("words", [["--debtors", "0"], ["--days", "-3"], ["--seed", "seven"]])
def test_a_demonstration_of_nothing_is_wrong_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", *words])
    assert ended.value.code == 2
    assert words[0] in capsys.readouterr().err
