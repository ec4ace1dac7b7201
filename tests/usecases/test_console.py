"""The agency's people work their tasks on the web: nobody who is not vouched for sees a thing, and nothing is done but on record."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from logging import StreamHandler

import pytest

from infra.local.managed_login import ManagedLogin
from recobro.domain import facts as f
from recobro.domain.channel import Channel
from recobro.domain.debt import DebtStatus
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.plan import Authority
from recobro.domain.settle import settled
from recobro.domain.strategy import OfferPolicy
from recobro.domain.task import Task
from recobro.entry import logger
from recobro.house import House
from recobro.law.contact import Rung
from recobro.law.measures import Cap
from recobro.law.rule import Conf
from recobro.pages.desk import mark_of
from recobro.usecases.desk.sitting import SESSION
from recobro.usecases.saving import change
from recobro.usecases.sweep import sweep
from recobro.usecases.tasks import DISPOSITIONS
from tests.desk import PATH, TASK, Agent, staffed
from tests.house import Clock, settle_in, standing
from tests.sample import AMINTA, debt, debtor, playbook
from tests.usecases.test_shared_room import HOME, ident, replace_caps, written_to
from tests.usecases.test_tasks import of_two_brands

CODES = [one for one in DISPOSITIONS if one != "promise"]


def owner(home: House, task: str = TASK) -> str:
    return next(one.owner for one in standing(home, AMINTA).tasks if one.id == task)


def call_task(home: House) -> str:
    return next(one.id for one in standing(home, AMINTA).open_tasks() if one.reason == "call")


def version(home: House) -> int:
    return standing(home, AMINTA).version


@pytest.mark.parametrize("page", ["/console", PATH, "/console?of=mine"])
def test_who_has_not_signed_in_is_sent_to_do_so_and_sees_nothing(
    office: tuple[House, ManagedLogin], page: str
) -> None:
    stranger = Agent(*office).open(page)

    assert (stranger.status, stranger.to, stranger.html) == (303, "/console/sign-in", "")


@pytest.mark.parametrize("act", ["take", "call", "close", "offer", "pause"])
def test_who_has_not_signed_in_changes_nothing(office: tuple[House, ManagedLogin], act: str) -> None:
    before = version(office[0])
    stranger = Agent(*office).send(f"{PATH}/{act}", result="done")

    assert (stranger.status, stranger.to) == (303, "/console/sign-in")
    assert version(office[0]) == before


def test_the_list_shows_what_waits_the_most_urgent_first_and_nobodys_name(agent: Agent) -> None:
    agent.open("/console")

    assert agent.status == 200
    assert agent.html.index("Leer lo que escribió") < agent.html.index("Llamar")
    assert agent.sees("A. P.")
    assert not agent.sees("Aminta")


def test_a_task_shows_who_what_is_owed_and_what_may_be_done(agent: Agent) -> None:
    agent.open(PATH)

    assert agent.status == 200
    for told in ("Aminta Prueba", "1,500.00", "Muebles Luna", "Cerrar la tarea", "Conversación"):
        assert agent.sees(told), told


def test_what_is_shown_of_a_number_before_a_call_is_claimed_is_its_end(agent: Agent) -> None:
    path = f"/console/{AMINTA}/{mark_of(call_task(agent.home))}"
    agent.open(path)
    assert not agent.sees("+525550100001")
    agent.send(f"{path}/call")
    agent.open(agent.to)

    assert agent.sees("+525550100001")
    assert owner(agent.home, call_task(agent.home)) == "agent@example.com"


def test_at_night_nobody_is_called_and_the_page_says_why(agent: Agent, clock: Clock) -> None:
    clock.forward(hours=14)
    path = f"/console/{AMINTA}/{mark_of(call_task(agent.home))}"
    agent.sign_in().open(path)
    assert agent.sees("Ahora no se le puede llamar.")
    before = len(standing(agent.home, AMINTA).attempts)

    assert agent.send(f"{path}/call").status == 409
    assert len(standing(agent.home, AMINTA).attempts) == before
    assert not agent.sees("+525550100001")


def test_the_page_says_of_a_call_what_its_claim_would_say_though_another_creditor_may_be_called_for(
    clock: Clock,
) -> None:
    with staffed(clock, book=of_two_brands()) as (home, login):
        settle_in(home, debtor(debt(), debt("R1", creditor="ropa", due_on=date(2026, 1, 5))))
        hold = Hold("h1", HoldReason.DISPUTE, home.now(), "ops", debts=("muebles/A1",))
        task = Task(TASK, "call", 1, clock.now, clock.now, creditor="muebles")
        change(home, AMINTA, lambda _debtor, _now: (f.HoldPlaced(hold), f.TaskOpened(task)))
        agent = Agent(home, login).sign_in().open(PATH)

        assert agent.sees("Ahora no se le puede llamar.")
        assert agent.sees("hold.dispute")
        assert agent.send(f"{PATH}/call").status == 409


def test_the_page_knows_of_the_contacts_of_others_that_count_against_a_call(clock: Clock) -> None:
    one_a_week = Cap(
        id="mx-home", article="a law of households", conf=Conf.HIGH, since=date(2022, 1, 1), channels=frozenset(Channel),
        scope=("household",), counts=Rung.ATTEMPT, at_most=1, rolling_days=7,
    )  # fmt: skip
    with staffed(clock, book=replace_caps("MX", one_a_week)) as (home, login):
        profile = replace(debtor().profile, household=HOME)
        for number in (AMINTA, ident(2)):
            settle_in(home, replace(debtor(), id=number, profile=profile))
        task = Task(TASK, "call", 1, clock.now, clock.now, creditor="muebles")
        change(home, AMINTA, lambda _debtor, _now: (f.TaskOpened(task),))
        assert Agent(home, login).sign_in().open(PATH).sees("Ahora se le puede llamar.")
        assert written_to(home, 2, channel="sms").result == "sent"
        agent = Agent(home, login).sign_in().open(PATH)

        assert agent.sees("a law of households")
        assert agent.send(f"{PATH}/call").status == 409


def test_a_task_is_closed_with_its_result_and_note_under_the_name_that_the_pool_vouches_for(
    agent: Agent,
) -> None:
    agent.open(PATH).send(f"{PATH}/close", result="dispute", note="Dice que devolvió el sofá")
    person = standing(agent.home, AMINTA)
    closed = next(one for one in person.tasks if one.id == TASK)

    assert agent.to == "/console?done=close"
    assert (closed.disposition, closed.owner) == ("dispute", "agent@example.com")
    assert [one.reason for one in person.holds] == [HoldReason.DISPUTE]
    told = [one.fact for one in agent.home.ledger.history(AMINTA)]
    assert f.TaskTaken(TASK, "agent@example.com") in told
    assert any(isinstance(one, f.TaskClosed) and one.task == TASK for one in told)
    agent.open(f"/console/{AMINTA}/{mark_of(call_task(agent.home))}")
    assert agent.sees("Dice que devolvió el sofá")


@pytest.mark.parametrize("result", CODES)
def test_every_result_that_the_command_knows_closes_a_task(agent: Agent, result: str) -> None:
    agent.open(PATH).send(f"{PATH}/close", result=result)
    task = next(one for one in standing(agent.home, AMINTA).tasks if one.id == TASK)

    assert agent.status in (303, 422)
    assert task.is_open == (agent.status == 422)
    assert agent.status == 303 or agent.sees("Elija un resultado")


def test_a_promise_is_taken_as_it_is_written_here(agent: Agent) -> None:
    agent.open(PATH).send(f"{PATH}/close", result="promise", amount="1,500.00", day="2026-03-16")

    assert [(one.amount, one.due_on) for one in standing(agent.home, AMINTA).promises] == [
        (150_000, date(2026, 3, 16))
    ]


def test_a_promise_is_for_the_debt_that_was_chosen_and_for_none_of_somebody_elses(agent: Agent) -> None:
    agent.open(PATH).send(
        f"{PATH}/close",
        result="promise",
        debt="ropa/R9",
        amount="1500",
        day="2026-03-16",
        note="Paga <el lunes>",
    )

    assert agent.status == 422
    assert "Paga &lt;el lunes&gt;</textarea>" in agent.html
    assert not standing(agent.home, AMINTA).promises


@pytest.mark.parametrize(
    ("amount", "day"),
    [
        ("mil", "2026-03-16"),
        ("1500", "ayer"),
        ("1", "2026-03-16"),
        ("1500", "2026-12-31"),
        ("900000", "2026-03-16"),
    ],
)
def test_a_promise_that_cannot_be_taken_leaves_the_task_open_and_the_note_in_its_place(
    agent: Agent, amount: str, day: str
) -> None:
    agent.open(PATH).send(f"{PATH}/close", result="promise", amount=amount, day=day, note="Paga <el lunes>")

    assert agent.status == 422
    assert "Paga &lt;el lunes&gt;</textarea>" in agent.html
    assert not standing(agent.home, AMINTA).promises


def test_who_is_in_no_group_sees_nothing_and_changes_nothing(office: tuple[House, ManagedLogin]) -> None:
    nobody = Agent(*office).sign_in("new")
    before = version(office[0])

    for page in ("/console", PATH):
        nobody.open(page)
        assert nobody.status == 403
        assert not nobody.sees("Aminta")
        assert not nobody.sees("A. P.")
    assert nobody.send(f"{PATH}/close", result="done").status == 403
    assert version(office[0]) == before


def test_what_one_agent_has_another_cannot_close_and_who_supervises_can(
    office: tuple[House, ManagedLogin], agent: Agent, supervisor: Agent
) -> None:
    supervisor.open(PATH).send(f"{PATH}/take")
    agent.open(PATH)
    assert "<textarea" not in agent.html
    agent.send(f"{PATH}/close", result="done")
    assert agent.status == 409
    assert owner(office[0]) == "supervisor@example.com"

    other = f"/console/{AMINTA}/{mark_of(call_task(office[0]))}"
    agent.open(other).send(f"{other}/take")
    supervisor.open(other).send(f"{other}/take")
    assert owner(office[0], call_task(office[0])) == "supervisor@example.com"


OFFER = re.compile(r'name="offer" value="([^"]+)"')


def test_what_only_a_supervisor_may_offer_no_agent_can(clock: Clock) -> None:
    kinds = (
        OfferPolicy("halves", (2,)),
        OfferPolicy("thirds", (3,), authority=Authority.SUPERVISOR),
        OfferPolicy("quarters", (4,), authority=Authority.CREDITOR),
    )
    book = playbook()
    with staffed(clock, book=replace(book, strategy=replace(book.strategy, offers=kinds))) as (home, login):
        settle_in(home, debtor(debt(due_on=date(2026, 1, 5))))
        sweep(home, "overdue")
        path = f"/console/{AMINTA}/{mark_of(call_task(home))}"
        agent, supervisor = Agent(home, login).sign_in(), Agent(home, login).sign_in("supervisor")
        mine = OFFER.findall(agent.open(path).html)
        theirs = OFFER.findall(supervisor.open(path).html)
        assert (len(mine), len(theirs)) == (1, 2)
        (only,) = set(theirs) - set(mine)

        assert agent.send(f"{path}/offer", offer=only).status == 409
        assert not standing(home, AMINTA).plans
        supervisor.open(path).send(f"{path}/offer", offer=only)
        assert len(standing(home, AMINTA).plans) == 1


def test_a_task_of_one_creditor_offers_no_plan_of_another(clock: Clock) -> None:
    kinds = (OfferPolicy("halves", (2,)),)
    book = of_two_brands()
    with staffed(clock, book=replace(book, strategy=replace(book.strategy, offers=kinds))) as (home, login):
        settle_in(home, debtor(debt(due_on=date(2026, 1, 5)), debt("T7", creditor="ropa")))
        agent = Agent(home, login).sign_in()
        shown = []
        for creditor in ("muebles", "ropa", ""):
            task = Task(f"t-{creditor}", "call", 1, clock.now, clock.now, creditor=creditor)
            change(home, AMINTA, lambda _debtor, _now, it=task: (f.TaskOpened(it),))  # type: ignore[misc]
            agent.open(f"/console/{AMINTA}/{mark_of(task.id)}")
            shown.append(set(OFFER.findall(agent.html)))
        furniture, other, either = shown

    assert len(furniture) == len(other) == 1
    assert furniture | other == either


def test_two_windows_close_a_task_once(agent: Agent) -> None:
    agent.open(PATH)
    page = agent.html
    agent.send(f"{PATH}/close", result="done")
    agent.html = page
    agent.send(f"{PATH}/close", result="dispute")

    assert agent.status == 404
    assert not standing(agent.home, AMINTA).holds


@pytest.mark.parametrize("path", ["/console/admin", "/console/x/y", f"/console/{AMINTA}/{'0' * 16}"])
def test_what_is_not_there_is_not_found(agent: Agent, path: str) -> None:
    assert agent.open(path).status == 404


def test_an_act_that_there_is_none_of_is_not_found(agent: Agent) -> None:
    assert agent.open(PATH).send(f"{PATH}/erase").status == 404
    assert agent.open(PATH).send("/console/erase").status == 404


@pytest.mark.parametrize("after", ["x", "overdue.0", "overdue.999.2026|d", "../..", "overdue.0.|", "a" * 500])
def test_a_place_in_the_list_that_is_none_is_refused(agent: Agent, after: str) -> None:
    assert agent.open(f"/console?after={after}").status == 422


def test_nothing_that_people_write_is_ever_markup(office: tuple[House, ManagedLogin]) -> None:
    home, login = office
    person = debtor(debt("<b>A2</b>", due_on=date(2026, 1, 5)))
    evil = replace(
        person, id="d" + "0" * 22 + "2", personal=replace(person.personal, name="<script>x</script>")
    )
    settle_in(home, evil)
    opened = Task("<i>", "<u>what</u>", 1, home.now(), home.now(), owner="<img src=x>")
    change(home, evil.id, lambda _debtor, _now: (f.TaskOpened(opened), f.TaskTaken("<i>", "<img src=x>")))
    agent = Agent(home, login).sign_in()

    for page in ("/console", f"/console/{evil.id}/{mark_of('<i>')}"):
        agent.open(page)
        assert agent.status == 200
        for tag in ("<script", "<b>", "<u>", "<i>", "<img"):
            assert tag not in agent.html, (page, tag)


def test_every_page_forbids_scripts_frames_and_being_kept(agent: Agent) -> None:
    for page in ("/console", PATH, "/console/out", "/console/none"):
        agent.open(page)
        policy = agent.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert f"form-action 'self' {agent.login.url}" in policy
        assert agent.headers["cache-control"] == "no-store"
        assert agent.headers["referrer-policy"] == "same-origin"
        assert "<script" not in agent.html


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What goes to the log, as it is written there."""
    told = StringIO()
    handler = StreamHandler(told)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield told
    logger.handlers.remove(handler)


