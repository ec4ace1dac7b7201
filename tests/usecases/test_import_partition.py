"""Each person of a file is saved once, and what a full file leaves out stops at once, when it is sure."""

from datetime import datetime, timedelta

import pytest

from recobro.adapters.lookups import Lookups
from recobro.domain.contact_point import PointState
from recobro.domain.debt import DebtStatus
from recobro.domain.debtor import Debtor
from recobro.domain.decide import decide
from recobro.domain.decision import Contact, Decision
from recobro.domain.money import Money
from recobro.domain.payment_told import PaymentTold
from recobro.domain.settle import settled
from recobro.errors import InvalidInput, NotFound, Unavailable
from recobro.house import House
from recobro.ports import Inbound
from recobro.usecases.hear_payment import hear_payment
from recobro.usecases.import_partition import confirm, import_partition
from recobro.usecases.receive_message import receive_message
from tests.house import Clock, overtaken, standing
from tests.portfolio import ANA, HEAD, LUZ, debtor_of, drop, rejects, work
from tests.usecases.test_hear_payment import Requests


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


def test_a_debt_that_is_left_out_is_recalled_though_its_person_is_still_named(
    home: House, clock: Clock
) -> None:
    many = [ANA.replace("C-1", f"D-{number}") for number in range(30)]
    drop(home, *many, feed="full")
    clock.forward(days=1)
    about = drop(home, *many[1:], name="martes.csv", feed="full")
    ana = standing(home, debtor_of(home, "D-0"))

    assert about["recalled"] == 1
    assert {debt.ref for debt in ana.debts if debt.status is DebtStatus.RECALLED} == {"D-0"}


def test_a_second_full_file_of_the_same_day_recalls_too(home: House) -> None:
    many = [ANA.replace("C-1", f"D-{number}") for number in range(30)]
    drop(home, *many, LUZ, feed="full")

    assert drop(home, *many, name="corregido.csv", feed="full")["recalled"] == 1


def test_a_piece_that_is_worked_twice_changes_nothing_more(home: House) -> None:
    about = drop(home, ANA)
    before = standing(home, debtor_of(home, "C-1"))
    import_partition(home, {"import": about["import"], "step": "save", "part": about["parts"][0]})

    assert standing(home, debtor_of(home, "C-1")) == before


def test_a_piece_of_no_import_or_of_no_step_is_handed_back(home: House) -> None:
    about = drop(home, ANA)

    with pytest.raises(NotFound):
        import_partition(home, {"import": "i0", "step": "save", "part": 0})
    with pytest.raises(InvalidInput):
        import_partition(home, {"import": about["import"], "step": "dance"})


def test_only_an_import_that_waits_can_be_confirmed(home: House) -> None:
    about = drop(home, ANA)

    with pytest.raises(InvalidInput):
        confirm(home, about["import"], "ana")


