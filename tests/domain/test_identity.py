"""Nothing is told before somebody shows who they are, and nobody guesses it by trying."""

from dataclasses import replace

import pytest

from recobro.domain.channel import Channel
from recobro.domain.contact_point import PointState
from recobro.domain.debtor import Debtor, Personal
from recobro.domain.eligibility import today_of
from recobro.domain.facts import Fact, TaskClosed, TaskOpened
from recobro.domain.fold import apply
from recobro.domain.identity import TRIES, checked, could_show, is_locked, is_right, questions, shows
from tests.domain.test_fold_and_chain import attempt
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, playbook

SENT = replace(attempt(), channel=Channel.SMS, point="p1")
POINTS = {"p1": "+525550100001", "p2": "aminta@example.com"}


def person(name: str = "AMINTA PRUEBA LÓPEZ", national_id: str = "", ref: str = "A1") -> Debtor:
    personal = Personal(name=name, given_name="Aminta", national_id=national_id, points=POINTS, key="00" * 16)
    return replace(debtor(debt(ref)), personal=personal)


def tried(who: Debtor, *, passed: bool) -> tuple[Debtor, tuple[Fact, ...]]:
    facts = checked(who, SENT.id, "portal", today_of(who, playbook(), NOW), passed=passed)
    for fact in facts:
        who = apply(who, fact, NOW)
    return who, facts


def test_what_is_hardest_to_guess_is_asked_first() -> None:
    assert questions(person(national_id="MX:CURP:PULA800101MDFRPM09"), SENT) == ("id_ending", "surname")


def test_the_address_that_the_message_went_to_proves_nothing() -> None:
    by_mail = replace(SENT, channel=Channel.EMAIL, point="p2")

    assert questions(person(), SENT) == ("surname", "email")
    assert questions(person(), by_mail) == ("surname", "phone_ending")


def test_a_message_that_may_have_told_the_contract_does_not_let_it_prove_anything() -> None:
    who = person(name="Aminta", ref="K-4711-22")

    assert questions(who, SENT) == ("email", "reference_ending")
    assert questions(who, replace(SENT, channel=Channel.WHATSAPP)) == ("email",)


def test_what_an_earlier_message_told_at_that_address_proves_nothing_there_either() -> None:
    who = person(name="Aminta", ref="K-4711-22")
    before = replace(SENT, id="a" + "8" * 23, channel=Channel.WHATSAPP)

    assert questions(replace(who, attempts=(before,)), SENT) == ("email",)
    assert questions(replace(who, attempts=(replace(before, point="p2"),)), SENT) == (
        "email",
        "reference_ending",
    )


def test_where_a_stranger_lives_nobody_is_asked_and_nobody_can_guess() -> None:
    who = person(national_id="MX:CURP:PULA800101MDFRPM09")
    strangers = tuple(
        replace(one, state=PointState.BAD, reason="wrong_person") if one.id == "p1" else one
        for one in who.points
    )

    assert questions(replace(who, points=strangers), SENT) == ()
    assert questions(replace(who, points=strangers), replace(SENT, point="p2")) == ("id_ending", "surname")


def test_of_whom_we_know_too_little_nobody_can_pass() -> None:
    who = replace(person(name="Aminta"), points=())

    assert len(questions(who, None)) < 2
    assert not is_right(who, None, {"surname": "", "email": "", "id_ending": ""})


@pytest.mark.parametrize("surname", ["prueba", "Prueba", " LOPEZ ", "López", "lópez"])
def test_how_it_is_typed_does_not_matter(surname: str) -> None:
    assert is_right(person(), SENT, {"surname": surname, "email": " Aminta@Example.com "})


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"surname": "", "email": ""},
        {"surname": "Aminta", "email": "aminta@example.com"},
        {"surname": "Prueba"},
        {"surname": "Prueba", "email": "aminta"},
        {"surname": "Prueba", "email": "+525550100001"},
        {"surname": "ñ" * 10_000, "email": "\x00"},
    ],
)
def test_both_have_to_be_right(answers: dict[str, str]) -> None:
    assert not is_right(person(), SENT, answers)


def test_surnames_before_a_comma_are_surnames() -> None:
    who = replace(person(), personal=replace(person().personal, name="PRUEBA LÓPEZ, AMINTA", given_name=""))

    assert is_right(who, SENT, {"surname": "Lopez", "email": "aminta@example.com"})
    assert not is_right(who, SENT, {"surname": "Aminta", "email": "aminta@example.com"})


def test_five_wrong_tries_hand_it_to_a_person_who_gives_new_ones() -> None:
    who = person()
    for _ in range(TRIES - 1):
        who, facts = tried(who, passed=False)
        assert not is_locked(who)
    who, facts = tried(who, passed=False)
    task = next(one.task for one in facts if isinstance(one, TaskOpened))

    assert is_locked(who)
    assert not is_locked(apply(who, TaskClosed(task.id, "done"), NOW))


def test_a_right_one_forgives_the_wrong_ones() -> None:
    who, _ = tried(person(), passed=False)

    assert tried(who, passed=True)[0].failed_identity == 0


AROUND = (
    "{}",
    "hola, {}",
    "quiero saber cuánto debo en total, soy {} gracias",
    "{} y le pago 1500 pesos el 13/03/2026",
)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("number", ["5678", "12345678", "12.345.678", "12-345-678"])
def test_whatever_shows_who_somebody_is_would_be_a_try_with_other_words(around: str, number: str) -> None:
    who = person(national_id="PE:DNI:12345678")
    right, wrong = (around.format(f"{one} {number}") for one in ("Prueba", "Fulano"))

    assert shows(who, right)
    assert not shows(who, wrong)
    assert could_show(right)
    assert could_show(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "Prueba $5678",
        "Prueba 5678 pesos",
        "Prueba S/ 5678",
        "Prueba 5678 MXN",
        "Prueba 12/03/2026",
        "Prueba 2026-03-12",
        "Prueba 12 de marzo de 2026",
        "Prueba 56789",
        "Prueba 678",
        "Prueba 5678 5679",
        "5678",
        "Prueba " + "y otra cosa más " * 6 + "5678",
    ],
)
def test_what_shows_nobody_with_the_right_words_is_no_try_with_wrong_ones(text: str) -> None:
    assert not could_show(text)
    assert not any(
        shows(person(national_id=f"PE:DNI:1234{end}"), text) for end in ("5678", "2026", "0312", "6789")
    )
