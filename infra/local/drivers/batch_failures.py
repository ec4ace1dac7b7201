"""How Lambda reads what a handler says about the records of a batch that it could not process.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from collections.abc import Collection, Mapping
from typing import Any

from infra.local.functions import Outcome


def failed_of(outcome: Outcome, identifiers: Collection[str], *, reports_failures: bool) -> set[str]:
    """The identifiers of the records that failed; all of them when the whole batch did.

    A complete success: nothing, an empty answer, an empty or null list. A complete failure: an exception, an answer that is
    no object, an entry whose itemIdentifier is missing, empty, null or of no record of the batch.
    """
    everything = set(identifiers)
    if outcome.failure is not None:
        return everything
    if not reports_failures or outcome.value is None:
        return set()
    if not isinstance(outcome.value, Mapping):
        return everything
    listed = outcome.value.get("batchItemFailures")
    if not listed:
        return set()
    if not isinstance(listed, list):
        return everything
    named = [_identifier(entry) for entry in listed]
    return set(named) if everything.issuperset(named) else everything


def _identifier(entry: Any) -> str:
    named = entry.get("itemIdentifier") if isinstance(entry, Mapping) else None
    return named if isinstance(named, str) else ""
