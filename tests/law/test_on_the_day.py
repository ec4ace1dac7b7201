"""A rule to come holds from the person's own midnight on, to the second, and one that ends holds until then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.answer import Never, Permitted
from recobro.law.conduct import ChannelRule, Consent, Forbidden, Provenance, Recipient, Required, StopEvent
from recobro.law.contact import Intended, PastContact, Rung
from recobro.law.content import lint
from recobro.law.engine import next_permitted, verdict
from recobro.law.measures import Cap, ChannelLock, Cooldown, MinGap, Window
from recobro.law.pack import Pack
from recobro.law.rule import Applies, Conf, Rule

SECOND = timedelta(seconds=1)
NO_MARGIN = timedelta(0)
EVERY = frozenset(Channel)
ALL_DAY = tuple(((0, 1440),) for _ in range(7))
ZONES = [
    "America/Bogota",
    "America/Santiago",
    "America/Tijuana",
    "Pacific/Easter",
    "America/Havana",
    "Asia/Kathmandu",
]
DAYS = [date(2026, 3, 8), date(2026, 4, 5), date(2026, 9, 6), date(2026, 11, 1), date(2027, 1, 1)]
"""Among them days on which clocks change, in Santiago and Havana at midnight itself."""
COUNTED: dict[str, Any] = {"channels": EVERY, "scope": ("person",), "counts": Rung.ATTEMPT}


def rule(kind: Callable[..., Rule], since: date, to: date | None = None, **fields: Any) -> Rule:
    return kind(id="new", article="a law to come", conf=Conf.HIGH, since=since, to=to, **fields)


def rules(since: date, to: date | None = None) -> dict[str, Rule]:
    """One of each kind of rule that would forbid the contact below."""
    closed = tuple(((720, 721),) for _ in range(7))
    return {
        "windows": rule(Window, since, to, channels=EVERY, days=closed, holiday="allow"),
        "caps": rule(Cap, since, to, at_most=1, rolling_days=30, **COUNTED),
        "min_gaps": rule(MinGap, since, to, full_days_between=20, **COUNTED),
        "channel_locks": rule(ChannelLock, since, to, rolling_days=30, **COUNTED),
        "cooldowns": rule(
            Cooldown, since, to, blocks=EVERY, days=20, **{**COUNTED, "counts": Rung.CONVERSATION}
        ),
        "consent": rule(Consent, since, to, channels=EVERY, requirement="opt_in"),
        "provenance": rule(Provenance, since, to, allowed=frozenset({"debtor"})),
        "channel_rules": rule(ChannelRule, since, to, channels=EVERY),
        "stop_events": rule(StopEvent, since, to, event="served_in_suit", effect="stop_all"),
        "recipients": rule(Recipient, since, to, who="guarantor", treatment="never"),
    }


def pack(table: str, added: Rule) -> Pack:
    """A country whose law is that one rule."""
    old = date(2000, 1, 1)
    applies = Applies(id="a", article="law", conf=Conf.HIGH, since=old, actors=frozenset({"third_party"}))
    named = StopEvent(
        id="s",
        article="law",
        conf=Conf.HIGH,
        since=old,
        event="served_in_suit",
        effect="none",
        blocks=frozenset(),
    )
    own: dict[str, Any] = {"stop_events": (named,), table: (added,)}
    if table == "stop_events":
        own["stop_events"] = (named, added)
    return Pack(
        id="XX", name="X", status="enacted", reviewed=old, since=old, country="XX", applies=applies, **own
    )


def intended(zone: str) -> Intended:
    return Intended(
        Channel.SMS, Kind.COLLECTION, "acme", "past_due", "third_party", ("d1",), role="guarantor", country="XX",
        zones=(zone,), provenance="creditor", events=frozenset({"served_in_suit"}),
    )  # fmt: skip


def midnight(day: date, zone: str) -> datetime:
    """The first instant of that local day, in UTC; where midnight does not exist, the instant after the gap."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    while start.astimezone(ZoneInfo(zone)).date() < day:
        start += timedelta(minutes=1)
    return start


def talk(before: datetime) -> tuple[PastContact, ...]:
    at = before - timedelta(days=2)
    return (PastContact(at, Channel.VOICE, "acme", ("d1",), Rung.CONVERSATION, "right_party"),)


