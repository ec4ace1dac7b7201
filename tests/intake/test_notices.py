"""What tells an import what to do is read, or refused with what is wrong and how it should be."""

import json

import pytest

from recobro.errors import InvalidInput
from recobro.intake.notices import dropped_key, piece_told


def test_a_file_is_known_by_its_key_as_its_creditor_wrote_it() -> None:
    told = {"detail": {"object": {"key": "inbox/banco/cartera+de+a%C3%B1o.csv"}}}

    assert dropped_key(json.dumps(told)) == "inbox/banco/cartera de año.csv"


@pytest.mark.parametrize("body", ["no json", "7", '{"detail": {}}', '{"detail": {"object": {"key": ""}}}'])
def test_a_notice_of_no_file_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput, match=r"detail\.object\.key"):
        dropped_key(body)


@pytest.mark.parametrize(
    "piece",
    [
        {"import": "i0", "step": "save", "part": 0},
        {"import": "i0", "step": "missing", "lane": "overdue", "shard": 3},
        {"import": "i0", "step": "recall", "lane": "pre_due", "shard": 0},
    ],
)
def test_a_piece_of_work_is_read_as_it_was_handed_out(piece: dict[str, object]) -> None:
    assert piece_told(json.dumps(piece)) == piece


@pytest.mark.parametrize(
    ("piece", "field"),
    [
        ([], "import"),
        ({"step": "save", "part": 0}, "import"),
        ({"import": "i0", "step": "dance"}, "step"),
        ({"import": "i0", "step": {}}, "step"),
        ({"import": "i0", "step": "save"}, "part"),
        ({"import": "i0", "step": "save", "part": True}, "part"),
        ({"import": "i0", "step": "missing", "lane": "late", "shard": 0}, "lane"),
        ({"import": "i0", "step": "missing", "lane": "overdue", "shard": -1}, "shard"),
    ],
)
def test_a_piece_that_cannot_be_done_names_what_is_wrong(piece: object, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        piece_told(json.dumps(piece))

    assert caught.value.field == field
