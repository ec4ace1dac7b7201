"""Nobody promises beyond the rules, and nobody, by any way, agrees a plan that policy did not compute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recobro.domain import agreeing
from recobro.domain.account import account_of, accounts, asked_for
from recobro.domain.acting import Statement
from recobro.domain.allocation import shares, take
from recobro.domain.channel import Channel
from recobro.domain.compact import compact
from recobro.domain.conversation import Conversation
from recobro.domain.debt import Amounts, Debt, DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Wait
from recobro.domain.eligibility import today_of, voices
from recobro.domain.facts import (
    ConversationMoved,
    DebtRecorded,
    DebtStatusChanged,
    Fact,
    FeedRead,
    PaymentPosted,
    PlanAgreed,
    PromiseMade,
    TaskClosed,
)
from recobro.domain.fold import apply
from recobro.domain.paid_towards import left_of
from recobro.domain.payment import Payment
from recobro.domain.plan import Authority, PlanOffer, PlanStatus
from recobro.domain.playbook import Playbook
from recobro.domain.promise import PromiseStatus
from recobro.domain.refusal import Refusal
from recobro.domain.reminding import spoken_voice
from recobro.domain.settle import settled, timers
from recobro.domain.strategy import OfferPolicy
from recobro.domain.thanking import balance_after, thanks_for
from recobro.domain.waived import waived
from tests.sample import MONDAY_NOON_MX as NOW
from tests.sample import debt, debtor, with_strategy

PAGE = Statement(Channel.EMAIL, "form-1", "p2")

HALVES = OfferPolicy("halves", (2, 3), every_days=15, first_within_days=3, min_down_share=30)
KINDER = OfferPolicy("kinder", (1,), discount_share=20, floor_share=90, authority=Authority.SUPERVISOR)
BOOK = with_strategy(offers=(HALVES, KINDER))


def after(person: Debtor, facts: tuple[Fact, ...] | Refusal, at: object = NOW) -> Debtor:
    assert not isinstance(facts, Refusal)
    for fact in facts:
        person = apply(person, fact, at)  # type: ignore[arg-type]
    return person


def owing(amount: int = 150_000, interest: int = 0, book: Playbook = BOOK) -> Debtor:
    person = debtor(replace(debt(), amounts=Amounts(principal=amount, interest=interest)))
    return settled(person, book, NOW)[0]


def test_a_promise_within_the_rules_is_taken_and_a_later_one_takes_its_place() -> None:
    person = after(owing(), agreeing.promises(owing(), PAGE, BOOK, NOW, 150_000, date(2026, 3, 13)))
    moved = Statement(Channel.SMS, "in-9", "p1")
    person = after(person, agreeing.promises(person, moved, BOOK, NOW, 150_000, date(2026, 3, 16)))

    assert [one.status for one in person.promises] == [PromiseStatus.VOID, PromiseStatus.OPEN]
    assert agreeing.promises(person, moved, BOOK, NOW, 150_000, date(2026, 3, 16)) == ()


def test_a_promise_too_late_too_little_or_past_says_what_would_do() -> None:
    def refused(amount: int, day: date) -> Refusal:
        answer = agreeing.promises(owing(), PAGE, BOOK, NOW, amount, day)
        assert isinstance(answer, Refusal)
        return answer

    assert refused(150_000, date(2026, 4, 30)).detail == "2026-03-24"
    assert refused(10_000, date(2026, 3, 13)).detail == "37500"
    assert refused(150_000, date(2026, 3, 8)).rule == "promise.past"


def test_the_third_promise_of_an_episode_is_no_machines_to_take() -> None:
    person = owing()
    person = replace(person, episodes=tuple(replace(one, broken_promises=2) for one in person.episodes))
    answer = agreeing.promises(person, PAGE, BOOK, NOW, 150_000, date(2026, 3, 13))

    assert isinstance(answer, Refusal)
    assert answer.rule == "promise.too_many_broken"


@given(
    amount=st.integers(5_000, 10**9),
    interest=st.integers(0, 10**6),
    instalments=st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True),
    down=st.integers(0, 100),
    discount=st.integers(0, 100),
    floor=st.integers(0, 100),
    every=st.integers(1, 31),
)
def test_every_offer_adds_up_to_the_cent_and_never_goes_under_its_floor(
    amount: int, interest: int, instalments: list[int], down: int, discount: int, floor: int, every: int
) -> None:
    policy = OfferPolicy(
        "any",
        tuple(instalments),
        every_days=every,
        min_down_share=down,
        discount_share=discount,
        floor_share=floor,
    )
    book = with_strategy(offers=(policy,))
    for offer in agreeing.plan_offers(owing(amount, interest, book), book, NOW):
        owed = amount + interest
        days = [part.due_on for part in offer.parts]
        assert offer.total + offer.discount == owed == offer.owed
        assert offer.total * 100 >= owed * floor
        assert offer.discount <= interest
        assert all(part.amount > 0 for part in offer.parts)
        assert len(offer.parts) == 1 or offer.parts[0].amount * 100 >= offer.total * down
        assert days == sorted(days)
        assert all(day.weekday() < 5 and day > NOW.date() for day in days)
        assert all(part.judged_on > part.due_on for part in offer.parts)


@given(st.data())
def test_nobody_can_agree_what_policy_did_not_compute(data: st.DataObject) -> None:
    person = owing()
    mine = {one.id for one in agreeing.plan_offers(person, BOOK, NOW)}
    every = {one.id: one for one in agreeing.plan_offers(person, BOOK, NOW, Authority.CREDITOR)}
    asked = data.draw(st.sampled_from([*every, "o000000000000000", ""]) | st.text(max_size=20))
    answer = agreeing.chooses_plan(person, PAGE, BOOK, NOW, asked)

    if asked in mine:
        agreed = [one.plan.offer for one in answer if isinstance(one, PlanAgreed)]  # type: ignore[union-attr]
        assert agreed == [every[asked]]
    else:
        assert isinstance(answer, Refusal)


def chosen(person: Debtor) -> tuple[Debtor, PlanOffer]:
    offer = agreeing.plan_offers(person, BOOK, NOW)[0]
    return after(person, agreeing.chooses_plan(person, PAGE, BOOK, NOW, offer.id)), offer


def test_a_supervisors_offer_is_not_the_machines_to_make() -> None:
    assert {one.policy for one in agreeing.plan_offers(owing(interest=20_000), BOOK, NOW)} == {"halves"}
    seen = agreeing.plan_offers(owing(interest=20_000), BOOK, NOW, Authority.SUPERVISOR)
    assert {one.policy for one in seen} == {"halves", "kinder"}


def test_an_offer_shown_yesterday_still_stands_and_one_whose_debt_changed_does_not() -> None:
    offer = agreeing.plan_offers(owing(), BOOK, NOW)[0]
    shown = after(owing(), (ConversationMoved(Conversation(offers=(offer,))),))
    tomorrow = NOW + timedelta(days=1)
    cheaper = replace(shown, debts=(replace(debt(), amounts=Amounts(principal=90_000)),))

    assert not isinstance(agreeing.chooses_plan(shown, PAGE, BOOK, tomorrow, offer.id), Refusal)
    assert isinstance(agreeing.chooses_plan(cheaper, PAGE, BOOK, tomorrow, offer.id), Refusal)
    late = offer.expires_at + timedelta(seconds=1)
    assert isinstance(agreeing.chooses_plan(shown, PAGE, BOOK, late, offer.id), Refusal)


def test_while_a_plan_is_open_nobody_is_chased_and_no_second_plan_is_offered() -> None:
    person, offer = chosen(owing())
    decision = decide(person, BOOK, NOW)

    assert isinstance(decision, Wait)
    assert decision.refusals[0].rule == "plan.open"
    assert agreeing.plan_offers(person, BOOK, NOW) == ()
    assert min(timers(person, BOOK, NOW)) > NOW
    assert agreeing.chooses_plan(person, replace(PAGE, ident="again"), BOOK, NOW, offer.id) == ()


def test_an_open_promise_gives_way_to_the_plan() -> None:
    person = after(owing(), agreeing.promises(owing(), PAGE, BOOK, NOW, 150_000, date(2026, 3, 13)))
    person, _ = chosen(person)

    assert [one.status for one in person.promises] == [PromiseStatus.VOID]


def paid(person: Debtor, amount: int, at: object) -> Debtor:
    posted = Payment(f"standard#{at}", "muebles/A1", amount, "MXN", at)  # type: ignore[arg-type]
    return apply(person, PaymentPosted(posted), at)  # type: ignore[arg-type]


def test_a_plan_is_followed_part_by_part_to_its_end() -> None:
    person, offer = chosen(owing())
    for number, part in enumerate(offer.parts, 1):
        at = NOW.replace(year=part.due_on.year, month=part.due_on.month, day=part.due_on.day)
        person = paid(person, part.amount, at)
        feed = {"muebles": at.date()}
        person, _ = settled(replace(person, feeds=feed), BOOK, at + timedelta(hours=1))
        assert person.plans[0].paid == sum(one.amount for one in offer.parts[:number])

    assert person.plans[0].status is PlanStatus.KEPT


def test_a_missed_part_breaks_the_plan_and_the_debt_resumes_at_todays_stage() -> None:
    person, _offer = chosen(owing())
    late = NOW + timedelta(days=10)
    person = replace(person, feeds={"muebles": late.date()})
    person, _facts = settled(person, BOOK, late)
    decision = decide(person, BOOK, late)

    assert person.plans[0].status is PlanStatus.BROKEN
    assert person.episodes[0].broken_promises == 1
    assert isinstance(decision, Contact)
    assert decision.dpd == (late.date() - date(2026, 3, 4)).days
    assert decision.step.step == "second"
    assert agreeing.plan_offers(person, BOOK, late) == ()  # the next one a person offers


def test_a_broken_promise_resumes_at_the_stage_of_that_day_and_not_where_it_stopped() -> None:
    person = owing()
    made = agreeing.promises(person, PAGE, BOOK, NOW, 150_000, date(2026, 3, 13))
    person = after(person, made)
    assert isinstance(made, tuple)
    (promise,) = [one.promise for one in made if isinstance(one, PromiseMade)]
    late = NOW + timedelta(days=10)
    person, _ = settled(replace(person, feeds={"muebles": late.date()}), BOOK, late)
    decision = decide(person, BOOK, late)

    assert promise.judged_on < late.date()
    assert person.promises[0].status is PromiseStatus.BROKEN
    assert isinstance(decision, Contact)
    assert decision.step.step == "second"


def test_an_offer_ends_with_its_first_date_and_nobody_agrees_to_one_that_has_passed() -> None:
    soon = with_strategy(offers=(replace(HALVES, first_within_days=1, valid_business_days=3),))
    person = owing(book=soon)
    (offer, *_) = agreeing.plan_offers(person, soon, NOW)

    assert (offer.parts[0].due_on, offer.expires_at) == (
        date(2026, 3, 10),
        datetime(2026, 3, 11, 6, tzinfo=UTC),
    )

    older = replace(offer, expires_at=NOW + timedelta(days=5))  # as releases before this one offered it
    person = replace(person, conversation=Conversation(offers=(older,)))
    late = agreeing.chooses_plan(person, PAGE, soon, NOW + timedelta(days=2), offer.id)
    assert isinstance(late, Refusal)


def test_a_plan_is_kept_by_money_for_its_own_debts_alone() -> None:
    person = owing(interest=20_000)
    (offer,) = [
        one for one in agreeing.plan_offers(person, BOOK, NOW, Authority.SUPERVISOR) if one.policy == "kinder"
    ]
    person = after(person, agreeing.chooses_plan(person, PAGE, BOOK, NOW, offer.id, Authority.SUPERVISOR))
    later = NOW + timedelta(days=1)
    for fact in (
        DebtRecorded(debt("N9", amount=offer.total)),
        PaymentPosted(Payment("standard#9", "muebles/N9", offer.total, "MXN", later)),
    ):
        person = apply(person, fact, later)
    person, _ = settled(person, BOOK, later)

    assert (person.plans[0].status, person.plans[0].paid) == (PlanStatus.OPEN, 0)


def test_whoever_kept_every_date_stays_under_the_plan_until_its_last() -> None:
    """Of 24 parts 23 are more than 95 per cent: the last may come on its date all the same."""
    long = with_strategy(offers=(OfferPolicy("long", (24,), every_days=30, first_within_days=3),))
    person = owing(240_000, book=long)
    (offer,) = agreeing.plan_offers(person, long, NOW)
    person = after(person, agreeing.chooses_plan(person, PAGE, long, NOW, offer.id))
    for number, part in enumerate(offer.parts[:-1], 1):
        at = datetime.combine(part.due_on, time(18), UTC)
        money = Payment(f"standard#{number}", "muebles/A1", part.amount, "MXN", at)
        person = apply(apply(person, PaymentPosted(money), at), FeedRead("muebles", part.due_on, "file"), at)
        person, _ = settled(person, long, at)
        person = compact(person, at)

    assert [(one.status, one.paid) for one in person.plans] == [(PlanStatus.OPEN, 230_000)]


def test_a_plan_that_was_broken_late_is_not_forgotten_while_its_episode_is_open() -> None:
    six = with_strategy(offers=(OfferPolicy("six", (6,), every_days=30, first_within_days=3),))
    person = owing(240_000, book=six)
    (offer,) = agreeing.plan_offers(person, six, NOW)
    person = after(person, agreeing.chooses_plan(person, PAGE, six, NOW, offer.id))
    late = NOW + timedelta(days=200)
    person, _ = settled(apply(person, FeedRead("muebles", late.date(), "file"), late), six, late)
    person = compact(person, late)

    assert [one.status for one in person.plans] == [PlanStatus.BROKEN]
    assert agreeing.plan_offers(person, six, late) == ()


def test_a_part_that_was_a_little_short_keeps_nobody_from_being_reminded_of_the_next() -> None:
    person = owing()
    (offer, *_) = agreeing.plan_offers(person, BOOK, NOW)
    person = after(person, agreeing.chooses_plan(person, PAGE, BOOK, NOW, offer.id))
    first, second = offer.parts
    money = Payment("standard#1", "muebles/A1", first.amount - 100, "MXN", NOW + timedelta(days=1))
    person = apply(person, PaymentPosted(money), NOW + timedelta(days=1))
    later = datetime.combine(first.judged_on + timedelta(days=1), time(18), UTC)
    person, _ = settled(apply(person, FeedRead("muebles", later.date(), "file"), later), BOOK, later)

    assert (person.plans[0].status, person.plans[0].next_part()) == (PlanStatus.OPEN, second)


def test_who_offers_more_than_they_owe_promises_all_of_it_and_is_asked_for_what_is_left_of_it() -> None:
    person = after(owing(), agreeing.promises(owing(), PAGE, BOOK, NOW, 900_000, date(2026, 3, 13)))
    (made,) = person.promises
    assert (made.amount, left_of(person, made)) == (150_000, 150_000)

    paid = Payment("pi_1", "muebles/A1", 60_000, "MXN", NOW + timedelta(hours=1))
    person = after(person, (PaymentPosted(paid),))
    assert left_of(person, made) == 90_000

    lower = replace(person.debts[0], amounts=Amounts(principal=40_000))
    assert left_of(after(person, (DebtRecorded(lower),)), made) == 40_000


def asked(person: Debtor, now: datetime) -> int:
    """What the link in a message to them asks for."""
    today = today_of(person, BOOK, now)
    account = account_of(person, "muebles", "MXN", today)
    assert account is not None
    return asked_for(person, account).minor


def test_what_a_part_was_a_little_short_of_is_asked_for_with_the_next_and_whoever_pays_that_keeps_the_plan() -> (
    None
):
    person, offer = chosen(owing())
    first, second = offer.parts
    person = paid(person, first.amount * 96 // 100, NOW + timedelta(days=1))
    between = datetime.combine(first.judged_on + timedelta(days=1), time(18), UTC)
    person, _ = settled(apply(person, FeedRead("muebles", between.date(), "file"), between), BOOK, between)
    left = offer.total - first.amount * 96 // 100

    assert (first.amount, person.plans[0].next_part()) == (75_000, second)
    assert (person.plans[0].left_of_next(), asked(person, between)) == (left, left) == (78_000, 78_000)

    person, _ = settled(paid(person, left, between), BOOK, between)
    assert person.plans[0].status is PlanStatus.KEPT
    assert person.plans[0].left_of_next() == 0


def test_what_came_of_a_promise_is_not_asked_for_again() -> None:
    person = after(owing(), agreeing.promises(owing(), PAGE, BOOK, NOW, 100_000, date(2026, 3, 16)))
    later = NOW + timedelta(days=1)
    person, _ = settled(paid(person, 60_000, later), BOOK, later)

    assert asked(person, later) == left_of(person, person.promises[0]) == 40_000


ONCE = OfferPolicy("once", (1,), first_within_days=3, discount_share=20, floor_share=80)
KIND = with_strategy(offers=(ONCE,))


def with_interest(ref: str = "A1", principal: int = 120_000, interest: int = 30_000) -> Debt:
    return replace(debt(ref), amounts=Amounts(principal=principal, interest=interest))


def kept(*debts: Debt, share: int = 100) -> Debtor:
    """Who paid so much of what they agreed, a fifth being waived; the task that asks for its writing off is done."""
    person = settled(debtor(*(debts or (with_interest(),))), KIND, NOW)[0]
    (offer,) = agreeing.plan_offers(person, KIND, NOW)
    assert offer.discount * 5 == offer.owed
    person = after(person, agreeing.chooses_plan(person, PAGE, KIND, NOW, offer.id))
    later = NOW + timedelta(days=1)
    left = offer.total * share // 100
    for one in person.debts:
        amount = min(left, one.outstanding.minor)
        left -= amount
        posted = Payment("standard#1", one.key, amount, "MXN", later, split=take(one, amount))
        person = apply(person, PaymentPosted(posted), later)
    person = filed(person, NOW + timedelta(days=9))
    assert [one.status for one in person.plans] == [PlanStatus.KEPT]
    for task in person.open_tasks():
        person = apply(person, TaskClosed(task.id, "done"), later)
    return filed(person, NOW + timedelta(days=9))


def filed(person: Debtor, at: datetime, *debts: Debt) -> Debtor:
    """After the creditor's file of that day, which has these debts so."""
    for one in debts:
        person = apply(person, DebtRecorded(replace(one, calculated_on=at.date())), at)
    return settled(apply(person, FeedRead("muebles", at.date(), "file"), at), KIND, at)[0]


