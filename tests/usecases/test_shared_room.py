"""A limit that several people share is kept by all of them together, whoever sends and however many at once."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.cli.audit import judged
from infra.exporting import lines_of
from recobro.bootstrap import Surroundings
from recobro.domain.allocation import Split
from recobro.domain.attempt import AttemptStatus
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import PaymentRules
from recobro.domain.contact_point import Authorisation, ContactPoint, Level
from recobro.domain.conversation import Reply
from recobro.domain.debt import Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    FeedRead,
    MessageReceived,
    PaymentPosted,
    PlanAgreed,
    PromiseMade,
    ReplyOwed,
    TaskOpened,
)
from recobro.domain.payment import Payment
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.promise import PromiseToPay
from recobro.domain.refusal import Refusal
from recobro.domain.settle import settled
from recobro.domain.task import Task
from recobro.house import House
from recobro.law.contact import Rung
from recobro.law.measures import Cap
from recobro.law.pack import Pack
from recobro.law.rule import Conf
from recobro.ports import Inbound, Sent
from recobro.usecases import tasks
from recobro.usecases.explain import explain
from recobro.usecases.receive_message import receive_message
from recobro.usecases.rights import rights
from recobro.usecases.saving import change
from recobro.usecases.send import CircuitNotOpened, Outcome, send
from recobro.usecases.sweep import sweep
from tests.emulated import make_table
from tests.house import Clock, FullBoard, PretendCarrier, attempts, house, settle_in, standing
from tests.portfolio import debtor_of, drop
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, email, phone, playbook, shipped

HOME = "h0123456789abcde"
CHANNELS = (Channel.EMAIL, Channel.VOICE, Channel.VOICE_AUTO)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def whatever_the_words(**packs: Pack) -> Playbook:
    """The sample words are Mexico's and lack what the United States ask of a first one; here it is counted, not read."""
    spoken = {name: pack.but(required=()) for name, pack in playbook().packs.items()}
    return replace(playbook(), packs={**spoken, **packs})


