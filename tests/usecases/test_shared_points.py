"""A phone that two people's files name is neutral for both, whoever came first, and whatever the imports do to one another."""

import random
from dataclasses import replace

import pytest
from stdnum.mx import rfc

from recobro.bootstrap import Surroundings
from recobro.domain.contact_point import ContactPoint, Level, PointKind, PointState
from recobro.domain.debtor import Debtor
from recobro.domain.facts import PointRecorded, PointStateChanged
from recobro.house import House
from recobro.ports import Loaded
from recobro.usecases.repair import lookups
from recobro.usecases.saving import change
from recobro.usecases.shared_points import AT_A_TIME, has_others
from tests.house import Clock, standing
from tests.portfolio import debtor_of, drop

PHONE = "+525550100001"
ANA = "muebles,C-1,PEGA850101AB1,Ana Prueba,5550100001,casa@example.com,1500.50,MXN,04/03/2026,MX,"
LUZ = "muebles,C-2,GOML900202AB9,Luz Ejemplo,5550100001,casa@example.com,820,MXN,10/03/2026,MX,"
ALONE = LUZ.replace("5550100001", "5550100002").replace("casa@", "luz@")


def at(home: House, contract: str, address: str = PHONE) -> ContactPoint:
    point = standing(home, debtor_of(home, contract)).point(home.keys.point(address))
    assert point is not None
    return point


def are_neutral(home: House, *contracts: str, address: str = PHONE) -> bool:
    points = [at(home, one, address) for one in contracts]
    return all(one.of_several and one.level is Level.NEUTRAL for one in points)


def test_a_phone_of_one_person_is_their_own(home: House) -> None:
    drop(home, ANA, ALONE)

    assert at(home, "C-1").level is Level.ADDRESSED
    assert at(home, "C-2", "+525550100002").level is Level.ADDRESSED


def test_a_phone_and_an_email_of_two_people_are_neutral_for_both(home: House) -> None:
    drop(home, ANA)
    drop(home, LUZ, name="otra.csv")

    assert are_neutral(home, "C-1", "C-2")
    assert are_neutral(home, "C-1", "C-2", address="casa@example.com")


def test_two_people_of_one_file_may_have_one_phone(home: House) -> None:
    drop(home, ANA, LUZ)

    assert are_neutral(home, "C-1", "C-2")


def test_who_says_later_that_they_have_the_same_phone_is_heard(home: House, clock: Clock) -> None:
    drop(home, ANA, ALONE)
    clock.forward(days=1)
    drop(home, LUZ, name="martes.csv")

    assert are_neutral(home, "C-1", "C-2")
    assert at(home, "C-2", "+525550100002").level is Level.ADDRESSED


def test_a_later_file_makes_nobodys_own_of_it(home: House, clock: Clock) -> None:
    drop(home, ANA, LUZ)
    clock.forward(days=1)
    drop(home, ANA.replace("1500.50", "1400.50"), name="martes.csv")

    assert are_neutral(home, "C-1", "C-2")


def test_the_phone_of_somebody_who_is_not_there_is_its_owners(home: House) -> None:
    drop(home, ANA)
    wrong = PointStateChanged(home.keys.point(PHONE), PointState.BAD, "wrong_person")
    change(home, debtor_of(home, "C-1"), lambda debtor, now: (wrong,))
    drop(home, LUZ, name="otra.csv")

    assert at(home, "C-2").level is Level.ADDRESSED
    assert at(home, "C-1").state is PointState.BAD


def test_an_opt_out_stays_where_a_phone_turns_out_to_be_shared(home: House) -> None:
    drop(home, ANA)
    point = home.keys.point(PHONE)
    home.suppressions.add(point, "opt_out", home.now().isoformat())
    change(
        home,
        debtor_of(home, "C-1"),
        lambda debtor, now: (PointStateChanged(point, PointState.SUPPRESSED, "opt_out"),),
    )
    drop(home, LUZ, name="otra.csv")

    assert {at(home, one).state for one in ("C-1", "C-2")} == {PointState.SUPPRESSED}
    assert are_neutral(home, "C-1", "C-2")


