"""Who reads an error wants the line, not a path: finds where in a TOML file a field stands."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+(?:\s*\.\s*[\w-]+)*)\s*=""")


def line_of(text: str, path: str) -> int:
    """The line (from 1) of `stages[2].steps[0].template`, or of the nearest table around it; 0 when nothing of it is there."""
    places = _places(text)
    while path:
        if path in places:
            return places[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return 0


def _places(text: str) -> dict[str, int]:
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, inside = "", ""
    for number, line in enumerate(text.split("\n"), start=1):
        quotes = line.count('"""') + line.count("'''")
        if inside:
            inside = "" if quotes % 2 else inside
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _table(header.group(2), counts, is_list=header.group(1) == "[[")
            places.setdefault(table, number)
        elif key:
            name = re.sub(r"\s", "", key.group(1)).strip("\"'")
            places.setdefault(f"{table}.{name}".lstrip("."), number)
            inside = "string" if quotes % 2 else ""
    return places


def _table(written: str, counts: dict[str, int], *, is_list: bool) -> str:
    """The header's path with the index of each list of tables on its way."""
    path = ""
    names = [name.strip().strip("\"'") for name in written.split(".")]
    for position, name in enumerate(names):
        path = f"{path}.{name}".lstrip(".")
        if position == len(names) - 1 and is_list:
            counts[path] = counts.get(path, -1) + 1
            for deeper in [one for one in counts if one.startswith(f"{path}[{counts[path]}]")]:
                del counts[deeper]
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path