@pytest.fixture
def home(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(clock, book=whatever_the_words()) as opened:
        for channel in opened.playbook.client.channels:
            url = opened.client("sqs").create_queue(QueueName=f"send-{channel}")["QueueUrl"]
            monkeypatch.setenv(f"QUEUE_SEND_{channel.upper()}", url)
        yield opened


def ident(number: int) -> str:
    return f"d{number:023x}"


def member(
    number: int, *points: ContactPoint, household: str = HOME, state: str = "WA", **owed: Any
) -> Debtor:
    """A person in that state of the United States whom the law lets us write to."""
    proof = tuple(Authorisation(one, "form 7", NOW) for one in CHANNELS)
    points = points or (email(f"e{number}"),)
    person = debtor(
        debt(f"A{number}", **owed), points=tuple(replace(one, authorisations=proof) for one in points)
    )
    zone = "America/Los_Angeles" if state == "WA" else "America/New_York"
    profile = replace(person.profile, country="US", subdivision=state, zones=(zone,), household=household)
    return replace(person, id=ident(number), profile=profile)


def written_to(
    home: House, number: int, answer: Sent | None = None, *, crashes: bool = False, channel: str = "email"
) -> Outcome:
    def crash() -> None:
        if crashes:
            raise MemoryError

    carrier = PretendCarrier(answer or Sent("accepted", provider_id=f"m{number}"), before=crash)
    return send(home, carrier, channel, ident(number), home.now() + timedelta(minutes=15), Switches)


def another_worker(home: House, seed: int, book: Playbook | None = None) -> House:
    around = Surroundings(home._around.client, home.now, random.Random(seed))
    return House(home.settings, around, book or home.playbook)


def laws_that_refuse(home: House, number: int) -> set[str]:
    found = explain(home, ident(number))
    return {one.rule for voice in found.voices for way in voice.ways for one in way.refusals}


def test_a_household_hears_three_times_a_week_whoever_of_it_owes(home: House) -> None:
    for number in range(5):
        settle_in(home, member(number))
    results = [written_to(home, number).result for number in range(5)]

    assert results == ["sent", "sent", "sent", "refused", "refused"]


def test_of_eight_workers_that_want_the_last_room_exactly_one_sends(home: House) -> None:
    for number in range(10):
        settle_in(home, member(number))
    assert [written_to(home, number).result for number in (8, 9)] == ["sent", "sent"]
    workers = [another_worker(home, seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(written_to, workers, range(8)))

    assert Counter(one.result for one in results) == {"sent": 1, "refused": 7}
    ours = [one for number in range(10) for one in standing(home, ident(number)).attempts if one.provider_id]
    assert len(ours) == 3


def test_the_refusal_is_on_record_with_its_article_and_its_end(home: House, clock: Clock) -> None:
    for number in range(4):
        settle_in(home, member(number))
        written_to(home, number)
    refusal = next(
        one
        for voice in explain(home, ident(3)).voices
        for way in voice.ways
        for one in way.refusals
        if one.rule == "us-wa-3wk"
    )
    loaded = home.ledger.load(ident(3))

    assert refusal.source.startswith("RCW 19.16.250")
    assert refusal.until is not None
    assert refusal.until - clock.now > timedelta(days=6)
    assert loaded is not None
    assert loaded.next_action is not None
    assert loaded.next_action > clock.now + timedelta(days=1), (
        "no sweep hands out what is known to be refused"
    )


def test_another_households_contacts_and_a_household_nobody_named_count_for_nobody_else(home: House) -> None:
    for number in range(3):
        settle_in(home, member(number))
        written_to(home, number)
    settle_in(home, member(3, household="hffffffffffffff0"))
    settle_in(home, member(4, household=""))

    assert [written_to(home, number).result for number in (3, 4)] == ["sent", "sent"]


def test_a_persons_own_caps_do_not_see_the_others_of_the_household(home: House) -> None:
    for number in range(4):
        settle_in(home, member(number))
        written_to(home, number)

    assert "us-wa-3wk" in laws_that_refuse(home, 3)
    assert laws_that_refuse(home, 3) & {"us-policy-emsg", "us-7in7", "us-wa-work-1wk"} == set()


def test_room_is_free_again_when_the_contact_was_certainly_not_made(home: House) -> None:
    for number in range(4):
        settle_in(home, member(number))
    refused = Sent("refused", code="ThrottlingException", then="retry")
    assert [written_to(home, number).result for number in (0, 1)] == ["sent", "sent"]
    assert written_to(home, 2, refused).result == "released"

    assert written_to(home, 3).result == "sent"


def test_room_is_free_again_though_the_ban_could_not_be_noted(home: House) -> None:
    for number in range(4):
        settle_in(home, member(number))
    board, home.switches = home.switches, FullBoard(home.table)
    with pytest.raises(CircuitNotOpened):
        written_to(home, 1, Sent("refused", code="ACCOUNT_DISABLED", then="open_circuit"))
    home.switches = board

    assert attempts(home, ident(1)) == [("email", "released")]
    assert [written_to(home, number).result for number in (0, 2, 3)] == ["sent", "sent", "sent"]


def test_a_contact_in_doubt_keeps_its_room(home: House) -> None:
    for number in range(4):
        settle_in(home, member(number))
    written_to(home, 0, Sent("unknown", code="ReadTimeoutError"))
    with pytest.raises(MemoryError):
        written_to(home, 1, crashes=True)
    written_to(home, 2)

    assert standing(home, ident(0)).attempts[0].status is AttemptStatus.UNKNOWN
    assert written_to(home, 3).result == "refused"


def test_a_contact_that_the_record_holds_in_doubt_keeps_its_room_whatever_its_worker_learns_later(
    home: House, clock: Clock
) -> None:
    """Simulated month 37: what one record counts as perhaps made, the others' limit counted as not made."""
    for number in range(4):
        settle_in(home, member(number))

    def stands_still() -> None:
        clock.forward(minutes=5)
        change(home, ident(0), lambda debtor, now: settled(debtor, home.playbook, now)[1])

    carrier = PretendCarrier(Sent("refused", code="ThrottlingException", then="retry"), before=stands_still)
    outcome = send(home, carrier, "email", ident(0), home.now() + timedelta(minutes=15), Switches)

    assert (outcome.result, attempts(home, ident(0))) == ("unknown", [("email", "unknown")])
    assert [written_to(home, number).result for number in (1, 2, 3)] == ["sent", "sent", "refused"]


def file_of_a_family(home: House, name: str, **told: str) -> None:
    """Five people, told of by a creditor; told: what this file says of each beside the rest."""
    fields = {
        "acreedor": "muebles", "contrato": "F-{}", "numero_cliente": "K{}", "nombre": "Ana Prueba", "correo": "ana{}@example.com",
        "saldo": "1500.50", "moneda": "MXN", "fecha_vencimiento": "04/03/2026", "pais": "US", "time_zone": "America/Los_Angeles",
        "canales_autorizados": "email", "evidencia": "form 7", **told,
    }  # fmt: skip
    rows = [",".join(fields.values()).format(*[number] * 3) for number in range(5)]
    drop(home, *rows, name=name, head=",".join(fields))


def sent_to_the_family(home: House, *numbers: int) -> list[str]:
    people = [debtor_of(home, f"F-{number}") for number in numbers]
    until = home.now() + timedelta(minutes=15)
    return [send(home, PretendCarrier(), "email", one, until, Switches).result for one in people]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"subdivision": "WA", "hogar": ""}, {"subdivision": "WA", "hogar": "H-1"}),
        ({"subdivision": "FL", "hogar": "H-1"}, {"subdivision": "WA", "hogar": "H-1"}),
    ],
    ids=["the household was not known", "they lived where no such law holds"],
)
def test_what_was_sent_before_a_file_named_the_household_or_its_state_fills_its_room_too(
    home: House, before: dict[str, str], after: dict[str, str]
) -> None:
    file_of_a_family(home, "lunes.csv", **before)
    assert sent_to_the_family(home, 0, 1, 2) == ["sent", "sent", "sent"]
    for name in ("martes.csv", "otra vez.csv"):
        file_of_a_family(home, name, **after)

    assert sent_to_the_family(home, 3, 4) == ["refused", "refused"]
    household = standing(home, debtor_of(home, "F-3")).profile.household
    assert len(home.scopes.read(f"household#{household}", home.now()).slots) == 3


