"""The tasks that wait, the most urgent first: what, by when, whose; who it is about stands in initials until it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from recobro.domain.task import Task
from recobro.pages.desk import Desk, mark_of
from recobro.pages.html import NOTHING, Html, h, lines

SHOWN = 100
"""Lines of a page; whoever has worked these off has new ones."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open task. person: initials, which is all that a list needs."""

    debtor: str
    task: Task
    person: str
    is_late: bool


def list_page(
    desk: Desk,
    tasks: Sequence[Waiting],
    whose: str,
    people: int,
    after: str,
    now: datetime,
    said: Html | None = None,
) -> Html:
    """whose: "" (everybody's) | "mine" | "free". after: where the next look begins."""
    rows = lines(_row(desk, one) for one in tasks[:SHOWN])
    body = h(
        "<h1>{title}</h1>{said}{whose}{rows}<p>{looked}</p>{more}",
        title=desk.say("tasks"),
        said=said or NOTHING,
        whose=_whose(desk, whose),
        rows=h('<ul class="acts">{rows}</ul>', rows=rows) if tasks else h("<p>{no}</p>", no=desk.say("no_tasks")),
        looked=desk.say("looked_at", people=people, count=len(tasks), at=desk.at(now)),
        more=h('<p><a href="/console?of={whose}&amp;after={after}">{text}</a></p>', whose=whose, after=after,
               text=desk.say("look_on")) if after else NOTHING,
    )  # fmt: skip
    return desk.page(desk.say("tasks"), body)


def _whose(desk: Desk, whose: str) -> Html:
    items = lines(
        h(
            '<li><a href="/console{query}"{here}>{text}</a></li>',
            query=f"?of={one}" if one else "",
            here=Html(' aria-current="page"') if one == whose else NOTHING,
            text=desk.say(f"whose_{one or 'all'}"),
        )
        for one in ("", "mine", "free")
    )
    return h('<nav aria-label="{label}"><ul>{items}</ul></nav>', label=desk.say("whose"), items=items)


def _row(desk: Desk, one: Waiting) -> Html:
    task = one.task
    late = h(" <strong>{text}</strong>", text=desk.say("is_late")) if one.is_late else NOTHING
    return h(
        '<li><a href="/console/{debtor}/{task}"><strong>{what}</strong> · {person}<br>{due}{late}{creditor}{owner}</a></li>',
        debtor=one.debtor,
        task=mark_of(task.id),
        what=desk.code("reason", task.reason),
        person=one.person or "?",
        due=desk.say("due", priority=task.priority, at=desk.at(task.due_at)),
        late=late,
        creditor=h(" · {name}", name=desk.creditor(task.creditor)) if task.creditor else NOTHING,
        owner=h("<br>{text}", text=desk.say("is_of", name=task.owner)) if task.owner else NOTHING,
    )


def nothing_for_you(desk: Desk) -> Html:
    """For who has signed in and stands in no group."""
    body = h("<h1>{title}</h1><p>{text}</p>", title=desk.say("no_group_title"), text=desk.say("no_group"))
    return desk.page(desk.say("no_group_title"), body)
