"""What a message must say and must not say: planted sentences are found, innocent ones are left alone."""

from typing import Any

import pytest

from recobro.domain.channel import Channel, Kind
from recobro.law.content import lint, tokens
from recobro.law.pack import Pack
from tests.law.scene import PACKS

MX, CO, CL, BR, US, GB, STRICT = (PACKS[name] for name in ("MX", "CO", "CL", "BR", "US", "GB", "strict"))
EVERYTHING = frozenset(item for pack in PACKS.values() for rule in pack.required for item in rule.items)


def found(pack: Pack, text: str, **changes: Any) -> set[str]:
    asked: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "kind": Kind.COLLECTION,
        "first_contact": False,
        "provided": EVERYTHING,
        **changes,
    }
    return {refusal.rule for refusal in lint(pack, text, **asked)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Ordenaremos el EMBARGO de sus bienes", "mx-no-judicial-lookalike"),
        ("Expediente 123/2026, Juzgado Tercero", "mx-no-judicial-lookalike"),
        ("NOTIFICACIÓN", "mx-no-judicial-lookalike"),
        ("Recibirá un citatorio", "mx-no-judicial-lookalike"),
        ("Será embar\u200bgado mañana", "mx-no-judicial-lookalike"),
        ("Orden\njudicial", "mx-no-judicial-lookalike"),
        ("Le habla la Fiscalía", "mx-no-authority-impersonation"),
        ("Procuraduría de Cobranza del Norte", "mx-no-public-body-name"),
        ("Último aviso: evítese problemas", "mx-no-threat"),
        ("Sabemos dónde trabaja usted", "mx-no-threat"),
        ("No pagar es un delito y puede ir a la cárcel", "mx-no-crime-allegation"),
        ("Es usted un moroso", "mx-no-insult"),
        ("Pague, cabrón", "mx-no-obscene"),
        ("Publicaremos su nombre en redes", "mx-no-public-exposure"),
        ("Quedará en la lista negra", "mx-no-blacklist"),
        ("Deposite hoy en nuestra cuenta", "mx-no-pay-to-agency"),
        ("Pague directamente al despacho", "mx-no-pay-to-agency"),
        ("Aproveche nuestra promoción: nuevo crédito preaprobado", "mx-no-promotion"),
    ],
)
def test_what_mexico_forbids_is_found(text: str, rule: str) -> None:
    assert rule in found(MX, text)


@pytest.mark.parametrize(
    "text",
    [
        "Notificación de pago recibida. Gracias, Ana.",
        "Su fecha de corte es el 5 de diciembre.",
        "Sin embargo, aún puede pagar en línea.",
        "Para dejar de recibir notificaciones responda ALTO.",
        "Evite fraudes: pague solo a Banco Ejemplo, nunca al despacho.",
        "No pague al despacho; su pago se hace únicamente a Banco Ejemplo.",
        "Buenos días, Ana. Su pago de $1,250.00 vence el 30 de noviembre. Puede pagar con SPEI o en OXXO.",
        "Le recordamos con gusto que su saldo al 22/11/2026 es de $3,400.00. ¿Necesita un plan de pagos? Escríbanos.",
        "Si ya pagó, haga caso omiso de este mensaje y disculpe la molestia.",
        "Unidad especializada de atención: une@example.com, 55 0000 0000.",
        "Ofrecemos pagar en tres partes sin costo adicional.",
        "Estamos para ayudarle: cuéntenos cómo prefiere pagar.",
        "El proceso de pago toma dos minutos.",
    ],
)
def test_innocent_words_are_left_alone(text: str) -> None:
    for pack in (MX, CO):
        assert found(pack, text) == set(), pack.id


@pytest.mark.parametrize(
    "text",
    [
        "¿Por qué no ha pagado?",
        "¿Por qué usted no nos ha pagado su cuota?",
        "Cuéntenos el motivo de su atraso",
        "¿Cuál es la razón del incumplimiento?",
        "¿Qué le impidió pagar a tiempo?",
        "¿A qué se debe la mora?",
        "Explíquenos por qué se retrasó",
    ],
)
def test_in_colombia_nobody_is_asked_why(text: str) -> None:
    assert "co-no-asking-why" in found(CO, text)
    assert "co-no-asking-why" not in found(MX, text)


