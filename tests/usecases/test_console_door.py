"""In and out of the console: nobody comes in but by the pool, nobody sends a form but from our page, and who leaves is out."""

import re

from infra.local.managed_login import ManagedLogin
from recobro.house import House
from recobro.usecases.desk.sitting import DOOR, RENEWAL, SESSION
from tests.desk import PATH, TASK, Agent
from tests.house import Clock, standing
from tests.sample import AMINTA
from tests.user_pool import OURS


def owner(home: House, task: str = TASK) -> str:
    return next(one.owner for one in standing(home, AMINTA).tasks if one.id == task)


def version(home: House) -> int:
    return standing(home, AMINTA).version


def test_who_signs_in_comes_back_to_the_list_with_cookies_that_no_script_and_no_other_site_can_use(
    agent: Agent,
) -> None:
    assert (agent.status, agent.to) == (303, "/console")
    assert set(agent.cookies) == {SESSION, RENEWAL}
    for one in agent.set_cookies:
        assert one.startswith("__Host-")
        assert "; Path=/; Secure; HttpOnly; SameSite=Lax" in one


def test_a_form_of_another_site_changes_nothing(agent: Agent) -> None:
    agent.open(PATH)
    before = version(agent.home)

    for origin in ("https://evil.example", "null", "", OURS + ".evil.example"):
        assert agent.send(f"{PATH}/take", origin=origin).status == 422
        agent.open(PATH)
    assert agent.send(f"{PATH}/take", form="0" * 32).status == 422
    agent.open(PATH)
    assert agent.send(f"{PATH}/take", form="").status == 422
    assert version(agent.home) == before


def test_a_form_of_somebody_elses_session_changes_nothing(
    office: tuple[House, ManagedLogin], agent: Agent
) -> None:
    theirs = Agent(*office).sign_in("supervisor").open(PATH)
    agent.open(PATH)
    agent.html = theirs.html

    assert agent.send(f"{PATH}/take").status == 422
    assert owner(office[0]) == ""


def test_who_comes_back_with_another_state_is_not_let_in(office: tuple[House, ManagedLogin]) -> None:
    agent = Agent(*office).open("/console/sign-in").choose("agent@example.com")
    back = agent.to.removeprefix(OURS)
    agent.open(re.sub("state=.", "state=x", back))

    assert agent.status == 403
    assert not {SESSION, RENEWAL, DOOR} & set(agent.cookies)


def test_who_comes_back_without_having_set_out_is_not_let_in(office: tuple[House, ManagedLogin]) -> None:
    """A link that would sign somebody in as another: the code is good, the browser is not the one that asked."""
    code = Agent(*office).open("/console/sign-in").choose("agent@example.com").to.removeprefix(OURS)
    victim = Agent(*office).open(code)
    assert victim.status == 403

    victim.open("/console/sign-in")
    assert victim.open(code).status == 403
    assert SESSION not in victim.cookies


def test_a_code_is_good_once(office: tuple[House, ManagedLogin]) -> None:
    agent = Agent(*office).open("/console/sign-in")
    waiting = dict(agent.cookies)
    back = agent.choose("agent@example.com").to.removeprefix(OURS)
    assert agent.open(back).status == 303
    agent.cookies = waiting

    assert agent.open(back).status == 403


def test_a_session_is_renewed_by_the_pool_and_ends_when_the_pool_says_so(agent: Agent, clock: Clock) -> None:
    clock.forward(minutes=31)
    assert agent.open("/console").status == 200
    assert any(one.startswith(f"{SESSION}=") for one in agent.set_cookies)
    clock.forward(hours=10)

    assert agent.open("/console").status == 303


def test_without_a_renewal_a_session_ends_with_its_token(agent: Agent, clock: Clock) -> None:
    del agent.cookies[RENEWAL]
    assert agent.open("/console").status == 200
    clock.forward(minutes=30)

    assert agent.open("/console").status == 303


def test_who_signs_out_is_out_here_and_at_the_pool(agent: Agent, clock: Clock) -> None:
    renewal = agent.cookies[RENEWAL]
    agent.open("/console").send("/console/sign-out")

    assert agent.status == 303
    assert agent.to.startswith(f"{agent.login.url}/logout?")
    assert not agent.cookies
    agent.cookies[RENEWAL] = renewal
    assert agent.open("/console").status == 303
    assert agent.open("/console/out").sees("Sesión cerrada")
