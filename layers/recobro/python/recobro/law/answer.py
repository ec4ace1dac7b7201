"""When the law next allows a contact: an instant and the rule that held until then, or never and the rule
that forbids it.
"""

from dataclasses import dataclass
from datetime import datetime

from recobro.domain.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Permitted:
    """at: aware UTC, the first permitted instant. held_by: the rule that refused right up to it; None:
    nothing did.
    """

    at: datetime
    held_by: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """Not by waiting, or not within the horizon asked for (`refusal.until` then lies beyond it)."""

    refusal: Refusal
