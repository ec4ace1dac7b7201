"""What a new law changes, rule by rule and in words: the first question of everybody whom it binds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from infra.lawbook.saying import said
from recobro.law.pack import Pack
from recobro.law.plain import encode
from recobro.law.rule import Conf, Rule

QUIET = frozenset({"article", "note", "conf"})
"""Fields that bind nobody by themselves."""


@dataclass(frozen=True)
class Change:
    """what: "new" | "gone" | "changed" | "reworded" (nobody is bound otherwise). fields: "at_most: 1 → 2" …

    since: the day from which the new rule holds. is_ours: the new rule (the old one where it is gone) is our own caution.
    """

    pack: str
    rule: str
    what: str
    before: str
    after: str
    fields: tuple[str, ...]
    article: str
    since: date | None
    is_ours: bool

    @property
    def binds(self) -> bool:
        """Whether it may change who is contacted when, or what is said."""
        return self.what != "reworded"


def changes(old: Mapping[str, Pack], new: Mapping[str, Pack]) -> list[Change]:
    """Every rule that is not the same in both, by pack, in the order of the new one; rules gone come last."""
    return [
        change
        for name in sorted({*old, *new})
        for change in _between(name, _rules(old.get(name)), _rules(new.get(name)))
    ]


def _rules(pack: Pack | None) -> dict[str, Rule]:
    return {rule.id: rule for rule in pack.rules()} if pack is not None else {}


def _between(pack: str, old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Iterator[Change]:
    for name, rule in new.items():
        before = old.get(name)
        if before is None:
            yield _change(pack, "new", rule, "", said(rule))
        elif before != rule:
            fields = tuple(_fields(before, rule))
            quiet = {field.split(":")[0] for field in fields} <= QUIET
            yield _change(pack, "reworded" if quiet else "changed", rule, said(before), said(rule), fields)
    for name, rule in old.items():
        if name not in new:
            yield _change(pack, "gone", rule, said(rule), "", since=None)


def _change(
    pack: str, what: str, rule: Rule, before: str, after: str, fields: tuple[str, ...] = (), **more: Any
) -> Change:
    since = more.get("since", rule.since)
    return Change(
        pack, rule.id, what, before, after, fields, rule.article, since, is_ours=rule.conf is Conf.POLICY
    )


def _fields(old: Rule, new: Rule) -> Iterator[str]:
    if type(old) is not type(new):
        yield f"kind of rule: {type(old).__name__} → {type(new).__name__}"
        return
    for name in new.FIELDS:
        before, after = encode(getattr(old, name)), encode(getattr(new, name))
        if before == after:
            continue
        if isinstance(before, list) and isinstance(after, list) and name != "days":
            gone = [f"without {one}" for one in before if one not in after]
            added = [f"with {one}" for one in after if one not in before]
            yield f"{name}: {', '.join((*added, *gone)) or 'in another order'}"
        elif name == "days":
            yield "hours"
        else:
            yield f"{name}: {_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    return "none" if value is None or value == "" else str(value)
