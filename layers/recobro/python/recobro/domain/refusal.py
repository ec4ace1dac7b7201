"""The product of a collections engine is as much what it did not send: every no is a value with its rule and
its end.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a contact may not happen now.

    rule: stable id of the rule ("co-day", "mx-window", "hold.dispute", "strategy.feed_age" …).
    source: article or page where the rule stands ("Ley 2300 de 2023, art. 3", "PRACTICE: Money").
    until: the earliest instant (aware UTC) at which this rule alone would no longer refuse; None: not by
    waiting. detail: codes or figures that make it concrete, never personal content ("1 of 1 on 2026-11-22").
    change: the smallest change of facts that would lift it ("a recorded authorisation for sms"); may be
    empty.
    """

    rule: str
    source: str
    until: datetime | None = None
    detail: str = ""
    change: str = ""
