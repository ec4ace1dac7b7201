"""Contacts that others made count like ours: the creditor's, the former agency's, and the calls that the person began."""

from datetime import timedelta

from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.intake.outcome import ContactTold

COUNT_FOR = timedelta(days=31)
"""No law looks further back than a month; what is older would only fill the record."""

AHEAD = timedelta(days=1)
"""By how much a contact of today may seem to lie in the future: a day without its hour, a clock beside ours. It counts all the same."""

_REACHED_NOBODY = frozenset({"busy", "not_in_service", "network_failure", "invalid_number"})
_TALKS = frozenset({"conversation", "right_party", "promise", "refused"})


def reported(debtor: str, creditor: str, debts: tuple[str, ...], told: ContactTold) -> ContactAttempt:
    """The contact as the record keeps it, its outcome as it was told; the same contact always has the same id."""
    step = StepKey(0, "reported", f"{told.at:%Y%m%dT%H%M%SZ}.{told.channel.value}")
    return ContactAttempt(
        id=attempt_id(debtor, told.by, creditor, step, 1),
        step=step,
        number=1,
        creditor=creditor,
        channel=told.channel,
        point="",
        claimed_at=told.at,
        claim_id="",
        send_by=told.at,
        debts=debts,
        status=_status(told),
        by=told.by,
        outcome=told.outcome,
    )


def _status(told: ContactTold) -> AttemptStatus:
    """How far it got; a word that nobody knows leaves it sent, which every law counts at its strictest."""
    if told.by == "debtor" or told.outcome in _TALKS:
        return AttemptStatus.ANSWERED
    return AttemptStatus.FAILED if told.outcome in _REACHED_NOBODY else AttemptStatus.SENT
