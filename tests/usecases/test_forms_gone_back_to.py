"""Whoever goes back to a page and says something else is heard: a form sent twice says once only what is the same in it."""

from dataclasses import replace
from datetime import date

from recobro.domain.strategy import OfferPolicy
from recobro.house import House
from recobro.usecases.tasks import close
from tests.house import Clock, PretendCarrier, house, standing
from tests.sample import AMINTA, debt
from tests.usecases.conftest import at_home
from tests.usecases.test_portal_answering import PDF
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to


def promised(home: House) -> list[tuple[str, str, int, str]]:
    made = standing(home, AMINTA).promises
    return [(one.creditor, one.currency, one.amount, f"{one.due_on}") for one in made if one.status == "open"]


def entered(home: House) -> Visitor:
    sent(home, PretendCarrier())
    return Visitor(home, link_to(home)).enter()


def test_a_promise_is_made_in_the_currency_of_its_form(clock: Clock) -> None:
    with house(clock) as home:
        at_home(home, debt(), debt("B2", currency="USD", amount=80_050, due_on=date(2026, 3, 1)))
        visitor = entered(home)
        visitor.open("promise")
        visitor.send("promise", creditor="muebles", currency="MXN", amount="1500", day="2026-03-13")

        assert promised(home) == [("muebles", "MXN", 150_000, "2026-03-13")]


def test_two_forms_of_one_page_are_two_words(clock: Clock) -> None:
    with house(clock) as home:
        at_home(home, debt(), debt("B2", currency="USD", amount=80_050, due_on=date(2026, 3, 1)))
        visitor = entered(home)
        form = visitor.open("promise").html
        for currency, amount in (("MXN", "1500"), ("USD", "800.50"), ("USD", "800.50")):
            visitor.html = form
            visitor.send("promise", creditor="muebles", currency=currency, amount=amount, day="2026-03-13")

        assert sorted(promised(home)) == [
            ("muebles", "MXN", 150_000, "2026-03-13"),
            ("muebles", "USD", 80_050, "2026-03-13"),
        ]


def test_who_goes_back_and_promises_more_has_promised_more(known: House) -> None:
    visitor = entered(known)
    form = visitor.open("promise").html
    for amount in ("500", "1500", "1500"):
        visitor.html = form
        visitor.send("promise", creditor="muebles", currency="MXN", amount=amount, day="2026-03-13")

    assert promised(known) == [("muebles", "MXN", 150_000, "2026-03-13")]
    assert len(standing(known, AMINTA).promises) == 2


def test_a_day_that_another_has_replaced_is_asked_for_again(known: House) -> None:
    """Their last word stands until they say anew what they mean: the page with the answer is a new form."""
    visitor = entered(known)
    form = visitor.open("promise").html
    for day in ("2026-03-13", "2026-03-16", "2026-03-13"):
        visitor.html = form
        visitor.send("promise", creditor="muebles", currency="MXN", amount="1500", day=day)

    assert visitor.status == 422
    assert "quedó con nosotros en otra fecha, y esa vale" in visitor.text
    assert promised(known) == [("muebles", "MXN", 150_000, "2026-03-16")]

    visitor.send("promise", creditor="muebles", currency="MXN", amount="1500", day="2026-03-13")
    assert promised(known) == [("muebles", "MXN", 150_000, "2026-03-13")]


def test_who_asks_for_quiet_again_has_it_again(known: House) -> None:
    visitor = entered(known)
    form = visitor.open("pause").html
    for _ in range(2):
        visitor.html = form
        visitor.send("pause", days="15")
    assert [one.lifted_at for one in standing(known, AMINTA).holds] == [None]
    visitor.open("pause").send("resume")
    visitor.html = form
    visitor.send("pause", days="15")

    assert [one.lifted_at is None for one in standing(known, AMINTA).holds] == [False, True]


def test_a_proof_that_is_added_to_what_was_said_is_looked_at(known: House) -> None:
    visitor = entered(known)
    form = visitor.open("paid").html
    visitor.send("paid")
    visitor.html = form
    visitor.upload("paid", PDF)

    assert [one.reason for one in standing(known, AMINTA).open_tasks()] == ["payment_proof"]


def test_each_debt_that_is_contested_from_one_page_has_its_own_task(clock: Clock) -> None:
    with house(clock) as home:
        at_home(home, debt(), debt("B2", amount=90_000, due_on=date(2026, 3, 1)))
        visitor = entered(home)
        form = visitor.open("dispute").html
        for key in ("muebles/A1", "muebles/B2"):
            visitor.html = form
            visitor.send("dispute", debt=key)
        first = next(one for one in standing(home, AMINTA).open_tasks() if one.debts == ("muebles/A1",))
        close(home, AMINTA, first.id, "resume")

        held = [one.debts for one in standing(home, AMINTA).holds if one.lifted_at is None]
        assert held == [("muebles/B2",)]


def test_no_promise_is_taken_beside_what_was_agreed_in_parts(known: House) -> None:
    """One missed day would break two words, and the second of them ends what may be agreed at all."""
    policy = OfferPolicy("thirds", (3,), every_days=15)
    known.__dict__["playbook"] = replace(
        known.playbook, strategy=replace(known.playbook.strategy, offers=(policy,))
    )
    visitor = entered(known)
    before = visitor.open("promise").html
    visitor.open("plan")
    visitor.send("plan", offer=visitor.html.partition('name="offer" value="')[2].partition('"')[0])
    assert [one.is_open for one in standing(known, AMINTA).plans] == [True]
    visitor.html = before
    visitor.send("promise", creditor="muebles", currency="MXN", amount="1500", day="2026-03-13")

    assert promised(known) == []
    assert visitor.status == 422
    assert "un pago en partes, y sigue en pie" in visitor.text
    assert 'name="day"' not in visitor.open("promise").html
    assert "un pago en partes, y sigue en pie" in visitor.text
