"""What a policy document of the template allows: AWS's evaluation for the few features that our policies use.

An element, operator or key that this evaluator does not know is refused when the template is read, never skipped.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from infra.local.refusal import Refused

Context = Mapping[str, str | Sequence[str]]
"""Condition keys of one request, e.g. {"ses:FromAddress": "a@example.com"}."""


@dataclass(frozen=True)
class Statement:
    """One statement. `principals` are given in resource policies only: account ids, ARNs, service names or `*`."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    except_resources: bool = False
    principals: tuple[str, ...] = ()
    where: str = ""

    def covers(self, action: str, resource: str, context: Context) -> bool:
        """Whether the statement is about this request."""
        return self.names(action, resource) and self.conditions_met(context)

    def names(self, action: str, resource: str) -> bool:
        """Whether it speaks of that action on that resource, whatever its conditions."""
        if not any(_like(pattern.lower(), action.lower()) for pattern in self.actions):
            return False
        named = any(overlaps(pattern, resource) for pattern in self.resources)
        return named != self.except_resources

    def conditions_met(self, context: Context) -> bool:
        return all(_met(operator, context.get(key), values) for operator, key, values in self.conditions)


@dataclass(frozen=True)
class Policy:
    """The statements that apply together to one role."""

    statements: tuple[Statement, ...] = field(default=())
    _naming: dict[tuple[str, str], tuple[Statement, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """The statements that speak of an action on a resource, kept: a run asks the same few thousands of times."""

    def decide(self, action: str, resource: str, context: Context) -> Statement | None:
        """The statement that allows the request. None: nothing allows it, or something denies it."""
        if (action, resource) not in self._naming:
            self._naming[action, resource] = tuple(
                one for one in self.statements if one.names(action, resource)
            )
        covering = [one for one in self._naming[action, resource] if one.conditions_met(context)]
        if any(not statement.allows for statement in covering):
            return None
        return next(iter(covering), None)


_KNOWN = {"Sid", "Effect", "Action", "Resource", "NotResource", "Condition", "Principal"}


def statements(document: Mapping[str, Any], where: str) -> tuple[Statement, ...]:
    """The statements of a resolved policy document."""
    return tuple(
        _statement(raw, f"{where}.Statement[{at}]") for at, raw in enumerate(_listed(document["Statement"]))
    )


def _statement(raw: Mapping[str, Any], where: str) -> Statement:
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise Refused(where, f"{', '.join(unknown)} in a policy is not evaluated here")
    conditions = [
        (_operator(operator, where), key, tuple(str(value) for value in _listed(values)))
        for operator, keys in raw.get("Condition", {}).items()
        for key, values in keys.items()
    ]
    return Statement(
        allows=raw["Effect"] == "Allow",
        actions=tuple(_listed(raw["Action"])),
        resources=tuple(_listed(raw.get("Resource", raw.get("NotResource", "*")))),
        conditions=tuple(conditions),
        except_resources="NotResource" in raw,
        principals=tuple(_principals(raw.get("Principal", ()))),
        where=where,
    )


def _principals(raw: Any) -> Iterable[str]:
    if isinstance(raw, Mapping):
        for named in raw.values():
            yield from _listed(named)
    else:
        yield from _listed(raw)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _operator(name: str, where: str) -> str:
    if name.removesuffix("IfExists").split(":")[-1] not in _COMPARE:
        raise Refused(where, f"condition operator {name} is not evaluated here")
    return name


def _equal(pattern: str, value: str) -> bool:
    return pattern == value


def _same_truth(pattern: str, value: str) -> bool:
    return pattern.lower() == value.lower()


def _like(pattern: str, value: str) -> bool:
    return pattern == value or _glob(pattern).fullmatch(value) is not None


_COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": _same_truth,
}


def _met(operator: str, actual: str | Sequence[str] | None, wanted: tuple[str, ...]) -> bool:
    quantifier, _, rest = operator.rpartition(":")
    compare = _COMPARE[rest.removesuffix("IfExists")]
    if actual is None:
        # AWS holds a condition "for all values" to be met where there is no value.
        return operator.endswith("IfExists") or quantifier == "ForAllValues"
    values = (actual,) if isinstance(actual, str) else actual
    hits = [any(compare(pattern, value) for pattern in wanted) for value in values]
    return all(hits) if quantifier == "ForAllValues" else any(hits)


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(
        "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    )


@lru_cache(maxsize=65536)
def overlaps(pattern: str, resource: str) -> bool:
    """Whether a policy's resource pattern names the resource. A `*` in `resource` stands for a part we cannot know."""
    if "*" not in resource:
        return _like(pattern, resource)
    return _meet(pattern, resource)


def _meet(one: str, other: str) -> bool:
    """Whether two patterns have a name in common."""
    if not one and not other:
        return True
    if one[:1] == "*":
        return _meet(one[1:], other) or (bool(other) and _meet(one, other[1:]))
    if other[:1] == "*":
        return _meet(other, one)
    return (
        bool(one and other)
        and (one[0] == other[0] or "?" in (one[0], other[0]))
        and _meet(one[1:], other[1:])
    )
