"""A debtor's record must read back as it was written, for years: dataclasses to plain JSON and back, by their own types.

One reader serves the ledger (tolerant: what a newer release wrote is kept and written back) and a client's files
(strict: an unknown field is an error that names the field and its neighbours). It is ours because it is on every claim's
path: measured at import and per record it costs a tenth of a general validator (decision 0003).
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from recobro.errors import InvalidInput, InvariantBroken

T = TypeVar("T")
Reader = Callable[[Any, bool], Any]
"""(plain, strict) → value. A path is only put together when something is wrong, as the error passes outwards."""


def to_plain(value: Any) -> Any:
    """`value` as plain JSON types. Fields that hold their default are left out; instants end in Z."""
    return _writer(type(value))(value)


def from_plain(kind: type[T], plain: Any, *, strict: bool = False, where: str = "") -> T:
    """Read `plain` as a `kind`. strict: unknown fields are errors. Raises InvalidInput that names the field's path."""
    try:
        result: T = _reader(kind)(plain, strict)
    except InvalidInput as error:
        error.where = error.where or where
        raise
    except InvariantBroken as error:
        raise InvalidInput(field="", problem=str(error), where=where) from error
    return result


def write_instant(value: datetime) -> str:
    """ISO 8601 in UTC with microseconds only where there are any."""
    return value.isoformat().replace("+00:00", "Z")


_WRITERS: dict[Any, Callable[[Any], Any]] = {}
_READERS: dict[Any, Reader] = {}
"""Made once a type: what a record looks like doesn't change while we run."""


AS_THEY_ARE = frozenset({str, int, bool})
"""What is plain already: most of a record, and each of them would be a call."""


def _writer(kind: type) -> Callable[[Any], Any]:
    if kind not in _WRITERS:
        _WRITERS[kind] = _make_writer(kind)
    return _WRITERS[kind]


def _reader(kind: Any) -> Reader:
    if kind not in _READERS:
        _READERS[kind] = _make_reader(kind)
    return _READERS[kind]


def _make_writer(kind: Any) -> Callable[[Any], Any]:
    if is_dataclass(kind):
        return _record_writer(kind)
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return write_instant
    if issubclass(kind, date | time):
        return lambda value: value.isoformat()
    if issubclass(kind, Mapping):
        return lambda value: {key: to_plain(one) for key, one in value.items()}
    if issubclass(kind, frozenset | set):
        return lambda value: sorted(to_plain(one) for one in value)
    if issubclass(kind, Sequence) and not issubclass(kind, str):
        return lambda value: [to_plain(one) for one in value]
    if kind is float:
        raise InvariantBroken("no float is ever recorded: amounts are whole minor units")
    return lambda value: value


def _record_writer(kind: Any) -> Callable[[Any], Any]:
    parts = [(one.name, _default_of(one)) for one in fields(kind) if one.name != "unknown"]
    keeps_unknown = any(one.name == "unknown" for one in fields(kind))

    def write(value: Any) -> dict[str, Any]:
        plain: dict[str, Any] = dict(value.unknown) if keeps_unknown else {}
        for name, default in parts:
            part = getattr(value, name)
            if part != default or default is MISSING:
                kind = type(part)
                plain[name] = part if kind in AS_THEY_ARE else _writer(kind)(part)
        return plain

    return write


