"""Nothing that was read in a country's law is missing from its pack, and no rule passes for law that nobody read."""

import pytest

from recobro.law.measures import Window
from recobro.law.rule import Conf
from tests.law.scene import PACKS
from tests.law.what_the_laws_say import NUMBERS, ROWS

RULES = {rule.id: rule for pack in PACKS.values() for rule in pack.rules()}


def named(pack: str) -> set[str]:
    """The rules that stand for what was read."""
    said = [ids for ids in ROWS[pack].values() if not ids.startswith("=")]
    return {f"{pack.lower()}-{one}" for ids in said for one in ids.split()}


def test_every_pack_was_read() -> None:
    assert set(ROWS) == {pack.id for pack in PACKS.values() if not pack.fallback}


@pytest.mark.parametrize("pack", sorted(ROWS))
def test_what_was_read_has_its_rules(pack: str) -> None:
    assert named(pack) - {rule.id for rule in PACKS[pack].rules()} == set()
    assert all(len(ids) > 2 for ids in ROWS[pack].values())


@pytest.mark.parametrize("pack", sorted(ROWS))
def test_no_rule_passes_for_law_that_nobody_read(pack: str) -> None:
    enacted = {rule.id for rule in PACKS[pack].rules() if rule.conf is not Conf.POLICY}
    assert enacted - named(pack) == set()


@pytest.mark.parametrize(("rule", "field", "value"), NUMBERS)
def test_numbers_are_as_they_were_read(rule: str, field: str, value: object) -> None:
    found = getattr(RULES[rule], field)
    if isinstance(RULES[rule], Window):
        found = " ".join(_day(day) for day in found)
        value = str(value).strip()
    assert found == value


def test_an_objection_stops_collection_in_every_country_by_whatever_name_it_is_told() -> None:
    for pack in PACKS.values():
        if not pack.parent:
            assert "data_objection" in {one.event for one in pack.stop_events}, pack.id


def _day(stretches: tuple[tuple[int, int], ...]) -> str:
    if not stretches:
        return "-"
    ((opens, closes),) = stretches
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
