"""A pack that says nonsense is refused while a lawyer looks at it: file, rule, field and fix are named."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recobro.errors import InvalidInput
from recobro.law.load import PACKS as FOLDER
from recobro.law.load import load_calendars, load_packs
from recobro.law.plain import pack_from_plain, pack_hash, pack_to_plain
from recobro.law.rule import Conf
from tests.law.scene import PACKS

WORDS = FOLDER.parent / "words"
TWICE_A_DAY = """[[caps]]
id = "co-twice"
article = "a law to come, of which nobody ended the old one"
conf = "HIGH"
at_most = 2
calendar = "day"
channels = "all"
scope = ["person"]
counts = "attempt"
effective = { from = 2027-01-01 }

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(WORDS, tmp_path / "words")
    (tmp_path / "packs").mkdir()
    shutil.copy(FOLDER / "CO.toml", tmp_path / "packs" / "CO.toml")
    return tmp_path / "packs"


def spoil(folder: Path, old: str, new: str) -> InvalidInput:
    path = folder / "CO.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_packs(folder)
    assert caught.value.where == "CO.toml"
    assert caught.value.fix
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ('anchor = "send"', 'ancor = "send"', "co-hours.ancor", "unknown field"),
        ('mon_fri = ["07:00", "19:00"]', 'mon_fri = ["19:00", "07:00"]', "co-hours.mon_fri", "impossible window"),
        ('mon_fri = ["07:00", "19:00"]', 'mon_fri = ["07:00", "25:00"]', "co-hours.mon_fri", "no time of day"),
        ('mon_fri = ["07:00", "19:00"]', "mon_fri = [7, 19]", "co-hours.mon_fri", "no time of day"),
        ('mon_fri = ["07:00", "19:00"]', 'mon_fri = ["07:00"]', "co-hours.mon_fri", "no window"),
        ('mon_fri = ["07:00", "19:00"]\nsat', 'tue = ["07:00", "19:00"]\nmon_fri = ["07:00", "19:00"]\nsat', "co-hours.tue", "already"),
        ('mon_fri = ["07:00", "19:00"]\nsat = ["08:00", "15:00"]\n', "", "co-hours.days", "missing"),
        ('sat = ["08:00", "15:00"]', 'sat = [["08:00", "15:00"], ["14:00", "16:00"]]', "co-hours.sat", "overlap"),
        ('holiday = "forbid"', 'holiday = "perhaps"', "co-hours.holiday", "not known"),
        ('channels = "all"', 'channels = "fax"', "co-hours.channels", "no channel 'fax'"),
        ('id = "co-day"', 'id = "co-hours"', "co-hours.id", "stands twice"),
        ('id = "co-day"\n', "", "caps.id", "missing"),
        ('conf = "HIGH"', 'conf = "SURE"', "co-applies.conf", "'SURE' is not known"),
        ("effective = { from = 2023-10-10 }", 'effective = { from = "10/10/2023" }', "pack.effective.from", "not a date"),
        ("effective = { from = 2023-10-10 }", "effective = 2023-10-10", "pack.effective", "must say from"),
        ("at_most = 1", "at_most = 0", "co-day.at_most", "at least 1"),
        ("at_most = 1", 'at_most = "one"', "co-day.at_most", "must be int"),
        ("at_most = 1", "at_most = true", "co-day.at_most", "must be int"),
        ('calendar = "day"', 'calendar = "fortnight"', "co-day.calendar", "not known"),
        ('calendar = "day"', 'calendar = "day"\nrolling_days = 7', "co-day.rolling_days", "needs one period"),
        ('scope = ["person"]', 'scope = ["planet"]', "co-day.scope", "'planet' is not known"),
        ('scope = ["person"]', "scope = []", "co-day.scope", "is empty"),
        ('counts = "attempt"', 'counts = "released"', "co-day.counts", "reached nobody"),
        ('content = "threat"', 'content = "menace"', "co-no-threat.content", "'menace' is not known"),
        ('content = "threat"', 'content = "postcard"\nphrases = ["a*"]', "co-no-threat.phrases", "almost anything"),
        ('languages = ["es"]', 'languages = ["fr"]', "co-no-asking-why.content", "no words in fr"),
        ('zones = ["America/Bogota"]', 'zones = ["America/Macondo"]', "zones", "no time zone"),
        ('stage = "insolvency"', 'stage = "pre_due"', "stages", "says nothing of insolvency"),
        ('who = "spouse"', 'who = "cousin"', "co-spouse.who", "not known"),
        ('kinds = ["payment_receipt"]', 'kinds = ["spam"]', "co-pure-receipt.kinds", "'spam' is not known"),
        ('id = "CO"', 'id = "CX"', "id", "is 'CX'"),
        ('schema = "contact-pack/1"', 'schema = "contact-pack/9"', "schema", "unknown"),
        ('status = "enacted"', 'status = "probably"', "status", "not known"),
        ('calendar = "CO"', 'calender = "CO"', "calender", "unknown field"),
        ('counted_from = "event"', 'counted_from = "birth"', "co-retention.counted_from", "'birth' is not known"),
        ("years = 5", "years = 0", "co-retention.years", "at least 1"),
        ("years = 5", "years = 4.5", "co-retention.years", "must be int"),
        ('event = "deceased"', 'event = "opt_out"', "co-stop-deceased.effective", "overlaps co-stop-opt-out"),
        ('who = "guarantor"', 'who = "codebtor"', "co-guarantor.effective", "overlaps co-codebtor"),
        ('content = "obscene"', 'content = "insult"', "co-no-obscene.effective", "overlaps co-no-insult"),
        ("[[channel_locks]]", TWICE_A_DAY + "[[channel_locks]]", "co-twice.effective", "overlaps co-day"),
        ('stage = "pre_due"', 'stage = "pre_due"\neffective = { from = 2027-01-01 }', "co-pre-due.effective", "a day of its own"),
        ('id = "co-exempt"', 'id = "co-exempt"\neffective = { from = 2027-01-01 }', "co-exempt.effective", "a day of its own"),
        ('id = "co-day"', 'id = "co-day"\neffective = { from = 2026-02-30 }', "file", ""),
        ('id = "co-day"', 'id = "co-day"\neffective = { since = 2026-02-28 }', "co-day.effective", "must say from"),
        ('id = "co-day"', 'id = "co-day"\neffective = { from = 2026-02-28T00:00:00 }', "co-day.effective.from", "not a date"),
        ("reviewed = 2026-11-22", 'reviewed = "soon"', "reviewed", ""),
        ("days_before = 20", "days = 20", "co-bureau-notice.days", "unknown field"),
        ("[[windows]]", "[windows]", "file", ""),
        ('channels = "all"', 'channels = "all', "file", ""),
    ],
)  # fmt: skip
def test_nonsense_is_named(folder: Path, old: str, new: str, field: str, problem: str) -> None:
    error = spoil(folder, old, new)
    assert field in error.field
    assert problem in error.problem


