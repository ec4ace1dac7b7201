"""A creditor's file: every row is taken or handed back, twice changes nothing, and what it leaves out stops at once."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from recobro.domain.contact_point import PointState
from recobro.domain.debt import DebtStatus
from recobro.errors import InvalidInput
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.import_partition import confirm, import_partition
from recobro.usecases.import_portfolio import import_portfolio
from recobro.usecases.receive_message import receive_message
from tests.house import Clock, house, standing
from tests.sample import playbook

HEAD = "acreedor,contrato,RFC,nombre,telefono,correo,saldo,moneda,fecha_vencimiento,pais,canales_autorizados"
ANA = "muebles,C-1,PEGA850101AB1,Ana Prueba,5550100001,ana@example.com,1500.50,MXN,04/03/2026,MX,"
LUZ = "muebles,C-2,GOML900202AB9,Luz Ejemplo,5550100002,,820,MXN,10/03/2026,MX,"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock, book=playbook()) as opened:
        yield opened


def drop(
    home: House, *rows: str, name: str = "cartera.csv", feed: str = "delta", head: str = HEAD
) -> dict[str, Any]:
    """Drop a file and work through its queue; returns what the import says of itself at the end."""
    body = "\n".join((head, *rows)) + "\n"
    metadata = {"feed": feed, "as-of": home.now().date().isoformat()}
    home.client("s3").put_object(Bucket="files", Key=f"inbox/{name}", Body=body.encode(), Metadata=metadata)
    done = import_portfolio(home, f"inbox/{name}")
    work(home)
    about = home.imports.about(done["import"])
    assert about is not None
    return about


def work(home: House) -> None:
    sqs, url = home.client("sqs"), home.settings.partitions_queue
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in messages:
            import_partition(home, json.loads(one["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])


def rejects(home: House, about: dict[str, Any]) -> list[dict[str, str]]:
    text = home.files.read(about["rejects_file"]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def debtor_of(home: House, contract: str) -> str:
    found = home.lookups.debtors(home.keys.debt(f"muebles/{contract}"))
    assert len(found) == 1
    return found[0]


def test_a_file_becomes_people_with_debts_and_addresses(home: House) -> None:
    about = drop(home, ANA, LUZ)
    ana = standing(home, debtor_of(home, "C-1"))

    assert (about["state"], about["accepted"], about["debtors"]) == ("done", 2, 2)
    assert ana.debts[0].outstanding.minor == 150_050
    assert set(ana.personal.points.values()) == {"+525550100001", "ana@example.com"}


def test_the_import_ends_by_saying_who_can_be_reached_and_why_the_rest_cannot(home: House) -> None:
    reach = drop(home, ANA, LUZ)["reach"]

    assert reach["sms reachable"] == 2
    assert reach["email reachable"] == 1
    assert reach["email person.no_point"] == 1


def test_the_same_file_again_changes_nothing(home: House) -> None:
    drop(home, ANA, LUZ)
    before = standing(home, debtor_of(home, "C-1"))
    drop(home, ANA, LUZ, name="copia.csv")

    assert standing(home, debtor_of(home, "C-1")) == before


def test_a_file_that_is_told_of_twice_is_one_import(home: House) -> None:
    first = drop(home, ANA)
    again = import_portfolio(home, "inbox/cartera.csv")

    assert again == {"import": first["import"], "state": "done"}


def test_a_changed_balance_updates(home: House) -> None:
    drop(home, ANA)
    drop(home, ANA.replace("1500.50", "900"), name="martes.csv")

    assert standing(home, debtor_of(home, "C-1")).debts[0].outstanding.minor == 90_000


def test_one_person_with_two_debts_is_saved_once(home: House) -> None:
    drop(home, ANA, ANA.replace("C-1", "C-9").replace("1500.50", "77"))
    ana = standing(home, debtor_of(home, "C-1"))

    assert (len(ana.debts), ana.version) == (2, 1)


def test_a_row_that_cannot_be_used_comes_back_with_its_number_reason_and_fix(home: House) -> None:
    about = drop(home, ANA, LUZ.replace("820", "mucho"))
    back = rejects(home, about)

    assert about["accepted"] == 1
    assert [(one["row"], one["taken"]) for one in back] == [("3", "no")]
    assert back[0]["reason"]
    assert back[0]["fix"]


def test_the_same_debt_under_another_identity_is_a_conflict_and_changes_nothing(home: House) -> None:
    drop(home, ANA)
    about = drop(home, LUZ.replace("C-2", "C-1"), name="otra.csv")

    assert sum(about["conflicts"].values()) == 1
    assert debtor_of(home, "C-1")


def test_what_a_full_file_leaves_out_is_recalled_once_a_person_confirmed_the_drop(
    home: House, clock: Clock
) -> None:
    drop(home, ANA, LUZ, feed="full")
    clock.forward(days=1)
    about = drop(home, ANA, name="martes.csv", feed="full")
    luz = debtor_of(home, "C-2")

    assert (about["state"], about["missing"]) == ("to_confirm", 1)
    assert standing(home, luz).debts[0].status is DebtStatus.ACTIVE

    confirm(home, about["import"], "ana")
    work(home)

    assert standing(home, luz).debts[0].status is DebtStatus.RECALLED
    assert standing(home, debtor_of(home, "C-1")).debts[0].status is DebtStatus.ACTIVE


def test_a_small_drop_is_recalled_without_asking(home: House, clock: Clock) -> None:
    many = [ANA.replace("C-1", f"D-{number}") for number in range(30)]
    drop(home, *many, LUZ, feed="full")
    clock.forward(days=1)
    about = drop(home, *many, name="martes.csv", feed="full")

    assert (about["state"], about["recalled"]) == ("done", 1)


def test_a_delta_recalls_nobody(home: House, clock: Clock) -> None:
    drop(home, ANA, LUZ)
    clock.forward(days=1)
    drop(home, ANA, name="martes.csv")

    assert standing(home, debtor_of(home, "C-2")).debts[0].status is DebtStatus.ACTIVE


def test_an_address_that_said_no_stays_closed_whatever_file_brings_it_back(home: House) -> None:
    drop(home, ANA)
    receive_message(home, Inbound("in-1", "sms", "+525550100001", "baja", home.now()))
    drop(home, LUZ.replace("5550100002", "5550100001"), name="otra.csv")
    luz = standing(home, debtor_of(home, "C-2"))

    assert [one.state for one in luz.points] == [PointState.SUPPRESSED]


@pytest.mark.parametrize("text", ["", HEAD + "\n", "uno,dos\n1,2\n", "\x00\x01\x02"])
def test_a_file_that_is_no_portfolio_is_refused_with_its_reason(home: House, text: str) -> None:
    home.client("s3").put_object(
        Bucket="files", Key="inbox/mala.csv", Body=text.encode(), Metadata={"feed": "full"}
    )

    with pytest.raises(InvalidInput) as caught:
        import_portfolio(home, "inbox/mala.csv")

    assert caught.value.fix
    assert [home.imports.about(one)["state"] for one in home.imports.known()] == ["refused"]  # type: ignore[index]


def test_a_declaration_that_is_wrong_names_itself(home: House) -> None:
    home.client("s3").put_object(Bucket="files", Key="inbox/a.csv", Body=b"x", Metadata={"feed": "most"})

    with pytest.raises(InvalidInput) as caught:
        import_portfolio(home, "inbox/a.csv")
    assert (caught.value.field, caught.value.fix) == ("metadata feed", "full or delta")


def test_personal_content_never_stands_in_the_history(home: House) -> None:
    drop(home, ANA)
    told = str(home.ledger.history(debtor_of(home, "C-1")))

    for secret in ("Ana", "Prueba", "PEGA850101AB1", "5550100001", "ana@example.com"):
        assert secret not in told
