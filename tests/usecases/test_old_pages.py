"""An old page, or the same form sent again, takes back no refusal that came after it was made (DESIGN §9.4)."""

from urllib.parse import urlencode

import pytest

from recobro.domain.facts import ChannelStopped, Fact
from recobro.domain.session import form_key
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from recobro.web import COOKIE
from tests.house import PretendCarrier, standing
from tests.sample import AMINTA
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

EVERY = ("whatsapp", "sms", "email", "phone", "push")
DAYS = [("day", one) for one in ("mon_fri", "sat", "sun")]
NO_SMS = "no me manden sms, mejor por correo"
Fields = list[tuple[str, str]]


@pytest.fixture
def tab(known: House) -> Visitor:
    """Somebody who was identified."""
    sent(known, PretendCarrier())
    return Visitor(known, link_to(known)).enter()


def other_tab(tab: Visitor) -> Visitor:
    """The same person, on the same browser."""
    return Visitor(tab.home, tab.token, cookies=tab.cookies)


def hidden(tab: Visitor) -> Fields:
    """What the forms of the page that is open hide."""
    return [
        (name, tab.html.partition(f'name="{name}" value="')[2].partition('"')[0])
        for name in ("form", "nonce")
    ]


def ticked(*channels: str, hours: Fields | None = None) -> Fields:
    return [*(("channel", one) for one in channels), *(DAYS if hours is None else hours)]


def save(tab: Visitor, form: Fields, fields: Fields) -> Visitor:
    return tab.post("settings", urlencode([*form, *fields]).encode())


def settings(tab: Visitor, fields: Fields) -> Visitor:
    """Open the page and save it."""
    return save(tab, hidden(tab.open("settings")), fields)


def write(home: House, words: str) -> None:
    told = Inbound(f"in-{home.now()}-{words}", "sms", "+525550100001", words, home.now())
    receive_message(home, told)


def stopped(home: House) -> tuple[str, ...]:
    return standing(home, AMINTA).stopped


def record(home: House, *facts: Fact) -> None:
    change(home, AMINTA, lambda _debtor, _now: facts)


