"""A law has some thirty kinds of rule, and a Lambda that wakes up to send one message must not spend its time
defining them.

Thirty frozen dataclasses cost 14 ms of import (each compiles its own methods); these share theirs: under 1
ms.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform

MISSING: Any = object()


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Value:
    """A frozen value whose fields are its annotations, given by name; like a frozen, keyword-only dataclass."""

    FIELDS: ClassVar[Mapping[str, tuple[Any, Any]]] = {}
    """field → (annotation, default or MISSING), inherited fields first."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        own = {
            name: (kind, cls.__dict__.get(name, MISSING))
            for name, kind in cls.__annotations__.items()
            if not name.isupper()
        }
        cls.FIELDS = {**cls.FIELDS, **own}

    def __init__(self, **values: Any) -> None:
        fields = self.FIELDS
        for name in values:
            if name not in fields:
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
        for name, (_, default) in fields.items():
            if name not in values:
                if default is MISSING:
                    raise TypeError(f"{type(self).__name__} needs {name!r}")
                values[name] = default
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be deleted")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        """By id alone, which is cheap: values are keys of caches, and equality tells two of one id apart."""
        return hash(self.__dict__.get("id", ""))

    def __repr__(self) -> str:
        known = self.__dict__
        shown = known["id"] if "id" in known else ", ".join(f"{name}={known[name]!r}" for name in known)
        return f"{type(self).__name__}({shown})"

    def but(self, **changes: Any) -> Self:
        """The same value with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})