def test_what_certainly_did_not_leave_takes_no_room_in_a_household_named_later(home: House) -> None:
    file_of_a_family(home, "lunes.csv", subdivision="WA")
    sent_to_the_family(home, 0, 1)
    refused = Sent("refused", code="ThrottlingException", then="retry")
    until = home.now() + timedelta(minutes=15)
    send(home, PretendCarrier(refused), "email", debtor_of(home, "F-2"), until, Switches)
    file_of_a_family(home, "martes.csv", subdivision="WA", hogar="H-1")

    assert sent_to_the_family(home, 3, 4) == ["sent", "refused"]


def test_after_its_week_the_room_is_free_and_its_item_may_go(home: House, clock: Clock) -> None:
    for number in range(4):
        settle_in(home, member(number))
        written_to(home, number)
    item = home.table.get(f"SCOPE#household#{HOME}", "SLOTS")
    assert item is not None
    lives = int(item["ttl"]["N"]) - int(clock.now.timestamp())
    clock.forward(days=8)
    fresh = replace(member(5), feeds={"muebles": date(2026, 3, 17)})
    settle_in(home, fresh)

    assert 7 * 86_400 < lives < 35 * 86_400
    assert home.scopes.read(f"household#{HOME}", clock.now + timedelta(days=40)).slots == {}
    assert written_to(home, 5).result == "sent"


def test_two_who_owe_one_account_share_its_cap(home: House) -> None:
    at_most_one = replace_caps("US-DC", Cap(
        id="us-dc-one", article="DC Code § 28-3814", conf=Conf.HIGH, since=date(2022, 1, 1), channels=frozenset(Channel),
        scope=("account",), counts=Rung.ATTEMPT, at_most=1, rolling_days=7,
    ))  # fmt: skip
    here = another_worker(home, 3, at_most_one)
    owed = {"household": "", "state": "DC"}
    settle_in(here, replace(member(1, **owed), debts=(debt("SHARED"),)))
    settle_in(here, replace(member(2, **owed), debts=(debt("SHARED", role=Role.CODEBTOR),)))
    settle_in(here, replace(member(3, **owed), debts=(debt("OTHER"),)))

    assert [written_to(here, number).result for number in (1, 2, 3)] == ["sent", "refused", "sent"]


