"""One file of a client's folder, read strictly: what is not understood is an error that names its line."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from infra.playbook.lines import line_of
from recobro.codec import from_plain
from recobro.errors import InvalidInput

T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """name: as people call it, "demo/strategy.toml"."""

    name: str
    text: str

    def read(self, kind: type[T]) -> T:
        """The file as `kind`. Raises InvalidInput with file and line."""
        try:
            return from_plain(kind, tomllib.loads(self.text), strict=True)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f"{self.name}:{line.group(1)}" if line else self.name
            raise InvalidInput("TOML", str(error), "correct that line", where) from error
        except InvalidInput as error:
            raise self.problem(error.field, error.problem, error.fix) from error

    def problem(self, field: str, problem: str, fix: str) -> InvalidInput:
        """What is wrong with a field, at its line."""
        line = line_of(self.text, field)
        return InvalidInput(field, problem, fix, f"{self.name}:{line}" if line else self.name)


def source(folder: Path, path: str) -> Source:
    """Raises InvalidInput when the file is missing or not UTF-8."""
    name = f"{folder.name}/{path}"
    try:
        return Source(name, (folder / path).read_text("utf-8"))
    except FileNotFoundError:
        raise InvalidInput("file", "does not exist", f"write {path}", name) from None
    except UnicodeDecodeError as error:
        raise InvalidInput("file", f"is not UTF-8: {error}", "save it as UTF-8", name) from error
