"""Who is erased is found nowhere any more, is brought back by no file and no backup, and the chain, counts and costs still hold."""

import base64
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.evidence.archive import archive
from infra.evidence.collecting import collected
from infra.evidence.verify_evidence import verify
from recobro.adapters.erasures import Erasures
from recobro.adapters.files import Files
from recobro.adapters.given_up import record_of
from recobro.adapters.journal_copy import JournalCopy
from recobro.adapters.journal_items import JournalItems
from recobro.adapters.state_record import key
from recobro.bootstrap import Surroundings
from recobro.domain import facts as f
from recobro.domain.chain import Recorded, canonical, first_break
from recobro.domain.debt import DebtStatus, Role
from recobro.domain.decide import decide
from recobro.domain.decision import Stop
from recobro.domain.money import Money
from recobro.domain.payment import Payment
from recobro.domain.payment_told import PaymentTold
from recobro.domain.playbook import Switches
from recobro.domain.reference import reference_of
from recobro.domain.replay import as_it_stood
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.erase import erase, replay_erasures
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.journal import journal
from recobro.usecases.payments import close as close_payment
from recobro.usecases.payments import finish
from recobro.usecases.receive_message import receive_message
from recobro.usecases.repair import repairs
from recobro.usecases.saving import change
from recobro.usecases.send import send
from recobro.usecases.tasks import close
from tests.house import Clock, PretendCarrier, house, standing
from tests.portfolio import ANA, HEAD, LUZ, debtor_of, drop, rejects

NAMES = ("Ana Prueba", "5550100001", "525550100001", "ana@example.com", "PEGA850101AB1")
WORDS = ("no puedo este mes", "vive con su tía", "pagadora Ana")
FADES = ("inbox/", "results/")


@contextmanager
def lived_in() -> Iterator[tuple[House, str]]:
    """A house in which Ana was imported, written to, wrote back, paid and is settled; everything that can hold her name does."""
    clock = Clock()
    with house(clock) as home:
        drop(home, ANA, LUZ)
        ana = debtor_of(home, "C-1")
        sent = send(home, PretendCarrier(), "sms", ana, clock.now + timedelta(minutes=9), Switches)
        assert sent.result == "sent"
        receive_message(home, Inbound("in-1", "sms", "+525550100001", WORDS[0], clock.now))
        close(home, ana, standing(home, ana).tasks[-1].id, "done", note=WORDS[1])
        told = PaymentTold("standard", "standard#1", "e1", "C-1", Money(150_050, "MXN"), "paid", clock.now)
        home.payments.hear(
            told, WORDS[2].encode(), endpoint="main", source="webhook", day=clock.now.date(), now=clock.now
        )
        paid = Payment("standard#1", "muebles/C-1", 150_050, "MXN", clock.now)
        change(home, ana, lambda debtor, now: (f.PaymentPosted(paid),))
        change(home, ana, lambda debtor, now: (f.DebtStatusChanged("muebles/C-1", DebtStatus.PAID),))
        home.asides.put("receipts", "InvalidInput: to +525550100001", f"from {NAMES[3]}", clock.now)
        home.asides.put("receipts", "InvalidInput: to +525550109999", "somebody else", clock.now)
        home.files.write(f"proofs/{ana}/paper", b"a scan of Ana Prueba")
        home.files.write(f"heard/{ana}/one.json", WORDS[0].encode())
        give_up(home, ana)
        journalled(home, ana)
        yield home, ana


