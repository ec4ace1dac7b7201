"""How large DynamoDB takes an item to be, which is what it charges by.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

WRITE_UNIT = 1024
READ_UNIT = 4096


def item_bytes(item: Mapping[str, Any]) -> int:
    """Names and values, UTF-8. Values as boto3's client takes them, e.g. {"pk": {"S": "a"}}, or as the wire does."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def write_units(size: int) -> int:
    """Units for writing an item of that many bytes; at least one."""
    return max(1, ceil(size / WRITE_UNIT))


def read_units(size: int, *, consistent: bool) -> float:
    """Units for reading that many bytes; half when the read may be stale; at least one step."""
    return max(1, ceil(size / READ_UNIT)) * (1.0 if consistent else 0.5)


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return _number_bytes(held)
        case "B":
            return _binary_bytes(held)
        case "SS":
            return sum(len(one.encode()) for one in held)
        case "NS":
            return sum(_number_bytes(one) for one in held)
        case "BS":
            return sum(_binary_bytes(one) for one in held)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(child) for name, child in held.items())
        case "L":
            return 3 + sum(1 + _value_bytes(child) for child in held)
        case _:
            return 1


def _binary_bytes(held: bytes | str) -> int:
    """On the wire a binary is Base64 text: four characters for three bytes."""
    return len(held) * 3 // 4 - held.count("=") if isinstance(held, str) else len(held)


def _number_bytes(text: str) -> int:
    """Two significant digits a byte, zeros at either end left out, and one byte more; a sign costs another."""
    digits = text.lstrip("+-").lower().partition("e")[0].replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1 + text.startswith("-")
