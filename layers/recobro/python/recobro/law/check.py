"""A pack that reads well may still say nonsense; this refuses it while a lawyer is looking at it, not at two
in the morning.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from recobro.errors import InvalidInput
from recobro.law import vocabulary as words
from recobro.law.conduct import (
    ComplaintAnswer,
    Consent,
    Forbidden,
    LegalDuty,
    Provenance,
    Recipient,
    Registry,
    Required,
    Retention,
    StopEvent,
)
from recobro.law.measures import Cap, ChannelLock, Cooldown, Counting, MinGap, Window
from recobro.law.pack import Pack
from recobro.law.rule import Rule, StageRule
from recobro.law.zones import zone

Complaint = tuple[str, str, str]  # field, problem, fix


def check_pack(pack: Pack, file: str, classes: Collection[str]) -> None:
    """Raise InvalidInput for the first rule of a pack that cannot be meant. `classes`: the content classes
    that exist.
    """
    twice = [name for name, count in Counter(rule.id for rule in pack.rules()).items() if count > 1]
    if twice:
        raise InvalidInput(f"{twice[0]}.id", "stands twice", "give each rule an id of its own", file)
    if pack.status not in words.STATUSES:
        raise InvalidInput("status", f"{pack.status!r} is not known", _one_of(words.STATUSES), file)
    for name in pack.zones:
        try:
            zone(name)
        except InvalidInput as error:
            raise InvalidInput("zones", error.problem, error.fix, file) from error
    for rule in pack.rules():
        for field, problem, fix in _complaints(rule, classes):
            raise InvalidInput(f"{rule.id}.{field}", problem, fix, file)
    missing = [stage for stage in words.STAGES if stage not in {rule.stage for rule in pack.stages}]
    if missing and not pack.parent and pack.id != CLIENT:
        raise InvalidInput(
            "stages", f"says nothing of {missing[0]}", f'add [[stages]] stage = "{missing[0]}"', file
        )
    for name, field, problem, fix in (*_undatable(pack), *_overlapping(pack)):
        raise InvalidInput(f"{name}.{field}", problem, fix, file)


def _undatable(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    """What a pack is and whom it reaches is asked before the day is known: such rules hold as long as their pack does."""
    for rule in (pack.applies, *pack.stages, *pack.exempt, *pack.duties):
        if (rule.since, rule.to) != (pack.since, pack.to):
            fix = "leave its dates out, and deploy the changed pack on that day"
            yield rule.id, "effective", "can't begin or end on a day of its own", fix


def _overlapping(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    """Two rules that say the same thing of the same contacts on the same day: the laxer would be dead letters."""
    if pack.id == CLIENT:
        return
    standing: dict[tuple[object, ...], list[Rule]] = {}
    for rule in pack.rules():
        if type(rule) not in SUBJECT:
            continue
        subject = (type(rule), *(getattr(rule, name) for name in SUBJECT[type(rule)]))
        for other in standing.setdefault(subject, []):
            if _together(rule, other):
                fix = f"end one of them: effective = {{ from = {other.since}, to = … }}, or merge them"
                yield rule.id, "effective", f"overlaps {other.id}, which speaks of the same", fix
        standing[subject].append(rule)


def _together(one: Rule, other: Rule) -> bool:
    """Whether some day has both."""
    return (one.to is None or other.since <= one.to) and (other.to is None or one.since <= other.to)


CLIENT = "client"
_LOOK_BACK = ("channels", "scope", "counts", "exclude_kinds", "exclude_outcomes", "conf")
SUBJECT: dict[type[Rule], tuple[str, ...]] = {
    StageRule: ("stage",),
    Window: ("channels", "waivers", "conf"),
    Cap: (*_LOOK_BACK, "rolling_days", "calendar", "per_channel", "only_if"),
    MinGap: _LOOK_BACK,
    ChannelLock: _LOOK_BACK,
    Cooldown: (*_LOOK_BACK, "blocks", "initiated_by"),
    Recipient: ("who",),
    Provenance: (),
    Consent: ("channels", "requirement"),
    StopEvent: ("event",),
    Forbidden: ("content", "channels", "kinds"),
    Retention: ("fields", "counted_from"),
    Registry: ("name",),
}
"""What two rules of a kind have in common when both speak of the same contacts."""


def check_together(packs: Sequence[Pack]) -> None:
    """Raise InvalidInput where packs clash: the same rule id in two of them, or an overlay without its
    country.
    """
    owner: dict[str, str] = {}
    ids = {pack.id for pack in packs}
    for pack in packs:
        if pack.parent and pack.parent not in ids:
            raise InvalidInput("parent", f"there is no pack {pack.parent!r}", "add it or correct it", pack.id)
        for rule in pack.rules():
            other = owner.setdefault(rule.id, pack.id)
            if other != pack.id:
                raise InvalidInput(
                    f"{rule.id}.id", f"is also a rule of {other}", "rename one of them", pack.id
                )


FIELDS: dict[str, Collection[str]] = {
    "actors": words.ACTORS,
    "stage": words.STAGES,
    "who": words.WHO,
    "treatment": words.TREATMENTS,
    "requirement": words.REQUIREMENTS,
    "when": words.MOMENTS,
    "kind": words.KINDS,
    "kinds": words.KINDS,
    "except_kinds": words.KINDS,
    "exempt_kinds": words.KINDS,
    "allows": words.KINDS,
    "exclude_kinds": words.KINDS,
    "scope": words.SCOPES,
    "shared_with": words.SHARERS,
    "calendar": words.PERIODS,
    "only_if": words.CONDITIONS,
    "initiated_by": words.INITIATORS,
    "holiday": words.HOLIDAY,
    "anchor": words.ANCHORS,
    "counted_from": words.KEPT_FROM,
}
"""What the fields of rules may say, whichever rule they stand in."""


AT_LEAST_ONE: tuple[tuple[type[Rule], str, str], ...] = (
    (Retention, "years", "leave the rule out where nothing has to be kept"),
    (ComplaintAnswer, "business_days", "leave the rule out where no law names a time"),
)


def _complaints(rule: Rule, classes: Collection[str]) -> Iterator[Complaint]:
    if not rule.article.strip():
        yield "article", "is empty", "name the article, or say that it is our own caution and conf = POLICY"
    if rule.to is not None and rule.to < rule.since:
        yield "effective", f"ends {rule.to} before it begins {rule.since}", "swap or correct the dates"
    for field, known in FIELDS.items():
        yield from _unknown(field, getattr(rule, field, None), known)
    if isinstance(rule, Window) and (len(rule.days) != 7 or not any(rule.days)):
        yield "mon_fri", "has no hours on any day", "give hours, or close the channel with [[channel_rules]]"
    if isinstance(rule, Forbidden):
        yield from _unknown("content", rule.content, classes)
    if isinstance(rule, Required):
        yield from _unknown("in_message", rule.in_message, rule.items)
    if isinstance(rule, LegalDuty) and rule.reserve_cap:
        yield from _reserving(rule)
    yield from _too_small(rule)
    if isinstance(rule, Counting):
        yield from _counting(rule)


def _too_small(rule: Rule) -> Iterator[Complaint]:
    for kind, field, fix in AT_LEAST_ONE:
        if isinstance(rule, kind) and getattr(rule, field) < 1:
            yield field, "must be at least 1", fix


def _reserving(duty: LegalDuty) -> Iterator[Complaint]:
    """A duty that keeps a slot free needs a beginning and an end that the record can tell."""
    yield from _unknown("trigger", duty.trigger, words.RESERVING)
    if duty.within_days is None and duty.days_before is None:
        yield "within_days", "is missing, so the slot would never be free again", "or write days_before"


def _counting(rule: Counting) -> Iterator[Complaint]:
    if not rule.scope:
        yield "scope", "is empty", 'write scope = ["person"] or more'
    if rule.counts == "released":
        yield (
            "counts",
            "a released claim reached nobody",
            "count attempt, sent, connected, delivered or conversation",
        )
    if isinstance(rule, Cap):
        if bool(rule.calendar) == bool(rule.rolling_days) or rule.rolling_days < 0:
            yield "rolling_days", "needs one period", 'write rolling_days = 7, or calendar = "day"'
        if rule.at_most < 1:
            yield "at_most", "must be at least 1", "close the channel with [[channel_rules]] to allow none"
    elif isinstance(rule, ChannelLock) and rule.rolling_days < 1:
        yield "rolling_days", "must be at least 1", "write rolling_days = 7"
    elif isinstance(rule, MinGap) and rule.full_days_between < 1:
        yield "full_days_between", "must be at least 1", "2 means Monday, then Thursday"
    elif isinstance(rule, Cooldown) and (rule.days < 1 or rule.trigger_day_is_day not in (0, 1)):
        yield "days", "must be at least 1, and trigger_day_is_day 0 or 1", "write days = 7"


def _unknown(field: str, used: str | Collection[str] | None, known: Collection[str]) -> Iterator[Complaint]:
    said = {used} if isinstance(used, str) else set(used or ())
    for word in sorted(said - set(known)):
        yield field, f"{word!r} is not known", _one_of(known)


def _one_of(known: Collection[str]) -> str:
    return f"one of {', '.join(sorted(word for word in known if word))}"
