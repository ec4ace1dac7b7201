"""The pages behind our links: one click stops us, opening changes nothing, and a stranger learns nothing."""

import zlib
from datetime import timedelta
from typing import Any

import pytest

from recobro.domain.contact_point import PointState
from recobro.domain.identity import TRIES
from recobro.domain.tokens import Token, sign
from recobro.entry import asked_page
from recobro.errors import InvariantBroken
from recobro.house import House
from recobro.pages.html import POLICY
from recobro.usecases.debtor_portal import debtor_portal
from recobro.web import Asked, Shown
from tests.house import Clock, PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

TELLING = ("1,500", "1500", "Aminta", "deuda", "A1", "vencid", "Prueba", "aminta@")


@pytest.fixture
def visitor(known: House) -> Visitor:
    """Somebody who got a message and has not opened its link yet."""
    sent(known, PretendCarrier())
    return Visitor(known, link_to(known))


def unsubscriber(home: House) -> Visitor:
    return Visitor(home, link_to(home, "u"), "u")


class Died(BaseException):
    """The process ends between the carrier's answer and our record of it."""


def test_a_click_in_a_message_whose_sender_died_ends_its_step_by_every_channel(known: House) -> None:
    def taken() -> None:
        raise Died

    with pytest.raises(Died):
        sent(known, PretendCarrier(before=taken))
    unsubscriber(known).post("", b"")
    person = standing(known, AMINTA)

    assert person.episodes[-1].mark_of(person.attempts[-1].step.mark) is not None


def test_one_click_stops_us_at_that_address_before_it_is_answered(known: House) -> None:
    sent(known, PretendCarrier())
    page = unsubscriber(known).post("", b"List-Unsubscribe=One-Click")

    assert "No le escribiremos más" in page.text
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED
    assert known.suppressions.reason(standing(known, AMINTA).points[0].id) == "opt_out"


def test_clicking_twice_stops_once(known: House) -> None:
    sent(known, PretendCarrier())
    unsubscriber(known).post("", b"")
    version = standing(known, AMINTA).version
    unsubscriber(known).post("", b"")

    assert standing(known, AMINTA).version == version


def test_a_scanner_that_opens_every_link_changes_nothing(visitor: Visitor) -> None:
    home = visitor.home
    version = standing(home, AMINTA).version

    assert "<form" in unsubscriber(home).open().html
    for page in ("", "pay", "promise", "settings", "data", "not-me", "stop-here", "enter"):
        visitor.open(page)
    assert standing(home, AMINTA).version == version


def test_nothing_of_a_debt_is_told_before_somebody_shows_who_they_are(visitor: Visitor) -> None:
    html = visitor.open().html

    assert "Muebles Luna" in html
    assert not [one for one in TELLING if one in html]
    assert len(html) < 10_000
    assert "<script" not in html


@pytest.mark.parametrize("page", ["", "pay", "promise", "contacts", "data", "letter", "nowhere"])
def test_whatever_address_a_stranger_opens_it_is_the_front_door(visitor: Visitor, page: str) -> None:
    html = visitor.open(page).html

    assert 'name="surname"' in html
    assert not [one for one in TELLING if one in html]


def test_who_knows_two_things_that_we_did_not_tell_sees_what_is_owed(visitor: Visitor) -> None:
    page = visitor.enter()

    assert "Hola, Aminta" in page.text
    assert "$1,500.00" in page.text
    assert "Muebles Luna, S.A." in page.text
    assert "4 de marzo de 2026" in page.text


def test_five_wrong_tries_close_the_door_and_call_a_person(visitor: Visitor) -> None:
    for _ in range(TRIES):
        visitor.enter(surname="Perez", email="x@example.com")
        assert "$1,500" not in visitor.text
    task = standing(visitor.home, AMINTA).tasks[-1]
    version = standing(visitor.home, AMINTA).version
    visitor.enter()

    assert task.reason == "identity_check"
    assert "una persona le atiende" in visitor.text
    assert standing(visitor.home, AMINTA).version == version


def test_who_was_identified_is_asked_again_after_an_hour(visitor: Visitor, clock: Clock) -> None:
    visitor.enter()
    clock.forward(minutes=59)
    assert "$1,500" in visitor.open().text
    clock.forward(minutes=2)

    assert "$1,500" not in visitor.open().text


