"""The seven ways in which work can go wrong, named for who has to care. A refusal is not among them: it is a value."""

from dataclasses import dataclass


class RecobroError(Exception):
    """The root of every error that Recobro raises on purpose."""


@dataclass
class InvalidInput(RecobroError):
    """The sender is wrong. HTTP 422; on a queue, an `ASIDE#` item with reason and body, then done."""

    field: str
    problem: str
    fix: str = ""
    where: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        fix = f" — {self.fix}" if self.fix else ""
        return f"{place}{self.field}: {self.problem}{fix}"


class NotFound(RecobroError):
    """No such debtor or debt. HTTP 404; on a queue, set aside (a payment is quarantined, never dropped)."""


class Conflict(RecobroError):
    """Same key, different content. HTTP 409; on a queue, set aside and alarmed: somebody lies or reused a key."""


class Stale(RecobroError):
    """Someone saved this debtor first. Load and decide again."""


class Unavailable(RecobroError):
    """AWS or a carrier is down for now. HTTP 503; on a queue, back-off and redrive."""


class InvariantBroken(RecobroError):
    """Our own bug. HTTP 500; set aside at once and alarmed."""
