"""A function is found by its name: its folder, its use case, its row, its sample events and its tests."""

import pytest

from infra.app import ROWS
from infra.repository import FUNCTIONS, PACKAGE, ROOT
from infra.stack.rows import Row
from infra.stack.settings import CHANNELS

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def test_every_row_has_a_folder_and_every_folder_a_row() -> None:
    folders = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}
    assert folders == {row.name for row in ROWS}


@each_row
def test_a_function_has_a_use_case_of_its_name_or_the_one_it_shares(row: Row) -> None:
    assert (PACKAGE / "usecases" / f"{row.use_case}.py").is_file()


@each_row
def test_a_function_has_sample_events(row: Row) -> None:
    assert list((ROOT / "events" / row.name).glob("*.json"))


@each_row
def test_a_function_has_a_test_file_of_its_name_or_its_use_cases(row: Row) -> None:
    names = {f"test_{row.name}.py", f"test_{row.use_case}.py"}
    assert names & {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def test_every_channel_has_a_function_and_a_queue_of_its_name() -> None:
    rows = {row.name: row for row in ROWS}
    for channel in CHANNELS:
        assert rows[f"send_{channel}"].queue == f"send-{channel}"


def test_no_row_is_written_twice() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    queues = [row.queue for row in ROWS if row.queue]
    assert len(set(queues)) == len(queues)
