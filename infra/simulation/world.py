"""What people, gateways, creditors and operators do in a simulated month, by preference at the worst instant."""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from infra.demo import formats
from infra.demo.book import Book, Paid
from infra.demo.feeds import creditor_file, creditors
from infra.demo.people import Owed, Person
from infra.simulation import scenario
from infra.simulation.carriers_seen import Seen
from infra.simulation.checkers.replies import Said
from infra.simulation.operators import Operators
from infra.simulation.webhooks import Gateway

if TYPE_CHECKING:
    from infra.simulation.system import System

STOPS = ("STOP", "baja", "no me escriban más", "por favor no me contacten más")
OTHERS = {
    "¿Cuánto debo?": "",
    "ya pagué ayer": "already_paid",
    "no conozco a esa persona": "wrong_person",
    "quiero hablar con alguien": "asks_person",
    "esa cuenta no es mía": "dispute",
    "por favor ya no me llamen": "no_calls",
}
"""What people say → what it deserves (checkers/replies.py); empty: an answer at most."""

STRANGER = "+525550199999"
FILES_AGAIN, LAGGING = 0.12, 0.12
"""Shares of files that are handed in a second time, hours or days later; of which some rows are older than the file."""

SAYS_NO_FIRST, NAMED_LATER = 0.5, 6
"""Share of pairs with one phone of whom one says no before the other is named; days until who comes later is in a file."""

WHILE_DELAYED, WHILE_BANNED = 0.5, 0.2
"""Shares of hints that hang in their queue, and of a carrier's restrictions, during which something is decided."""

IN_THE_WAY, AFTER_A_LOST_ANSWER = 0.02, 0.3
"""Shares of saves after which somebody pays or writes at once; of saves whose answer gets lost."""

HALF_SAID = 0.3
"""Share of messages by somebody in a debt of several people that lie half done among the dead letters."""

ALL_AT_ONCE = 0.15
"""Share of payments by somebody who owes one creditor several debts that pay all of them by one link."""

_STOP_LINK = re.compile(r"https?://\S+?/u/([A-Za-z0-9_=.-]+)")
_WHO = re.compile(r'"debtor": ?"(d[0-9a-f]+)"')
_POISON = (
    "",
    "{",
    "[]",
    '{"debtor": 7}',
    '{"Message": "\\u0000"}',
    "not json at all",
    '{"detail": {"object": {"key": "inbox/taken-away.csv"}}}',
    '{"debtor": "dnobody", "valid_until": "2026-08-05T18:00:00Z"}',
)


