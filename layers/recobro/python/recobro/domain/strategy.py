"""What to do at which day past due for whom, in a form that a collections manager reads, signs and changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recobro.domain.channel import Channel, Kind
from recobro.domain.plan import Authority
from recobro.errors import InvalidInput

TONES = ("friendly", "helpful", "firm", "formal")
SENSITIVE = frozenset({"sex", "age", "age_band", "location", "economic_level", "education", "marriage"})
"""What may be reported on, but may change pressure, tone or offer only with a recorded reason (PRACTICE: The plan)."""


@dataclass(frozen=True)
class Segment:
    """First match wins; an empty condition matches everybody. Balances in minor units of `currency`.

    attributes: profile attribute → the values that match. reason: why a sensitive attribute is used.
    """

    name: str
    kinds: tuple[str, ...] = ()
    currency: str = ""
    min_balance: int | None = None
    max_balance: int | None = None
    min_dpd: int | None = None
    max_dpd: int | None = None
    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    min_broken_promises: int | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Step:
    """One thing to do once, from day `on_dpd` of its stage on: a message by the best channel, or a task for a person."""

    name: str
    on_dpd: int
    channels: tuple[Channel, ...] = ()
    template: str = ""
    tone: str = "friendly"
    kind: Kind = Kind.COLLECTION
    task: str = ""
    priority: int = 5

    def __post_init__(self) -> None:
        if bool(self.channels) == bool(self.task):
            raise InvalidInput(
                "channels", "and task: exactly one of the two", "give channels with a template, or a task"
            )
        if self.channels and not self.template:
            raise InvalidInput("template", "is missing", "name a file in messages/")
        if self.tone not in TONES:
            raise InvalidInput("tone", f"is {self.tone!r}", f"one of: {', '.join(TONES)}")


@dataclass(frozen=True)
class Stage:
    """A span of days past due, both ends included. segments empty: everybody."""

    name: str
    from_dpd: int
    to_dpd: int
    steps: tuple[Step, ...]
    segments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.from_dpd > self.to_dpd:
            raise InvalidInput("from_dpd", "is after to_dpd", "swap them")
        days = [step.on_dpd for step in self.steps]
        if days != sorted(days):
            raise InvalidInput("steps", "are not in order of on_dpd", "sort them by day")
        for index, step in enumerate(self.steps):
            if not self.from_dpd <= step.on_dpd <= self.to_dpd:
                raise InvalidInput(
                    f"steps[{index}].on_dpd", f"is {step.on_dpd}", f"{self.from_dpd} to {self.to_dpd}"
                )


@dataclass(frozen=True)
class PromiseRules:
    """PRACTICE: What people answer. Shares in per cent. reminder_channels: by which the day before is told, best first."""

    min_share: int = 25
    max_days_early: int = 15
    max_days_late: int = 30
    kept_share: int = 95
    grace_business_days: int = 2
    task_after_broken: int = 2
    reminder_channels: tuple[Channel, ...] = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL, Channel.PUSH)


@dataclass(frozen=True)
class OfferPolicy:
    """A kind of plan that may be offered (PRACTICE: Money). Shares in per cent; stages, segments empty: any.

    instalments: how many payments, one offer for each number. min_instalment: currency → minor units. discount_share: of what is
    owed, taken off interest and fees alone; floor_share: what is always paid of it. valid_business_days: how long the offer
    stands; void_after_missed: missed parts that end the plan.
    """

    name: str
    instalments: tuple[int, ...]
    stages: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    every_days: int = 15
    first_within_days: int = 3
    min_down_share: int = 0
    min_instalment: Mapping[str, int] = field(default_factory=dict)
    discount_share: int = 0
    floor_share: int = 100
    authority: Authority = Authority.AUTOMATIC
    valid_business_days: int = 3
    grace_business_days: int = 2
    void_after_missed: int = 1

    def __post_init__(self) -> None:
        for name, value in (
            ("discount_share", self.discount_share),
            ("floor_share", self.floor_share),
            ("min_down_share", self.min_down_share),
        ):
            if not 0 <= value <= 100:
                raise InvalidInput(name, f"is {value}", "0 to 100, in per cent")
        if not self.instalments or min(self.instalments) < 1 or max(self.instalments) > LONGEST_PLAN:
            raise InvalidInput("instalments", f"is {list(self.instalments)}", f"1 to {LONGEST_PLAN} payments")
        if (
            min(self.every_days, self.valid_business_days, self.void_after_missed) < 1
            or self.first_within_days < 0
        ):
            raise InvalidInput("every_days", "and its neighbours must be at least 1", "count in whole days")


LONGEST_PLAN = 36
"""Payments of one plan at most: three years of months."""


@dataclass(frozen=True)
class TalkRules:
    """How the machine talks. max_turns: what it says before a person goes on; complaint_business_days: country → within how many
    a complaint has its answer, "*" for the others (the client's counsel writes them in); where it names none the law's own time
    holds, and no figure makes that longer. It is acknowledged at once.
    """

    max_turns: int = 8
    complaint_business_days: Mapping[str, int] = field(default_factory=dict)
    hardship_days: int = 30
    dispute_days: int = 10
    already_paid_business_days: int = 3


@dataclass(frozen=True)
class Strategy:
    """`strategy.toml`. min_actionable: currency → minor units under which nobody is bothered."""

    name: str
    segments: tuple[Segment, ...]
    stages: tuple[Stage, ...]
    min_actionable: Mapping[str, int] = field(default_factory=dict)
    grace_business_days: int = 2
    feed_max_age_business_days: int = 1
    quiet_business_days_after_payment: int = 2
    max_tries: int = 4
    promises: PromiseRules = field(default_factory=PromiseRules)
    offers: tuple[OfferPolicy, ...] = ()
    talk: TalkRules = field(default_factory=TalkRules)

    def __post_init__(self) -> None:
        names = {segment.name for segment in self.segments}
        for index, stage in enumerate(self.stages):
            missing = [name for name in stage.segments if name not in names]
            if missing:
                raise InvalidInput(
                    f"stages[{index}].segments",
                    f"no segment {missing[0]!r}",
                    f"one of: {', '.join(sorted(names))}",
                )
        stage_names = [stage.name for stage in self.stages]
        doubled = next((name for name in stage_names if stage_names.count(name) > 1), None)
        if doubled:
            raise InvalidInput(
                "stages", f"two are called {doubled!r}", "a mark needs its own name: rename one"
            )
        for index, segment in enumerate(self.segments):
            if SENSITIVE & set(segment.attributes) and not segment.reason:
                raise InvalidInput(
                    f"segments[{index}].reason", "is missing", "say why a personal trait may decide this"
                )
