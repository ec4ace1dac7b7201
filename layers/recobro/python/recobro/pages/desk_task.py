"""One task, opened: who it is about, what they owe, what was said, whether they may be called, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from recobro.domain.attempt import ContactAttempt
from recobro.domain.debt import Debt
from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today, days_past_due
from recobro.domain.hold import Hold
from recobro.domain.money import Money
from recobro.domain.plan import PlanOffer
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.task import Task
from recobro.pages.desk import Desk
from recobro.pages.desk_acts import acts_of
from recobro.pages.desk_thread import Said, thread_of
from recobro.pages.html import NOTHING, Html, h, lines

MOST_DEBTS = 30


@dataclass(frozen=True)
class OneTask:
    """may_act: it is theirs, or free, or they are in charge. claimed: a call of this task whose end nobody has told yet.

    account: creditor and currency of what a promise would be for, unless a debt is chosen; empty: there is none.

    no_call: why nobody may call now; None: the law allows it. phone: shown in full once the call is claimed, before that its end.
    """

    path: str
    debtor: Debtor
    task: Task
    today: Today
    may_act: bool
    claimed: ContactAttempt | None
    no_call: Refusal | None
    phone: str
    thread: Sequence[Said]
    offers: Sequence[PlanOffer]
    dispositions: Sequence[str]
    account: tuple[str, str]

    @property
    def country(self) -> str:
        return self.debtor.profile.country


def task_page(desk: Desk, one: OneTask, said: Html = NOTHING, draft: str = "") -> Html:
    """said: what just happened. draft: a note that could not be kept, so that nobody writes it twice."""
    body = h(
        "<h1>{name}</h1>{said}{about}{debts}{quiet}{call}{acts}{thread}",
        name=one.debtor.personal.name or desk.say("no_name"),
        said=said,
        about=_about(desk, one),
        debts=_debts(desk, one),
        quiet=_quiet(desk, one),
        call=_call(desk, one),
        acts=acts_of(
            desk, one.path, one.debtor, one.task, one.offers, one.dispositions, draft, one.today, one.account
        )
        if one.may_act
        else NOTHING,
        thread=thread_of(desk, one.thread, one.today.zone),
    )
    return desk.page(desk.code("reason", one.task.reason), body)


def _about(desk: Desk, one: OneTask) -> Html:
    task = one.task
    here = desk.now_there(one.today)
    mine = task.owner == desk.who.name
    take = desk.form(f"{one.path}/take", desk.button("take")) if one.may_act and not mine else NOTHING
    return h(
        '<section><h2>{what}</h2><p>{due}{creditor}</p><p>{owner}</p><p class="hint">{where}</p>{take}</section>',
        what=desk.code("reason", task.reason),
        due=desk.say("due", priority=task.priority, at=desk.at(task.due_at)),
        creditor=h(" · {name}", name=desk.creditor(task.creditor)) if task.creditor else NOTHING,
        owner=desk.say("is_yours" if mine else "is_of" if task.owner else "is_free", name=task.owner),
        where=desk.say("there", country=one.country, at=here),
        take=take,
    )


def _debts(desk: Desk, one: OneTask) -> Html:
    debts = [each for each in one.debtor.debts if not one.task.debts or each.key in one.task.debts]
    rows = lines(_debt(desk, each, one) for each in debts[:MOST_DEBTS])
    more = desk.say("and_more", count=len(debts) - MOST_DEBTS) if len(debts) > MOST_DEBTS else ""
    return h(
        "<section><h2>{title}</h2><table><tbody>{rows}</tbody></table><p>{more}</p></section>",
        title=desk.say("owes"),
        rows=rows,
        more=more,
    )


def _debt(desk: Desk, debt: Debt, one: OneTask) -> Html:
    days = days_past_due(debt, one.today)
    return h(
        '<tr><th scope="row">{creditor}<br>{ref}</th><td>{amount}<br>{days}<br>{status}</td></tr>',
        creditor=desk.creditor(debt.creditor),
        ref=debt.ref,
        amount=desk.money(debt.outstanding, one.country),
        days=desk.say("days_late" if days > 0 else "days_left", days=abs(days)),
        status=desk.code("debt", debt.status.value),
    )


def _quiet(desk: Desk, one: OneTask) -> Html:
    """What holds, what was promised."""
    told = [_held(desk, each) for each in one.debtor.holds if each.lifted_at is None]
    for promise in one.debtor.promises:
        if promise.status is PromiseStatus.OPEN:
            amount = desk.money(Money(promise.amount, promise.currency), one.country)
            told.append(desk.say("promised", amount=amount, day=desk.day(promise.due_on)))
    if one.debtor.stopped:
        told.append(desk.say("stopped", channels=", ".join(one.debtor.stopped)))
    return lines(h('<p class="note">{text}</p>', text=text) for text in told)


def _held(desk: Desk, hold: Hold) -> str:
    until = desk.at(hold.review_at) if hold.review_at is not None else "–"
    return desk.say("held", reason=desk.code("hold", hold.reason.value), at=until)


def _call(desk: Desk, one: OneTask) -> Html:
    return h(
        "<section><h2>{title}</h2>{inside}</section>",
        title=desk.say("call_title"),
        inside=_calling(desk, one),
    )


def _calling(desk: Desk, one: OneTask) -> Html:
    if one.claimed is not None:
        return h(
            '<p class="done">{text}</p><p class="sum">{phone}</p>',
            text=desk.say("call_now", at=desk.at(one.claimed.claimed_at)),
            phone=one.phone,
        )
    if one.no_call is not None:
        no = one.no_call
        return h(
            '<p class="wrong">{text}</p><p>{rule}</p><p class="hint">{until} {detail}</p><p class="hint">{change}</p>',
            text=desk.say("no_call"),
            rule=f"{no.rule} ({no.source})",
            until=desk.say("no_call_until", at=desk.at(no.until)) if no.until is not None else "",
            detail=no.detail,
            change=desk.say("no_call_change", change=no.change) if no.change else "",
        )
    may = desk.form(f"{one.path}/call", desk.button("claim_call")) if one.may_act else NOTHING
    return h("<p>{text}</p><p>{phone}</p>{may}", text=desk.say("may_call"), phone=one.phone, may=may)
