"""The measures that say when and how often a person may be contacted: hours, caps, gaps, locks and quiet."""

from recobro.domain.channel import Channel
from recobro.law.contact import Rung
from recobro.law.rule import Rule


class Window(Rule):
    """Hours in which contact is allowed, half-open, in debtor-local minutes after midnight.

    holiday: "forbid" (and every date of a year whose holidays are not known), "forbid_known" or "allow".
    days: Monday first; a weekday without hours is forbidden. waivers: any of these, granted by the person,
    lifts it. replaces_policy: where this overlay is known to apply, its parent's POLICY windows give way on
    these channels on the dates on which it is in force.
    """

    channels: frozenset[Channel]
    days: tuple[tuple[tuple[int, int], ...], ...]
    holiday: str = "forbid"
    anchor: str = "send"
    waivers: frozenset[str] = frozenset()
    replaces_policy: bool = False


class Counting(Rule):
    """What every rule that looks back shares: which past contacts it sees.

    counts: the rung that a contact must have reached. shared_with: who else's contacts count ("creditor",
    "other_agency"); None: not known, so everybody's. credit_back: outcomes that a client may exclude with
    counsel's word.
    """

    channels: frozenset[Channel]
    scope: tuple[str, ...]
    counts: Rung
    exclude_outcomes: frozenset[str] = frozenset()
    exclude_kinds: frozenset[str] = frozenset()
    credit_back: frozenset[str] = frozenset()
    shared_with: tuple[str, ...] | None = None


class Cap(Counting):
    """At most so many in the last `rolling_days` local dates (today included), or in one `calendar` day, week
    or month. Duties that keep a slot weigh until their deadline; a duty's own notice takes one of them.

    only_if: all must hold, and what is unknown holds; `contact_point_work` counts what went to that point
    alone.
    """

    at_most: int
    rolling_days: int = 0
    calendar: str = ""
    per_channel: bool = False
    only_if: tuple[str, ...] = ()


class MinGap(Counting):
    """Whole local days that must lie between two contacts: 2 means Monday, then Thursday."""

    full_days_between: int


class ChannelLock(Counting):
    """Once contacted by one channel, only that channel for `rolling_days` local dates, today included."""

    rolling_days: int


class Cooldown(Counting):
    """Quiet after a conversation, whoever began it. `channels` trigger it, `blocks` rest. What the debtor
    began triggers it whatever its kind: kinds are of what we begin.

    trigger_day_is_day 1: 7 days block the day of the talk and the six after it; 0: the seven after it as
    well.
    """

    blocks: frozenset[Channel]
    days: int
    trigger_day_is_day: int = 1
    initiated_by: str = "any"
