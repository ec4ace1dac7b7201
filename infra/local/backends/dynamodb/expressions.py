"""DynamoDB's expressions, read once and then applied as functions: conditions, key conditions and updates.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

Item = dict[str, Any]
Names = Mapping[str, str]
Values = Mapping[str, Any]
Operand = Callable[[Item, Names, Values], Any]
Condition = Callable[[Item, Names, Values], bool]
Change = Callable[[Item, Item, Names, Values], None]
"""(the item to change, the item as it was, names, values): an update reads only what was there before it."""

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+.-]|[#:]\w+|[A-Za-z_]\w*)")


class Malformed(ValueError):
    """An expression that this implementation cannot read."""


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise Malformed(f"cannot read {text[at:]!r}")
            self.tokens.append(found[1])
            at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if wanted and token.upper() != wanted:
            raise Malformed(f"{wanted} expected, {token!r} found")
        self.at += 1
        return token

    def has(self, word: str) -> bool:
        if self.peek().upper() == word:
            self.at += 1
            return True
        return False


@lru_cache(maxsize=1024)
def condition(text: str) -> Condition:
    """A condition as a function of an item."""
    reader = _Reader(text)
    read = _either(reader)
    if reader.peek():
        raise Malformed(f"{reader.peek()!r} is left over in {text!r}")
    return read


def _either(reader: _Reader) -> Condition:
    parts = [_both(reader)]
    while reader.has("OR"):
        parts.append(_both(reader))
    return parts[0] if len(parts) == 1 else lambda i, n, v: any(part(i, n, v) for part in parts)


def _both(reader: _Reader) -> Condition:
    parts = [_single(reader)]
    while reader.has("AND"):
        parts.append(_single(reader))
    return parts[0] if len(parts) == 1 else lambda i, n, v: all(part(i, n, v) for part in parts)


def _single(reader: _Reader) -> Condition:
    if reader.has("NOT"):
        inner = _single(reader)
        return lambda i, n, v: not inner(i, n, v)
    if reader.has("("):
        inside = _either(reader)
        reader.take(")")
        return inside
    word = reader.peek().lower()
    if word in {"attribute_exists", "attribute_not_exists", "begins_with", "contains"}:
        return _function(reader, reader.take().lower())
    left = operand(reader)
    if reader.has("BETWEEN"):
        low = operand(reader)
        reader.take("AND")
        high = operand(reader)
        return lambda i, n, v: (
            _order(left(i, n, v), low(i, n, v)) in (0, 1) and _order(left(i, n, v), high(i, n, v)) in (0, -1)
        )
    return _compared(left, reader.take(), operand(reader))


def _compared(left: Operand, sign: str, right: Operand) -> Condition:
    wanted = {"=": {0}, "<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0}}.get(sign)
    if sign == "<>":
        return lambda i, n, v: _order(left(i, n, v), right(i, n, v)) != 0
    if wanted is None:
        raise Malformed(f"{sign!r} compares nothing")
    return lambda i, n, v: _order(left(i, n, v), right(i, n, v)) in wanted


def _function(reader: _Reader, name: str) -> Condition:
    reader.take("(")
    path = operand(reader)
    if name == "attribute_exists":
        reader.take(")")
        return lambda i, n, v: path(i, n, v) is not None
    if name == "attribute_not_exists":
        reader.take(")")
        return lambda i, n, v: path(i, n, v) is None
    reader.take(",")
    other = operand(reader)
    reader.take(")")

    def holds(item: Item, names: Names, values: Values) -> bool:
        held, sought = path(item, names, values), other(item, names, values)
        if held is None:
            return False
        ((kind, content),) = held.items()
        ((_, wanted),) = sought.items()
        if name == "begins_with":
            return kind in ("S", "B") and bool(content.startswith(wanted))
        return sought in content if kind == "L" else wanted in content

    return holds


def operand(reader: _Reader) -> Operand:
    """A value, or the path of an attribute: None where the item has none."""
    if reader.peek().startswith(":"):
        token = reader.take()
        return lambda i, n, v: v[token]
    steps = path_of(reader)
    return lambda i, n, v: found(i, steps, n)


def path_of(reader: _Reader) -> tuple[str, ...]:
    steps = [reader.take()]
    while reader.has("."):
        steps.append(reader.take())
    return tuple(steps)


def found(item: Item, steps: tuple[str, ...], names: Names) -> Any:
    """The attribute at a path, or None."""
    here: Any = item.get(names.get(steps[0], steps[0]))
    for step in steps[1:]:
        if here is None or "M" not in here:
            return None
        here = here["M"].get(names.get(step, step))
    return here


def _order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None for what is missing or of another type."""
    if left is None or right is None:
        return None
    ((kind, one),) = left.items()
    ((other_kind, other),) = right.items()
    if kind != other_kind:
        return None
    if kind == "N":
        one, other = Decimal(one), Decimal(other)
    if one == other:
        return 0
    return (-1 if one < other else 1) if kind in ("S", "N", "B") else None


