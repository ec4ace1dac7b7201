"""What stands behind a link in our messages: a page that says nothing to a stranger, and everything to whom it concerns."""

from collections.abc import Callable
from datetime import datetime

from recobro.codec import write_instant
from recobro.domain.account import accounts
from recobro.domain.acting import wrong_person
from recobro.domain.answered import done_by_an_answer
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, MessageReceived, PointStateChanged
from recobro.domain.identity import NEEDED, checked, is_locked, is_right, questions
from recobro.domain.session import LASTS, Session, issue
from recobro.domain.tokens import Token
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.pages.account import account_page
from recobro.pages.front import ask_stop, front, only_says
from recobro.pages.html import NOTHING, Html
from recobro.pages.scene import told
from recobro.usecases.portal import answering, history, settings
from recobro.usecases.portal.paying import pay, prepare
from recobro.usecases.portal.visit import Visit, as_of_now, is_own_form, visit
from recobro.usecases.saving import change, opt_out_whom_it_may_mean
from recobro.web import Asked, Shown

Answers = Callable[[Visit], Shown]


def debtor_portal(house: House, asked: Asked) -> Shown:
    """The page behind a link. GET changes nothing, whoever opens it; who is not identified meets the front door alone.

    Raises InvalidInput for a link or form that is not ours, NotFound, Stale, Unavailable.
    """
    found = visit(house, asked)
    return _open(found) if asked.method == "GET" else _post(found)


def unsubscribe(house: House, asked: Asked) -> Shown:
    """GET only asks: link scanners open every link (RFC 8058 §3.1). POST, ours or a mailbox's one click, binds. Raises InvalidInput."""
    found = visit(house, asked, "u")
    if asked.method == "GET":
        return Shown(ask_stop(found.scene))
    _stop_point(found)
    return Shown(only_says(found.scene, "stopped_here"))


def _open(found: Visit) -> Shown:
    language = found.scene.language if found.asked.query.get("lang") else None
    if not found.is_in:
        return Shown(_front(found), language=language) if not found.asked.page else found.go()
    page = PAGES.get(found.asked.page)
    if page is None:
        raise NotFound("no such page")
    shown = page(found)
    return Shown(shown.html, shown.status, shown.to, language=language, download=shown.download)


def _post(found: Visit) -> Shown:
    act = AT_THE_DOOR.get(found.asked.page)
    if act is not None:
        return act(found)
    if not found.is_in:
        return found.go()
    act = ACTS.get(found.asked.page)
    if act is None:
        raise NotFound("no such act")
    if not is_own_form(found):
        raise InvalidInput("form", "is not of this page", "open the page again")
    return act(found)


def _front(found: Visit, *, failed: bool = False) -> Html:
    debtor, asked = found.debtor, questions(found.debtor, found.sent)
    return front(
        found.scene,
        found.brand,
        asked if len(asked) == NEEDED else (),
        locked=is_locked(debtor),
        failed=failed,
    )


def _enter(found: Visit) -> Shown:
    """One try. Every try is on record, and only a right one opens anything."""
    if is_locked(found.debtor):
        return Shown(_front(found), 403)
    answers = {name: values[-1] for name, values in found.asked.fields.items() if values}
    passed: list[bool] = []

    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        if is_locked(debtor) or len(questions(debtor, found.sent)) < NEEDED:
            passed[:] = [False]
            return ()
        passed[:] = [is_right(debtor, found.sent, answers)]
        attempt = found.sent.id if found.sent is not None else ""
        return checked(debtor, attempt, "portal", found.scene.today, passed=passed[0])

    after = change(found.house, found.debtor.id, decide, found.loaded)
    if not passed[0]:
        return Shown(_front(as_of_now(found, after), failed=True), 403)
    ends_at = found.house.now() + LASTS
    cookie = issue(Session(found.debtor.id, ends_at), found.house.secrets.derived("sessions"))
    return Shown(to=found.scene.path, session=cookie)


def _not_me(found: Visit) -> Shown:
    """Somebody else has that address: bad for this person, good for whoever it is (PRACTICE: Shared points)."""
    change(
        found.house, found.debtor.id, lambda debtor, now: wrong_person(debtor, found.statement), found.loaded
    )
    return Shown(only_says(found.scene, "thanks_not_me"))


def _stop_here(found: Visit) -> Shown:
    _stop_point(found)
    return Shown(only_says(found.scene, "stopped_here"))


def _stop_point(found: Visit) -> None:
    """Binds the point for everybody on it before it is answered."""
    if found.sent is None:
        raise NotFound("the message of this link is in no history")
    point = found.sent.point
    found.house.suppressions.add(point, "opt_out", write_instant(found.house.now()))
    for debtor_id in sorted({found.debtor.id, *found.house.lookups.debtors(point)}):
        opt_out_whom_it_may_mean(
            found.house, debtor_id, point, lambda debtor, now: _stopped(debtor, point, found.token)
        )


def _stopped(debtor: Debtor, point: str, token: Token) -> tuple[Fact, ...]:
    there = debtor.point(point)
    if there is not None and there.state is PointState.SUPPRESSED:
        return ()
    attempt = debtor.attempt_beginning(token.attempt)
    stopped = PointStateChanged(point, PointState.SUPPRESSED, "opt_out")
    if attempt is None:
        return (stopped,)
    heard = MessageReceived(attempt.channel, point, "", "opt_out", attempt.id)
    return (heard, *done_by_an_answer(debtor, attempt.id), stopped)


def _leave(found: Visit) -> Shown:
    return Shown(to=found.scene.path, session="")


def _home(found: Visit) -> Shown:
    done = f"done_{found.asked.query.get('done', '')}"
    said = told(found.scene, done, number=_complaint(found.debtor)) if found.scene.has(done) else NOTHING
    return Shown(account_page(found.scene, tuple(accounts(found.debtor, found.scene.today)), said))


def _complaint(debtor: Debtor) -> str:
    """The number of the last complaint."""
    steps = [one.step for one in debtor.tasks if one.reason == "complaint"]
    return steps[-1].partition(":")[2] if steps else ""


AT_THE_DOOR: dict[str, Answers] = {"enter": _enter, "not-me": _not_me, "stop-here": _stop_here}
"""What may be posted before anybody is identified: it tells nothing, and can only make us quieter."""
PAGES: dict[str, Answers] = {
    "": _home,
    "pay": pay,
    "promise": answering.promise_form,
    "plan": answering.plan_form,
    "dispute": answering.dispute_form,
    "paid": answering.paid_form,
    "hardship": answering.hardship_form,
    "person": answering.person_form,
    "complain": answering.complain_form,
    "settings": settings.settings_form,
    "pause": settings.pause_form,
    "contacts": history.contacts,
    "data": history.data,
}
ACTS: dict[str, Answers] = {
    "leave": _leave,
    "letter": history.letter,
    "pay": prepare,
    "promise": answering.promise,
    "plan": answering.plan,
    "dispute": answering.dispute,
    "paid": answering.paid,
    "hardship": answering.hardship,
    "person": answering.person,
    "complain": answering.complain,
    "settings": settings.settings,
    "pause": settings.pause,
    "stop": settings.stop,
    "resume": settings.resume,
}
