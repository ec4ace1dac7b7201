"""The stop button stops what it says, keeps who pressed it and why, and refuses to stop what does not exist."""

from collections.abc import Iterator

import pytest

from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.settle import settled
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.usecases import pause
from tests.house import Clock, house
from tests.sample import MONDAY_NOON_MX, debtor, playbook


@pytest.fixture
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        yield opened


def decided_by(home: House) -> str:
    person, _ = settled(debtor(), playbook(), MONDAY_NOON_MX)
    decision = decide(person, playbook(), MONDAY_NOON_MX, home.switches.read())
    return decision.channel.value if isinstance(decision, Contact) else type(decision).__name__.lower()


def test_a_paused_house_contacts_nobody_until_it_is_resumed(home: House) -> None:
    pause.pause(home, ["all"], "ana", "power cut")
    assert decided_by(home) in {"stop", "wait"}

    assert pause.resume(home, ["all"], "ana", "power is back") == ["all"]
    assert decided_by(home) == "sms"


def test_a_paused_channel_leaves_the_others(home: House) -> None:
    pause.pause(home, pause.scopes(playbook().client, channels=["sms"]), "ana", "carrier asked")
    assert decided_by(home) == "email"


def test_pausing_voice_stops_calls_by_machine_and_by_people(home: House) -> None:
    assert pause.scopes(playbook().client, channels=["voice"]) == ["channel:voice_auto", "channel:voice"]


def test_who_and_why_are_shown_and_stay_on_record_after_it_is_resumed(home: House) -> None:
    pause.pause(home, ["country:MX"], "ana", "holiday")
    assert pause.paused(home)["country:MX"]["who"] == "ana"

    pause.resume(home, ["country:MX"], "luis", "over")
    assert pause.paused(home) == {}
    assert [(one["what"], one["who"], one["why"]) for one in pause.record(home)] == [
        ("pause", "ana", "holiday"),
        ("resume", "luis", "over"),
    ]


def test_resuming_what_was_not_paused_changes_nothing(home: House) -> None:
    assert pause.resume(home, ["all"], "ana", "") == []
    assert list(pause.record(home)) == []


@pytest.mark.parametrize("field", ["creditors", "channels", "countries"])
def test_a_misspelt_scope_is_refused_since_it_would_stop_nothing(field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        pause.scopes(playbook().client, **{field: ["nowhere"]})  # type: ignore[arg-type]
    assert "one of" in refused.value.fix