def test_a_number_that_stands_in_every_row_is_nobodys(home: House) -> None:
    bare = [f"PEGA{n + 50}0101AB" for n in range(10, 12 + AT_A_TIME)]
    rfcs = [one + rfc.calc_check_digit(one) for one in bare]
    rows = [ANA.replace("C-1", f"D-{n}").replace("PEGA850101AB1", one) for n, one in enumerate(rfcs, 10)]
    drop(home, *rows)

    assert are_neutral(home, *(f"D-{n}" for n in range(10, 12 + AT_A_TIME)))


def closed(home: House, contract: str, reason: str) -> None:
    bad = PointStateChanged(home.keys.point(PHONE), PointState.BAD, reason)
    change(home, debtor_of(home, contract), lambda debtor, now: (bad,))


def test_who_has_a_phone_is_found_behind_many_who_said_that_it_is_not_theirs(home: House) -> None:
    point = home.keys.point(PHONE)
    bad = ContactPoint(point, PointKind.PHONE, state=PointState.BAD, reason="wrong_person")
    for n in range(2 * AT_A_TIME):
        nobody = f"d{n:023d}"
        home.lookups.add(point, nobody)
        home.ledger.save(Loaded(Debtor(nobody)), (PointRecorded(bad),), home.now())
    drop(home, ANA)
    assert at(home, "C-1").level is Level.ADDRESSED
    drop(home, LUZ, name="otra.csv")

    assert are_neutral(home, "C-1", "C-2")


def test_a_phone_that_carriers_could_not_reach_is_still_somebodys(home: House) -> None:
    drop(home, ANA)
    closed(home, "C-1", "invalid_number")
    drop(home, LUZ, name="otra.csv")

    assert are_neutral(home, "C-2")


def test_one_telephone_written_in_two_ways_is_one(home: House) -> None:
    here, there = "+5491123456789", "+541123456789"
    drop(home, ANA.replace("5550100001", here))
    drop(home, LUZ.replace("5550100001", there), name="otra.csv")

    assert are_neutral(home, "C-1", address=here)
    assert are_neutral(home, "C-2", address=there)


def test_a_file_of_many_moves_nobody_again_who_never_came(home: House) -> None:
    ghost = "d" + "0" * 23
    home.lookups.add(home.keys.point(PHONE), ghost)
    drop(home, ANA)
    drop(home, LUZ, name="otra.csv")
    stub = home.ledger.load(ghost)

    assert stub is not None
    assert stub.debtor.version == 1
    assert are_neutral(home, "C-1", "C-2")


def test_nothing_is_written_down_of_who_was_erased_meanwhile(home: House) -> None:
    assert has_others(home.keys.point(PHONE), Debtor("d1", is_erased=True), home.now()) == ()


def test_what_was_known_before_anybody_asked_who_else_has_it_is_repaired(home: House) -> None:
    drop(home, ANA, LUZ)
    point = home.keys.point(PHONE)
    own = replace(at(home, "C-1"), of_several=False, level=Level.ADDRESSED)
    change(home, debtor_of(home, "C-1"), lambda debtor, now: (PointRecorded(own),))
    would = list(lookups(home, dry_run=True))
    assert at(home, "C-1").level is Level.ADDRESSED
    done = list(lookups(home, dry_run=False))

    assert [one.what for one in would] == [one.what for one in done]
    assert [point in one.what and one.is_mended for one in done] == [True]
    assert are_neutral(home, "C-1", "C-2")
    assert list(lookups(home, dry_run=False)) == []


@pytest.mark.parametrize("nth", range(1, 20))
def test_two_imports_that_bring_them_at_once_never_miss_each_other(home: House, nth: int) -> None:
    calls = iter(range(1, 10_000))

    class Overtaken:
        def __init__(self, client: object) -> None:
            self._client = client

        def __getattr__(self, operation: str) -> object:
            real = getattr(self._client, operation)

            def call(**params: object) -> object:
                if next(calls) == nth:
                    drop(home, LUZ, name="otra.csv")
                return real(**params)

            return call

    def client(service: str, **config: object) -> object:
        real = home.client(service, **config)
        return Overtaken(real) if service == "dynamodb" else real

    slow = House(home.settings, Surroundings(client, home.now, random.Random(8)), home.playbook)
    drop(slow, ANA)
    assert next(calls) > nth, "take fewer: nothing came between"

    assert are_neutral(home, "C-1", "C-2")
