"""Where an agreement may be written to: an address of the person's own, by a channel that has the words for it."""

from collections.abc import Iterator

from recobro.domain.channel import Channel
from recobro.domain.contact_point import Level
from recobro.domain.debtor import Debtor
from recobro.domain.languages import choose
from recobro.domain.playbook import Playbook
from recobro.errors import NotFound

AGREEMENT = "agreement"
"""The template of the copy of what was agreed."""


def own_address(
    debtor: Debtor, playbook: Playbook, channel: Channel, point: str
) -> tuple[Channel, str] | None:
    """This channel at this point if it may carry an agreement, else the person's own mailbox, else their own WhatsApp; None: nothing
    of theirs may, or the client's files have no words for it there.
    """
    worded = {one for one in _worded(debtor, playbook) if not {"*", one.value} & set(debtor.stopped)}
    own = [one for one in debtor.points if one.level is not Level.NEUTRAL]
    here = (
        (channel, one.id) for one in own if one.id == point and channel in worded and one.carries(channel)
    )
    elsewhere = (
        (other, one.id)
        for other in (Channel.EMAIL, Channel.WHATSAPP)
        for one in own
        if other in worded and one.carries(other)
    )
    return next(here, None) or next(elsewhere, None)


def _worded(debtor: Debtor, playbook: Playbook) -> Iterator[Channel]:
    """The channels for which an agreement is written; those that anybody nearby hears or sees are none."""
    try:
        _, words = choose(playbook, AGREEMENT, debtor.profile)
    except NotFound:
        return
    yield from (one for one in (Channel.EMAIL, Channel.WHATSAPP) if words.part_for(one, Level.ADDRESSED))
