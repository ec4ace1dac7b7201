"""What an import ends by saying: how many rows were taken, how many were not, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from recobro.intake.outcome import AcceptedRow, RejectedRow


@dataclass(frozen=True, slots=True)
class Tally:
    """accepted and rejected count rows and add up to what was read; left_out counts cells of accepted rows.

    reasons: code → how often. Tallies of parts add up to the tally of the whole; plain JSON by `recobro.codec`.
    """

    accepted: int = 0
    rejected: int = 0
    left_out: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.accepted + self.rejected

    def plus(self, other: "Tally") -> "Tally":
        reasons = dict(self.reasons)
        for code, count in other.reasons.items():
            reasons[code] = reasons.get(code, 0) + count
        return Tally(
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.left_out + other.left_out,
            reasons,
        )

    def after_merge(self, rejects: int, reasons: Mapping[str, int]) -> "Tally":
        """Rows that were taken when read and turned out to contradict what is known."""
        taken_back = replace(self, accepted=self.accepted - rejects)
        return taken_back.plus(Tally(rejected=rejects, reasons=reasons))


class Counting:
    """Counts outcomes one by one."""

    def __init__(self) -> None:
        self._accepted = self._rejected = self._left_out = 0
        self._reasons: dict[str, int] = {}

    def add(self, outcome: AcceptedRow | RejectedRow) -> None:
        if isinstance(outcome, AcceptedRow):
            self._accepted += 1
            for note in outcome.notes:
                self._note(note)
        elif outcome.scope == "cell":
            self._note(outcome)
        else:
            self._rejected += 1
            self._because(outcome.code)

    def tally(self) -> Tally:
        return Tally(self._accepted, self._rejected, self._left_out, dict(sorted(self._reasons.items())))

    def _note(self, note: RejectedRow) -> None:
        self._left_out += 1
        self._because(note.code)

    def _because(self, code: str) -> None:
        self._reasons[code] = self._reasons.get(code, 0) + 1
