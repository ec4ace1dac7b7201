"""Invented people whom something keeps from being contacted, as histories of facts; each sample comes from one number."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from recobro.domain import facts as f
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey
from recobro.domain.chain import Recorded, link
from recobro.domain.channel import Channel
from recobro.domain.client import ChannelSetup
from recobro.domain.contact_point import Authorisation, ContactPoint, Level, PointKind, PointState
from recobro.domain.debt import Amounts, Debt, DebtStatus
from recobro.domain.debtor import Debtor, Profile
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.payment import Payment
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.promise import PromiseToPay
from recobro.domain.replay import as_it_stood
from recobro.domain.task import Task
from tests.sample import AMINTA, playbook

DIGITAL = (Channel.SMS, Channel.EMAIL, Channel.WHATSAPP)
ZONES = {"MX": "America/Mexico_City", "CO": "America/Bogota", "": ""}
BRANDS = {"MX": ("muebles", "MXN"), "CO": ("andes", "COP"), "": ("muebles", "MXN")}
FAR_AHEAD = 10**6


@dataclass(frozen=True)
class Sample:
    """history: every fact, chained. The rest is what a decision needs besides."""

    history: tuple[Recorded, ...]
    playbook: Playbook
    now: datetime
    switches: Switches

    @property
    def person(self) -> Debtor:
        return as_it_stood(AMINTA, self.history, FAR_AHEAD)


class Chance(Random):
    """trouble: how likely each thing that may be wrong is wrong."""

    trouble: float = 0.1

    def spoils(self) -> bool:
        return self.random() < self.trouble


def sample_of(number: int) -> Sample:
    """The same number, the same sample. Every third has little in its way, every third a great deal."""
    chance = Chance(number)
    chance.trouble = (0.05, 0.12, 0.3)[number % 3]
    day = date(2026, 3, 2) + timedelta(days=chance.randrange(60))
    now = datetime.combine(day, time(chance.randrange(24), chance.choice((0, 30))), UTC)
    country = "" if chance.spoils() else chance.choice(("MX", "CO"))
    facts = [*_person(chance, country, now), *_obstacles(chance, country, now)]
    facts += _beside(Chance(FAR_AHEAD + number), country, now)
    first = link(facts[:1], version=1, at=now - timedelta(days=40), head="")
    rest = link(facts[1:], version=2, at=now - timedelta(minutes=1), head=first[-1].hash)
    return Sample((*first, *rest), _book(chance), now, _switches(chance, country))


def _person(chance: Chance, country: str, now: datetime) -> list[f.Fact]:
    creditor, currency = BRANDS[country]
    zones = (ZONES[country],) if country and not chance.spoils() else ()
    found: list[f.Fact] = [f.DebtorOpened(Profile(country=country, zones=zones), "digest")]
    for number in range(chance.choice((1, 1, 2))):
        due_on = now.date() - timedelta(days=chance.choice((-6, -3, 0, 2, 4, 6, 12, 25, 33, 90, 450)))
        amount = chance.choice((0, 3_000)) if chance.spoils() else 90_000_000
        debt = Debt(f"A{number}", creditor, currency, Amounts(principal=amount), due_on, now.date())
        found.append(f.DebtRecorded(_spoilt(chance, debt, now.date())))
    if not chance.spoils():
        found.append(f.FeedRead(creditor, now.date() - timedelta(days=4 if chance.spoils() else 0), "file"))
    points = chance.choice((0, 1)) if chance.spoils() else 2
    return found + [f.PointRecorded(_point(chance, number, now)) for number in range(points)]


def _spoilt(chance: Chance, debt: Debt, today: date) -> Debt:
    if chance.spoils():
        debt = replace(debt, status=chance.choice(tuple(DebtStatus)))
    if chance.spoils():
        debt = replace(debt, assigned_on=today + timedelta(days=chance.choice((-9, 3))))
    if chance.spoils():
        debt = replace(debt, assigned_until=today - timedelta(days=1))
    if chance.spoils():
        debt = replace(debt, limitation_on=today - timedelta(days=30))
    return debt


def _point(chance: Chance, number: int, now: datetime) -> ContactPoint:
    channels = [one for one in DIGITAL if not chance.spoils()]
    odd = ("creditor", "unknown", "skip_trace", "reference")
    return ContactPoint(
        id=f"p{number}",
        kind=chance.choice((PointKind.PHONE, PointKind.EMAIL)),
        provenance=chance.choice(odd) if chance.spoils() else "debtor_authorised",
        level=Level.ADDRESSED,
        state=chance.choice((PointState.BAD, PointState.SUPPRESSED))
        if chance.spoils()
        else PointState.ACTIVE,
        line=chance.choice(("unknown", "work")) if chance.spoils() else "mobile",
        authorisations=tuple(Authorisation(one, "form", now - timedelta(days=50)) for one in channels),
        blocked=(Channel.SMS,) if chance.spoils() else (),
    )


def _obstacles(chance: Chance, country: str, now: datetime) -> list[f.Fact]:
    creditor, currency = BRANDS[country]
    key, review = f"{creditor}/A0", now + timedelta(days=5)
    done = chance.choice(("early.first", "early.second", "pre_due.five_before"))
    event = chance.choice(("insolvency_started", "served_in_suit", "deceased"))
    hold = Hold("h1", chance.choice(tuple(HoldReason)), now, "operations", debts=(key,))
    possible: list[tuple[f.Fact, ...]] = [
        (f.HoldPlaced(hold),),
        (f.HoldPlaced(Hold("h2", HoldReason.HARDSHIP, now, "operations", review, resumes=True)),),
        (f.TaskOpened(Task("t1", "review", 2, now, review, creditor)),),
        (f.PaymentPosted(Payment("standard#1", key, 1_000, currency, now)),),
        (f.PromiseMade(_promise(creditor, currency, now)),),
        (f.ContactReported(_contact(creditor, key, "creditor", now - timedelta(days=chance.randrange(6)))),),
        (f.EpisodeOpened(1, creditor, currency), f.StepMarked(1, done, "sent")),
        (f.ChannelStopped(chance.choice(("sms", "email", "*")), "opt_out"),) if chance.spoils() else (),
        (f.LegalEventHappened(event),) if chance.spoils() else (),
        (f.Erased("request 7"),) if chance.spoils() and chance.spoils() else (),
    ]
    found = [facts for facts in possible if chance.spoils()] or [chance.choice(possible[:7])]
    return [fact for facts in found for fact in facts]


def _beside(chance: Chance, country: str, now: datetime) -> list[f.Fact]:
    """In every tenth a plan, and in every tenth another currency, whose day may ask for a task or a message. A chance of its own, so
    that the others stay what they are.
    """
    creditor, currency = BRANDS[country]
    found: list[f.Fact] = []
    if chance.spoils():
        found.append(f.PlanAgreed(_plan(creditor, currency, now)))
    if chance.spoils():
        due_on = now.date() - timedelta(days=chance.choice((-3, 4, 12, 33)))
        debt = Debt("B0", creditor, "USD", Amounts(principal=90_000), due_on, now.date())
        found.append(f.DebtRecorded(debt))
    return found


def _plan(creditor: str, currency: str, now: datetime) -> PaymentPlan:
    parts = tuple(
        PlanPart(due, 45_000_000, due + timedelta(days=2))
        for due in (now.date() + timedelta(days=days) for days in (4, 34))
    )
    offer = PlanOffer(
        id="o1",
        policy="halves",
        creditor=creditor,
        currency=currency,
        parts=parts,
        owed=90_000_000,
        discount=0,
        debts=(f"{creditor}/A0",),
        authority=Authority.AUTOMATIC,
        expires_at=now,
    )
    return PaymentPlan("pl1", 1, offer, now - timedelta(days=3))


def _promise(creditor: str, currency: str, now: datetime) -> PromiseToPay:
    due = now.date() + timedelta(days=6)
    return PromiseToPay("m1", 1, creditor, currency, 50_000, due, due + timedelta(days=2), now)


def _contact(creditor: str, key: str, by: str, at: datetime) -> ContactAttempt:
    return ContactAttempt(
        id="c1",
        step=StepKey(0, "", "reported"),
        number=1,
        creditor=creditor,
        channel=Channel.SMS,
        point="p0",
        claimed_at=at,
        claim_id="c",
        send_by=at,
        status=AttemptStatus.SENT,
        debts=(key,),
        by=by,
    )


def _book(chance: Chance) -> Playbook:
    book = playbook()
    client = book.client
    if chance.spoils():
        off = chance.choice(("sms", "email", "whatsapp"))
        client = replace(client, channels={**client.channels, off: ChannelSetup()})
    if chance.spoils():
        client = replace(client, approvals=())
    return replace(book, client=client)


def _switches(chance: Chance, country: str) -> Switches:
    scope = chance.choice(("all", "channel:sms", f"creditor:{BRANDS[country][0]}"))
    return Switches({scope: "who and why"} if chance.spoils() else {})