def _default_of(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    if one.default_factory is not MISSING:
        return one.default_factory()
    return MISSING


def _make_reader(kind: Any) -> Reader:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional_reader(args)
    if origin is tuple:
        return _tuple_reader(args[0])
    if origin is frozenset:
        inner = _tuple_reader(args[0])
        return lambda plain, strict: frozenset(inner(plain, strict))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(args[1])
    if kind is Any:
        return lambda plain, strict: plain
    if is_dataclass(kind):
        return _record_reader(kind)
    if issubclass(kind, Enum):
        return _enum_reader(kind)
    if kind in _SCALARS:
        return _SCALARS[kind]
    raise InvariantBroken(f"{kind!r} cannot be read from a record")


def _optional_reader(args: tuple[Any, ...]) -> Reader:
    inner = _reader(next(arg for arg in args if arg is not type(None)))
    return lambda plain, strict: None if plain is None else inner(plain, strict)


def _tuple_reader(item: Any) -> Reader:
    inner = _reader(item)

    def read(plain: Any, strict: bool) -> tuple[Any, ...]:
        if not isinstance(plain, list | tuple):
            raise InvalidInput("", f"is {_shown(plain)}", "write a list: [ … ]")
        values = []
        for one in plain:
            try:
                values.append(inner(one, strict))
            except InvalidInput as error:
                raise _within(f"[{len(values)}]", error) from error.__cause__
        return tuple(values)

    return read


def _mapping_reader(item: Any) -> Reader:
    inner = _reader(item)

    def read(plain: Any, strict: bool) -> dict[str, Any]:
        if not isinstance(plain, Mapping):
            raise InvalidInput("", f"is {_shown(plain)}", "write a table of names and values")
        values = {}
        for key, one in plain.items():
            try:
                values[str(key)] = inner(one, strict)
            except InvalidInput as error:
                raise _within(str(key), error) from error.__cause__
        return values

    return read


def _enum_reader(kind: type[Enum]) -> Reader:
    members = {member.value: member for member in kind}
    choice = ", ".join(str(value) for value in members)

    def read(plain: Any, strict: bool) -> Enum:
        try:
            return members[plain]
        except (KeyError, TypeError):
            raise InvalidInput("", f"is {_shown(plain)}", f"one of: {choice}") from None

    return read


def _record_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    known = {one.name: _reader(hints[one.name]) for one in fields(kind) if one.name != "unknown"}
    as_they_are = {name: hints[name] for name in known if hints[name] in AS_THEY_ARE}
    required = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    needed = frozenset(required)
    keeps_unknown = "unknown" in hints

    def read(plain: Any, strict: bool) -> Any:
        if type(plain) is not dict and not isinstance(plain, Mapping):
            raise InvalidInput(
                "", f"is {_shown(plain)}", f"write a table with {', '.join(required) or 'fields'}"
            )
        values: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        for key, one in plain.items():
            if type(one) is as_they_are.get(key):
                values[key] = one
                continue
            reader = known.get(key)
            if reader is None:
                extra[key] = one
                continue
            try:
                values[key] = reader(one, strict)
            except InvalidInput as error:
                raise _within(key, error) from error.__cause__
        if extra and strict:
            raise _unknown_field(next(iter(extra)), known)
        if not values.keys() >= needed:
            missing = next(name for name in required if name not in values)
            raise InvalidInput(missing, "is missing", "add it")
        if extra and keeps_unknown:
            values["unknown"] = extra
        return kind(**values)

    return read


def _within(name: str, error: InvalidInput) -> InvalidInput:
    """The same error, its field's path one step longer."""
    joint = "" if not error.field or error.field.startswith("[") else "."
    error.field = f"{name}{joint}{error.field}"
    return error


def _unknown_field(name: str, known: Mapping[str, Reader]) -> InvalidInput:
    from difflib import get_close_matches  # a millisecond at a cold start that only a wrong file is worth

    close = get_close_matches(name, known, n=1)
    fix = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(known)}"
    return InvalidInput(name, "is not a known field", fix)


def _scalar(kind: type, words: str) -> Reader:
    def read(plain: Any, strict: bool) -> Any:
        if type(plain) is kind:
            return plain
        raise InvalidInput("", f"is {_shown(plain)}", f"write {words}")

    return read


def _iso(kind: type[date] | type[datetime] | type[time], words: str) -> Reader:
    def read(plain: Any, strict: bool) -> Any:
        if type(plain) is kind:
            return plain
        try:
            value = kind.fromisoformat(plain)
        except (TypeError, ValueError):
            raise InvalidInput("", f"is {_shown(plain)}", f"write {words}") from None
        if isinstance(value, datetime) and value.tzinfo is None:
            raise InvalidInput("", f"is {_shown(plain)}, without a time zone", f"write {words}")
        return value

    return read


_SCALARS: dict[Any, Reader] = {
    str: _scalar(str, "text in quotes"),
    int: _scalar(int, "a whole number"),
    bool: _scalar(bool, "true or false"),
    datetime: _iso(datetime, "an instant with zone, 2026-11-22T14:00:00Z"),
    date: _iso(date, "a date, 2026-11-22"),
    time: _iso(time, "a time of day, 09:00"),
}


def _shown(plain: Any) -> str:
    text = repr(plain)
    return text if len(text) <= 60 else text[:57] + "…"
