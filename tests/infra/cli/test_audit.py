"""`recobro audit`: the ledger's own history, judged by a program that can't see our code."""

import json
import stat
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from infra.cli import main
from recobro.domain import facts as f
from recobro.domain.attempt import ContactAttempt, StepKey
from recobro.domain.channel import Channel
from recobro.domain.client import Limits
from tests.house import Clock, house, settle_in
from tests.infra.cli.conftest import Room, Said
from tests.sample import AMINTA, debtor, playbook

Run = Callable[..., Said]


def contacted(room: Room, *, hours: int = 0, name: str = "a1") -> None:
    """Record a contact as a sender that asked nobody would: so many hours from now."""
    at = room.house.now() + timedelta(hours=hours)
    step = StepKey(1, "early", "first")
    claim = ContactAttempt(name, step, 1, "muebles", Channel.SMS, "p1", at, "c1", at, debts=("muebles/A1",))
    loaded = room.house.ledger.load(AMINTA)
    assert loaded is not None
    room.house.ledger.save(loaded, [f.AttemptClaimed(claim)], at)


def test_a_lawful_contact_is_judged_and_nothing_is_found(recobro: Run, room: Room) -> None:
    contacted(room)
    said = recobro("audit", "run")

    assert said.code == 0, said.out
    assert "No breach." in said.out
    assert "1 contacts with 2 persons judged" in said.out


def test_a_contact_at_night_is_found_with_its_article(recobro: Run, room: Room) -> None:
    contacted(room, hours=11)
    (breach, *_) = recobro("audit", "run", "--json").json["breaches"]

    assert breach["rule"] == "mx-hours"
    assert "CONDUSEF" in breach["article"] or "DOF" in breach["article"]
    assert breach["local"].startswith("2026-03-09T23:00:00")
    assert recobro("audit", "run").code == 1


def test_the_export_is_for_its_owner_alone_and_tells_the_whole_history(
    recobro: Run, room: Room, tmp_path: Path
) -> None:
    contacted(room)
    file = tmp_path / "contacts.jsonl"
    said = recobro("audit", "export", str(file))
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    assert said.code == 0
    assert f"{len(rows)} lines written" in said.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {row["record"] for row in rows} == {"export", "limits", "person", "debt", "point", "contact"}
    (contact,) = [row for row in rows if row["record"] == "contact"]
    assert (contact["by"], contact["acts_as"], contact["point"]) == ("collector", "third_party", "p1")


def test_what_came_of_a_contact_and_what_was_said_back_stand_in_it(
    recobro: Run, room: Room, tmp_path: Path
) -> None:
    contacted(room)
    loaded = room.house.ledger.load(AMINTA)
    assert loaded is not None
    answered = f.MessageReceived(Channel.SMS, "p1", "digest", "dispute", "a1")
    later = room.house.now() + timedelta(minutes=5)
    room.house.ledger.save(loaded, [answered, f.ChannelStopped("sms", "asked")], later)
    file = tmp_path / "contacts.jsonl"
    recobro("audit", "export", str(file), "--without-words")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]

    assert [row["by"] for row in rows if row["record"] == "contact"] == ["collector", "debtor"]
    assert [row["rung"] for row in rows if row["record"] == "outcome"] == ["conversation"]
    assert [row["channel"] for row in rows if row["record"] == "stopped"] == ["sms"]


def test_the_clients_own_limits_are_judged_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    book = playbook()
    tight = replace(book, client=replace(book.client, limits=Limits(max_per_week=1)))
    with house(Clock(), book=tight) as opened:
        room = Room(opened)
        settle_in(opened, debtor())
        contacted(room)
        contacted(room, hours=24, name="a2")
        main(("audit", "run", "--json"), lambda: nullcontext(room))
    found = json.loads(capsys.readouterr().out)["breaches"]

    assert [one["rule"] for one in found] == ["client-per-week"]
