"""`recobro export`: whoever leaves takes everything, and can check that it is whole."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.export_files import TABLES, _harmless, kind_of
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Run = Callable[..., Said]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_item_of_the_table_is_in_exactly_one_file(recobro: Run, room: Room, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    manifest = recobro("export", str(folder), "--json").json

    client = room.house.client("dynamodb")
    held = client.scan(TableName="ledger")["Items"]
    lines = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert sorted((one["pk"], one["sk"]) for one in lines) == sorted(
        (one["pk"]["S"], one["sk"]["S"]) for one in held
    )
    for name, told in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told["sha256"]
    assert manifest["files"]["debtors.jsonl"]["lines"] == manifest["files"]["debtors.csv"]["lines"] == 2
    assert (folder / "debtors.jsonl").stat().st_mode & 0o077 == 0


def test_the_tables_open_in_a_spreadsheet_with_money_as_people_write_it(
    recobro: Run, room: Room, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    assert recobro("export", str(folder)).code == 0
    for name, columns in TABLES.items():
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            assert file.readline().strip() == ",".join(columns)
    owed = {one["debtor"]: one for one in rows(folder, "debts")}
    debt = room.house.ledger.load(AMINTA)
    assert debt is not None
    minor = debt.debtor.debts[0].outstanding.minor
    assert owed[AMINTA]["outstanding"] == f"{minor // 100}.{minor % 100:02d}"
    addresses = {one["address"] for one in rows(folder, "points")}
    assert "'+525550100001" in addresses or "+525550100001" in addresses
    assert len(rows(folder, "tasks")) == 1


def test_an_export_is_not_written_over_by_mistake(recobro: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert recobro("export", str(folder)).code == 0
    refused = recobro("export", str(folder))
    assert refused.code == 1
    assert "--again" in refused.err
    assert recobro("export", str(folder), "--again", "--files").code == 0


def test_what_nobody_sorted_is_kept_all_the_same() -> None:
    assert kind_of("SOMETHING#new", "X") == "other"
    assert kind_of("DEBTOR#d1", "FACT#0000000001#0000") == "facts"


def test_a_folder_that_the_console_made_in_the_bucket_does_not_end_an_export(
    recobro: Run, room: Room, tmp_path: Path
) -> None:
    for key, body in (("inbox/", b""), ("inbox/a.csv", b"rows"), ("../../outside", b"no")):
        room.house.files.write(key, body)
    manifest = recobro("export", str(tmp_path / "out"), "--files", "--json").json

    assert manifest["objects"]["inbox/a.csv"] == 4
    assert manifest["objects_left_out"] == ["../../outside", "inbox/"]
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("name", ["=1+1", "  =HYPERLINK(1)", "\n=1+1", "＝1+1", "@SUM(1)"])
def test_no_spreadsheet_runs_what_somebody_wrote_as_a_name(name: str) -> None:
    assert _harmless(name) == f"'{name}"
    assert (_harmless("-5.00"), _harmless(7), _harmless("Ana")) == ("-5.00", 7, "Ana")
