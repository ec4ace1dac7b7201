"""Every contact ever made to a person, in their own words and on their own clock: who, when, by what, to where, what became of it."""

from dataclasses import dataclass
from datetime import datetime

from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.scene import Scene

A_PAGE = 60
"""Rows of a page: under 50 kB however long a history is."""


@dataclass(frozen=True, slots=True)
class Made:
    """One contact. at: aware UTC. by: "agency" | "creditor" | "other" | "you". to: the address, mostly hidden. status: a word key."""

    at: datetime
    channel: str
    by: str
    to: str
    status: str


def contacts_page(scene: Scene, made: tuple[Made, ...], number: int) -> Html:
    """made: newest first, all of them; number: of the page, from 1."""
    last = max(1, -(-len(made) // A_PAGE))
    number = min(max(1, number), last)
    shown = made[(number - 1) * A_PAGE : number * A_PAGE]
    rows = lines(_row(scene, one) for one in shown)
    heads = lines(
        h('<th scope="col">{head}</th>', head=scene.say(f"head_{one}"))
        for one in ("when", "how", "who", "what")
    )
    table = h("<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>", heads=heads, rows=rows)
    return scene.page(
        h(
            "<h1>{title}</h1><p>{count}</p>{table}{pages}<p>{back}</p>",
            title=scene.say("to_contacts"),
            count=scene.say("contacts_count", count=len(made)),
            table=table if made else NOTHING,
            pages=_pages(scene, number, last),
            back=scene.link("", scene.say("home")),
        ),
        title=scene.say("to_contacts"),
    )


def _row(scene: Scene, one: Made) -> Html:
    at = one.at.astimezone(scene.today.zone)
    key = f"channel_{one.channel}"
    return h(
        "<tr><td>{day} {at}</td><td>{how}<br>{to}</td><td>{who}</td><td>{what}</td></tr>",
        day=at.strftime("%d/%m/%Y"),
        at=at.strftime("%H:%M"),
        how=scene.say(key) if scene.has(key) else one.channel,
        to=one.to,
        who=scene.say(f"by_{one.by}"),
        what=scene.say(f"was_{one.status}"),
    )


def _pages(scene: Scene, number: int, last: int) -> Html:
    if last == 1:
        return NOTHING
    links = []
    if number > 1:
        links.append(
            h(
                '<a href="{path}/contacts?page={n}">{text}</a>',
                path=scene.path,
                n=number - 1,
                text=scene.say("newer"),
            )
        )
    if number < last:
        links.append(
            h(
                '<a href="{path}/contacts?page={n}">{text}</a>',
                path=scene.path,
                n=number + 1,
                text=scene.say("older"),
            )
        )
    return h("<p>{links}</p>", links=Html(" · ".join(links)))
