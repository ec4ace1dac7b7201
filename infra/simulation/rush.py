"""A morning on which a carrier takes one text a second: a month of few people never fills a minute's rate, a slice or a queue."""

from dataclasses import replace
from random import Random

from infra.simulation import scenario
from infra.simulation.system import System
from recobro.domain.channel import Channel
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Step

SWEEP_MINUTES = 2
PEOPLE = 400

SOME_MINUTES = (SWEEP_MINUTES, 15)
"""Between two sweeps of a rough morning: so few that one cannot hand out all, or so many that all who are due come together."""
MONTHLY_USD = 3
"""Used up before such a morning is over, in slices of hardly more than one message's price."""
STANDS_STILL, STANDS_FOR = (420, 510), 58.0
"""Minutes of the day between which the texts' queue stands still at every sweep, and seconds: then whole batches come at once."""
STOPS, STOPPED_AFTER = 0.5, 20.0
"""Share of mornings on which somebody stops all texts, so many seconds into the last stand-still: what was handed out then still waits."""


def slow(sweep_minutes: int, monthly_usd: int, nth: int) -> Playbook:
    """The simulated client with texts at one a second, every `nth` step by text first, and people enough for whatever is answered."""
    book = scenario.book()
    channels = {**book.client.channels, "sms": replace(book.client.channels["sms"], rate=1)}
    schedule = replace(book.client.schedule, sweep_minutes=sweep_minutes)
    stages = tuple(
        replace(
            stage,
            steps=tuple(
                _by_text(step) if at % nth == nth - 1 else step for at, step in enumerate(stage.steps)
            ),
        )
        for stage in book.strategy.stages
    )
    limits = replace(book.client.limits, monthly_spend_usd=monthly_usd, replies_per_hour=0)
    client = replace(book.client, channels=channels, schedule=schedule, limits=limits)
    return replace(book, client=client, strategy=replace(book.strategy, stages=stages))


def _by_text(step: Step) -> Step:
    if Channel.SMS not in step.channels:
        return step
    return replace(step, channels=(Channel.SMS, *(one for one in step.channels if one is not Channel.SMS)))


def first_morning(seed: int, kinds: tuple[str, ...], people: int = PEOPLE) -> System:
    """Many people's first morning, at twelve; the carrier itself refuses the second text of a second."""
    return _lived(System(seed, 1, kinds, slow(SWEEP_MINUTES, scenario.MONTHLY_USD, 2), people))


def rough_morning(seed: int, kinds: tuple[str, ...], people: int = PEOPLE) -> System:
    """The same with hardly any money, while the texts' queue stands still now and then."""
    draw = Random(f"rush/{seed}")
    minutes = draw.choice(SOME_MINUTES)
    system = System(seed, 1, kinds, slow(minutes, MONTHLY_USD, 1), people)
    stand_stills = range(*STANDS_STILL, minutes)
    if draw.random() < STOPS:
        stopped_at = scenario.at(0, stand_stills[-1] / 60) + STOPPED_AFTER
        system.kernel.at(stopped_at, lambda: system.world.operators.stops("channel:sms"))
    for minute in stand_stills:
        system.kernel.at(
            scenario.at(0, minute / 60), lambda: system.cloud.queues["send-sms"].stand_still(STANDS_FOR)
        )
    return _lived(system)


def _lived(system: System) -> System:
    system.carriers.most["sms"] = 1
    system.kernel.run_until(scenario.at(0, 12))
    return system