def test_a_phone_that_two_people_share_is_called_as_one_phone(home: House) -> None:
    here = another_worker(home, 3, one_a_month_to_a_point())
    for number in (1, 2):
        settle_in(here, member(number, email("shared"), household="", state="FL"))
    settle_in(here, member(3, email("own"), household="", state="FL"))

    assert [written_to(here, number).result for number in (1, 2, 3)] == ["sent", "refused", "sent"]


def one_a_month_to_a_point() -> Playbook:
    return replace_caps("US-FL", Cap(
        id="us-fl-line", article="47 CFR 64.1200(a)(3)", conf=Conf.HIGH, since=date(2022, 1, 1),
        channels=frozenset({Channel.EMAIL}), scope=("contact_point",), counts=Rung.ATTEMPT, at_most=1, rolling_days=30,
    ))  # fmt: skip


def replace_caps(pack: str, *caps: Cap) -> Playbook:
    return whatever_the_words(**{pack: playbook().packs[pack].but(required=(), caps=caps)})


def test_a_persons_call_takes_room_in_the_household_like_any_contact(home: House) -> None:
    for number in range(3):
        settle_in(home, member(number))
    for number in (3, 4):
        settle_in(home, member(number, phone(f"p{number}"), due_on=date(2026, 1, 5)))
    sweep(home, "overdue")
    written_to(home, 0)
    written_to(home, 1)
    calls = [
        tasks.call(home, ident(number), next(standing(home, ident(number)).open_tasks()).id, "ana")
        for number in (3, 4)
    ]

    assert isinstance(calls[0], str)
    assert isinstance(calls[1], Refusal)
    assert calls[1].rule == "us-wa-3wk"
    assert written_to(home, 2).result == "refused"


def test_a_call_to_another_number_takes_the_room_of_that_number(home: House) -> None:
    """The first one was closed by somebody else who has it, and no record here says so yet."""
    cap = one_a_month_to_a_point().packs["US-FL"].caps[0]
    here = another_worker(home, 3, replace_caps("US-FL", cap.but(channels=frozenset({Channel.VOICE}))))
    lines = (phone("closed"), phone("shared"))
    for number, points in ((1, lines), (2, lines[1:])):
        settle_in(here, member(number, *points, household="", state="FL"))
        task = Task(f"t{number}", "call", 1, here.now(), here.now(), creditor="muebles")
        change(here, ident(number), lambda _debtor, _now, it=task: (TaskOpened(it),))  # type: ignore[misc]
    here.suppressions.add("closed", "opt_out", "2026-03-09T17:00:00Z")
    calls = [tasks.call(here, ident(number), f"t{number}", "ana") for number in (1, 2)]

    assert isinstance(calls[0], str)
    assert standing(here, ident(1)).attempts[-1].point == "shared"
    assert isinstance(calls[1], Refusal)
    assert calls[1].rule == "us-fl-line"


@pytest.fixture
def agency(home: House) -> tuple[House, House]:
    """Two clients' deployments of one agency, each with a table of its own and the agency's beside it."""
    client = home._around.client
    for name in ("agency", "other"):
        make_table(client("dynamodb"), name)
    client("secretsmanager").create_secret(
        Name="agency-key", SecretString=json.dumps({"root": "the agency's"})
    )

    def deployment(name: str, table: str) -> House:
        one = playbook().client
        named = replace(one, name=name, agency=replace(one.agency, scope_table="agency"))
        around = Surroundings(client, home.now, random.Random(name))
        book = replace(playbook(), client=named)
        return House(replace(home.settings, table=table), around, book)

    return deployment("acme", "ledger"), deployment("zenit", "other")


def colombian(number: int, national_id: str = "CO:CC:1020304050") -> Debtor:
    points = tuple(
        replace(one, provenance="debtor_authorised", authorisations=(Authorisation(channel, "form 7", NOW),))
        for one, channel in ((email(), Channel.EMAIL), (phone(), Channel.SMS))
    )
    owed = debt("C1", creditor="andes", currency="COP", amount=900_000_000)
    person = debtor(owed, points=points, country="CO")
    return replace(person, id=ident(number), personal=replace(person.personal, national_id=national_id))


