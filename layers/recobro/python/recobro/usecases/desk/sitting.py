"""Somebody of the agency at their desk: known by what the pool vouches for, on every single request, and by nothing that we keep."""

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from recobro.domain.debtor import Debtor
from recobro.domain.session import form_key, is_form_of
from recobro.domain.signed_in import SignedIn
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.pages.desk import Desk
from recobro.ports import Forged
from recobro.web import Asked, Shown

SESSION = "__Host-recobro-desk"
RENEWAL = "__Host-recobro-desk-renewal"
DOOR = "__Host-recobro-desk-door"
"""`__Host-`: set by us, over https, for this very host: no neighbouring name can plant one, which a narrower path could not prevent.

https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2
"""
AT_THE_DOOR = timedelta(minutes=10)
LONGEST_COOKIE = 4_000
"""Letters; browsers drop a larger one without a word."""


@dataclass(frozen=True)
class At:
    """A request. debtor, task, act: parts of its address, empty where it has none. origin: whose page sent it."""

    asked: Asked
    debtor: str = ""
    task: str = ""
    act: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Sitting:
    """cookies: to be set with the answer, whatever it is."""

    house: House
    at: At
    who: SignedIn
    desk: Desk
    cookies: tuple[str, ...] = ()

    def desk_showing(self, debtor: Debtor) -> Desk:
        """For a page that shows that record: its forms say as of when."""
        return replace(self.desk, form_key=_form_key(self.house, self.who, debtor.version))

    def answer(self, shown: Shown) -> Shown:
        return replace(shown, cookies=(*self.cookies, *shown.cookies))

    @property
    def path(self) -> str:
        """Of the task in question."""
        return f"/console/{self.at.debtor}/{self.at.task}"

    def go(self, done: str = "") -> Shown:
        """Back to the task, to say there what was done."""
        return Shown(to=self.path + (f"?done={done}" if done else ""))


def sitting(house: House, at: At) -> Sitting | None:
    """Who asks, if the pool vouches for them now; None: they have to sign in. Raises Unavailable."""
    cookies = at.asked.cookies
    who, renewed = _known(house, cookies.get(SESSION, "")), ""
    if who is None and cookies.get(RENEWAL):
        try:
            tokens = house.people.renew(cookies[RENEWAL], house.now())
        except Forged:
            return None
        who, renewed = tokens.who, tokens.id_token
    if who is None:
        return None
    desk = Desk(
        playbook=house.playbook,
        language=language_of(house),
        who=who,
        form_key=_form_key(house, who),
        nonce=f"{house.chance.getrandbits(64):016x}",
    )
    return Sitting(house, at, who, desk, (set_cookie(SESSION, renewed),) if renewed else ())


def _form_key(house: House, who: SignedIn, seen: int | None = None) -> str:
    return form_key(who.session, house.secrets.derived("console"), seen)


def _known(house: House, token: str) -> SignedIn | None:
    try:
        return house.people.known(token, house.now()) if token else None
    except Forged:
        return None


def check_own_form(found: Sitting) -> None:
    """Raises InvalidInput for what was not sent by a page of ours, made for this session."""
    ours = urlsplit(found.house.settings.public_url)
    is_ours = hmac.compare_digest(found.at.origin.encode(), f"{ours.scheme}://{ours.netloc}".encode())
    key = found.house.secrets.derived("console")
    if not is_ours or not is_form_of(found.who.session, found.at.asked.one("form"), key):
        raise InvalidInput("form", "is not of this page", "open the page again")


def language_of(house: House) -> str:
    """The agency's."""
    return house.playbook.client.default_language[:2]


def set_cookie(name: str, value: str, lasts: timedelta | None = None) -> str:
    """lasts: None: until the browser is closed. Raises InvalidInput for what no browser would keep."""
    if len(value) > LONGEST_COOKIE:
        raise InvalidInput("cookie", f"has {len(value)} letters", f"at most {LONGEST_COOKIE}")
    age = f"; Max-Age={int(lasts.total_seconds())}" if lasts is not None else ""
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"


def no_cookie(name: str) -> str:
    return set_cookie(name, "", timedelta(0))
