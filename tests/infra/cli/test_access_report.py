"""`recobro access-report`: a person who asks gets all of it, in their language, with where it is from and until when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from infra.export_files import rows_of
from recobro.domain.channel import Channel
from recobro.domain.facts import ContactReported, MessageReceived
from recobro.domain.playbook import Switches
from recobro.ports import Content, Inbound
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import Change, change
from recobro.usecases.send import send
from tests.house import PretendCarrier, standing
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA

Run = Callable[..., Said]


@pytest.fixture
def written_to(room: Room) -> Room:
    home = room.house
    home.lookups.add(home.keys.point("+525550100001"), AMINTA)
    until = home.now() + timedelta(minutes=9)
    assert send(home, PretendCarrier(), "sms", AMINTA, until, Switches).result == "sent"
    receive_message(home, Inbound("in-1", "sms", "+525550100001", "¿de qué me <hablan>?", home.now()))
    return room


def test_everything_is_there_to_read(written_to: Room, recobro: Run, tmp_path: Path) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data.json"
    said = recobro("access-report", AMINTA, "--out", str(page), "--data", str(data))
    assert said.code == 0
    text = page.read_text("utf-8")
    for told in (
        *("Aminta Prueba", "+525550100001", "aminta@example.com", "Cobranza Amable", "hola@example.com"),
        *("¿de qué me &lt;hablan&gt;?", "te escribe", "Muebles Luna, S.A.", "SMS (AWS)", "1,500.00 MXN"),
        *("Hasta cuándo se guarda", "Mientras haya una deuda abierta", "Con quién se comparte"),
    ):
        assert told in text, told
    assert page.stat().st_mode & 0o077 == 0, "nobody else on this machine may read it"
    assert "Aminta Prueba" in data.read_text("utf-8")
    assert not any(one in text for one in ("<script", "<link", "src=", "url("))


def test_everything_is_there_to_take_along(written_to: Room, recobro: Run) -> None:
    told = recobro("access-report", AMINTA, "--json").json
    assert told["person"]["points"]["p1"] == "+525550100001"
    assert told["record"]["received.jsonl"][0]["said"]["text"] == "¿de qué me <hablan>?"
    assert told["retention"]
    assert told["not_kept_any_more"] == []
    assert standing(written_to.house, AMINTA).personal.key not in str(told), "the key is ours, not theirs"


def test_whom_else_we_write_to_is_not_theirs_to_read(written_to: Room, recobro: Run, tmp_path: Path) -> None:
    home, page = written_to.house, tmp_path / "page.html"
    theirs = replace(
        standing(home, AMINTA).attempts[0],
        id="a" + "9" * 23,
        by="shared.household",
        creditor="x",
        channel=Channel.WHATSAPP,
    )
    change(home, AMINTA, lambda debtor, now: (ContactReported(theirs),))
    told = recobro("access-report", AMINTA, "--json").out
    recobro("access-report", AMINTA, "--out", str(page))

    assert "shared" not in told + page.read_text("utf-8")
    assert "WhatsApp (AWS)" not in page.read_text("utf-8")
    assert [row["attempt"] for row in rows_of(standing(home, AMINTA), "overdue", "")["contacts"]] == [
        one.id for one in standing(home, AMINTA).attempts if not one.shared
    ]


def test_their_own_words_are_theirs_to_read_even_where_nobody_can_prove_them_any_more(
    written_to: Room, recobro: Run
) -> None:
    """Older releases hashed what was written on the page with more than they kept of it."""
    older = "7" * 32
    heard = MessageReceived(Channel.SMS, "p1", older, "dispute")
    kept = Content("inbound", "", "portal", {"body": "No es mi firma", "id": "a1b2c3d4e5f6"}, older)
    change(written_to.house, AMINTA, lambda debtor, now: Change((heard,), (kept,)))

    told = recobro("access-report", AMINTA, "--json").json
    assert told["record"]["received.jsonl"][-1]["said"]["text"] == "No es mi firma"
    assert told["not_kept_any_more"] == []


def test_a_page_written_over_one_that_others_could_read_is_for_its_owner_alone(
    written_to: Room, recobro: Run, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("of yesterday")
    page.chmod(0o644)
    recobro("access-report", AMINTA, "--out", str(page))

    assert page.stat().st_mode & 0o077 == 0


def test_whom_nobody_knows_has_nothing_to_read(recobro: Run) -> None:
    assert recobro("access-report", "nobody@example.com").code == 1
