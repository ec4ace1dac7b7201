"""SQS with the freedom that AWS gives it: messages come twice, late, in another order, and again after they were dealt with.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.simulation.system import System

MANY_WAIT = 8
"""Messages from which on batches are as large as they may be."""

AT_ONCE = 2
"""Batches that are worked on together while many wait (infra/stack/rows.py); else as many as there are, which meets more races."""

RECEIVES = 5
"""After so many a message is set aside (infra/stack/queues.py)."""


@dataclass
class Message:
    """One message; done: told of it when it was dealt with."""

    id: str
    body: str
    sent_at: float
    receives: int = 0
    done: Callable[[], None] | None = None
    is_gone: bool = False


class Queue:
    """A queue and the function that it starts."""

    def __init__(self, system: "System", name: str, function: str, batch: int, hidden: float) -> None:
        self._system = system
        self.name = name
        self.function = function
        self._batch = batch
        self._hidden = hidden
        self._ready: list[Message] = []
        self._planned = False
        self._count = 0
        self.dead: list[Message] = []
        self.sent: list[tuple[float, str]] = []
        self.most_receives = 0
        self._still_until = 0.0
        self._running = 0

    def stand_still(self, seconds: float) -> None:
        """Nobody reads for a while; what gathers meanwhile comes in whole batches."""
        self._still_until = self._system.kernel.time + seconds

    def send(self, body: str, delay: float = 0, done: Callable[[], None] | None = None) -> None:
        system = self._system
        self._count += 1
        self.sent.append((system.kernel.time, body))
        message = Message(f"{self.name}-{self._count}", body, system.kernel.time, done=done)
        system.log.queued(system.kernel.time, self.name, body)
        system.checkers.queued(self.name, body)
        if system.faults.happens(f"{self.name} message", "late", 0.012, system.kernel.time):
            delay += system.faults.chance.uniform(30, 3000)
            if self.name.startswith("send-"):
                system.world.delayed(body, delay)
        self._appear(message, delay)
        if system.faults.happens(f"{self.name} message", "duplicate", 0.03, system.kernel.time):
            twin = Message(message.id, body, system.kernel.time)
            self._appear(twin, delay + system.faults.chance.choice((0.0, 0.0, 0.01, 3.0, 200.0)))

    def _appear(self, message: Message, delay: float) -> None:
        def ready() -> None:
            self._ready.append(message)
            if not self._planned:
                self._planned = True
                self._system.kernel.after(self._system.kernel.chance.uniform(0.001, 0.05), self._deliver)

        self._system.kernel.after(delay, ready)

    def _deliver(self) -> None:
        system = self._system
        if system.kernel.time < self._still_until:
            system.kernel.at(self._still_until, self._deliver)
            return
        self._planned = False
        if system.faults.happens(f"{self.name} batch", "reorder", 0.03, system.kernel.time):
            system.faults.chance.shuffle(self._ready)
        # Small batches as SQS gives them when few messages wait: several copies of the function run together.
        while self._ready:
            is_full = len(self._ready) > MANY_WAIT
            if is_full and self._running >= AT_ONCE:
                return
            size = self._batch if is_full else min(self._batch, 1 + system.kernel.chance.randrange(4))
            batch = _without_twins(self._ready[:size])
            self._ready = self._ready[len(batch) :]
            for message in batch:
                message.receives += 1
                self.most_receives = max(self.most_receives, message.receives)
            event = {"Records": [_record(message, self.name) for message in batch]}
            self._running += 1
            system.invoke(self.function, event, self._settled(batch))

    def _settled(self, batch: list[Message]) -> Callable[[Any, bool], None]:
        def settle(answer: Any, died: bool) -> None:  # noqa: FBT001 - told by the runtime, positionally
            self._running -= 1
            if self._ready and not self._planned:
                self._planned = True
                self._system.kernel.after(0.01, self._deliver)
            failed = {one["itemIdentifier"] for one in (answer or {}).get("batchItemFailures", [])}
            for message in batch:
                if died or message.id in failed:
                    self._again(message)
                    continue
                if message.done is not None:
                    message.done()
                system = self._system
                if system.faults.happens(
                    f"{self.name} batch", "again_after_success", 0.01, system.kernel.time
                ):
                    self._appear(message, self._hidden)

        return settle

    def redrive(self) -> None:
        """An operator sends back what was set aside, however old it is."""
        dead, self.dead = self.dead, []
        for message in dead:
            message.receives = 0
            self._appear(message, 0)

    def _again(self, message: Message) -> None:
        if message.receives >= RECEIVES:
            self.dead.append(message)
        else:
            self._appear(message, self._hidden)


def _without_twins(messages: list[Message]) -> list[Message]:
    """A message that comes twice comes from another of the service's servers: in a batch of its own, and often at once."""
    seen: set[str] = set()
    batch = []
    for message in messages:
        if message.id in seen:
            break
        seen.add(message.id)
        batch.append(message)
    return batch


def _record(message: Message, name: str) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "body": message.body,
        "attributes": {"SentTimestamp": str(int(message.sent_at * 1000))},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:111122223333:{name}",
    }
