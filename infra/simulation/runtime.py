"""Lambda as it is: many copies of a function, each with its own memory and a clock that is a little wrong, any of which may die."""

import types
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from infra.local.outside import FunctionDied
from infra.repository import ROOT
from infra.simulation.cloud import Client
from recobro.bootstrap import Surroundings, use
from recobro.house import House

if TYPE_CHECKING:
    from infra.simulation.system import System

MOST_SKEW = 8.0
"""Seconds by which a worker's clock may be wrong: far more than a host that keeps time, well inside the laws' margin of 120."""

KEPT_WARM = 0.85
"""Share of invocations that find a copy which ran before."""

HANDLERS: dict[Path, str] = {}
"""Handlers to load instead of those in their files: bugs planted on purpose (planted.py)."""


class Sandbox:
    """One copy of one function: its handler, its house, its clock."""

    def __init__(self, system: "System", function: str, number: int) -> None:
        self.system = system
        self.function = function
        self.name = f"{function}.{number}"
        self._chance = Random(f"{system.seed}/{self.name}")
        self.skew = 0.0
        if system.faults.happens(f"{function} sandbox", "skew", 0.5, system.kernel.time):
            self.skew = system.faults.chance.uniform(-MOST_SKEW, MOST_SKEW)
        around = Surroundings(
            lambda service, **config: Client(self, service, config),
            self.now,
            self._chance,
            http=lambda: system.api,
        )
        self.house = House(system.settings, around, system.playbook)
        self.event: Any = None
        self.is_dead = False
        self.handler: Any = None
        if function != "operator":
            self.handler = self._loaded(around)

    def now(self) -> datetime:
        return self.system.kernel.now(self.skew)

    def _loaded(self, around: Surroundings) -> Any:
        use(around)
        module = types.ModuleType(f"simulated_{self.function}")
        exec(code_of(self.function), module.__dict__)  # noqa: S102 - the function's own handler, as Lambda loads it
        vars(module)["house"] = self.house
        return vars(module)["handler"]


@lru_cache(maxsize=32)
def code_of(function: str) -> types.CodeType:
    path = ROOT / "functions" / function / "handler.py"
    return compile(HANDLERS.get(path) or path.read_text("utf-8"), str(path), "exec")


@dataclass(frozen=True)
class Context:
    """What a handler is told besides its event."""

    function_name: str
    deadline: datetime
    clock: Callable[[], datetime]
    aws_request_id: str = "simulated"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - self.clock()) / timedelta(milliseconds=1)))


class Functions:
    """All copies of all functions."""

    def __init__(self, system: "System") -> None:
        self._system = system
        self._idle: dict[str, list[Sandbox]] = {}
        self._count: dict[str, int] = {}
        self.invocations = 0

    def sandbox(self, function: str) -> Sandbox:
        """A copy that is free, or a new one."""
        idle = self._idle.setdefault(function, [])
        if idle and self._system.kernel.chance.random() < KEPT_WARM:
            return idle.pop(self._system.kernel.chance.randrange(len(idle)))
        self._count[function] = self._count.get(function, 0) + 1
        return Sandbox(self._system, function, self._count[function])

    def invoke(
        self,
        function: str,
        event: Any,
        then: Callable[[Any, bool], None],
        delay: float = 0,
        seconds: float = 600,
    ) -> None:
        """Start an invocation; `then(answer, died)` when it ends. seconds: how long it may run."""

        def work() -> None:
            self.invocations += 1
            sandbox = self.sandbox(function)
            sandbox.event = event
            context = Context(function, sandbox.now() + timedelta(seconds=seconds), sandbox.now)
            try:
                answer = sandbox.handler(event, context)
            except FunctionDied:
                self._system.log.died(self._system.kernel.time, sandbox.name)
                then(None, True)
                return
            except Exception as error:
                self._system.log.failed(self._system.kernel.time, sandbox.name, error)
                then(None, True)
                return
            self._idle.setdefault(function, []).append(sandbox)
            then(answer, False)

        self._system.kernel.worker(work, delay)

    def operate(self, work: Callable[[House], None], failed: Callable[[BaseException], None]) -> None:
        """A person at a keyboard does something, call by call."""

        def running() -> None:
            sandbox = self.sandbox("operator")
            try:
                work(sandbox.house)
            except (FunctionDied, Exception) as error:
                failed(error)
            else:
                self._idle.setdefault("operator", []).append(sandbox)

        self._system.kernel.worker(running)
