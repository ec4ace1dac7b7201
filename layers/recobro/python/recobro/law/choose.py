"""Which laws bind a contact: the country's, those of the places within it, and the client's own tighter
limits.

Nothing here can loosen an enacted rule. What is our own caution may be loosened, by name, in the client's
file.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from recobro.errors import InvalidInput
from recobro.law.measures import Cap, Counting
from recobro.law.pack import Pack
from recobro.law.rule import Conf, Rule
from recobro.law.vocabulary import ACTORS

CLIENT = "client"
TIGHTENING = (
    "windows",
    "caps",
    "min_gaps",
    "channel_locks",
    "cooldowns",
    "channel_rules",
    "provenance",
    "consent",
)


def packs_for(all_packs: Mapping[str, Pack], country: str, subdivision: str = "") -> tuple[Pack, ...]:
    """The packs that bind a debtor there: the country's and its overlays', else the strict default.

    country: ISO 3166-1 ("MX"). subdivision: the overlay's code, with or without the country ("SP", "BR-SP").
    Where it is empty, or no overlay speaks of it, every overlay applies at once and none replaces the
    country's own caution. Raises InvalidInput where the country has no pack and there is no strict default.
    """
    pack = all_packs.get(country.upper())
    if pack is None or pack.parent:
        fallback = next((p for p in all_packs.values() if p.fallback), None)
        if fallback is None:
            raise InvalidInput(
                "country", f"no pack for {country!r}, nor a strict default", "add packs/strict.toml"
            )
        return (fallback,)
    overlays = [p for p in all_packs.values() if p.parent == pack.id]
    code = subdivision.upper().removeprefix(f"{pack.id}-")
    known = tuple(p for p in overlays if code and code in p.subdivisions)
    return (pack, *known) if known else (pack, *(_cautious(p) for p in overlays))


@lru_cache(maxsize=256)
def _cautious(overlay: Pack) -> Pack:
    """An overlay that may or may not apply: it adds its limits and replaces nothing."""
    return overlay.but(windows=tuple(w.but(replaces_policy=False) for w in overlay.windows))


def tighten(client_limits: Mapping[str, Any]) -> Pack:
    """A pack with id "client" from the client file's limits: the same tables as a pack's, ids and articles
    optional.

    Shape: {"windows": [{"channels": "all", "mon_fri": ["09:00", "18:00"]}], "caps": [{"at_most": 1,
    "calendar": "day"}], …}; channels default to "all", scope to ["person"], counts to "sent". Raises
    InvalidInput naming the field.
    """
    # The reader of packs is checked and heavy, and most processes never tighten anything.
    from recobro.law.load import SCHEMA, parse_pack

    raw: dict[str, Any] = {
        "schema": SCHEMA,
        "id": CLIENT,
        "name": "the client's own limits",
        "status": "policy",
        "reviewed": date(2000, 1, 1),
        "effective": {"from": date(2000, 1, 1)},
        "applies": _own({"actors": sorted(ACTORS), "commercial": "covered"}, "applies", 0),
    }
    for name, rules in client_limits.items():
        if name not in TIGHTENING or not isinstance(rules, list):
            raise InvalidInput(
                f"limits.{name}", "is no list of limits", f"one of {', '.join(TIGHTENING)}", CLIENT
            )
        raw[name] = [_own(rule, name, number) for number, rule in enumerate(rules, start=1)]
    return parse_pack(raw, "client file", {}, {})


def _own(rule: Any, name: str, number: int) -> dict[str, Any]:
    if not isinstance(rule, Mapping):
        raise InvalidInput(f"limits.{name}", f"{rule!r} is no limit", "write it as a table", CLIENT)
    filled = {"id": f"client-{name}-{number}", "article": "client file", **rule, "conf": "POLICY"}
    if name in ("windows", "caps", "min_gaps", "channel_locks", "cooldowns", "channel_rules", "consent"):
        filled.setdefault("channels", "all")
    if name in ("caps", "min_gaps", "channel_locks", "cooldowns"):
        filled.setdefault("scope", ["person"])
        filled.setdefault("counts", "sent")
    if name == "windows":
        filled.setdefault("holiday", "allow")
    return filled


def relax(
    pack: Pack,
    *,
    drop: Collection[str] = (),
    at_most: Mapping[str, int] | None = None,
    credit_back_definite_failures: bool = False,
    counsel: str = "",
) -> Pack:
    """A pack without the cautions that a client's file names, with other numbers for some of its POLICY caps.

    credit_back_definite_failures: contacts that reached nobody (each rule's `credit_back` outcomes) no longer
    count; PRACTICE asks for counsel's word, so `counsel` must say whose and when. Raises InvalidInput for a
    rule that is unknown, or enacted: the law itself can't be relaxed.
    """
    numbers = dict(at_most or {})
    ids = {rule.id: rule for rule in pack.rules()}
    for name in (*drop, *numbers):
        rule = ids.get(name)
        if rule is None:
            raise InvalidInput(f"relax.{name}", f"pack {pack.id} has no such rule", _policies(pack), CLIENT)
        if rule.conf is not Conf.POLICY:
            raise InvalidInput(
                f"relax.{name}", f"is law ({rule.article}), not our caution", _policies(pack), CLIENT
            )
        if name in numbers and (not isinstance(rule, Cap) or numbers[name] < 1):
            raise InvalidInput(
                f"relax.{name}", "is no cap, or its number is below 1", "name a cap and a number", CLIENT
            )
    if credit_back_definite_failures and not counsel.strip():
        fix = 'counsel = "who approved it, and when"'
        raise InvalidInput(
            "relax.counsel", "crediting back bounced contacts needs counsel's word", fix, CLIENT
        )

    def change(rule: Rule) -> Rule:
        if rule.id in numbers and isinstance(rule, Cap):
            rule = rule.but(at_most=numbers[rule.id])
        if credit_back_definite_failures and isinstance(rule, Counting) and rule.credit_back:
            rule = rule.but(exclude_outcomes=rule.exclude_outcomes | rule.credit_back)
        return rule

    return _changed(pack, drop, change)


def _changed(pack: Pack, drop: Collection[str], change: Callable[[Rule], Rule]) -> Pack:
    lists: dict[str, Any] = {
        name: tuple(change(rule) if isinstance(rule, Rule) else rule for rule in value if _kept(rule, drop))
        for name in pack.FIELDS
        if isinstance(value := getattr(pack, name), tuple)
    }
    return pack.but(**lists)


def _kept(rule: object, drop: Collection[str]) -> bool:
    return not (isinstance(rule, Rule) and rule.id in drop)


def _policies(pack: Pack) -> str:
    return f"what may be relaxed: {', '.join(rule.id for rule in pack.rules() if rule.conf is Conf.POLICY)}"
