"""Starts the auditor as a folder (`python infra/auditor …`), wherever that folder was copied to, or as a module."""

import importlib
import sys
from pathlib import Path

if __package__:
    from .command import main
else:
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    main = importlib.import_module(f"{here.name}.command").main

if __name__ == "__main__":
    sys.exit(main())
