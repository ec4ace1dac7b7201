"""A debtor as an outsider reads the table: facts applied once more, by few and plain rules, beside what the record claims.

Nothing here imports the domain: a mistake there must show as a difference.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from infra.simulation.checkers.written import instant, word_of

ORDER = ("claimed", "unknown", "sent", "delivered", "read", "answered")


REVIEWED_WITHIN = timedelta(days=2)
"""After a review date; sweeps run all day, and a night without any comes between."""


@dataclass
class Try:
    """One attempt. at: epoch seconds of the claim, by the true clock. oldest: due date and key of the debt that it was about first;
    None where one of them falls due in parts.
    """

    id: str
    at: float
    claimed_at: datetime
    send_by: datetime
    step: tuple[int, str, str]
    creditor: str
    channel: str
    point: str
    by: str
    kind: str
    debts: tuple[str, ...]
    oldest: tuple[str, str] | None = None
    status: str = "claimed"
    outcome: str = ""
    worker: str = ""
    claim_id: str = ""


@dataclass
class Owed:
    """One debt. total before credits, minor units; told_at: when a file last said how much; owed_since: when one brought it, or back."""

    total: int
    credit: int
    currency: str
    status: str
    creditor: str
    recorded_at: float
    due_on: str = ""
    in_parts: bool = False
    told_at: float = 0.0
    owed_since: float = 0.0

    @property
    def outstanding(self) -> int:
        return max(0, self.total - self.credit)

    @property
    def is_owed(self) -> bool:
        return self.status == "active" and self.outstanding > 0


@dataclass
class Known:
    """One debtor. known_at: point → since when; disowned: points that are somebody else's, as they said; reported: contacts with others
    that count here, and their status; stopped: channels; feeds: creditor → as of; posted: creditor → when a payment was last posted.
    eased: creditor → when its files last said that less is owed than was.
    """

    id: str
    version: int = 0
    head: str = ""
    document: str = ""
    addresses: dict[str, str] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)
    known_at: dict[str, float] = field(default_factory=dict)
    disowned: set[str] = field(default_factory=set)
    tries: dict[str, Try] = field(default_factory=dict)
    reported: dict[str, str] = field(default_factory=dict)
    debts: dict[str, Owed] = field(default_factory=dict)
    marks: dict[tuple[int, str], str] = field(default_factory=dict)
    episodes: dict[int, tuple[str, str]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    holds: dict[str, dict[str, Any]] = field(default_factory=dict)
    rests_since: dict[str, datetime] = field(default_factory=dict)
    told_to_rest: set[str] = field(default_factory=set)
    payments: dict[tuple[str, str], int] = field(default_factory=dict)
    unapplied: dict[tuple[str, str], int] = field(default_factory=dict)
    noted: dict[tuple[str, str], int] = field(default_factory=dict)
    reversed: dict[tuple[str, str], int] = field(default_factory=dict)
    money: list[tuple[datetime, str, str, int]] = field(default_factory=list)
    reviewed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    last_at: datetime | None = None
    parts: set[tuple[str, str, int]] = field(default_factory=set)
    posted: dict[str, datetime] = field(default_factory=dict)
    eased: dict[str, datetime] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    feeds: dict[str, date] = field(default_factory=dict)
    promises: dict[str, dict[str, Any]] = field(default_factory=dict)
    promised: set[str] = field(default_factory=set)
    promised_for: dict[str, Any] = field(default_factory=dict)
    heard_at: dict[str, float] = field(default_factory=dict)
    said: set[tuple[str, str]] = field(default_factory=set)
    born: float = 0.0
    shard: str = ""
    due_at: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    def take(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        """Apply one fact; yields what is wrong with it. now: epoch seconds."""
        if self.last_at is not None and at < self.last_at:
            yield f"{fact['kind']} happened at {at}, after what happened at {self.last_at}"
        self.last_at = at
        apply = getattr(self, f"_{fact['kind']}", None)
        if apply is not None:
            yield from apply(fact, at, now) or ()

    def _debt_recorded(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        debt = fact["debt"]
        key = f"{debt['creditor']}/{debt['ref']}"
        amounts = debt.get("amounts", {})
        if any(type(amount) is not int for amount in amounts.values()):
            yield f"an amount of {key} is no whole number"
        before, stands = self.debts.get(key), self.feeds.get(debt["creditor"])
        if stands is not None and before is not None and date.fromisoformat(debt["calculated_on"]) < stands:
            yield f"{key} is told as of {debt['calculated_on']}, and was known as of {stands}"
        self.debts[key] = Owed(
            total=sum(amounts.values()),
            credit=debt.get("credit", 0),
            currency=debt["currency"],
            status=debt.get("status", "active"),
            creditor=debt["creditor"],
            recorded_at=before.recorded_at if before is not None else now,
            due_on=debt["due_on"],
            in_parts=bool(debt.get("instalments")),
            told_at=now,
            owed_since=now if before is None or before.status == "paid" else before.owed_since,
        )
        self._compare(before, self.debts[key], at)

    def _compare(self, before: Owed | None, after: Owed, at: datetime) -> None:
        """Who owes less than yesterday, by a debt that is still here or is paid, paid the creditor: as good as a payment to us."""
        if before is None or before.status not in {"active", "disputed"}:
            return
        is_less = after.outstanding < before.outstanding and after.status in {"active", "disputed"}
        if is_less or after.status == "paid":
            self.eased[after.creditor] = at

    def _debt_status_changed(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        debt = self.debts.get(fact["debt"])
        if debt is not None:
            self.debts[fact["debt"]] = replace(debt, status=fact["status"])
            self._compare(debt, self.debts[fact["debt"]], at)

    def _feed_read(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        self.feeds[fact["creditor"]] = date.fromisoformat(fact["as_of"])

    def _point_recorded(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        self.points[fact["point"]["id"]] = fact["point"].get("state", "active")
        self.known_at.setdefault(fact["point"]["id"], now)

    def _point_state_changed(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        if fact["point"] in self.points:
            self.points[fact["point"]] = fact["state"]
            if fact["reason"] == "wrong_person":
                self.disowned.add(fact["point"])

    def _channel_stopped(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        self.stopped.add(fact["channel"])

    def _episode_opened(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        if fact["number"] in self.episodes:
            yield f"episode {fact['number']} is opened twice"
        self.episodes[fact["number"]] = (fact["creditor"], fact["currency"])

    def _episode_closed(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        """An episode ends with the cure or the recall of everything in it, and with nothing less."""
        of = self.episodes.pop(fact["number"], None)
        for key, debt in self.debts.items():
            is_due = debt.outstanding > 0 and debt.status in {"active", "disputed"}
            if (debt.creditor, debt.currency) == of and is_due and debt.due_on <= f"{at:%Y-%m-%d}":
                yield f"episode {fact['number']} is closed, and {key} is owed"

    def _channel_reopened(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        self.stopped.discard(fact["channel"])

    def _step_marked(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        place = (fact["episode"], fact["step"])
        self.marks[place] = fact["how"]
        of_it = (one for one in self.tries.values() if (one.step[0], f"{one.step[1]}.{one.step[2]}") == place)
        stands = next((one for one in of_it if one.status not in {"released", "failed"}), None)
        if fact["how"] == "reopened" and stands is not None:
            yield f"step {fact['step']} is opened again while {stands.id[:8]} is {stands.status}"
        if fact["how"] in {"sent", "unknown"} and (stands is None or stands.status == "claimed"):
            yield f"step {fact['step']} is marked {fact['how']}, and nothing may have left for it"

    def _attempt_claimed(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        attempt = fact["attempt"]
        if attempt["id"] in self.tries:
            yield f"attempt {attempt['id']} is claimed twice"
        step, debts = attempt["step"], tuple(attempt.get("debts", ()))
        self.tries[attempt["id"]] = Try(
            id=attempt["id"],
            at=now,
            claimed_at=instant(attempt["claimed_at"]),
            send_by=instant(attempt["send_by"]),
            step=(step["episode"], step["stage"], step["step"]),
            creditor=attempt["creditor"],
            channel=attempt["channel"],
            point=attempt["point"],
            by=attempt.get("by", "recobro"),
            kind=attempt.get("kind", ""),
            debts=debts,
            oldest=self._oldest(debts),
            claim_id=attempt.get("claim_id", ""),
        )

    def _contact_reported(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        """A contact with somebody else that counts here, too: its status is what it was when it was told."""
        attempt = fact["attempt"]
        if attempt["id"] in self.reported:
            yield f"contact {attempt['id']} is told twice"
        self.reported[attempt["id"]] = attempt.get("status", "claimed")

    def _oldest(self, keys: tuple[str, ...]) -> tuple[str, str] | None:
        owed = {key: self.debts[key] for key in keys if key in self.debts}
        if any(debt.in_parts for debt in owed.values()):
            return None
        return min(((debt.due_on, key) for key, debt in owed.items()), default=None)

    def _attempt_progressed(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        one = self.tries.get(fact["attempt"])
        if one is not None and moves(one.status, fact["status"]):
            one.status = fact["status"]
            one.outcome = fact.get("outcome", "") or one.outcome

    def _message_received(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        said = (fact.get("content", ""), fact["point"])
        if said[0] and said in self.said:
            yield f"the message {said[0][:8]} is heard twice"
        self.said.add(said)
        self.heard_at[fact["point"]] = now
        one = self.tries.get(fact.get("attempt", ""))
        if one is not None and moves(one.status, "answered"):
            one.status = "answered"

    def _task_opened(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        task = fact["task"]
        if task["id"] in self.asked:
            yield f"task {task['id']} is opened twice"
        self.asked.add(task["id"])
        self.tasks[task["id"]] = task
        self.reviewed.add(task.get("step", ""))
        hold = self.holds.get(task.get("step", "").removeprefix("hold:"))
        if hold is None or not hold.get("review_at"):
            return
        # One that others placed long ago comes to whoever is named in their debt later.
        since = max(instant(hold["review_at"]), self.rests_since[hold["id"]])
        if at - since > REVIEWED_WITHIN:
            yield f"hold {hold['id']} was to be reviewed at {hold['review_at']} and is at {at}"

    def _task_closed(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        task = self.tasks.pop(fact["task"], {})
        self.promised_for = task if fact["disposition"] == "promise" else {}

    def _hold_placed(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        hold = fact["hold"]
        if hold["id"] in self.holds:
            yield f"hold {hold['id']} is placed while it stands"
        self.holds[hold["id"]] = hold
        if hold["reason"] == "already_paid" and hold.get("resumes"):
            rests = instant(hold["review_at"]) - instant(hold["placed_at"])
            if rests < timedelta(days=3):
                yield f"hold {hold['id']} rests for {rests}"
        self.rests_since[hold["id"]] = at
        self.told_to_rest.add(word_of(hold))

    def _hold_lifted(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        self.holds.pop(fact["hold"], None)

    def _promise_made(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        """Of one name there is one; what is given to an agent is given to whoever the agent's task is of."""
        promise, task, self.promised_for = fact["promise"], self.promised_for, {}
        if promise["id"] in self.promised:
            yield f"a second promise is called {promise['id']}"
        if not is_about(task, promise["creditor"], promise["debts"]):
            yield f"promise {promise['id']} to {promise['creditor']} is no part of task {task['id']}"
        self.promised.add(promise["id"])
        self.promises[promise["id"]] = promise

    def _promise_judged(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        promise = self.promises.pop(fact["promise"], None)
        if promise is None or fact["status"] != "kept":
            return
        made, group = instant(promise["made_at"]), (promise["creditor"], promise["currency"])
        told = sum(amount for on, *of, amount in self.money if on >= made and tuple(of) == group)
        owed = [self.debts[key] for key in promise["debts"] if key in self.debts]
        seen = promise["owed"] - sum(debt.outstanding for debt in owed if debt.status != "paid")
        if max(told, seen) * 2 < promise["amount"]:
            yield f"promise {promise['id']} of {promise['amount']} is kept by {max(told, seen)}"

    def _payment_posted(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        payment = fact["payment"]
        place = (payment["intent"], payment["debt"])
        part = (*place, payment.get("part", 1))
        if type(payment["amount"]) is not int or payment["amount"] <= 0:
            yield f"payment {payment['intent']} is {payment['amount']!r}"
        if part in self.parts:
            yield f"payment {payment['intent']} is posted twice to {payment['debt']}"
        self.parts.add(part)
        self.payments[place] = self.payments.get(place, 0) + payment["amount"]
        over = (payment.get("split") or {}).get("unapplied", 0)
        self.unapplied[place] = self.unapplied.get(place, 0) + over
        creditor = payment["debt"].partition("/")[0]
        self.money.append((at, creditor, payment["currency"], payment["amount"]))
        debt = self.debts.get(payment["debt"])
        if debt is None:
            return
        if debt.currency != payment["currency"]:
            yield f"a payment in {payment['currency']} is taken off a debt in {debt.currency}"
        if debt.status in {"active", "disputed", "recalled"}:
            debt.total -= min(payment["amount"], debt.outstanding)
        self.posted[debt.creditor] = at
        if debt.total - debt.credit <= 0 and debt.status == "active":
            debt.status = "paid"

    def _payment_heard(self, fact: dict[str, Any], at: datetime, now: float) -> None:
        heard = fact["heard"]
        self.noted[heard["intent"], heard["debt"]] = heard.get("captured", 0)

    def _payment_reversed(self, fact: dict[str, Any], at: datetime, now: float) -> Iterator[str]:
        """No more goes back than came. Who joins a debt by a file that had counted the money was told of it, and posted none."""
        place = (fact["intent"], fact["debt"])
        self.reversed[place] = self.reversed.get(place, 0) + fact["amount"]
        came = self.payments.get(place) or self.noted.get(place, 0)
        if self.reversed[place] > came:
            yield f"{self.reversed[place]} of {came} of {fact['intent']} are taken back"
        debt = self.debts.get(fact["debt"])
        if debt is not None:
            split = fact.get("split") or {"principal": fact["amount"]}
            debt.total += sum(split.get(name, 0) for name in ("fees", "interest", "taxes", "principal"))
            debt.status = "active" if debt.status == "paid" and debt.outstanding else debt.status

    def leaves_in_peace(self, key: str) -> bool:
        """Whether a hold or a task to be done stands over that debt."""
        over = (*self.holds.values(), *self.tasks.values())
        creditor = key.partition("/")[0]
        return any(
            key in one["debts"] if one.get("debts") else one.get("creditor", "") in {"", creditor}
            for one in over
        )

    def most_owed(self) -> int:
        """To one creditor in one currency, minor units."""
        sums: dict[tuple[str, str], int] = {}
        for debt in self.debts.values():
            if debt.is_owed:
                account = (debt.creditor, debt.currency)
                sums[account] = sums.get(account, 0) + debt.outstanding
        return max(sums.values(), default=0)

    def owed_to(self, creditor: str) -> list[str]:
        return [key for key, debt in self.debts.items() if debt.creditor == creditor and debt.is_owed]

    def has_of(self, intent: str, debt: str, at: float) -> int | None:
        """How much of the money that was paid `at` then this record has for that debt. Where a file said since that nothing is owed any
        more, or less than was, money that is only noted is had.
        """
        amount = self.payments.get((intent, debt))
        owed = self.debts[debt]
        eased = self.eased.get(owed.creditor)
        is_less = owed.status == "paid" or (eased is not None and eased.timestamp() > at)
        if amount is None and owed.told_at > at and is_less:
            return self.noted.get((intent, debt))
        return amount

    def is_to_be_asked(self, now: float, least: Mapping[str, int]) -> bool:
        """Whether something is owed, by a fresh balance, and nothing that anybody said or did since we last wrote keeps us silent.

        least: currency → minor units; nobody is bothered for less.
        """
        if self.tasks or self.holds or self.promises or self.stopped:
            return False
        today = datetime.fromtimestamp(now, UTC).date()
        fresh = {creditor for creditor, day in self.feeds.items() if (today - day).days <= 1}
        owed = [debt for debt in self.debts.values() if debt.is_owed]
        lately = [one for one in self.tries.values() if one.by == "recobro" and one.at > now - 4 * 86400]
        reached = any(
            one.status in {"delivered", "read"} and self.points[one.point] == "active" for one in lately
        )
        sums: Counter[tuple[str, str]] = Counter()
        for debt in owed:
            sums[debt.creditor, debt.currency] += debt.outstanding
        is_worth_it = any(total >= least.get(currency, 0) for (_, currency), total in sums.items())
        return is_worth_it and reached and all(debt.creditor in fresh for debt in owed)


def is_about(task: dict[str, Any], creditor: str, debts: Iterable[str]) -> bool:
    """Whether a task asks for just that: its creditor's debts, and none beside those it names."""
    return task.get("creditor", creditor) == creditor and set(debts) <= set(task.get("debts") or debts)


def moves(now: str, then: str) -> bool:
    """Whether a report moves an attempt: forward only; a release only while nothing is known to have left."""
    if now in {"released", "failed"}:
        return False
    if then == "released":
        return now == "claimed"
    if then == "failed":
        return now in {"claimed", "unknown", "sent"}
    return ORDER.index(then) > ORDER.index(now)
