"""A creditor's file: every row is taken or handed back, twice changes nothing, and what it leaves out stops at once."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from recobro.bootstrap import Surroundings
from recobro.domain.contact_point import PointState
from recobro.errors import InvalidInput, NotFound, Unavailable
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.import_portfolio import import_portfolio, send_pieces
from recobro.usecases.receive_message import receive_message
from tests.house import Clock, house, standing
from tests.portfolio import ANA, HEAD, LUZ, debtor_of, drop, rejects, work
from tests.sample import playbook


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(clock: Clock) -> Iterator[House]:
    with house(clock, book=playbook()) as opened:
        yield opened


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


def without_listing(home: House) -> House:
    """The same house as a function has it: S3 does not tell who may not list the bucket which keys are there."""

    class Withholding:
        def __init__(self, client: Any) -> None:
            self._client = client

        def __getattr__(self, operation: str) -> Any:
            def call(**params: Any) -> Any:
                try:
                    return getattr(self._client, operation)(**params)
                except ClientError as error:
                    code = {"head_object": "403", "get_object": "AccessDenied"}[operation]
                    raise ClientError(
                        {"Error": {"Code": code, "Message": "Access Denied"}}, operation
                    ) from error

            return call

    def client(service: str, **config: Any) -> Any:
        real = home.client(service, **config)
        return Withholding(real) if service == "s3" else real

    return House(home.settings, Surroundings(client, home.now, Random(8)), home.playbook)


@pytest.mark.parametrize("seen_by", [lambda home: home, without_listing], ids=["operator", "function"])
def test_a_file_whose_mapping_is_not_there_is_refused_with_its_reason(
    home: House, seen_by: Callable[[House], House]
) -> None:
    declared = {"feed": "delta", "mapping": "work/mappings/no-such.toml"}
    home.client("s3").put_object(
        Bucket="files", Key="inbox/a.csv", Body=f"{HEAD}\n{ANA}\n".encode(), Metadata=declared
    )
    with pytest.raises(InvalidInput, match=r"work/mappings/no-such\.toml") as caught:
        import_portfolio(seen_by(home), "inbox/a.csv")

    assert (caught.value.field, bool(caught.value.fix)) == ("metadata mapping", True)
    (about,) = (home.imports.about(one) for one in home.imports.known())
    assert about is not None
    assert (about["state"], about["reason"]) == ("refused", str(caught.value))


def test_a_mapping_that_is_no_text_is_refused_with_its_reason(home: House) -> None:
    home.files.write("work/mappings/a.toml", '[columns]\n"saldo" = "balance" # crédito'.encode("utf-16"))
    home.client("s3").put_object(
        Bucket="files", Key="inbox/a.csv", Body=b"x", Metadata={"mapping": "work/mappings/a.toml"}
    )
    with pytest.raises(InvalidInput) as caught:
        import_portfolio(home, "inbox/a.csv")

    assert caught.value.field == "metadata mapping"
    assert [home.imports.about(one)["state"] for one in home.imports.known()] == ["refused"]  # type: ignore[index]


def test_a_file_that_is_not_there_is_said_not_to_be(home: House) -> None:
    with pytest.raises(NotFound, match=r"inbox/none\.csv"):
        import_portfolio(without_listing(home), "inbox/none.csv")


def test_personal_content_never_stands_in_the_history(home: House) -> None:
    drop(home, ANA)
    told = str(home.ledger.history(debtor_of(home, "C-1")))

    for secret in ("Ana", "Prueba", "PEGA850101AB1", "5550100001", "ana@example.com"):
        assert secret not in told


def test_a_reader_that_died_before_it_handed_out_its_pieces_is_taken_up_by_the_next(home: House) -> None:
    home.client("s3").put_object(
        Bucket="files", Key="inbox/a.csv", Body=f"{HEAD}\n{ANA}\n".encode(), Metadata={"feed": "delta"}
    )
    done = import_portfolio(home, "inbox/a.csv")
    home.client("sqs").purge_queue(QueueUrl=home.settings.partitions_queue)
    import_portfolio(home, "inbox/a.csv")
    work(home)

    about = home.imports.about(done["import"])
    assert about is not None
    assert (about["state"], about["debtors"]) == ("done", 1)


class HalfTaken:
    """SQS under load: of each batch the first half is taken, the rest handed back."""

    def send_message_batch(self, Entries: list[dict[str, Any]], **_: Any) -> dict[str, Any]:  # noqa: N803 - its own name
        half = len(Entries) // 2
        return {"Successful": Entries[:half], "Failed": [{"Id": one["Id"]} for one in Entries[half:]]}


def test_pieces_that_their_queue_did_not_take_are_not_taken_for_handed_out(home: House, clock: Clock) -> None:
    loaded = House(home.settings, Surroundings(lambda *_, **__: HalfTaken(), clock, Random(1)), home.playbook)

    with pytest.raises(Unavailable, match="1 of 2 pieces"):
        send_pieces(loaded, [{"import": "i1", "part": 0}, {"import": "i1", "part": 1}])
