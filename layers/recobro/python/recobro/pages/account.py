"""What is owed, to whom, made of what, as of when; and all that a person can do about it from here."""

from collections.abc import Iterator
from datetime import date

from recobro.domain.account import Account
from recobro.domain.debt import Debt, DebtStatus, Role
from recobro.domain.hold import HoldReason
from recobro.domain.money import Money
from recobro.domain.names import clean
from recobro.domain.plan import PaymentPlan
from recobro.domain.promise import PromiseStatus
from recobro.domain.waived import waived
from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.plan_terms import agreed_plan
from recobro.pages.scene import Scene

LISTED = 60
"""Debts shown one by one; a company's other invoices stand in what it can download. Keeps the page under 50 kB."""
DETAILED = 8
PARTS = 24
"""Of so few debts the next instalments are shown too, so many of each."""

HOLDS = {
    HoldReason.DISPUTE: "is_disputed",
    HoldReason.PAYMENT_PENDING: "is_pending",
    HoldReason.ALREADY_PAID: "is_claimed",
    HoldReason.HARDSHIP: "is_hardship",
}
ELSEWHERE = frozenset(
    {DebtStatus.RECALLED, DebtStatus.SOLD, DebtStatus.JUDICIAL, DebtStatus.INSOLVENT, DebtStatus.WRITTEN_OFF}
)


def account_page(scene: Scene, found: tuple[Account, ...], said: Html) -> Html:
    """The first page of who was identified. said: what just happened."""
    shown = lines(_account(scene, one) for one in found)
    return scene.page(
        h(
            "<h1>{greeting}</h1>{said}{accounts}{acts}",
            greeting=scene.greeting(),
            said=said,
            accounts=shown or h('<p class="card">{text}</p>', text=scene.say("nothing_owed")),
            acts=_acts(scene, owes=any(one.total.minor for one in found)),
        ),
        title=scene.say("your_account"),
    )


def _account(scene: Scene, account: Account) -> Html:
    brand = scene.brand(account.creditor)
    return h(
        '<section aria-label="{creditor}"><h2>{creditor}</h2>{due}{notes}{debts}{as_of}</section>',
        creditor=brand.legal_name if brand is not None else account.creditor,
        due=_due(scene, account),
        notes=_promised(scene, account),
        debts=_debts(scene, _ordered(account)),
        as_of=h('<p class="hint">{text}</p>', text=_as_of(scene, account)),
    )


def _debts(scene: Scene, debts: list[Debt]) -> Html:
    shown = lines(_debt(scene, one, detailed=len(debts) <= DETAILED) for one in debts[:LISTED])
    more = scene.say("and_more", count=len(debts) - LISTED) if len(debts) > LISTED else ""
    return h("{shown}{more}", shown=shown, more=h("<p>{more}</p>", more=more) if more else NOTHING)


def _ordered(account: Account) -> list[Debt]:
    """What is owed before what was settled, oldest first."""
    return sorted(account.debts, key=lambda one: (one not in account.payable, one.oldest_due_on(), one.ref))


def _as_of(scene: Scene, account: Account) -> str:
    as_of = min((one.calculated_on for one in account.debts), default=scene.today.day)
    return scene.say("as_of", date=scene.day(as_of), creditor=scene.named(account.creditor))


def _due(scene: Scene, account: Account) -> Html:
    live = [one for one in account.payable if not one.is_time_barred(scene.today.day)]
    if not live:
        return NOTHING
    oldest = min(one.oldest_due_on() for one in live)
    when = "due_since" if oldest < scene.today.day else "due_by"
    later = scene.say("later", amount=scene.money(account.later)) if account.later.minor else ""
    return h(
        '<p>{label}</p><p class="sum">{amount}</p><p>{when} {later}</p>{pay}',
        label=scene.say("due_now"),
        amount=scene.money(account.due),
        when=scene.say(when, date=scene.day(oldest)) + ".",
        later=later,
        pay=h('<a class="go" href="{path}/pay">{pay}</a>', path=scene.path, pay=scene.say("pay")),
    )


def _promised(scene: Scene, account: Account) -> Html:
    mine = (account.creditor, account.currency)
    promises = [
        one
        for one in scene.debtor.promises
        if (one.creditor, one.currency) == mine and one.status is PromiseStatus.OPEN
    ]
    plans = [one for one in scene.debtor.plans if one.is_open and (one.creditor, one.currency) == mine]
    return h(
        "{promises}{plans}",
        promises=lines(_will_pay(scene, Money(one.amount, one.currency), one.due_on) for one in promises),
        plans=lines(_planned(scene, one) for one in plans),
    )


def _planned(scene: Scene, plan: PaymentPlan) -> Html:
    """What is waited for next, and all that was agreed."""
    part = plan.next_part()
    left = Money(plan.left_of_next(), plan.currency)
    return h(
        "{next}{terms}",
        next=_will_pay(scene, left, part.due_on) if part is not None else NOTHING,
        terms=agreed_plan(scene, plan),
    )


def _will_pay(scene: Scene, amount: Money, day: date) -> Html:
    text = scene.say("is_promised", amount=scene.money(amount), date=scene.day(day))
    return h('<p class="note">{text}</p>', text=text)


