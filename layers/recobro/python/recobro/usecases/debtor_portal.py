"""What stands behind a link in our messages: a page that says nothing to a stranger, and a way to stop us in one click."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from recobro.codec import write_instant
from recobro.domain.answered import done_by_an_answer
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import Fact, MessageReceived, PointStateChanged
from recobro.domain.tokens import Token, read
from recobro.errors import NotFound
from recobro.house import House
from recobro.usecases.saving import change_whom_it_may_mean

WORDS: dict[str, dict[str, str]] = {
    "es": {
        "title": "Mensajes de {agency}",
        "ask": "¿Quieres que dejemos de escribirte aquí?",
        "button": "Sí, dejen de escribirme",
        "done": "Listo. No te escribiremos más a esta dirección.",
        "page": "{agency} te escribió en nombre de {creditor}. Para ver el detalle o acordar cómo pagar, comunícate con nosotros:",
        "ways": "Formas de pago",
        "safe": "Nunca te pediremos contraseñas ni datos de tu tarjeta por mensaje.",
    },
    "pt": {
        "title": "Mensagens de {agency}",
        "ask": "Quer que deixemos de escrever para este endereço?",
        "button": "Sim, parem de me escrever",
        "done": "Pronto. Não escreveremos mais para este endereço.",
        "page": "{agency} escreveu em nome de {creditor}. Para ver os detalhes ou combinar como pagar, fale conosco:",
        "ways": "Formas de pagamento",
        "safe": "Nunca pediremos senhas nem dados do cartão por mensagem.",
    },
    "en": {
        "title": "Messages from {agency}",
        "ask": "Shall we stop writing to you here?",
        "button": "Yes, stop writing to me",
        "done": "Done. We will not write to this address again.",
        "page": "{agency} wrote to you on behalf of {creditor}. For the details or to agree on how to pay, contact us:",
        "ways": "Ways to pay",
        "safe": "We will never ask for passwords or card data by message.",
    },
}


@dataclass(frozen=True, slots=True)
class Page:
    """A complete HTML page without scripts, under 5 kB."""

    html: str


def unsubscribe_page(house: House, text: str) -> Page:
    """GET: only asks; link scanners open every link (RFC 8058 §3.1: nothing happens on GET)."""
    token, debtor = _whose(house, text, "u")
    words = _words(debtor)
    form = f'<form method="post"><button>{escape(words["button"])}</button></form>'
    return _page(house, words, f"<p>{escape(words['ask'])}</p>{form}", token)


def unsubscribe(house: House, text: str) -> Page:
    """POST, ours or a mailbox's one click (RFC 8058): binds the point for everybody on it before it answers."""
    token, debtor = _whose(house, text, "u")
    attempt = debtor.attempt_beginning(token.attempt)
    if attempt is None:
        raise NotFound("the message of this link is no longer on record")
    house.suppressions.add(attempt.point, "opt_out", write_instant(house.now()))
    for debtor_id in sorted({debtor.id, *house.lookups.debtors(attempt.point)}):
        _stop(house, debtor_id, attempt.point, token)
    words = _words(debtor)
    return _page(house, words, f"<p>{escape(words['done'])}</p>", token)


def neutral_page(house: House, text: str) -> Page:
    """Who wrote, for whom, how to reach us and how to pay; nothing about a debt before somebody is identified."""
    token, debtor = _whose(house, text, "p")
    attempt = debtor.attempt_beginning(token.attempt)
    client = house.playbook.client
    brand = client.brand(attempt.creditor) if attempt is not None else None
    words = _words(debtor)
    intro = words["page"].format(agency=client.agency.name, creditor=brand.name if brand else "")
    contact = f"{client.agency.phone} · {client.agency.email}"
    ways = (
        "".join(f"<li><b>{escape(way.name)}</b>: {escape(way.how)}</li>" for way in brand.pay_ways)
        if brand
        else ""
    )
    pay = f"<h2>{escape(words['ways'])}</h2><ul>{ways}</ul>" if ways else ""
    body = f"<p>{escape(intro)}</p><p><b>{escape(contact)}</b></p>{pay}<p><small>{escape(words['safe'])}</small></p>"
    return _page(house, words, body, token)


def _stop(house: House, debtor_id: str, point: str, token: Token) -> None:
    def decide(debtor: Debtor, now: datetime) -> tuple[Fact, ...]:
        there = debtor.point(point)
        if there is None or there.state is PointState.SUPPRESSED:
            return ()
        attempt = debtor.attempt_beginning(token.attempt)
        stopped = PointStateChanged(point, PointState.SUPPRESSED, "opt_out")
        if attempt is None:
            return (stopped,)
        heard = MessageReceived(attempt.channel, point, "", "opt_out", attempt.id)
        return (heard, *done_by_an_answer(debtor, attempt.id), stopped)

    change_whom_it_may_mean(house, debtor_id, decide)


def _whose(house: House, text: str, purpose: str) -> tuple[Token, Debtor]:
    token = read(text, purpose, house.secrets.derived("links"), house.now())
    loaded = house.ledger.load(token.debtor_id)
    if loaded is None:
        raise NotFound("no such person")
    return token, loaded.debtor


def _words(debtor: Debtor) -> dict[str, str]:
    return WORDS.get(debtor.profile.language[:2], WORDS["es"])


def _page(house: House, words: dict[str, str], body: str, token: Token) -> Page:
    title = escape(words["title"].format(agency=house.playbook.client.agency.name))
    style = (
        ":root{color-scheme:light dark}body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;"
        "padding:0 1rem}button{font:inherit;padding:.7rem 1.2rem}"
    )
    return Page(
        f'<!doctype html><html lang="es"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="robots" content="noindex"><title>{title}</title><style>{style}</style>'
        f"<main><h1>{title}</h1>{body}</main></html>"
    )