def test_a_rule_without_its_article_is_refused(folder: Path) -> None:
    article = 'article = "Ley 2300 de 2023, art. 3: not more than once the same day"\n'
    assert "article" in spoil(folder, article, "").field
    (folder / "CO.toml").write_text((FOLDER / "CO.toml").read_text("utf-8"), "utf-8")
    assert "is empty" in spoil(folder, article, 'article = " "\n').problem


def test_a_rule_that_ends_before_it_begins_is_refused(folder: Path) -> None:
    bad = 'id = "co-day"\neffective = { from = 2026-01-02, to = 2026-01-01 }'
    assert "before it begins" in spoil(folder, 'id = "co-day"', bad).problem


def test_a_new_law_takes_the_place_of_one_that_was_ended(folder: Path) -> None:
    path = folder / "CO.toml"
    text = path.read_text("utf-8").replace("[[channel_locks]]", TWICE_A_DAY + "[[channel_locks]]", 1)
    ended = 'id = "co-day"\neffective = { from = 2023-10-10, to = 2026-12-31 }'
    path.write_text(text.replace('id = "co-day"', ended, 1), "utf-8")
    assert {"co-day", "co-twice"} <= {rule.id for rule in load_packs(folder)["CO"].caps}


def test_two_packs_may_not_share_a_rule_id(folder: Path) -> None:
    text = (FOLDER / "strict.toml").read_text("utf-8").replace('id = "strict-day"', 'id = "co-day"')
    (folder / "strict.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match="also a rule of CO"):
        load_packs(folder)


def test_an_overlay_needs_its_country(folder: Path) -> None:
    shutil.copy(FOLDER / "BR-SP.toml", folder / "BR-SP.toml")
    with pytest.raises(InvalidInput, match="no pack 'BR'"):
        load_packs(folder)


def test_a_misspelt_word_class_is_refused(folder: Path) -> None:
    path = folder.parent / "words" / "es.toml"
    path.write_text(path.read_text("utf-8").replace("[threat]", "[treat]"), "utf-8")
    with pytest.raises(InvalidInput, match=r"es\.toml: treat"):
        load_packs(folder)


def test_a_calendar_that_is_no_calendar_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "CO.toml"
    for text, field in (
        ('country = "MX"\ncovers = [2023, 2035]\ndates = []', "country"),
        ('country = "CO"\ndates = []', "covers"),
        ('country = "CO"\ncovers = [2023, 2035]\ndates = ["2026-01-01"]', "dates"),
        ("country =", "file"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(InvalidInput) as caught:
            load_calendars(tmp_path)
        assert (caught.value.where, caught.value.field) == ("CO.toml", field)
        assert caught.value.fix


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_pack_survives_its_journey_as_json(name: str) -> None:
    pack = PACKS[name]
    plain = json.loads(json.dumps(pack_to_plain(pack)))
    assert pack_from_plain(plain) == pack
    assert pack_hash(pack_from_plain(plain)) == pack_hash(pack)


def test_a_changed_word_changes_the_hash_of_the_packs_that_forbid_it(folder: Path) -> None:
    before = pack_hash(load_packs(folder)["CO"])
    path = folder.parent / "words" / "es.toml"
    path.write_text(path.read_text("utf-8").replace('"amenaz*", ', "", 1), "utf-8")
    assert pack_hash(load_packs(folder)["CO"]) != before


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_rule_has_an_article_a_confidence_and_a_day_from_which_it_holds(name: str) -> None:
    for rule in PACKS[name].rules():
        assert rule.article.strip()
        assert rule.conf in Conf
        assert rule.since.year >= 1991


def test_the_strict_default_is_all_caution() -> None:
    assert {rule.conf for rule in PACKS["strict"].rules()} == {Conf.POLICY}


def test_the_engine_loads_without_a_holiday_library_or_a_toml_reader() -> None:
    asked = (
        "import sys; import recobro.law.engine, recobro.law.plain, recobro.law.content, recobro.law.choose; "
        "print(sorted({'holidays', 'tomllib', 'pydantic', 'boto3', 'dateutil'} & set(sys.modules)))"
    )
    path = str(FOLDER.parents[2])
    command = [sys.executable, "-c", asked]
    env = {"PYTHONPATH": path}
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=True)  # noqa: S603
    assert said.stdout.strip() == "[]"
