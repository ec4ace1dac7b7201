"""Whoever is erased goes alone: a relative's row, somebody else's payment and an import under way lose nothing by it."""

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from recobro.domain import facts as f
from recobro.domain.chain import first_break
from recobro.domain.debt import DebtStatus
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.erase import erase, replay_erasures
from recobro.usecases.import_partition import import_partition
from recobro.usecases.import_portfolio import import_portfolio
from recobro.usecases.receive_message import receive_message
from recobro.usecases.saving import change
from recobro.usecases.tasks import close
from tests.house import Clock, house, standing
from tests.portfolio import ANA, HEAD, LUZ, debtor_of, drop, rejects, work
from tests.usecases.test_erase import Died, dying, erased, journalled, named_in

RELATIVE = LUZ.replace("5550100002", "5550100001")
"""Luz, who answers Ana's telephone."""


@pytest.fixture
def home() -> Iterator[House]:
    with house(Clock()) as opened:
        opened.client("s3").put_bucket_versioning(
            Bucket="files", VersioningConfiguration={"Status": "Enabled"}
        )
        yield opened


def settled(home: House, *others: str) -> str:
    """Ana, who has paid, and whoever came in the same file."""
    drop(home, ANA, *others)
    ana = debtor_of(home, "C-1")
    pays(home, ana)
    return ana


def pays(home: House, ana: str) -> None:
    change(home, ana, lambda debtor, now: (f.DebtStatusChanged("muebles/C-1", DebtStatus.PAID),))


def begun(home: House, *rows: str, feed: str = "delta") -> str:
    """A file that was read; its pieces wait in their queue."""
    metadata = {"feed": feed, "as-of": home.now().date().isoformat()}
    body = "\n".join((HEAD, *rows)) + "\n"
    home.client("s3").put_object(Bucket="files", Key="inbox/later.csv", Body=body.encode(), Metadata=metadata)
    return str(import_portfolio(home, "inbox/later.csv")["import"])


def ended(home: House, import_id: str) -> dict[str, Any]:
    work(home)
    about = home.imports.about(import_id)
    assert about is not None
    return about


def forget(home: House, debtor_id: str) -> None:
    erase(home, debtor_id, "letter of 9 March", agreed_by="the creditor's mail")


