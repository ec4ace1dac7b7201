"""What names a person is written for whoever asked for it, and for nobody else on that machine."""

import os
import stat
from pathlib import Path
from typing import IO, Any


def for_its_owner(path: Path, mode: str = "w") -> IO[Any]:
    """`path` opened to be written anew, readable by its owner alone, also where it was there before for others to read.

    mode: "w" (UTF-8, line breaks as given) or "wb". A pipe or a terminal stays as it is.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.fchmod(descriptor, 0o600)
    return (
        os.fdopen(descriptor, mode)
        if "b" in mode
        else os.fdopen(descriptor, mode, encoding="utf-8", newline="")
    )
