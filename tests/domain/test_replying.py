"""Who asks is answered at once, at whatever hour they chose; an answer that could not go then waits for a decent one."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from infra.playbook.laws import packs_of
from recobro.codec import from_plain, to_plain
from recobro.domain import agreeing
from recobro.domain.acting import Statement
from recobro.domain.channel import Channel, Kind
from recobro.domain.client import Limits
from recobro.domain.confirming import agreed_in_writing
from recobro.domain.contact_point import Level, PointKind
from recobro.domain.conversation import IDENTIFIED_FOR, Conversation, Reply
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Stop, Wait
from recobro.domain.facts import ReplyOwed
from recobro.domain.fold import apply
from recobro.domain.plan import PlanStatus
from recobro.domain.playbook import Playbook, Switches
from recobro.domain.refusal import Refusal
from recobro.domain.wording import most_revealed, part_of
from recobro.law.choose import CLIENT
from tests.domain.test_agreeing import BOOK, PAGE, after, owing
from tests.sample import MONDAY_NOON_MX as NOON
from tests.sample import phone

LATE = datetime(2026, 3, 10, 5, 0, tzinfo=NOON.tzinfo)
"""23:00 in Mexico City."""


def agreed(now: datetime, person: Debtor | None = None) -> Debtor:
    person = person or owing()
    offer = agreeing.plan_offers(person, BOOK, now)[0]
    return after(person, agreed_in_writing(person, PAGE, BOOK, now, offer.id), now)


def test_who_agrees_late_at_night_has_it_in_writing_at_once() -> None:
    said = decide(agreed(LATE), BOOK, LATE)

    assert isinstance(said, Contact)
    assert said.kind is Kind.AGREEMENT_COPY


def test_a_copy_that_could_not_go_at_once_wakes_nobody() -> None:
    said = decide(agreed(LATE), BOOK, LATE + timedelta(hours=2))

    assert isinstance(said, Wait)
    assert said.until.astimezone(NOON.tzinfo).hour in range(13, 16)  # from seven to ten in the morning there
    assert isinstance(decide(agreed(LATE), BOOK, said.until), Contact)


def test_no_limit_of_the_clients_own_keeps_an_agreement_from_who_made_it() -> None:
    """Who was written to in the morning and agreed at noon waited for the copy until the next day (demonstration, seed 7)."""
    client = replace(BOOK.client, limits=Limits(max_per_day=1, opens=time(15), closes=time(16)))
    book = replace(BOOK, client=client, packs={**BOOK.packs, CLIENT: packs_of(client)[CLIENT]})

    assert not isinstance(decide(owing(), book, NOON), Contact)
    said = decide(agreed(NOON), book, NOON)
    assert isinstance(said, Contact)
    assert said.kind is Kind.AGREEMENT_COPY


def test_an_agreement_that_is_over_is_written_down_no_more() -> None:
    person = agreed(NOON)
    over = replace(person, plans=tuple(replace(one, status=PlanStatus.VOID) for one in person.plans))
    said = decide(over, BOOK, NOON)

    assert isinstance(decide(person, BOOK, NOON), Contact)
    assert not isinstance(said, Contact) or said.kind is not Kind.AGREEMENT_COPY


def test_a_copy_that_an_older_record_owes_without_a_currency_goes_out_all_the_same() -> None:
    person = agreed(NOON)
    (reply,) = person.replies
    plain = to_plain(reply)
    assert plain.pop("currency") == "MXN"
    older = replace(person, replies=(from_plain(Reply, plain),))
    said = decide(older, BOOK, NOON)

    assert isinstance(said, Contact)
    assert said.kind is Kind.AGREEMENT_COPY
    assert said.due.currency == "MXN"


def test_a_copy_that_waited_goes_nowhere_where_others_turned_out_to_have_the_mailbox() -> None:
    person = agreed(NOON)
    others_too = replace(person, points=tuple(one.shared for one in person.points))

    assert isinstance(decide(person, BOOK, NOON), Contact)
    assert not isinstance(decide(others_too, BOOK, NOON), Contact)


def test_an_answer_that_waited_tells_no_more_than_the_mailbox_may_hear_by_now() -> None:
    person = apply(
        owing(),
        ReplyOwed(
            replace(reply_at(NOON, Channel.EMAIL, "p2"), words="reply_handed_over", level=Level.ADDRESSED)
        ),
        NOON,
    )
    others_too = replace(person, points=tuple(one.shared for one in person.points))
    said = decide(others_too, BOOK, NOON)
    assert isinstance(said, Contact)
    _, template, part, _ = part_of(others_too, said, BOOK, NOON)

    assert most_revealed(person, said, BOOK, NOON) is Level.ADDRESSED
    assert most_revealed(others_too, said, BOOK, NOON) is Level.NEUTRAL
    assert part == template.part_for(said.channel, Level.NEUTRAL)


def test_a_copy_whose_mailbox_others_turned_out_to_have_goes_to_an_address_of_ones_own() -> None:
    person = agreed(NOON)
    (reply,) = person.replies
    shared = tuple(one.shared if one.id == reply.point else one for one in allowed(person).points)
    others_too = replace(person, points=shared)
    said = decide(others_too, BOOK, NOON)

    assert isinstance(said, Contact)
    assert (said.kind, said.channel) == (Kind.AGREEMENT_COPY, Channel.WHATSAPP)
    assert said.point != reply.point
    assert most_revealed(others_too, said, BOOK, NOON) is Level.ADDRESSED


def test_a_copy_that_can_go_nowhere_says_why() -> None:
    person = agreed(NOON)
    others_too = replace(person, points=tuple(one.shared for one in person.points))
    said = decide(others_too, BOOK, NOON)

    assert isinstance(said, Wait | Stop)
    assert "agreement.no_own_point" in [one.rule for one in said.refusals]
    later = decide(others_too, BOOK, NOON + timedelta(days=6))
    assert isinstance(later, Wait | Stop)
    assert "agreement.no_own_point" not in [one.rule for one in later.refusals]


def test_a_copy_is_owed_by_a_channel_that_has_words_for_it_alone() -> None:
    """One owed by WhatsApp, for which a client had written none, was tried for five days, and everything else waited behind it."""
    words = BOOK.templates["agreement.es"]
    mailed = replace(words, parts={name: part for name, part in words.parts.items() if name != "whatsapp"})
    book = replace(BOOK, templates={**BOOK.templates, "agreement.es": mailed})
    here = Statement(Channel.WHATSAPP, "in-1", "p1")
    offer = agreeing.plan_offers(owing(), book, NOON)[0]

    def owed(person: Debtor, by: Playbook) -> list[Channel]:
        facts = agreed_in_writing(person, here, by, NOON, offer.id)
        assert not isinstance(facts, Refusal)
        return [one.reply.channel for one in facts if isinstance(one, ReplyOwed)]

    assert owed(allowed(owing()), BOOK) == [Channel.WHATSAPP]
    assert owed(allowed(owing()), book) == [Channel.EMAIL]
    assert owed(replace(owing(), points=(phone(authorised=(Channel.WHATSAPP,)),)), book) == []


def allowed(person: Debtor) -> Debtor:
    points = tuple(
        phone(authorised=(Channel.WHATSAPP,)) if one.kind is PointKind.PHONE else one for one in person.points
    )
    return replace(person, points=points)


def test_who_showed_who_they_are_is_told_details_for_as_long_as_that_holds() -> None:
    reply = replace(reply_at(NOON, Channel.SMS, "p1"), words="reply_handed_over", level=Level.IDENTIFIED)
    talk = Conversation(identified_at="p1", identified_until=NOON + IDENTIFIED_FOR)
    person = replace(apply(owing(), ReplyOwed(reply), NOON), conversation=talk)
    person = replace(person, points=tuple(one.shared for one in person.points))
    said = decide(person, BOOK, NOON)
    assert isinstance(said, Contact)

    assert most_revealed(person, said, BOOK, NOON) is Level.IDENTIFIED
    assert most_revealed(person, said, BOOK, NOON + IDENTIFIED_FOR) is Level.NEUTRAL


def asked(now: datetime, channel: Channel, point: str, expires: timedelta = timedelta(days=1)) -> Debtor:
    """Somebody wrote to us there."""
    return apply(owing(), ReplyOwed(reply_at(now, channel, point, expires)), now)


def reply_at(now: datetime, channel: Channel, point: str, expires: timedelta = timedelta(days=1)) -> Reply:
    return Reply(
        id="in-1",
        words="person",
        channel=channel,
        point=point,
        kind=Kind.REPLY_TO_INBOUND,
        creditor="muebles",
        asked_at=now,
        expires_at=now + expires,
    )


def answered(person: Debtor, now: datetime) -> bool:
    said = decide(person, BOOK, now)
    return isinstance(said, Contact) and said.kind is Kind.REPLY_TO_INBOUND


def test_a_late_answer_is_not_lost_where_no_other_contact_would_be_allowed() -> None:
    """In Mexico nobody who did not ask for it is written to by WhatsApp, but for an answer."""
    person = asked(NOON, Channel.WHATSAPP, "p1")

    assert answered(person, NOON)
    assert answered(person, NOON + timedelta(hours=2))


def test_a_late_answer_is_not_lost_for_the_sake_of_an_hour_that_comes_after_its_end() -> None:
    person = asked(LATE, Channel.EMAIL, "p2", timedelta(hours=6))

    assert answered(person, LATE + timedelta(hours=2))
    assert not answered(asked(LATE, Channel.EMAIL, "p2"), LATE + timedelta(hours=2))


def test_an_answer_for_which_no_money_is_left_keeps_no_reminder_back() -> None:
    person = asked(NOON, Channel.SMS, "p1")
    over = Switches(spent={"sms": Refusal("budget.sms", "client.toml", NOON + timedelta(days=20))})
    said = decide(person, BOOK, NOON, over)

    assert answered(person, NOON)
    assert isinstance(said, Contact)
    assert (said.kind, said.channel) == (Kind.COLLECTION, Channel.EMAIL)