@pytest.mark.parametrize("place", ["LOOKUP#", "SUPPRESSED#"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("earlier", [(), (LUZ.replace("5550100002", "5550100009"),)])
def test_a_phone_whose_owner_says_no_while_somebody_is_imported_with_it_is_not_used(
    home: House, place: str, when: str, earlier: tuple[str, ...]
) -> None:
    drop(home, ANA, *earlier)

    def says_no() -> None:
        said = Inbound("in-1", "sms", "+525550100001", "BAJA", home.now())
        assert receive_message(home, said).intent == "opt_out"

    other = overtaken(home, place, says_no, after=when == "after")
    drop(other, LUZ.replace("5550100002", "5550100001"), name="otra.csv")
    shared = home.keys.point("+525550100001")
    point = standing(home, debtor_of(home, "C-2")).point(shared)

    assert point is not None
    assert point.state is PointState.SUPPRESSED


def next_for(home: House, person: Debtor, now: datetime) -> Decision:
    """What would be decided of that person then."""
    return decide(settled(person, home.playbook, now)[0], home.playbook, now)


def paid(home: House, reference: str = "muebles/C-1", amount: int = 150_050) -> str:
    """What a gateway is answered that tells of a payment by the creditor's own reference."""
    money = Money(amount, "MXN")
    one = PaymentTold("standard", "standard#pi_1", "e1", reference, money, "paid", home.now())
    return hear_payment(home, one, b"raw", "main").result


def test_nobody_is_asked_for_a_debt_whose_payment_came_before_its_file(home: House, clock: Clock) -> None:
    """Seed 104 of the simulation: an import that died again and again, and a payment in between."""
    assert paid(home) == "quarantined"
    drop(home, ANA, LUZ.replace("10/03/2026", "05/03/2026"))
    clock.forward(days=1)
    ana, luz = (standing(home, debtor_of(home, ref)) for ref in ("C-1", "C-2"))

    assert [one.reason for one in ana.tasks] == ["payment_quarantined"]
    assert not isinstance(next_for(home, ana, clock.now), Contact)
    assert isinstance(next_for(home, luz, clock.now), Contact)
    assert ana.debts[0].outstanding.minor == 150_050


def test_nobody_is_asked_for_a_debt_that_comes_back_while_its_money_waits(home: House, clock: Clock) -> None:
    """Their first file had counted it, a later one does not: seed 977 of the simulation."""
    assert paid(home) == "quarantined"
    drop(home, ANA.replace("1500.50", "0"))
    clock.forward(days=1)
    drop(home, ANA, name="later.csv")
    ana = standing(home, debtor_of(home, "C-1"))

    assert ana.debts[0].outstanding.minor == 150_050
    assert [one.reason for one in ana.tasks] == ["payment_quarantined"]
    assert not isinstance(next_for(home, ana, clock.now), Contact)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("place", ["LOOKUP#", "DEBTOR#"])
def test_a_payment_and_the_file_that_brings_its_debt_never_miss_each_other(
    home: House, place: str, when: str
) -> None:
    """It waits and holds the debt, is posted, or its gateway is asked to tell it again, and then it is posted."""
    answers: list[str] = []

    def pays() -> None:
        try:
            answers.append(paid(home))
        except Unavailable:
            answers.append("again")

    drop(overtaken(home, place, pays, after=when == "after"), ANA)
    if answers == ["again"]:
        answers = [paid(home)]
    ana = standing(home, debtor_of(home, "C-1"))

    assert answers in (["quarantined"], ["posted"])
    assert ("payment_quarantined" in {one.reason for one in ana.tasks}) == (answers == ["quarantined"])
    assert not isinstance(next_for(home, ana, home.now() + timedelta(days=1)), Contact)


TOGETHER = HEAD + ",papel"
GUARANTOR = LUZ.replace("C-2", "C-1").replace("820", "1500.50") + ",aval"


def test_who_joins_a_debt_after_it_was_paid_is_not_asked_for_it(home: House, clock: Clock) -> None:
    """Seed 4011 of the simulation: an import died between two people of one debt, and the first of them paid."""
    drop(home, ANA)
    assert paid(home) == "posted"
    drop(home, GUARANTOR, name="aval.csv", head=TOGETHER)
    ana, luz = (standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1")))

    assert (ana.debts[0].status, luz.debts[0].status) == (DebtStatus.PAID, DebtStatus.PAID)
    assert {one.intent for one in luz.heard} == {"standard#pi_1"}
    assert not isinstance(next_for(home, luz, clock.now + timedelta(days=1)), Contact)


def test_a_payment_that_the_file_had_counted_is_not_taken_off_twice_for_who_joins(home: House) -> None:
    drop(home, ANA)
    assert paid(home, amount=50_050) == "posted"
    drop(home, GUARANTOR.replace("1500.50", "1000.00"), name="aval.csv", head=TOGETHER)
    people = [standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1"))]

    assert [one.debts[0].outstanding.minor for one in people] == [100_000, 100_000]
    assert [len(one.heard) for one in people] == [1, 1]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("first", "place"),
    [
        ("principal", "LOOKUP#"),
        ("principal", "OBLIGORS#"),
        ("principal", "DEBTOR#"),
        ("guarantor", "LOOKUP#"),
        ("guarantor", "DEBTOR#"),
    ],
)
def test_a_payment_and_the_file_that_brings_another_person_into_its_debt_never_miss_each_other(
    home: House, first: str, place: str, when: str
) -> None:
    rows = [ANA + ",titular", GUARANTOR] if first == "principal" else [GUARANTOR, ANA + ",titular"]
    drop(home, rows[0], head=TOGETHER)
    answers: list[str] = []
    raced = overtaken(home, place, lambda: answers.append(paid(home)), after=when == "after")
    drop(raced, rows[1], name="otro.csv", head=TOGETHER)
    people = [standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1"))]

    assert answers == ["posted"]
    assert [one.debts[0].status for one in people] == [DebtStatus.PAID, DebtStatus.PAID]


class DiesAfterItsSave(Lookups):
    """A worker that reads once what waits for a debt, saves, and is gone before it looks again."""

    reads = 0

    def people_and_payments(self, hashed: str) -> tuple[list[str], list[str]]:
        self.reads += 1
        if self.reads > 1:
            raise Unavailable("the worker died")
        return super().people_and_payments(hashed)


def test_a_piece_that_died_before_it_looked_again_looks_when_it_is_worked_again(home: House) -> None:
    first = drop(home, ANA)
    dying = overtaken(home, "DEBTOR#", lambda: paid(home))
    dying.lookups = DiesAfterItsSave(dying.table)
    with pytest.raises(Unavailable):
        drop(dying, GUARANTOR, name="aval.csv", head=TOGETHER)
    (died,) = set(home.imports.known()) - {first["import"]}
    about = home.imports.about(died)
    assert about is not None
    import_partition(home, {"import": about["import"], "step": "save", "part": about["parts"][0]})
    people = [standing(home, one) for one in home.lookups.debtors(home.keys.debt("muebles/C-1"))]

    assert [one.debts[0].status for one in people] == [DebtStatus.PAID, DebtStatus.PAID]


def test_a_lookup_that_leads_nowhere_keeps_no_gateway_waiting_for_ever(home: House, clock: Clock) -> None:
    home.lookups.add(home.keys.debt("muebles/C-1"), "d" + "9" * 23, clock.now)

    with pytest.raises(Unavailable):
        paid(home)
    clock.forward(minutes=11)
    assert paid(home) == "quarantined"


def test_a_payment_that_failed_holds_nobodys_debt(home: House) -> None:
    paid(home, amount=0)
    drop(home, ANA)

    assert standing(home, debtor_of(home, "C-1")).tasks == ()


def test_whether_a_new_debt_is_of_somebody_who_was_erased_costs_no_request_of_its_own(home: House) -> None:
    """Who is in a new debt is looked up anyway: the same read tells it, and a file of known debts asks nothing more."""
    asked = Requests(home)
    drop(home, ANA)
    before = asked.made.copy()
    home.lookups.bring_nobody(home.keys.debt("muebles/C-9"), home.now())
    asked.made.clear()
    about = drop(home, ANA.replace("PEGA850101AB1", "GOML900202AB9").replace("C-1", "C-9"), name="new.csv")

    assert len(rejects(home, about)) == 1
    assert asked.made["Query"] <= before["Query"]
    assert asked.made["GetItem"] <= before["GetItem"]
