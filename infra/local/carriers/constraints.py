"""What a service's model demands of a request and boto3 does not check: lengths, patterns, enumerations, upper bounds."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

_VALIDATOR = ParamValidator()


def complaints(shape: Shape | None, params: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameters, in the model's words; empty when nothing is."""
    if shape is None:
        return [f"unknown member {name}" for name in params]
    report = _VALIDATOR.validate(params, shape)
    if report.has_errors():
        return str(report.generate_report()).splitlines()
    return list(_complaints(shape, params, ""))


def _complaints(shape: Shape, value: Any, where: str) -> Iterator[str]:
    yield from _own(shape, value, where or shape.name)
    if isinstance(shape, StructureShape):
        for name, child in value.items():
            yield from _complaints(shape.members[name], child, f"{where}.{name}".lstrip("."))
    elif isinstance(shape, ListShape):
        for at, child in enumerate(value):
            yield from _complaints(shape.member, child, f"{where}[{at}]")
    elif isinstance(shape, MapShape):
        for key, child in value.items():
            yield from _complaints(shape.key, key, f"{where} key")
            yield from _complaints(shape.value, child, f"{where}.{key}")


def _own(shape: Shape, value: Any, where: str) -> Iterator[str]:
    limits = shape.metadata
    if shape.type_name in ("string", "blob", "list", "map"):
        size, unit = len(value), "items" if shape.type_name in ("list", "map") else "long"
    elif shape.type_name in ("integer", "long", "float", "double"):
        size, unit = value, ""
    else:
        return
    if "min" in limits and size < limits["min"]:
        yield f"{where} is {size} {unit}, the least is {limits['min']}"
    if "max" in limits and size > limits["max"]:
        yield f"{where} is {size} {unit}, the most is {limits['max']}"
    if shape.type_name == "string":
        if limits.get("enum") and value not in limits["enum"]:
            yield f"{where} is {value!r}, not one of {limits['enum']}"
        if "pattern" in limits and not _pattern(limits["pattern"]).fullmatch(value):
            yield f"{where} is {value!r}, which does not fit {limits['pattern']}"


@lru_cache(maxsize=256)
def _pattern(written: str) -> re.Pattern[str]:
    """A model's pattern binds the whole value. It is written for Java, whose classes of letters have other names here."""
    return re.compile(written.replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d"))
