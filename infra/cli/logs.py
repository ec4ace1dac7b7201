"""What functions log belongs into a file beside the state, not between the lines of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recobro.entry import logger


@contextmanager
def logs_in(path: Path) -> Iterator[None]:
    """While this lasts, the functions that run in this process log into `path`."""
    handler = logger.registered_handler
    with path.open("a", encoding="utf-8") as log:
        before = handler.setStream(log)  # type: ignore[attr-defined]
        try:
            yield
        finally:
            handler.setStream(before)  # type: ignore[attr-defined]