def test_a_person_who_owes_two_clients_of_one_agency_is_contacted_once_a_day(
    agency: tuple[House, House],
) -> None:
    acme, zenit = agency
    settle_in(acme, colombian(1))
    settle_in(zenit, colombian(77))
    first = written_to(acme, 1, channel="sms")
    second = written_to(zenit, 77, channel="sms")

    assert (first.result, second.result) == ("sent", "refused")
    assert "co-day" in laws_that_refuse(zenit, 77)


def test_one_channel_a_week_holds_across_the_agencys_clients(
    agency: tuple[House, House], clock: Clock
) -> None:
    acme, zenit = agency
    settle_in(acme, colombian(1))
    settle_in(zenit, replace(colombian(77), points=colombian(77).points[:1]))
    written_to(acme, 1, channel="sms")
    clock.forward(days=1)

    assert written_to(zenit, 77).result == "refused"
    assert "co-lock" in laws_that_refuse(zenit, 77)


def test_somebody_else_and_somebody_nobody_can_tell_apart_share_nothing(agency: tuple[House, House]) -> None:
    acme, zenit = agency
    settle_in(acme, colombian(1))
    settle_in(zenit, colombian(77, "CO:CC:99"))
    settle_in(zenit, colombian(78, ""))
    written_to(acme, 1, channel="sms")

    assert [written_to(zenit, number, channel="sms").result for number in (77, 78)] == ["sent", "sent"]


def test_the_agencys_table_holds_nothing_that_names_a_person_a_debt_or_a_creditor(
    agency: tuple[House, House],
) -> None:
    acme, _ = agency
    settle_in(acme, colombian(1))
    written_to(acme, 1, channel="sms")
    (item,) = acme._dynamodb.scan(TableName="agency")["Items"]
    text = json.dumps(item)

    assert item["pk"]["S"].startswith("SCOPE#agency#d")
    assert not [word for word in ("1020304050", "C1", "andes", "Aminta", "555") if word in text]


def test_where_no_law_looks_wider_no_contact_asks_the_table_more(home: House) -> None:
    asked: list[str] = []
    settle_in(home, debtor())
    home._dynamodb.meta.events.register(
        "before-call.dynamodb", lambda params, **_: asked.append(params["body"].decode())
    )
    send(home, PretendCarrier(), "sms", debtor().id, home.now() + timedelta(minutes=15), Switches)

    assert attempts(home, debtor().id) == [("sms", "sent")]
    assert not [one for one in asked if "SCOPE#" in one]


def test_the_auditor_meets_every_contact_once_and_finds_the_households_cap_kept(
    home: House, tmp_path: Path
) -> None:
    for number in range(5):
        settle_in(home, member(number))
    for number in range(5):
        written_to(home, number)
    export = tmp_path / "export.jsonl"
    export.write_text("".join(lines_of(home, words=False)), encoding="utf-8")
    found = judged(export)

    assert (found["persons"], found["contacts"]) == (5, 3)
    assert not [one for one in found["breaches"] if one["rule"] == "us-wa-3wk"]


def test_what_somebody_else_got_is_not_answered_by_this_person_and_not_shown_to_them(home: House) -> None:
    here = another_worker(home, 3, one_a_month_to_a_point())
    for number in (1, 2):
        point = email(home.keys.point("aminta@example.com"))
        settle_in(here, member(number, point, household="", state="FL"))
        written_to(here, number)
    receive_message(here, Inbound("in-1", "email", "aminta@example.com", "hola", home.now()))
    answered = [
        one.fact.attempt != ""
        for number in (1, 2)
        for one in home.ledger.history(ident(number))
        if isinstance(one.fact, MessageReceived)
    ]
    held = [{one.what for one in rights(here, ident(number)).holdings} for number in (1, 2)]

    assert [one.shared for one in standing(home, ident(2)).attempts] == ["contact_point"]
    assert answered == [True, False]
    assert ["contacts" in one for one in held] == answered


