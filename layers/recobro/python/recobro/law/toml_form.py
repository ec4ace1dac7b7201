"""Packs are written for lawyers: hours as "07:00", weekdays by name, channel families by theirs. Here that
becomes plain.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from recobro.domain.channel import GROUPS, Channel
from recobro.errors import InvalidInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHANNEL_FIELDS = ("channels", "blocks", "link_on")
CLOCK = re.compile(r"^([01]\d|2[0-4]):([0-5]\d)$")


def plainly(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    """One rule as `plain.decode` reads it: `effective`, channel families and weekday hours spelt out."""
    rule = dict(raw)
    label = str(rule.get("id", "rule"))
    if "effective" in rule:
        rule.update(span(rule.pop("effective"), label, where))
    for name in CHANNEL_FIELDS:
        if name in rule:
            rule[name] = channels(rule[name], f"{label}.{name}", where)
    if "mon_fri" in rule or any(day in rule for day in DAYS):
        rule["days"] = week(rule, label, where)
    return rule


def span(raw: Any, label: str, where: str) -> dict[str, Any]:
    """`effective = { from = 2023-10-10, to = … }` as since and to."""
    fix = "effective = { from = 2023-10-10 }, and to = … for the last day on which it holds"
    if not isinstance(raw, Mapping) or set(raw) - {"from", "to"} or "from" not in raw:
        raise InvalidInput(f"{label}.effective", "must say from, and may say to", fix, where)
    for end, day in raw.items():
        if type(day) is not date:
            raise InvalidInput(f"{label}.effective.{end}", f"{day!r} is not a date", fix, where)
    return {"since": raw["from"], **({"to": raw["to"]} if "to" in raw else {})}


def channels(raw: Any, label: str, where: str) -> list[str]:
    """A channel, a family ("phone", "remote", "all") or a list of either, as channel names."""
    names: list[str] = []
    for item in [raw] if isinstance(raw, str) else raw if isinstance(raw, list) else [None]:
        if item in GROUPS:
            names.extend(channel.value for channel in GROUPS[item])
        elif isinstance(item, str) and item in set(Channel):
            names.append(item)
        else:
            known = f"families: {', '.join(GROUPS)}; channels: {', '.join(Channel)}"
            raise InvalidInput(label, f"there is no channel {item!r}", known, where)
    return sorted(set(names))


def week(rule: dict[str, Any], label: str, where: str) -> list[list[list[int]]]:
    """The hours of seven days, Monday first, taken out of `mon_fri` and the days named; a day not named is
    closed.
    """
    working = rule.pop("mon_fri", None)
    hours = []
    for number, day in enumerate(DAYS):
        if working is not None and day in rule and number < 5:
            raise InvalidInput(
                f"{label}.{day}", "is already given by mon_fri", "leave one of them out", where
            )
        named = day in rule or number > 4 or working is None
        raw = rule.pop(day, None) if named else working
        hours.append([] if raw is None else stretches(raw, f"{label}.{day if named else 'mon_fri'}", where))
    return hours


def stretches(raw: Any, label: str, where: str) -> list[list[int]]:
    """`["07:00", "19:00"]`, or a list of such pairs, in minutes after midnight."""
    pairs = raw if isinstance(raw, list) and raw and isinstance(raw[0], list) else [raw]
    found: list[list[int]] = []
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2:
            raise InvalidInput(label, f"{pair!r} is no window", 'write ["07:00", "19:00"]', where)
        opens, closes = minute(pair[0], label, where), minute(pair[1], label, where)
        if opens >= closes:
            fix = "close later than it opens; leave the day out to forbid it"
            raise InvalidInput(label, f"impossible window {pair[0]}–{pair[1]}", fix, where)
        if found and opens < found[-1][1]:
            raise InvalidInput(label, "windows of one day overlap or are out of order", "merge them", where)
        found.append([opens, closes])
    return found


def minute(raw: Any, label: str, where: str) -> int:
    """`"07:00"` as 420; `"24:00"` is the end of the day."""
    match = CLOCK.match(raw) if isinstance(raw, str) else None
    total = int(match[1]) * 60 + int(match[2]) if match else 1441
    if total > 1440:
        raise InvalidInput(
            label, f"{raw!r} is no time of day", 'write "07:00"; the end of the day is "24:00"', where
        )
    return total
