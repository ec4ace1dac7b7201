"""What a person allowed us beyond the law's own terms, what proves it, and until when: nothing is open longer than they said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

CALL_BACK_WAIVERS = ("debtor_consent", "debtor_request")
"""What asking to be called at a time amounts to, in the words of the packs; a law that wants more (Colombia: a separate
instrument) stays closed."""

AT_WORK = ("debtor_consent",)
"""What it amounts to on a line at work: a law that leaves the place itself to a request means one for that place (GB), and who names an
hour has named none. A request for it is recorded as a waiver of its own."""

MARGIN = timedelta(seconds=120)
"""As much before its end nothing is claimed by it any more: clocks differ, and a carrier takes its time (law/engine.py)."""

LONGEST_CALL_BACK = timedelta(hours=4)
"""Who asks for a call at six did not ask for one at midnight."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """name: as the packs call it ("separate_instrument_after_contract"). evidence: a reference to the proof. until: when it
    ends; None: when the person takes it back.
    """

    name: str
    evidence: str
    at: datetime
    until: datetime | None = None
    ended_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it stands at that instant. What was given or taken back by a clock that is ahead of ours was given or taken back."""
        return self.ended_at is None and (self.until is None or now < self.until - MARGIN)


@dataclass(frozen=True, slots=True)
class CallBack:
    """One call that the person asked for, between two instants. creditor: about whose debts; empty: any."""

    id: str
    since: datetime
    until: datetime
    evidence: str
    asked_at: datetime
    creditor: str = ""
    used_by: str = ""

    def is_open(self, now: datetime) -> bool:
        return not self.used_by and self.since <= now < self.until - MARGIN


def open_waivers(waivers: tuple[Waiver, ...], now: datetime) -> Iterator[str]:
    """The names of those that stand at that instant."""
    return (one.name for one in waivers if one.is_open(now))


def open_call_back(call_backs: tuple[CallBack, ...], creditor: str, now: datetime) -> CallBack | None:
    """The call that the person asked for just now, about that creditor; None: none, or it was made."""
    return next((one for one in call_backs if one.creditor in ("", creditor) and one.is_open(now)), None)
