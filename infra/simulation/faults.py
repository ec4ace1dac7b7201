"""What can go wrong at a call, and the dice that decide it: one seed, one list of misfortunes."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

CRASH = ("crash_before", "crash_after")
AWS = (*CRASH, "throttle", "timeout_before", "timeout_after", "delay", "frozen")
"""frozen: the process stands still after its answer came, longer than any lease, and goes on as if nothing had been."""
WRITE = (*AWS, "repeated")
"""repeated: the answer is lost and the SDK sends the same write again; what the second one says is what the caller hears."""
BATCH = (*AWS, "partial_batch")
STALE = (*AWS, "stale_read")
CARRIER = (
    *CRASH,
    "throttle",
    "unreached",
    "refused",
    "broken_taken",
    "broken_lost",
    "silent_taken",
    "silent_lost",
    "delay",
)
"""…_taken: the carrier took the message before it failed or fell silent; …_lost: it did not."""
DELIVERY = ("duplicate", "late", "reorder", "again_after_success")
SCHEDULE = ("twice", "skipped", "short")
"""short: the function's time is nearly up when it begins."""
STREAM = ("replayed", "stalled")
"""stalled: half of what it was writing is written, and then for hours or days nothing more."""
WORLD = ("poison", "banned", "webhook_storm", "skew", "half_done")
"""half_done: what tells of a payment or a refusal reaches one record, and dies before the next as often as it comes."""
KINDS = tuple(dict.fromkeys((*WRITE, *BATCH, *STALE, *CARRIER, *DELIVERY, *SCHEDULE, *STREAM, *WORLD)))

GROUPS: dict[str, tuple[str, ...]] = {
    "crash": CRASH,
    "timeout": ("timeout_before", "timeout_after", "silent_taken", "silent_lost", "repeated"),
    "broken": ("broken_taken", "broken_lost"),
}
"""Words that the command understands besides the kinds themselves."""

USUAL, RARE = 0.012, 0.10
"""Share of calls that go wrong; the first calls of a site in a run go wrong more often, so that rare sites get their share."""
FIRST_CALLS = 3

SELDOM, HARDLY = 0.6, 0.9
_SELDOM = re.compile(
    r"((Put|Update)Item SWITCHES|PutItem ASIDE|UpdateItem (PLAN|OBLIGORS|FORGED))$"
    r"|^(debtor_portal|send_voice|send_push) "
    r"|^(review_promises|receive_message) PutItem STATE$"
    r"|^operator (BatchGetItem|Query LOOKUP)$"
    r"|^send_.* GetItem SUPPRESSED$"
)
_HARDLY = re.compile(
    r"(Query FACT|GetItem PAYMENT|PutItem LOOKUP)$"
    r"|^(receive_payment|receive_message|review_promises|pre_reminder|escalation|import_partition) GetItem STATE$"
    r"|^(operator|reconcile_payments) (PutItem|UpdateItem|Query) PAYMENT$"
    r"|^operator (PutItem|GetItem) SUPPRESSED$"
    r"|^operator (GetItem|UpdateItem) SCOPE$"
    r"|^send_.* GetItem STATE$"
    r"|^reconcile_payments ((GetItem|PutItem) STATE|BatchGetItem|Query LOOKUP)$"
)
"""Calls that few months make, or hardly any (counted in 1,393 and 4,690 of them): their first ones mostly go wrong, so that ten thousand
months hold each of their faults a hundred times.
"""


@lru_cache(maxsize=1024)
def _first(site: str) -> float:
    """Share of the first calls of a site that go wrong."""
    if _HARDLY.search(site):
        return HARDLY
    return SELDOM if _SELDOM.search(site) else RARE


@dataclass(frozen=True, slots=True)
class Injected:
    """One misfortune. at: epoch seconds."""

    at: float
    site: str
    kind: str


class Faults:
    """kinds: which may happen; none: a quiet run."""

    def __init__(self, seed: int, kinds: Iterable[str]) -> None:
        self._chance = Random(f"faults/{seed}")
        self._kinds = frozenset(kinds)
        self._calls: Counter[str] = Counter()
        self.injected: list[Injected] = []
        self.is_quiet = False
        self.falls: list[str] = []
        """What the journal's next writes meet, whatever the dice say."""
        self.unread: list[str] = []
        """What the senders' next reads of the stop button meet: it was just pressed."""
        self._half_done: dict[str, str] = {}
        """What a message holds that is to lie half done → the first record that it reached."""

    def at_call(self, site: str, possible: Sequence[str], now: float) -> str:
        """The fault of this call, or nothing."""
        self._calls[site] += 1
        if self.falls and site == "journal BatchWriteItem":
            return self._happened(site, self.falls.pop(0), now)
        if self.unread and site.startswith("send_") and site.endswith("GetItem SWITCHES"):
            kind = self.unread.pop(0)
            return self._happened(site, kind, now) if self.allows(kind) else ""
        is_first = self._calls[site] <= FIRST_CALLS
        share = _first(site) if is_first else USUAL
        if self.is_quiet or self._chance.random() >= share:
            return ""
        allowed = [kind for kind in possible if kind in self._kinds]
        return self._happened(site, self._chance.choice(allowed), now) if allowed else ""

    def lies_half_done(self, site: str, mark: str, share: float, now: float) -> None:
        """Let whatever tells of `mark` reach one record only. mark: a text that stands in its messages and in no others."""
        if self.happens(site, "half_done", share, now):
            self._half_done[mark] = ""

    def at_second_save(self, site: str, told: str, record: str, now: float) -> str:
        """The fault of a save for a message that lies half done. record: whose; empty: nobody's, which never comes first."""
        mark = next((one for one in self._half_done if one in told), "")
        if self.is_quiet or not mark:
            return ""
        first = self._half_done[mark] = self._half_done[mark] or record
        return self._happened(site, "crash_before", now) if not record or record != first else ""

    def happens(self, site: str, kind: str, share: float, now: float) -> bool:
        """Whether something that is no call's own fault happens."""
        if self.is_quiet or kind not in self._kinds or self._chance.random() >= share:
            return False
        self._happened(site, kind, now)
        return True

    def allows(self, kind: str) -> bool:
        return kind in self._kinds and not self.is_quiet

    @property
    def chance(self) -> Random:
        return self._chance

    def table(self) -> Counter[tuple[str, str]]:
        """(call site, fault) → times."""
        return Counter((one.site, one.kind) for one in self.injected)

    def _happened(self, site: str, kind: str, now: float) -> str:
        self.injected.append(Injected(now, site, kind))
        return kind


def chosen(text: str) -> tuple[str, ...]:
    """What `--faults` means: "all", "none", or kinds and groups between commas. Raises ValueError naming what is unknown."""
    if text == "all":
        return KINDS
    found: list[str] = []
    for word in filter(None, text.split(",")):
        if word == "none":
            continue
        if word not in GROUPS and word not in KINDS:
            raise ValueError(f"no fault is called {word!r}; there are {', '.join((*GROUPS, *KINDS))}")
        found += GROUPS.get(word, (word,))
    return tuple(dict.fromkeys(found))
