"""A weekly limit means nothing until it is said which contacts count; this is where that is said, once, for
every rule.
"""

from recobro.domain.channel import Channel
from recobro.law.contact import Intended, PastContact, Rung
from recobro.law.measures import Counting

RANK = {rung: place for place, rung in enumerate(Rung)}

PROVES = {
    "busy": Rung.ATTEMPT,
    "not_in_service": Rung.ATTEMPT,
    "network_failure": Rung.ATTEMPT,
    "invalid_number": Rung.ATTEMPT,
    "hard_bounce": Rung.SENT,
    "soft_bounce": Rung.SENT,
    "undelivered": Rung.SENT,
    "expired": Rung.SENT,
    "no_answer": Rung.CONNECTED,
    "voicemail": Rung.CONNECTED,
    "wrong_party": Rung.CONNECTED,
    "third_party": Rung.CONNECTED,
    "refused": Rung.CONVERSATION,
    "right_party": Rung.CONVERSATION,
    "promise": Rung.CONVERSATION,
}
"""The rung that an outcome proves, whatever was written beside it: a bounce was accepted first, a ring-out
did connect (12 CFR 1006, Official Interpretations 14(b)(4)-1: busy and not in service do not connect,
ring-out and voicemail do).
"""

NOT_CONNECTED = frozenset({"busy", "not_in_service", "network_failure", "invalid_number"})
NO_CONVERSATION = frozenset(word for word, rung in PROVES.items() if rung is not Rung.CONVERSATION)
NOT_DELIVERED = NOT_CONNECTED | {"hard_bounce", "soft_bounce", "undelivered", "expired"}


def reaches(contact: PastContact, counts: Rung) -> bool:
    """Whether a contact got as far as `counts`, or may have: what is unknown counts.

    A contact that is `sent` with no outcome yet may have rung or arrived, so it reaches `connected` and
    `delivered`; a human call with none, or with a word that proves nothing, may have been a conversation.
    """
    rank = RANK[contact.rung]
    if rank == 0:
        return False
    outcome = contact.outcome
    if outcome in PROVES:
        rank = max(rank, RANK[PROVES[outcome]])
    if rank >= RANK[counts]:
        return True
    if contact.rung is not Rung.SENT:
        return counts is Rung.DELIVERED and contact.rung is Rung.CONNECTED and outcome not in NOT_DELIVERED
    if counts is Rung.CONNECTED:
        return outcome not in NOT_CONNECTED
    if counts is Rung.DELIVERED:
        return outcome not in NOT_DELIVERED
    return counts is Rung.CONVERSATION and contact.channel is Channel.VOICE and outcome not in NO_CONVERSATION


def by_counts(rule: Counting, by: str) -> bool:
    """Whether contacts made by `by` fall in the rule's bucket. Where the law is silent, everybody's do; a
    debtor's never.
    """
    if by == "collector":
        return True
    if by == "debtor":
        return False
    if rule.shared_with is None:
        return "collector" not in rule.scope
    return by in rule.shared_with


def shares(rule: Counting, of: str) -> bool:
    """Whether a contact that is not this person's own falls in the rule's bucket: a person's cap knows that person
    alone, a household's all who live there.

    of: see PastContact. A rule of one creditor, debt or account does not see the agency's other clients.
    """
    scope = rule.scope
    if of == "household":
        return "household" in scope
    if of == "agency":
        return not {"creditor", "debt", "account"} & set(scope)
    if "person" in scope:
        return False
    return of in scope or (of == "account" and "debt" in scope)


def in_scope(rule: Counting, contact: PastContact, intended: Intended) -> bool:
    """Whether a past contact shares the rule's bucket with the intended one. Blank creditors, debts, points
    count.
    """
    if contact.of and not shares(rule, contact.of):
        return False
    for key in rule.scope:
        if key == "creditor":
            if contact.creditor and intended.creditor and contact.creditor != intended.creditor:
                return False
        elif key in ("debt", "account"):
            if contact.debts and intended.debts and not set(contact.debts) & set(intended.debts):
                return False
        elif key == "contact_point" and contact.point and intended.point and contact.point != intended.point:
            return False
    return True


def counted(rule: Counting, ignored: frozenset[str], contact: PastContact, intended: Intended) -> bool:
    """Whether `rule` sees a past contact. `ignored`: the kinds that this rule's pack keeps out of its
    measures.
    """
    return (
        contact.channel in rule.channels
        and contact.kind not in ignored
        and contact.kind not in rule.exclude_kinds
        and contact.outcome not in rule.exclude_outcomes
        and reaches(contact, rule.counts)
        and by_counts(rule, contact.by)
        and in_scope(rule, contact, intended)
    )
