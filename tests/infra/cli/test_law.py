"""`recobro law`: what a lawyer reads is what the engine does, and a new law shows its price before it is deployed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from infra.lawbook.drafts import edition, in_force
from infra.lawbook.page import page_of
from infra.lawbook.saying import said
from recobro.errors import InvalidInput
from recobro.law.load import PACKS, load_packs
from recobro.law.rule import Rule
from tests.demo_client import copied
from tests.infra.cli.conftest import Room, Said
from tests.infra.cli.test_audit import contacted

Run = Callable[..., Said]

NEW_CAP = """[[caps]]
id = "mx-new"
article = "a law to come"
conf = "HIGH"
at_most = 1
rolling_days = 60
channels = "all"
scope = ["person"]
counts = "attempt"
effective = { from = 2027-01-01 }
"""


def draft(folder: Path, pack: str, *changes: tuple[str, str], name: str = "draft.toml") -> str:
    """A pack as shipped but for those changes, in a file of any name."""
    text = (PACKS / f"{pack}.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_every_rule_of_every_pack_can_be_said_in_words() -> None:
    kinds: set[type[Rule]] = set()
    for pack in load_packs().values():
        on_page = [line.rule for line in page_of(pack, date(2026, 11, 24)).lines()]
        assert sorted(on_page) == sorted(rule.id for rule in pack.rules())
        for rule in pack.rules():
            kinds.add(type(rule))
            words = said(rule)
            assert words.endswith(".")
            assert "_" not in words.replace(getattr(rule, "prefix", "") or "\n", "")
    assert len(kinds) == 20


def test_the_list_counts_what_is_law_and_what_is_ours(recobro: Run) -> None:
    rows = {row["pack"]: row for row in recobro("law", "list", "--on", "2026-08-31", "--json").json["packs"]}

    assert set(rows) == {path.stem for path in PACKS.glob("*.toml")}
    assert rows["strict"]["law"] == 0
    assert rows["CO"]["rules"] == rows["CO"]["law"] + rows["CO"]["ours"]
    assert rows["US-NYC"]["rules"] == 0
    assert rows["US-NYC"]["next_change"] == "2026-09-01"


def test_a_pack_is_shown_with_articles_and_what_is_only_our_caution(recobro: Run) -> None:
    lines = {
        line["rule"]: line
        for _, lines in recobro("law", "show", "co", "--json").json["sections"]
        for line in lines
    }
    assert "Ley 2300 de 2023, art. 3" in lines["co-hours"]["article"]
    assert "Mon-Fri 07:00-19:00, Sat 08:00-15:00; closed Sun" in lines["co-hours"]["words"]
    assert not lines["co-hours"]["is_ours"]
    assert lines["co-policy-night"]["is_ours"]

    shown = recobro("law", "show", "CO")
    assert "Where the law can be read two ways" in shown.out
    assert "our own caution" in shown.out


def test_a_page_is_one_document_that_loads_nothing(recobro: Run, tmp_path: Path) -> None:
    file = tmp_path / "mx.html"
    assert recobro("law", "show", "MX", "--html", str(file)).code == 0
    text = file.read_text("utf-8")

    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    assert "src=" not in text
    assert all(f"<code>{rule.id}</code>" in text for rule in load_packs()["MX"].rules())


def test_on_another_day_what_is_to_come_is_not_in_force(recobro: Run) -> None:
    before = recobro("law", "show", "US-NYC", "--on", "2026-08-31")
    assert "0 rules in force" in before.out
    assert "NOT IN FORCE" in before.out
    assert "4 rules in force" in recobro("law", "show", "US-NYC", "--on", "2026-09-01").out


def test_a_country_without_a_pack_is_told_so_aloud(recobro: Run) -> None:
    shown = recobro("law", "show", "PY")
    assert "strict default, our own caution" in shown.err
    assert "strict-hours" in shown.out
    assert recobro("law", "show", "CO", "--on", "soon").code == 1
    unknown = recobro("law", "show", "Narnia")
    assert unknown.code == 1
    assert "no pack 'Narnia'" in unknown.err


def test_what_is_shipped_is_fit(recobro: Run) -> None:
    found = recobro("law", "check", "--json")
    assert found.code == 0, found.out
    assert found.json["errors"] == []
    assert any("weak source" in note["problem"] for note in found.json["notes"])


def test_a_draft_folder_is_checked_whole_and_every_fault_is_named(recobro: Run, tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    draft(folder, "CO", ("at_most = 1", "at_most = 0"), name="CO.toml")
    draft(folder, "MX", ('id = "mx-hours"', 'id = "mx-hours"\nwindow = 1'), name="MX.toml")
    draft(folder, "BR-SP", name="BR-SP.toml")
    found = recobro("law", "check", "--packs", str(folder))

    assert found.code == 1
    for told in (
        "CO.toml",
        "co-day.at_most",
        "MX.toml",
        "mx-hours.window",
        "there is no pack 'BR'",
        "3 to mend",
    ):
        assert told in found.out


def test_a_client_whose_words_break_the_law_is_not_fit(recobro: Run, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "prompts").mkdir()
    (folder / "prompts" / "hear.es.toml").write_text('says = ["¿Por qué no ha pagado?"]', "utf-8")
    found = recobro("law", "check", str(folder))

    assert found.code == 1
    assert "prompts/hear.es.toml" in found.out
    assert "co-no-asking-why" in found.out
    assert recobro("law", "check", "nobody").code == 1


def test_a_law_differs_from_itself_in_nothing(recobro: Run, tmp_path: Path) -> None:
    assert "No rule differs." in recobro("law", "diff", "CO", draft(tmp_path, "CO")).out


def test_a_new_law_is_told_rule_by_rule(recobro: Run, tmp_path: Path) -> None:
    new = draft(
        tmp_path,
        "CO",
        ('mon_fri = ["07:00", "19:00"]', 'mon_fri = ["08:00", "17:00"]'),
        ('id = "co-day"', 'id = "co-daily"'),
        ('conf = "MEDIUM"\nstage = "pre_due"', 'conf = "HIGH"\nstage = "pre_due"'),
        ('forbid = ["skip_trace", "reference"', 'forbid = ["skip_trace", "neighbour"'),
    )
    found = {one["rule"]: one for one in recobro("law", "diff", "CO", new, "--json").json["changes"]}

    assert {name: one["what"] for name, one in found.items()} == {
        "co-pre-due": "reworded",
        "co-hours": "changed",
        "co-daily": "new",
        "co-contact-points": "changed",
        "co-day": "gone",
    }
    assert "07:00-19:00" in found["co-hours"]["before"]
    assert "08:00-17:00" in found["co-hours"]["after"]
    assert found["co-contact-points"]["fields"] == ["forbid: with neighbour, without reference"]
    assert found["co-day"]["since"] is None


def test_a_new_law_shows_which_past_contacts_it_would_have_forbidden_and_what_it_costs(
    recobro: Run, room: Room, tmp_path: Path
) -> None:
    contacted(room)
    contacted(room, hours=3, name="a2")
    new = draft(
        tmp_path,
        "MX",
        (
            "[[recipients]]",
            NEW_CAP + "\n[[recipients]]",
        ),
    )
    said = recobro("law", "diff", "MX", new, "--history")
    impact = recobro("law", "diff", "MX", new, "--history", "--json").json["impact"]

    assert said.code == 0, said.err
    assert "As if the law of 2027-01-01 had always held" in said.out
    assert [(one["rule"], one["contact"]) for one in impact["breaches"]] == [("mx-new", "a2")]
    before, after = (sum(impact[one]["contacts"].values()) for one in ("before", "after"))
    assert before > after >= 0
    assert f"{before} contacts become {after}: {after - before}" in said.out


def test_words_alone_cost_nothing_and_ask_nobody(recobro: Run, tmp_path: Path) -> None:
    new = draft(tmp_path, "MX", ('conf = "HIGH"', 'conf = "MEDIUM"'))
    assert recobro("law", "diff", "MX", new, "--history", "--json").json["impact"] is None


def test_a_draft_that_cannot_be_meant_is_refused(recobro: Run, tmp_path: Path) -> None:
    bad = recobro("law", "diff", "CO", draft(tmp_path, "CO", ("at_most = 1", "at_most = 0")))
    assert bad.code == 1
    assert "CO.toml: co-day.at_most" in bad.err
    nowhere = recobro("law", "diff", "CO", str(tmp_path / "none.toml"))
    assert nowhere.code == 1
    assert "no pack, no file" in nowhere.err
    assert recobro("law", "diff", "CO", "CO", "--days", "0").code == 1
    (tmp_path / "broken.toml").write_text("id =", "utf-8")
    with pytest.raises(InvalidInput, match=r"broken\.toml: file"):
        edition(str(tmp_path / "broken.toml"))


@pytest.mark.parametrize("name", sorted(load_packs()))
def test_on_paper_a_pack_says_what_it_said(name: str) -> None:
    """Written anew to hold always, a pack differs in its dates alone, and in rules that had ended."""
    law = edition("shipped")
    again = in_force(law, {name}, date(2026, 11, 24)).packs[name]
    was = law.packs[name]

    standing = [rule for rule in was.rules() if rule.to is None or rule.to >= date(2026, 11, 24)]
    assert [rule.id for rule in again.rules()] == [rule.id for rule in standing]
    assert [said(rule) for rule in again.rules()] == [said(rule) for rule in standing]
    assert {rule.since for rule in again.rules()} == {date(2000, 1, 1)}
    assert again.zones == was.zones
