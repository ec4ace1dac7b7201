"""A message with a hole in it must never be sent: `{name}` is replaced by a value that exists, or nothing is said at all."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter

from recobro.errors import InvalidInput

Quote = Callable[[str], str]


def escape(text: str) -> str:
    """`text` as HTML shows it, in content and in quoted attributes. (`html` of the library takes 4 ms of a cold start.)"""
    for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = text.replace(plain, entity)
    return text


@lru_cache(maxsize=2048)
def pieces(text: str) -> tuple[tuple[str, str], ...]:
    """Literal text and the variable after it ("" at the end). Raises InvalidInput for anything but a plain `{name}`."""
    found: list[tuple[str, str]] = []
    try:
        for literal, name, form, conversion in Formatter().parse(text):
            if name is not None and (not name.isidentifier() or form or conversion):
                raise InvalidInput(
                    "{" + name + "}", "is no variable", "write {name}, and {{ or }} for a brace itself"
                )
            found.append((literal, name or ""))
    except ValueError as error:
        raise InvalidInput(
            "body", f"{error}: {_shown(text)}", "write {name}, and {{ or }} for a brace itself"
        ) from error
    return tuple(found)


def names_in(*texts: str) -> tuple[str, ...]:
    """The variables that the texts use, each once, in order of first use."""
    return tuple(dict.fromkeys(name for text in texts for _, name in pieces(text) if name))


def fill(text: str, values: Mapping[str, str], *, quote: Quote = str) -> str:
    """`text` with every variable replaced by its value in one line. Raises InvalidInput naming the one that has none."""
    return "".join(
        quote(literal) + (quote(value_of(name, values)) if name else "") for literal, name in pieces(text)
    )


def value_of(name: str, values: Mapping[str, str]) -> str:
    """One variable on one line: the lines of a list joined by semicolons."""
    if name not in values:
        raise InvalidInput(
            "{" + name + "}", "has no value", "known: domain/variables.py; or correct the name"
        )
    return "; ".join(values[name].split("\n"))


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}…"
