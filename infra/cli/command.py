"""What every command of `recobro` is made of, so that each stays a small file with its own examples."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from infra.cli.place import Here
from infra.cli.screen import Screen


class Plain(argparse.RawDescriptionHelpFormatter):
    """Help as it was written: examples keep their lines."""


@dataclass(frozen=True)
class Command:
    """run returns the exit code. has_place: it works on a client's table, here or in AWS (`--local`, `--profile`)."""

    name: str
    summary: str
    examples: tuple[str, ...]
    options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Screen, Here], int]
    has_place: bool = True
