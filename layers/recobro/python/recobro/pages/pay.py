"""Ways to pay, each with who receives the money and everything to copy or to scan; the reference is filled in, never left to memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recobro.domain.account import Account
from recobro.domain.client import PayWay
from recobro.domain.money import Money
from recobro.domain.names import clean
from recobro.domain.pix import br_code
from recobro.pages.html import NOTHING, Html, h, lines, web_address
from recobro.pages.scene import Scene

Draw = Callable[[str, str], str]
"""A QR code as inline SVG: of a text, with a label."""

SCANNED = frozenset({"spei", "cbu", "pix"})
"""Bank accounts are long numbers: these are drawn as well as written."""


@dataclass(frozen=True, slots=True)
class Online:
    """A gateway through which this creditor can be paid. url: of the link that is good now; empty: still to be made."""

    gateway: str
    payee: str
    url: str = ""
    amount: Money | None = None
    until: str = ""


def pay_page(
    scene: Scene, owed: tuple[tuple[Account, tuple[Online, ...]], ...], draw: Draw, said: Html = NOTHING
) -> Html:
    """Every creditor apart: one payment pays one creditor."""
    return scene.page(
        h(
            "<h1>{title}</h1>{said}{each}<p>{after}</p><p>{back}</p>",
            title=scene.say("pay_title"),
            said=said,
            each=lines(_account(scene, account, online, draw) for account, online in owed),
            after=scene.say("paid_after"),
            back=scene.link("", scene.say("home")),
        ),
        title=scene.say("pay_title"),
    )


def _account(scene: Scene, account: Account, online: tuple[Online, ...], draw: Draw) -> Html:
    brand = scene.brand(account.creditor)
    payee = brand.legal_name if brand is not None else account.creditor
    ways = [way for way in (brand.pay_ways if brand is not None else ()) if _takes(way, account.currency)]
    return h(
        '<section aria-label="{payee}"><h2>{payee}</h2><p>{label}</p><p class="sum">{amount}</p><p class="note"><strong>{only}</strong></p>'
        "{online}{ways}</section>",
        payee=payee,
        label=scene.say("due_now"),
        amount=scene.money(account.due),
        only=scene.say("pay_only_to", payee=payee),
        online=lines(_online(scene, account, one) for one in online),
        ways=lines(_way(scene, account, way, draw) for way in ways),
    )


def _takes(way: PayWay, currency: str) -> bool:
    """Pix moves reais, SPEI pesos of Mexico, a CBU pesos of Argentina or dollars: whatever the file leaves open."""
    own = {"pix": {"BRL"}, "spei": {"MXN"}, "cbu": {"ARS", "USD"}, "pse": {"COP"}}.get(way.kind)
    return way.currency in {"", currency} and (own is None or currency in own)


def _online(scene: Scene, account: Account, one: Online) -> Html:
    name = gateway_title(one.gateway)
    ready = NOTHING
    if one.url and one.amount is not None:
        about = scene.say("link_about", amount=scene.money(one.amount), payee=one.payee, date=one.until)
        ready = h(
            '<p><strong>{ready}</strong>: {about}</p><p><a class="go" rel="noopener noreferrer" href="{url}">{go}</a></p>',
            ready=scene.say("link_ready"),
            about=about,
            url=web_address(one.url),
            go=scene.say("go_gateway", gateway=name),
        )
    ident = f"amount-{account.creditor}-{account.currency}-{one.gateway}"
    form = scene.form(
        "pay",
        h(
            '<p>{why}</p><input type="hidden" name="creditor" value="{creditor}">'
            '<input type="hidden" name="currency" value="{currency}"><input type="hidden" name="gateway" value="{gateway}">'
            '<label for="{ident}">{how_much}<span class="hint">{hint}</span></label><input id="{ident}"'
            ' name="amount" inputmode="decimal" autocomplete="off" value="{due}">{button}',
            why=scene.say("online_why", gateway=name, payee=one.payee),
            creditor=account.creditor,
            currency=account.currency,
            gateway=one.gateway,
            ident=ident,
            how_much=scene.say("how_much"),
            hint=scene.say("how_much_hint", amount=scene.money(account.total)),
            due=scene.money(account.due),
            button=scene.button(scene.say("make_link"), quiet=bool(ready)),
        ),
    )
    body = h("{ready}{form}", ready=ready, form=form)
    return h(
        '<div class="card"><h3>{title}</h3>{body}</div>', title=scene.say("online", gateway=name), body=body
    )


GATEWAY_NAMES = {
    "mercado_pago": "Mercado Pago",
    "payu": "PayU",
    "dlocal": "dLocal",
    "paypal": "PayPal",
    "epayco": "ePayco",
}


def gateway_title(name: str) -> str:
    """What a gateway calls itself."""
    return GATEWAY_NAMES.get(name, name.replace("_", " ").title())


def _way(scene: Scene, account: Account, way: PayWay, draw: Draw) -> Html:
    rows = list(_rows(scene, account, way))
    url = web_address(way.url)
    return h(
        '<div class="card"><h3>{name}</h3><p>{how}</p><dl class="way">{rows}</dl>{image}{go}</div>',
        name=way.name,
        how=way.how,
        rows=lines(h("<dt>{label}</dt><dd>{value}</dd>", label=label, value=value) for label, value in rows),
        image=_image(scene, account, way, draw),
        go=h(
            '<a class="go" rel="noopener noreferrer" href="{url}">{go}</a>',
            url=url,
            go=scene.say("go_pay", name=way.name),
        )
        if url
        else NOTHING,
    )


def _rows(scene: Scene, account: Account, way: PayWay) -> Iterator[tuple[str, Html]]:
    """What to copy, with whose it is."""

    def copied(value: str) -> Html:
        return h("<code>{value}</code>", value=value)

    if way.kind == "pix":
        yield scene.say("account_pix"), copied(_pix(account, way))
    elif way.account:
        key = f"account_{way.kind}"
        yield scene.say(key if scene.has(key) else "account"), copied(way.account)
    if way.alias:
        yield scene.say("alias"), copied(way.alias)
    if way.bank:
        yield scene.say("bank"), h("{bank}", bank=way.bank)
    yield scene.say("receives"), h("{payee}", payee=way.payee)
    if way.kind != "link":
        yield scene.say("reference"), copied(reference(account))
        yield scene.say("amount"), h("{amount}", amount=scene.money(account.due))


def reference(account: Account) -> str:
    """By which the creditor finds whose payment it is: the debt's own, the oldest where there are several."""
    oldest = min(account.payable, key=lambda one: (one.oldest_due_on(), one.ref), default=None)
    return clean(oldest.ref, 40) if oldest is not None else ""


def _pix(account: Account, way: PayWay) -> str:
    return br_code(
        key=way.account, payee=way.payee, city=way.city, amount=account.due, reference=reference(account)
    )


def _image(scene: Scene, account: Account, way: PayWay, draw: Draw) -> Html:
    if way.kind not in SCANNED or not way.account:
        return NOTHING
    if way.kind == "pix":
        return Html(draw(_pix(account, way), scene.say("scan_pix")))
    key = scene.say(f"account_{way.kind}")
    text = f"{key} {way.account}\n{scene.say('reference')} {reference(account)}\n{scene.money(account.due)}\n{way.payee}"
    return Html(draw(clean_lines(text), scene.say("scan_copy")))


def clean_lines(text: str) -> str:
    """Lines of visible characters."""
    return "\n".join(clean(line, 120) for line in text.split("\n"))
