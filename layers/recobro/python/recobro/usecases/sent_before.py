"""A message of ours that the record has forgotten: the history keeps what was sent, where, and under which id of its carrier."""

from recobro.domain.attempt import ContactAttempt
from recobro.domain.debtor import Debtor
from recobro.domain.facts import AttemptClaimed, AttemptProgressed
from recobro.house import House


def sent_before(
    house: House, debtor: Debtor, provider_id: str, attempt_id: str = ""
) -> ContactAttempt | None:
    """The message of that id, else the one that its carrier gave that id to; as it was claimed."""
    known, ident = {}, attempt_id
    for recorded in house.ledger.history(debtor.id):
        match recorded.fact:
            case AttemptClaimed(attempt=attempt):
                known[attempt.id] = attempt
            case AttemptProgressed() as told if not ident and told.provider_id == provider_id:
                ident = told.attempt
    return known.get(ident)
