"""What a person answers on the page binds as any other word of theirs does, and clicking twice says it once."""

from dataclasses import replace

import pytest

from recobro.domain.debt import Amounts
from recobro.domain.decide import decide
from recobro.domain.facts import ProofGiven
from recobro.domain.hold import HoldReason
from recobro.domain.strategy import OfferPolicy
from recobro.house import House
from recobro.usecases.portal.answering import kind_of
from tests.house import Clock, PretendCarrier, house, standing
from tests.sample import AMINTA, debt, with_strategy
from tests.usecases.conftest import at_home
from tests.usecases.test_hear_payment import told
from tests.usecases.test_send import sent
from tests.visitor import Visitor, link_to

PDF = b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>"


@pytest.fixture
def visitor(known: House) -> Visitor:
    """Somebody who was identified."""
    sent(known, PretendCarrier())
    return Visitor(known, link_to(known)).enter()


def holds(visitor: Visitor) -> list[HoldReason]:
    return [one.reason for one in standing(visitor.home, AMINTA).holds]


def said(visitor: Visitor) -> list[str]:
    """The words that were kept, newest last."""
    home = visitor.home
    digests = [getattr(one.fact, "content", "") for one in home.ledger.history(AMINTA)]
    found = [home.ledger.content(AMINTA, one) for one in digests if one]
    return [one.variables["body"] for one in found if one is not None and "body" in one.variables]


def test_a_promise_is_kept_in_mind_and_shown(visitor: Visitor) -> None:
    visitor.open("promise").send(
        "promise", creditor="muebles", currency="MXN", amount="$1,500.00", day="2026-03-13"
    )
    (promise,) = standing(visitor.home, AMINTA).promises

    assert (promise.amount, promise.due_on.isoformat()) == (150_000, "2026-03-13")
    assert "quedó en pagar $1,500.00 el 13 de marzo de 2026" in visitor.text


def test_the_same_form_sent_twice_promises_once(visitor: Visitor) -> None:
    form = visitor.open("promise").html
    fields = {"creditor": "muebles", "currency": "MXN", "amount": "1500", "day": "13/03/2026"}
    visitor.send("promise", **fields)
    version = standing(visitor.home, AMINTA).version
    visitor.html = form
    visitor.send("promise", **fields)

    assert standing(visitor.home, AMINTA).version == version


@pytest.mark.parametrize(
    ("amount", "day", "answer"),
    [
        ("100", "2026-03-13", "El mínimo para apartar este pago es $375.00"),
        ("1500", "2026-06-13", "Podemos esperar hasta el 24 de marzo de 2026"),
        ("1500", "2026-03-01", "Ese día ya pasó"),
        ("mucho", "2026-03-13", "No entendimos el importe"),
        ("1500", "pronto", "No entendimos el día"),
        ("", "", "No entendimos el importe"),
    ],
)
def test_what_cannot_be_promised_is_answered_with_what_can(
    visitor: Visitor, amount: str, day: str, answer: str
) -> None:
    visitor.open("promise").send("promise", creditor="muebles", currency="MXN", amount=amount, day=day)

    assert answer in visitor.text
    assert visitor.status == 422
    assert not standing(visitor.home, AMINTA).promises


def test_a_disputed_debt_rests_and_its_reason_is_kept_for_whoever_answers(visitor: Visitor) -> None:
    visitor.open("dispute").send(
        "dispute", debt="muebles/A1", words="No es mi firma, mi tarjeta 4111 1111 1111 1111"
    )
    hold = standing(visitor.home, AMINTA).holds[-1]

    assert (hold.reason, hold.debts, hold.resumes) == (HoldReason.DISPUTE, ("muebles/A1",), False)
    assert said(visitor)[-1] == "No es mi firma, mi tarjeta [card]"
    assert "En revisión" in visitor.text


def test_a_dispute_about_nothing_asks_which(visitor: Visitor) -> None:
    visitor.open("dispute").send("dispute", debt="andes/B9", words="x")

    assert visitor.status == 422
    assert not holds(visitor)


def test_who_says_paid_is_left_in_peace(visitor: Visitor) -> None:
    visitor.open("paid").send("paid", words="el lunes en la tienda")

    assert holds(visitor) == [HoldReason.ALREADY_PAID]
    assert "Lo estamos confirmando" in visitor.text


def test_a_receipt_is_kept_encrypted_as_bytes_and_never_shown(visitor: Visitor) -> None:
    visitor.open("paid").upload("paid", PDF, words="ayer")
    proof = next(one.fact for one in visitor.home.ledger.history(AMINTA) if isinstance(one.fact, ProofGiven))
    kept = visitor.home.client("s3").get_object(Bucket="files", Key=proof.document)

    assert kept["Body"].read() == PDF
    assert (kept["ContentType"], kept["ContentDisposition"]) == ("application/octet-stream", "attachment")
    assert kept["ServerSideEncryption"] == "AES256"
    assert standing(visitor.home, AMINTA).tasks[-1].reason == "payment_proof"
    assert "Recibimos su comprobante" in visitor.text


