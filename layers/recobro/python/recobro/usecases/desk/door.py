"""In and out: the browser is sent to the pool's own pages and comes back with a code that only it can use, once."""

import hmac

from recobro.house import House
from recobro.pages.desk import outside
from recobro.ports import Forged
from recobro.usecases.desk.sitting import (
    AT_THE_DOOR,
    DOOR,
    RENEWAL,
    SESSION,
    At,
    Sitting,
    language_of,
    no_cookie,
    set_cookie,
)
from recobro.web import Shown


def go_to_sign_in(house: House, _at: At) -> Shown:
    """State, nonce and verifier wait in a cookie of this browser: whoever comes back without it did not set out from here."""
    state, nonce, verifier = (f"{house.chance.getrandbits(256):064x}" for _ in range(3))
    return Shown(
        to=house.people.door(state, nonce, verifier, language_of(house)),
        cookies=(set_cookie(DOOR, f"{state}.{nonce}.{verifier}", AT_THE_DOOR),),
    )


def come_back(house: House, at: At) -> Shown:
    """From the pool's pages. Whatever is wrong about it, nobody is let in, and the page offers to begin again."""
    query, waiting = at.asked.query, at.asked.cookies.get(DOOR, "")
    kept = waiting.split(".")
    code, state = query.get("code", ""), query.get("state", "")
    if len(kept) != 3 or not code or not hmac.compare_digest(state.encode(), kept[0].encode()):
        return _not_in(house)
    try:
        tokens = house.people.enter(code, kept[2], kept[1], house.now())
    except Forged:
        return _not_in(house)
    cookies = [set_cookie(SESSION, tokens.id_token), no_cookie(DOOR)]
    if tokens.renewal:
        cookies.append(set_cookie(RENEWAL, tokens.renewal))
    return Shown(to="/console", cookies=tuple(cookies))


def _not_in(house: House) -> Shown:
    page = outside(house.playbook.client, language_of(house), "not_in")
    return Shown(page, 403, cookies=(no_cookie(DOOR),))


def leave(found: Sitting) -> Shown:
    """What was given for this session is void, here and at the pool."""
    renewal = found.at.asked.cookies.get(RENEWAL, "")
    if renewal:
        found.house.people.forget(renewal)
    return Shown(to=found.house.people.way_out(), cookies=(no_cookie(SESSION), no_cookie(RENEWAL)))


def signed_out(house: House, _at: At) -> Shown:
    return Shown(outside(house.playbook.client, language_of(house), "out"))
