"""Limits that several people share: added up over all records, and the room that was taken for them looked after."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from infra.demo.people import Person
from infra.simulation.checkers.known import Known, Try
from infra.simulation.checkers.record import Broke, Record
from infra.simulation.checkers.rules import ANSWERS, FREE, PAPERS
from infra.simulation.checkers.workers import Workers
from infra.simulation.scenario import MOST_TOGETHER
from recobro.domain.playbook import Playbook

WHERE, WEEK = "MX", 7


class SharedRoom:
    """Told of every claim, and of every item in which room is kept. Silent where the law of the run knows no such limit."""

    def __init__(self, record: Record, playbook: Playbook, workers: Workers, broke: Broke) -> None:
        self._record = record
        self._workers = workers
        self._broke = broke
        caps = playbook.packs[WHERE].caps
        self._is_law = any(one.id.startswith("month-") for one in caps)
        self._held: dict[str, set[str]] = {}
        self._taken: dict[str, tuple[str, float]] = {}

    def kept(self, place: str, item: dict[str, Any] | None, now: float) -> None:
        """Room was taken or given back."""
        slots = set(item["slots"]["M"]) if item is not None else set()
        for claim in slots - self._held.get(place, set()):
            self._taken[claim] = (self._workers.at_work, now)
        self._held[place] = slots

    def claimed(self, one: Known, claim: Try, person: Person) -> None:
        """Somebody is about to be contacted, by us or by one of our agents."""
        if not self._is_law or person.country != WHERE or person.is_company or claim.kind in ANSWERS | PAPERS:
            return
        for what, others in self._together(one, claim, person):
            if len(others) >= MOST_TOGETHER:
                whose = ", ".join(sorted({other for other, _ in others}))
                self._broke("cap.shared", one.id, f"{len(others) + 1} in a week to {what}, of {whose}")
        held = sum(claim.claim_id in slots for slots in self._held.values())
        if held < 1 + len(set(claim.debts)):
            self._broke("cap.shared", one.id, f"{claim.id[:8]} holds room in {held} places")

    def reported(self, one: Known, contact: dict[str, Any]) -> None:
        """A contact with somebody else has been written down here, since it counts."""
        if not self._is_law or not contact.get("by", "").startswith("shared."):
            return
        claim = contact["step"]["step"]
        if claim not in self._taken or any(mine.claim_id == claim for mine in one.tries.values()):
            self._broke("cap.shared", one.id, f"counts {claim[:8]}, which is no contact with another")

    def _together(
        self, one: Known, claim: Try, person: Person
    ) -> Iterator[tuple[str, list[tuple[str, Try]]]]:
        zone = ZoneInfo(person.zone)
        day = datetime.fromtimestamp(claim.at, zone).date()
        lately = [
            (known.id, other)
            for known in self._record.known.values()
            if _is_bound(known)
            for other in known.tries.values()
            if other is not claim
            and other.status not in FREE[WHERE]
            and other.kind not in ANSWERS | PAPERS
            and (day - datetime.fromtimestamp(other.at, zone).date()).days < WEEK
        ]
        yield claim.point[:6], [(who, other) for who, other in lately if other.point == claim.point]
        for key in claim.debts:
            yield key, [(who, other) for who, other in lately if key in other.debts]

    def ended(self, now: float) -> None:
        """Room is kept for what was, or may have been, and for what a worker died over."""
        tries = {
            one.claim_id: (known.id, one)
            for known in self._record.known.values()
            for one in known.tries.values()
        }
        for claim in sorted(set().union(*self._held.values())):
            worker, at = self._taken[claim]
            who, one = tries.get(claim, ("", None))
            if (one is None or one.status == "released") and self._workers.was_well(worker, at, now):
                what = "was never claimed" if one is None else "never left"
                self._broke("shared room", who, f"{claim[:8]} {what}, and keeps its room from others")


def _is_bound(known: Known) -> bool:
    """Whether that law counts contacts with them: people there, and no companies."""
    profile = known.body.get("profile", {})
    return bool(profile.get("country") == WHERE and profile.get("kind", "person") != "company")