@pytest.mark.parametrize(
    "text",
    [
        "¿Qué alternativa de pago prefiere?",
        "¿Cuándo podría pagar?",
        "El motivo de este mensaje es recordarle su cuota en mora.",
        "¿Por qué esperar? Su cuota vence mañana y puede pagar hoy.",
        "Si no puede pagar todo, dígalo y buscamos un acuerdo.",
    ],
)
def test_in_colombia_alternatives_may_be_asked(text: str) -> None:
    assert found(CO, text) == set()


def test_a_report_to_the_bureau_is_named_only_where_its_conditions_are_met_or_it_is_the_notice_itself() -> (
    None
):
    text = "Su obligación será reportada a las centrales de riesgo (DataCrédito)."
    assert found(CO, text) == {"co-no-unmet-bureau-threat"}
    assert found(CO, text, provided=EVERYTHING | {"bureau_report_conditions_met"}) == set()
    assert found(CO, text, kind=Kind.DUTY_NOTICE) == set()


def test_chile_forbids_any_word_of_courts_and_bureaus_but_asks_for_its_own_sentence() -> None:
    own = "Esta comunicación no constituye un procedimiento de ejecución sobre sus bienes."
    assert found(CL, own) == set()
    assert "cl-no-court-reference" in found(CL, "Iniciaremos una demanda.")
    assert "cl-no-credit-bureau-mention" in found(CL, "Figurará en DICOM.")
    assert "cl-no-court-reference" in found(CL, own + " De lo contrario habrá juicio.")
    assert found(CL, "Se trata de una cobranza extrajudicial.") == set()


def test_true_and_lawful_consequences_may_be_told_in_mexico_and_not_in_chile() -> None:
    text = "El crédito puede ser reclamado por las vías legales que correspondan."
    assert found(MX, text) == set()
    assert found(CL, text) == {"cl-no-court-reference"}


@pytest.mark.parametrize(
    ("pack", "text", "rule"),
    [
        (BR, "Seus bens sofrerão penhora", "br-no-judicial-lookalike"),
        (BR, "Você é um caloteiro", "br-no-insult"),
        (US, "You will be arrested", "us-no-crime-allegation-for-nonpayment"),
        (US, "We will sue you", "us-no-time-barred-suit-threat"),
        (GB, "Sorry we missed you: a parcel for you is waiting", "gb-no-misleading-contact-pretext"),
        (STRICT, "Court order enclosed", "strict-no-judicial-lookalike"),
        (STRICT, "Último aviso", "strict-no-threat"),
        (STRICT, "Qual o motivo do atraso?", "strict-no-ask-reason-for-default"),
    ],
)
def test_other_languages_are_read_too(pack: Pack, text: str, rule: str) -> None:
    assert rule in found(pack, text)


def test_a_suit_may_be_named_within_the_limitation_period_where_the_law_lets_it() -> None:
    text = "We may file a lawsuit"
    assert "us-no-time-barred-suit-threat" in found(US, text)
    assert "us-no-time-barred-suit-threat" not in found(US, text, provided=EVERYTHING | {"within_limitation"})


def test_a_receipt_that_goes_on_to_collect_is_no_receipt() -> None:
    kind = {"kind": Kind.PAYMENT_RECEIPT}
    assert found(CO, "Recibimos su pago de $50.000. ¡Gracias!", **kind) == set()
    assert found(CO, "Recibimos su pago. Pague el resto hoy mismo.", **kind) == {"co-pure-receipt"}
    assert found(MX, "Recibimos tu pago. Ponte al corriente.", **kind) == {"mx-pure-receipt"}


def test_mexicos_first_contact_says_eleven_things() -> None:
    refusals = lint(
        MX,
        "Hola",
        channel=Channel.EMAIL,
        kind=Kind.COLLECTION,
        first_contact=True,
        provided=frozenset({"agency_name", "creditor_name", "amount"}),
    )
    assert {refusal.detail for refusal in refusals} == {
        "agent_name",
        "agency_address_phone",
        "responsible_persons",
        "contract_ref",
        "amount_date",
        "settlement_conditions",
        "creditor_complaint_unit",
        "pay_only_to_creditor",
    }
    assert {refusal.rule for refusal in refusals} == {"mx-first-contact"}
    assert all(refusal.until is None and "DOF" in refusal.source and refusal.change for refusal in refusals)


