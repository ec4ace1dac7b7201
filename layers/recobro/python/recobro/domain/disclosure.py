"""How much a message may reveal, and how much each variable does: a debt is between two people, not their household.

PRACTICE, Disclosure levels. What stands here is checked over every template when it is compiled (infra/playbook) and again
for each contact when its part is chosen, so that no message can exceed the level of the point it goes to.
"""

from recobro.domain.channel import Channel
from recobro.domain.contact_point import Level
from recobro.domain.template import DEPTH

NEUTRAL_VARIABLES = frozenset(
    {
        "greeting",
        "given_name",
        "addressee",
        "who",
        "sender_name",
        "creditor_name",
        "agency_name",
        "agency_legal_name",
        "agency_address",
        "agency_phone",
        "agency_phone_spoken",
        "agency_email",
        "agent_name",
        "channels_offered",
        "this_channel",
        "opt_out",
        "link",
        "unsubscribe",
    }
)
"""Who writes and a link. Every other variable tells of a debt and needs the level `addressed`; none tells more than that."""

_ADDRESSED_BODIES = frozenset({Channel.EMAIL, Channel.WHATSAPP, Channel.LETTER})


def ceiling(channel: Channel, *, point: Level, acts_as: str, dpd: int) -> Level:
    """The most that a message by that channel to that point may reveal.

    An SMS carries the amount only up to the due date and in the creditor's own name; what is spoken or pops up, never.
    """
    is_reminder = dpd <= 0 and acts_as == "first_party"
    if channel in _ADDRESSED_BODIES or (channel is Channel.SMS and is_reminder):
        return min(point, Level.ADDRESSED, key=DEPTH.__getitem__)
    return Level.NEUTRAL


def level_of(variables: tuple[str, ...]) -> Level:
    """How much a text with these variables reveals."""
    return Level.NEUTRAL if NEUTRAL_VARIABLES.issuperset(variables) else Level.ADDRESSED
