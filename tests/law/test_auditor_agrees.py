"""Two readings of the law, one of them by a program that shares no code with ours: they agree, and the second one can tell."""

from collections import Counter

import pytest

from tests.law.compare import compare, refusing_rules
from tests.law.mutations import LAW, caught_after
from tests.law.planted_bugs import BUGS
from tests.law.random_contacts import published

SAMPLE = 3_000
QUICK = (
    "opens an hour early",
    "holidays missed",
    "overlay ignored",
    "the country's clocks and not the person's",
    "cap + 1",
    "days begin at UTC midnight",
    "delivered counted instead of attempts",
    "cool-down ignores who called us",
)
"""Eight of a hundred and more; `python -m tests.law.mutations` plants them all."""


def test_engine_and_auditor_refuse_by_the_same_rules() -> None:
    tally = compare(published(), 20_261_122, SAMPLE)

    assert tally.disagreements == []
    assert tally.contacts == SAMPLE
    assert tally.permitted > SAMPLE // 10


def test_the_sample_meets_most_rules_that_can_refuse() -> None:
    rules = {rule.id for rule in refusing_rules(published())}
    tally = compare(published(), 7, SAMPLE)

    assert len(rules & set(tally.refused)) > 0.8 * len(rules)


@pytest.mark.parametrize("file", sorted({bug.file for bug in BUGS}))
def test_every_planted_bug_still_finds_its_place(file: str) -> None:
    source = (LAW / file).read_text("utf-8")
    lost = [bug.name for bug in BUGS if bug.file == file and source.count(bug.text) != 1]

    assert lost == []


def test_no_bug_is_planted_twice_and_there_are_more_than_sixty() -> None:
    assert [name for name, count in Counter(bug.name for bug in BUGS).items() if count > 1] == []
    assert len(BUGS) > 60


@pytest.mark.parametrize("name", QUICK)
def test_the_auditor_catches_a_planted_bug(name: str) -> None:
    assert caught_after(name, contacts=4_000) > 0
