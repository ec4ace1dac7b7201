"""A morning on which a carrier takes one text a second: a month of few people never fills a minute's rate, a slice or a queue."""

from dataclasses import replace

from infra.simulation import scenario
from infra.simulation.system import System
from recobro.domain.channel import Channel
from recobro.domain.playbook import Playbook
from recobro.domain.strategy import Step

SWEEP_MINUTES = 2
PEOPLE = 120
MONTHLY_USD = 4
"""Used up before the morning is over, in slices of hardly more than one message's price."""

STANDS_STILL, STANDS_FOR = (485, 490, 500, 545, 550, 560), 55.0
"""Minutes of the day at which the texts' queue stands still, and for how many seconds: then whole batches come at once."""


def slow() -> Playbook:
    """The simulated client with texts at one a second, every other step by text first, and sweeps too close to take all."""
    book = scenario.book()
    channels = {**book.client.channels, "sms": replace(book.client.channels["sms"], rate=1)}
    schedule = replace(book.client.schedule, sweep_minutes=SWEEP_MINUTES)
    stages = tuple(
        replace(stage, steps=tuple(_by_text(step) if at % 2 else step for at, step in enumerate(stage.steps)))
        for stage in book.strategy.stages
    )
    limits = replace(book.client.limits, monthly_spend_usd=MONTHLY_USD)
    client = replace(book.client, channels=channels, schedule=schedule, limits=limits)
    return replace(book, client=client, strategy=replace(book.strategy, stages=stages))


def _by_text(step: Step) -> Step:
    if Channel.SMS not in step.channels:
        return step
    return replace(step, channels=(Channel.SMS, *(one for one in step.channels if one is not Channel.SMS)))


def first_morning(seed: int, kinds: tuple[str, ...], people: int = PEOPLE) -> System:
    """Many people's first morning, at twelve; the carrier itself refuses the second text of a second."""
    system = System(seed, 1, kinds, slow(), people)
    system.carriers.most["sms"] = 1
    for minute in STANDS_STILL:
        system.kernel.at(
            scenario.at(0, minute / 60), lambda: system.cloud.queues["send-sms"].stand_still(STANDS_FOR)
        )
    system.kernel.run_until(scenario.at(0, 12))
    return system