@pytest.mark.parametrize("file", [b"<script>alert(1)</script>", b"MZ\x90", b"GIF89a", b"PK\x03\x04", b"\x00"])
def test_what_is_no_receipt_is_refused_and_nothing_is_kept(visitor: Visitor, file: bytes) -> None:
    visitor.open("paid").upload("paid", file)

    assert visitor.status == 422
    assert "Envíe un PDF o una foto" in visitor.text
    assert not holds(visitor)


def test_a_file_that_is_too_large_is_refused(visitor: Visitor) -> None:
    visitor.open("paid").upload("paid", PDF + b"\0" * (4 * 1024 * 1024))

    assert visitor.status == 422
    assert not holds(visitor)


def test_photos_are_known_by_how_they_begin() -> None:
    assert kind_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert kind_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") == "image/webp"
    assert kind_of(b"") == ""


def test_hard_times_are_a_rest_and_a_person(visitor: Visitor) -> None:
    visitor.open("hardship").send("hardship", words="perdí mi trabajo")

    assert holds(visitor) == [HoldReason.HARDSHIP]
    assert standing(visitor.home, AMINTA).tasks[-1].reason == "hardship"


def test_a_complaint_has_a_number(visitor: Visitor) -> None:
    visitor.open("complain").send("complain", words="me hablaron mal")
    task = standing(visitor.home, AMINTA).tasks[-1]

    assert task.reason == "complaint"
    assert task.step.partition(":")[2] in visitor.text


def test_who_asks_for_a_person_is_left_to_that_person(visitor: Visitor) -> None:
    visitor.open("person").send("person")
    home = visitor.home

    assert standing(home, AMINTA).tasks[-1].reason == "asks_person"
    assert type(decide(standing(home, AMINTA), home.playbook, home.now())).__name__ in {"Stop", "Wait"}


def test_where_policy_computes_no_plan_a_person_is_offered_and_nothing_else_can_be_chosen(
    visitor: Visitor,
) -> None:
    assert "Hoy no hay un plan" in visitor.open("plan").text
    visitor.send("plan", offer="of-invented")

    assert visitor.status == 422
    assert not standing(visitor.home, AMINTA).plans


def test_a_plan_that_policy_computed_is_shown_with_its_dates_and_can_be_chosen(known: House) -> None:
    book = known.playbook
    policy = OfferPolicy("thirds", (3,), every_days=15)
    known.__dict__["playbook"] = replace(book, strategy=replace(book.strategy, offers=(policy,)))
    sent(known, PretendCarrier())
    visitor = Visitor(known, link_to(known)).enter()
    text = visitor.open("plan").text
    offer = visitor.html.partition('name="offer" value="')[2].partition('"')[0]
    visitor.send("plan", offer=offer)
    (plan,) = standing(known, AMINTA).plans

    assert "3 pagos a Muebles Luna: $1,500.00 en total" in text
    assert plan.offer.id == offer
    assert [(one.words, one.channel.value) for one in standing(known, AMINTA).replies] == [
        ("agreement", "email")
    ]
    assert "Su plan quedó acordado" in visitor.text


def test_who_kept_a_plan_sees_nothing_to_pay_of_what_it_waived(clock: Clock) -> None:
    policy = OfferPolicy("once", (1,), first_within_days=3, discount_share=20, floor_share=80)
    with house(clock, book=with_strategy(offers=(policy,))) as home:
        at_home(home, replace(debt(), amounts=Amounts(principal=120_000, interest=30_000)))
        sent(home, PretendCarrier())
        visitor = Visitor(home, link_to(home)).enter()
        visitor.open("plan")
        offer = visitor.html.partition('name="offer" value="')[2].partition('"')[0]
        visitor.send("plan", offer=offer)
        told(home, amount=120_000)
        text = visitor.open().text

        assert "Usted cumplió su plan de pagos. Gracias. Los $300.00 restantes ya no se le piden" in text
        assert "Para pagar ahora" not in text
        assert "Capital" not in text


def test_who_agreed_to_a_plan_sees_all_its_terms_and_what_has_come_of_it(clock: Clock) -> None:
    policy = OfferPolicy("thirds", (3,), every_days=15, discount_share=20, floor_share=80)
    with house(clock, book=with_strategy(offers=(policy,))) as home:
        at_home(home, replace(debt(), amounts=Amounts(principal=120_000, interest=30_000)))
        sent(home, PretendCarrier())
        visitor = Visitor(home, link_to(home)).enter()
        visitor.open("plan")
        visitor.send("plan", offer=visitor.html.partition('name="offer" value="')[2].partition('"')[0])
        (plan,) = standing(home, AMINTA).plans
        days = [f"{one.due_on.day} de {('marzo', 'abril')[one.due_on.month - 3]}" for one in plan.offer.parts]
        text = " ".join(visitor.open().text.split())

        assert len(days) == 3
        assert all(f"{day} de 2026 $400.00" in text for day in days)
        assert "Su plan de pagos: $1,200.00 en total" in text
        assert "Al completarlo se le descuentan $300.00" in text
        assert "Si un pago no llega a tiempo, el plan puede quedar sin efecto" in text

        told(home, amount=50_000)
        text = " ".join(visitor.open().text.split())
        assert "Hasta ahora se han recibido $500.00." in text
        assert f"Usted quedó en pagar $300.00 el {days[1]}" in text