def promise_for(day: date) -> PromiseMade:
    promise = PromiseToPay(
        "pr1", 1, "muebles", "MXN", 150_000, day, day + timedelta(days=2), NOW, debts=("muebles/A0",), owed=150_000
    )  # fmt: skip
    return PromiseMade(promise)


def plan_for(day: date) -> PlanAgreed:
    parts = tuple(
        PlanPart(each, 75_000, each + timedelta(days=2)) for each in (day, day + timedelta(days=14))
    )
    offer = PlanOffer(
        "o1", "halves", "muebles", "MXN", parts, 150_000, 0, ("muebles/A0",), Authority.AUTOMATIC, NOW + timedelta(days=5)
    )  # fmt: skip
    return PlanAgreed(PaymentPlan("pl1", 1, offer, NOW))


def owing_together(home: House, *facts: Any) -> House:
    """Two who owe one account, of which one contact a week is allowed; to the second happened what `facts` say."""
    capped = replace_caps("US-DC", one_to_an_account())
    more = {"promise_reminder.es": replace(capped.templates["late.es"], name="promise_reminder")}
    more["payment_receipt.es"] = shipped("payment_receipt")
    client = replace(capped.client, payments=PaymentRules(thank=True))
    book = replace(capped, client=client, templates={**capped.templates, **more})
    here = another_worker(home, 3, book)
    for number in (1, 2):
        settle_in(here, replace(member(number, household="", state="DC"), debts=(debt("A0"),)))
    change(here, ident(2), lambda one, now: (*settled(one, here.playbook, now)[1], *facts))
    return here


def one_to_an_account() -> Cap:
    return Cap(
        id="us-dc-one", article="DC Code § 28-3814", conf=Conf.HIGH, since=date(2022, 1, 1), channels=frozenset(Channel),
        scope=("account",), counts=Rung.ATTEMPT, at_most=1, rolling_days=7,
    )  # fmt: skip


def next_day(home: House, clock: Clock) -> None:
    clock.forward(days=1)
    for number in (1, 2):
        change(home, ident(number), lambda one, now: (FeedRead("muebles", now.date(), "file"),))


@pytest.mark.parametrize("agreed", [promise_for, plan_for])
def test_the_reminder_of_an_agreed_date_waits_for_room_that_somebody_else_has_taken(
    home: House, clock: Clock, agreed: Callable[[date], Any]
) -> None:
    here = owing_together(home, agreed(date(2026, 3, 11)))
    next_day(here, clock)

    assert [written_to(here, number).result for number in (1, 2)] == ["sent", "refused"]


@pytest.mark.parametrize("agreed", [promise_for, plan_for])
def test_the_reminder_of_an_agreed_date_takes_room_from_whoever_owes_the_account_too(
    home: House, clock: Clock, agreed: Callable[[date], Any]
) -> None:
    here = owing_together(home, agreed(date(2026, 3, 11)))
    next_day(here, clock)

    assert [written_to(here, number).result for number in (2, 1)] == ["sent", "refused"]
    assert standing(here, ident(2)).attempts[0].step.stage == "promise"


ASKED = Reply(
    id="in-1",
    words="reply_handed_over",
    channel=Channel.EMAIL,
    point="e2",
    kind=Kind.REPLY_TO_INBOUND,
    creditor="muebles",
    asked_at=NOW,
    expires_at=NOW + timedelta(days=1),
    values={"reply_by": "2026-03-10"},
)
PAID = Payment("standard#1", "muebles/A0", 50_000, "MXN", NOW, split=Split(principal=50_000))


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ((promise_for(date(2026, 3, 20)), ReplyOwed(ASKED)), "reply"),
        ((promise_for(date(2026, 3, 20)), ReplyOwed(replace(ASKED, level=Level.ADDRESSED))), "reply"),
        ((PaymentPosted(PAID),), "thanks"),
    ],
)
def test_an_answer_and_thanks_take_room_where_a_cap_counts_them_though_nothing_else_may_be_said(
    home: House, facts: tuple[Any, ...], stage: str
) -> None:
    here = owing_together(home, *facts)

    assert [written_to(here, number).result for number in (2, 1)] == ["sent", "refused"]
    assert standing(here, ident(2)).attempts[0].step.stage == stage
