"""The console: people of the agency who have signed in work their tasks on the web. Who has not, or stands in no group, sees nothing."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from recobro.errors import NotFound
from recobro.house import House
from recobro.pages import desk_list
from recobro.usecases.desk import door
from recobro.usecases.desk.listing import look
from recobro.usecases.desk.sitting import At, Sitting, check_own_form, sitting
from recobro.web import Shown

WHOSE = ("", "mine", "free")
ACTS = ("take", "call", "close", "offer", "pause")
DOORS: dict[str, Callable[[House, At], Shown]] = {
    "sign-in": door.go_to_sign_in,
    "back": door.come_back,
    "out": door.signed_out,
}
"""What may be opened before anybody has signed in; none of it shows anything."""


def console(house: House, at: At) -> Shown:
    """GET changes nothing. Raises InvalidInput for a form that is not ours, NotFound, Conflict, Stale, Unavailable."""
    asked = at.asked
    if asked.method == "GET" and asked.page in DOORS:
        return DOORS[asked.page](house, at)
    found = sitting(house, at)
    if found is None:
        return Shown(to="/console/sign-in")
    if asked.method == "POST":
        return found.answer(_post(found))
    if asked.page:
        raise NotFound("no such page")
    if not found.who.may_work:
        return found.answer(Shown(desk_list.nothing_for_you(found.desk), 403))
    return found.answer(_acts().open_task(found) if at.debtor else _list(found))


def _post(found: Sitting) -> Shown:
    check_own_form(found)
    if found.at.asked.page == "sign-out":
        return door.leave(found)
    if not found.who.may_work:
        return Shown(desk_list.nothing_for_you(found.desk), 403)
    if found.at.act not in ACTS:
        raise NotFound("no such act")
    shown: Shown = getattr(_acts(), found.at.act)(found)
    return shown


def _list(found: Sitting) -> Shown:
    query = found.at.asked.query
    whose = query.get("of", "") if query.get("of", "") in WHOSE else ""
    seen = look(found.house, query.get("after", ""))
    own = {"": None, "mine": found.who.name, "free": ""}[whose]
    rows = [one for one in seen.found if own is None or one.task.owner == own]
    done = query.get("done", "")
    said = found.desk.told(f"done_{done}") if done in ("close", "flagged") else None
    page = desk_list.list_page(found.desk, rows, whose, seen.people, seen.after, found.house.now(), said)
    return Shown(page)


def _acts() -> ModuleType:
    """The law and all that acts rest on: read when the first task is opened, not at the cold start of a list."""
    return import_module("recobro.usecases.desk.acts")
