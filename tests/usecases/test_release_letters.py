"""Who paid everything gets the creditor's paper: asked for once, kept as it came, handed over once, and never while owed again."""

from dataclasses import replace
from datetime import date

import pytest

from recobro.domain.debt import Amounts, DebtStatus
from recobro.domain.facts import DebtRecorded, LetterProgressed, PlanAgreed
from recobro.domain.plan import Authority, PaymentPlan, PlanOffer, PlanPart
from recobro.errors import InvalidInput, NotFound
from recobro.house import House
from recobro.usecases.release_letters import deliver_letter, read_letter, receive_letter, waiting
from recobro.usecases.saving import change
from recobro.usecases.sweep import sweep
from recobro.usecases.tasks import close
from tests.house import Clock, standing
from tests.sample import AMINTA
from tests.sweeping import open_queues
from tests.usecases.test_erase import erased, journalled, lived_in
from tests.usecases.test_hear_payment import BERTA, shared, told

DEBT = "muebles/A1"
PDF = b"%PDF-1.7 finiquito"


def test_a_letter_is_asked_for_brought_in_and_handed_over(known: House) -> None:
    told(known)
    receive_letter(known, DEBT, PDF, "ana")
    person = standing(known, AMINTA)
    assert (person.letters[0].status, person.letters[0].kind) == ("received", "application/pdf")
    assert "release_letter" not in [one.reason for one in person.open_tasks()]
    assert read_letter(known, person, DEBT) == (PDF, "application/pdf")
    assert deliver_letter(known, AMINTA, DEBT, "page") is True
    assert deliver_letter(known, AMINTA, DEBT, "page") is False

    assert standing(known, AMINTA).letters[0].delivered_at == known.now()


def test_everybody_in_the_debt_has_the_same_letter(known: House) -> None:
    shared(known, BERTA)
    told(known)
    assert receive_letter(known, DEBT, PDF, "ana") == [AMINTA, BERTA]
    assert read_letter(known, standing(known, BERTA), DEBT)[0] == PDF


def test_a_debt_that_is_owed_again_gives_no_letter_away(known: House) -> None:
    told(known)
    receive_letter(known, DEBT, PDF, "ana")
    told(known, "charged_back", 0, minutes=9)
    with pytest.raises(InvalidInput, match="owed again"):
        deliver_letter(known, AMINTA, DEBT, "page")
    with pytest.raises(NotFound):
        read_letter(known, standing(known, AMINTA), DEBT)
    with pytest.raises(InvalidInput, match="owed again"):
        receive_letter(known, DEBT, PDF + b"2", "ana")
    (one,) = waiting(standing(known, AMINTA), known.now())
    assert one.is_owed


def test_a_letter_that_the_creditor_is_late_with_is_named(known: House, clock: Clock) -> None:
    told(known)
    assert [one.is_overdue for one in waiting(standing(known, AMINTA), known.now())] == [False]
    clock.forward(days=30)

    assert [one.is_overdue for one in waiting(standing(known, AMINTA), clock.now)] == [True]


def test_who_kept_a_plan_whose_rest_the_creditor_wrote_off_gets_the_letter_too(
    known: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_queues(known, monkeypatch)
    agreed_on = known.now()
    parts = (PlanPart(date(2026, 3, 12), 120_000, date(2026, 3, 16)),)
    offer = PlanOffer(
        "o1", "once", "muebles", "MXN", parts, 150_000, 30_000, (DEBT,), Authority.AUTOMATIC, agreed_on
    )
    change(known, AMINTA, lambda one, now: (PlanAgreed(PaymentPlan("pl1", 1, offer, agreed_on)),))
    told(known, amount=120_000)
    (debt,) = standing(known, AMINTA).debts
    with pytest.raises(NotFound):
        receive_letter(known, DEBT, PDF, "ana")
    written_off = replace(debt, amounts=Amounts(), status=DebtStatus.PAID)
    change(known, AMINTA, lambda one, now: (DebtRecorded(written_off),))
    for _ in range(2):
        sweep(known, "pre_due")

    assert [one.reason for one in standing(known, AMINTA).open_tasks()].count("release_letter") == 1
    assert receive_letter(known, DEBT, PDF, "ana") == [AMINTA]
    assert "release_letter" not in [one.reason for one in standing(known, AMINTA).open_tasks()]


def test_a_letter_goes_with_who_is_erased_every_version_of_it_and_stays_while_somebody_else_has_it(
    known: House,
) -> None:
    known.client("s3").put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    shared(known, BERTA)
    told(known)
    receive_letter(known, DEBT, PDF + b" first", "ana")
    receive_letter(known, DEBT, PDF, "ana")
    known.files.write("letters/another/paper.pdf", PDF)
    settled(known, AMINTA)
    assert letters(known) == {"another": [PDF], known.keys.short_debt(DEBT): [PDF]}
    assert read_letter(known, standing(known, BERTA), DEBT)[0] == PDF
    (place,) = known.files.keys(f"letters/{known.keys.short_debt(DEBT)}/")
    known.files.write(place, PDF)
    settled(known, BERTA)

    assert letters(known) == {"another": [PDF]}


def settled(home: House, debtor_id: str) -> None:
    """Erased, once nothing is left to do for them."""
    for task in standing(home, debtor_id).open_tasks():
        close(home, debtor_id, task.id, "done")
    journalled(home, debtor_id)
    erased(home, debtor_id)


def letters(home: House) -> dict[str, list[bytes]]:
    """The folder's name → every version of every file in it."""
    found: dict[str, list[bytes]] = {}
    s3 = home.client("s3")
    for one in s3.list_object_versions(Bucket="files", Prefix="letters/").get("Versions", []):
        body = s3.get_object(Bucket="files", Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        found.setdefault(one["Key"].split("/")[1], []).append(body)
    return found


def test_a_letter_of_a_debt_that_the_record_has_forgotten_goes_too() -> None:
    """The history knows of it: an erasure finds it though debt and letter are long gone from the record."""
    with lived_in() as (home, ana):
        gone = "muebles/C-0"
        place = f"letters/{home.keys.short_debt(gone)}/0.pdf"
        home.files.write(place, PDF)
        change(home, ana, lambda one, now: (LetterProgressed(gone, "received", place, "0" * 64),))
        assert standing(home, ana).debt(gone) is None
        journalled(home, ana)
        erased(home, ana)
        assert letters(home) == {}


@pytest.mark.parametrize("document", [b"", b"MZ a program", b"<html>", b"%PDF-" + b"x" * (5 * 1024 * 1024)])
def test_what_is_no_letter_is_refused(known: House, document: bytes) -> None:
    told(known)
    with pytest.raises(InvalidInput, match="document"):
        receive_letter(known, DEBT, document, "ana")


def test_a_letter_that_nobody_asked_for_finds_nobody(known: House) -> None:
    with pytest.raises(NotFound):
        receive_letter(known, DEBT, PDF, "ana")
    with pytest.raises(NotFound):
        deliver_letter(known, AMINTA, DEBT, "ana")
    told(known)
    with pytest.raises(InvalidInput, match="has not come"):
        deliver_letter(known, AMINTA, DEBT, "ana")
