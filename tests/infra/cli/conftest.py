"""The command as an operator runs it, in a house of this process: one person is due, one task is open."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from infra.cli import main
from infra.cli.place import Place
from recobro.house import House
from recobro.playbook_file import addresses
from recobro.usecases.sweep import sweep
from tests.house import Clock, house, settle_in
from tests.sample import AMINTA, debt, debtor, playbook

CALLED_FOR = "d" + "0" * 22 + "2"
"""A person whose debt is old enough that somebody has to call."""


@dataclass
class Room:
    """A place whose functions answer as the test says. Everything else is the house itself."""

    house: House
    queues: dict[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    client: str = "sample"
    shown: str = "the sample house"
    is_immediate: bool = True
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def invoke(self, function: str, event: Any) -> Any:
        self.asked.append((function, event))
        return self.answers.get(function)

    def go_on(self) -> None:
        """Nothing waits in this house."""


@dataclass
class Said:
    """What a command answered: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    book = playbook()
    with house(Clock(), book=replace(book, hashes={**addresses(book), "plan": "one"})) as opened:
        url = opened.client("sqs").create_queue(QueueName="send-sms")["QueueUrl"]
        monkeypatch.setenv("QUEUE_SEND_SMS", url)
        settle_in(opened, debtor())
        settle_in(opened, replace(debtor(debt("C3", due_on=date(2026, 1, 5))), id=CALLED_FOR))
        opened.lookups.add(opened.keys.debt("muebles/A1"), AMINTA)
        sweep(opened, "overdue")
        yield Room(opened)


@pytest.fixture
def recobro(room: Room, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run `recobro` with those words."""

    def here() -> AbstractContextManager[Place]:
        return nullcontext(room)

    def run(*words: str) -> Said:
        code = main(words, here)
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return run
