"""One telephone is one, however it is written: who asked for silence there has it, and whoever shares it is left in peace, too."""

from datetime import timedelta

from recobro.domain.contact_point import PointState
from recobro.domain.playbook import Switches
from recobro.house import House
from recobro.usecases.send import Outcome, send
from tests.house import Clock, PretendCarrier, standing
from tests.portfolio import debtor_of, drop
from tests.visitor import Visitor, link_to

MOBILE, LOCAL = "+5491123456789", "+541123456789"
ANA = f"muebles,C-1,PEGA850101AB1,Ana Prueba,{MOBILE},,1500.50,MXN,04/03/2026,MX,"
LUZ = f"muebles,C-2,GOML900202AB9,Luz Ejemplo,{LOCAL},,820,MXN,04/03/2026,MX,"


def written_to(home: House, carrier: PretendCarrier, contract: str) -> Outcome:
    return send(home, carrier, "sms", debtor_of(home, contract), home.now() + timedelta(minutes=15), Switches)


def unsubscribes(home: House, contract: str) -> None:
    link = link_to(home, "u", debtor_of(home, contract))
    assert Visitor(home, link, "u").post("", b"List-Unsubscribe=One-Click").status == 200


def test_an_opt_out_by_a_link_binds_who_has_the_telephone_in_its_other_form(home: House) -> None:
    carrier = PretendCarrier()
    drop(home, ANA)
    drop(home, LUZ, name="otra.csv")
    assert written_to(home, carrier, "C-1").result == "sent"
    unsubscribes(home, "C-1")

    assert written_to(home, carrier, "C-2").result == "refused"
    assert [one.to for one in carrier.asked] == [MOBILE]


def test_a_later_file_in_the_other_form_reopens_nothing(home: House, clock: Clock) -> None:
    carrier = PretendCarrier()
    drop(home, ANA)
    assert written_to(home, carrier, "C-1").result == "sent"
    unsubscribes(home, "C-1")
    clock.forward(days=5)
    drop(home, ANA.replace(MOBILE, LOCAL), name="sabado.csv")

    (point,) = standing(home, debtor_of(home, "C-1")).points
    assert point.state is PointState.SUPPRESSED
    assert written_to(home, carrier, "C-1").result == "refused"


def test_a_mobile_is_dialled_as_one_though_a_later_file_leaves_the_nine_out(
    home: House, clock: Clock
) -> None:
    drop(home, ANA)
    clock.forward(days=1)
    drop(home, ANA.replace(MOBILE, LOCAL), name="martes.csv")

    assert standing(home, debtor_of(home, "C-1")).personal.points == {home.keys.point(LOCAL): MOBILE}
