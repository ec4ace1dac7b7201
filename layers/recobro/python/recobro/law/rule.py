"""Every rule of law says where it stands, how sure we are and from when to when; here is what all of them
share.
"""

from datetime import date
from enum import StrEnum

from recobro.law.value import Value


class Conf(StrEnum):
    """How sure we are of a rule. POLICY is our own caution and no law: all that a client may relax."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    POLICY = "POLICY"


class Coverage(StrEnum):
    """How far a pack reaches a stage, an actor or a class of debtor that its law may not speak of.

    Where several are said of one contact, the least holds. Stop events and recipients bind at any of them. Consent,
    provenance and channel rules do too, but for a company that the pack does not cover (`Consent.companies_too` excepted).
    """

    COVERED = "covered"  # every rule, as law
    POLICY_SAME_WINDOWS = "policy_same_windows"  # every rule, hours and caps, by our own caution
    NOT_COVERED_SAME_WINDOWS = "not_covered_same_windows"  # hours only; such contacts stay out of the caps
    NOT_COVERED = "not_covered"
    FORBIDDEN = "forbidden"


class Rule(Value):
    """What every rule carries. `since` and `to` are debtor-local dates, both inclusive; `to` None: still in
    force.
    """

    id: str
    article: str
    conf: Conf
    since: date
    to: date | None = None
    note: str = ""


class StageRule(Rule):
    """Whether contacts of one stage of a debt are covered; an overlay that is silent takes its country's word.

    A forbidden stage ends collection: the kinds that the pack exempts still pass.
    """

    stage: str
    coverage: Coverage


class Applies(Rule):
    """Whom the pack binds and whom it protects."""

    actors: frozenset[str]
    other_actors: Coverage = Coverage.POLICY_SAME_WINDOWS
    commercial: Coverage = Coverage.NOT_COVERED_SAME_WINDOWS
