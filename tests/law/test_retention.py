"""Evidence is kept as long as each country asks, to the day, and no rule of ours passes for law."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recobro.law.choose import packs_for
from recobro.law.retention import keep_until
from tests.law.scene import PACKS

TODAY = date(2026, 11, 24)
EVENT, LAST = date(2026, 3, 9), date(2026, 8, 20)


@pytest.mark.parametrize(
    ("country", "place", "until", "rule", "is_law"),
    [
        ("MX", "", date(2036, 8, 20), "mx-retention", False),
        ("CO", "", date(2031, 3, 9), "co-retention", False),
        ("CL", "", date(2028, 3, 9), "cl-retention", True),
        ("PE", "", date(2031, 3, 9), "pe-retention", False),
        ("BR", "SP", date(2031, 8, 20), "br-retention", False),
        ("AR", "", date(2031, 3, 9), "ar-retention", False),
        ("EC", "", date(2031, 3, 9), "ec-retention", False),
        ("ES", "", date(2031, 8, 20), "es-retention", False),
        ("GB", "", date(2032, 8, 20), "gb-retention", False),
        ("US", "FL", date(2029, 8, 20), "us-retention", True),
        ("PY", "", date(2036, 8, 20), "strict-retention", False),
    ],
)
def test_each_country_keeps_a_contact_as_long_as_its_pack_says(
    country: str, place: str, until: date, rule: str, *, is_law: bool
) -> None:
    found = keep_until(packs_for(PACKS, country, place), EVENT, LAST, TODAY)
    assert found is not None
    assert (found.until, found.rule, found.is_law) == (until, rule, is_law)
    assert ("our own caution" in found.source) is not is_law


def test_new_york_keeps_what_the_union_forgets() -> None:
    """Three years from each contact there, three from the last one everywhere: the later of the two."""
    packs = packs_for(PACKS, "US", "NYC")
    alone = keep_until(packs, LAST, LAST, TODAY)
    assert alone is not None
    assert alone.until == date(2029, 8, 20)


def test_chile_keeps_that_and_when_a_person_was_contacted_but_not_the_words() -> None:
    packs = packs_for(PACKS, "CL")
    assert keep_until(packs, EVENT, LAST, TODAY, words=True) is None
    assert keep_until(packs, EVENT, LAST, TODAY) is not None


def test_the_29th_of_february_is_kept_to_the_day_after_its_anniversary() -> None:
    found = keep_until(packs_for(PACKS, "CL"), date(2024, 2, 29), date(2024, 2, 29), TODAY)
    assert found is not None
    assert found.until == date(2026, 3, 1)


def test_a_shorter_law_to_come_does_not_shorten_what_was_promised() -> None:
    pack = PACKS["CL"]
    old = pack.retention[0].but(to=date(2026, 12, 31))
    new = pack.retention[0].but(id="cl-new", years=1, since=date(2027, 1, 1))
    changed = (pack.but(retention=(old, new)),)
    later = date(2027, 6, 1)

    before, after = (keep_until(changed, day, day, later) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before is not None
    assert before.until == date(2028, 12, 31)
    assert after is not None
    assert (after.until, after.rule) == (date(2028, 1, 1), "cl-new")


@given(
    st.sampled_from(["MX", "CO", "CL", "PE", "BR", "AR", "EC", "ES", "GB", "US", "PY"]),
    st.dates(date(2020, 1, 1), date(2026, 11, 24)),
    st.dates(date(2020, 1, 1), date(2026, 11, 24)),
)
def test_nothing_is_let_go_before_any_rule_lets_it(country: str, event: date, last: date) -> None:
    packs = packs_for(PACKS, country)
    found = keep_until(packs, event, last, TODAY)
    assert found is not None
    rules = [rule for pack in packs for rule in pack.retention if rule.since <= TODAY]
    for rule in rules:
        start = event if rule.counted_from == "event" else max(event, last)
        assert (found.until.year, found.until) >= (start.year + rule.years, start)
    assert any(found.rule == rule.id for rule in rules)
