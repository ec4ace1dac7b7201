"""What a form showed when it was made, and what was refused since: no page, however old, takes back a later no (DESIGN §9.4)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from recobro.domain.chain import Recorded
from recobro.domain.channel import Channel
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    ChannelReopened,
    ChannelStopped,
    Fact,
    HoldPlaced,
    HoursChosen,
    MessageReceived,
    WaiverEnded,
)
from recobro.domain.fold import fold
from recobro.domain.preferences import ChosenHours

ALL = "*"


@dataclass(frozen=True, slots=True)
class AsShown:
    """then: the record as the form's page showed it; None: the form does not say, and opens nothing. since: what was recorded
    later. refused: the channels that were closed, or refused once more, since; "*": all of them.
    """

    then: Debtor | None
    since: tuple[Fact, ...] = ()
    refused: frozenset[str] = frozenset()

    def may_open(self, channels: Collection[Channel]) -> bool:
        """Whether a tick opens what people call one channel: it was shown as closed, and nothing of it was refused since."""
        named = {one.value for one in channels}
        return (
            self.then is not None
            and (ALL in self.then.stopped or named <= set(self.then.stopped))
            and self.refused.isdisjoint({ALL, *named})
        )

    def may_end_stop(self) -> bool:
        """Whether the stop of everything may be taken back: it was shown, and not asked for again since."""
        return self.then is not None and ALL in self.then.stopped and ALL not in self.refused

    def was_closed(self, channels: Collection[Channel]) -> bool:
        """Whether each of these was closed by itself then."""
        return self.then is not None and {one.value for one in channels} <= set(self.then.stopped)

    def may_lift(self, hold: str) -> bool:
        """Whether a pause may be ended: it stood when the form was made."""
        placed = (one.hold.id for one in self.since if isinstance(one, HoldPlaced))
        return self.then is not None and hold not in placed

    def may_grant(self, waiver: str) -> bool:
        """Whether more may be allowed: nobody took it back since."""
        ended = (one.name for one in self.since if isinstance(one, WaiverEnded))
        return self.then is not None and waiver not in ended

    def is_new(self, hours: ChosenHours) -> bool:
        """Whether these hours are a choice made on that page: they are not what it showed."""
        return self.then is None or hours != self.then.hours

    def chosen(self, hours: ChosenHours, standing: ChosenHours) -> ChosenHours:
        """The hours that hold once the form is saved: of what was chosen since it was made, they may only leave less."""
        is_latest = self.then is not None and not any(isinstance(one, HoursChosen) for one in self.since)
        return hours if self.is_new(hours) and (is_latest or _narrows(hours, standing)) else standing


def as_shown(debtor_id: str, history: Sequence[Recorded], version: int | None) -> AsShown:
    """What a form showed that was made at that version of the record."""
    if version is None:
        return AsShown(None)
    then = fold(Debtor(debtor_id), (one for one in history if one.version <= version))
    later = [one for one in history if one.version > version]
    saves = ([one.fact for one in save] for _, save in groupby(later, key=lambda one: one.version))
    return AsShown(
        then, tuple(one.fact for one in later), frozenset(_refused(set(then.stopped) - {ALL}, saves))
    )


def _refused(stopped: set[str], saves: Iterable[Sequence[Fact]]) -> Iterator[str]:
    """Every channel that somebody refused, save by save. stopped: those closed by themselves before."""
    for save in saves:
        closed = {one.channel for one in save if isinstance(one, ChannelStopped)}
        yield from closed
        for fact in save:
            match fact:
                case MessageReceived(intent="opt_out", channel=channel):
                    yield channel.value
                case MessageReceived(intent="stop_channel") if not closed:
                    yield from stopped  # one of them was refused once more: which, nobody wrote down
                case ChannelReopened(channel=channel):
                    stopped.discard(channel)
        stopped |= closed - {ALL}


def _narrows(hours: ChosenHours, standing: ChosenHours) -> bool:
    """Whether hours leave no more than those that stand."""
    if not standing:
        return True
    is_inside = hours.opens >= standing.opens and hours.closes <= standing.closes
    return bool(hours) and is_inside and set(hours.days) <= set(standing.days)
