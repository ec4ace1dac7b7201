"""How long the record of a contact has to be kept: evidence that is thrown away too early helps nobody, kept too long it harms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recobro.law.conduct import Retention
from recobro.law.pack import Pack
from recobro.law.rule import Conf

ACTIVITY = frozenset({"last_activity", "last_collection_activity"})
WORDS = frozenset({"content", "content_hash", "disclosures", "recording", "validation_copy"})
"""Fields of a retention rule that can only be shown with the words that were said."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """until: the last day on which it has to be kept. is_law: the article asks for it, not our own caution."""

    until: date
    rule: str
    source: str
    is_law: bool


def keep_until(
    packs: Sequence[Pack], event_on: date, last_activity_on: date, today: date, *, words: bool = False
) -> Keeping | None:
    """The longest that any rule over a person keeps what happened on that day; None where no rule asks for it.

    words: of what was said, and not only that and when it was. Days are the person's own. A rule counts if it holds today, or
    held on the day in question and ended since: what was promised then is not shortened by a later law.
    """
    found = [
        Keeping(
            _after(rule, event_on, last_activity_on),
            rule.id,
            _source(rule, pack),
            rule.conf is not Conf.POLICY,
        )
        for pack in packs
        for rule in pack.retention
        if rule.since <= today and (rule.to is None or event_on <= rule.to)
        if not words or WORDS & set(rule.fields)
    ]
    return max(found, key=lambda one: (one.until, one.is_law), default=None)


def _after(rule: Retention, event_on: date, last_activity_on: date) -> date:
    start = max(event_on, last_activity_on) if rule.counted_from in ACTIVITY else event_on
    try:
        return start.replace(year=start.year + rule.years)
    except ValueError:
        # 29 February has no anniversary: the day after.
        return date(start.year + rule.years, 3, 1)


def _source(rule: Retention, pack: Pack) -> str:
    if pack.fallback or rule.conf is Conf.POLICY:
        return f"{rule.article} (our own caution, not law)"
    return rule.article
