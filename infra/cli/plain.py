"""What a command found, as JSON that a program can rely on: every field present, instants in UTC, money with its currency."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any

from recobro.codec import write_instant


def plain(value: Any) -> Any:
    """`value` in JSON's own types; unlike the ledger's form, fields that hold their default stay."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name != "unknown"}
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        listed = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(one) for one in listed]
    return str(value) if isinstance(value, Path) else value
