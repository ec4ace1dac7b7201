"""A creditor's file dropped into a folder of this machine is taken as one dropped into the bucket would be."""

import time
from datetime import timedelta
from pathlib import Path

from infra.cli.failure import told
from infra.cli.import_report import answered, show
from infra.cli.importing import asked_of, drop, follow
from infra.cli.place import Place
from infra.cli.screen import Screen
from infra.local.system import LocalSystem

SETTLED = 1.0
"""Seconds without change after which a file is taken to be written to its end."""


BETWEEN = timedelta(seconds=1)
"""From one look to the next."""


class Inbox:
    """Files go from here to `taken` or `refused`. A mapping beside one is called `<file>.toml`.

    broken: the fault that ended the looking, for the thread that shows it.
    """

    def __init__(self, place: Place, folder: Path, screen: Screen) -> None:
        self._place = place
        self._folder = folder
        self._screen = screen
        self.broken: Exception | None = None
        folder.mkdir(exist_ok=True, parents=True)

    def keep_looking(self, system: LocalSystem) -> None:
        """Look now and every second, as the system's own work: it does one thing after another, on one thread."""

        def turn() -> None:
            try:
                self.look()
            except Exception as error:  # shown by whoever waits for the system to end
                self.broken = error
            else:
                system.at(system.now + BETWEEN, turn)

        system.at(system.now, turn)

    def look(self) -> int:
        """Import what lies there. Returns how many files were moved on."""
        found = [
            path
            for path in sorted(self._folder.iterdir())
            if path.is_file() and path.suffix != ".toml" and not path.name.startswith(".")
        ]
        return sum(self._take(path) for path in found if time.time() - path.stat().st_mtime >= SETTLED)

    def _take(self, path: Path) -> bool:
        beside = path.with_name(f"{path.name}.toml")
        try:
            mapping = beside.read_text(encoding="utf-8") if beside.exists() else ""
            asked = asked_of(self._place.house, path, mapping, "", None)
            about = follow(self._place, drop(self._place.house, asked), lambda done, total: None)
        except Exception as error:
            failure = told(error)
            if failure is None:
                raise
            self._screen.failed(failure)
            self._move(path, "refused")
            return True
        if self._screen.as_json:
            self._screen.answer(answered(about, None))
        else:
            show(about, None, self._screen)
        self._move(path, "refused" if about["state"] == "refused" else "taken")
        return True

    def _move(self, path: Path, where: str) -> None:
        target = self._folder / where
        target.mkdir(exist_ok=True)
        path.replace(target / path.name)
