"""How did everything end? Every intent as exactly one of sent, refused, failed, unknown, superseded; a release is no end."""

from datetime import UTC, datetime, timedelta

from infra.simulation.checkers.contacts import Contacts
from infra.simulation.checkers.known import Known
from infra.simulation.checkers.record import Broke, Record

FORGOTTEN = timedelta(days=1)
"""After so long, with the sweeps running, what was due is forgotten."""


class Endings:
    def __init__(self, record: Record, contacts: Contacts, broke: Broke) -> None:
        self._record = record
        self._contacts = contacts
        self._broke = broke

    def judge(self, now: float) -> None:
        """At the end of a quiet time long enough for every lease, receipt and sweep."""
        moment = datetime.fromtimestamp(now, UTC)
        for one in self._record.known.values():
            for attempt in one.tries.values():
                if attempt.status == "claimed" and attempt.by == "recobro":
                    self._broke("conservation", one.id, f"{attempt.id[:8]} is still claimed")
            self._truth(one)
            if one.due_at != "~" and datetime.fromisoformat(one.due_at) < moment - FORGOTTEN:
                self._broke("conservation", one.id, f"was due {one.due_at} and nobody came")
            self._reviewed(one, moment)

    def _reviewed(self, one: Known, moment: datetime) -> None:
        """A hold that does not end by itself comes before a person on its review date."""
        for hold in one.holds.values():
            review = datetime.fromisoformat(hold["review_at"]) if hold.get("review_at") else moment
            if (
                not hold.get("resumes")
                and review < moment - FORGOTTEN
                and f"hold:{hold['id']}" not in one.reviewed
            ):
                self._broke(
                    "hold", one.id, f"{hold['id']} ({hold['reason']}) was to be reviewed on {review:%d %b}"
                )

    def _truth(self, one: Known) -> None:
        for attempt in one.tries.values():
            call = self._contacts.calls.get(attempt.id)
            taken = call is not None and call.taken
            if attempt.status == "released" and taken:
                self._broke("wrong release", one.id, f"{attempt.id[:8]} was taken")
            if call is not None and call.result == "accepted" and attempt.status not in {
                "sent", "delivered", "read", "answered", "failed", "unknown",
            }:  # fmt: skip
                self._broke("conservation", one.id, f"{attempt.id[:8]} was accepted and is {attempt.status}")