class World:
    """Plans everything at `begin`; what depends on the house's own moves is planned as they are seen from outside."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._chance = Random(f"world/{system.seed}")
        self.book = Book(system.portfolio)
        self.is_over = False
        self._gateway = Gateway(system)
        self.operators = Operators(system)
        self._exported: dict[str, dict[str, int]] = {}
        self._words = 0
        self._more = Random(f"more/{system.seed}")
        self._all = Random(f"all/{system.seed}")
        self._says_no_first = self._pairs_of_one_phone()
        owed = Counter(debt.key for one in system.portfolio.people for debt in one.obligations)
        self._shared = frozenset(key for key, owing in owed.items() if owing > 1)
        self._late_ones = frozenset(
            one.document
            for one in system.portfolio.people
            if self._chance.random() < 0.12 and not one.is_company
        ) | {other.document for _, other in self._says_no_first}

    def _pairs_of_one_phone(self) -> list[tuple[Person, Person]]:
        """Some of those who share a phone: one says no before any creditor has named the other."""
        draw, owners = Random(f"pairs/{self._system.seed}"), dict[str, Person]()
        pairs = []
        for one in self._system.portfolio.people:
            if one.phone is None or one.is_company:
                continue
            owner = owners.setdefault(one.phone.number, one)
            if owner is not one and draw.random() < SAYS_NO_FIRST:
                pairs.append((owner, one))
        return pairs

    def begin(self) -> None:
        """Plan the month."""
        days, draw = self._system.days, self._chance
        redrive = Random(f"redrive/{self._system.seed}")
        for creditor in creditors(self._system.portfolio):
            for day in range(days):
                usual = day % 7 in (0, 3) and (day == 0 or draw.random() < 0.9)
                if usual or draw.random() < 0.04:
                    hour = 5.0 if day == 0 or draw.random() < 0.6 else draw.uniform(9, 16)
                    self._at(day, hour, lambda c=creditor, d=day: self._export(c, d))  # type: ignore[misc]
        for person in self._system.portfolio.people:
            for _ in range(draw.choice((0, 0, 1, 1, 2))):
                self._at(
                    draw.randrange(1, max(2, days)),
                    draw.uniform(7, 21),
                    lambda p=person: self._pays(p, 0.0),  # type: ignore[misc]
                )
        for day in range(1, days):
            if draw.random() < 0.5:
                self._at(day, draw.uniform(7, 20), self._poison)
            for hour in (10.0, 13.0, 16.5):
                self._at(day, hour + draw.uniform(0, 0.4), self.operators.visit)
            if redrive.random() < 0.15:
                self._at(day, redrive.uniform(7, 18), self._system.redrive)
        self.operators.begin(days, draw)
        self._ban(days)
        self._strangers(days)
        self._say_no(draw)

    def _say_no(self, draw: Random) -> None:
        for owner, _ in self._says_no_first:
            self._at(
                draw.randrange(1, NAMED_LATER),
                draw.uniform(8, 20),
                lambda one=owner: self._writes(one, self._address(one), "", draw.choice(STOPS)),  # type: ignore[misc]
            )

    def _strangers(self, days: int) -> None:
        draw = Random(f"strangers/{self._system.seed}")
        for _ in range(days // 5):
            self._at(draw.randrange(days), draw.uniform(7, 20), lambda: self._stranger(draw))

    def _ban(self, days: int) -> None:
        """A carrier restricts a channel at noon, for some days."""
        faults, draw = self._system.faults, self._chance
        for channel in ("whatsapp", "sms", "email"):
            day = draw.randrange(2, max(3, days - 4))
            begins = scenario.at(day, 12)
            if faults.happens(f"carrier {channel}", "banned", 0.4, begins):
                ends = begins + draw.uniform(0.2, 3) * 86400
                self._system.carriers.banned[channel] = (begins, ends)

    def _at(self, day: int, hour: float, work: Callable[[], None]) -> None:
        self._system.kernel.at(scenario.at(day, hour), lambda: None if self.is_over else work())

    def _export(self, creditor: str, day: int) -> None:
        portfolio, draw = self._system.portfolio, self._chance
        today = scenario.START + timedelta(days=day)
        is_full = day == 0 or draw.random() < 0.4
        if day < NAMED_LATER:
            # Some people come with a later file, while their phone's other owner may be saying no.
            portfolio = type(portfolio)(
                portfolio.start,
                portfolio.days,
                tuple(one for one in portfolio.people if one.document not in self._late_ones),
            )
        since = None if is_full else self._exported.get(creditor)
        body = creditor_file(portfolio, creditor, self.book.balances, today, since)
        self._exported[creditor] = dict(self.book.balances)
        feed = "full" if is_full and draw.random() < 0.7 else "delta"
        key = f"inbox/{creditor}-{day:02d}-{feed}.csv"
        body = self._lagging(body, today)
        for _ in range(1 + (draw.random() < 0.1)):
            self._drops(key, creditor, body, feed, today)
        if self._more.random() < FILES_AGAIN:
            # Somebody looks for a file that was not confirmed, finds it, and hands it in once more, days later.
            again = key.replace(".csv", "-again.csv")
            late = self._more.uniform(3, 150) * 3600
            self._system.kernel.after(
                late, lambda: None if self.is_over else self._drops(again, creditor, body, feed, today)
            )

    def _drops(self, key: str, creditor: str, body: bytes, feed: str, today: date) -> None:
        self._system.log.said(self._system.kernel.time, "creditor", "", f"drops {key}")
        self._system.drop(key, body, {"feed": feed, "as-of": today.isoformat()})
        self._system.checkers.files.dropped(key, creditor, body)

    def _lagging(self, body: bytes, today: date) -> bytes:
        """Now and then some accounts' balances are those of some days ago, and the file says so."""
        if self._more.random() >= LAGGING:
            return body
        now, then = (
            f"{day:%d/%m/%Y}".encode() for day in (today, today - timedelta(days=self._more.randrange(1, 6)))
        )
        head, *rows = body.split(b"\r\n")
        return b"\r\n".join(
            [head, *(row.replace(now, then) if self._more.random() < 0.4 else row for row in rows)]
        )

    def saved(self, debtor_id: str, share: float = IN_THE_WAY) -> None:
        """Something was written for a debtor: the instant to pay, to object or to click, if one wants to be in the way."""
        if self.is_over or self._chance.random() >= share:
            return
        person = self._system.checkers.people.of(debtor_id)
        if person is None:
            return
        delay = self._chance.uniform(0, 0.6)
        if self._chance.random() < 0.55:
            self._system.kernel.after(0, lambda: self._pays(person, delay))
        else:
            self._system.kernel.after(delay, lambda: self._writes(person, self._address(person), ""))

    def delayed(self, hint: str, seconds: float) -> None:
        """A hint hangs in its queue: what its person says or an operator decides meanwhile comes before it."""
        found = _WHO.search(hint)
        if self.is_over or found is None or self._more.random() >= WHILE_DELAYED:
            return
        at = self._more.uniform(0, max(0.0, seconds - 15))
        if self._more.random() < 0.4:
            self._system.kernel.after(at, self.operators.stops)
        else:
            self._system.kernel.after(at, lambda: self.saved(found[1], 1.0))

    def banned(self) -> None:
        """A carrier restricts us: at the same instant somebody at the agency presses the stop button."""
        if not self.is_over and self._more.random() < WHILE_BANNED:
            self._system.kernel.after(self._more.uniform(0, 0.2), self.operators.stops)

    def _pays(self, person: Person, delay: float) -> None:
        draw, kernel = self._chance, self._system.kernel
        owed = [debt for debt in person.obligations if self.book.balances[debt.key] > 0]
        if not owed:
            return
        debt = draw.choice(owed)
        alike = [one for one in owed if (one.creditor, one.currency) == (debt.creditor, debt.currency)]
        if len(alike) > 1 and self._all.random() < ALL_AT_ONCE and self._pays_all(person, alike, delay):
            return
        amount = self.book.balances[debt.key]
        if draw.random() < 0.4:
            amount = max(1, amount // draw.choice((2, 3, 10)))
        paid = self.book.pay(
            Paid(kernel.now(), debt.key, amount, debt.currency, person.document, "gateway", "simulated")
        )
        if paid is not None:
            self._gateway.tells(paid, delay)

    def _pays_all(self, person: Person, debts: Sequence[Owed], delay: float) -> bool:
        """All of it by one of our own links. False: nobody's record has all of these debts yet."""
        keys, short_debt = [one.key for one in debts], self.operators.short_debt
        known = self._system.checkers.record.known.values()
        whose = [one.id for one in known if all(key in one.debts for key in keys)]
        if short_debt is None or not whose:
            return False
        now, payer = self._system.kernel.now(), self._all.choice(whose)
        wanted = [
            Paid(
                now,
                one.key,
                self.book.balances[one.key],
                one.currency,
                person.document,
                "gateway",
                "simulated",
            )
            for one in debts
        ]
        paid = [done for one in wanted if (done := self.book.pay(one)) is not None]
        self._gateway.tells_of_all(paid, payer, f"{payer}-{short_debt(paid[0].debt)}-1", delay)
        return True

    def reached(self, call: Seen) -> None:
        """A message arrived at its person, who may answer, pay or leave."""
        if self.is_over:
            return
        draw, kernel = self._chance, self._system.kernel
        person = self._system.checkers.people.of(call.what.echo.get("debtor_id", ""))
        if person is None:
            return
        fate = draw.random()
        wait = draw.choice((0.0, 0.2, 5.0, 600.0, 7200.0))
        if fate < 0.05:
            kernel.after(wait, lambda: self._writes(person, call.what.address, call.message_id))
        elif fate < 0.08:
            self._leaves_by_link(call, wait)
        elif fate < 0.14:
            kernel.after(wait, lambda: self._pays(person, 0.0))

    def _address(self, person: Person) -> str:
        return person.phone.number if person.phone is not None else ""

    def _writes(self, person: Person, address: str, answers: str, words: str = "") -> None:
        if not address.startswith("+") or self.is_over:
            return
        draw, system = self._chance, self._system
        self._words += 1
        words = words or (draw.choice(STOPS) if draw.random() < 0.35 else draw.choice(tuple(OTHERS)))
        stops = words in STOPS
        now, said_at = system.kernel.now(), system.kernel.time
        ident = f"in-{self._words:06d}"
        if draw.random() < 0.5 and not address.startswith("+57"):
            event: Any = formats.inbound_text(words, address, ident, answers)
            told = Said("sms", ident, address, words, OTHERS.get(words, ""), said_at, answers)
        else:
            named, answered = f"wamid.{ident.replace('-', '')}", f"wamid.{answers}"
            value = formats.whatsapp_message(words, now, address, "", named, answered)
            event = formats.whatsapp(now, value, ident)
            told = Said("whatsapp", named, address, words, OTHERS.get(words, ""), said_at, answered)
        system.log.said(
            system.kernel.time, "person", "", f"{address[-4:]} writes {'no more' if stops else 'something'}"
        )
        if not stops:
            system.checkers.replies.said(told)
        done = (
            (lambda: system.checkers.replies.taken(told))
            if not stops
            else (lambda: system.checkers.opted_out(address))
        )
        if any(one.key in self._shared for one in person.obligations):
            system.faults.lies_half_done("messages message", ident, HALF_SAID, said_at)
        for _ in range(1 + (draw.random() < 0.1)):
            system.cloud.queues["messages"].send(json.dumps(event), 0, done)

    def _stranger(self, draw: Random) -> None:
        """Somebody writes whom nobody knows, or a carrier tells of a message that was never ours."""
        system, ident = self._system, f"stranger-{draw.getrandbits(40):010x}"
        if draw.random() < 0.5:
            queue, event = "messages", formats.inbound_text("¿Quién es?", STRANGER, ident, "")
        else:
            echo = {"debtor_id": "d" + "0" * 23, "attempt_id": "a" + "0" * 23}
            event = formats.text_event("DELIVERED", system.kernel.now(), STRANGER, ident, echo, 0.03)
            queue = "receipts"
        system.cloud.queues[queue].send(json.dumps(event), 0, lambda: system.checkers.set_aside(ident))

    def _leaves_by_link(self, call: Seen, wait: float) -> None:
        link = urlsplit(call.what.unsubscribe).path.rpartition("/")[2] if call.what.unsubscribe else ""
        link = link or next(iter(_STOP_LINK.findall(call.what.text)), "")
        if not link:
            return
        system = self._system

        def answered(status: int) -> None:
            if 200 <= status < 300:
                system.checkers.opted_out(call.what.address)
            elif status >= 500 and not self.is_over:
                system.http("POST", "/u/{token}", {"token": link}, "", {}, answered, 60.0)

        for _ in range(self._chance.choice((1, 1, 3))):
            system.http("POST", "/u/{token}", {"token": link}, "", {}, answered, wait)

    def _poison(self) -> None:
        system, draw = self._system, self._chance
        queue = draw.choice(
            ("send-sms", "send-email", "receipts", "messages", "portfolio-partitions", "portfolio-files")
        )
        if system.faults.happens(f"{queue} message", "poison", 1.0, system.kernel.time):
            system.cloud.queues[queue].send(draw.choice(_POISON))
