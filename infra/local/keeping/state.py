"""What a deployment holds, as the fold of a list of lines: each line says what became of one item, message, object, secret or key."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Line = dict[str, Any]
"""One change, as JSON. Its kind is the name of its first field; see `State.apply`."""


@dataclass
class State:
    """Tables' items by their key's JSON, messages by id, objects by bucket and key, secrets and keys that sign by name."""

    items: dict[str, OrderedDict[str, Line]] = field(default_factory=dict)
    unread: dict[str, list[Line]] = field(default_factory=dict)
    """By table: the changes that its stream's functions have not dealt with, in order."""
    messages: OrderedDict[str, Line] = field(default_factory=OrderedDict)
    objects: dict[tuple[str, str], Line] = field(default_factory=dict)
    secrets: dict[str, Line] = field(default_factory=dict)
    signing_keys: dict[str, Line] = field(default_factory=dict)
    at: str = ""
    """The instant of the last completed event."""

    def apply(self, number: int, line: Line) -> None:
        """Fold in the line with that number."""
        match line:
            case {"item": table}:
                self.unread.setdefault(table, []).append(line | {"n": number})
            case {"streamed": table, "upto": last}:
                self._settle(table, last)
            case {"message": mark, "queue": queue, **change}:
                self._message(mark, queue, change, line)
            case {"purged": queue}:
                self._purge(queue)
            case {"object": bucket, "key": key, "gone": True}:
                self.objects.pop((bucket, key), None)
            case {"object": bucket, "key": key}:
                self.objects[bucket, key] = line
            case {"secret": name}:
                self.secrets[name] = line
            case {"signing_key": name}:
                self.signing_keys[name] = line
            case {"at": instant}:
                self.at = instant
            case _:
                raise ValueError(f"no line looks like this: {line}")

    def _settle(self, table: str, last: int) -> None:
        """What the stream's functions have dealt with is no longer to be told to them."""
        unread = self.unread.get(table, [])
        held = self.items.setdefault(table, OrderedDict())
        for line in unread:
            if line["n"] <= last:
                held.pop(line["id"], None)
                if not line.get("gone"):
                    held[line["id"]] = {key: value for key, value in line.items() if key != "n"}
        self.unread[table] = [line for line in unread if line["n"] > last]

    def _message(self, mark: str, queue: str, change: Line, line: Line) -> None:
        if change.get("gone"):
            self.messages.pop(mark, None)
        elif "body" in change:
            self.messages[mark] = dict(line)
        elif mark in self.messages:
            self.messages[mark] |= {"queue": queue, **change}

    def _purge(self, queue: str) -> None:
        for mark in [mark for mark, held in self.messages.items() if held["queue"] == queue]:
            del self.messages[mark]

    def lines(self) -> Iterator[Line]:
        """The fewest lines that fold to this state; the unread changes last."""
        count = 0
        for table, held in self.items.items():
            for line in held.values():
                count += 1
                yield line
            yield {"streamed": table, "upto": count}
            count += 1
        yield from self.messages.values()
        yield from self.objects.values()
        yield from self.secrets.values()
        yield from self.signing_keys.values()
        for unread in self.unread.values():
            for line in unread:
                yield {key: value for key, value in line.items() if key != "n"}
        if self.at:
            yield {"at": self.at}


def folded(lines: Iterable[Line]) -> State:
    """The state after all lines, numbered from 1."""
    state = State()
    for number, line in enumerate(lines, start=1):
        state.apply(number, line)
    return state
