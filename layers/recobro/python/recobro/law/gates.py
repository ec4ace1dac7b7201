"""Some contacts are wrong at any hour: a person who must be left alone, a stranger's number, a channel never
agreed to.
"""

from collections.abc import Iterator

from recobro.domain.refusal import Refusal
from recobro.law.case import Case

OBLIGORS = frozenset({"principal", "codebtor", "guarantor"})
OPEN_TO = frozenset({"own_bucket_same_rules", "treated_as_consumer_own_bucket"})
GIVEN_BY_DEBTOR = frozenset({"debtor", "debtor_authorised"})
EMPLOYER_PROHIBITS = "employer_prohibits"
"""Closes the workplace and nothing else (12 CFR 1006.6(b)(3))."""
CAUTION = "our own caution, not law"


def stopped(case: Case, ts: int) -> Iterator[Refusal]:
    """Stop events. One that no pack names stops everything: nobody would report it if it did not matter."""
    events = case.intended.events
    if not events:
        return
    for live in case.rules.stops:
        if live.rule.event in events and case.holding(live, ts):
            yield case.refuse(
                live, detail=live.rule.event, change=f"{live.rule.event} resolved ({live.rule.effect})"
            )
    for event in sorted(events - case.rules.known_events - {EMPLOYER_PROHIBITS}):
        yield Refusal(
            "event.unknown", f"no rule names this event: {CAUTION}", None, event, f"a rule for {event}"
        )


def wrong_recipient(case: Case, ts: int) -> Iterator[Refusal]:
    """Only those who owe are contacted; a workplace line only where the pack lets it be."""
    intended = case.intended
    role = intended.role
    if role != "principal":
        named = [live for live in case.rules.recipients.get(role, ()) if case.holding(live, ts)]
        for live in named:
            if live.rule.treatment not in OPEN_TO:
                yield case.refuse(live, detail=role, change="a contact point of the debtor or a co-obligor")
        if role not in OBLIGORS and not case.holding_everywhere(case.rules.recipients.get(role, ()), ts):
            source = f"third parties are never contacted: {CAUTION}"
            yield Refusal("recipient", source, None, role, "a person who owes")
    if intended.line == "work":
        for live in case.rules.recipients.get("workplace", ()):
            if case.holding(live, ts) and not _work_line(case, live.rule.treatment):
                yield case.refuse(live, detail="work", change="a contact point outside work")


def _work_line(case: Case, treatment: str) -> bool:
    intended = case.intended
    if treatment == "only_if_given_as_contact_point":
        return intended.provenance in GIVEN_BY_DEBTOR
    if treatment == "only_on_request":
        return "debtor_request" in intended.waivers
    return treatment == "unless_employer_prohibits" and EMPLOYER_PROHIBITS not in intended.events


def closed_channel(case: Case, ts: int) -> Iterator[Refusal]:
    """Channels that the law closes unless a named permission stands in evidence."""
    intended = case.intended
    for live in case.rules.channel_rules:
        if not (live.rule.unless & intended.waivers) and case.holding(live, ts):
            wanted = " or ".join(sorted(live.rule.unless))
            yield case.refuse(live, detail=intended.channel, change=f"evidence of {wanted}" if wanted else "")


def wrong_provenance(case: Case, ts: int) -> Iterator[Refusal]:
    """A contact point from a source that the law does not allow, or that nobody recorded."""
    origin = case.intended.provenance
    for live in case.rules.provenance:
        rule = live.rule
        if (origin in rule.forbid or origin not in rule.allowed) and case.holding(live, ts):
            yield case.refuse(
                live, detail=origin, change=f"a contact point from {', '.join(sorted(rule.allowed))}"
            )


def unauthorised(case: Case, ts: int) -> Iterator[Refusal]:
    """Channels that need the person's own authorisation."""
    intended = case.intended
    for live in case.rules.consent:
        if intended.channel not in intended.authorised and case.holding(live, ts):
            yield case.refuse(
                live, detail=live.rule.requirement, change=f"a recorded authorisation for {intended.channel}"
            )


def closed_stage(case: Case, ts: int) -> Iterator[Refusal]:
    """Stages in which collection by message has ended: a suit, an insolvency."""
    for live in case.rules.closed_stages:
        if case.holding(live, ts):
            yield case.refuse(live, detail=case.intended.stage)


def no_clock(case: Case, _ts: int) -> Iterator[Refusal]:
    """Hours and dates cannot be tested for a person whose time zone nobody knows."""
    rules = case.rules
    if not case.zones and (rules.windows or rules.holds or rules.caps):
        yield Refusal(
            "zone.unknown", f"no time zone is known: {CAUTION}", None, case.country, "the debtor's time zone"
        )
