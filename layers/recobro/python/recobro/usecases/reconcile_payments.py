"""Webhooks get lost: every hour each gateway is asked for what it did not tell us, and each day's money has to balance to zero."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from recobro.adapters.gateways import gateway_named
from recobro.adapters.payment_log import Entry
from recobro.adapters.reconciled import Reconciled
from recobro.codec import to_plain, write_instant
from recobro.domain.balance import Balance, Line, balances, line_of
from recobro.domain.said import said
from recobro.errors import InvalidInput, InvariantBroken, NotFound, Unavailable
from recobro.house import House
from recobro.usecases.confirm_payment import Lagging, confirm_payment, open_questions
from recobro.usecases.hear_payment import catch_up, hear_payment
from recobro.usecases.payments import finish

OVERLAP = timedelta(hours=6)
"""So far back before the last run a gateway is asked again: lists lag behind, and what is told twice counts once."""
FIRST = timedelta(days=3)
"""So far back the first run looks."""
DAYS_EVERY = timedelta(hours=6)
DAYS_BACK = 3
"""Days whose payments are looked at one by one, today among them."""


@dataclass
class Reconciliation:
    """What a run found. heard: by its result; asked: hints that were put to their gateway; failed: endpoint or payment → why
    not; finished: payments about which a person had decided, and something had died.
    """

    listed: int = 0
    heard: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    uneven: list[str] = field(default_factory=list)
    cannot_list: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    def count(self, result: str) -> None:
        self.heard[result] = self.heard.get(result, 0) + 1


@dataclass(frozen=True)
class DayReport:
    """One day of the client's. lines: every payment that is not simply posted, for whoever has to look."""

    day: date
    balances: tuple[Balance, ...]
    lines: tuple[Line, ...]

    @property
    def is_even(self) -> bool:
        return all(one.is_even for one in self.balances)


def reconcile_payments(house: House, deadline: datetime) -> Reconciliation:
    """Ask every gateway that can be asked, put the open hints to them, and report the days. Repeats harmlessly.

    One gateway's silence stops nobody else's run; its cursor stays, and the next run asks from there again.
    """
    done, notes = Reconciliation(), Reconciled(house.table)
    for name, setup in sorted(house.playbook.client.gateways.items()):
        place = f"{name}/{setup.endpoint}"
        try:
            _missed(house, name, setup.endpoint, notes, done, deadline)
        except (Unavailable, InvalidInput, InvariantBroken, NotFound) as error:
            done.failed[place] = f"{type(error).__name__}: {error}"
    _finish_decisions(house, done, deadline)
    last, now = notes.until("days"), house.now()
    if (last is None or now - last >= DAYS_EVERY) and now < deadline:
        _days(house, done, deadline)
        notes.reached("days", now)
    return done


def _finish_decisions(house: House, done: Reconciliation, deadline: datetime) -> None:
    for intent in list(house.payments.all_unfinished()):
        if house.now() >= deadline:
            return
        try:
            if finish(house, intent):
                done.finished.append(intent)
        except (Unavailable, InvariantBroken, NotFound) as error:
            done.failed[intent] = f"{type(error).__name__}: {error}"


def _missed(
    house: House, name: str, endpoint: str, notes: Reconciled, done: Reconciliation, deadline: datetime
) -> None:
    gateway, place = gateway_named(name), f"{name}/{endpoint}"
    missed = getattr(gateway, "missed", None)
    if missed is None:
        done.cannot_list.append(place)
        return
    known = house.endpoint(name, endpoint)
    if not known.api_key:
        done.cannot_list.append(place)
        return
    until = house.now()
    since = (notes.until(place) or until - FIRST) - OVERLAP
    for told in missed(since, until, known, house.http):
        if house.now() >= deadline:
            done.failed[place] = "Unavailable: no time left; the next run goes on"
            return
        done.listed += 1
        done.count(hear_payment(house, told, b"", endpoint, source="listed", merchant=known.merchant).result)
    notes.reached(place, until)


def _days(house: House, done: Reconciliation, deadline: datetime) -> None:
    today = today_of_client(house)
    for back in range(DAYS_BACK):
        day = today - timedelta(days=back)
        for entry in house.payments.of_day(day):
            if house.now() >= deadline:
                return
            _finish(house, entry, done)
    # Yesterday is over: what is not accounted for by now is somebody's work.
    report = day_report(house, today - timedelta(days=1))
    write_report(house, report)
    done.uneven += [f"{report.day} {one.currency}" for one in report.balances if not one.is_even]


def _finish(house: House, entry: Entry, done: Reconciliation) -> None:
    """A hint that nobody answered is asked; a payment whose posting died half-way, and whose gateway gave up, is finished."""
    if open_questions(entry):
        done.asked += 1
        try:
            done.count(confirm_payment(house, entry.intent).result)
        except Lagging:
            done.count("lagging")  # no failure of ours, and nobody's to mend: the next look asks again
        except Unavailable as error:
            done.failed[entry.intent.partition("#")[0]] = f"Unavailable: {error}"
    elif entry.status == "received" and said(entry.words).captured:
        done.count(catch_up(house, entry).result)


def today_of_client(house: House) -> date:
    return house.now().astimezone(ZoneInfo(house.playbook.client.schedule.time_zone)).date()


def day_report(house: House, day: date) -> DayReport:
    """The money first heard of on that day of the client's, as it stands now."""
    entries = list(house.payments.of_day(day))
    lines = [line for line in _lines(entries) if line is not None]
    refused = [
        (money.currency, money.captured)
        for entry in entries
        if entry.status == "rejected" and (money := said(entry.words)).captured
    ]
    odd = tuple(one for one in lines if one.posted != one.received)
    return DayReport(day, balances(lines, refused), odd)


def _lines(entries: list[Entry]) -> Iterator[Line | None]:
    for entry in entries:
        records = [base.heard for known in entry.bases.values() for base in known.values()]
        yield line_of(entry.status, said(entry.words), records)


def write_report(house: House, report: DayReport) -> str:
    """Into the client's bucket, over an older one of the same day. Returns its key."""
    key = f"reports/payments/{report.day}.json"
    body = {
        "day": report.day.isoformat(),
        "written_at": write_instant(house.now()),
        "is_even": report.is_even,
        "balances": [to_plain(one) for one in report.balances],
        "not_simply_posted": [to_plain(one) for one in report.lines],
    }
    house.files.write(key, json.dumps(body, indent=1, sort_keys=True).encode(), "application/json")
    return key
