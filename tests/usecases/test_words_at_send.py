"""A message is read by the law as the person will read it: what a portfolio slipped into it is never sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recobro.domain import facts as f
from recobro.domain.channel import Channel, Kind
from recobro.domain.conversation import Reply
from recobro.domain.decide import decide
from recobro.domain.decision import Contact
from recobro.domain.lawful_words import words_refused
from recobro.domain.playbook import Switches
from recobro.domain.settle import settled
from recobro.domain.template import Part
from recobro.domain.wording import compose
from recobro.house import House
from recobro.law.rule import Rule
from recobro.usecases.explain import explain
from recobro.usecases.rehearse import rehearse
from recobro.usecases.saving import change
from recobro.usecases.send import Outcome, send
from recobro.usecases.tasks import close
from tests.house import Clock, PretendCarrier, house, settle_in, standing
from tests.sample import AMINTA, MONDAY_NOON_MX, debt, debtor, email, playbook

DIRTY = debt(product="Mueble con orden de embargo")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock) as opened:
        settle_in(opened, debtor(DIRTY, points=(email(),)))
        yield opened


def sent(home: House, carrier: PretendCarrier) -> Outcome:
    return send(home, carrier, "email", AMINTA, home.now() + timedelta(minutes=15), Switches)


def test_a_product_name_that_threatens_is_refused_with_its_rule_and_nothing_is_sent(home: House) -> None:
    carrier = PretendCarrier()
    outcome = sent(home, carrier)
    assert (outcome.result, outcome.reason) == ("refused", "mx-no-judicial-lookalike")
    assert carrier.asked == []
    assert standing(home, AMINTA).attempts == ()


def test_a_person_is_asked_to_read_it_and_until_then_the_machine_keeps_quiet(home: House) -> None:
    sent(home, PretendCarrier())
    (task,) = standing(home, AMINTA).open_tasks()
    assert (task.reason, task.creditor) == ("words_refused", "muebles")
    again = PretendCarrier()
    assert sent(home, again).reason == "task.open"
    assert again.asked == []
    assert len(list(standing(home, AMINTA).open_tasks())) == 1


def test_explain_names_rule_article_and_words_before_and_after(home: House) -> None:
    for _ in range(2):
        found = explain(home, AMINTA)
        assert found.result == "stop"
        assert {one.rule for one in found.words} == {"mx-no-judicial-lookalike"}
        assert all("DOF 7-oct-2014" in one.source for one in found.words)
        assert "leave out “orden de embargo”" in found.change
        sent(home, PretendCarrier())


def test_once_the_words_are_corrected_and_the_task_is_closed_it_is_sent(home: House) -> None:
    sent(home, PretendCarrier())
    (task,) = standing(home, AMINTA).open_tasks()
    clean = replace(DIRTY, product="Mueble")
    change(home, AMINTA, lambda debtor, now: (f.DebtRecorded(clean),))
    close(home, AMINTA, task.id, "done")
    assert sent(home, PretendCarrier()).result == "sent"


def test_closing_the_task_without_a_correction_opens_another(home: House) -> None:
    sent(home, PretendCarrier())
    (task,) = standing(home, AMINTA).open_tasks()
    close(home, AMINTA, task.id, "done")
    assert sent(home, PretendCarrier()).result == "refused"
    ids = [task.id for task in standing(home, AMINTA).tasks]
    assert len(ids) == len(set(ids)) == 2


def test_a_rehearsal_counts_it_among_what_cannot_be_said(home: House) -> None:
    done = rehearse(home, home.now())
    assert done.contacts == 0
    assert [words for words in done.unsendable if "mx-no-judicial-lookalike" in words]


def test_a_required_item_whose_variable_turned_out_empty_is_missed(clock: Clock) -> None:
    """The creditor has lost its complaint unit from the client file: in Mexico the first contact must name it."""
    book = playbook()
    brands = tuple(replace(one, complaint_unit="") for one in book.client.brands)
    with house(clock, book=replace(book, client=replace(book.client, brands=brands))) as home:
        settle_in(home, debtor(points=(email(),)))
        assert sent(home, PretendCarrier()).reason == "mx-first-contact"
        assert explain(home, AMINTA).words[0].detail == "creditor_complaint_unit"


def test_words_that_become_unlawful_tomorrow_go_out_today_and_not_tomorrow(clock: Clock) -> None:
    """Half open at local midnight in Mexico City, whatever the hour in London."""
    book = playbook()
    pack = book.packs["MX"]
    tomorrow = date(2026, 3, 10)

    def later(rule: Rule) -> Rule:
        return rule.but(since=tomorrow) if rule.id == "mx-no-judicial-lookalike" else rule

    changed = pack.but(forbidden=tuple(later(rule) for rule in pack.forbidden))
    book = replace(book, packs={**book.packs, "MX": changed})
    assert MONDAY_NOON_MX.date() < tomorrow
    for days, result in ((0, "sent"), (1, "refused")):
        with house(Clock(MONDAY_NOON_MX + timedelta(days=days)), book=book) as home:
            settle_in(home, debtor(DIRTY, points=(email(),)))
            assert sent(home, PretendCarrier()).result == result


def owed(home: House, ident: str, words: str) -> None:
    """An answer that we owe by e-mail."""
    now, (point,) = home.now(), standing(home, AMINTA).points
    kind = Kind.REPLY_TO_INBOUND
    reply = Reply(ident, words, Channel.EMAIL, point.id, kind, "muebles", now, now + timedelta(hours=23))
    change(home, AMINTA, lambda debtor, now: (f.ReplyOwed(reply),))


@pytest.mark.parametrize("words", ["reply_nobody_wrote", "reply_is_it_that_day"])
def test_an_answer_for_which_words_are_missing_waits_for_a_person_and_what_is_behind_it_goes_out(
    clock: Clock, words: str
) -> None:
    """It was tried again and again for as long as it was owed, and nothing else was said meanwhile."""
    with house(clock) as home:
        settle_in(home, debtor(points=(email(),)))
        owed(home, "in-1", words)
        owed(home, "in-2", "reply_menu")
        carrier = PretendCarrier()
        first, second = sent(home, carrier), sent(home, carrier)
        (task,) = standing(home, AMINTA).open_tasks()
        found = explain(home, AMINTA)

    assert (first.result, first.reason) == ("refused", "words.missing")
    assert second.result == "sent"
    assert "asistente" in carrier.asked[0].body
    assert task.reason == "words_refused"
    assert {one.rule for one in found.words} == {"words.missing"}


def test_a_country_nobody_compiled_for_is_read_by_the_strict_default_aloud(clock: Clock) -> None:
    book = playbook()
    late = book.templates["late.es"]
    rude = Part(
        "Último aviso, {given_name}: {link}", subject="De {creditor_name}", preview="De {creditor_name}"
    )
    book = replace(
        book, templates={**book.templates, "late.es": replace(late, parts={"email": rude}, carries_notice=())}
    )
    person, _ = settled(debtor(points=(email(),)), book, MONDAY_NOON_MX)
    contact = decide(person, book, MONDAY_NOON_MX)
    assert isinstance(contact, Contact)
    abroad = replace(person, profile=replace(person.profile, country="TW"))
    message = compose(
        abroad,
        contact,
        book,
        today=date(2026, 3, 9),
        link="https://x",
        now=datetime(2026, 3, 9, 18, tzinfo=UTC),
    )
    refused = words_refused(message, abroad, contact, book, date(2026, 3, 9))
    assert {one.source for one in refused} == {"no pack for TW: strict default, our own caution"}
    assert any("ultimo aviso" in one.detail for one in refused)