def asked(table: str, added: Rule, zone: str, at: datetime, edge: datetime) -> str:
    """The rule that refuses at that instant; empty: none."""
    found = verdict((pack(table, added),), {}, intended(zone), talk(edge), at, margin=NO_MARGIN)
    return found.rule if found is not None else ""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_rule_to_come_holds_from_local_midnight(day: date, zone: str) -> None:
    edge = midnight(day, zone)
    for table, added in rules(day).items():
        assert asked(table, added, zone, edge - SECOND, edge) == "", table
        assert asked(table, added, zone, edge, edge) == "new", table


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_rule_that_ends_holds_to_its_last_second_and_names_its_end(day: date, zone: str) -> None:
    edge = midnight(day, zone)
    for table, added in rules(date(2000, 1, 1), day - timedelta(days=1)).items():
        assert asked(table, added, zone, edge - SECOND, edge) == "new", table
        assert asked(table, added, zone, edge, edge) == "", table
        answer = next_permitted(
            (pack(table, added),),
            {},
            intended(zone),
            talk(edge),
            edge - timedelta(hours=20),
            margin=NO_MARGIN,
        )
        assert isinstance(answer, Permitted), table
        assert answer.at <= edge, table
        if table != "windows":
            assert answer.at == edge, table


@pytest.mark.parametrize("zone", ZONES)
def test_before_a_rule_to_come_one_may_still_and_after_it_never(zone: str) -> None:
    edge = midnight(date(2027, 1, 1), zone)
    only = (pack("channel_rules", rules(date(2027, 1, 1))["channel_rules"]),)
    before = next_permitted(only, {}, intended(zone), (), edge - SECOND, margin=NO_MARGIN)
    assert isinstance(before, Permitted)
    assert before.at == edge - SECOND
    assert isinstance(next_permitted(only, {}, intended(zone), (), edge, margin=NO_MARGIN), Never)


def test_where_two_clocks_are_plausible_the_new_rule_holds_from_the_first_midnight_of_either() -> None:
    near, far = "Pacific/Easter", "America/Santiago"
    day = date(2027, 1, 1)
    both = Intended(
        Channel.SMS, Kind.COLLECTION, "acme", "past_due", "third_party", country="XX", zones=(near, far)
    )
    only = (pack("channel_rules", rules(day)["channel_rules"]),)
    first = min(midnight(day, near), midnight(day, far))
    assert verdict(only, {}, both, (), first - SECOND, margin=NO_MARGIN) is None
    assert verdict(only, {}, both, (), first, margin=NO_MARGIN) is not None


def test_words_are_asked_by_the_persons_own_day() -> None:
    day = date(2027, 1, 1)
    ban = rule(Forbidden, day, content="threat", phrases=("embargo",))
    must = rule(Required, day, when="every_message", items=("creditor_name",))
    for table, added in (("forbidden", ban), ("required", must)):
        law = pack(table, added)

        def found(on: date, law: Pack = law) -> list[str]:
            said = lint(
                law, "habrá embargo", channel=Channel.SMS, kind=Kind.COLLECTION, first_contact=False,
                provided=frozenset(), on=on,
            )  # fmt: skip
            return [one.rule for one in said]

        assert found(day - timedelta(days=1)) == []
        assert found(day) == ["new"]
        assert law.reviewed == date(2000, 1, 1)


def test_the_hours_of_two_laws_change_hands_at_midnight() -> None:
    """Ten to noon until the year ends, two to four from then on: the last second of the one, the first of the other."""
    new_year = date(2027, 1, 1)
    old = rule(Window, date(2000, 1, 1), date(2026, 12, 31), channels=EVERY, days=ALL_DAY, holiday="allow")
    new = rule(
        Window, new_year, channels=EVERY, days=tuple(((600, 720),) for _ in range(7)), holiday="allow"
    ).but(id="newer")
    law = pack("windows", old).but(windows=(old, new))
    zone = "America/Bogota"
    edge = midnight(new_year, zone)
    plain = Intended(
        Channel.SMS, Kind.COLLECTION, "acme", "past_due", "third_party", country="XX", zones=(zone,)
    )
    assert verdict((law,), {}, plain, (), edge - SECOND, margin=NO_MARGIN) is None
    refused = verdict((law,), {}, plain, (), edge, margin=NO_MARGIN)
    assert refused is not None
    assert (refused.rule, refused.until) == ("newer", edge + timedelta(hours=10))