def test_a_page_that_is_saved_late_leaves_closed_what_was_refused_by_message_meanwhile(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    write(tab.home, NO_SMS)
    save(tab, form, [*ticked(*EVERY), ("language", "en")])

    assert stopped(tab.home) == ("sms",)
    assert standing(tab.home, AMINTA).profile.language == "en", "the rest of the form holds"
    assert "something you ticked stays closed" in tab.text


@pytest.mark.parametrize(
    ("language", "words"), [("es", "sigue cerrado"), ("pt", "continua fechado"), ("en", "stays closed")]
)
def test_the_person_is_told_in_their_language_what_stays_closed(
    tab: Visitor, language: str, words: str
) -> None:
    form = hidden(tab.open("settings"))
    write(tab.home, NO_SMS)
    save(tab, form, [*ticked(*EVERY), ("language", language)])

    assert words in tab.text


def test_the_same_settings_sent_again_do_not_undo_a_stop(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    save(tab, form, ticked(*EVERY))
    other_tab(tab).open("pause").send("stop")
    save(tab, form, ticked(*EVERY))

    assert stopped(tab.home) == ("*",)


def test_what_the_page_showed_as_closed_and_nobody_refused_since_is_opened(tab: Visitor) -> None:
    settings(tab, ticked("whatsapp", "sms", "phone", "push"))
    form = hidden(tab.open("settings"))
    write(tab.home, NO_SMS)
    save(tab, form, ticked("whatsapp", "phone", "push", "email"))

    assert stopped(tab.home) == ("sms",)
    assert "Vale desde este momento" in tab.text


def test_what_is_refused_once_more_while_it_is_closed_is_not_opened_by_an_older_page(tab: Visitor) -> None:
    settings(tab, ticked("whatsapp", "phone", "push", "email"))
    form = hidden(tab.open("settings"))
    write(tab.home, NO_SMS)
    save(tab, form, ticked(*EVERY))

    assert stopped(tab.home) == ("sms",)
    assert "sigue cerrado" in tab.text


def test_an_address_that_was_closed_since_keeps_its_channel_closed_on_an_older_page(tab: Visitor) -> None:
    settings(tab, ticked("whatsapp", "phone", "push", "email"))
    form = hidden(tab.open("settings"))
    write(tab.home, "STOP")
    save(tab, form, ticked(*EVERY))

    assert "sms" in stopped(tab.home)


def test_closed_opened_and_closed_again_is_closed_for_the_page_in_between(tab: Visitor) -> None:
    settings(tab, ticked("whatsapp", "phone", "push", "email"))
    form = hidden(tab.open("settings"))
    save(tab, form, ticked(*EVERY))
    assert stopped(tab.home) == ()
    write(tab.home, NO_SMS)
    save(tab, form, ticked(*EVERY))

    assert stopped(tab.home) == ("sms",)


def test_what_an_old_page_refuses_is_refused(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    write(tab.home, NO_SMS)
    save(tab, form, ticked("sms", "whatsapp", "phone", "push"))

    assert stopped(tab.home) == ("sms", "email")


def test_an_old_page_closes_one_channel_and_the_stop_of_everything_stays(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    other_tab(tab).open("pause").send("stop")
    save(tab, form, ticked("whatsapp", "sms", "phone", "push"))

    assert set(stopped(tab.home)) == {"*", "email"}


def test_where_a_stop_is_ended_what_was_refused_since_stays_closed_by_itself(tab: Visitor) -> None:
    tab.open("pause").send("stop")
    form = hidden(tab.open("settings"))
    write(tab.home, "STOP")
    save(tab, form, ticked("sms", "email"))

    assert "*" not in stopped(tab.home)
    assert "email" not in stopped(tab.home)
    assert {"sms", "whatsapp", "voice", "push"} <= set(stopped(tab.home))


def test_what_an_agent_or_a_file_closed_since_is_not_opened_either(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    record(tab.home, ChannelStopped("*", "said to a person"))
    save(tab, form, ticked(*EVERY))

    assert stopped(tab.home) == ("*",)


def test_an_old_resume_does_not_undo_a_later_stop(tab: Visitor) -> None:
    tab.open("pause").send("stop")
    form = hidden(tab.open("pause"))
    tab.post("resume", urlencode(form).encode())
    assert stopped(tab.home) == ()
    tab.open("pause").send("stop")
    tab.post("resume", urlencode(form).encode())

    assert stopped(tab.home) == ("*",)
    assert "Los mensajes siguen como los dejó" in tab.text


def test_a_stop_that_is_asked_for_once_more_outlives_the_older_page(tab: Visitor) -> None:
    tab.open("pause").send("stop")
    form = hidden(tab.open("pause"))
    other_tab(tab).open("pause").send("stop")
    tab.post("resume", urlencode(form).encode())

    assert stopped(tab.home) == ("*",)


def test_one_stop_clicked_twice_is_said_once(tab: Visitor) -> None:
    form = urlencode(hidden(tab.open("pause"))).encode()
    tab.post("stop", form)
    version = standing(tab.home, AMINTA).version
    tab.post("stop", form)

    assert standing(tab.home, AMINTA).version == version


def test_an_old_resume_leaves_a_later_pause(tab: Visitor) -> None:
    tab.open("pause").send("pause", days="7")
    form = hidden(tab.open("pause"))
    other_tab(tab).open("pause").send("pause", days="30")
    tab.post("resume", urlencode(form).encode())
    first, second = standing(tab.home, AMINTA).holds

    assert first.lifted_at is not None
    assert second.lifted_at is None
    assert "Los mensajes siguen como los dejó" in tab.text


def test_an_older_releases_form_refuses_and_opens_nothing(tab: Visitor) -> None:
    settings(tab, ticked("whatsapp", "phone", "push"))
    form = [
        ("form", form_key(tab.cookies[COOKIE], tab.home.secrets.derived("sessions"))),
        ("nonce", "0" * 16),
    ]
    save(tab, form, ticked("sms", "email", "whatsapp", "phone"))
    assert set(stopped(tab.home)) == {"sms", "email", "push"}
    assert "sigue cerrado" in tab.text

    tab.open("pause").send("stop")
    tab.post("resume", urlencode(form).encode())
    assert "*" in stopped(tab.home)


def test_what_a_form_says_it_showed_cannot_be_altered(tab: Visitor) -> None:
    form = dict(hidden(tab.open("settings")))
    later = f"{int(form['form'][32:], 16) + 1:x}"
    save(tab, [("form", form["form"][:32] + later)], ticked("sms"))

    assert tab.status == 422
    assert stopped(tab.home) == ()


def test_a_waiver_that_was_taken_back_is_not_granted_again_by_the_same_form(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    allowing = [*ticked(*EVERY), ("waiver", "debtor_request")]
    save(tab, form, allowing)
    settings(tab, ticked(*EVERY))
    save(tab, form, allowing)

    assert [one.ended_at is not None for one in standing(tab.home, AMINTA).waivers] == [True]
    assert "sigue cerrado" in tab.text


def test_hours_that_an_old_page_did_not_change_stay_as_they_were_chosen_since(tab: Visitor) -> None:
    form = hidden(tab.open("settings"))
    settings(tab, ticked(*EVERY, hours=[("day", "mon_fri"), ("opens", "17"), ("closes", "19")]))
    save(tab, form, ticked(*EVERY))
    assert standing(tab.home, AMINTA).hours.days == ("mon_fri",)
    assert "Vale desde este momento" in tab.text


@pytest.mark.parametrize(("opens", "closes", "kept"), [("09", "21", 17), ("17", "19", 17), ("18", "20", 18)])
def test_hours_chosen_since_are_only_narrowed_by_an_old_page(
    tab: Visitor, opens: str, closes: str, kept: int
) -> None:
    form = hidden(tab.open("settings"))
    settings(tab, ticked(*EVERY, hours=[("day", "mon_fri"), ("opens", "17"), ("closes", "20")]))
    save(tab, form, ticked(*EVERY, hours=[("day", "mon_fri"), ("opens", opens), ("closes", closes)]))

    assert standing(tab.home, AMINTA).hours.opens.hour == kept
    assert ("sigue cerrado" in tab.text) == (opens == "09")
