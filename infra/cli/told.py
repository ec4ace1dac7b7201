"""Every fact of a debtor's history in words that an operator, a complaints officer or a judge can follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.cli.words import amount
from recobro.domain import facts as f
from recobro.domain.chain import Recorded
from recobro.domain.debtor import Debtor
from recobro.domain.money import Money


@dataclass(frozen=True)
class Told:
    """One line. channel, status, by and why are empty where they say nothing."""

    what: str
    channel: str = ""
    status: str = ""
    by: str = ""
    why: str = ""


Teller = Callable[[Any, Debtor], Told]


def told(recorded: Recorded, debtor: Debtor) -> Told:
    """The fact in words. debtor: as it stands now, for the channel of an attempt that a later fact speaks of."""
    return _TELLERS[type(recorded.fact)](recorded.fact, debtor)


def _claimed(fact: f.AttemptClaimed, _: Debtor) -> Told:
    one = fact.attempt
    why = ""
    if fact.decision is not None:
        passed = "; ".join(refusal.rule for refusal in fact.decision.passed_over)
        why = f"{fact.decision.dpd} days past due" + (f"; not by better channels: {passed}" if passed else "")
    first = " (first contact)" if one.is_first_notice else ""
    return Told(
        f"{one.kind.value} {one.step.stage}.{one.step.step}{first}", one.channel.value, "claimed", one.by, why
    )


def _progressed(fact: f.AttemptProgressed, debtor: Debtor) -> Told:
    attempt = debtor.attempt(fact.attempt)
    channel = attempt.channel.value if attempt is not None else ""
    return Told(f"attempt {fact.attempt}", channel, fact.status.value, "carrier", fact.outcome)


def _reported(fact: f.ContactReported, _: Debtor) -> Told:
    one = fact.attempt
    return Told("contact made by others", one.channel.value, one.status.value, one.by, one.outcome)


def _debt(fact: f.DebtRecorded, _: Debtor) -> Told:
    debt = fact.debt
    what = f"debt {debt.key}: {amount(debt.outstanding)} due {debt.due_on}"
    less = ", less than was owed: paid to the creditor" if fact.shows_payment else ""
    return Told(what, "", debt.status.value, debt.creditor, f"as of {debt.calculated_on}{less}")


def _received(fact: f.MessageReceived, _: Debtor) -> Told:
    by = "another at that address" if fact.whose == "another" else "debtor"
    return Told("wrote to us", fact.channel.value, fact.intent, by, "")


def _paid(fact: f.PaymentPosted, _: Debtor) -> Told:
    paid = fact.payment
    return Told(
        f"paid {amount(Money(paid.amount, paid.currency))} on {paid.debt}",
        "",
        "posted",
        "gateway",
        paid.intent,
    )


def _promise(fact: f.PromiseMade, _: Debtor) -> Told:
    one = fact.promise
    what = f"promised {amount(Money(one.amount, one.currency))} for {one.due_on}"
    return Told(what, one.channel, "open", "debtor", one.creditor)


def _point(fact: f.PointRecorded, _: Debtor) -> Told:
    one = fact.point
    return Told(f"{one.kind.value} {one.id} on record", "", one.level.value, one.provenance, one.reason)


def _hold(fact: f.HoldPlaced, _: Debtor) -> Told:
    one = fact.hold
    until = f"review {one.review_at:%Y-%m-%d}" if one.review_at else ""
    return Told(f"hold: {one.reason.value}", "", "placed", one.owner, until)


def _task(fact: f.TaskOpened, _: Debtor) -> Told:
    return Told(f"task {fact.task.id}", "", "open", fact.task.owner, fact.task.reason)


_TELLERS: Mapping[type, Teller] = {
    f.DebtorOpened: lambda one, _: Told(
        f"{one.profile.kind} on record", by="import", why=one.profile.country
    ),
    f.ProfileChanged: lambda one, _: Told("profile changed", by="import"),
    f.PersonalChanged: lambda one, _: Told("personal details changed", by="import"),
    f.DebtRecorded: _debt,
    f.DebtStatusChanged: lambda one, _: Told(f"debt {one.debt}", status=one.status.value, why=one.why),
    f.FeedRead: lambda one, _: Told(f"balances as of {one.as_of}", by=one.creditor, why=one.source),
    f.PointRecorded: _point,
    f.PointStateChanged: lambda one, _: Told(f"point {one.point}", status=one.state.value, why=one.reason),
    f.PointChannelBlocked: lambda one, _: Told(
        f"point {one.point}", one.channel.value, "blocked", why=one.reason
    ),
    f.ChannelStopped: lambda one, _: Told("asked us to stop", one.channel, "stopped", "debtor", one.reason),
    f.EpisodeOpened: lambda one, _: Told(f"episode {one.number} opens", by=one.creditor, why=one.currency),
    f.EpisodeClosed: lambda one, _: Told(f"episode {one.number} closes", why=one.why),
    f.StepMarked: lambda one, _: Told(f"step {one.step}", status=one.how),
    f.AttemptClaimed: _claimed,
    f.ContactReported: _reported,
    f.AttemptProgressed: _progressed,
    f.NoticeGiven: lambda one, _: Told("first-contact notice given", why=f"by attempt {one.attempt}"),
    f.PromiseMade: _promise,
    f.PromiseJudged: lambda one, _: Told(
        f"promise {one.promise}", status=one.status.value, why=f"paid {one.paid}"
    ),
    f.HoldPlaced: _hold,
    f.HoldLifted: lambda one, _: Told(f"hold {one.hold}", status="lifted", by=one.by),
    f.TaskOpened: _task,
    f.TaskTaken: lambda one, _: Told(f"task {one.task}", status="taken", by=one.owner),
    f.TaskClosed: lambda one, _: Told(
        f"task {one.task}",
        status="closed",
        why="; ".join((one.disposition, *(f"its note: {rule}" for rule in one.flagged))),
    ),
    f.PaymentPosted: _paid,
    f.PaymentReversed: lambda one, _: Told(
        f"payment {one.intent} taken back: {one.amount} on {one.debt}", status="reversed", why=one.why
    ),
    f.PaymentHeard: lambda one, _: Told(
        f"payment {one.heard.intent}",
        status=one.heard.status,
        by="gateway",
        why="asked back" if one.asks else "",
    ),
    f.LetterRequested: lambda one, _: Told(
        f"release letter for {one.letter.debt}", status="requested", why=f"due {one.letter.due_at:%Y-%m-%d}"
    ),
    f.LetterProgressed: lambda one, _: Told(f"release letter for {one.debt}", status=one.status, by=one.by),
    f.MessageReceived: _received,
    f.PlanAgreed: lambda one, _: Told(
        f"plan {one.plan.id}: {len(one.plan.offer.parts)} parts, {one.plan.offer.total} {one.plan.currency}",
        one.plan.channel,
        one.plan.status.value,
        one.plan.by,
        f"offer {one.plan.offer.policy}",
    ),
    f.PlanJudged: lambda one, _: Told(
        f"plan {one.plan}", status=one.status.value, why=f"paid {one.paid}, {one.missed} missed"
    ),
    f.ConversationMoved: lambda one, _: Told(
        "conversation",
        one.conversation.channel,
        f"awaits {one.conversation.awaits}" if one.conversation.awaits else "at rest",
        why=one.conversation.wish,
    ),
    f.ReplyOwed: lambda one, _: Told(f"reply {one.reply.words}", one.reply.channel.value, "owed"),
    f.LegalEventHappened: lambda one, _: Told("legal event", status=one.event, why=one.evidence),
    f.WaiverGranted: lambda one, _: Told(
        f"allowed {one.waiver.name}", status="stands", by="debtor", why=one.waiver.evidence
    ),
    f.WaiverEnded: lambda one, _: Told(f"no longer allows {one.name}", by="debtor", why=one.why),
    f.CallBackAgreed: lambda one, _: Told(
        f"asked to be called {one.call_back.since:%Y-%m-%d %H:%MZ}",
        "voice",
        by="debtor",
        why=one.call_back.evidence,
    ),
    f.ChannelReopened: lambda one, _: Told(
        "opened again", one.channel if one.channel != "*" else "every channel", by="debtor", why=one.evidence
    ),
    f.HoursChosen: lambda one, _: Told(
        f"wants to hear from us {one.hours.opens:%H:%M}-{one.hours.closes:%H:%M}"
        if one.hours
        else "any lawful hour",
        by="debtor",
        why=", ".join(one.hours.days),
    ),
    f.IdentityChecked: lambda one, _: Told(
        "tried to show who they are", one.channel, "passed" if one.passed else "failed", "debtor"
    ),
    f.PayLinkMade: lambda one, _: Told(
        f"payment link {one.link.number}: {amount(one.link.money)} to {one.link.creditor}",
        status="open",
        by=one.link.gateway,
        why=f"until {one.link.expires_at:%Y-%m-%d %H:%MZ}",
    ),
    f.PayLinkVoided: lambda one, _: Told(f"payment link {one.number}", status="void", why=one.why),
    f.PayLinkWithdrawn: lambda one, _: Told(f"payment link {one.number}", status="withdrawn", by="gateway"),
    f.ProofGiven: lambda one, _: Told(f"sent proof of payment {one.document}", by="debtor", why=one.media),
    f.PlanMoved: lambda one, _: Told(
        "plan moved",
        status="wait",
        why=one.rule + (f" until {one.until:%Y-%m-%d %H:%MZ}" if one.until else ""),
    ),
    f.Erased: lambda one, _: Told("erased", why=one.request),
}
"""A test holds that every kind of fact stands here."""
