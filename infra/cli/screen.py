"""What an operator sees: tables and progress for people, one JSON document for machines, and colour only where it is wanted."""

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from infra.cli.failure import Failure
from infra.cli.plain import plain

WIDE = 140
"""Columns of a table that goes to a file or a pipe, where no terminal says how wide it may be."""

Tell = Callable[[int, int | None], None]
"""(done, of how many, if known)."""


class Screen:
    """Answers go to standard output, everything else to standard error. NO_COLOR is respected (no-color.org)."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _console(stderr=False)
        self._err = _console(stderr=True)

    def answer(self, value: Any) -> None:
        """One JSON document; the only thing on standard output where `--json` was asked for."""
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")

    def say(self, text: str = "", style: str = "") -> None:
        """A line for people."""
        if not self.as_json:
            self._out.print(Text(text, style=style))

    def note(self, text: str) -> None:
        """What goes on meanwhile."""
        self._err.print(Text(text, style="dim"))

    def table(
        self,
        title: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        empty: str = "",
        right: Sequence[str] = (),
    ) -> None:
        """right: columns of figures. empty: what to say where there are no rows."""
        if self.as_json:
            return
        listed = list(rows)
        if not listed:
            if empty:
                self.say(empty)
            return
        table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for name in columns:
            table.add_column(
                name, justify="right" if name in right else "left", overflow="fold", header_style="dim"
            )
        for row in listed:
            table.add_row(*(Text(cell) for cell in row))
        self._out.print(table)
        self._out.print()

    def failed(self, failure: Failure) -> None:
        """Why nothing came of it: field, problem and fix."""
        if self.as_json:
            self.answer({"error": failure})
            return
        self._err.print(Text(f"{failure.headline}", style="bold red"))
        if failure.fix:
            self._err.print(Text(f"  {failure.fix}"))

    @contextmanager
    def progress(self, label: str) -> Iterator[Tell]:
        """A bar on a terminal; silence elsewhere."""
        shown = self._err.is_terminal and not self.as_json
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._err, transient=True, disable=not shown) as bar:
            task = bar.add_task(label, total=None)

            def tell(done: int, total: int | None = None) -> None:
                bar.update(task, completed=done, total=total)

            yield tell


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else max(WIDE, shutil.get_terminal_size((WIDE, 24)).columns)
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=width, soft_wrap=False)
