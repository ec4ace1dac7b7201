"""The forms of a task: what came of it, what may be offered, a pause; each is one of the acts that `recobro tasks` knows."""

from collections.abc import Sequence

from recobro.domain.debtor import Debtor
from recobro.domain.eligibility import Today
from recobro.domain.money import Money
from recobro.domain.plan import PlanOffer
from recobro.domain.task import Task
from recobro.pages.desk import Desk
from recobro.pages.html import NOTHING, Html, h, lines

PAUSES = (7, 15, 30)
"""Days."""


def acts_of(
    desk: Desk,
    path: str,
    debtor: Debtor,
    task: Task,
    offers: Sequence[PlanOffer],
    dispositions: Sequence[str],
    draft: str,
    today: Today,
    account: tuple[str, str],
) -> Html:
    """draft: what was written in the note. account: creditor and currency of what a promise would be for."""
    return lines(
        (
            _close(desk, path, debtor, task, dispositions, draft, today, account),
            _offers(desk, path, debtor, offers),
            _pause(desk, path),
        )
    )


def _close(
    desk: Desk,
    path: str,
    debtor: Debtor,
    task: Task,
    dispositions: Sequence[str],
    draft: str,
    today: Today,
    account: tuple[str, str],
) -> Html:
    creditor, currency = account
    only = desk.say("only_promise")
    choices = lines(
        h('<option value="{code}">{text}</option>', code=one, text=desk.code("result", one))
        for one in dispositions
    )
    inside = h(
        '<label for="result">{result}</label><select id="result" name="result" required><option value=""></option>{choices}</select>'
        "{debt}{account}"
        '<label for="amount">{amount}<span class="hint">{only}</span></label><input id="amount" name="amount" inputmode="decimal" '
        'autocomplete="off"><label for="day">{day}<span class="hint">{only}</span></label>'
        '<input id="day" name="day" type="date" min="{today}"><label for="note">{note}<span class="hint">{note_hint}</span></label>'
        '<textarea id="note" name="note" rows="4" maxlength="2000">{draft}</textarea>{button}',
        result=desk.say("result"),
        choices=choices,
        debt=_which_debt(desk, debtor, task),
        amount=desk.say("amount"),
        account=_hidden(creditor=creditor, currency=currency),
        only=f"{only}: {desk.creditor(creditor)}, {currency}" if creditor else only,
        day=desk.say("promise_day"),
        today=today.day.isoformat(),
        note=desk.say("note"),
        note_hint=desk.say("note_hint"),
        draft=_draft(draft),
        button=desk.button("close"),
    )
    return _section(desk, "close_title", desk.form(f"{path}/close", inside))


def _hidden(**values: str) -> Html:
    return lines(
        h('<input type="hidden" name="{name}" value="{value}">', name=name, value=value)
        for name, value in values.items()
    )


def _draft(text: str) -> Html:
    """With its lines: a text box keeps them."""
    return Html("\n".join(h("{line}", line=one) for one in text.splitlines()[:200]))


def _which_debt(desk: Desk, debtor: Debtor, task: Task) -> Html:
    debts = [one for one in debtor.debts if not task.creditor or one.creditor == task.creditor]
    if len(debts) < 2:
        return NOTHING
    choices = lines(
        h(
            '<option value="{key}">{creditor} · {ref}</option>',
            key=one.key,
            creditor=desk.creditor(one.creditor),
            ref=one.ref,
        )
        for one in debts[:100]
    )
    return h(
        '<label for="debt">{label}</label><select id="debt" name="debt"><option value="">{every}</option>{choices}</select>',
        label=desk.say("which_debt"),
        every=desk.say("as_task"),
        choices=choices,
    )


def _offers(desk: Desk, path: str, debtor: Debtor, offers: Sequence[PlanOffer]) -> Html:
    if not offers:
        return NOTHING
    country = debtor.profile.country
    choices = lines(
        h(
            '<label><input type="radio" name="offer" value="{id}" required><span>{text} <span class="hint">{more}</span></span></label>',
            id=one.id,
            text=desk.say(
                "offer",
                parts=len(one.parts),
                total=desk.money(Money(one.total, one.currency), country),
                first=desk.day(one.parts[0].due_on),
            ),
            more=desk.say(
                f"offered_{one.authority.value}",
                waived=desk.money(Money(one.discount, one.currency), country),
            ),
        )
        for one in offers
    )
    inside = h(
        '<fieldset class="pick"><legend>{legend}</legend>{choices}</fieldset>{button}',
        legend=desk.say("offer_pick"),
        choices=choices,
        button=desk.button("offer_send"),
    )
    return _section(desk, "offer_title", desk.form(f"{path}/offer", inside))


def _pause(desk: Desk, path: str) -> Html:
    choices = lines(
        h('<option value="{days}">{text}</option>', days=one, text=desk.say("pause_days", days=one))
        for one in PAUSES
    )
    inside = h(
        '<label for="days">{label}</label><select id="days" name="days">{choices}</select>{button}',
        label=desk.say("pause_pick"),
        choices=choices,
        button=desk.button("pause_send", quiet=True),
    )
    return _section(desk, "pause_title", desk.form(f"{path}/pause", inside))


def _section(desk: Desk, title: str, inside: Html) -> Html:
    return h("<section><h2>{title}</h2>{inside}</section>", title=desk.say(title), inside=inside)