@lru_cache(maxsize=256)
def update(text: str) -> tuple[Change, ...]:
    """An update's clauses as functions."""
    reader = _Reader(text)
    changes: list[Change] = []
    while reader.peek():
        clause = reader.take().upper()
        read = {"SET": _set, "REMOVE": _remove, "ADD": _add}.get(clause)
        if read is None:
            raise Malformed(f"no clause {clause!r}")
        changes.append(read(reader))
        while reader.has(","):
            changes.append(read(reader))
    return tuple(changes)


def _set(reader: _Reader) -> Change:
    steps = path_of(reader)
    reader.take("=")
    value = _sum(reader)

    def change(item: Item, before: Item, names: Names, values: Values) -> None:
        put(item, steps, names, value(before, names, values))

    return change


def _sum(reader: _Reader) -> Operand:
    left = _term(reader)
    if reader.peek() not in {"+", "-"}:
        return left
    sign = reader.take()
    right = _term(reader)

    def total(item: Item, names: Names, values: Values) -> Any:
        one, other = (Decimal(part(item, names, values)["N"]) for part in (left, right))
        return {"N": str(one + other if sign == "+" else one - other)}

    return total


def _term(reader: _Reader) -> Operand:
    if reader.peek().lower() != "if_not_exists":
        return operand(reader)
    reader.take()
    reader.take("(")
    path = operand(reader)
    reader.take(",")
    otherwise = operand(reader)
    reader.take(")")

    def value(item: Item, names: Names, values: Values) -> Any:
        held = path(item, names, values)
        return held if held is not None else otherwise(item, names, values)

    return value


def _remove(reader: _Reader) -> Change:
    steps = path_of(reader)

    def change(item: Item, before: Item, names: Names, values: Values) -> None:
        put(item, steps, names, None)

    return change


def _add(reader: _Reader) -> Change:
    steps = path_of(reader)
    value = operand(reader)

    def change(item: Item, before: Item, names: Names, values: Values) -> None:
        ((kind, more),) = value(before, names, values).items()
        held = found(before, steps, names)
        if kind in {"SS", "NS", "BS"}:
            members = {*(held[kind] if held else ()), *more}
            put(item, steps, names, {kind: sorted(members)})
        else:
            put(item, steps, names, {"N": str(Decimal(held["N"] if held else "0") + Decimal(more))})

    return change


def put(item: Item, steps: tuple[str, ...], names: Names, value: Any) -> None:
    """Set the attribute at a path; None removes it."""
    *outer, last = (names.get(step, step) for step in steps)
    here = item
    for name in outer:
        if name not in here or "M" not in here[name]:
            raise Malformed("The document path provided in the update expression is invalid for update")
        # What is shared with the item as it was is copied on the way down.
        here[name] = {"M": dict(here[name]["M"])}
        here = here[name]["M"]
    if value is None:
        here.pop(last, None)
    else:
        here[last] = value
