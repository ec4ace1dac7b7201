"""How soon a complaint has to have its answer, where a law says so; a client may be quicker, never slower."""

from collections.abc import Sequence
from datetime import date

from recobro.law.conduct import ComplaintAnswer
from recobro.law.pack import Pack


def answer_within(packs: Sequence[Pack], today: date) -> ComplaintAnswer | None:
    """The shortest time that any rule over a person leaves today; None where none speaks of it."""
    standing = [
        rule
        for pack in packs
        for rule in pack.complaints
        if rule.since <= today and (rule.to is None or today <= rule.to)
    ]
    return min(standing, key=lambda one: (one.business_days, one.id), default=None)
