"""Whoever is erased goes alone: somebody else's payment loses nothing by it."""

import json
from collections.abc import Iterator

import pytest

from recobro.domain import facts as f
from recobro.domain.debt import DebtStatus
from recobro.house import House
from recobro.usecases.erase import erase
from recobro.usecases.saving import change
from tests.house import Clock, house
from tests.portfolio import ANA, debtor_of, drop


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


def forget(home: House, debtor_id: str) -> None:
    erase(home, debtor_id, "letter of 9 March", agreed_by="the creditor's mail")


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
