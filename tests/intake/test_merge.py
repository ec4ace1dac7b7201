"""What a file may change of a person's record, and what no file ever undoes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.domain.channel import Channel
from recobro.domain.client import Attestation, Client
from recobro.domain.contact_point import Level, PointKind, PointState
from recobro.domain.debt import Amounts, Debt, DebtStatus, Role
from recobro.domain.debtor import Debtor
from recobro.domain.facts import (
    ChannelStopped,
    ContactReported,
    DebtorOpened,
    DebtRecorded,
    DebtStatusChanged,
    Fact,
    FeedRead,
    HoldPlaced,
    PaymentHeard,
    PaymentPosted,
    PersonalChanged,
    PointChannelBlocked,
    PointRecorded,
    PointStateChanged,
    ProfileChanged,
    fact_from_plain,
    fact_to_plain,
)
from recobro.domain.fold import apply
from recobro.domain.hold import Hold, HoldReason
from recobro.domain.payment import Heard, Payment
from recobro.intake.merge import Merged, merge, missing
from recobro.intake.outcome import AcceptedRow, Allowance, ContactTold, PointGiven
from recobro.intake.places import zones_of
from tests.intake.given import KEYS, TODAY, accepted, client

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
PHONE = PointGiven(PointKind.PHONE, "+525512345678", "mobile")
POINT = KEYS.point(PHONE.value)


def row(**changes: object) -> AcceptedRow:
    return replace(
        accepted(RFC="GODE561231GR8", Nombre="Ana Ruiz"),
        **{"points": (PHONE,)} | changes,  # type: ignore[arg-type]
    )


def merged(
    debtor: Debtor | None,
    rows: Iterable[AcceptedRow],
    *,
    by: Client | None = None,
    as_of: date = TODAY,
    **more: object,
) -> Merged:
    return merge(
        debtor, list(rows), now=NOW, import_id="i1", feed_as_of=as_of, client=by or client(), keys=KEYS, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def after(debtor: Debtor | None, facts: Iterable[Fact], at: datetime = NOW) -> Debtor:
    found = debtor or Debtor("d")
    for fact in facts:
        found = apply(found, fact, at)
    return found


def known(*rows: AcceptedRow, by: Client | None = None) -> Debtor:
    """The debtor after a first file of those rows."""
    first = merged(None, rows or (row(),), by=by)
    return replace(after(first.debtor, first.facts), version=1)


def kinds(facts: Iterable[Fact]) -> list[type]:
    return [type(fact) for fact in facts]


def test_a_new_person_is_opened_with_points_and_debts() -> None:
    found = merged(None, [row()])
    assert kinds(found.facts) == [DebtorOpened, PointRecorded, DebtRecorded, FeedRead]
    assert found.debtor.id == row().debtor
    assert found.debtor.personal.name == "Ana Ruiz"
    assert found.debtor.personal.points == {POINT: "+525512345678"}
    assert found.rejects == ()


@pytest.mark.parametrize("line", ["shared", "work"])
def test_a_line_that_others_use_is_nobodys_own_whichever_row_is_read_first(line: str) -> None:
    theirs = row(points=(replace(PHONE, line=line, provenance="creditor"),))
    own = row(points=(replace(PHONE, provenance="creditor"),))

    for rows in ((own, theirs), (theirs, own)):
        point = known(*rows).point(POINT)
        assert point is not None
        assert (point.line, point.level) == (line, Level.NEUTRAL)


def test_no_fact_holds_personal_content() -> None:
    found = merged(None, [row(contact_name="Luz Mora")])
    plain = repr([fact_to_plain(fact) for fact in found.facts])
    assert all(word not in plain for word in ("Ana", "Ruiz", "5512345678", "GODE", "Luz"))


def test_the_same_file_again_changes_nothing() -> None:
    assert merged(known(), [row()]).facts == ()


def test_the_same_balances_in_tomorrows_file_say_only_that_they_are_fresh() -> None:
    tomorrow = TODAY + timedelta(days=1)
    found = merged(known(), [row(calculated_on=tomorrow)], as_of=tomorrow)
    assert found.facts == (FeedRead("acme", tomorrow, "i1"),)


def test_a_feed_is_only_as_fresh_as_its_oldest_balance() -> None:
    old = row(debt_ref="B", calculated_on=date(2026, 11, 20))
    assert FeedRead("acme", date(2026, 11, 20), "i1") in merged(None, [row(), old]).facts


def test_a_changed_balance_is_recorded() -> None:
    (fact,) = merged(known(), [row(amounts=Amounts(principal=4000))]).facts
    assert isinstance(fact, DebtRecorded)
    assert fact.debt.amounts.total == 4000


def test_who_paid_the_creditor_directly_has_the_quiet_days_of_a_payment() -> None:
    before, later = known(row(), row(debt_ref="B")), NOW + timedelta(days=1)
    lower = after(before, merged(before, [row(amounts=Amounts(principal=4000))]).facts, later)
    all_of_it = after(before, merged(before, [row(amounts=Amounts())]).facts, later)
    told_so = after(before, merged(before, [row(status=DebtStatus.PAID)]).facts, later)

    assert before.paid_at == {}
    assert [one.paid_at for one in (lower, all_of_it, told_so)] == [{"acme": later}] * 3


@pytest.mark.parametrize(
    "changes",
    [
        {"amounts": Amounts(principal=10001)},
        {"status": DebtStatus.RECALLED, "amounts": Amounts(principal=1)},
        {"status": DebtStatus.JUDICIAL, "amounts": Amounts(principal=1)},
        {"due_on": TODAY},
    ],
)
def test_what_is_owed_still_or_has_left_us_is_no_payment(changes: dict[str, object]) -> None:
    assert after(known(), merged(known(), [row(**changes)]).facts).paid_at == {}


def test_the_creditors_word_for_a_payment_that_we_posted_begins_no_second_quiet() -> None:
    paid = _paid(known(), 4000, NOW)
    tomorrow = TODAY + timedelta(days=1)
    same = row(calculated_on=tomorrow, amounts=Amounts(principal=6000))
    less = row(calculated_on=tomorrow, amounts=Amounts(principal=5000))
    later = NOW + timedelta(days=1)

    assert after(paid, merged(paid, [same], as_of=tomorrow).facts, later).paid_at == {"acme": NOW}
    assert after(paid, merged(paid, [less], as_of=tomorrow).facts, later).paid_at == {"acme": later}


def test_a_fact_of_before_files_showed_payments_reads_as_it_did() -> None:
    """The word is stored where it is true alone, so the facts of older records are what they were."""
    fallen = merged(known(), [row(amounts=Amounts(principal=4000))]).facts[0]
    risen = merged(known(), [row(amounts=Amounts(principal=10001))]).facts[0]

    assert fact_to_plain(fallen)["shows_payment"] is True
    assert "shows_payment" not in fact_to_plain(risen)
    assert fact_from_plain(fact_to_plain(risen)) == risen


def test_a_changed_status_is_a_fact_of_its_own() -> None:
    found = merged(known(), [row(status=DebtStatus.JUDICIAL)]).facts
    assert found == (DebtStatusChanged("acme/A-1", DebtStatus.JUDICIAL, "feed i1"),)


def test_a_balance_of_nothing_is_paid() -> None:
    found = after(known(), merged(known(), [row(amounts=Amounts())]).facts)
    assert found.debts[0].status is DebtStatus.PAID


def test_what_a_file_leaves_unsaid_stays() -> None:
    first = known(
        row(
            product="tarjeta",
            limitation_on=date(2030, 1, 1),
            tags=("vip",),
            attributes={"sex": "F"},
            language="pt",
        )
    )
    assert merged(first, [row()]).facts == ()


def test_a_name_that_differs_is_recorded_and_not_refused() -> None:
    found = merged(known(), [row(name="Ana María Ruiz")])
    assert kinds(found.facts) == [PersonalChanged]
    assert found.debtor.personal.name == "Ana María Ruiz"


def _paid(debtor: Debtor, amount: int, at: datetime) -> Debtor:
    return apply(debtor, PaymentPosted(Payment("g#1", "acme/A-1", amount, "MXN", at)), at)


def test_a_file_of_before_a_payment_does_not_bring_back_what_was_paid() -> None:
    paid = _paid(known(), 10000, NOW)
    assert paid.debts[0].status is DebtStatus.PAID
    found = merged(paid, [row()])
    assert found.facts == ()
    assert [(note.code, note.scope) for note in found.rejects] == [("debt.kept", "cell")]


def test_a_file_of_the_day_of_a_part_payment_keeps_the_lower_balance() -> None:
    part = _paid(known(), 4000, NOW)
    assert merged(part, [row()]).facts == ()
    lower = after(part, merged(part, [row(amounts=Amounts(principal=1000))]).facts)
    assert lower.debts[0].amounts.total == 1000


def test_the_creditors_balance_of_after_a_payment_wins() -> None:
    later = TODAY + timedelta(days=1)
    paid = _paid(known(), 10000, NOW)
    found = after(
        paid, merged(paid, [row(calculated_on=later, amounts=Amounts(fees=700))], as_of=later).facts
    )
    assert found.debts[0].status is DebtStatus.ACTIVE
    assert found.debts[0].amounts == Amounts(fees=700)


def test_the_day_of_a_payment_is_the_clients_day() -> None:
    """23:30 in Mexico City is already tomorrow in UTC."""
    evening = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
    paid = _paid(known(), 4000, evening)
    found = merged(paid, [row(amounts=Amounts(principal=9900), calculated_on=TODAY)])
    assert kinds(found.facts) == [DebtRecorded]


def test_yesterdays_file_that_arrives_today_changes_no_balance() -> None:
    found = merged(
        known(),
        [row(calculated_on=TODAY - timedelta(days=1), amounts=Amounts(principal=1))],
        as_of=TODAY - timedelta(days=1),
    )
    assert found.facts == ()
    assert found.rejects[0].code == "debt.outdated"


def test_a_recalled_debt_that_a_newer_file_names_is_ours_again() -> None:
    recalled = after(known(), [DebtStatusChanged("acme/A-1", DebtStatus.RECALLED)])
    later = TODAY + timedelta(days=1)
    found = after(recalled, merged(recalled, [row(calculated_on=later)], as_of=later).facts)
    assert found.debts[0].status is DebtStatus.ACTIVE


def test_a_dispute_that_the_person_raised_outlives_the_file() -> None:
    hold = Hold("h1", HoldReason.DISPUTE, NOW, "desk", debts=("acme/A-1",))
    disputed = after(known(), [HoldPlaced(hold), DebtStatusChanged("acme/A-1", DebtStatus.DISPUTED)])
    found = after(disputed, merged(disputed, [row(amounts=Amounts(principal=12000))]).facts)
    assert found.debts[0].status is DebtStatus.DISPUTED
    assert found.debts[0].amounts.total == 12000
    assert found.holds == (hold,)


def test_a_dispute_that_only_the_creditor_told_ends_when_the_creditor_says_so() -> None:
    told = known(row(status=DebtStatus.DISPUTED))
    assert after(told, merged(told, [row()]).facts).debts[0].status is DebtStatus.ACTIVE


def test_an_insolvency_that_we_were_told_of_outlives_the_file() -> None:
    hold = Hold("h1", HoldReason.INSOLVENCY, NOW, "desk")
    held = after(known(), [HoldPlaced(hold), DebtStatusChanged("acme/A-1", DebtStatus.INSOLVENT)])
    assert merged(held, [row()]).facts == ()


def test_a_suppressed_point_is_never_revived_by_a_feed() -> None:
    for state in (PointState.SUPPRESSED, PointState.BAD):
        stopped = after(known(), [PointStateChanged(POINT, state, "opt_out")])
        found = after(stopped, merged(stopped, [row(points=(replace(PHONE, provenance="debtor"),))]).facts)
        assert found.points[0].state is state
        assert found.points[0].reason == "opt_out"


def test_a_closed_channel_stays_closed() -> None:
    closed = after(
        known(), [PointChannelBlocked(POINT, Channel.SMS, "stop"), ChannelStopped("email", "stop")]
    )
    allowed = Allowance((Channel.SMS,), TODAY, "x")
    found = after(closed, merged(closed, [row(allowed=allowed)]).facts)
    assert found.points[0].blocked == (Channel.SMS,)
    assert not found.points[0].carries(Channel.SMS)
    assert found.stopped == ("email",)


def test_a_new_point_that_somebody_suppressed_arrives_suppressed() -> None:
    found = after(None, merged(None, [row()], suppressed={POINT: "opt_out"}).facts)
    assert found.points[0].state is PointState.SUPPRESSED
    again = after(known(), merged(known(), [row()], suppressed={POINT: "opt_out"}).facts)
    assert again.points[0].state is PointState.SUPPRESSED


def test_authorisations_are_added_and_never_silently_removed() -> None:
    first = known(row(allowed=Allowance((Channel.SMS,), date(2025, 1, 1), "contrato 1")))
    second = after(
        first,
        merged(
            first, [row(allowed=Allowance((Channel.WHATSAPP, Channel.EMAIL), date(2026, 1, 1), "app"))]
        ).facts,
    )
    assert [(one.channel, one.evidence) for one in second.points[0].authorisations] == [
        (Channel.SMS, "contrato 1"), (Channel.WHATSAPP, "app"),
    ]  # fmt: skip
    assert merged(second, [row(allowed=Allowance())]).facts == ()


def test_channels_that_the_creditor_says_are_closed_are_closed_once() -> None:
    found = merged(known(), [row(refused=("sms",))])
    assert found.facts == (ChannelStopped("sms", "creditor"),)
    assert merged(after(known(), found.facts), [row(refused=("sms",))]).facts == ()


ATTESTED = Attestation(
    "acme", date(2026, 1, 1), "J. Gerente", "debtor", (Channel.SMS, Channel.EMAIL), "contratos 2024"
)


def test_provenance_is_unknown_until_somebody_vouches_for_it() -> None:
    assert known().points[0].provenance == "unknown"
    assert known().points[0].level is Level.NEUTRAL
    vouched = known(by=client(attestations=[ATTESTED])).points[0]
    assert vouched.provenance == "debtor"
    assert vouched.level is Level.ADDRESSED
    assert vouched.authorised == {Channel.SMS}


def test_an_attestation_without_evidence_authorises_nothing() -> None:
    bare = replace(ATTESTED, evidence="")
    assert known(by=client(attestations=[bare])).points[0].authorisations == ()


def test_an_attestation_of_tomorrow_or_of_another_creditor_says_nothing() -> None:
    later = replace(ATTESTED, on=TODAY + timedelta(days=1))
    other = replace(ATTESTED, creditor="other")
    assert known(by=client(attestations=[later, other])).points[0].provenance == "unknown"


def test_the_rows_own_word_outweighs_the_attestation() -> None:
    by = client(attestations=[ATTESTED])
    traced = known(row(points=(replace(PHONE, provenance="skip_trace"),)), by=by).points[0]
    assert (traced.provenance, traced.authorisations) == ("skip_trace", ())
    nothing = known(row(allowed=Allowance()), by=by).points[0]
    assert nothing.authorisations == ()


def test_a_work_or_shared_line_is_never_addressed() -> None:
    for line in ("work", "shared"):
        given = replace(PHONE, line=line, provenance="debtor")
        assert known(row(points=(given,))).points[0].level is Level.NEUTRAL


def test_a_point_is_better_known_when_its_source_is_told() -> None:
    found = merged(known(), [row(points=(replace(PHONE, provenance="debtor"),))])
    assert kinds(found.facts) == [PointRecorded]
    assert after(known(), found.facts).points[0].level is Level.ADDRESSED


def test_several_rows_of_one_person_are_one_record() -> None:
    other = PointGiven(PointKind.EMAIL, "ana@example.com")
    found = known(row(), row(debt_ref="B", points=(PHONE, other)))
    assert [debt.ref for debt in found.debts] == ["A-1", "B"]
    assert len(found.points) == 2


def test_a_row_for_every_phone_of_one_debt_is_one_debt() -> None:
    other = replace(PHONE, value="+525587654321")
    found = merged(None, [row(row=2), row(row=3, points=(other,))])
    assert found.rejects == ()
    assert kinds(found.facts).count(DebtRecorded) == 1
    assert kinds(found.facts).count(PointRecorded) == 2


def test_instalments_are_parts_of_one_debt() -> None:
    parts = [
        row(instalment=n, due_on=date(2026, n, 5), amounts=Amounts(principal=1000, interest=n), row=n)
        for n in (3, 1, 2)
    ]
    debt = known(*parts).debts[0]
    assert debt.amounts == Amounts(principal=3000, interest=6)
    assert debt.due_on == date(2026, 1, 5)
    assert [(part.number, part.outstanding) for part in debt.instalments] == [(1, 1001), (2, 1002), (3, 1003)]
    assert merged(known(*parts), parts).facts == ()


def test_the_same_debt_said_twice_differently_is_a_conflict() -> None:
    found = merged(None, [row(row=2), row(row=3, amounts=Amounts(principal=1))])
    assert [(one.row_number, one.code) for one in found.rejects] == [(3, "conflict.twice")]
    assert after(None, found.facts).debts[0].amounts.total == 10000


def test_a_debt_of_somebody_else_is_a_conflict() -> None:
    found = merged(None, [row(), row(debt_ref="B", row=3)], principals={"acme/A-1": "d-other"})
    assert [(one.row_number, one.code) for one in found.rejects] == [(2, "conflict.principal")]
    assert [debt.ref for debt in after(None, found.facts).debts] == ["B"]
    guarantor = merged(None, [row(role=Role.GUARANTOR)], principals={"acme/A-1": "d-other"})
    assert guarantor.rejects == ()


def test_nobody_is_opened_by_rows_that_all_conflict() -> None:
    assert merged(None, [row()], principals={"acme/A-1": "d-other"}).facts == ()


def test_a_debt_keeps_its_currency_and_a_person_one_role_in_it() -> None:
    assert merged(known(), [row(currency="USD")]).rejects[0].code == "conflict.currency"
    assert merged(None, [row(), row(role=Role.GUARANTOR, row=3)]).rejects[0].code == "conflict.role"
    assert merged(None, [row(), row(instalment=1, row=3)]).rejects[0].code == "conflict.instalment"


def test_an_erased_person_is_not_brought_back() -> None:
    found = merged(replace(known(), is_erased=True), [row()])
    assert found.facts == ()
    assert found.rejects[0].code == "debtor.erased"


def test_a_debt_of_somebody_who_was_erased_brings_nobody_in_as_its_principal() -> None:
    erased = ("acme/A-1",)
    found = merged(None, [row(), row(debt_ref="B", row=3)], erased=erased)
    assert [(one.row_number, one.code) for one in found.rejects] == [(2, "debtor.erased")]
    assert [debt.ref for debt in after(None, found.facts).debts] == ["B"]
    assert merged(None, [row(role=Role.GUARANTOR)], erased=erased).rejects == ()


def test_more_debts_than_a_record_can_hold_are_refused_whole_and_known_ones_still_updated() -> None:
    debt = known().debts[0]
    many = replace(
        known(), debts=(debt, *(Debt(f"X{n}", "acme", "MXN", Amounts(1), TODAY, TODAY) for n in range(1999)))
    )
    found = merged(many, [row(amounts=Amounts(principal=5)), row(debt_ref="B", row=3)])
    assert [(one.row_number, one.code) for one in found.rejects] == [(3, "debt.too_many")]
    assert kinds(found.facts) == [DebtRecorded]


def test_what_a_full_file_does_not_name_is_listed_for_recall() -> None:
    two = known(row(), row(debt_ref="B"))
    assert [debt.ref for debt in missing(two, [row()], "acme")] == ["B"]
    assert missing(two, [row()], "other") == ()
    paid = after(two, [DebtStatusChanged("acme/B", DebtStatus.PAID)])
    assert missing(paid, [row()], "acme") == ()


def test_contacts_that_others_made_are_counted_once_and_old_ones_left_out() -> None:
    told = ContactTold(NOW - timedelta(days=2), Channel.VOICE, "creditor", "no_answer")
    found = merged(known(), [row(contact_told=told)])
    assert kinds(found.facts) == [ContactReported]
    assert merged(after(known(), found.facts), [row(contact_told=told)]).facts == ()
    assert merged(known(), [row(contact_told=replace(told, at=NOW - timedelta(days=90)))]).facts == ()


@pytest.mark.parametrize("written", ["", "20/11/2026"], ids=["an instant", "a day"])
def test_the_last_contact_that_every_row_of_a_person_tells_is_one_about_all_their_debts(written: str) -> None:
    told = ContactTold(NOW - timedelta(days=2), Channel.VOICE, "creditor", "no_answer", written)
    rows = [
        row(contact_told=told),
        row(debt_ref="B", contact_told=told),
        row(debt_ref="B", contact_told=told),
    ]
    person = known(*rows)

    assert [one.debts for one in person.attempts] == [("acme/A-1", "acme/B")]
    assert merged(person, rows[:1]).facts == ()
    more = after(person, merged(person, [*rows, row(debt_ref="C", contact_told=told)]).facts)
    assert [one.debts for one in more.attempts] == [("acme/A-1", "acme/B"), ("acme/C",)]


def test_a_last_contact_at_another_hour_or_with_another_end_is_another_contact() -> None:
    told = ContactTold(NOW - timedelta(days=2), Channel.VOICE, "creditor", "no_answer", "20/11/2026 09:00")
    person = known(row(contact_told=told))
    for other in (replace(told, written="20/11/2026 16:00"), replace(told, outcome="right_party")):
        person = after(person, merged(person, [row(contact_told=other)]).facts)

    assert len(person.attempts) == 3


def test_a_person_who_moved_lives_where_the_new_file_says() -> None:
    first = known(row(subdivision="JAL", zones=("America/Mexico_City",)))
    moved = merged(first, [row(subdivision="SON", zones=("America/Hermosillo",))])
    assert kinds(moved.facts) == [ProfileChanged]
    unplaced = row(subdivision="", zones=("America/Mexico_City", "America/Hermosillo", "America/Tijuana"))
    assert merged(first, [unplaced]).facts == ()


def test_two_places_in_one_file_are_both_respected() -> None:
    rows = [
        row(subdivision="JAL", zones=("America/Mexico_City",)),
        row(debt_ref="B", subdivision="SON", zones=("America/Hermosillo",)),
    ]
    profile = known(*rows).profile
    assert (profile.subdivision, profile.zones) == ("", ("America/Mexico_City", "America/Hermosillo"))


JAL: dict[str, Any] = {"subdivision": "JAL", "zones": ("America/Mexico_City",)}
SON: dict[str, Any] = {"subdivision": "SON", "zones": ("America/Hermosillo",)}
NOWHERE: dict[str, Any] = {"subdivision": "", "zones": zones_of("MX")}


def test_two_places_in_two_files_are_both_respected_until_a_file_tells_every_open_debt_anew() -> None:
    person = known(row(**JAL))
    person = after(person, merged(person, [row(debt_ref="B", **SON)]).facts)
    assert (person.profile.subdivision, person.profile.zones) == ("", JAL["zones"] + SON["zones"])
    for again in ([row(**JAL)], [row(debt_ref="B", **SON)], [row(**NOWHERE), row(debt_ref="B", **NOWHERE)]):
        assert ProfileChanged not in kinds(merged(person, again).facts), "the same places again"

    moved = after(person, merged(person, [row(**SON), row(debt_ref="B", **SON)]).facts)
    assert (moved.profile.subdivision, moved.profile.zones) == ("SON", SON["zones"])


def test_where_a_debt_that_is_paid_was_told_no_longer_counts() -> None:
    person = after(known(row(**JAL)), [DebtStatusChanged("acme/A-1", DebtStatus.PAID)])
    person = after(person, merged(person, [row(debt_ref="B", **SON)]).facts)

    assert (person.profile.subdivision, person.profile.zones) == ("SON", SON["zones"])


def test_a_first_place_is_taken_where_no_file_has_named_one_yet() -> None:
    person = known(row(**NOWHERE))
    person = after(person, merged(person, [row(debt_ref="B", **JAL)]).facts)

    assert (person.profile.subdivision, person.profile.zones) == ("JAL", JAL["zones"])


def test_a_zone_that_a_row_names_counts_beside_another_rows_state() -> None:
    zone = row(subdivision="", zones=("America/Tijuana",))
    profile = known(zone, row(debt_ref="B", **SON)).profile
    assert (profile.subdivision, profile.zones) == ("", ("America/Tijuana", "America/Hermosillo"))

    profile = known(row(**JAL), row(debt_ref="B", subdivision="", zones=JAL["zones"])).profile
    assert (profile.subdivision, profile.zones) == ("JAL", JAL["zones"]), "it says the same"


def test_two_states_whose_clocks_are_the_same_bind_together_however_often_one_is_told_again() -> None:
    everywhere = zones_of("US")
    person = known(row(country="US", subdivision="MA", zones=everywhere))
    for _ in range(2):
        florida = row(debt_ref="B", country="US", subdivision="FL", zones=everywhere)
        person = after(person, merged(person, [florida]).facts)
        assert person.profile.subdivision == "", "every state's law, since it may be either's"


def test_a_company_falls_under_commercial_law_unless_the_file_says_otherwise() -> None:
    assert known(row(kind="company")).profile.law == "commercial"
    assert known(row(kind="company", law="consumer")).profile.law == "consumer"
    assert known().profile.law == "unknown"


STATED = st.builds(
    lambda ref, total, status, line, provenance, instalment: row(
        debt_ref=ref, amounts=Amounts(principal=total), status=status, instalment=instalment,
        points=(replace(PHONE, line=line, provenance=provenance),),
    ),
    st.sampled_from("ABC"),
    st.integers(0, 500),
    st.sampled_from(DebtStatus),
    st.sampled_from(["mobile", "work", "unknown"]),
    st.sampled_from(["", "debtor", "skip_trace"]),
    st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(STATED, min_size=1, max_size=8), st.lists(STATED, min_size=1, max_size=8))
def test_whatever_a_file_says_saying_it_twice_adds_nothing(
    first: list[AcceptedRow], second: list[AcceptedRow]
) -> None:
    start = merged(None, first)
    before = replace(after(start.debtor, start.facts), version=1)
    once = merged(before, second)
    held = replace(after(once.debtor, once.facts), version=2)
    assert merged(held, second).facts == ()


def test_a_file_of_before_a_payment_that_was_only_noted_does_not_bring_back_what_was_paid() -> None:
    """Their first file had counted the money already; an older one comes after it, from among the dead letters."""
    joined = after(
        None, merged(None, [row(amounts=Amounts(), calculated_on=TODAY - timedelta(days=1))]).facts
    )
    noted = apply(joined, PaymentHeard(Heard("g#1", "acme/A-1", 1, "paid", captured=10_000, at=NOW)), NOW)
    found = merged(noted, [row(calculated_on=TODAY)])

    assert not [one for one in found.facts if isinstance(one, DebtRecorded)]
    assert [note.code for note in found.rejects] == ["debt.kept"]


def test_money_that_was_noted_and_went_back_keeps_no_balance_down() -> None:
    joined = after(
        None, merged(None, [row(amounts=Amounts(), calculated_on=TODAY - timedelta(days=1))]).facts
    )
    back = Heard("g#1", "acme/A-1", 2, "refunded", captured=10_000, returned=10_000, at=NOW)
    found = merged(apply(joined, PaymentHeard(back), NOW), [row(calculated_on=TODAY)])

    assert [one.debt.status for one in found.facts if isinstance(one, DebtRecorded)] == [DebtStatus.ACTIVE]
