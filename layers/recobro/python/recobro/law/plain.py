"""A pack travels as JSON from synthesis to the Lambdas and is kept by its hash, so that an old decision can
be read again.

Encoding and decoding follow the annotations of the values; what JSON lacks is written as text (dates)
and lists.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from recobro.errors import InvalidInput
from recobro.law.pack import Pack
from recobro.law.value import MISSING, Value

V = TypeVar("V", bound=Value)
Convert = Callable[[Any], Any]


class _Wrong(Exception):
    """What is wrong with a value, and the fix."""


def encode(value: Any) -> Any:
    """A value of the pack's types in JSON's own types; sets come out sorted."""
    if isinstance(value, Value):
        return {
            name: encode(getattr(value, name))
            for name, (_, default) in value.FIELDS.items()
            if default is MISSING or getattr(value, name) != default
        }
    if isinstance(value, frozenset):
        return sorted(encode(item) for item in value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def decode(cls: type[V], raw: Mapping[str, Any], where: str = "") -> V:
    """A value from plain fields. Raises InvalidInput naming `where`, the rule, the field and the fix."""
    shape: Any = cls
    table = _table(shape)
    label = raw.get("id") if isinstance(raw.get("id"), str) else ""
    prefix = f"{label}." if label else ""
    for name in raw:
        if name not in table:
            raise InvalidInput(
                prefix + name, "unknown field", f"known here: {', '.join(sorted(table))}", where
            )
    values = {}
    for name, (convert, required) in table.items():
        if name in raw:
            try:
                values[name] = convert(raw[name])
            except _Wrong as wrong:
                raise InvalidInput(prefix + name, str(wrong.args[0]), str(wrong.args[1]), where) from None
            except InvalidInput as error:
                error.where = error.where or where
                raise
        elif required:
            raise InvalidInput(prefix + name, "is missing", f"write {name} = …", where)
    return cls(**values)


@lru_cache(maxsize=64)
def _table(cls: type[Value]) -> dict[str, tuple[Convert, bool]]:
    return {name: (_converter(kind), default is MISSING) for name, (kind, default) in cls.FIELDS.items()}


def _converter(kind: Any) -> Convert:
    if isinstance(kind, UnionType):
        inner = next(_converter(arg) for arg in get_args(kind) if arg is not NoneType)
        return lambda value: None if value is None else inner(value)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (tuple, frozenset):
        pair = origin is tuple and len(args) == 2 and args[1] is not Ellipsis
        item = _converter(args[0])
        return lambda value: origin([item(each) for each in _list(value, exactly=2 if pair else None)])
    if issubclass(kind, Value):
        return lambda value: decode(kind, _mapping(value))
    if issubclass(kind, Enum):
        return lambda value: _member(kind, value)
    return _date if kind is date else lambda value: _plainly(kind, value)


def _list(value: Any, exactly: int | None) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _Wrong(f"must be a list, not {value!r}", "put it in [ ]")
    if exactly is not None and len(value) != exactly:
        raise _Wrong(f"must have {exactly} items, not {len(value)}", "write a pair")
    return list(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Wrong(f"must be a table, not {value!r}", "write it as a table with named fields")
    return value


def _member(kind: Any, value: Any) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise _Wrong(f"{value!r} is not known", f"one of {', '.join(kind)}") from None


def _date(value: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Wrong(f"{value!r} is not a date", "write it as 2026-01-31, without quotes") from None


def _plainly(kind: Any, value: Any) -> Any:
    if type(value) is not kind:
        raise _Wrong(f"must be {kind.__name__}, not {value!r}", f"write it as {kind.__name__}")
    return value


def pack_to_plain(pack: Pack) -> dict[str, Any]:
    """A pack in JSON's own types; fields at their default are left out."""
    plain: dict[str, Any] = encode(pack)
    return plain


def pack_from_plain(plain: Mapping[str, Any]) -> Pack:
    """The pack that `pack_to_plain` wrote. Raises InvalidInput. It trusts what `law.load` checked before
    compiling.
    """
    return decode(Pack, plain, str(plain.get("id", "pack")))


def pack_hash(pack: Pack) -> str:
    """The content address of a pack: SHA-256, hex, of its canonical JSON, forbidden words included."""
    text = json.dumps(pack_to_plain(pack), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
