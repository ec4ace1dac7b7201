"""Clients may share an account: what one names in AWS by its file, no other may name too."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recobro.errors import InvalidInput


def check_neighbours(folder: Path) -> None:
    """Raises InvalidInput where a client's folder beside this one has its name, or its configuration set in the same Region."""
    own = _named(folder)
    for other in sorted(folder.parent.glob("*/client.toml")):
        if other.parent.resolve() == folder.resolve():
            continue
        for key, taken in _named(other.parent).items():
            if own.get(key) == taken:
                field, value, *_ = taken
                raise InvalidInput(
                    field,
                    f"{value!r} is {other.parent.name}'s already",
                    "give each client its own: in one account they would overwrite each other",
                    f"{folder.name}/client.toml",
                )


def _named(folder: Path) -> dict[str, tuple[str, ...]]:
    """What the file names in AWS → (field, value, Region)."""
    try:
        told = tomllib.loads((folder / "client.toml").read_text("utf-8"))
    except (OSError, ValueError):
        # A neighbour that cannot be read is that neighbour's affair; this client's own file is checked by itself.
        return {}
    return {f"{value}@{region}": (field, value, region) for field, value, region in _names(told)}


def _names(told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    region = str(told.get("region", ""))
    yield "name", str(told.get("name", "")), region
    for channel, setup in told.get("channels", {}).items():
        if setup.get("enabled") and setup.get("configuration_set"):
            yield f"channels.{channel}.configuration_set", str(setup["configuration_set"]), region
