"""What the functions write into their logs: it comes before the judges instead of on the screen."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recobro.entry import logger

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
"""What every line has; the rest is what the function had to say."""


class Lines(logging.Handler):
    """Hands each line on. reader: told of it; nobody reads before there is one."""

    reader: Callable[[str], None] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self.reader is None:
            return
        said = [
            record.getMessage(),
            *(str(value) for name, value in vars(record).items() if name not in _OWN),
        ]
        if record.exc_info is not None and record.exc_info[1] is not None:
            said.append(repr(record.exc_info[1]))
        self.reader(" ".join(said))


@contextmanager
def read_aside() -> Iterator[Lines]:
    """Every line from the level on at which functions write in production; on leaving, all is as it was."""
    lines, level, inner = Lines(), logger.log_level, logging.getLogger(logger.name)
    before, inner.handlers, inner.propagate = (inner.handlers, inner.propagate), [lines], False
    logger.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        inner.handlers, inner.propagate = before
        logger.setLevel(level)