def due(person: Debtor, at: datetime) -> list[int]:
    """What the page has of each creditor to pay now."""
    return [one.total.minor for one in accounts(person, today_of(person, KIND, at))]


def rules_against(person: Debtor, at: datetime) -> list[str]:
    found = voices(person, KIND, today_of(person, KIND, at))
    return [why.rule for voice in found for _, why in voice.refused]


AFTER = NOW + timedelta(days=9)


def test_what_a_kept_plan_waived_is_asked_for_by_nobody_until_the_creditor_writes_it_off() -> None:
    person = kept()
    (refusal,) = [why for _, why in next(voices(person, KIND, today_of(person, KIND, AFTER))).refused]

    assert person.debts[0].outstanding.minor == 30_000
    assert not isinstance(decide(person, KIND, AFTER), Contact)
    assert (refusal.rule, refusal.source) == ("plan.kept", "PRACTICE: Money")
    assert "write" in refusal.change
    assert due(person, AFTER) == [0]
    assert [balance_after(person, one).minor for one in thanks_for(person, person.payments)] == [0]
    assert [one.closed_why for one in person.episodes] == ["cured"]
    assert agreeing.plan_offers(person, KIND, AFTER) == ()
    assert isinstance(agreeing.promises(person, PAGE, KIND, AFTER, 30_000, date(2026, 3, 20)), Refusal)


