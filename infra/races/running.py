"""The real handlers, each stopped at every call it makes, so that whoever looks decides in which order calls take effect.

What a process does next follows from what it was answered and what its clock showed, and from nothing else: its chance is seeded.
So its steps can be remembered, and the code runs once for everything that can happen to a process and not once an order.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

Body = Callable[["Run"], Any]
"""A handler at work on its event: it asks `run` for every call, and reads its clock there."""

MOST_ALIVE = 256
"""Stopped processes kept to go on with; others are run again up to where they stood."""


@dataclass(frozen=True)
class Request:
    operation: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Ended:
    """value: what the handler returned; error: what it raised instead."""

    value: Any = None
    error: BaseException | None = None


class Run:
    """One process from its beginning, until it is no more asked for."""

    executions = 0
    """Processes of the real code that were started."""

    def __init__(self, body: Body, clock: float) -> None:
        Run.executions += 1
        self.clock = clock
        self._awaited = False
        self._greenlet = greenlet(lambda _: self._whole(body))
        self._hub = getcurrent()
        self.stands: Request | Ended = self._on(None)

    def ask(self, operation: str, params: Mapping[str, Any]) -> Any:
        """Called by the process: the call's answer. Raises what the call would."""
        if not self._awaited:
            raise GreenletExit  # nobody goes on with it: what a dead process would still do is never done
        answer = self._hub.switch(Request(operation, params))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def go_on(self, answer: Any, clock: float) -> None:
        self.clock = clock
        self.stands = self._on(answer)

    def _on(self, answer: Any) -> Request | Ended:
        self._hub = self._greenlet.parent = getcurrent()
        self._awaited = True
        try:
            stands: Request | Ended = self._greenlet.switch(answer)
        finally:
            self._awaited = False
        return stands

    def _whole(self, body: Body) -> Ended:
        try:
            return Ended(body(self))
        except GreenletExit:
            return Ended()
        except Exception as error:
            return Ended(error=error)


@dataclass
class Standing:
    """Where a process stands after all that it was told. Plain: it only goes on, and is not remembered."""

    body: Body
    stands: Request | Ended
    run: Run

    def after(self, key: Hashable, answer: Any, clock: float) -> "Standing":
        self.run.go_on(answer, clock)
        return Standing(self.body, self.run.stands, self.run)


def begun(body: Body, clock: float) -> Standing:
    run = Run(body, clock)
    return Standing(body, run.stands, run)


@dataclass
class Remembered:
    """The same, with everything that was ever seen to come after it. told: every answer so far, with the clock then."""

    body: Body
    stands: Request | Ended
    told: tuple[tuple[Any, float], ...]
    began: float
    alive: "Alive"
    known: dict[Hashable, "Remembered"] = field(default_factory=dict)

    def after(self, key: Hashable, answer: Any, clock: float) -> "Remembered":
        """key: equal for equal answers."""
        place = (key, clock)
        if place not in self.known:
            run = self.alive.pop(id(self), None) or self._again()
            run.go_on(answer, clock)
            told = (*self.told, (answer, clock))
            self.known[place] = later = Remembered(self.body, run.stands, told, self.began, self.alive)
            self.alive.keep(later, run)
        return self.known[place]

    def _again(self) -> Run:
        run = Run(self.body, self.began)
        for answer, clock in self.told:
            run.go_on(answer, clock)
        return run


class Alive(OrderedDict[int, Run]):
    """Those that stand where they were last left, the latest of them."""

    def keep(self, standing: Remembered, run: Run) -> None:
        if isinstance(standing.stands, Request):
            self[id(standing)] = run
        while len(self) > MOST_ALIVE:
            self.popitem(last=False)


class Memory:
    """All that is known of every process."""

    def __init__(self) -> None:
        self._alive = Alive()
        self._begun: dict[Hashable, Remembered] = {}

    def begun(self, name: Hashable, body: Body, clock: float) -> Remembered:
        place = (name, clock)
        if place not in self._begun:
            run = Run(body, clock)
            self._begun[place] = Remembered(body, run.stands, (), clock, self._alive)
            self._alive.keep(self._begun[place], run)
        return self._begun[place]
