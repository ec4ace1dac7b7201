"""What happened, in order and in few words: the trace that a broken invariant is shown with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that did not hold. debtor: whom it is about; empty: nobody in particular."""

    rule: str
    at: float
    debtor: str
    detail: str


class Log:
    """Everything by time. The digest covers all of it: the same seed gives the same digest on any machine."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str, str, str]] = []
        self.violations: list[Violation] = []
        self._digest = blake2b(digest_size=16)
        self.faulty_calls = 0
        self.calls = 0

    def said(self, at: float, who: str, debtor: str, text: str) -> None:
        self.lines.append((at, who, debtor, text))
        self._digest.update(f"{at:.6f}|{who}|{debtor}|{text}\n".encode())

    def called(self, at: float, who: str, site: str, fault: str) -> None:
        self.calls += 1
        self._digest.update(f"{at:.6f}|{who}|{site}|{fault}\n".encode())
        if fault:
            self.lines.append((at, who, "", f"{site}: {fault}"))

    def queued(self, at: float, queue: str, body: str) -> None:
        self._digest.update(f"{at:.6f}|{queue}|{body}\n".encode())

    def died(self, at: float, who: str) -> None:
        self.said(at, who, "", "died")

    def failed(self, at: float, who: str, error: BaseException) -> None:
        self.said(at, who, "", f"failed: {type(error).__name__}: {str(error)[:120]}")

    def broke(self, violation: Violation) -> None:
        self.violations.append(violation)
        self.said(violation.at, "checker", violation.debtor, f"{violation.rule}: {violation.detail}")

    def digest(self) -> str:
        return self._digest.hexdigest()

    def trace(self, violation: Violation, lines: int = 30) -> Iterator[str]:
        """The last events about that person, and the faults and deaths around them."""
        told = [one for one in self.lines if one[0] <= violation.at]
        mine = [one for one in told if one[2] and one[2] == violation.debtor][-lines:]
        since = violation.at - 120
        around = [one for one in told if not one[2] and one[0] >= since][-lines // 2 :]
        for at, who, debtor, text in sorted({*mine, *around}):
            moment = datetime.fromtimestamp(at, UTC)
            yield f"{moment:%d %b %H:%M:%S.%f}"[:-3] + f"  {who:<22} {debtor[:9]:<9}  {text}"
