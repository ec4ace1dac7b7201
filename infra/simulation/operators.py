"""The people of the agency: they read their tasks, call, promise for others, note disputes, and press the stop button."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from infra.simulation import scenario
from recobro.domain.acting import SAID
from recobro.domain.task import OF_PAYMENT
from recobro.errors import InvalidInput, RecobroError
from recobro.house import House
from recobro.usecases import pause, payments, tasks

if TYPE_CHECKING:
    from infra.simulation.system import System

SCOPES = ("all", "creditor:fabula", "creditor:quimera", "channel:sms", "channel:email", "country:MX")
MOST_A_VISIT = 6
JUST_BEFORE = 0.5
"""Share of stops that come so shortly before a sweep that they only just bind it."""

PLACED = 0.7
"""Share of tasks about money that are settled as they should be; the others somebody ticks off."""

LOOKS = (8.1, 12.2, 16.1)
"""Hours at which somebody looks at what is stopped, and lets most of it go on."""


LOST_READS = ("timeout_before", "timeout_after", "throttle", "delay")
"""What the next reads of the stop button may meet that was just pressed: a batch must not go on by what it knew before."""

REFUSED = 0.3
"""Share of the messages that an agent reads which turn out to be a refusal."""

SAID_ALIKE = ("dispute", "already_paid")
"""What all who owe a debt say of it, where they were called for the same step."""


class Operators:
    """They use the same use cases as the command, call by call, and may lose their connection at any of them."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._chance = Random(f"operators/{system.seed}")
        self._takes = Random(f"takes/{system.seed}")
        self._places = Random(f"places/{system.seed}")
        self._reads = Random(f"reads/{system.seed}")
        self._refusals = Random(f"refusals/{system.seed}")
        self._houses = Random(f"houses/{system.seed}")
        self.short_debt: Callable[[str], str] | None = None

    def begin(self, days: int, draw: Random) -> None:
        """Plan a stop or two, and the hours at which somebody looks at what is stopped."""
        self._system.kernel.at(scenario.at(1, 0.5), self._learns_names)
        for _ in range(draw.choice((0, 1, 2))):
            day, hour, scope = draw.randrange(1, max(2, days)), draw.uniform(8, 17), draw.choice(SCOPES)
            at = scenario.at(day, hour)
            if self._takes.random() < JUST_BEFORE:
                at = scenario.at(day, round(hour * 4) / 4) - self._takes.uniform(11, 28)
            self._system.kernel.at(at, lambda scope=scope: self.stops(scope))  # type: ignore[misc]
        for day in range(1, days + 1):
            for hour in LOOKS:
                self._system.kernel.at(scenario.at(day, hour), self._resumes)

    def _learns_names(self) -> None:
        """How our own links name a debt, which nobody outside can work out."""

        def work(house: House) -> None:
            self.short_debt = house.keys.short_debt

        self._operate(work)

    def stops(self, scope: str = "") -> None:
        """Somebody presses the stop button, for one thing or another where none is named."""
        scope = scope or self._takes.choice(SCOPES)
        system = self._system

        def work(house: House) -> None:
            pause.pause(house, [scope], "ops", "simulated")
            system.checkers.paused(scope)
            system.faults.unread = self._reads.choices(LOST_READS, k=self._reads.randrange(3))

        self._operate(work)

    def _resumes(self) -> None:
        system = self._system

        def work(house: House) -> None:
            wanted = [
                scope
                for scope in house.switches.read().off
                if system.world.is_over or self._chance.random() < 0.7
            ]
            for scope in wanted:
                system.checkers.resumed(scope)
            pause.resume(house, wanted, "ops", "simulated")

        self._operate(work)

    def visit(self) -> None:
        """Take some open tasks and settle them."""
        todo = list(self._system.checkers.people.open_tasks())
        self._chance.shuffle(todo)
        for debtor_id, task in todo[:MOST_A_VISIT]:
            if self._chance.random() >= 0.6:
                continue
            others = self._who_owes_it_too(debtor_id, task)
            alike = self._houses.choice(SAID_ALIKE) if others and self._houses.random() < 0.6 else ""
            self._settle(debtor_id, task, alike)
            for other in others if alike else ():
                later = self._system.kernel.time + self._houses.uniform(0, 3_600)
                self._system.kernel.at(later, partial(self._settle, other, task, alike))

    def _who_owes_it_too(self, debtor_id: str, task: dict[str, Any]) -> list[str]:
        """Whoever is to be called for the same step of the same debt: one household, which says much the same."""
        known = self._system.checkers.record.known
        mine = set(known[debtor_id].debts)
        asked = self._system.checkers.people.open_tasks()
        return [
            other
            for other, one in asked
            if other != debtor_id
            and not one.get("debts")
            and one["id"] == task["id"]
            and mine & set(known[other].debts)
        ]

    def _place(self, intent: str, debt: str) -> None:
        """Money that nobody could post is for the debt that waits because of it, or none of ours."""

        def work(house: House) -> None:
            try:
                payments.assign(house, intent, debt, "ops", "simulated")
            except InvalidInput:
                payments.close(house, intent, "reject", "ops", "simulated")

        self._operate(work)

    def _settle(self, debtor_id: str, task: dict[str, Any], disposition: str = "") -> None:
        """Settle it in one of the ways there are, unless one is named."""
        step = str(task.get("step", ""))
        if step.startswith(OF_PAYMENT) and self._places.random() < PLACED:
            self._place(step.removeprefix(OF_PAYMENT), task["debts"][0])
            return
        draw, checkers = self._chance, self._system.checkers
        drawn = draw.choices(
            (
                "done",
                "promise",
                "dispute",
                "wrong_person",
                "hardship",
                "already_paid",
                "opt_out",
                "no_answer",
            ),
            (30, 25, 8, 4, 5, 8, 4, 16),
        )[0]
        if step.startswith(SAID) and self._refusals.random() < REFUSED:
            drawn = "opt_out"
        disposition = disposition or drawn
        calls = disposition in {"promise", "dispute", "no_answer"} and draw.random() < 0.6
        due = self._system.kernel.now().date() + timedelta(days=draw.randrange(0, 12))
        amount = min(
            draw.choice((5_000_00, 50_000_00, 900_000_00)), checkers.record.known[debtor_id].most_owed()
        )

        whole = not calls and task.get("creditor") and not task.get("debts")
        about = checkers.record.known[debtor_id].owed_to(task["creditor"]) if whole else []
        takes, only_takes = self._takes.random() < 0.5, self._takes.random() < 0.3

        def work(house: House) -> None:
            attempt = ""
            if takes:
                tasks.take(house, debtor_id, task["id"], "agent-1")
                if only_takes:
                    return
            if calls:
                claimed = tasks.call(house, debtor_id, task["id"], "agent-1")
                attempt = claimed if isinstance(claimed, str) else ""
            tasks.close(house, debtor_id, task["id"], disposition, attempt=attempt, amount=amount, due_on=due)
            checkers.told_to_a_person(debtor_id, disposition, about, step)

        self._operate(work)

    def _operate(self, work: Callable[[House], None]) -> None:
        system = self._system

        def failed(error: BaseException) -> None:
            told = str(error)[:100] if isinstance(error, RecobroError) else ""
            system.log.said(system.kernel.time, "operator", "", f"{type(error).__name__} {told}")

        system.operate(work, failed)
