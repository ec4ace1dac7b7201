"""Goes through what happened to one person in the order in which it was recorded, and judges each of our contacts by what stood then."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from .binding import clocks, local, packs_over
from .export_lines import Export, Line
from .judging import breaches
from .law_files import Law, Pack, Rule, read_pack
from .scene import Breach, Happened, OpenDuty, Scene
from .words import word_breaches

CLIENT_PACK: Mapping[str, Any] = {
    "id": "client",
    "effective": {"from": date(2000, 1, 1)},
    "applies": {
        "id": "client-applies",
        "article": "client file",
        "conf": "POLICY",
        "actors": ["original_creditor", "third_party", "debt_buyer"],
        "commercial": "covered",
    },
    "exempt": [
        {
            "id": "client-answers",
            "article": "client file: its limits are of what it begins; who writes is answered",
            "conf": "POLICY",
            "kinds": [
                "reply_to_inbound",
                "info_requested",
                "agreement_copy",
                "optout_confirmation",
                "payment_receipt",
            ],
        }
    ],
}
HOUSE = "PRACTICE: what the house promises beside the law"


@dataclass(frozen=True)
class Finding:
    """A breach with the contact that committed it."""

    breach: Breach
    person: str
    contact: str
    channel: str
    line: int


@dataclass
class Person:
    """What is known of one person so far."""

    about: Mapping[str, Any] = field(default_factory=dict)
    debts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    points: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    holds: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    duties: dict[str, OpenDuty] = field(default_factory=dict)
    contacts: dict[str, Happened] = field(default_factory=dict)
    waivers: dict[str, datetime | None] = field(default_factory=dict)
    call_backs: list[Mapping[str, Any]] = field(default_factory=list)

    def learn(self, line: Line) -> None:
        """What a line says is known from then on."""
        said = line.said
        if line.record in ("debt", "point", "hold"):
            getattr(self, f"{line.record}s")[said[line.record]] = said
        elif line.record == "contact":
            self.contacts[said["contact"]] = happened(said)
        elif line.record == "outcome":
            self._came_of(said)
        else:
            self._changed(line.record, said)

    def open_waivers(self, contact: Mapping[str, Any]) -> Iterator[str]:
        """What the person had allowed when the contact was made; asking to be called is leave for a call at that time alone."""
        at = contact["at"]
        yield from (name for name, until in self.waivers.items() if until is None or at < until)
        if contact["kind"] == "consented_callback":
            for asked in self.call_backs:
                about = asked.get("creditor", "") in ("", contact["creditor"])
                if about and asked["since"] <= at < asked["until"]:
                    yield "debtor_consent"
                    if self.points.get(contact["point"], {}).get("line") != "work":
                        yield "debtor_request"  # for an hour, not for a place: the work line has to be asked for by itself

    def _came_of(self, said: Mapping[str, Any]) -> None:
        known = self.contacts.get(said["contact"])
        if known is not None:
            outcome = said.get("outcome") or known.outcome
            self.contacts[said["contact"]] = replace(known, rung=said["rung"], outcome=outcome)

    def _changed(self, record: str, said: Mapping[str, Any]) -> None:
        match record:
            case "person":
                self.about = said
            case "event":
                self.events.add(said["event"])
            case "stopped":
                self.stopped.add(said["channel"])
            case "hold_lifted":
                self.holds.pop(said["hold"], None)
            case "duty":
                channels = frozenset(said.get("channels", ()))
                self.duties[said["rule"]] = OpenDuty(
                    said["rule"], said["deadline"], channels, said.get("creditor", "")
                )
            case "duty_done":
                self.duties.pop(said["rule"], None)
            case "erased":
                self.debts, self.points = {}, {}
            case _:
                self._allowed(record, said)

    def _allowed(self, record: str, said: Mapping[str, Any]) -> None:
        match record:
            case "waiver":
                self.waivers[said["waiver"]] = said.get("until")
            case "waiver_ended":
                self.waivers.pop(said["waiver"], None)
            case "call_back":
                self.call_backs.append(said)


@dataclass
class Audit:
    """judged: how many of our contacts; released: claims that reached nobody, and so are no contacts."""

    findings: list[Finding] = field(default_factory=list)
    judged: int = 0
    released: int = 0
    persons: int = 0
    with_words: int = 0


class Auditor:
    """Replays an export against the law. margin: how far from the edges of the hours a contact had to stay."""

    def __init__(self, law: Law, export: Export, margin: timedelta) -> None:
        self._law = crediting(law) if export.limits.get("credit_back") else law
        self._own = own_limits(export.limits)
        self._closed = frozenset(date.fromisoformat(day) for day in export.limits.get("closed_dates", ()))
        self._margin = margin
        self._lines = export.lines
        self._persons: dict[str, Person] = defaultdict(Person)
        self.audit = Audit()

    def run(self) -> Audit:
        """Judge everything, in the order of the record."""
        released = {
            (line.person, line.said["contact"])
            for line in self._lines
            if line.record in ("outcome", "contact") and line.said.get("rung") == "released"
        }
        for line in self._lines:
            if line.record == "contact" and line.said["by"] == "collector":
                if (line.person, line.said["contact"]) in released:
                    self.audit.released += 1
                else:
                    self.audit.judged += 1
                    self.audit.findings += self._judged(line)
            self._persons[line.person].learn(line)
        self.audit.persons = len(self._persons)
        return self.audit

    def _judged(self, line: Line) -> Iterator[Finding]:
        person, said = self._persons[line.person], line.said
        scene = self._scene(line, person)
        found = breaches(self._law, scene, self._margin, self._own)
        packs = packs_over(self._law, scene.country, scene.subdivision)
        zone = next(iter(clocks(packs, scene)), None)
        now = local(scene.at, zone) if zone is not None else scene.at
        found += list(house_breaches(person, scene, now, exempt=exempt_kinds(packs)))
        if "text" in said or "items" in said:
            self.audit.with_words += 1
            items = frozenset(said["items"]) if "items" in said else None
            found += list(word_breaches(self._law, packs, scene, said.get("text", ""), items, now))
        for breach in found:
            yield Finding(breach, line.person, said["contact"], said["channel"], line.number)

    def _scene(self, line: Line, person: Person) -> Scene:
        said, about = line.said, person.about
        point = person.points.get(said["point"], {})
        debts = [person.debts[key] for key in said["debts"] if key in person.debts]
        zones = tuple(about.get("zones", ()))
        return Scene(
            at=said["at"],
            channel=said["channel"],
            kind=said["kind"],
            creditor=said["creditor"],
            debts=said["debts"],
            stage=said.get("stage") or stage_of(debts, said["at"]),
            acts_as=said.get("acts_as", "third_party"),
            debtor_class="commercial" if about.get("class") == "commercial" else "consumer",
            role=debts[0]["role"] if debts else "principal",
            country=about.get("country", ""),
            subdivision=about.get("subdivision", ""),
            zones=zones,
            provenance=point.get("provenance", "unknown"),
            authorised=frozenset(point.get("authorised", ())),
            waivers=frozenset(about.get("waivers", ())) | frozenset(person.open_waivers(said)),
            events=frozenset(person.events),
            line=point.get("line", "unknown"),
            point=said["point"],
            before=(*person.contacts.values(), *self._others(line.person, person)),
            duties=tuple(person.duties.values()),
            closed_dates=self._closed,
        )

    def _others(self, name: str, person: Person) -> Iterator[Happened]:
        """Contacts of those who share the household."""
        household = person.about.get("household", "")
        if not household:
            return
        for other, known in self._persons.items():
            if other != name and known.about.get("household") == household:
                yield from (replace(one, shared="household") for one in known.contacts.values())


def happened(said: Mapping[str, Any]) -> Happened:
    """A contact as later ones see it. With no outcome yet nobody knows its fate."""
    return Happened(
        at=said["at"],
        channel=said["channel"],
        creditor=said["creditor"],
        debts=said["debts"],
        rung=said.get("rung", "sent"),
        outcome=said.get("outcome", ""),
        kind=said["kind"],
        by=said["by"],
        point=said["point"],
    )


def stage_of(debts: Sequence[Mapping[str, Any]], at: datetime) -> str:
    """Past due once the first of the debts spoken of is."""
    return "past_due" if not debts or min(one["due_on"] for one in debts) < at.date() else "pre_due"


def house_breaches(person: Person, scene: Scene, now: datetime, exempt: frozenset[str]) -> Iterator[Breach]:
    """What people told us binds, whatever the packs say: opt-outs, dead points, holds, debts that are not owed any more."""
    point = person.points.get(scene.point, {})
    is_closed = point.get("state", "active") != "active" or scene.channel in point.get("blocked", ())
    confirms = scene.kind == "optout_confirmation" and point.get("state") == "suppressed"
    if is_closed and not confirms:
        yield Breach(
            "house.point", HOUSE, now, f"the point was {point.get('state')} or closed to {scene.channel}"
        )
    if scene.kind in exempt:
        return
    if {scene.channel, "*"} & person.stopped:
        yield Breach("house.opt_out", HOUSE, now, f"the person had closed {scene.channel}")
    for key in scene.debts:
        status = person.debts.get(key, {}).get("status", "active")
        if status != "active":
            yield Breach("house.debt", HOUSE, now, f"{key} was {status}")
        for hold in person.holds.values():
            if holds(hold, key, scene.at):
                yield Breach("house.hold", HOUSE, now, f"{key}: {hold['reason']}")


def holds(hold: Mapping[str, Any], debt: str, at: datetime) -> bool:
    """Whether a hold that was not lifted binds a debt at an instant."""
    if "ends_at" in hold and hold["ends_at"] <= at:
        return False
    if hold.get("creditor") and not debt.startswith(f"{hold['creditor']}/"):
        return False
    return not hold.get("debts") or debt in hold["debts"]


def exempt_kinds(packs: list[Pack]) -> frozenset[str]:
    """The kinds that any of the packs takes out of its measures; duty notices go by what the law leaves."""
    kinds = {kind for pack in packs for rule in pack.of("exempt") for kind in rule["kinds"]}
    return frozenset(kinds | {"duty_notice"})


def own_limits(limits: Mapping[str, Any]) -> tuple[Pack, ...]:
    """The client's own limits, which the export states in a pack's words."""
    rules = {table: said for table, said in limits.get("rules", {}).items() if said}
    return (read_pack({**CLIENT_PACK, **rules}, "limits"),) if rules else ()


def crediting(law: Law) -> Law:
    """The law of a client whose counsel approved that contacts which reached nobody are credited back."""

    def credited(rule: Rule) -> Rule:
        back = rule.get("credit_back", ())
        return replace(
            rule, said={**rule.said, "exclude_outcomes": [*rule.get("exclude_outcomes", ()), *back]}
        )

    packs = {
        name: pack.with_rules(
            **{table: tuple(credited(rule) for rule in rules) for table, rules in pack.rules.items()}
        )
        for name, pack in law.packs.items()
    }
    return replace(law, packs=packs)