def _debt(scene: Scene, debt: Debt, *, detailed: bool) -> Html:
    is_company = scene.debtor.profile.kind == "company"
    name = scene.say("invoice" if is_company else "contract", ref=clean(debt.ref, 60))
    title = f"{clean(debt.product, 60)} · {name}" if debt.product else name
    return h(
        '<div class="card"><h3>{title}</h3>{notes}{letter}{parts}</div>',
        letter=_letter(scene, debt),
        title=title,
        notes=lines(h("<p>{text}</p>", text=text) for text in _notes(scene, debt)),
        parts=_parts(scene, debt, detailed=detailed) if _is_shown(scene, debt) else NOTHING,
    )


def _is_shown(scene: Scene, debt: Debt) -> bool:
    """Whether what it is made of says anything to the person: not of what is paid, nor of what their plan waived."""
    return debt.outstanding.minor > 0 and debt.key not in waived(scene.debtor)


def _letter(scene: Scene, debt: Debt) -> Html:
    """The creditor's paper that it is settled: when it comes, or here to be taken (paz y salvo, finiquito, libre deuda)."""
    letter = next((one for one in scene.debtor.letters if one.debt == debt.key), None)
    if letter is None or debt.status is not DebtStatus.PAID:
        return NOTHING
    creditor = scene.named(debt.creditor)
    if not letter.document:
        return h(
            "<p>{text}</p>",
            text=scene.say("letter_asked", creditor=creditor, date=scene.last_day(letter.due_at)),
        )
    inside = h(
        '<p>{text}</p><input type="hidden" name="debt" value="{key}">{button}',
        text=scene.say("letter_here", creditor=creditor),
        key=debt.key,
        button=scene.button(scene.say("letter_take")),
    )
    return scene.form("letter", inside)


def _notes(scene: Scene, debt: Debt) -> Iterator[str]:
    """How it stands with that debt, in a sentence each."""
    roles = {Role.CODEBTOR: "as_codebtor", Role.GUARANTOR: "as_guarantor"}
    if debt.role in roles:
        yield scene.say(roles[debt.role])
    if debt.status is DebtStatus.PAID:
        yield scene.say("is_paid")
    elif debt.status is DebtStatus.DISPUTED:
        yield scene.say("is_disputed")
    elif debt.status in ELSEWHERE or not debt.is_assigned(scene.today.day):
        brand = scene.brand(debt.creditor)
        contact = brand.contact if brand is not None else scene.contact
        yield scene.say("is_elsewhere", creditor=scene.named(debt.creditor), contact=contact)
    elif debt.key in waived(scene.debtor):
        amount, creditor = scene.money(debt.outstanding), scene.named(debt.creditor)
        yield scene.say("is_waived", amount=amount, creditor=creditor)
        return
    elif debt.is_time_barred(scene.today.day):
        yield scene.say("is_old")
    bound = [one.reason for one in scene.debtor.holds if one.binds(debt.key, scene.today.now)]
    said = [HOLDS[one] for one in dict.fromkeys(bound) if one in HOLDS]
    yield from (scene.say(one) for one in said)
    if not said and any(one.binds(debt.key) for one in scene.debtor.tasks):
        yield scene.say("is_waiting")


def _parts(scene: Scene, debt: Debt, *, detailed: bool) -> Html:
    parts = [(name, getattr(debt.amounts, name)) for name in ("principal", "interest", "fees", "taxes")]
    rows = [(scene.say(name), minor) for name, minor in parts if minor]
    if debt.credit:
        rows.append((scene.say("credit"), -debt.credit))
    rows.append((scene.say("total"), debt.outstanding.minor))
    open_ones = [one for one in debt.instalments if one.outstanding > 0] if detailed else []
    instalments = lines(
        h(
            "<dt>{number}, {date}</dt><dd>{amount}</dd>",
            number=scene.say("instalment", number=one.number),
            date=scene.day(one.due_on),
            amount=scene.money(Money(one.outstanding, debt.currency)),
        )
        for one in open_ones[:PARTS]
    )
    return h(
        "<dl>{rows}</dl>{instalments}",
        rows=lines(
            h(
                "<dt>{label}</dt><dd>{amount}</dd>",
                label=label,
                amount=scene.money(Money(minor, debt.currency)),
            )
            for label, minor in rows
        ),
        instalments=h("<h4>{title}</h4><dl>{rows}</dl>", title=scene.say("instalments"), rows=instalments)
        if open_ones
        else h("<p>{text}</p>", text=scene.say("due_by", date=scene.day(debt.due_on))),
    )


def _acts(scene: Scene, *, owes: bool) -> Html:
    about = ("promise", "plan", "paid", "dispute", "hardship") if owes else ()
    every = (*about, "person", "complain", "settings", "pause", "contacts", "data")
    items = lines(h("<li>{link}</li>", link=scene.link(one, scene.say(f"to_{one}"))) for one in every)
    leave = scene.form("leave", scene.button(scene.say("leave"), quiet=True))
    return h(
        '<h2>{title}</h2><ul class="acts">{items}</ul>{leave}',
        title=scene.say("what_now"),
        items=items,
        leave=leave,
    )
