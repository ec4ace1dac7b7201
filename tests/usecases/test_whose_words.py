"""Two sisters share a phone: what one of them writes is hers, and nobody hands it to the other."""

import json
from dataclasses import replace

import pytest

from infra.evidence.access_page import access_data, access_page
from infra.evidence.archive import archive
from infra.evidence.collecting import collected
from infra.evidence.verify_evidence import verify
from recobro.domain.channel import Channel
from recobro.domain.debt import DebtStatus
from recobro.domain.facts import ConversationMoved, DebtStatusChanged, MessageReceived, fact_to_plain
from recobro.house import House
from recobro.playbook_file import addresses
from recobro.ports import Content, Inbound
from recobro.usecases.erase import erase
from recobro.usecases.portal.history import all_held
from recobro.usecases.receive_message import receive_message
from recobro.usecases.rights import rights
from recobro.usecases.saving import Change, change
from recobro.usecases.thread import thread
from tests.house import standing
from tests.sample import AMINTA
from tests.usecases.test_receive_message import (
    PHONE,
    SISTER,
    bring_sister,
    give_number,
    message,
    wrote_to,
)

SHE_IS = "Soy Aminta Prueba, mi CURP termina XXA7"
IN_NEED = "me despidieron y tengo cáncer, no puedo pagar"


@pytest.fixture
def sisters(known: House) -> House:
    """Both owe, and Aminta was written to."""
    bring_sister(known)
    give_number(known, AMINTA)
    wrote_to(known, AMINTA)
    return known


@pytest.fixture
def heard(sisters: House) -> House:
    """Somebody asked what they owe; then Aminta showed who she is, and told why she can't pay."""
    message(sisters, "cuánto debo?")
    wrote_to(sisters, AMINTA, "who-writes")
    for words in (SHE_IS, IN_NEED):
        told = Inbound(f"in-{words}", "sms", PHONE, words, sisters.now())
        receive_message(sisters, told, raw=json.dumps({"body": words}))
    return sisters


def messages(home: House, who: str) -> list[MessageReceived]:
    history = home.ledger.history(who)
    return [one.fact for one in history if isinstance(one.fact, MessageReceived)]


def given(home: House, who: str) -> str:
    """All that this person gets who asks what we hold: the page, the data, and the file of their own page."""
    found, held = collected(home, who, for_the_person=True), rights(home, who)
    client = home.playbook.client
    page = access_page(found, held, client, home.now())
    data = [access_data(found, held, client), all_held(home, standing(home, who))]
    return page + json.dumps(data, ensure_ascii=False)


def recorded_long_ago(home: House, who: str, by: str, intent: str, words: str) -> None:
    """As an older release recorded what came from the phone that both have: without whose it is."""
    heard = MessageReceived(Channel.SMS, home.keys.point(PHONE), "7" * 32, intent)
    kept = Content("inbound", "", by, {"body": words, "id": "in-1"}, "7" * 32)
    change(home, who, lambda debtor, now: Change((heard,), (kept,)))


def test_what_one_of_two_at_a_phone_wrote_is_kept_with_her_alone(heard: House) -> None:
    hers, others = messages(heard, AMINTA)[-2:], messages(heard, SISTER)[-2:]

    assert [one.whose for one in hers] == ["own"] * 2
    assert [(one.whose, one.intent) for one in others] == [("another", "other")] * 2
    assert all(heard.ledger.content(AMINTA, one.content) is not None for one in hers)
    assert all(heard.ledger.content(SISTER, one.content) is None for one in others)
    assert len(list(heard.files.keys(f"heard/{AMINTA}/"))) == 2
    assert list(heard.files.keys(f"heard/{SISTER}/")) == []
    assert [one.by for one in thread(heard, standing(heard, SISTER))[:2]] == ["another"] * 2


def test_nobody_who_asks_what_we_hold_of_them_reads_another_s_words(heard: House) -> None:
    theirs = given(heard, SISTER)
    assert not any(one in theirs for one in ("XXA7", "Aminta", "cáncer", "hardship"))

    hers = given(heard, AMINTA)
    assert all(one in hers for one in (SHE_IS, IN_NEED))