def test_one_persons_session_opens_no_other_persons_page(visitor: Visitor) -> None:
    visitor.enter()
    visitor.cookies["__Host-recobro"] = visitor.cookies["__Host-recobro"][:-3] + "AAA"

    assert "$1,500" not in visitor.open().text


def test_who_leaves_is_gone(visitor: Visitor) -> None:
    visitor.enter()
    visitor.send("leave")

    assert "$1,500" not in visitor.open().text


def test_a_form_of_another_site_does_nothing(visitor: Visitor) -> None:
    visitor.enter()
    version = standing(visitor.home, AMINTA).version
    visitor.post("leave", b"form=&nonce=")

    assert visitor.status == 422
    assert standing(visitor.home, AMINTA).version == version


def test_not_me_binds_that_person_at_that_address_and_asks_for_nothing(visitor: Visitor) -> None:
    visitor.open().send("not-me")
    point = standing(visitor.home, AMINTA).points[0]

    assert (point.state, point.reason) == (PointState.BAD, "wrong_person")
    assert visitor.home.suppressions.reason(point.id) == ""
    assert "disculpe la molestia" in visitor.text


def test_stopping_at_the_front_door_binds_the_address_for_everybody(visitor: Visitor) -> None:
    visitor.open().send("stop-here")

    point = standing(visitor.home, AMINTA).points[0]
    assert point.state is PointState.SUPPRESSED
    assert visitor.home.suppressions.reason(point.id) == "opt_out"


@pytest.mark.parametrize(
    ("language", "hello"), [("pt", "escreveu para você"), ("en", "wrote to you"), ("es", "le escribió")]
)
def test_the_page_speaks_what_was_chosen_and_goes_on_doing_so(
    visitor: Visitor, language: str, hello: str
) -> None:
    assert hello in visitor.open(lang=language).text
    assert hello in visitor.open().text
    assert f'<html lang="{language}">' in visitor.html


def test_a_link_for_the_page_does_not_unsubscribe(known: House) -> None:
    sent(known, PretendCarrier())
    page = Visitor(known, link_to(known), "u").post("", b"")

    assert page.status == 422
    assert standing(known, AMINTA).points[0].state is PointState.ACTIVE


def test_a_link_ends_and_says_so_without_a_name(visitor: Visitor, clock: Clock) -> None:
    clock.now += timedelta(days=61)

    assert visitor.open().status == 422
    assert "Este enlace ya no sirve" in visitor.text


def test_a_no_by_a_link_of_last_year_still_binds(known: House, clock: Clock) -> None:
    sent(known, PretendCarrier())
    page = unsubscriber(known)
    clock.now += timedelta(days=400)
    page.post("", b"List-Unsubscribe=One-Click")

    assert page.status == 200
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED


@pytest.mark.parametrize("body", [b"", b"\xff" * 300_000, b"x" * 70_000, b"a=1&" * 5_000], ids=range(4))
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=a"])
def test_whatever_a_mailbox_sends_with_its_click_a_no_is_a_no(known: House, body: bytes, kind: str) -> None:
    sent(known, PretendCarrier())

    assert unsubscriber(known).post("", body, kind).status == 200
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED


def test_a_no_that_cannot_be_done_is_set_aside_with_its_link(known: House) -> None:
    """Two of them are two: by its link a person finds out whose no it was."""
    sent(known, PretendCarrier())
    whole = link_to(known, "u")
    nobody = sign(
        Token("u", "d" + "0" * 22 + "9", "a111111", known.now().date()), known.secrets.derived("links")
    )
    for link in (whole[:-4], nobody):
        Visitor(known, link, "u").open()
        Visitor(known, link, "u").post("", b"\xff" * 300_000)

    assert {one["body"] for one in known.asides.list("portal")} == {whole[:-4], nobody}


@pytest.mark.parametrize(
    ("route", "page", "kept"),
    [
        ("POST /u/{token}", "", "Whose-No"),
        ("POST /p/{token}/{page}", "stop-here", "Whose-No"),
        ("POST /p/{token}/{page}", "not-me", "Whose-No"),
        ("POST /p/{token}/{page}", "promise", "POST /p/{token}/{page}"),
    ],
)
def test_a_no_that_a_fault_of_ours_stops_is_set_aside_with_its_link_too(
    known: House, route: str, page: str, kept: str
) -> None:
    def fails(_house: House, _asked: Asked) -> Shown:
        raise InvariantBroken("FACT#0000000001#0000 cannot be read")

    answer = asked_page(known, clicked(route, "Whose-No", page), fails)

    assert answer["statusCode"] == 500
    assert [one["body"] for one in known.asides.list("portal")] == [kept]