def test_a_text_message_may_say_the_rest_behind_its_link_and_an_e_mail_may_not() -> None:
    short = frozenset({"agency_name", "creditor_name", "link_to_full_information"})
    assert found(MX, "Hola", channel=Channel.SMS, first_contact=True, provided=short) == set()
    assert found(MX, "Hola", channel=Channel.EMAIL, first_contact=True, provided=short) == {
        "mx-first-contact"
    }
    assert (
        found(MX, "Hola", channel=Channel.SMS, first_contact=True, provided=short - {"agency_name"}) != set()
    )


def test_later_messages_only_name_who_writes_and_for_whom() -> None:
    assert found(MX, "Hola", provided=frozenset({"agency_name", "creditor_name"})) == set()
    assert found(MX, "Hola", provided=frozenset({"creditor_name"})) == {"mx-every-message"}
    assert found(MX, "Hola", provided=frozenset({"creditor_name"}), acts_as="first_party") == set()


def test_an_actor_of_no_known_kind_owes_what_every_kind_owes() -> None:
    assert found(MX, "Hola", provided=frozenset({"creditor_name"}), acts_as="somebody") == {
        "mx-every-message"
    }


def test_a_call_says_who_speaks() -> None:
    said = frozenset({"agency_name", "creditor_name"})
    assert found(CO, "Buenos días", channel=Channel.VOICE, provided=said) == {"co-every-call"}
    assert found(CO, "Buenos días", channel=Channel.VOICE, provided=said | {"agent_name"}) == set()


def test_colombian_messages_carry_a_way_to_answer_or_leave() -> None:
    assert found(CO, "Hola", provided=frozenset({"creditor_name", "agency_name"})) == {"co-every-message"}


def test_a_reminder_before_the_due_date_owes_no_first_notice_in_mexico() -> None:
    said = frozenset({"agency_name", "creditor_name"})
    assert found(MX, "Hola", kind=Kind.REMINDER_PRE_DUE, first_contact=True, provided=said) == set()


def test_receipts_owe_nothing_and_copies_of_agreements_owe_their_terms() -> None:
    assert found(MX, "Gracias", kind=Kind.PAYMENT_RECEIPT, first_contact=True, provided=frozenset()) == set()
    assert found(MX, "Convenio", kind=Kind.AGREEMENT_COPY, provided=frozenset({"written"})) == {
        "mx-agreement"
    }


def test_an_unknown_country_says_so_here_too() -> None:
    refusal = lint(
        STRICT,
        "Court order",
        channel=Channel.SMS,
        kind=Kind.COLLECTION,
        first_contact=False,
        provided=EVERYTHING,
        country="TW",
    )[0]
    assert refusal.source == "no pack for TW: strict default, our own caution"


def test_every_forbidden_phrase_of_every_pack_is_found_in_itself() -> None:
    for pack in PACKS.values():
        for ban in pack.forbidden:
            for phrase in ban.phrases:
                text = phrase.replace("* ", "xx ").removesuffix("*").replace("...", "una vez")
                kind = next(iter(ban.kinds), Kind.COLLECTION)
                assert ban.id in found(pack, f"Hola, {text} gracias", kind=Kind(kind)), (ban.id, phrase)


def test_no_innocent_phrase_of_any_pack_is_guilty() -> None:
    for pack in PACKS.values():
        for ban in pack.forbidden:
            for phrase in ban.innocent:
                text = phrase.replace("* ", "xx ").removesuffix("*").replace("...", "una vez")
                assert ban.id not in found(pack, f"Hola, {text} gracias"), (ban.id, phrase)


def test_words_are_whole_words() -> None:
    assert found(MX, "Juan Embargoitia vive en la calle Juzgadores") == set()


def test_sentences_part_what_they_say() -> None:
    assert tokens("Último. Aviso: S.A. de C.V.") == [
        "ultimo",
        ".",
        "aviso",
        "s",
        "a",
        ".",
        "de",
        "c",
        "v",
        ".",
    ]
    assert found(MX, "Este es su último. Aviso de privacidad en la página.") == set()
