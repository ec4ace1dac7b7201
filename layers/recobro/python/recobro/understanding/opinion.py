"""A classifier may shorten what people must read, and nothing else: it never decides a stop, a dispute, a promise or an offer."""

from dataclasses import replace

from recobro.understanding.understood import Intent, Matched, Understood, Verdict

MAY_DECIDE = frozenset(
    {
        Intent.WANTS_TO_PAY,
        Intent.ALREADY_PAID,
        Intent.HARDSHIP,
        Intent.ASKS_PERSON,
        Intent.COMPLAINT,
        Intent.GREETING,
    }
)
"""Each either tells how to pay what is owed, holds, or opens a task: none takes a right or makes a promise."""

KEPT_FOR_A_PERSON = frozenset(Intent) - MAY_DECIDE - {Intent.OTHER}
"""Where rules suspect one of these, a person reads the message whatever a classifier says."""


def is_worth_asking(found: Understood) -> bool:
    """Whether a classifier may say anything about a message that was read so."""
    suspected = {found.intent, *found.also}
    return (
        found.verdict is Verdict.UNSURE
        and not found.needs_person
        and not found.is_stop_doubted
        and not found.cut
        and suspected.isdisjoint(KEPT_FOR_A_PERSON)
    )


def with_opinion(found: Understood, opinion: str) -> Understood:
    """`found` with what a classifier said of the same message, where it may be heard; else `found` itself.

    opinion: an intent's name. Anything else, and any intent that it may not decide, changes nothing.
    """
    if not is_worth_asking(found) or opinion not in MAY_DECIDE:
        return found
    intent = Intent(opinion)
    why = Matched("classifier", intent, "")
    return replace(found, intent=intent, verdict=Verdict.SURE, also=(), matched=(why, *found.matched))
