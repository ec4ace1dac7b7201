"""The file behind a kept deployment: a line is on its way to the disk before the request that made it is answered."""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.local.keeping.state import Line

SMALLEST_TO_COMPACT = 64 * 1024 * 1024
"""Bytes."""


class Journal:
    """Append-only lines. It survives the death of the process at any instant, though not a power cut."""

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError when another process keeps the same folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "journal.jsonl"
        self._lock = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise RuntimeError(f"another process keeps {folder}") from error
        self._file = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._bytes = self._path.stat().st_size
        self._limit = SMALLEST_TO_COMPACT
        self.count = 0
        """Lines so far."""

    def append(self, line: Line) -> None:
        """Add a line."""
        data = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        os.write(self._file, data)
        self._bytes += len(data)
        self.count += 1

    def read(self) -> Iterator[Line]:
        """Every line. One that the process died in the middle of was never answered for, and is left out."""
        with self._path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                yield json.loads(raw)

    @property
    def is_long(self) -> bool:
        """Whether it is worth writing anew."""
        return self._bytes > self._limit

    def replace(self, lines: Iterable[Line]) -> None:
        """Write it anew, all or nothing."""
        fresh = self._path.with_suffix(".new")
        count = 0
        # It holds secrets: whatever the folder lets others read, this is the operator's alone.
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            for line in lines:
                file.write(json.dumps(line, separators=(",", ":")) + "\n")
                count += 1
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        os.close(self._file)
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        self._bytes = self._path.stat().st_size
        self._limit = max(SMALLEST_TO_COMPACT, 2 * self._bytes)
        self.count = count

    def close(self) -> None:
        os.close(self._file)
        self._lock.close()