def in_work(home: House) -> Iterator[str]:
    """Every version of every file of imports, also of those that were deleted."""
    s3 = home.client("s3")
    for one in s3.list_object_versions(Bucket="files", Prefix="work/").get("Versions", []):
        body = s3.get_object(Bucket="files", Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        yield gzip.decompress(body).decode() if one["Key"].endswith(".gz") else body.decode()


def test_a_relative_in_an_import_under_way_comes_in_though_they_share_the_telephone(home: House) -> None:
    ana = settled(home)
    import_id = begun(home, ANA, RELATIVE)
    forget(home, ana)

    about = ended(home, import_id)

    assert (about["state"], about["accepted"]) == ("done", 1)
    assert rejects(home, about) == []
    luz = standing(home, debtor_of(home, "C-2"))
    assert luz.personal.points == {luz.points[0].id: "+525550100001"}
    assert not any("Ana Prueba" in text for text in in_work(home))


def test_an_import_ends_though_nothing_is_left_in_one_of_its_pieces(home: House) -> None:
    ana = settled(home)
    import_id = begun(home, ANA)
    forget(home, ana)

    about = ended(home, import_id)

    assert about["state"] == "done"
    assert rejects(home, about) == []
    assert list(in_work(home))


@pytest.mark.parametrize("pieces", [0, 1])
def test_a_full_file_recalls_nobody_for_a_row_that_went_with_somebody_else(home: House, pieces: int) -> None:
    """Erased before the first piece is worked, or between its saving and the count of what is missing."""
    ana = settled(home, RELATIVE)
    import_id = begun(home, ANA, RELATIVE, feed="full")
    for _ in range(pieces):
        import_partition(home, {"import": import_id, "step": "save", "part": 0})
        pays(home, ana)
    forget(home, ana)

    about = ended(home, import_id)

    assert (about["state"], about["missing"], about["recalled"]) == ("done", 0, 0)
    debt = standing(home, debtor_of(home, "C-2")).debt("muebles/C-2")
    assert debt is not None
    assert debt.status is DebtStatus.ACTIVE


def test_what_a_full_file_left_out_of_others_is_recalled_yet(home: House) -> None:
    ana = settled(home, LUZ)
    luz = debtor_of(home, "C-2")
    missing = [[ana, "muebles/C-1"], [luz, "muebles/C-2"]]
    home.files.write_lines("work/i1/missing-overdue-00.jsonl.gz", missing)
    home.files.write_lines("work/i1/missing-pre_due-00.jsonl.gz", missing[:1])
    forget(home, ana)

    assert list(home.files.read_lines("work/i1/missing-overdue-00.jsonl.gz")) == missing[1:]
    assert list(home.files.read_lines("work/i1/missing-pre_due-00.jsonl.gz")) == []


def test_a_rejected_row_that_shows_an_address_still_counts_and_names_nobody(home: House) -> None:
    ana = settled(home)
    rows: list[dict[str, Any]] = [
        {"row_number": 2, "field": "correo", "code": "email.unreadable", "value_shown": "ana@example.com"},
        {
            "row_number": 3,
            "field": "correo",
            "code": "email.unreadable",
            "value_shown": "mariana@example.com",
        },
    ]
    home.files.write_lines("work/i1/rejects-reading.jsonl.gz", rows)
    forget(home, ana)

    assert list(home.files.read_lines("work/i1/rejects-reading.jsonl.gz")) == [
        {**rows[0], "value_shown": "(erased)"},
        rows[1],
    ]


def test_what_was_overwritten_or_has_run_out_names_nobody_either(home: House) -> None:
    """Also where an erasure died after it wrote a file anew, and before it took away what had stood there."""
    ana = settled(home, LUZ)
    for key in ("work/i1/part-0000.jsonl", f"heard/{ana}/one.json"):
        home.files.write(key, json.dumps({"debtor": ana, "name": "Ana Prueba"}).encode())
        home.client("s3").delete_object(Bucket="files", Key=key)
    for step in range(6):
        with suppress(Died):
            erase(dying(home, step), ana, "letter", agreed_by="the creditor")
    forget(home, ana)

    assert not any("Ana Prueba" in text for text in in_work(home))
    assert any("Luz Ejemplo" in text for text in in_work(home))
    hidden = home.client("s3").list_object_versions(Bucket="files", Prefix=f"heard/{ana}/")
    assert not hidden.get("Versions")


def test_input_of_others_stays_set_aside_though_its_letters_hold_the_address(home: House) -> None:
    ana = settled(home)
    others = (
        '{"payer":"mariana@example.com","amount":"1500.00","reference":"C-2"}',
        '{"id":"99525550100001777","to":"+525550100002"}',
    )
    hers = (
        '{"payer":"ana@example.com"}',
        '{"to":"525550100001"}',
        '{"phone":"5550100001"}',
        json.dumps({"Message": json.dumps({"from": "5215550100001", "text": "hola\nana"})}),
        r'{"to":"\u002b525550100001"}',
        "rfc=pega850101ab1",
    )
    for body in (*others, *hers):
        home.asides.put("payments", "InvalidInput: reference", body, home.now())
    home.asides.put("payments", "InvalidInput: payer ana@example.com is unknown", "unreadable", home.now())
    forget(home, ana)

    kept = [(one["body"], one["reason"]) for one in home.asides.list("payments")]
    assert {body for body, _ in kept} == {*others, "(erased)"}
    assert {reason for body, reason in kept if body == "(erased)"} == {"InvalidInput"}
    assert len(kept) == len(others) + len(hers) + 1


NAMES_ANA = "mi correo es ana@example.com y estoy enferma: ya no puedo pagar"
NAMES_NOBODY = "este mes no puedo pagar, estoy enferma"
HERS = ("ana@example.com", "PEGA850101AB1", "Ana Prueba")


def says(home: House, ident: str, words: str) -> None:
    """Somebody at the telephone that Ana and Luz share; nobody knows who."""
    raw = json.dumps({"id": ident, "text": words})
    receive_message(home, Inbound(ident, "whatsapp", "+525550100001", words, home.now()), raw)


def in_doubt(home: House, debtor_id: str) -> list[str]:
    """The keyed hashes of what was said there."""
    facts = (one.fact for one in home.ledger.history(debtor_id))
    return [one.content for one in facts if isinstance(one, f.MessageReceived) and one.whose == "doubt"]


def at_peace(home: House, ana: str) -> None:
    for task in standing(home, ana).open_tasks():
        close(home, ana, task.id, "done")
    pays(home, ana)


def named_of(home: House) -> set[str]:
    return named_in(home, *HERS)


@pytest.fixture
def two(home: House) -> tuple[str, str]:
    """Ana and Luz, at whose telephone three things were said, and two of them name Ana."""
    drop(home, ANA, RELATIVE)
    ana, luz = debtor_of(home, "C-1"), debtor_of(home, "C-2")
    says(home, "wamid.one-1", NAMES_ANA)
    says(home, "wamid.two-2", NAMES_NOBODY)
    says(home, "wamid.three-3", "no me busquen, mi correo es ana@example.com")
    at_peace(home, ana)
    return ana, luz


def test_words_in_doubt_that_name_who_is_erased_go_from_the_others_record_too(
    home: House, two: tuple[str, str]
) -> None:
    ana, luz = two
    journalled(home, ana)
    journalled(home, luz)
    assert {one for one in named_of(home) if luz in one}
    said, facts = in_doubt(home, luz), len(home.ledger.history(luz))
    assert len(said) == 3
    erased(home, ana)

    assert named_of(home) == set()
    assert [home.ledger.content(luz, one) is not None for one in said] == [False, True, False]
    assert len(list(home.files.keys(f"heard/{luz}/"))) == 1
    assert in_doubt(home, luz) == said, "that something was said, and its keyed hash, stay"
    assert (len(home.ledger.history(luz)), first_break(home.ledger.history(luz))) == (facts, "")
    pays(home, luz)
    assert first_break(home.ledger.history(luz)) == "", "and her record goes on"


def test_what_the_others_said_of_themselves_stays_though_it_names_who_is_erased(home: House) -> None:
    ana = settled(home, LUZ)
    luz = debtor_of(home, "C-2")
    words = "soy Luz, y ana@example.com es de mi hermana"
    receive_message(
        home, Inbound("wamid.luz", "sms", "+525550100002", words, home.now()), json.dumps({"text": words})
    )
    journalled(home, luz)
    forget(home, ana)

    (said,) = [
        one.fact.content for one in home.ledger.history(luz) if isinstance(one.fact, f.MessageReceived)
    ]
    assert home.ledger.content(luz, said) is not None
    assert len(list(home.files.keys(f"heard/{luz}/"))) == 1


def test_an_erasure_waits_for_the_words_that_the_other_s_history_does_not_hold_yet(
    home: House, two: tuple[str, str]
) -> None:
    """Once nobody knows the person any more, nobody knows which words named them."""
    ana, luz = two
    journalled(home, ana)
    forget(home, ana)
    assert not standing(home, ana).is_erased
    journalled(home, luz)
    erased(home, ana)

    assert standing(home, ana).is_erased
    assert named_of(home) == set()


def test_a_restored_table_is_told_of_the_words_in_the_others_record_and_its_facts_still_follow(
    home: House, two: tuple[str, str]
) -> None:
    ana, luz = two
    journalled(home, ana)
    journalled(home, luz)
    backup = home.client("dynamodb").scan(TableName="ledger")["Items"]
    version = standing(home, luz).version
    erased(home, ana)
    for item in backup:
        home.client("dynamodb").put_item(TableName="ledger", Item=item)
    list(replay_erasures(home, has_journal=False, has_history=False))

    assert named_of(home) == {f"DEBTOR#{ana} STATE"}
    assert standing(home, luz).version == version, "the facts that are replayed next follow it"
    assert first_break(home.ledger.history(luz)) == ""


def test_whoever_dies_over_the_others_words_is_finished_by_the_next(
    home: House, two: tuple[str, str]
) -> None:
    ana, luz = two
    journalled(home, ana)
    journalled(home, luz)
    for step in range(80):
        try:
            erase(dying(home, step), ana, "letter", agreed_by="the creditor")
        except Died:
            continue
        break
    journalled(home, ana)
    assert erase(home, ana, "letter").is_done
    assert named_of(home) == set()
    assert len(list(home.files.keys(f"heard/{luz}/"))) == 1
