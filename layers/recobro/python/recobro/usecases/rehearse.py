"""What would go out tomorrow? The whole day played through on paper: nothing is written, nothing is sent."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from recobro.domain.attempt import AttemptStatus, ContactAttempt, attempt_id
from recobro.domain.client import SETUP_NAMES, Client
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, HandOver, Wait
from recobro.domain.eligibility import today_of, voices_of_messages
from recobro.domain.facts import AttemptClaimed, AttemptProgressed, StepMarked
from recobro.domain.fold import apply
from recobro.domain.hand_over import handed_over
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.price import expected
from recobro.domain.refusal import Refusal
from recobro.domain.segmentation import segment_of
from recobro.domain.settle import settled
from recobro.domain.shares import ANSWERED_SHARE
from recobro.errors import RecobroError
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.compose import Composed, compose
from recobro.usecases.spending import without_money

MOST_A_DAY = 20
"""More things in one day for one person than any strategy asks for: where a rehearsal stops following them."""

LANES = ("pre_due", "overdue")


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as one person would get it. at: aware UTC; cost in micro-USD."""

    debtor: str
    channel: str
    template: str
    stage: str
    at: datetime
    subject: str
    body: str
    cost: int


@dataclass(slots=True)
class Rehearsed:
    """A day on paper; cost in micro-USD, counted by channel, stage, segment and creditor.

    quiet: people with whom nothing would happen, by the first rule that says so. passed_over: better channels not
    taken, by rule. sources: rule → where it stands. unsendable: contacts without words, by what is missing.
    pace: how many sends people can answer in that day (`replies_per_hour`); None: no limit of that kind.
    """

    day: date
    opens: datetime
    closes: datetime
    pace: int | None = None
    people: int = 0
    contacted: int = 0
    by_channel: Counter[str] = field(default_factory=Counter)
    by_segment: Counter[str] = field(default_factory=Counter)
    by_stage: Counter[str] = field(default_factory=Counter)
    by_creditor: Counter[str] = field(default_factory=Counter)
    tasks: Counter[str] = field(default_factory=Counter)
    quiet: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    sources: dict[str, str] = field(default_factory=dict)
    cost_by_channel: Counter[str] = field(default_factory=Counter)
    unsendable: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    @property
    def contacts(self) -> int:
        return self.by_channel.total()

    @property
    def beyond_pace(self) -> int:
        """Contacts that would wait for another day, since nobody could answer what they bring."""
        return 0 if self.pace is None else max(0, self.contacts - self.pace)

    @property
    def cost(self) -> int:
        """All of it, in micro-USD."""
        return self.cost_by_channel.total()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that the day would bring to one person: a contact, a task, or the last refusal of the day."""

    at: datetime
    debtor: Debtor
    what: Contact | HandOver | Refusal


def rehearse(
    house: House, at: datetime | None = None, *, seen: Callable[[int], None] = lambda people: None
) -> Rehearsed:
    """Play the local day that holds `at` (tomorrow) over everybody. seen: told how many people were looked at."""
    plan = house.playbook.client.schedule
    zone = ZoneInfo(plan.time_zone)
    day = (at or house.now() + timedelta(days=1)).astimezone(zone).date()
    opens = max(datetime.combine(day, plan.opens, zone).astimezone(UTC), house.now())
    closes = datetime.combine(day, plan.closes, zone).astimezone(UTC)
    done = Rehearsed(day, opens, closes, _pace(house.playbook.client, closes - opens))
    switches = replace(house.switches.read(), spent=without_money(house, opens))
    for loaded in everyone(house):
        done.people += 1
        _play(house, loaded.debtor, switches, done)
        if not done.people % 100:
            seen(done.people)
    seen(done.people)
    return done


def everyone(house: House) -> Iterator[Loaded]:
    """Every debtor of both lanes, a hundred to a read; somebody who changes lane meanwhile comes once."""
    met: set[str] = set()
    for lane in LANES:
        for shard in range(max(house.due.shards, house.plan_item.standing(lane).shards)):
            waiting = (one.debtor_id for one in house.due.everyone(lane, shard))
            while batch := list(islice(waiting, 100)):
                fresh = [one for one in batch if one not in met]
                met.update(fresh)
                yield from house.ledger.load_many(fresh).values()


def day_of(
    debtor: Debtor, playbook: Playbook, switches: Switches, opens: datetime, closes: datetime
) -> Iterator[Happening]:
    """What one day brings to one person if every message is accepted: contacts and tasks in order, else why nothing. Pure."""
    at = opens
    for _ in range(MOST_A_DAY):
        debtor, _facts = settled(debtor, playbook, at)
        decision = decide(debtor, playbook, at, switches)
        if isinstance(decision, Wait) and at < decision.until < closes:
            at = decision.until
            continue
        if isinstance(decision, Contact):
            yield Happening(at, debtor, decision)
            debtor = after_contact(debtor, decision, at)
        elif isinstance(decision, HandOver):
            yield Happening(at, debtor, decision)
            for fact in handed_over(debtor, decision, playbook, at):
                debtor = apply(debtor, fact, at)
        else:
            refusal = decision.refusals[0] if decision.refusals else Refusal("nothing.due", "strategy.toml")
            yield Happening(at, debtor, refusal)
            return


def _pace(client: Client, open_for: timedelta) -> int | None:
    if client.limits.replies_per_hour <= 0:
        return None
    return int(client.limits.replies_per_hour * open_for.total_seconds() * 100 / (3600 * ANSWERED_SHARE))


def claim_on_paper(debtor: Debtor, contact: Contact, at: datetime) -> ContactAttempt:
    """The attempt that such a contact would be."""
    return ContactAttempt(
        id=attempt_id(debtor.id, contact.recipient, contact.creditor, contact.step, contact.number),
        step=contact.step,
        number=contact.number,
        creditor=contact.creditor,
        channel=contact.channel,
        point=contact.point,
        claimed_at=at,
        claim_id="rehearsal",
        send_by=at + timedelta(seconds=15),
        kind=contact.kind,
        recipient=contact.recipient,
        debts=contact.debts,
        is_first_notice=contact.is_first_notice,
    )


def after_contact(debtor: Debtor, contact: Contact, at: datetime) -> Debtor:
    """The debtor once that contact was accepted by its carrier."""
    claim = claim_on_paper(debtor, contact, at)
    for fact in (
        AttemptClaimed(claim),
        AttemptProgressed(claim.id, AttemptStatus.SENT),
        StepMarked(claim.step.episode, claim.step.mark, "sent"),
    ):
        debtor = apply(debtor, fact, at)
    return debtor


def _play(house: House, debtor: Debtor, switches: Switches, done: Rehearsed) -> None:
    was_quiet = True
    for happening in day_of(debtor, house.playbook, switches, done.opens, done.closes):
        match happening.what:
            case Contact() as contact:
                done.contacted += was_quiet
                was_quiet = False
                _count(house, happening, contact, done)
            case HandOver() as task:
                was_quiet = False
                done.tasks[task.task] += 1
            case Refusal() as refusal if was_quiet:
                done.quiet[refusal.rule] += 1
                done.sources.setdefault(refusal.rule, refusal.source)


def _count(house: House, happening: Happening, contact: Contact, done: Rehearsed) -> None:
    try:
        composed = compose(
            house,
            happening.debtor,
            contact,
            claim_on_paper(happening.debtor, contact, happening.at),
            happening.at,
        )
    except RecobroError as error:
        done.unsendable[str(error)] += 1
        return
    if composed.refused:
        done.unsendable[f"{composed.refused[0].rule}: {composed.refused[0].detail}"] += 1
        return
    channel = SETUP_NAMES[contact.channel]
    # SMS are priced by the part, calls by the minute.
    cost = expected(house.playbook.client.channels[channel], channel, composed.outgoing.body)
    done.by_channel[channel] += 1
    done.by_stage[contact.step.stage] += 1
    done.by_creditor[contact.creditor] += 1
    done.by_segment[_segment(happening, contact, house.playbook)] += 1
    done.cost_by_channel[channel] += cost
    for refusal in contact.passed_over:
        done.passed_over[refusal.rule] += 1
        done.sources.setdefault(refusal.rule, refusal.source)
    if not any((one.channel, one.template) == (channel, contact.template) for one in done.samples):
        done.samples.append(_sample(happening, contact, composed, cost))


def _segment(happening: Happening, contact: Contact, playbook: Playbook) -> str:
    debtor = happening.debtor
    today = today_of(debtor, playbook, happening.at)
    voice = next(
        one
        for one in voices_of_messages(debtor, playbook, today)
        if (one.creditor, one.currency) == (contact.creditor, contact.due.currency)
    )
    return segment_of(debtor, voice, playbook.strategy) or "everybody"


def _sample(happening: Happening, contact: Contact, composed: Composed, cost: int) -> Sample:
    return Sample(
        debtor=happening.debtor.id,
        channel=SETUP_NAMES[contact.channel],
        template=contact.template,
        stage=contact.step.stage,
        at=happening.at,
        subject=composed.outgoing.subject,
        body=composed.outgoing.body,
        cost=cost,
    )
