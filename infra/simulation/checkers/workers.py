"""Who was at work, on which message, and what befell him: without it nobody can tell a death from a silence."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

HARMLESS = frozenset({"frozen", "delay", "repeated"})
"""After these a worker goes on, late as he may be."""

OVERDUE = 1500.0
"""Seconds beyond a hint's time that the slowest worker may need from looking at it to his claim."""

AROUND = 10.0
"""Seconds before a claim within which its own call began; and after an answer in which it is acted upon."""


class Workers:
    """Told by those who run workers; where nobody tells, at_work stays empty and nothing is judged."""

    def __init__(self) -> None:
        self.at_work = ""
        self._event: Any = None
        self._troubles: dict[str, list[tuple[float, float, str]]] = defaultdict(list)

    def works(self, name: str, event: Any) -> None:
        """This worker makes the next call."""
        self.at_work, self._event = name, event

    def troubled(self, name: str, at: float, kind: str) -> None:
        """A fault at one of his calls, from `at` until he goes on (`goes_on`)."""
        self._troubles[name].append((at, float("inf") if kind in HARMLESS else at, kind))

    def befell(self, at: float) -> None:
        """Something happened to whoever was at work then."""
        self._troubles[""].append((at, at, "any"))

    def goes_on(self, name: str, at: float) -> None:
        begun, _, kind = self._troubles[name].pop()
        self._troubles[name].append((begun, at, kind))

    def was_well(self, name: str, since: float, now: float) -> bool:
        """Whether he had a minute in which nothing kept him from writing down what became of his claim."""
        if not name:
            return False
        mine = [one for one in self._troubles[name] if one[1] >= since - AROUND]
        if any(kind not in HARMLESS for _, _, kind in mine):
            return False
        return now - max((ended for _, ended, _ in mine), default=since) > 60

    def was_untroubled(self, name: str, since: float) -> bool:
        """Whether he could act on what he was told then. name: "" where one works at a time and nobody says who."""
        return not any(begun <= since + AROUND and ended >= since for begun, ended, _ in self._troubles[name])

    def hint_overdue(self, debtor_id: str, now: float) -> str:
        """By how much the hint he works on is past its time; empty: it is not."""
        if not isinstance(self._event, dict):
            return ""
        for record in self._event.get("Records", ()):
            try:
                hint = json.loads(record["body"])
                until = datetime.fromisoformat(hint["valid_until"]).timestamp()
            except (KeyError, TypeError, ValueError):
                continue
            if hint.get("debtor") == debtor_id:
                return f"{now - until:.0f} s" if now - until > OVERDUE else ""
        return ""
