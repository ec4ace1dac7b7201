"""Money that a client set aside for a month is all that a month can cost, whoever sends, however long the messages are."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.domain.channel import Channel
from recobro.domain.client import ChannelSetup
from recobro.domain.facts import AttemptClaimed, FeedRead, HoldPlaced
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.playbook import Switches
from recobro.domain.price import at_most, ceiling, expected, units
from recobro.domain.replay import switches_of
from recobro.entry import send_each
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.ports import Sent
from recobro.usecases.explain import explain
from recobro.usecases.saving import change
from recobro.usecases.send import CircuitNotOpened, Outcome, send
from recobro.usecases.spending import afford, unspent
from recobro.usecases.sweep import sweep
from tests.house import Clock, FullBoard, PretendCarrier, attempts, house, settle_in, standing
from tests.sample import AMINTA, MONDAY_NOON_MX, debt, debtor, email, phone, playbook
from tests.sweeping import open_queues, person

SMS = 30_000
"""Micro-USD that one part is expected to cost here."""

TWO_WAYS = (phone(authorised=(Channel.SMS,)), email(authorised=(Channel.EMAIL,)))


@contextmanager
def spending(
    *, whole: int = 0, own: Mapping[str, int] | None = None, clock: Clock | None = None
) -> Iterator[House]:
    """A house with a budget for everything and one for each named channel, USD a month."""
    book = playbook()
    channels = {
        name: replace(setup, price=SMS, monthly_spend_usd=(own or {}).get(name, 0))
        for name, setup in book.client.channels.items()
    }
    client = replace(
        book.client, channels=channels, limits=replace(book.client.limits, monthly_spend_usd=whole)
    )
    with house(clock or Clock(), book=replace(book, client=client)) as opened:
        yield opened


def sent(home: House, carrier: PretendCarrier) -> Outcome:
    return send(home, carrier, "sms", AMINTA, home.now() + timedelta(minutes=15), Switches)


def taken(home: House, name: str) -> int:
    item = home.table.get(f"BUDGET#{name}", f"{home.now():%Y-%m}")
    return int(item["used"]["N"]) if item else 0


def test_no_message_leaves_once_the_channels_month_is_spent_and_the_next_month_it_does() -> None:
    clock = Clock()
    with spending(own={"sms": 1}, clock=clock) as home:
        settle_in(home, debtor())
        while afford(home, "sms", 2 * SMS, home.now()):
            pass
        carrier = PretendCarrier()

        assert sent(home, carrier).result == "no_budget"
        assert carrier.asked == []
        assert taken(home, "spend#sms") <= 1_000_000
        assert afford(home, "email", 200, home.now())
        clock.forward(days=31)
        assert afford(home, "sms", 2 * SMS, home.now())


@pytest.mark.parametrize(
    ("own", "whole", "field"),
    [
        ({"sms": 1}, 0, "channels.sms.monthly_spend_usd"),
        ({}, 1, "limits.monthly_spend_usd"),
    ],
)
def test_explain_says_that_the_months_money_is_spent_and_until_when(
    own: Mapping[str, int], whole: int, field: str
) -> None:
    clock = Clock()
    with spending(own=own, whole=whole, clock=clock) as home:
        settle_in(home, debtor(points=TWO_WAYS[:1]))
        assert explain(home, AMINTA).result == "contact"
        while afford(home, "sms", 2 * SMS, home.now()):
            pass
        found = explain(home, AMINTA)

        assert sent(home, PretendCarrier()).result == "no_budget"
        assert (found.result, [one.rule for one in found.blocked_by]) == ("wait", ["budget.sms"])
        assert found.change == (f"a higher {field} in client.toml",)
        assert found.blocked_by[0].until == datetime(2026, 4, 1, tzinfo=UTC)
        clock.now = found.blocked_by[0].until
        assert "budget.sms" not in {one.rule for one in explain(home, AMINTA).blocked_by}


def without_whatsapp(home: House) -> None:
    """The steps of the sample name WhatsApp first."""
    client = home.playbook.client
    off = replace(client.channels["whatsapp"], enabled=False)
    home.playbook = replace(
        home.playbook, client=replace(client, channels={**client.channels, "whatsapp": off})
    )


def spend_all(home: House, channel: str = "sms") -> None:
    while afford(home, channel, 2 * SMS, home.now()):
        pass


def test_a_channel_whose_month_is_spent_silences_nobody_whom_another_channel_may_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with spending(own={"sms": 1}) as home:
        open_queues(home, monkeypatch)
        without_whatsapp(home)
        settle_in(home, debtor(points=TWO_WAYS))
        spend_all(home)

        assert dict(sweep(home, "overdue").handed) == {"email": 1}
        valid_until = home.now() + timedelta(minutes=15)
        assert send(home, PretendCarrier(), "email", AMINTA, valid_until, Switches).result == "sent"
        assert attempts(home, AMINTA) == [("email", "sent")]
        (claimed,) = (one.fact for one in home.ledger.history(AMINTA) if isinstance(one.fact, AttemptClaimed))
        assert claimed.decision is not None
        assert "budget.sms" in {one.rule for one in claimed.decision.passed_over}
        assert switches_of(claimed).no_money(Channel.SMS, home.now()) == claimed.spent[0]


def test_who_is_reached_by_a_spent_channel_alone_is_handed_out_again_when_the_month_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    with spending(own={"sms": 1}, clock=clock) as home:
        open_queues(home, monkeypatch)
        settle_in(home, debtor(points=TWO_WAYS[:1]))
        spend_all(home)
        for _ in range(3):
            assert not sweep(home, "overdue").handed
            clock.forward(minutes=15)
        clock.now = datetime(2026, 4, 1, 18, tzinfo=UTC)
        change(home, AMINTA, lambda one, now: (FeedRead("muebles", now.date(), "file"),))

        assert dict(sweep(home, "overdue").handed) == {"sms": 1}


def test_a_contact_that_has_no_money_keeps_back_no_task_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    with spending(own={"sms": 1}, clock=clock) as home:
        open_queues(home, monkeypatch)
        settle_in(home, debtor(debt(), debt("A2"), points=TWO_WAYS[:1]))
        review = clock.now + timedelta(days=1)
        hold = Hold("h1", HoldReason.DISPUTE, clock.now, "operations", review, ("muebles/A2",))
        change(home, AMINTA, lambda one, now: (HoldPlaced(hold),))
        spend_all(home)
        clock.forward(days=1)
        change(home, AMINTA, lambda one, now: (FeedRead("muebles", now.date(), "file"),))
        sweep(home, "overdue")

        assert [one.reason for one in standing(home, AMINTA).open_tasks()] == ["review_dispute"]


@pytest.mark.parametrize(
    ("own", "whole", "asked"),
    [({}, 0, []), ({"sms": 1, "email": 1}, 1, ["spend", "spend#email", "spend#sms"])],
)
def test_a_sweep_asks_each_budget_once_however_many_are_due(
    own: Mapping[str, int], whole: int, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with spending(own=own, whole=whole) as home:
        open_queues(home, monkeypatch)
        for number in range(1, 4):
            settle_in(home, replace(debtor(), id=person(number)))
        seen: list[str] = []
        used = home.budgets.used

        def watched(name: str, period: str) -> int:
            seen.append(name)
            return used(name, period)

        monkeypatch.setattr(home.budgets, "used", watched)

        assert sweep(home, "overdue").looked_at == 3
        assert sorted(seen) == asked


def test_a_sender_asks_no_budget_of_other_channels_while_its_own_is_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with spending(own={"sms": 1}, whole=5) as home:
        settle_in(home, debtor())
        monkeypatch.setattr(home.budgets, "used", lambda name, period: pytest.fail("was asked"))

        assert sent(home, PretendCarrier()).result == "sent"


def test_a_batch_that_goes_by_the_next_channel_asks_each_budget_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with spending(own={"sms": 1}) as home:
        without_whatsapp(home)
        spend_all(home)
        carrier, seen, used = PretendCarrier(), list[str](), home.budgets.used

        def watched(name: str, period: str) -> int:
            seen.append(name)
            return used(name, period)

        monkeypatch.setattr(home.budgets, "used", watched)
        monkeypatch.setattr(home, "carrier", lambda channel: carrier)
        records = []
        for number in range(1, 4):
            settle_in(home, replace(debtor(points=TWO_WAYS), id=person(number)))
            hint = {"debtor": person(number), "valid_until": "2026-03-09T18:15:00Z"}
            records.append({"messageId": str(number), "body": json.dumps(hint)})

        assert send_each({"Records": records}, home, "email") == {"batchItemFailures": []}
        assert (len(carrier.asked), seen) == (3, ["spend#sms"])


def test_a_message_too_long_for_what_is_left_of_the_month_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with spending(own={"sms": 1}) as home:
        open_queues(home, monkeypatch)
        without_whatsapp(home)
        words = home.playbook.templates["late.es"]
        said = words.parts["sms"]
        longer = replace(
            words, parts={**words.parts, "sms": replace(said, body=said.body + " y gracias" * 20)}
        )
        home.playbook = replace(home.playbook, templates={**home.playbook.templates, "late.es": longer})
        settle_in(home, debtor(points=TWO_WAYS))
        for _ in range(15):
            assert afford(home, "sms", 2 * SMS, home.now())
        assert dict(sweep(home, "overdue").handed) == {"sms": 1}  # there is room for one part
        assert sent(home, PretendCarrier()).result == "no_budget"

        assert dict(sweep(home, "overdue").handed) == {"email": 1}


def test_explain_says_by_which_channel_it_goes_on_and_that_the_others_money_is_spent() -> None:
    with spending(own={"sms": 1}) as home:
        without_whatsapp(home)
        settle_in(home, debtor(points=TWO_WAYS))
        spend_all(home)
        found = explain(home, AMINTA)

        assert (found.result, getattr(found.decision, "channel", "")) == ("contact", Channel.EMAIL)
        refused = {way.channel: [one.rule for one in way.refusals] for way in found.voices[0].ways}
        assert (refused[Channel.SMS], refused[Channel.EMAIL]) == (["budget.sms"], [])


def test_a_message_of_three_parts_takes_three_times_the_most_that_one_may_cost() -> None:
    with spending(own={"sms": 1}) as home:
        settle_in(home, debtor())
        carrier = PretendCarrier()
        assert sent(home, carrier).result == "sent"
        parts = units("sms", carrier.asked[0].body)
        # What is left in this process is what the slices it took exceed the message by.
        most = parts * carrier.asked[0].max_price
        assert most == at_most(home.playbook.client.channels["sms"], "sms", carrier.asked[0].body)
        left = home.budgets._held["spend#sms"].left
        assert taken(home, "spend#sms") - left == most


def test_what_was_certainly_not_sent_is_money_for_the_next() -> None:
    with spending(whole=1) as home:
        settle_in(home, debtor())
        carrier = PretendCarrier(Sent("refused", code="ThrottlingException", then="retry"))
        assert sent(home, carrier).result == "released"
        assert taken(home, "spend") == home.budgets._held["spend"].left


def test_what_a_ban_kept_from_leaving_is_money_for_the_next_though_the_ban_could_not_be_noted() -> None:
    with spending(whole=1) as home:
        settle_in(home, debtor())
        home.switches = FullBoard(home.table)
        with pytest.raises(CircuitNotOpened):
            sent(home, PretendCarrier(Sent("refused", code="ACCOUNT_DISABLED", then="open_circuit")))
        assert taken(home, "spend") == home.budgets._held["spend"].left


def test_what_is_in_doubt_counts_as_spent() -> None:
    with spending(whole=1) as home:
        settle_in(home, debtor())
        carrier = PretendCarrier(Sent("unknown", code="ReadTimeoutError"))
        assert sent(home, carrier).result == "unknown"
        assert taken(home, "spend") > home.budgets._held["spend"].left


def test_a_message_takes_from_both_budgets_or_from_neither() -> None:
    with spending(whole=100, own={"sms": 1}) as home:
        while afford(home, "sms", 60_000, home.now()):
            pass
        before = taken(home, "spend") - home.budgets._held["spend"].left
        assert not afford(home, "sms", 60_000, home.now())
        assert taken(home, "spend") - home.budgets._held["spend"].left == before


STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which of four processes
        st.sampled_from(["sms", "email"]),
        st.integers(1, 400_000),  # micro-USD of the message
        st.sampled_from(["sent", "released", "crash"]),
    ),
    max_size=60,
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, whole=st.integers(0, 4), own=st.integers(0, 2))
def test_no_order_of_workers_releases_and_crashes_overspends_a_month(
    steps: list[tuple[int, str, int, str]], whole: int, own: int
) -> None:
    with spending(whole=whole, own={"sms": own}) as home:
        processes = [process(home) for _ in range(4)]
        spent = {"sms": 0, "email": 0}
        for number, channel, price, ending in steps:
            worker = processes[number]
            if not afford(worker, channel, price, MONDAY_NOON_MX):
                continue
            if ending == "released":
                unspent(worker, channel, price, MONDAY_NOON_MX)
                continue
            spent[channel] += price
            if ending == "crash":
                processes[number] = process(home)
        if whole:
            assert sum(spent.values()) <= taken(home, "spend") <= whole * 1_000_000
        if own:
            assert spent["sms"] <= taken(home, "spend#sms") <= own * 1_000_000


def process(home: House) -> House:
    """Another process on the same table: what it holds of a slice is its own, and lost when it dies."""
    return House(home.settings, home._around, home.playbook)


def test_the_ceiling_is_what_the_file_says_else_twice_the_price() -> None:
    setup = ChannelSetup(price=100, price_at_most=130)
    assert ceiling(setup) == 130
    assert ceiling(ChannelSetup(price=100)) == 200
    assert (expected(setup, "sms", "x" * 161), at_most(setup, "sms", "x" * 161)) == (200, 260)
    assert at_most(setup, "email", "x" * 500) == 100
    assert at_most(setup, "voice", "x" * 901) == 260
    with pytest.raises(InvalidInput, match="price_at_most"):
        ChannelSetup(price=100, price_at_most=99)
