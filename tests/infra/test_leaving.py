"""A client that leaves takes everything along: nothing that holds its data is removed before all of it lies in a copy."""

import gzip
import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from infra.cli import main
from infra.cli.destroy import leave
from infra.cli.screen import Screen
from infra.deployed.leaving import Leaving, remove_data
from infra.deployed.taking import Changed, Holding, check_current, check_whole, take_data
from recobro.errors import Conflict, InvalidInput, NotFound, Unavailable
from tests.emulated import make_table
from tests.infra.deployed import STACK, Stack

HOLDING = Holding(("ledger",), "files")
RESTORED, OF_A_DRILL = "ledger-at-20261120T000000Z", "ledger-at-20260801T120000Z"


@pytest.fixture
def outputs(account: Any) -> dict[str, str]:
    """A table with two people, a bucket with a file that was overwritten, and a key."""
    make_table(account("dynamodb"))
    for person in ("d1", "d2"):
        _save(account, person)
    account("s3").create_bucket(Bucket="files")
    account("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"old", b"new"):
        _put(account, "results/a.csv", body)
    secret = account("secretsmanager").create_secret(Name="root", SecretString="{}")["ARN"]
    return {"TableName": "ledger", "BucketName": "files", "SecretArn": secret}


def _save(account: Any, person: str, table: str = "ledger") -> None:
    item = {"pk": {"S": f"DEBTOR#{person}"}, "sk": {"S": "STATE"}, "body": {"B": b"\x00\xff"}}
    account("dynamodb").put_item(TableName=table, Item=item)


def _put(account: Any, key: str, body: bytes) -> None:
    account("s3").put_object(Bucket="files", Key=key, Body=body)


def _tables(account: Any) -> list[str]:
    return list(account("dynamodb").list_tables()["TableNames"])


def _buckets(account: Any) -> list[str]:
    return [one["Name"] for one in account("s3").list_buckets()["Buckets"]]


def _checked(account: Any, folder: Path) -> None:
    check_current(account, HOLDING, folder, check_whole(folder))


def _items(path: Path) -> list[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_the_data_is_taken_whole_and_known_by_its_mark(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    taken = take_data(account, HOLDING, tmp_path / "out")

    items = _items(tmp_path / "out" / "table.jsonl.gz")
    assert {one["pk"]["S"] for one in items} == {"DEBTOR#d1", "DEBTOR#d2"}
    assert (taken.items, taken.files) == (2, 1)
    assert (tmp_path / "out" / "files" / "results" / "a.csv").read_bytes() == b"new"
    assert check_whole(tmp_path / "out") == taken
    check_current(account, HOLDING, tmp_path / "out", taken)


def test_an_export_that_is_not_whole_or_not_the_last_word_is_refused(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        check_whole(tmp_path)
    take_data(account, HOLDING, tmp_path / "out")
    with pytest.raises(Conflict, match="already"):
        take_data(account, HOLDING, tmp_path / "out")

    _save(account, "d3")
    with pytest.raises(Changed, match="table ledger has changed"):
        _checked(account, tmp_path / "out")


@pytest.mark.parametrize(
    ("key", "body"),
    [("inbox/last.csv", b"sent since"), ("results/a.csv", b"neu"), ("results/", b"")],
)
def test_a_file_that_came_or_changed_is_named_and_one_that_went_is_no_matter(
    account: Any, outputs: dict[str, str], tmp_path: Path, key: str, body: bytes
) -> None:
    for one in ("a", "a-b", "a0", "á", "z", "inbox/"):
        _put(account, one, b"")
    take_data(account, HOLDING, tmp_path / "out")
    account("s3").delete_object(Bucket="files", Key="a-b")
    account("s3").delete_object(Bucket="files", Key="z")
    _checked(account, tmp_path / "out")

    _put(account, key, body)
    with pytest.raises(Changed, match=f"of bucket files, {key} is new or changed"):
        _checked(account, tmp_path / "out")


def test_of_many_files_the_first_are_named_and_the_others_counted(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    take_data(account, HOLDING, tmp_path / "out")
    for number in range(8):
        _put(account, f"inbox/{number}", b"")

    with pytest.raises(Changed, match="inbox/4 and 3 more are new"):
        _checked(account, tmp_path / "out")


def _lost(out: Path) -> None:
    shutil.rmtree(out / "files")


def _altered(out: Path) -> None:
    (out / "files/results/a.csv").write_bytes(b"neu")


def _listless(out: Path) -> None:
    (out / "files.jsonl.gz").unlink()


def _other_list(out: Path) -> None:
    (out / "files.jsonl.gz").write_bytes(gzip.compress(b""))


def _cut(out: Path) -> None:
    path = out / "table.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-9])


def _other_table(out: Path) -> None:
    (out / "table.jsonl.gz").write_bytes(gzip.compress(b"{}\n"))


def _of_before(out: Path) -> None:
    (out / "taken.json").write_text(json.dumps({"items": 2, "files": 1, "mark": "f" * 64}))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_lost, "files/results/a.csv is gone or not what was exported"),
        (_altered, "files/results/a.csv is gone or not what was exported"),
        (_listless, "files.jsonl.gz is gone or is not what was exported"),
        (_other_list, "files.jsonl.gz is gone or is not what was exported"),
        (_cut, "table.jsonl.gz is gone or is not what was exported"),
        (_other_table, "table.jsonl.gz is gone or is not what was exported"),
        (_of_before, "earlier release, which listed no files"),
    ],
)
def test_a_copy_that_is_not_what_was_exported_ends_nothing(
    account: Any, outputs: dict[str, str], tmp_path: Path, harm: Callable[[Path], None], says: str
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    harm(out)

    with pytest.raises(InvalidInput, match=says) as refused:
        leave(STACK, Stack(account, outputs).stands(), Screen(), out, with_data=True)

    assert "export again: --export with another folder" in refused.value.fix
    assert (_tables(account), _buckets(account)) == (["ledger"], ["files"])


def test_an_export_that_broke_off_is_written_anew(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    take_data(account, HOLDING, tmp_path / "out")
    (tmp_path / "out" / "taken.json").unlink()
    _save(account, "d3")

    assert take_data(account, HOLDING, tmp_path / "out").items == 3
    _checked(account, tmp_path / "out")


def test_a_table_that_is_still_being_made_is_waited_for(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    class Making:
        """The tables of the account, one of which a restore has just begun."""

        def __getattr__(self, name: str) -> Any:
            return getattr(account("dynamodb"), name)

        def describe_table(self, **asked: Any) -> Any:
            return {"Table": {"TableStatus": "CREATING"}}

    def clients(service: str) -> Any:
        return Making() if service == "dynamodb" else account(service)

    with pytest.raises(Unavailable, match="table ledger cannot be read yet: it is CREATING"):
        take_data(clients, HOLDING, tmp_path / "out")


@pytest.mark.parametrize(
    ("key", "says"), [("../../stolen", "leads out"), ("results/a.csv/b", "beside the others")]
)
def test_a_file_that_can_be_none_in_the_folder_is_said(
    account: Any, outputs: dict[str, str], tmp_path: Path, key: str, says: str
) -> None:
    _put(account, key, b"")

    with pytest.raises(InvalidInput, match=says):
        take_data(account, HOLDING, tmp_path / "out")
    assert not (tmp_path / "out" / "taken.json").exists()


def test_what_is_left_behind_is_removed_one_by_one_and_the_key_can_come_back(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    account("dynamodb").update_table(TableName="ledger", DeletionProtectionEnabled=True)
    account("s3").create_bucket(Bucket="access-logs")
    held = {
        "ledger": "AWS::DynamoDB::Table",
        "access-logs": "AWS::S3::Bucket",
        "files": "AWS::S3::Bucket",
        outputs["SecretArn"]: "AWS::SecretsManager::Secret",
        "key-1": "AWS::KMS::Key",
    }
    take_data(account, HOLDING, tmp_path)

    done = remove_data(account, Leaving(outputs, held), tmp_path, lambda number: None)

    assert (_tables(account), _buckets(account)) == ([], ["access-logs"])
    assert len(done) == 5
    assert any("key-1 is left" in line for line in done)
    assert any("access-logs is left: it lies in no copy" in line for line in done)
    again = remove_data(account, Leaving(outputs, held), tmp_path, lambda number: None)
    assert sum("already" in line for line in again) == 3
    account("secretsmanager").restore_secret(SecretId=outputs["SecretArn"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--yes demo"),
        (["--yes", "dem"], "--yes demo"),
        (["--yes", "demo", "--with-data"], "--export"),
    ],
)
def test_nothing_is_removed_by_a_slip(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert main(["destroy", "--client", "demo", *words]) == 1
    assert says in capsys.readouterr().err


def test_a_client_goes_and_its_data_stays_where_nobody_asked_for_more(
    account: Any, outputs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    stack = Stack(account, outputs).stands().goes()

    assert leave(STACK, stack, Screen(), None, with_data=False) == 0

    assert _tables(account) == ["ledger"]
    assert "kept: AWS::DynamoDB::Table ledger" in capsys.readouterr().out
    stack.stub.assert_no_pending_responses()


def test_data_goes_only_after_it_was_taken(account: Any, outputs: dict[str, str], tmp_path: Path) -> None:
    stack = Stack(account, outputs).stands().goes().goes("data")

    assert leave(STACK, stack, Screen(), tmp_path / "out", with_data=True) == 0
    stack.stub.assert_no_pending_responses()

    assert (_tables(account), _buckets(account)) == ([], [])
    assert len(_items(tmp_path / "out" / "table.jsonl.gz")) == 2


def _restored(account: Any, outputs: dict[str, str]) -> dict[str, str]:
    """The client was restored and works on the new table; a drill's lies about, protected as well."""
    for number, name in enumerate((RESTORED, OF_A_DRILL), 3):
        make_table(account("dynamodb"), name)
        account("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=True)
        _save(account, f"d{number}", name)
    make_table(account("dynamodb"), "somebody-elses")
    return {**outputs, "TableName": RESTORED}


def test_after_a_restore_every_table_is_taken_and_only_then_removed(
    account: Any, outputs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, out = _restored(account, outputs), tmp_path / "out"

    leave(STACK, Stack(account, now).stands().goes().goes("data"), Screen(), out, with_data=True)

    assert _tables(account) == ["somebody-elses"]
    said = capsys.readouterr().out
    for name, file in (
        (RESTORED, "table.jsonl.gz"),
        ("ledger", "table-ledger.jsonl.gz"),
        (OF_A_DRILL, f"table-{OF_A_DRILL}.jsonl.gz"),
    ):
        assert f"table {name} is deleted" in said
        assert _items(out / file)
    assert _items(out / "table.jsonl.gz")[0]["pk"]["S"] == "DEBTOR#d3"


def test_after_a_restore_every_table_that_stays_is_listed(
    account: Any, outputs: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    now = _restored(account, outputs)

    leave(STACK, Stack(account, now).stands().goes(), Screen(), None, with_data=False)

    said = capsys.readouterr().out
    for name in ("ledger", RESTORED, OF_A_DRILL):
        assert f"kept: AWS::DynamoDB::Table {name}\n" in said
    assert "somebody-elses" not in said


def test_a_table_that_was_restored_since_the_export_is_taken_before_it_goes(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    _restored(account, outputs)

    leave(STACK, Stack(account, outputs).is_not_there().goes(), Screen(), out, with_data=True)

    assert _tables(account) == ["somebody-elses"]
    assert _items(out / "after-the-end" / f"table-{RESTORED}.jsonl.gz")


def test_a_farewell_that_broke_off_goes_on_and_takes_what_came_last(
    account: Any, outputs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    _save(account, "d3")
    _put(account, "inbox/last.csv", b"sent by the creditor since")

    last = Stack(account, outputs).stands().goes().goes("data")
    assert leave(STACK, last, Screen(), out, with_data=True) == 0

    assert len(_items(out / "after-the-end" / "table.jsonl.gz")) == 3
    copy = out / "after-the-end" / "files" / "inbox" / "last.csv"
    assert copy.read_bytes() == b"sent by the creditor since"
    assert (_tables(account), _buckets(account)) == ([], [])
    said = " ".join(capsys.readouterr().err.split())
    assert "table ledger has changed" in said
    assert "everything is exported once more" in said


def test_a_file_alone_that_came_after_the_export_is_named_and_taken(
    account: Any, outputs: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    _put(account, "inbox/last.csv", b"sent by the creditor since")

    leave(STACK, Stack(account, outputs).stands().goes().goes("data"), Screen(), out, with_data=True)

    assert "inbox/last.csv is new or changed" in " ".join(capsys.readouterr().err.split())
    assert (out / "after-the-end/files/inbox/last.csv").read_bytes() == b"sent by the creditor since"


def test_what_came_after_the_last_export_is_named_and_nothing_goes_without_it(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)
    _put(account, "inbox/1.csv", b"one")
    take_data(account, HOLDING, out / "after-the-end")
    _put(account, "inbox/2.csv", b"two")

    with pytest.raises(InvalidInput, match=r"inbox/2\.csv is new or changed") as refused:
        leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=True)
    assert (_tables(account), _buckets(account)) == (["ledger"], ["files"])
    assert f"give {out / 'after-the-end'} another name" in refused.value.fix

    (out / "after-the-end").rename(out / "before")
    leave(STACK, Stack(account, outputs).stands().goes().goes("data"), Screen(), out, with_data=True)
    assert _buckets(account) == []


def test_a_farewell_that_broke_off_behind_the_last_stack_goes_on_from_its_note(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), out, with_data=False)

    gone = Stack(account, outputs).is_not_there().goes()
    assert leave(STACK, gone, Screen(), out, with_data=True) == 0

    assert (_tables(account), _buckets(account)) == ([], [])


class Died(BaseException):
    """The machine is switched off."""


def _before(account: Any, call: str, do: Callable[[], None]) -> Callable[[str], Any]:
    """The account, with something that happens before the first call of that name."""
    waiting = [do]

    class Watched:
        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, name: str) -> Any:
            if name == call and waiting:
                waiting.pop()()
            return getattr(self._client, name)

    return lambda service: Watched(account(service))


@pytest.mark.parametrize("call", ["delete_table", "delete_objects", "delete_bucket"])
def test_an_end_that_broke_off_half_way_goes_on_when_it_is_called_again(
    account: Any, outputs: dict[str, str], tmp_path: Path, call: str
) -> None:
    def dies() -> None:
        if call == "delete_objects":
            for version in account("s3").list_object_versions(Bucket="files")["Versions"][:1]:
                account("s3").delete_object(
                    Bucket="files", Key=version["Key"], VersionId=version["VersionId"]
                )
        raise Died

    _put(account, "inbox/b.csv", b"b")
    out, broken = tmp_path / "out", _before(account, call, dies)
    stack = Stack(account, outputs).stands().goes().goes("data")

    def clients(service: str) -> Any:
        return stack(service) if service == "cloudformation" else broken(service)

    with pytest.raises(Died):
        leave(STACK, clients, Screen(), out, with_data=True)

    gone = Stack(account, outputs).is_not_there().goes()
    assert leave(STACK, gone, Screen(), out, with_data=True) == 0
    assert (_tables(account), _buckets(account)) == ([], [])


def _by_ones(account: Any, most: int) -> Callable[[str], Any]:
    """The account, with a version to a page; the machine is switched off once so many deletions were made."""
    left = [most]

    class Pages:
        def __init__(self, pages: Any) -> None:
            self._pages = pages

        def paginate(self, **asked: Any) -> Any:
            return self._pages.paginate(**asked, PaginationConfig={"PageSize": 1})

    class Slow:
        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, name: str) -> Any:
            return getattr(self._client, name)

        def get_paginator(self, name: str) -> Any:
            return Pages(self._client.get_paginator(name))

        def delete_objects(self, **asked: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Died
            return self._client.delete_objects(**asked)

    return lambda service: Slow(account(service))


def test_a_bucket_that_was_half_emptied_shows_nothing_that_was_overwritten_or_deleted(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    """Else what somebody had taken away would be current again, and count as come since."""
    for body in (b"1", b"2", b"3"):
        _put(account, "inbox/often.csv", body)
    _put(account, "inbox/deleted.csv", b"erased")
    account("s3").delete_object(Bucket="files", Key="inbox/deleted.csv")
    take_data(account, HOLDING, tmp_path)
    leaving = Leaving(outputs, {"files": "AWS::S3::Bucket"})

    while _buckets(account):
        with suppress(Died):
            remove_data(_by_ones(account, 1), leaving, tmp_path, lambda number: None)
        _checked(account, tmp_path)


def test_a_file_that_comes_while_the_end_is_under_way_stops_it_and_is_taken_by_the_next(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    late = _before(account, "delete_table", lambda: _put(account, "inbox/late.csv", b"late"))
    stack = Stack(account, outputs).stands().goes().goes("data")

    def clients(service: str) -> Any:
        return stack(service) if service == "cloudformation" else late(service)

    with pytest.raises(Changed, match=r"inbox/late\.csv came into bucket files just now"):
        leave(STACK, clients, Screen(), out, with_data=True)

    leave(STACK, Stack(account, outputs).is_not_there().goes(), Screen(), out, with_data=True)
    assert (out / "after-the-end/files/inbox/late.csv").read_bytes() == b"late"
    assert (_tables(account), _buckets(account)) == ([], [])


def test_a_stack_that_is_not_there_and_left_no_note_is_not_found(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        leave(STACK, Stack(account, outputs).is_not_there(), Screen(), None, with_data=False)
    with pytest.raises(NotFound, match="no note"):
        leave(STACK, Stack(account, outputs).is_not_there(), Screen(), tmp_path, with_data=True)
    assert _tables(account) == ["ledger"]


def test_with_the_note_of_the_first_folder_everything_is_exported_anew(
    account: Any, outputs: dict[str, str], tmp_path: Path
) -> None:
    leave(STACK, Stack(account, outputs).stands().goes(), Screen(), tmp_path / "lost", with_data=False)
    (tmp_path / "anew").mkdir()
    shutil.move(tmp_path / "lost" / "stack.json", tmp_path / "anew")

    gone = Stack(account, outputs).is_not_there().goes()
    leave(STACK, gone, Screen(), tmp_path / "anew", with_data=True)

    assert _items(tmp_path / "anew" / "table.jsonl.gz")
    assert (_tables(account), _buckets(account)) == ([], [])
