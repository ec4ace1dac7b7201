"""Somebody of the agency who has signed in: what they are called, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from recobro.domain.plan import Authority

AGENT, SUPERVISOR = "agent", "supervisor"
"""The groups of the pool (infra/stack/people.py)."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """name: the user name, as it stands beside what they do. session: the same from one sign-in to the next sign-out; names nobody.

    ends_at: aware; from then on the pool is asked again.
    """

    name: str
    groups: frozenset[str]
    session: str
    ends_at: datetime

    @property
    def may_work(self) -> bool:
        """Who is in no group may do nothing and see nothing."""
        return bool(self.groups & {AGENT, SUPERVISOR})

    @property
    def is_supervisor(self) -> bool:
        return SUPERVISOR in self.groups

    @property
    def authority(self) -> Authority:
        """The most that they may offer."""
        return Authority.SUPERVISOR if self.is_supervisor else Authority.AUTOMATIC
