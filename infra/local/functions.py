"""Runs handlers as Lambda does: each from its own staged folder, under its own environment, one process's worth of memory each."""

import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from infra.local.inventory import Function
from infra.local.outside import FunctionDied

SYNCHRONOUS_LIMIT = 6 * 1024 * 1024
"""Bytes of an event or an answer. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

_LEFT_ALONE = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED", "SYSTEMROOT")
"""What a handler needs of this machine's own environment."""


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler besides the event."""

    function_name: str
    invoked_function_arn: str
    aws_request_id: str
    memory_limit_in_mb: str
    log_group_name: str
    log_stream_name: str
    deadline: datetime
    clock: Callable[[], datetime] = field(repr=False)
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """By the clock of the house, which stands still while a handler runs."""
        return max(0, int((self.deadline - self.clock()) / timedelta(milliseconds=1)))


@dataclass(frozen=True)
class Failure:
    """A handler that did not return: the exception's type and message, and its trace for whoever repairs it."""

    function: str
    request_id: str
    at: datetime
    type: str
    message: str
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What an invocation came to: the handler's answer, or its failure."""

    request_id: str
    value: Any = None
    failure: Failure | None = None


Handler = Callable[[Any, Context], Any]


class FunctionHost:
    """Loads a function's handler on its first invocation and keeps it until it is restarted."""

    def __init__(self, clock: Callable[[], datetime], common: Mapping[str, str]) -> None:
        """common: environment variables that every function gets from Lambda itself."""
        self._clock = clock
        self._common = common
        self._handlers: dict[str, Handler] = {}
        self._changes: dict[str, tuple[_Change, _Change]] = {}
        self._depth = 0

    def run(self, function: Function, event: Any, request_id: str) -> Outcome:
        """One invocation. The event crosses as JSON, as it would the network."""
        context = self._context(function, request_id)
        try:
            sent = _crossing(event)
            with self._environment(function):
                value = self._handler(function)(json.loads(sent), context)
            return Outcome(request_id, json.loads(json.dumps(value)))
        except FunctionDied as death:
            self.restart(function)
            return Outcome(
                request_id, failure=self._failure(function, request_id, death, "Runtime.ExitError")
            )
        except (Exception, SystemExit) as error:
            kind = "Runtime.ExitError" if isinstance(error, SystemExit) else type(error).__name__
            return Outcome(request_id, failure=self._failure(function, request_id, error, kind))

    def restart(self, function: Function) -> None:
        """Forget what the function holds in memory: its next invocation is a cold start."""
        self._handlers.pop(function.arn, None)

    def _context(self, function: Function, request_id: str) -> Context:
        now = self._clock()
        return Context(
            function_name=function.name,
            invoked_function_arn=function.arn,
            aws_request_id=request_id,
            memory_limit_in_mb=str(function.memory),
            log_group_name=f"/aws/lambda/{function.name}",
            log_stream_name=f"{now:%Y/%m/%d}/[$LATEST]local",
            deadline=now + timedelta(seconds=function.timeout),
            clock=self._clock,
        )

    def _failure(self, function: Function, request_id: str, error: BaseException, kind: str) -> Failure:
        trace = "".join(traceback.format_exception(error))
        return Failure(function.short_name, request_id, self._clock(), kind, str(error), trace)

    def _handler(self, function: Function) -> Handler:
        if function.arn not in self._handlers:
            self._handlers[function.arn] = _load(function)
        return self._handlers[function.arn]

    @contextmanager
    def _environment(self, function: Function) -> Iterator[None]:
        there, back = self._change_to(function)
        _change(there)
        self._depth += 1
        count = len(os.environ)
        try:
            yield
        finally:
            self._depth -= 1
            if len(os.environ) != count:
                # What a handler adds to its environment, or takes from it, is not for others to see.
                _change(_difference(dict(os.environ), self._variables(function))[0])
            _change(back)

    def _change_to(self, function: Function) -> tuple["_Change", "_Change"]:
        """To the function's environment and back. Kept only where nobody else's environment is the one to go back to."""
        if self._depth:
            return _difference(dict(os.environ), self._variables(function))
        if function.arn not in self._changes:
            self._changes[function.arn] = _difference(dict(os.environ), self._variables(function))
        return self._changes[function.arn]

    def _variables(self, function: Function) -> dict[str, str]:
        """Everything that the function's environment holds."""
        return {
            **{name: os.environ[name] for name in _LEFT_ALONE if name in os.environ},
            **self._common,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "LAMBDA_TASK_ROOT": str(function.folder),
            "_HANDLER": function.handler,
            **function.environment,
        }


_Change = Mapping[str, str | None]
"""Variables to set, and (None) to remove."""


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[_Change, _Change]:
    """The change from one environment to the other, and the change back."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: after.get(name) for name in names}, {name: before.get(name) for name in names}


def _change(change: _Change) -> None:
    for name, value in change.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _crossing(event: Any) -> str:
    sent = json.dumps(event)
    if len(sent) > SYNCHRONOUS_LIMIT:
        raise ValueError(
            f"the event has {len(sent)} bytes, more than the {SYNCHRONOUS_LIMIT} that Lambda takes"
        )
    return sent


def _load(function: Function) -> Handler:
    """Import the handler's module under a name of its own; modules beside it are this function's alone."""
    module_name, _, entry = function.handler.rpartition(".")
    path = function.folder / f"{module_name.replace('.', '/')}.py"
    own = f"lambda_{function.name.replace('-', '_')}"
    before, wrote = set(sys.modules), sys.dont_write_bytecode
    # What Python writes beside a source would change the asset's hash from machine to machine.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(function.folder))
    try:
        module = _module(own, path)
    finally:
        sys.path.remove(str(function.folder))
        sys.dont_write_bytecode = wrote
        for name in set(sys.modules) - before - {own}:
            if _lies_in(sys.modules[name], function.folder):
                del sys.modules[name]
    found: Handler = getattr(module, entry)
    return found


def _module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        raise ImportError(f"no module at {path.name} in {path.parent.name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).is_relative_to(folder)