def test_who_kept_a_plan_a_little_short_is_not_asked_for_what_was_waived_either() -> None:
    person = kept(share=96)

    assert person.debts[0].outstanding.minor == 34_800
    assert (due(person, AFTER), rules_against(person, AFTER)) == ([0], ["plan.kept"])


def test_what_a_plan_waived_of_several_debts_is_compared_with_what_is_left_of_them_together() -> None:
    person = kept(with_interest("A1", 60_000, 15_000), with_interest("B2", 60_000, 15_000))

    assert [one.outstanding.minor for one in person.debts] == [0, 30_000]
    assert (due(person, AFTER), rules_against(person, AFTER)) == ([0], ["debt.paid", "plan.kept"])
    more = filed(person, AFTER, replace(person.debts[1], amounts=Amounts(interest=31_000)))
    assert due(more, AFTER) == [31_000]


def test_a_new_charge_beside_what_was_waived_is_asked_for() -> None:
    person = filed(kept(), AFTER, with_interest(principal=20_000))

    assert due(person, AFTER) == [50_000]
    assert rules_against(person, AFTER) == []
    assert [one.closed_why for one in person.episodes] == ["cured", ""]


def test_another_debt_of_who_kept_a_plan_is_asked_for_alone() -> None:
    person = filed(kept(), AFTER, debt("N9", amount=40_000))
    decision = decide(person, KIND, AFTER)
    beside = spoken_voice(person, KIND, today_of(person, KIND, AFTER), "muebles", "MXN")

    assert due(person, AFTER) == [40_000]
    assert beside is not None
    assert [one.ref for one in beside.debts] == ["N9"]
    assert isinstance(decision, Contact)
    assert (decision.debts, decision.due.minor) == (("muebles/N9",), 40_000)


