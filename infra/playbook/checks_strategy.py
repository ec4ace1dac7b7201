"""A plan that a manager signs must be one that can be carried out: every step has its words, channels and people."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

from infra.playbook.folder import STRATEGY, Folder
from recobro.domain.channel import MACHINE_CHANNELS, Channel, Kind
from recobro.domain.contact_point import Level
from recobro.domain.debtor import Profile
from recobro.domain.languages import choose
from recobro.domain.playbook import Playbook
from recobro.domain.rendering import used
from recobro.domain.strategy import SENSITIVE, Stage, Step
from recobro.domain.template import Template
from recobro.domain.variables import OF_PAYMENTS, OF_PROMISES
from recobro.errors import InvalidInput, NotFound
from recobro.law.choose import packs_for


def errors(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """What must be corrected."""
    yield from _overlaps(folder)
    yield from _offers(folder)
    for place, stage, step in _steps(folder):
        if step.task:
            continue
        yield from _channels(folder, place, step)
        yield from _words(folder, playbook, place, step)
        if step.kind is Kind.REMINDER_PRE_DUE and step.on_dpd > 0:
            fix = 'kind = "collection": after the due date every message is'
            yield folder.problem(
                STRATEGY, f"{place}.kind", f"is a reminder on day {step.on_dpd} of {stage.name}", fix
            )


def _offers(folder: Folder) -> Iterator[InvalidInput]:
    """Offers for stages and segments that there are, each with a name of its own, so that an agreement can say which it was."""
    stages = {one.name for one in folder.strategy.stages}
    segments = {one.name for one in folder.strategy.segments}
    names = [one.name for one in folder.strategy.offers]
    for index, offer in enumerate(folder.strategy.offers):
        for field, named, known in (("stages", offer.stages, stages), ("segments", offer.segments, segments)):
            for one in named:
                if one not in known:
                    fix = f"one of: {', '.join(sorted(known))}"
                    yield folder.problem(STRATEGY, f"offers[{index}].{field}", f"there is no {one!r}", fix)
        if names.count(offer.name) > 1:
            yield folder.problem(
                STRATEGY, f"offers[{index}].name", f"two are called {offer.name!r}", "rename one"
            )


def warnings(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """What works and should be known."""
    for index, segment in enumerate(folder.strategy.segments):
        traits = sorted(SENSITIVE & set(segment.attributes))
        if traits:
            problem = f"{segment.name!r} is decided by {', '.join(traits)}; reason given: {segment.reason}"
            fix = "it may choose language and channel, never pressure, tone or offer"
            yield folder.problem(STRATEGY, f"segments[{index}].attributes", problem, fix)
    yield from _disabled(folder)
    yield from _locked(folder, playbook)


def _steps(folder: Folder) -> Iterator[tuple[str, Stage, Step]]:
    for index, stage in enumerate(folder.strategy.stages):
        for number, step in enumerate(stage.steps):
            yield f"stages[{index}].steps[{number}]", stage, step


def _overlaps(folder: Folder) -> Iterator[InvalidInput]:
    """Two stages for the same people on the same day: only one of them would ever be followed."""
    stages = folder.strategy.stages
    for index, later in enumerate(stages):
        for earlier in stages[:index]:
            days = max(earlier.from_dpd, later.from_dpd) <= min(earlier.to_dpd, later.to_dpd)
            people = not earlier.segments or not later.segments or set(earlier.segments) & set(later.segments)
            if days and people:
                who = ", ".join(sorted(set(earlier.segments) & set(later.segments))) or "everybody"
                problem = f"{later.name!r} overlaps {earlier.name!r} for {who}"
                yield folder.problem(
                    STRATEGY, f"stages[{index}].from_dpd", problem, "part their days or their segments"
                )


def _channels(folder: Folder, place: str, step: Step) -> Iterator[InvalidInput]:
    for channel in step.channels:
        if channel not in MACHINE_CHANNELS:
            fix = f'task = "…" for a person; machines send by {", ".join(MACHINE_CHANNELS)}'
            yield folder.problem(STRATEGY, f"{place}.channels", f"{channel.value!r} is a person's work", fix)


def _words(folder: Folder, playbook: Playbook, place: str, step: Step) -> Iterator[InvalidInput]:
    """Each country's people find the template in their own or the client's language, with a part for every channel and
    one for points that carry no more than a neutral message."""
    told: set[str] = set()
    for country in folder.client.countries:
        try:
            name, template = choose(
                playbook, step.template, Profile(country=country, language=folder.client.default_language)
            )
        except NotFound:
            fix = f"write messages/{step.template}.{folder.client.default_language}.toml"
            problem = f"there is no {step.template!r} in {folder.client.default_language} for {country}"
            yield folder.problem(STRATEGY, f"{place}.template", problem, fix)
            return
        if template.kind is not step.kind and name not in told:
            told.add(name)
            problem = f"{name} is a {template.kind.value}, the step a {step.kind.value}"
            yield folder.problem(STRATEGY, f"{place}.template", problem, "make the two kinds the same")
        for channel in step.channels:
            if (
                channel in MACHINE_CHANNELS
                and not template.part_for(channel, Level.NEUTRAL)
                and f"{name} {channel}" not in told
            ):
                told.add(f"{name} {channel}")
                yield _missing_part(
                    folder, place, name, channel, has_any=bool(template.part_for(channel, Level.ADDRESSED))
                )
        late = _variables(template) & (OF_PAYMENTS | OF_PROMISES)
        if late and "late" not in told:
            told.add("late")
            problem = f"{name} speaks of {', '.join(sorted(late))}, which a step does not have"
            yield folder.problem(STRATEGY, f"{place}.template", problem, "use a template without them")


def _variables(template: Template) -> set[str]:
    """All that a template uses; what is malformed is told at its own line (checks_words)."""
    found: set[str] = set()
    for name, part in template.parts.items():
        with suppress(InvalidInput):
            found.update(used(name, part))
    return found


def _missing_part(folder: Folder, place: str, name: str, channel: Channel, *, has_any: bool) -> InvalidInput:
    part = {Channel.VOICE_AUTO: "voice"}.get(channel, channel.value)
    if has_any:
        problem = f"{name} says nothing by {channel.value} to a point that carries only neutral messages"
        fix = f"add [parts.{part}_neutral] to it, or [parts.{part}] to the neutral template"
    else:
        problem, fix = (
            f"{name} has no part for {channel.value}",
            f"add [parts.{part}] to messages/{name}.toml",
        )
    return folder.problem(STRATEGY, f"{place}.template", problem, fix)


def _disabled(folder: Folder) -> Iterator[InvalidInput]:
    """Channels that the strategy counts on and the client has not enabled; steps that are left with none."""
    uses: dict[Channel, list[str]] = {}
    for place, _, step in _steps(folder):
        off = [channel for channel in step.channels if folder.client.setup(channel) is None]
        for channel in off:
            uses.setdefault(channel, []).append(place)
        if step.channels and len(off) == len(step.channels):
            problem = f"none of {', '.join(step.channels)} is enabled: nobody is reached on day {step.on_dpd}"
            fix = "enable one in client.toml, name one that is, or make it a task"
            yield folder.problem(STRATEGY, f"{place}.channels", problem, fix)
    for channel, places in uses.items():
        problem = f"{channel.value} is not enabled, and {len(places)} steps name it"
        yield folder.problem(STRATEGY, f"{places[0]}.channels", problem, "they use their other channels")


def _locked(folder: Folder, playbook: Playbook) -> Iterator[InvalidInput]:
    """Steps so close that a law which keeps people on one channel for some days leaves the second without any."""
    locks = [
        lock
        for country in folder.client.countries
        for pack in packs_for(playbook.packs, country)
        for lock in pack.channel_locks
    ]
    longest = max((lock.rolling_days for lock in locks), default=0)
    for segment in folder.strategy.segments:
        walked = [
            (place, step)
            for place, stage, step in _steps(folder)
            if step.channels and (not stage.segments or segment.name in stage.segments)
        ]
        walked.sort(key=lambda one: one[1].on_dpd)
        for (_, before), (place, after) in pairwise(walked):
            is_close = after.on_dpd - before.on_dpd < longest
            if is_close and not set(before.channels) & set(after.channels):
                problem = f"{after.name!r} comes {after.on_dpd - before.on_dpd} days after {before.name!r} by other channels only"
                yield folder.problem(
                    STRATEGY, f"{place}.on_dpd", problem, f"leave {longest} days, or share a channel"
                )