def test_neither_logs_nor_addresses_name_a_person(agent: Agent, logged: StringIO) -> None:
    agent.open(PATH).send(f"{PATH}/close", result="promise", amount="x", note="Aminta llora")
    agent.open("/console")
    for link in re.findall(r'href="([^"]*)"', agent.html):
        assert "Aminta" not in link
        assert "@" not in link
    agent.open(PATH + "x")
    told = logged.getvalue()

    assert "console_refused" in told
    for personal in ("Aminta", "agent@example.com", "5550100001", "llora", agent.cookies[SESSION]):
        assert personal not in told


def written(home: House, whose: str = "own") -> None:
    """They write from their mobile once more."""
    point = standing(home, AMINTA).points[0].id
    said = f.MessageReceived(Channel.SMS, point, "", "unclear", whose=whose)
    change(home, AMINTA, lambda _debtor, _now: (said,))


@pytest.mark.parametrize("result", ["done", "promise", "dispute"])
def test_nobody_closes_a_thread_over_words_that_came_after_the_page(agent: Agent, result: str) -> None:
    agent.open(PATH)
    written(agent.home)
    given = {"result": result, "amount": "1500", "day": "2026-03-16", "note": "Paga <el lunes>"}
    agent.send(f"{PATH}/close", **given)

    assert agent.status == 422
    assert agent.sees("escribió algo más después de que usted abrió esta página")
    assert "Paga &lt;el lunes&gt;</textarea>" in agent.html
    assert any(one.id == TASK and one.is_open for one in standing(agent.home, AMINTA).tasks)

    agent.send(f"{PATH}/close", **given)

    assert agent.status == 303


