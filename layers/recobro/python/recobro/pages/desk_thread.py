"""What was said between a person and us, newest first, as whoever calls next has to know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from recobro.pages.desk import Desk
from recobro.pages.html import Html, h, lines

LONGEST = 40
"""Lines of one message."""


@dataclass(frozen=True, slots=True)
class Said:
    """by: "us" | "person" | "another" (at the same address) | "note". status: what became of a contact of ours, as of now. words: empty
    where they are not kept.
    """

    at: datetime
    by: str
    channel: str
    status: str
    words: str


def thread_of(desk: Desk, told: Sequence[Said], zone: ZoneInfo) -> Html:
    """zone: of the person."""
    shown = lines(_line(desk, each, zone) for each in told)
    none = h("<p>{no}</p>", no=desk.say("no_thread"))
    return h("<section><h2>{title}</h2>{told}</section>", title=desk.say("thread"), told=shown or none)


def _line(desk: Desk, said: Said, zone: ZoneInfo) -> Html:
    written = [h("{line}", line=one) for one in said.words.splitlines()[:LONGEST] if one.strip()]
    return h(
        '<div class="card"><p><strong>{by}</strong> {channel} · {at} {status}</p><p>{words}</p></div>',
        by=desk.say(f"by_{said.by}"),
        channel=desk.code("channel", said.channel) if said.channel else "",
        at=desk.at(said.at, zone),
        status=f"· {desk.code('was', said.status)}" if said.status else "",
        words=Html("<br>".join(written)),
    )
