"""A newcomer's first minute: weeks of believable work on an invented portfolio, and a page that shows what came of it."""

import argparse

from infra.cli.command import Command
from infra.cli.place import Here
from infra.cli.screen import Screen


def options(parser: argparse.ArgumentParser) -> None:
    pass


def run(arguments: argparse.Namespace, screen: Screen, here: Here) -> int:
    return 0


COMMAND = Command("demo", "x", (), options, run, has_place=False)