def test_what_a_file_asks_for_after_it_was_settled_was_waived_by_no_plan() -> None:
    person = kept()
    nothing = replace(person.debts[0], amounts=Amounts(), status=DebtStatus.PAID)
    person = filed(person, AFTER, nothing)
    anew = filed(person, AFTER + timedelta(days=1), replace(debt(), amounts=Amounts(principal=20_000)))

    assert due(anew, AFTER + timedelta(days=1)) == [20_000]


def test_what_was_taken_out_of_our_hands_and_comes_back_is_still_waived() -> None:
    away = apply(kept(), DebtStatusChanged("muebles/A1", DebtStatus.RECALLED), AFTER)
    away = compact(away, AFTER + timedelta(days=200))
    back = apply(away, DebtStatusChanged("muebles/A1", DebtStatus.ACTIVE), AFTER + timedelta(days=200))

    assert due(back, AFTER + timedelta(days=200)) == [0]


def test_a_plan_is_remembered_for_as_long_as_what_it_waived_stands_in_the_creditors_file() -> None:
    late = AFTER + timedelta(days=400)
    person = compact(filed(kept(), late), late)

    assert (due(person, late), rules_against(person, late)) == ([0], ["plan.kept"])
    assert not isinstance(decide(person, KIND, late), Contact)
    nothing = replace(person.debts[0], amounts=Amounts(), status=DebtStatus.PAID)
    assert compact(filed(person, late, nothing), late).plans == ()


def test_money_for_another_debt_pays_nothing_of_what_was_waived() -> None:
    person = filed(kept(), AFTER, debt("N9", due_on=date(2026, 3, 6), amount=40_000))
    first, other = person.debts

    for rule in ("oldest", "named_then_oldest"):
        given = shares(person.debts, other, 40_000, rule, waived(person))
        assert given == (("muebles/N9", 40_000),)
    assert shares(person.debts, first, 40_000, "oldest", waived(person)) == (("muebles/N9", 40_000),)
    assert shares(person.debts, first, 30_000, "named", waived(person)) == (("muebles/A1", 30_000),)