def test_what_another_wrote_there_and_what_we_did_ourselves_keep_no_task_open(agent: Agent) -> None:
    agent.open(PATH)
    written(agent.home, whose="another")
    opened = Task("call-9", "call", 1, agent.home.now(), agent.home.now())
    change(agent.home, AMINTA, lambda _debtor, _now: (f.TaskOpened(opened),))
    agent.send(f"{PATH}/close", result="done")

    assert agent.status == 303


def test_a_call_is_closed_though_they_wrote_meanwhile(agent: Agent) -> None:
    """Their words have a task of their own, which stays."""
    path = f"/console/{AMINTA}/{mark_of(call_task(agent.home))}"
    agent.open(path)
    written(agent.home)
    agent.send(f"{path}/close", result="no_answer")

    assert agent.status == 303
    assert [one.id for one in standing(agent.home, AMINTA).open_tasks()] == [TASK]


def test_a_promise_is_for_what_the_page_showed_or_asked_for_again(clock: Clock) -> None:
    with staffed(clock, book=of_two_brands()) as (home, login):
        older = debt("R1", creditor="ropa", currency="USD", due_on=date(2026, 1, 5), amount=90_000)
        settle_in(home, debtor(debt(due_on=date(2026, 2, 1)), older))
        change(home, AMINTA, lambda one, now: settled(one, home.playbook, now)[1])
        task = Task("t1", "call", 1, clock.now, clock.now)
        change(home, AMINTA, lambda _debtor, _now: (f.TaskOpened(task),))
        path, given = (
            f"/console/{AMINTA}/{mark_of('t1')}",
            {"result": "promise", "amount": "1500", "day": "2026-03-16"},
        )
        agent = Agent(home, login).sign_in()
        agent.open(path)
        assert agent.sees("Solo si prometió pagar: Ropa Sol, USD")
        recalled = f.DebtStatusChanged("ropa/R1", DebtStatus.RECALLED, "feed")
        change(home, AMINTA, lambda _debtor, _now: (recalled,))
        agent.send(f"{path}/close", **given)

        assert agent.status == 422
        assert agent.sees("Lo que debe cambió mientras tanto")
        assert agent.sees("Solo si prometió pagar: Muebles Luna, MXN")
        assert not standing(home, AMINTA).promises

        agent.send(f"{path}/close", **given)
        assert [(one.creditor, one.currency) for one in standing(home, AMINTA).promises] == [
            ("muebles", "MXN")
        ]


def test_no_agent_notes_a_promise_beside_what_was_agreed_in_parts(clock: Clock) -> None:
    kinds = (OfferPolicy("halves", (2,)),)
    book = playbook()
    with staffed(clock, book=replace(book, strategy=replace(book.strategy, offers=kinds))) as (home, login):
        settle_in(home, debtor(debt(due_on=date(2026, 1, 5))))
        sweep(home, "overdue")
        path = f"/console/{AMINTA}/{mark_of(call_task(home))}"
        agent = Agent(home, login).sign_in()
        agent.open(path).send(f"{path}/offer", offer=OFFER.findall(agent.html)[0])
        agent.open(path).send(f"{path}/close", result="promise", amount="1500", day="2026-03-16")

        assert agent.status == 422
        assert not standing(home, AMINTA).promises
        assert [one.is_open for one in standing(home, AMINTA).plans] == [True]