def test_a_no_that_meets_what_nobody_foresaw_is_set_aside_with_its_link_too(known: House) -> None:
    def fails(_house: House, _asked: Asked) -> Shown:
        raise zlib.error("Error -3 while decompressing data")

    with pytest.raises(InvariantBroken):
        asked_page(known, clicked("POST /u/{token}", "Whose-No"), fails)

    assert [one["body"] for one in known.asides.list("portal")] == ["Whose-No"]


@pytest.mark.parametrize("page", ["stop-here", "not-me"])
def test_a_no_at_the_door_behind_a_link_that_was_cut_off_is_set_aside_with_it(
    known: House, page: str
) -> None:
    sent(known, PretendCarrier())
    cut = link_to(known)[:-4]

    assert asked_page(known, clicked("POST /p/{token}/{page}", cut, page), debtor_portal)["statusCode"] == 422
    assert [one["body"] for one in known.asides.list("portal")] == [cut]


def clicked(route: str, token: str, page: str = "") -> dict[str, Any]:
    return {
        "routeKey": route,
        "requestContext": {"http": {"method": "POST"}},
        "headers": {},
        "pathParameters": {"token": token, **({"page": page} if page else {})},
    }


def test_what_is_beside_a_link_comes_back_in_no_address(visitor: Visitor) -> None:
    visitor.token += "\r\n"

    assert visitor.open("pay").status == 422
    assert "location" not in visitor.headers


def test_who_said_that_they_are_somebody_else_is_asked_nothing_more(visitor: Visitor) -> None:
    """A link stays in the stranger's telephone: every further try there would be a guess."""
    visitor.open().send("not-me")
    visitor.enter()

    assert "$1,500" not in visitor.text
    assert 'name="surname"' not in visitor.html
    assert "una persona le atiende" in visitor.text


def test_a_no_by_a_link_that_the_record_has_forgotten_still_binds(known: House, clock: Clock) -> None:
    """The record keeps attempts for 45 days, links live for 60."""
    sent(known, PretendCarrier())
    page = unsubscriber(known)
    clock.now += timedelta(days=50)
    loaded = known.ledger.load(AMINTA)
    assert loaded is not None
    known.ledger.save(loaded, [], known.now())
    assert not standing(known, AMINTA).attempts
    page.post("", b"")

    assert page.status == 200
    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED


def test_a_lookup_whose_save_never_came_does_not_keep_a_click_from_stopping_us(known: House) -> None:
    sent(known, PretendCarrier())
    known.lookups.add(standing(known, AMINTA).attempts[0].point, "d" + "0" * 23)
    unsubscriber(known).post("", b"")

    assert standing(known, AMINTA).points[0].state is PointState.SUPPRESSED


def test_every_answer_is_kept_by_nobody_and_runs_nothing(visitor: Visitor) -> None:
    headers = visitor.open().headers

    assert headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe%00%zz=&&&=;", "application/x-www-form-urlencoded"),
        (b"a=1&" * 5_000, "application/x-www-form-urlencoded"),
        (b"x" * 70_000, "application/x-www-form-urlencoded"),
        (b"--sep\r\n\r\n", "multipart/form-data; boundary=sep"),
        (b"no parts at all", "multipart/form-data"),
        (b"", "multipart/form-data; boundary="),
        (b'{"a": 1}', "application/json"),
        (b"--s\r\ncontent-disposition: form-data; name=" + b"(" * 5_000, "multipart/form-data; boundary=s"),
        (b"x" * 90_000, "multipart/form-data; boundary=s"),
    ],
)
def test_any_bytes_are_answered_and_change_nothing(visitor: Visitor, body: bytes, kind: str) -> None:
    visitor.enter()
    version = standing(visitor.home, AMINTA).version
    visitor.post("leave", body, kind)

    assert visitor.status in {403, 422}
    assert standing(visitor.home, AMINTA).version == version