def give_up(home: House, debtor_id: str) -> None:
    """Images that the journal could not write, the person's and another's."""
    images = [state(home, debtor_id), state(home, debtor_of(home, "C-2"))]
    wired = [
        {name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value for name, value in one.items()}
        for one in images
    ]  # fmt: skip
    records = [{"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "1", "NewImage": one}} for one in wired]
    home.files.write("aws/lambda/journal/one", json.dumps({"payload": {"Records": records}}).encode())


def state(home: House, debtor_id: str) -> dict[str, Any]:
    item: dict[str, Any] = home.client("dynamodb").get_item(TableName="ledger", Key=key(debtor_id))["Item"]
    return item


def journalled(home: House, debtor_id: str) -> None:
    """Everything saved so far reaches the history, as by the stream."""
    items = JournalItems(home.client("dynamodb"), "ledger")
    journal(home, items, state(home, debtor_id))
    loaded = home.ledger.load(debtor_id)
    assert loaded is not None
    items.restore(debtor_id, loaded.pending, loaded.contents)


def erased(home: House, debtor_id: str) -> None:
    """As the command does: once more when the journal has caught up."""
    first = erase(home, debtor_id, "letter of 9 March", agreed_by="the creditor's mail")
    assert not first.is_done
    journalled(home, debtor_id)
    assert erase(home, debtor_id, "letter of 9 March").is_done


def everywhere(home: House) -> Iterator[tuple[str, str]]:
    """Every item of the table and every version of every file, as text: what is deflated is inflated, what is hidden is shown."""
    from recobro.adapters.state_record import read_state

    for item in home.client("dynamodb").scan(TableName="ledger")["Items"]:
        named = f"{item['pk']['S']} {item['sk']['S']}"
        yield named, repr(read_state(item)) if item["sk"]["S"] == "STATE" else repr(item)
        yield named, repr(home.payments.raw(item["pk"]["S"].removeprefix("PAYMENT#")))
    s3 = home.client("s3")
    for one in s3.list_object_versions(Bucket="files").get("Versions", []):
        body = s3.get_object(Bucket="files", Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        yield one["Key"], _inflated(one["Key"], body)


def _inflated(name: str, body: bytes) -> str:
    import gzip
    import zlib

    if name.endswith(".gz"):
        body = gzip.decompress(body)
    if not name.startswith("aws/lambda/"):
        return body.decode()
    records = json.loads(body)["payload"]["Records"]
    packed = [one["dynamodb"]["NewImage"]["body"]["B"] for one in records]
    return "".join(zlib.decompress(base64.b64decode(one)).decode() for one in packed)


def named_in(home: House, *marks: str) -> set[str]:
    found = {where for where, text in everywhere(home) if any(mark in text for mark in marks)}
    return {where for where in found if not where.startswith(FADES)}


@pytest.fixture
def home() -> Iterator[tuple[House, str]]:
    with lived_in() as made:
        yield made


def test_who_is_erased_is_found_in_no_item_and_no_version_of_any_file(home: tuple[House, str]) -> None:
    opened, ana = home
    opened.client("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    opened.files.write(f"proofs/{ana}/paper", b"a second scan of Ana Prueba")
    secret = standing(opened, ana).personal.key
    before = named_in(opened, *NAMES, *WORDS, secret)
    assert {one.partition("#")[0].partition("/")[0] for one in before} >= {
        *("DEBTOR", "PAYMENT", "ASIDE", "work", "proofs", "heard", "aws"),
    }
    erased(opened, ana)

    assert named_in(opened, *NAMES, *WORDS, secret) == set()
    assert opened.lookups.debtors(opened.keys.point("+525550100001")) == []
    assert opened.lookups.debtors(opened.keys.debt("muebles/C-1")) == []
    assert named_in(opened, "Luz Ejemplo"), "nobody else is touched"
    assert "somebody else" in {one["body"] for one in opened.asides.list("receipts")}


def test_the_tombstone_is_what_the_facts_make_of_it_and_the_chain_counts_and_costs_hold(
    home: tuple[House, str],
) -> None:
    opened, ana = home
    before = opened.ledger.history(ana)
    erased(opened, ana)
    after, left = opened.ledger.history(ana), standing(opened, ana)

    assert after[:-1] == before
    assert isinstance(after[-1].fact, f.Erased)
    assert first_break(after) == ""
    assert left == as_it_stood(ana, after, 10**6)
    assert (left.head, left.version) == (after[-1].hash, after[-1].version)
    assert not any((left.debts, left.points, left.attempts, left.tasks, left.payments, left.personal.key))
    assert isinstance(decide(left, opened.playbook, opened.now()), Stop)


def test_tomorrow_s_file_does_not_bring_the_person_back(home: tuple[House, str]) -> None:
    opened, ana = home
    erased(opened, ana)
    about = drop(opened, ANA, name="again.csv")
    assert rejects(opened, about)
    assert standing(opened, ana).debts == ()
    with pytest.raises(NotFound):
        receive_message(opened, Inbound("in-2", "sms", "+525550100001", "hola", opened.now()))
    someone = LUZ.split(",")[2:4]
    drop(
        opened,
        ANA.replace("PEGA850101AB1,Ana Prueba", ",".join(someone)).replace("C-1", "C-9"),
        name="other.csv",
    )
    other = standing(opened, debtor_of(opened, "C-9"))
    hers = {opened.keys.point(one) for one in ("+525550100001", "ana@example.com")}
    assert {one.id for one in other.points if one.reason == "erased"} == hers, (
        "nor under somebody else's name"
    )


UNDER_A_NUMBER = "muebles,{},778899,Ana Prueba,5550100099,ana.nueva@example.com,1500.50,MXN,04/03/2026,MX,"
"""The row of a file that names its people by the creditor's customer number."""


def dropped(home: House, *rows: str, name: str) -> dict[str, Any]:
    return drop(home, *rows, name=name, head=HEAD.replace("RFC", "numero_cliente"))


def test_a_file_that_names_people_otherwise_does_not_bring_the_person_back_under_their_debt(
    home: tuple[House, str],
) -> None:
    opened, ana = home
    erased(opened, ana)
    about = dropped(opened, UNDER_A_NUMBER.format("C-1"), UNDER_A_NUMBER.format("C-9"), name="again.csv")

    (reject,) = rejects(opened, about)
    assert "debtor.erased" in reject.values()
    assert opened.lookups.debtors(opened.keys.debt("muebles/C-1")) == []
    other = standing(opened, debtor_of(opened, "C-9"))
    assert [debt.key for debt in other.debts] == ["muebles/C-9"], "a debt that was never theirs is anybody's"


def test_a_debt_that_somebody_else_still_owes_may_get_its_principal_again(home: tuple[House, str]) -> None:
    opened, ana = home
    owed, luz = standing(opened, ana).debt("muebles/C-1"), debtor_of(opened, "C-2")
    assert owed is not None
    change(opened, luz, lambda debtor, now: (f.DebtRecorded(replace(owed, role=Role.CODEBTOR)),))
    opened.lookups.add(opened.keys.debt("muebles/C-1"), luz)
    erased(opened, ana)
    about = dropped(opened, UNDER_A_NUMBER.format("C-1"), name="again.csv")

    assert rejects(opened, about) == []
    assert len(opened.lookups.debtors(opened.keys.debt("muebles/C-1"))) == 2


def test_a_debt_of_which_the_person_was_no_principal_stays_open_to_its_own(home: tuple[House, str]) -> None:
    opened, ana = home
    owed = standing(opened, ana).debt("muebles/C-1")
    assert owed is not None
    change(opened, ana, lambda debtor, now: (f.DebtRecorded(replace(owed, ref="C-5", role=Role.GUARANTOR)),))
    journalled(opened, ana)
    erased(opened, ana)
    about = dropped(opened, UNDER_A_NUMBER.format("C-5"), name="principal.csv")

    assert rejects(opened, about) == []


def test_a_restored_table_knows_again_whose_debts_bring_nobody_in(home: tuple[House, str]) -> None:
    opened, ana = home
    erased(opened, ana)
    table = opened.client("dynamodb")
    for item in table.scan(TableName="ledger")["Items"]:
        table.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
    list(replay_erasures(opened, has_journal=False))

    about = dropped(opened, UNDER_A_NUMBER.format("C-1"), name="again.csv")
    assert len(rejects(opened, about)) == 1


def test_a_phone_that_a_family_shares_stays_the_others_phone(home: tuple[House, str]) -> None:
    opened, ana = home
    drop(opened, LUZ.replace("5550100002", "5550100001"), name="shared.csv")
    erased(opened, ana)

    assert opened.suppressions.reason(opened.keys.point("+525550100001")) == ""
    assert opened.suppressions.reason(opened.keys.point("ana@example.com")) == "erased"


def test_a_carriers_own_id_of_who_hides_the_number_leads_to_nobody_any_more(home: tuple[House, str]) -> None:
    opened, ana = home
    for number in ("one", "two"):
        words = Inbound(f"w-{number}", "whatsapp", "+525550100001", "hola", opened.now(), user_id=number)
        receive_message(opened, words)
    for task in standing(opened, ana).open_tasks():
        close(opened, ana, task.id, "done")
    journalled(opened, ana)
    erased(opened, ana)

    assert all(opened.lookups.debtors(opened.keys.point(f"whatsapp:{one}")) == [] for one in ("one", "two"))
    lookups = {where for where, _ in everywhere(opened) if where.startswith("LOOKUP#") and ana in where}
    assert lookups == set()


@pytest.mark.parametrize(
    "said",
    [
        "mail from ana@example.com of 9 March",
        "call from 55 5010 0001",
        "letter with RFC PEGA-850101-AB1",
        "letter of Ms. Prueba, Ana",
    ],
)
def test_no_request_stays_for_good_that_names_who_asked_to_be_forgotten(
    home: tuple[House, str], said: str
) -> None:
    opened, ana = home
    for request, agreed_by in ((said, ""), ("letter of 9 March", said)):
        with pytest.raises(InvalidInput, match="name the letter, not the person"):
            erase(opened, ana, request, agreed_by=agreed_by or "the creditor's mail")

    assert Erasures(opened.files).entry(ana) is None
    assert standing(opened, ana).debts


def test_what_has_to_be_kept_is_not_erased_and_says_until_when(home: tuple[House, str]) -> None:
    opened, ana = home
    with pytest.raises(InvalidInput, match="--agreed-by"):
        erase(opened, ana, "letter")
    with pytest.raises(InvalidInput, match="owes muebles/C-2"):
        erase(opened, debtor_of(opened, "C-2"), "letter", agreed_by="anybody")
    with pytest.raises(InvalidInput, match="--request"):
        erase(opened, ana, " ", agreed_by="the creditor")
    assert list(Erasures(opened.files).all()) == []
    assert not standing(opened, ana).is_erased


def test_a_restored_table_is_told_of_everybody_who_was_erased_since(home: tuple[House, str]) -> None:
    opened, ana = home
    backup = opened.client("dynamodb").scan(TableName="ledger")["Items"]
    erased(opened, ana)
    for item in backup:
        opened.client("dynamodb").put_item(TableName="ledger", Item=item)
    assert standing(opened, ana).personal.name == "Ana Prueba"
    list(replay_erasures(opened))
    journalled(opened, ana)
    assert all(one.is_done for one in replay_erasures(opened))

    assert standing(opened, ana).is_erased
    assert named_in(opened, *NAMES, *WORDS) == set()
    assert first_break(opened.ledger.history(ana)) == ""


def test_before_the_facts_are_replayed_what_names_the_person_is_gone_already(home: tuple[House, str]) -> None:
    """The tombstone comes with the facts that the copy holds, at the place where it stood."""
    opened, ana = home
    backup = opened.client("dynamodb").scan(TableName="ledger")["Items"]
    erased(opened, ana)
    for item in backup:
        opened.client("dynamodb").put_item(TableName="ledger", Item=item)
    list(replay_erasures(opened, has_journal=False, has_history=False))

    assert not standing(opened, ana).is_erased
    assert named_in(opened, *NAMES, *WORDS) == {f"DEBTOR#{ana} STATE"}
    assert opened.lookups.debtors(opened.keys.point("ana@example.com")) == []
    list(replay_erasures(opened, has_journal=False))
    assert named_in(opened, *NAMES, *WORDS) == set()


def test_a_backup_from_before_the_person_came_does_not_let_them_in_either(home: tuple[House, str]) -> None:
    opened, ana = home
    erased(opened, ana)
    table = opened.client("dynamodb")
    for item in table.scan(TableName="ledger")["Items"]:
        table.delete_item(TableName="ledger", Key={"pk": item["pk"], "sk": item["sk"]})
    list(replay_erasures(opened))

    assert standing(opened, ana).is_erased
    assert opened.suppressions.reason(opened.keys.point("ana@example.com")) == "erased"


def test_an_image_that_is_given_up_after_the_erasure_goes_too_and_brings_no_words_back(
    home: tuple[House, str],
) -> None:
    """The journal may try a save for hours while the person is erased."""
    opened, ana = home
    opened.files.purge("aws/lambda/journal/one")
    secret = standing(opened, ana).personal.key
    receive_message(opened, Inbound("in-9", "sms", "+525550100001", "soy Ana Prueba, ya pagué", opened.now()))
    tried = state(opened, ana)
    for task in standing(opened, ana).open_tasks():
        close(opened, ana, task.id, "done")
    erase(opened, ana, "letter of 9 March", agreed_by="the creditor's mail")
    hers = {"payload": {"Records": [record_of(tried, int(tried["version"]["N"]))]}}
    opened.files.write("aws/lambda/journal/late", json.dumps(hers).encode())
    for found in (True, False):
        told = list(repairs(lambda record: "")["history"](opened, dry_run=found))
        assert any(one.debtor == ana for one in told)
    assert named_in(opened, "ya pagué") == set(), "a repair writes the facts and no words"

    opened.files.write("aws/lambda/journal/late", json.dumps(hers).encode())
    journalled(opened, ana)
    assert erase(opened, ana, "letter of 9 March").is_done
    assert named_in(opened, *NAMES, *WORDS, secret) == set()
    assert first_break(opened.ledger.history(ana)) == ""


def test_what_only_the_journal_s_refusals_hold_stays_in_the_chain_of_who_is_erased(
    home: tuple[House, str],
) -> None:
    opened, ana = home
    opened.files.purge("aws/lambda/journal/one")
    items, images = JournalItems(opened.client("dynamodb"), "ledger"), []
    for _ in range(3):
        change(opened, ana, lambda debtor, now: (f.FeedRead("muebles", now.date(), "file"),))
        images.append(state(opened, ana))
    for image in (images[0], images[2]):
        journal(opened, items, image)
    forget_pending(opened, ana)
    lost = {"payload": {"Records": [record_of(images[1], int(images[1]["version"]["N"]))]}}
    opened.files.write("aws/lambda/journal/lost", json.dumps(lost).encode())
    assert "does not follow" in first_break(opened.ledger.history(ana))
    erased(opened, ana)

    assert list(opened.files.keys("aws/lambda/")) == []
    assert first_break(opened.ledger.history(ana)) == ""
    assert any(fact.version == int(images[1]["version"]["N"]) for _, fact in copied(opened, ana))
    assert named_in(opened, *NAMES, *WORDS) == set()


def test_who_may_not_read_the_register_is_not_told_that_somebody_is_not_in_it() -> None:
    """An entry stands for good: taken for absent, it would be written anew."""

    class Closed:
        def get_object(self, **_: Any) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "GetObject")

    with pytest.raises(NotFound, match="not ours to read"):
        Erasures(Files(Closed(), "files")).entry("d" + 23 * "0")


def forget_pending(home: House, debtor_id: str) -> None:
    """The record as it is once all its facts are taken to be in the history."""
    item = state(home, debtor_id)
    body = json.loads(zlib.decompress(bytes(item["body"]["B"])))
    packed = zlib.compress(canonical({**body, "pending": []}).encode(), 9)
    home.client("dynamodb").put_item(TableName="ledger", Item={**item, "body": {"B": packed}})


def copied(home: House, debtor_id: str) -> list[tuple[str, Recorded]]:
    told = JournalCopy(home.files).since(home.now() - timedelta(days=60))
    return [one for one in told if one[0] == debtor_id]


class Died(BaseException):
    """The process is gone."""


def dying(home: House, after: int) -> House:
    """The same house in a process that dies at its `after`-th call to AWS that changes something."""
    left = [after]

    class Dying:
        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, operation: str) -> Any:
            def call(**params: Any) -> Any:
                if operation.startswith(("put_", "update_", "delete_")):
                    left[0] -= 1
                    if left[0] < 0:
                        raise Died
                return getattr(self._client, operation)(**params)

            return call

    around = Surroundings(lambda name, **config: Dying(home.client(name, **config)), home.now, home.chance)
    return House(home.settings, around, home.playbook)


def test_whoever_dies_in_the_middle_is_finished_by_the_next() -> None:
    """One house, one life after another: each gets one step further, and nothing is ever half done in a way that stays."""
    with lived_in() as (home, ana):
        for step in range(60):
            try:
                erase(dying(home, step), ana, "letter", agreed_by="the creditor")
            except Died:
                continue
            break
        else:
            raise AssertionError("it never ends")
        assert step > 0
        journalled(home, ana)
        assert erase(home, ana, "letter").is_done
        assert named_in(home, *NAMES, *WORDS) == set()
        assert [one.debtor for one in Erasures(home.files).all()] == [ana]


@pytest.mark.parametrize("step", [3, 11])
def test_whoever_dies_at_any_one_step_is_finished_by_the_next(step: int) -> None:
    with lived_in() as (home, ana):
        try:
            erase(dying(home, step), ana, "letter", agreed_by="the creditor")
        except Died:
            erase(home, ana, "letter")
        journalled(home, ana)
        assert erase(home, ana, "letter").is_done
        assert named_in(home, *NAMES, *WORDS) == set()


PAYER = b'{"payer": {"name": "Ana Prueba", "email": "ana@example.com"}}'
NAME_ALONE = b'{"card": {"holder": "Ana Prueba"}}'


def told(home: House, intent: str, reference: str, status: str, minutes: int = 0) -> PaymentTold:
    at = home.now() + timedelta(minutes=minutes)
    return PaymentTold(
        "standard", intent, f"e-{intent}-{status}", reference, Money(150_050, "MXN"), status, at
    )


@pytest.mark.parametrize("body", [PAYER, NAME_ALONE])
@pytest.mark.parametrize("reference", ["muebles/C-1", "C-1", "{ours}"])
def test_the_gateway_s_word_of_a_card_that_was_declined_goes_with_the_person(
    home: tuple[House, str], body: bytes, reference: str
) -> None:
    """No record knows of it, as nothing was paid."""
    opened, ana = home
    named = reference.format(ours=reference_of(ana, opened.keys.short_debt("muebles/C-1")))
    heard = hear_payment(opened, told(opened, "standard#declined", named, "failed"), body, "main")
    assert heard.result == "ignored"
    erased(opened, ana)

    assert named_in(opened, *NAMES) == set()
    entry = opened.payments.entry("standard#declined")
    assert entry is not None
    assert [one.told.status for one in entry.words] == ["failed"], "what was told of the money stays"


def test_money_that_found_nobody_names_the_payer_no_more_nor_does_what_was_decided_about_it(
    home: tuple[House, str],
) -> None:
    opened, ana = home
    for intent, body in (("standard#lost", PAYER), ("standard#other", b'{"payer": "mariana@example.com"}')):
        assert (
            hear_payment(opened, told(opened, intent, "C-1O", "paid"), body, "main").result == "quarantined"
        )
    close_payment(
        opened, "standard#lost", "reject", "berta", "Ana Prueba <ana@example.com> asked for it back"
    )
    close_payment(opened, "standard#other", "reject", "berta", "mariana@example.com asked for it back")
    opened.payments.begin(
        "standard#lost", {"how": "undo", "why": "call 5550100001", "who": "berta"}, opened.now()
    )
    erased(opened, ana)

    assert {one for one in named_in(opened, *NAMES) if "standard#other" not in one} == set()
    (decided,) = opened.payments.decided("standard#lost")
    assert (decided["what"], decided["who"], decided["why"]) == ("rejected", "berta", "(erased)")
    assert opened.payments.unfinished("standard#lost") == {"how": "undo", "why": "(erased)", "who": "berta"}
    assert list(opened.payments.raw("standard#other").values()) == [b'{"payer": "mariana@example.com"}']
    assert opened.payments.decided("standard#other")[0]["why"] == "mariana@example.com asked for it back"


def test_a_decision_that_was_not_carried_out_is_carried_out_once_after_it_names_nobody(
    home: tuple[House, str],
) -> None:
    opened, ana = home
    hear_payment(opened, told(opened, "standard#lost", "C-1O", "paid"), PAYER, "main")
    with pytest.raises(Died):
        close_payment(dying(opened, 2), "standard#lost", "reject", "berta", "ana@example.com has it back")
    erased(opened, ana)

    assert finish(opened, "standard#lost") == "rejected"
    assert [one["why"] for one in opened.payments.decided("standard#lost")] == ["(erased)"]
    assert opened.payments.unfinished("standard#lost") == {}
    assert named_in(opened, *NAMES) == set()


def test_what_was_declined_or_lost_of_a_debt_that_somebody_else_has_too_stays_theirs() -> None:
    with house(Clock()) as home:
        drop(home, ANA, LUZ)
        ana, luz = debtor_of(home, "C-1"), debtor_of(home, "C-2")
        owed = standing(home, ana).debt("muebles/C-1")
        assert owed is not None
        change(home, luz, lambda debtor, now: (f.DebtRecorded(replace(owed, role=Role.CODEBTOR)),))
        home.lookups.add(home.keys.debt("muebles/C-1"), luz)
        home.obligors.add(home.keys.short_debt("muebles/C-1"), {ana, luz})
        for intent, body in (("standard#luz", b"Luz Ejemplo"), ("standard#ana", b"by ana@example.com")):
            hear_payment(home, told(home, intent, "C-1", "failed"), body, "main")
        change(home, ana, lambda debtor, now: (f.DebtStatusChanged("muebles/C-1", DebtStatus.PAID),))
        journalled(home, ana)
        erased(home, ana)

        assert list(home.payments.raw("standard#luz").values()) == [b"Luz Ejemplo"]
        assert home.payments.raw("standard#ana") == {}


def test_a_later_word_of_money_that_was_the_person_s_keeps_no_body(home: tuple[House, str]) -> None:
    """A chargeback comes weeks after the payment: what it says of the money is kept, and who paid it is not."""
    opened, ana = home
    erased(opened, ana)
    charged_back = told(opened, "standard#1", "muebles/C-1", "charged_back", 5)
    for _ in range(2):
        hear_payment(opened, charged_back, PAYER, "main")

    assert named_in(opened, *NAMES) == set()
    entry = opened.payments.entry("standard#1")
    assert entry is not None
    assert {one.told.status for one in entry.words} == {"paid", "charged_back"}
    hear_payment(opened, told(opened, "standard#2", "C-2", "paid"), b"Luz pays", "main")
    assert list(opened.payments.raw("standard#2").values()) == [b"Luz pays"]


def test_what_came_after_an_erasure_died_goes_with_the_rest() -> None:
    """The list of what leads to the person was written, and then a file brought another telephone of theirs."""
    with lived_in() as (home, ana):
        with pytest.raises(Died):
            erase(dying(home, 1), ana, "letter", agreed_by="the creditor")
        drop(home, ANA.replace("5550100001", "5550100077"), name="tomorrow.csv")
        new, old = home.keys.point("+525550100077"), home.keys.point("+525550100001")
        assert standing(home, ana).point(new) is not None
        journalled(home, ana)
        erase(home, ana, "another letter")
        journalled(home, ana)
        assert erase(home, ana, "letter").is_done

        assert home.lookups.debtors(new) == []
        assert home.suppressions.reason(new) == "erased"
        assert named_in(home, *NAMES, "5550100077") == set()
        (entry,) = Erasures(home.files).all()
        assert {new, old} <= set(entry.points)
        assert (entry.request, entry.agreed_by) == ("letter", "the creditor")


def test_an_erasure_that_died_does_not_go_on_where_a_debt_is_owed_by_now() -> None:
    with lived_in() as (home, ana):
        with pytest.raises(Died):
            erase(dying(home, 1), ana, "letter", agreed_by="the creditor")
        drop(home, ANA.replace("C-1", "C-7"), name="tomorrow.csv")
        with pytest.raises(InvalidInput, match="owes muebles/C-7"):
            erase(home, ana, "letter")
        assert not standing(home, ana).is_erased


def test_what_a_file_brings_while_the_person_is_erased_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with lived_in() as (home, ana):
        save, new = home.ledger.save, home.keys.point("+525550100077")

        def later(*given: Any, **more: Any) -> Any:
            monkeypatch.setattr(home.ledger, "save", save)
            drop(home, ANA.replace("5550100001", "5550100077"), name="tomorrow.csv")
            return save(*given, **more)

        monkeypatch.setattr(home.ledger, "save", later)
        erased(home, ana)
        assert home.lookups.debtors(new) == []
        assert home.suppressions.reason(new) == "erased"
        assert named_in(home, *NAMES, "5550100077") == set()


def test_a_debt_that_comes_while_the_person_is_erased_stops_the_erasure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with lived_in() as (home, ana):
        save = home.ledger.save

        def later(*given: Any, **more: Any) -> Any:
            monkeypatch.setattr(home.ledger, "save", save)
            drop(home, ANA.replace("C-1", "C-7"), name="tomorrow.csv")
            return save(*given, **more)

        monkeypatch.setattr(home.ledger, "save", later)
        with pytest.raises(InvalidInput, match="owes muebles/C-7"):
            erase(home, ana, "letter", agreed_by="the creditor")
        assert not standing(home, ana).is_erased
        assert standing(home, ana).debt("muebles/C-7") is not None


def test_nobody_who_was_erased_is_shown_again_while_the_journal_catches_up() -> None:
    """The key is gone at once and the words only later: neither archive nor access report gives them meanwhile."""
    with lived_in() as (home, ana):
        assert not erase(home, ana, "letter of 9 March", agreed_by="the creditor's mail").is_done
        archived, given = collected(home, ana), collected(home, ana, for_the_person=True)

        for found in (archived, given):
            shown = json.dumps(found.views, ensure_ascii=False)
            assert not any(one in shown for one in (*NAMES, *WORDS))
            # The rules of this house bear no hashes: which they were, its archive cannot show either.
            gone = [one for one in found.missing if not one.startswith("the rules of attempt")]
            assert len(gone) == 3, "a message, an answer and a note"
        verify(archive(archived, "Agencia de Prueba", home.now(), None))
