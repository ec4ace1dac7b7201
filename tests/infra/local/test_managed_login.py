"""Whoever tries Recobro out signs in on this machine as they would in AWS, and works a task under the console's own role."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest

from infra.cli.kept import house_of, kept
from infra.cli.place import client_files
from infra.local.live import Live
from infra.local.managed_login import ManagedLogin
from infra.local.refusal import Refused
from infra.local.system import LocalSystem
from infra.synth import synthesise
from recobro.domain import facts as f
from recobro.domain.debtor import Debtor
from recobro.domain.task import Task
from recobro.house import House
from recobro.pages.desk import mark_of
from recobro.ports import Loaded
from recobro.usecases.saving import change
from recobro.usecases.tasks import DISPOSITIONS
from tests.desk import FORM, Agent
from tests.infra.local.sample import Sample
from tests.sample import AMINTA, debt, debtor, phone
from tests.user_pool import APPLICATION, OURS, pool

NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
POOL = pool()


@dataclass
class AtTheRoutes(Agent):
    """Somebody whose requests go by the deployed routes."""

    system: LocalSystem | None = None

    def _asked(
        self, method: str, path: str, query: dict[str, str], body: str, origin: str
    ) -> tuple[int, Mapping[str, str], str, Sequence[str]]:
        assert self.system is not None
        headers = {"origin": origin, "content-type": FORM, **self.cookie_header()}
        target = f"{path}?{urlencode(query)}" if query else path
        told = self.system.http(method, target, headers, body.encode())
        return told.status, told.headers, told.body.decode(), told.cookies


def somebody(home: House, now: datetime) -> None:
    """An invented person who owes."""
    brand = home.playbook.client.brands[0].id
    owed = replace(debt(creditor=brand, due_on=(now - timedelta(days=20)).date()), calculated_on=now.date())
    point = replace(phone(), id=home.keys.point("+525550100001"))
    person = debtor(owed, points=(point,))
    named = replace(person, personal=replace(person.personal, points={point.id: "+525550100001"}))
    opening: list[f.Fact] = [
        f.DebtorOpened(person.profile, "digest"),
        f.DebtRecorded(owed),
        f.PointRecorded(point),
        f.FeedRead(brand, now.date(), "file"),
        f.EpisodeOpened(1, brand, "MXN"),
    ]
    home.ledger.save(Loaded(Debtor(AMINTA)), opening, now, debtor=named)


def to_do(home: House, *tasks: str) -> None:
    """Something that a person must do about that one, by these names."""
    brand, day = home.playbook.client.brands[0].id, timedelta(days=1)
    change(
        home,
        AMINTA,
        lambda _debtor, now: tuple(
            f.TaskOpened(Task(one, "call", 1, now, now + day, creditor=brand)) for one in tasks
        ),
    )


def test_every_act_of_the_console_is_done_by_the_deployed_routes_under_its_own_role() -> None:
    assembly = synthesise("demo")
    with LocalSystem.boot(assembly, start=NOW, seed=7) as system:
        home = house_of(system, client_files(assembly))
        results = [one for one in DISPOSITIONS if one != "promise"]
        somebody(home, NOW)
        to_do(home, "late.call", "p", *results)
        assert system.login is not None
        agent = AtTheRoutes(home, system.login, system=system).sign_in("supervisor")
        assert agent.open("/console").status == 200

        def at(task: str) -> str:
            return f"/console/{AMINTA}/{mark_of(task)}"

        assert agent.open(at("late.call")).sees("Aminta Prueba")
        assert agent.send(f"{at('late.call')}/call").status == 303
        assert agent.open(at("late.call")).sees("+525550100001")
        assert agent.send(f"{at('late.call')}/close", result="no_answer").status == 303
        promised = agent.open(at("p")).send(
            f"{at('p')}/close", result="promise", amount="1500", day="2026-03-12"
        )
        assert promised.status == 303
        assert agent.open(at("done")).send(f"{at('done')}/pause", days="7").status == 303
        for one in results:
            assert agent.open(at(one)).status == 200, one
            assert agent.send(f"{at(one)}/close", result=one, note="Se habló").status in (303, 422), one
        assert agent.open("/console").send("/console/sign-out").status == 303

        assert system.failures == []
        assert system.denials == []
        assert len(home.ledger.history(AMINTA)) > 20


@dataclass
class AtLoopback(Agent):
    """Somebody with a browser on this machine."""

    address: str = ""

    def _asked(
        self, method: str, path: str, query: dict[str, str], body: str, origin: str
    ) -> tuple[int, Mapping[str, str], str, Sequence[str]]:
        target = f"{self.address}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"origin": self.address if origin else "", "content-type": FORM, **self.cookie_header()}
        asked = urllib.request.Request(target, body.encode() or None, headers, method=method)  # noqa: S310 -- of this machine
        try:
            told: Any = urllib.request.build_opener(Here).open(asked, timeout=30)
        except urllib.error.HTTPError as error:
            told = error
        with told:
            found = {name.lower(): value for name, value in told.headers.items()}
            return (
                int(told.status),
                found,
                told.read().decode(),
                told.headers.get_all("set-cookie") or (),
            )


class Here(urllib.request.HTTPRedirectHandler):
    """Goes on nowhere by itself."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def test_a_newcomer_signs_in_at_an_address_of_this_machine(tmp_path: Path) -> None:
    with kept("demo", tmp_path) as place:
        somebody(place.house, place.house.now())
        to_do(place.house, "done")
        live = Live(place.system, 0)
        live.start()
        try:
            address = f"http://127.0.0.1:{live.port}"
            assert place.system.login is not None
            agent = AtLoopback(place.house, place.system.login, address=address)
            agent.open("/console")
            agent.open(agent.to)
            assert agent.to.startswith(f"{address}/oauth2/authorize?")
            door = agent.to.removeprefix(address)
            assert agent.open(door).sees("agent@example.com")
            agent.ask("POST", door, body="who=agent%40example.com")
            agent.open(agent.to.removeprefix(address))
            assert agent.open(agent.to).sees("A. P.")
            path = f"/console/{AMINTA}/{mark_of('done')}"
            agent.open(path).send(f"{path}/close", result="done")
            assert agent.open(agent.to).sees("Tarea cerrada.")
            agent.send("/console/sign-out")
            assert agent.to.startswith(f"{address}/logout?")
            agent.open(agent.to.removeprefix(address))
            assert agent.to == f"{address}/console/out"
        finally:
            live.stop()
        assert place.system.failures == []


CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""RFC 7636, appendix B."""

ASKED = {
    "response_type": "code",
    "client_id": APPLICATION,
    "redirect_uri": f"{OURS}/console/back",
    "scope": "openid",
    "state": "s",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def login(now: datetime = NOW) -> ManagedLogin:
    return ManagedLogin(POOL, lambda: now, Random(1))


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/console/back"},
        {"response_type": "token"},
        {"client_id": "another"},
        {"scope": "openid aws.cognito.signin.user.admin"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_who_asks_for_what_the_pool_does_not_allow_is_refused(changed: dict[str, str]) -> None:
    assert login().page("GET", f"/oauth2/authorize?{urlencode(ASKED | changed)}").status == 400


def code(one: ManagedLogin) -> str:
    told = one.page("POST", f"/oauth2/authorize?{urlencode(ASKED)}", b"who=agent%40example.com")
    return told.headers["location"].partition("code=")[2].partition("&")[0]


def exchanged(one: ManagedLogin, **changed: str) -> int:
    asked = {
        "grant_type": "authorization_code",
        "client_id": APPLICATION,
        "redirect_uri": f"{OURS}/console/back",
        "code_verifier": VERIFIER,
        **changed,
    }
    return one.http("POST", f"{POOL.url}/oauth2/token", urlencode(asked).encode())[0]


def test_a_code_is_worth_something_to_whom_it_was_given_and_once() -> None:
    one = login()
    for wrong in (
        {"code_verifier": "x" * 43},
        {"redirect_uri": OURS},
        {"client_id": "another"},
        {"grant_type": "password"},
    ):
        assert exchanged(one, code=code(one), **wrong) == 400, wrong
    good = code(one)
    assert exchanged(one, code=good) == 200
    assert exchanged(one, code=good) == 400


def test_a_code_is_worth_nothing_after_five_minutes() -> None:
    times = [NOW]
    one = ManagedLogin(POOL, lambda: times[0], Random(1))
    good = code(one)
    times[0] += timedelta(minutes=5)

    assert exchanged(one, code=good) == 400


def test_no_address_of_the_pools_but_the_three_answers_a_function() -> None:
    assert login().http("GET", f"{POOL.url}/oauth2/userInfo", b"")[0] == 404


@pytest.mark.parametrize(
    ("kind", "properties", "named"),
    [
        ("UserPool", {}, "sign up by themselves"),
        ("UserPool", {"LambdaConfig": {}, "AdminCreateUserConfig": {}}, "LambdaConfig"),
        ("UserPoolGroup", {"UserPoolId": "none", "GroupName": "agent"}, "names no pool"),
        ("UserPoolClient", {"UserPoolId": "p", "AllowedOAuthFlows": ["implicit"]}, "only code"),
        (
            "UserPoolClient",
            {"UserPoolId": "p", "AllowedOAuthFlows": ["code"], "GenerateSecret": True},
            "keeps a secret",
        ),
        ("UserPoolResourceServer", {}, "not realised here"),
    ],
)
def test_what_is_not_played_here_is_refused_by_name(
    sample: Sample, kind: str, properties: dict[str, Any], named: str
) -> None:
    sample.resources["One"] = {"Type": f"AWS::Cognito::{kind}", "Properties": properties}

    with pytest.raises(Refused, match=named), sample.running():
        raise AssertionError(json.dumps(properties))
