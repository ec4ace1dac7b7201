"""Which events a rule or an event source wants: EventBridge's pattern language, of which only the documented part passes.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

import operator
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from infra.local.refusal import Refused

_OPERATORS = {"prefix", "suffix", "equals-ignore-case", "anything-but", "exists", "numeric", "wildcard"}


def check_pattern(pattern: Mapping[str, Any], where: str) -> None:
    """Raises Refused when the pattern holds an operator that is not evaluated here."""
    for key, wanted in pattern.items():
        if key.startswith("$"):
            raise Refused(f"{where}.{key}", "is not evaluated here")
        if isinstance(wanted, Mapping):
            check_pattern(wanted, f"{where}.{key}")
            continue
        for one in wanted:
            unknown = set(one) - _OPERATORS if isinstance(one, Mapping) else set()
            if unknown:
                raise Refused(f"{where}.{key}", f"operator {min(unknown)} is not evaluated here")


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether every field of the pattern accepts the event's value there."""
    return all(_field_matches(wanted, event, key) for key, wanted in pattern.items())


def _field_matches(wanted: Any, event: Mapping[str, Any], key: str) -> bool:
    if isinstance(wanted, Mapping):
        child = event.get(key)
        return isinstance(child, Mapping) and matches(wanted, child)
    actual = event.get(key)
    values = actual if isinstance(actual, list) else [actual]
    return any(_accepts(one, value, present=key in event) for one in wanted for value in values)


def _accepts(wanted: Any, value: Any, *, present: bool) -> bool:
    if not isinstance(wanted, Mapping):
        return present and value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
    ((name, operand),) = wanted.items()
    if name == "exists":
        return present is bool(operand)
    if not present:
        return False
    if name == "anything-but":
        unwanted = operand if isinstance(operand, list) else [operand]
        return not any(_accepts(one, value, present=True) for one in unwanted)
    if name == "numeric":
        return isinstance(value, int | float) and not isinstance(value, bool) and _within(value, operand)
    return isinstance(value, str) and _text_accepts(name, operand, value)


def _text_accepts(name: str, operand: Any, value: str) -> bool:
    if isinstance(operand, Mapping):
        operand, value = operand["equals-ignore-case"].lower(), value.lower()
    match name:
        case "prefix":
            return value.startswith(operand)
        case "suffix":
            return value.endswith(operand)
        case "wildcard":
            return fnmatchcase(value, operand.replace("[", "[[]").replace("?", "[?]"))
        case _:
            return value.lower() == str(operand).lower()


_COMPARE = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def _within(value: float, bounds: list[Any]) -> bool:
    return all(_COMPARE[sign](value, bound) for sign, bound in zip(bounds[::2], bounds[1::2], strict=True))
