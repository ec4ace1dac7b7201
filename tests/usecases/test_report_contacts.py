"""Contacts of the creditor and of a former agency count as ours do; what cannot be placed comes back with its reason."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recobro.adapters.portfolio.opened import open_portfolio
from recobro.domain.attempt import AttemptStatus, ContactAttempt, StepKey, attempt_id
from recobro.domain.channel import Channel
from recobro.domain.debt import Role
from recobro.domain.facts import ContactReported, ProfileChanged
from recobro.house import House
from recobro.usecases.explain import explain
from recobro.usecases.report_contacts import Reported, report_contacts
from recobro.usecases.saving import change
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, debt, debtor, email, phone
from tests.usecases.test_send import sent

BRUNO = "d" + "0" * 22 + "2"
HEADER = "contrato,acreedor,fecha,canal,quien,resultado\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    """Aminta owes A1; Bruno vouches for it and owes B1."""
    with house(clock) as opened:
        keys = opened.keys
        points = (replace(phone(), id=keys.point("+525550100001")), email())
        settle_in(opened, debtor(points=points))
        settle_in(
            opened, replace(debtor(debt(role=Role.GUARANTOR), debt("B1"), points=(email("p9"),)), id=BRUNO)
        )
        for person, refs in ((AMINTA, ("A1",)), (BRUNO, ("A1", "B1"))):
            for ref in refs:
                opened.lookups.add(keys.debt(f"muebles/{ref}"), person)
        yield opened


def told(home: House, text: str, name: str = "gestiones.csv", *, dry: bool = False) -> Reported:
    source = open_portfolio(io.BytesIO(text.encode()), name)
    return report_contacts(home, source.rows(), dry=dry)


def test_a_call_that_the_creditor_made_today_leaves_no_message_for_us(home: House) -> None:
    done = told(home, HEADER + "A1,muebles,2026-03-09T17:00:00Z,llamada,acreedor,contacto con titular\n")
    refused = sent(home, PretendCarrier())

    assert (done.counted, done.people, done.rejects) == (2, 2, [])
    assert refused.result == "refused"
    assert "mx-policy-day" in {
        one.rule for voice in explain(home, AMINTA).voices for way in voice.ways for one in way.refusals
    }


def test_the_same_file_again_changes_nothing(home: House) -> None:
    text = HEADER + "A1,muebles,2026-03-07,sms,despacho anterior,entregado\n"
    told(home, text)
    version = standing(home, AMINTA).version
    again = told(home, text)

    assert (again.counted, again.repeated) == (0, 2)
    assert standing(home, AMINTA).version == version


def test_who_made_it_and_how_it_ended_are_kept_in_the_words_that_the_law_counts_by(home: House) -> None:
    told(
        home,
        HEADER
        + "B1,muebles,2026-03-05T16:00:00Z,llamada,despacho Roble,no contesta\n"
        + "B1,muebles,2026-03-06T16:00:00Z,llamada,acreedor,línea ocupada\n"
        + "B1,muebles,2026-03-07T16:00:00Z,llamada,deudor,\n"
        + "B1,muebles,2026-03-08T16:00:00Z,llamada,acreedor,colgó sin más\n",
    )
    made = [(one.by, one.outcome, one.status) for one in standing(home, BRUNO).attempts]

    assert made == [
        ("other_agency", "no_answer", AttemptStatus.SENT),
        ("creditor", "busy", AttemptStatus.FAILED),
        ("debtor", "", AttemptStatus.ANSWERED),
        ("creditor", "colgo_sin_mas", AttemptStatus.SENT),
    ]


def test_a_contact_about_a_shared_debt_counts_for_all_who_owe_it_unless_the_address_says_whom(
    home: House,
) -> None:
    text = "debt,address,at,channel\nmuebles/A1,,2026-03-05,sms\nA1,+52 55 5010 0001,2026-03-06,sms\n"
    told(home, text.replace("muebles/A1", "A1"))

    assert len(standing(home, AMINTA).attempts) == 2
    assert len(standing(home, BRUNO).attempts) == 1


def test_an_address_alone_means_everybody_on_it(home: House) -> None:
    done = told(home, "telefono,fecha,canal\n+525550100001,2026-03-05,whatsapp\n")

    assert done.people == 1
    assert standing(home, AMINTA).attempts[0].channel is Channel.WHATSAPP


def test_json_lines_are_read_as_well(home: House) -> None:
    line = '{"debt": "B1", "at": "2026-03-05T10:00:00-06:00", "channel": "sms", "by": "creditor"}\n'
    told(home, line, "contacts.jsonl")

    assert standing(home, BRUNO).attempts[0].claimed_at.isoformat() == "2026-03-05T16:00:00+00:00"


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("X9,muebles,2026-03-05,sms,acreedor,", "debt", "person.unknown"),
        ("A1,nadie,2026-03-05,sms,acreedor,", "creditor", "creditor.unknown"),
        ("A1,muebles,,sms,acreedor,", "at", "contact.at"),
        ("A1,muebles,2026-03-05,,acreedor,", "channel", "contact.channel"),
        ("A1,muebles,2026-03-05,paloma,acreedor,", "channel", "channel.unknown"),
        ("A1,muebles,2026-03-12,sms,acreedor,", "at", "contact.future"),
        ("A1,muebles,ayer,sms,acreedor,", "at", "date.unreadable"),
    ],
)
def test_a_row_that_cannot_be_placed_comes_back_and_the_others_are_taken(
    home: House, row: str, field: str, code: str
) -> None:
    done = told(home, HEADER + row + "\nB1,muebles,2026-03-05,sms,acreedor,\n")
    (reject,) = done.rejects

    assert (reject.row_number, reject.field, reject.code, bool(reject.fix)) == (2, field, code, True)
    assert (done.rows, done.counted) == (2, 1)


def test_what_no_law_weighs_any_more_is_counted_and_left_out(home: House, clock: Clock) -> None:
    old = (clock.now - timedelta(days=40)).date()
    done = told(home, HEADER + f"B1,muebles,{old},sms,acreedor,\n")

    assert (done.too_old, done.counted) == (1, 0)
    assert old == date(2026, 1, 28)


def test_a_dry_run_says_what_would_be_and_saves_nothing(home: House) -> None:
    done = told(home, HEADER + "B1,muebles,2026-03-05,sms,acreedor,\n", dry=True)

    assert done.counted == 1
    assert standing(home, BRUNO).attempts == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-03-07T15:00:00Z", "2026-03-07T22:00:00Z"),
        ("2026-03-07 09:00", "2026-03-07 16:00"),
        ("2026-03-07", "2026-03-07"),
    ],
    ids=["with a zone", "without a zone", "day alone"],
)
def test_two_calls_of_one_day_are_two_however_their_time_is_told_and_told_again_they_stay_two(
    home: House, first: str, second: str
) -> None:
    row = "B1,muebles,{},llamada,acreedor,no contesta\n"
    text = HEADER + row.format(first) + row.format(second)
    done, again = told(home, text), told(home, text)

    assert (done.counted, done.repeated, again.counted, again.repeated) == (2, 0, 0, 2)
    assert {one.claimed_at.date() for one in standing(home, BRUNO).attempts} == {date(2026, 3, 7)}


@pytest.mark.parametrize("day", ["2026-03-07", "2026-03-07T15:00:00Z"])
def test_a_busy_line_never_takes_the_place_of_a_talk(home: House, day: str) -> None:
    row = f"B1,muebles,{day},llamada,acreedor,"
    for text in ("contacto con titular\n" + row + "línea ocupada\n", "línea ocupada\n"):
        told(home, HEADER + row + text)

    assert AttemptStatus.ANSWERED in {one.status for one in standing(home, BRUNO).attempts}


def test_a_talk_that_was_told_as_a_busy_line_first_counts_as_a_talk(home: House) -> None:
    row = HEADER + "B1,muebles,2026-03-07T15:00:00Z,llamada,acreedor,"
    told(home, row + "línea ocupada\n")
    done, again = (told(home, row + "contacto con titular\n") for _ in range(2))

    assert (done.counted, again.counted) == (1, 0)
    assert standing(home, BRUNO).attempts[-1].status is AttemptStatus.ANSWERED


def test_one_call_about_two_debts_told_row_by_row_is_one_contact_about_both(home: House) -> None:
    rows = "".join(
        f"{ref},muebles,2026-03-07T15:00:00Z,llamada,acreedor,no contesta\n" for ref in ("A1", "B1")
    )
    told(home, HEADER + rows)
    again = told(home, HEADER + rows)

    assert [set(one.debts) for one in standing(home, BRUNO).attempts] == [{"muebles/A1", "muebles/B1"}]
    assert again.counted == 0


@pytest.mark.parametrize("day", ["2026-03-07", "2026-03-07T15:00:00Z"])
def test_a_contact_about_one_debt_never_hides_the_one_about_another(home: House, day: str) -> None:
    for ref in ("A1", "B1"):
        told(home, HEADER + f"{ref},muebles,{day},sms,acreedor,entregado\n")

    assert [one.debts for one in standing(home, BRUNO).attempts] == [("muebles/A1",), ("muebles/B1",)]


@pytest.mark.parametrize("day", ["2026-03-07", "2026-03-07T15:00:00Z"])
def test_what_an_older_release_put_on_record_is_known_when_its_file_comes_again(
    home: House, day: str
) -> None:
    """It knew a contact by its time and channel, without a zone by its day: of two calls, one."""
    at = datetime(2026, 3, 7, 15 if "T" in day else 18, tzinfo=UTC)
    step = StepKey(0, "reported", f"{at:%Y%m%dT%H%M%SZ}.voice")
    ident = attempt_id(BRUNO, "creditor", "muebles", step, 1)
    kept = ContactAttempt(
        ident, step, 1, "muebles", Channel.VOICE, "", at, "", at,
        debts=("muebles/B1",), status=AttemptStatus.SENT, by="creditor", outcome="no_answer",
    )  # fmt: skip
    change(home, BRUNO, lambda _debtor, _now: (ContactReported(kept),))
    row = f"B1,muebles,{day},llamada,acreedor,no contesta\n"

    assert (told(home, HEADER + row).counted, len(standing(home, BRUNO).attempts)) == (0, 1)
    twice = [told(home, HEADER + row + row).counted for _ in range(2)]
    assert twice == ([0, 0] if "T" in day else [1, 0])


def owing_together(home: House, state: str) -> None:
    """Both live in that state of the United States."""
    for person in (AMINTA, BRUNO):
        place = {"country": "US", "subdivision": state, "zones": ("America/New_York",)}
        change(home, person, lambda one, _now, it=place: (ProfileChanged(replace(one.profile, **it)),))  # type: ignore[misc]


FROM_A_NUMBER = "debt,creditor,address,at,channel,by,outcome\nA1,muebles,+525550100001,"


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-05T16:00:00Z"])
def test_where_a_law_counts_by_account_a_call_to_one_who_owes_it_counts_for_the_others(
    home: House, day: str
) -> None:
    owing_together(home, "DC")
    text = FROM_A_NUMBER + f"{day},voice,creditor,no_answer\n"
    done = told(home, text)
    told(home, text)
    (heard,) = standing(home, BRUNO).attempts

    assert (done.counted, done.people, len(standing(home, AMINTA).attempts)) == (1, 1, 1)
    assert (heard.shared, heard.debts) == ("account", ("muebles/A1",))


@pytest.mark.parametrize(("state", "by"), [("FL", "creditor"), ("DC", "debtor")])
def test_elsewhere_or_where_the_other_called_it_is_nothing_to_them(home: House, state: str, by: str) -> None:
    owing_together(home, state)
    told(home, FROM_A_NUMBER + f"2026-03-05,voice,{by},no_answer\n")

    assert len(standing(home, AMINTA).attempts) == 1
    assert standing(home, BRUNO).attempts == ()


def test_a_dry_run_writes_nothing_to_the_others_of_an_account(home: House) -> None:
    owing_together(home, "DC")
    told(home, FROM_A_NUMBER + "2026-03-05,voice,creditor,no_answer\n", dry=True)

    assert standing(home, BRUNO).attempts == ()
