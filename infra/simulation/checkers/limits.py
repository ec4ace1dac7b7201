"""Is no more sent and spent than the carriers and the client allow? Counted by the true clock, whatever a budget's periods are called."""

from collections import defaultdict, deque
from datetime import UTC, datetime

from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.record import Broke
from infra.simulation.checkers.workers import Workers
from recobro.domain.client import Client

RATE_HOLDS = 840.0
"""Seconds after which what was granted for a minute is long over, and the next sweep's batch has taken its own."""

WITHIN_TWO_MINUTES = 44.0
"""So many seconds, seen by clocks that are wrong by eight either way, touch two minutes of a calendar at most."""

MINUTES_TOUCHED = 2

A_MONTH_BEGINS = 600.0
"""Seconds around midnight of the first in which a grant may belong to either month."""

QUEUE_OF = {"voice_auto": "voice"}


class Limits:
    """Told of every grant and of every message."""

    def __init__(self, client: Client, workers: Workers, broke: Broke) -> None:
        self._client = client
        self._workers = workers
        self._broke = broke
        self._granted: dict[str, dict[str, int]] = defaultdict(dict)
        self._granted_at: dict[str, float] = {}
        self._lately: dict[str, deque[tuple[float, int, str]]] = defaultdict(deque)
        self._months: dict[tuple[str, str], int] = defaultdict(int)
        self._left: dict[tuple[str, str], tuple[str, int]] = {}

    def granted(self, name: str, period: str, used: int, now: float) -> None:
        """A budget's item was written."""
        more = used - self._granted[name].get(period, 0)
        self._granted[name][period] = used
        self._granted_at[name] = now
        self._hold(name, period, more)
        if name.startswith("spend"):
            self._money(name, period, used, more, now)
        if name.startswith("rate#"):
            self._minute(name, period, used, more, now)

    def _hold(self, name: str, period: str, more: int) -> None:
        """What was granted is the worker's who asked, for that period alone: it holds it by itself.

        Where nobody says who works, all hold it together and for good.
        """
        place = (self._workers.at_work, name)
        then, left = self._left.get(place, (period, 0))
        self._left[place] = (period, more + (left if then == period or not place[0] else 0))

    def _use(self, worker: str, name: str, amount: int) -> int:
        """What the worker holds of it after that; below 0: it was never granted."""
        period, left = self._left.get((worker, name), ("", 0))
        self._left[worker, name] = (period, left - amount)
        return left - amount

    def _money(self, name: str, period: str, used: int, more: int, now: float) -> None:
        own = self._client.channels.get(name.removeprefix("spend#"))
        most = (
            own.monthly_spend_usd if own is not None else self._client.limits.monthly_spend_usd
        ) * 1_000_000
        months = {
            f"{datetime.fromtimestamp(now + off, UTC):%Y-%m}" for off in (-A_MONTH_BEGINS, A_MONTH_BEGINS)
        }
        for month in months if len(months) == 1 else ():
            self._months[name, month] += more
        in_month = max(used, *(self._months[name, month] for month in months))
        if in_month > most:
            self._broke("budget", "", f"{name}: {in_month} of {most} micro-USD in {period}")

    def _minute(self, name: str, period: str, used: int, more: int, now: float) -> None:
        rate = self._client.channels[name.removeprefix("rate#")].rate * 60
        lately = self._lately[name]
        lately.append((now, more, period))
        while lately[0][0] < now - WITHIN_TWO_MINUTES:
            lately.popleft()
        in_all = max(used, sum(one for _, one, _ in lately))
        if used > rate or in_all > 2 * rate:
            self._broke("rate", "", f"{in_all} of {rate} in {period} by {name}")
        periods = {one for _, _, one in lately}
        if len(periods) > MINUTES_TOUCHED:
            self._broke("rate", "", f"a minute's rate is granted for each of {sorted(periods)} by {name}")

    def asked(self, call: Seen, debtor_id: str) -> None:
        """Never more than was granted, and granted for now."""
        channel = QUEUE_OF.get(call.what.channel, call.what.channel)
        worker = self._workers.at_work
        if (left := self._use(worker, f"rate#{channel}", 1)) < 0:
            self._broke("rate", debtor_id, f"{worker} sends {-left} {channel} more than it was granted")
        since = call.at - self._granted_at.get(f"rate#{channel}", 0.0)
        if since > RATE_HOLDS and self._workers.was_well(self._workers.at_work, call.at - since, call.at):
            self._broke("rate", debtor_id, f"{channel} is sent by a rate that was granted {since:.0f} s ago")

    def taken(self, call: Seen, worker: str) -> None:
        """What a carrier took is paid for, by money that was granted before to the worker who asked."""
        channel = QUEUE_OF.get(call.what.channel, call.what.channel)
        if not self._client.limits.monthly_spend_usd:
            return
        left = self._use(worker, "spend", max(1, self._client.channels[channel].price))
        if left < 0:
            debtor_id = call.what.echo.get("debtor_id", "")
            self._broke("budget", debtor_id, f"{worker} spends {-left} micro-USD more than it was granted")