def test_words_of_which_nobody_knows_who_wrote_them_are_given_to_neither_and_it_says_so(
    sisters: House,
) -> None:
    message(sisters, "cuánto debo, me despidieron?")
    for one in (AMINTA, SISTER):
        found = given(sisters, one)
        assert "despidieron" not in found
        assert "No sabemos quién fue" in found
        missing = collected(sisters, one, for_the_person=True).missing
        # The rules of this house bear no hashes: which they were, its archive cannot show.
        assert [gone for gone in missing if not gone.startswith("the rules of attempt")] == []


def test_what_was_taken_from_words_in_doubt_is_given_to_neither_either(sisters: House) -> None:
    """What they want, how much and when stands in our own notes of the same moment."""
    message(sisters, "te pago 437 pesos el viernes porque me despidieron y tengo cáncer")
    moved = [
        one.fact.conversation
        for one in sisters.ledger.history(AMINTA)
        if isinstance(one.fact, ConversationMoved)
    ]
    assert any(one.awaits == "who" and one.wish for one in moved)
    for one in (AMINTA, SISTER):
        found = given(sisters, one)
        assert '"awaits": "who"' in found or one == SISTER
        assert not any(f'"wish": "{talk.wish}"' in found for talk in moved if talk.wish)
        assert "43700" not in found


def test_words_in_doubt_stay_so_when_the_other_at_that_phone_is_gone(sisters: House) -> None:
    message(sisters, IN_NEED)
    assert {one.whose for who in (AMINTA, SISTER) for one in messages(sisters, who)} == {"doubt"}
    owed = [debt.key for debt in standing(sisters, SISTER).debts]
    recalled = tuple(DebtStatusChanged(one, DebtStatus.RECALLED) for one in owed)
    change(sisters, SISTER, lambda debtor, now: recalled)
    erase(sisters, SISTER, "letter of 9 March", agreed_by="the creditor's mail")

    assert standing(sisters, SISTER).is_erased
    assert not any(said in given(sisters, AMINTA) for said in ("cáncer", "hardship"))


def test_what_an_older_release_kept_of_both_is_given_to_neither(sisters: House) -> None:
    """It did not record whose the words were."""
    for one in (AMINTA, SISTER):
        recorded_long_ago(sisters, one, "sms", "hardship", IN_NEED)
        found = given(sisters, one)
        assert not any(said in found for said in ("cáncer", "hardship"))


def test_what_was_written_on_the_page_after_a_check_is_the_person_s_own(sisters: House) -> None:
    recorded_long_ago(sisters, AMINTA, "portal", "dispute", "No es mi firma")

    assert "No es mi firma" in given(sisters, AMINTA)


def test_an_agent_who_has_to_read_what_another_wrote_can_and_the_person_is_not_given_it(
    heard: House,
) -> None:
    """Whose mistake Aminta means, a machine cannot know: her sister rests, too, until somebody has read it."""
    words = "se equivocaron de persona"
    message(heard, words)
    sister = standing(heard, SISTER)
    told = messages(heard, SISTER)[-1]

    assert told.whose == "another"
    assert f"said:{told.content}" in [one.step for one in sister.open_tasks()]
    assert words in [one.words for one in thread(heard, sister)]
    assert words not in given(heard, SISTER)


@pytest.mark.parametrize("who", [AMINTA, SISTER])
def test_an_archive_holds_without_another_s_words_and_calls_none_of_them_lost(heard: House, who: str) -> None:
    book = heard.playbook
    heard.playbook = replace(book, hashes={**book.hashes, **addresses(book)})
    found = collected(heard, who)
    lost = [one for one in found.missing if "words received" in one]

    assert lost == []
    if who == SISTER:
        verify(archive(found, "Agencia de Prueba", heard.now(), None))


def test_a_message_of_which_nothing_is_said_of_whose_it_is_is_recorded_as_it_ever_was() -> None:
    plain = fact_to_plain(MessageReceived(Channel.SMS, "p1", "digest", "other", "a1"))

    assert set(plain) == {"kind", "channel", "point", "content", "intent", "attempt"}
