"""A folder that holds a deployment between two runs: opened, put back, written to, and now and then written anew."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.backends import Backend
from infra.local.inventory import Inventory
from infra.local.keeping.journal import Journal
from infra.local.keeping.recorder import Recorder, as_bytes
from infra.local.keeping.restoring import Restorer
from infra.local.keeping.state import State, folded


class Keeper:
    """The state folder of one deployment. `boots` counts how often it was opened, this time included."""

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError when another process keeps the folder."""
        self._folder = folder
        self._journal = Journal(folder)
        self._state: State = folded(self._journal.read())
        counted = folder / "boots.json"
        self.boots = 1 + (json.loads(counted.read_text()) if counted.exists() else 0)
        counted.write_text(json.dumps(self.boots))
        self.recorder: Recorder | None = None
        self.left_out: list[str] = []

    @property
    def at(self) -> datetime | None:
        """When the last event of the earlier run was completed."""
        return datetime.fromisoformat(self._state.at) if self._state.at else None

    def put_back(
        self,
        inventory: Inventory,
        service: Callable[[str], Any],
        now: Callable[[], datetime],
        backend: Backend,
    ) -> None:
        """Restore everything but the changes that streams have yet to tell of, and begin to write down."""
        restorer = Restorer(self._folder, inventory, service)
        restorer.put_back(self._state, now())
        self.left_out = restorer.left_out
        self._journal.replace(self._state.lines())
        self.recorder = Recorder(self._folder, self._journal, inventory, service, now)
        self._drop_unused_objects()
        for name in inventory.secrets:
            if name not in self._state.secrets:
                self.recorder.secret(name)
        for name, key_id in inventory.signing_keys.items():
            if name in self._state.signing_keys:
                backend.take_private_half(key_id, as_bytes(self._state.signing_keys[name]["half"]))
            else:
                self.recorder.signing_key(name, backend.private_half(key_id))

    def replay(self, inventory: Inventory, service: Callable[[str], Any]) -> None:
        """Write again the changes that streams have yet to tell of, so that they do."""
        Restorer(self._folder, inventory, service).replay(self._state)

    def waiting(self) -> Iterator[tuple[str, str]]:
        """Every message that was put back: its queue's name and the instant from which it is in sight."""
        for line in self._state.messages.values():
            yield line["queue"], line["due"]

    def event_done(self) -> None:
        """An event has been dealt with; what it left is kept from here on."""
        if self.recorder is None:
            return
        self.recorder.event_done()
        if self._journal.is_long and not self.recorder.is_between_readings:
            self._journal.replace(folded(self._journal.read()).lines())

    def close(self) -> None:
        self._journal.close()

    def _drop_unused_objects(self) -> None:
        held = {line["file"] for line in self._state.objects.values()}
        for file in (self._folder / "objects").iterdir():
            if file.name not in held:
                file.unlink()
