"""Which limit is met first, told from measured use: nobody should learn it from ten million people who were not reminded."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from infra.app import ROWS
from infra.cli import main
from infra.cli.cost import client_file
from infra.pricing.book import price_book
from infra.pricing.estimate import measured_profile
from infra.scale import model
from infra.scale.model import Limit, Load, Scale, scale, seconds
from infra.scale.quotas import FILE, quotas
from recobro.errors import InvalidInput
from tests.infra.cli.conftest import Said

HALVES = {"sms": Decimal("0.5"), "email": Decimal("0.5")}


def at(debtors: int, contacts: str = "6") -> Scale:
    load = Load(debtors, Decimal(contacts), HALVES)
    return scale(load, client_file("demo"), price_book("us-east-1"), measured_profile(), quotas())


def limit(one: Scale, name: str) -> Limit:
    return next(found for found in one.limits if found.name == name)


def test_a_day_old_account_meets_its_sms_spend_first_and_is_told_what_to_ask_for() -> None:
    for debtors in (1_000, 100_000, 10_000_000):
        wall = at(debtors).first_wall
        assert wall is not None
        assert wall.name == "sms_spend"
        assert "monthly SMS spend limit" in wall.ask
        assert at(debtors).people_until(wall) == 11, "a dollar buys 33 messages: three each for eleven people"


def test_our_own_house_carries_a_hundred_thousand_people_as_it_is_deployed() -> None:
    assert [wall.name for wall in at(100_000).walls if wall.kind != "carrier"] == []


def test_at_ten_million_what_we_wrote_too_small_is_named_with_the_file_that_says_so() -> None:
    named = {wall.name: wall.ask for wall in at(10_000_000).walls if wall.kind == "ours"}
    assert "client's file" in named["sms_copies"]
    assert "infra/app.py" in named["receipt_copies"]
    assert "infra/app.py" in named["import"]
    assert not [wall for wall in at(10_000_000).walls if wall.kind == "aws"], "AWS itself carries them"


def test_everything_grows_with_the_people_and_the_contacts() -> None:
    one, ten, busier = at(10_000), at(100_000), at(10_000, "60")
    for name in ("table_writes", "partition_writes", "email_day"):
        assert limit(ten, name).need == 10 * limit(one, name).need == limit(busier, name).need
    assert ten.sweep_seconds == 10 * one.sweep_seconds
    assert ten.house_drain_seconds == 10 * one.house_drain_seconds
    steady = {"lambda_at_once", "schedule_runs", "sqs_in_flight"}  # a part of each is there whoever is due
    for each in ten.limits:
        if each.name not in steady:
            assert abs(one.people_until(limit(one, each.name)) - ten.people_until(each)) <= 1, each.name


def test_at_the_number_of_people_it_names_a_wall_is_just_met() -> None:
    wall = limit(at(100_000), "sms_requests")
    people = at(100_000).people_until(wall)
    assert not limit(at(people), "sms_requests").is_wall
    assert limit(at(people + people // 1000 + 1), "sms_requests").is_wall


def test_the_scarcest_limit_stands_first() -> None:
    used = [each.used for each in at(100_000).limits]
    assert used == sorted(used, reverse=True)


def test_what_a_contact_needs_is_what_was_measured() -> None:
    profile, one = measured_profile(), at(100_000)
    writes = one.load.contacts_a_second * profile.per_contact["dynamodb_write"]
    assert limit(one, "table_writes").need == writes
    shards = client_file("demo").schedule.shards
    assert limit(one, "partition_writes").need == one.load.contacts_a_second * profile.index_units / shards
    busy = seconds(profile, price_book("us-east-1"))
    assert limit(one, "sms_copies").need == one.load.contacts_a_second / 2 * busy.sending


def test_our_own_limits_are_those_of_the_table_of_functions() -> None:
    rows = {row.name: row.within for row in ROWS}
    assert rows["import_partition"].at_once == model.IMPORT_COPIES
    assert rows["receive_receipt"].at_once == model.RECEIPT_COPIES
    assert {rows[name].seconds for name in ("pre_reminder", "escalation")} == {model.SWEEP_SECONDS}
    assert rows["send_sms"].batch == model.BATCH


def test_every_quota_names_its_page_and_every_name_is_used() -> None:
    known = quotas()
    named = {one.name for one in at(1_000).limits} | set(sum(model.CARRIER_LIMITS.values(), ()))
    assert set(known) <= named | {"queue_copies"}
    for one in known.values():
        assert one.page.startswith("https://")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [('per = "day"', 'per = "week"', "per"), ('status = "read"', 'status = "sure"', "status")],
)
def test_a_wrong_quota_is_refused(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "quotas.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        quotas(path)
    assert refused.value.field.endswith(field)


@pytest.fixture
def recobro(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*words: str) -> Said:
        code = main(words)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run


def test_three_sizes_are_shown_with_walls_times_and_costs(recobro: Callable[..., Said]) -> None:
    said = recobro("scale", "--mix", "sms=0.5,email=0.5")
    for word in (
        "1,000 people",
        "100,000 people",
        "10,000,000 people",
        "First wall",
        "a sweep of who is due",
        "US$",
    ):
        assert word in said.out
    told = recobro("scale", "--debtors", "5000", "--mix", "email=1", "--json").json
    assert [one["debtors"] for one in told] == [5000]
    assert told[0]["first_wall"]["name"] == "email_day"
    assert Decimal(told[0]["seconds"]["drain"]["email"]) > 0


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--debtors", "0"), "--debtors"),
        (("--hours", "0"), "--hours"),
        (("--mix", "fax=1"), "--mix"),
        (("--contacts", "many"), "--contacts"),
    ],
)
def test_a_wrong_size_is_refused(recobro: Callable[..., Said], words: tuple[str, ...], field: str) -> None:
    said = recobro("scale", *words)
    assert said.code == 1
    assert field in said.err
