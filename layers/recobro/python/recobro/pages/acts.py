"""The forms by which a person answers: a date, a plan, a doubt, a receipt, a hard time, a word for somebody of ours."""

from recobro.domain.account import Account
from recobro.domain.money import Money
from recobro.domain.names import clean
from recobro.domain.plan import PlanOffer
from recobro.pages.html import NOTHING, Html, h, lines
from recobro.pages.plan_terms import plan_dates, plan_saves
from recobro.pages.scene import Scene, field

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.heic,application/pdf,image/*"


def _page(scene: Scene, key: str, said: Html, inside: Html) -> Html:
    return scene.page(
        h(
            "<h1>{title}</h1>{said}{why}{inside}<p>{back}</p>",
            title=scene.say(f"to_{key}"),
            said=said,
            why=h("<p>{text}</p>", text=scene.say(f"{key}_why")) if inside else NOTHING,
            inside=inside,
            back=scene.link("", scene.say("home")),
        ),
        title=scene.say(f"to_{key}"),
    )


def promise_page(
    scene: Scene, owed: tuple[Account, ...], furthest: dict[tuple[str, str], str], said: Html = NOTHING
) -> Html:
    """One form for each creditor and currency. furthest: (creditor, currency) → the last day that may be promised, ISO."""

    def form(account: Account) -> Html:
        last = furthest.get((account.creditor, account.currency), "")
        limits = h(' min="{first}" max="{last}" required', first=scene.today.day.isoformat(), last=last)
        inside = h(
            '<h2>{creditor}</h2><input type="hidden" name="creditor" value="{id}"><input type="hidden" name="currency" value="{currency}">'
            "{amount}{day}{button}",
            creditor=scene.named(account.creditor),
            id=account.creditor,
            currency=account.currency,
            amount=_box(
                scene,
                f"amount-{account.creditor}-{account.currency}",
                "amount",
                "promise_amount",
                scene.money(account.due),
                Html(' inputmode="decimal" required'),
            ),
            day=_box(
                scene,
                f"day-{account.creditor}-{account.currency}",
                "day",
                "promise_day",
                "",
                limits,
                kind="date",
            ),
            button=scene.button(scene.say("promise_send")),
        )
        return h("<section>{form}</section>", form=scene.form("promise", inside))

    return _page(scene, "promise", said, lines(form(one) for one in owed))


def _box(scene: Scene, ident: str, name: str, key: str, value: str, extra: Html, kind: str = "text") -> Html:
    hint = scene.say(f"{key}_hint") if scene.has(f"{key}_hint") else ""
    return h(
        '<label for="{ident}">{label}<span class="hint">{hint}</span></label>'
        '<input id="{ident}" name="{name}" type="{kind}" value="{value}" autocomplete="off"{extra}>',
        ident=ident,
        label=scene.say(key),
        hint=hint,
        name=name,
        kind=kind,
        value=value,
        extra=extra,
    )


def plan_page(scene: Scene, offers: tuple[PlanOffer, ...], said: Html = NOTHING) -> Html:
    """What policy computed for this person today; where it computed nothing, a person."""
    if not offers:
        ask = h(
            "<p>{text}</p>{form}",
            text=scene.say("no_plan"),
            form=scene.form("person", scene.button(scene.say("person_send"))),
        )
        return _page(scene, "plan", said, ask)
    choices = lines(_offer(scene, one, first=one is offers[0]) for one in offers)
    inside = h(
        '<fieldset class="pick"><legend>{legend}</legend>{choices}</fieldset><p class="note">{terms}</p>{button}',
        legend=scene.say("plan_pick"),
        choices=choices,
        terms=scene.say("plan_terms"),
        button=scene.button(scene.say("plan_send")),
    )
    return _page(scene, "plan", said, scene.form("plan", inside))


def _offer(scene: Scene, offer: PlanOffer, *, first: bool) -> Html:
    title = scene.say(
        "plan_of",
        count=len(offer.parts),
        creditor=scene.named(offer.creditor),
        total=scene.money(Money(offer.total, offer.currency)),
    )
    return h(
        '<div class="card"><label><input type="radio" name="offer" value="{id}" required{checked}> {title}</label>{dates}'
        "<p>{saved} {until}</p></div>",
        id=offer.id,
        checked=Html(" checked") if first else NOTHING,
        title=title,
        dates=plan_dates(scene, offer),
        saved=plan_saves(scene, offer),
        until=scene.say("plan_until", date=scene.last_day(offer.expires_at)),
    )


def dispute_page(scene: Scene, owed: tuple[Account, ...], said: Html = NOTHING) -> Html:
    """About which debts, and what is wrong with them."""
    choices = lines(
        h(
            '<label><input type="checkbox" name="debt" value="{key}"{checked}> {what}</label>',
            key=debt.key,
            checked=Html(" checked") if sum(len(one.payable) for one in owed) == 1 else NOTHING,
            what=f"{scene.named(debt.creditor)}, {clean(debt.ref, 60)}: {scene.money(debt.outstanding)}",
        )
        for account in owed
        for debt in account.payable[:60]
    )
    inside = h(
        '<fieldset class="pick"><legend>{legend}</legend>{choices}</fieldset>{words}{button}',
        legend=scene.say("dispute_which"),
        choices=choices,
        words=text_box(scene, "dispute_words"),
        button=scene.button(scene.say("dispute_send")),
    )
    return _page(scene, "dispute", said, scene.form("dispute", inside))


def paid_page(scene: Scene, said: Html = NOTHING) -> Html:
    """When and how, with the receipt if it is at hand."""
    upload = field(scene, "proof", kind="file", extra=h(' accept="{kinds}"', kinds=ACCEPTED))
    inside = h(
        "{words}{upload}{button}",
        words=text_box(scene, "paid_words"),
        upload=upload,
        button=scene.button(scene.say("paid_send")),
    )
    return _page(scene, "paid", said, scene.form("paid", inside, upload=True))


def words_page(scene: Scene, key: str, said: Html = NOTHING) -> Html:
    """key: "hardship" | "person" | "complain": some words, of which none is needed."""
    inside = h(
        "{words}{button}",
        words=text_box(scene, f"{key}_words"),
        button=scene.button(scene.say(f"{key}_send")),
    )
    return _page(scene, key, said, scene.form(key, inside))


def text_box(scene: Scene, key: str) -> Html:
    return h(
        '<label for="{key}">{label}</label><textarea id="{key}" name="words" rows="5" maxlength="2000"></textarea>',
        key=key,
        label=scene.say(key),
    )
