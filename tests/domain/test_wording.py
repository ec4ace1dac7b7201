"""What people read: in their language, exact, no more telling than their point allows, and provable afterwards."""

import re
from dataclasses import replace

import pytest

from infra.playbook import samples
from recobro.domain import gsm7
from recobro.domain.allocation import Allocation
from recobro.domain.channel import Channel
from recobro.domain.contact_point import Level
from recobro.domain.debt import Amounts, Instalment
from recobro.domain.debtor import Personal, Profile
from recobro.domain.disclosure import ceiling
from recobro.domain.items import owed
from recobro.domain.languages import choose, languages
from recobro.domain.money import Money
from recobro.domain.promise import PromiseStatus
from recobro.domain.rendering import Rendered, render
from recobro.domain.template import Template
from recobro.domain.wording import compose, digest
from recobro.errors import InvalidInput, NotFound
from recobro.playbook_file import document, template_from
from tests.demo_client import B2B, CO, LINK, MX, TODAY, UNSUBSCRIBE, contact, playbook, said

KEY = "00" * 32
ADDRESSED = {Channel.EMAIL, Channel.WHATSAPP}
STEPS = [
    (stage.name, step.template, channel, step.on_dpd)
    for stage in playbook().strategy.stages
    for step in stage.steps
    for channel in step.channels
]


def _everything(text: Rendered) -> str:
    return " ".join((text.subject, text.preview, text.text, text.html, *text.parameters))


# --- how much is revealed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stage", "template", "channel", "dpd"), STEPS)
@pytest.mark.parametrize("brand", [MX, CO, B2B])
def test_a_neutral_point_hears_who_writes_and_nothing_of_a_debt(
    stage: str, template: str, channel: Channel, dpd: int, brand: str
) -> None:
    for language in ("es", "pt", "en"):
        debtor, intended = contact(
            template, channel, brand=brand, dpd=dpd, level=Level.NEUTRAL, stage=stage, language=language
        )
        message = said(debtor, intended)
        words = _everything(message.rendered)
        for secret in (
            "1,250",
            "1.250",
            "125.050",
            "1001",
            "SPEI",
            "CLABE",
            "PSE",
            "noviembre",
            "JIMÉNEZ",
            "Jiménez",
        ):
            assert secret not in words
        assert not message.carries_notice


@pytest.mark.parametrize(("stage", "template", "channel", "dpd"), STEPS)
def test_an_sms_call_or_push_names_no_amount_once_the_date_has_passed(
    stage: str, template: str, channel: Channel, dpd: int
) -> None:
    if channel in ADDRESSED or dpd <= 0:
        return
    for brand in (MX, CO, B2B):
        message = said(*contact(template, channel, brand=brand, dpd=dpd, stage=stage))
        assert not re.search(r"\$|COP|MXN|\d{3}[.,]\d", message.rendered.text.replace(LINK, ""))


@pytest.mark.parametrize(
    ("channel", "point", "acts_as", "dpd", "most"),
    [
        (Channel.EMAIL, Level.ADDRESSED, "third_party", 40, Level.ADDRESSED),
        (Channel.EMAIL, Level.IDENTIFIED, "third_party", 40, Level.ADDRESSED),
        (Channel.EMAIL, Level.NEUTRAL, "first_party", -5, Level.NEUTRAL),
        (Channel.WHATSAPP, Level.ADDRESSED, "first_party", 3, Level.ADDRESSED),
        (Channel.SMS, Level.ADDRESSED, "first_party", -1, Level.ADDRESSED),
        (Channel.SMS, Level.ADDRESSED, "first_party", 0, Level.ADDRESSED),
        (Channel.SMS, Level.ADDRESSED, "first_party", 1, Level.NEUTRAL),
        (Channel.SMS, Level.ADDRESSED, "third_party", -1, Level.NEUTRAL),
        (Channel.SMS, Level.NEUTRAL, "first_party", -1, Level.NEUTRAL),
        (Channel.PUSH, Level.IDENTIFIED, "first_party", -1, Level.NEUTRAL),
        (Channel.VOICE_AUTO, Level.IDENTIFIED, "first_party", -1, Level.NEUTRAL),
        (Channel.VOICEMAIL, Level.IDENTIFIED, "first_party", -1, Level.NEUTRAL),
    ],
)
def test_the_most_that_may_be_said(
    channel: Channel, point: Level, acts_as: str, dpd: int, most: Level
) -> None:
    assert ceiling(channel, point=point, acts_as=acts_as, dpd=dpd) is most


def test_the_amount_stands_in_an_sms_before_the_date_in_the_creditors_own_name() -> None:
    message = said(*contact("pre_due", Channel.SMS, dpd=-5, stage="pre_due"))
    assert message.part == "sms"
    assert message.rendered.text == (
        f"Muebles Fabula: su pago de $1,250.50 vence el 29 de noviembre: {LINK} Salir: responda BAJA."
    )


def test_a_point_that_is_unknown_carries_only_a_neutral_message() -> None:
    debtor, intended = contact("early")
    assert said(replace(debtor, points=()), intended).part == "email_neutral"


@pytest.mark.parametrize(
    "template", ["pre_due", "due_soon", "early", "options", "middle", "late", "final", "first_notice"]
)
def test_the_preview_of_a_whatsapp_message_shows_no_debt(template: str) -> None:
    message = said(*contact(template, Channel.WHATSAPP, dpd=-2 if "due" in template else 20))
    assert message.part == "whatsapp"
    opening = message.rendered.text[:120]
    assert "Hola, Guadalupe" in opening
    assert not re.search(r"\$|pago|adeud|1,250", opening)


def test_a_mails_subject_and_preview_show_no_debt_and_nothing_of_the_body_follows_them() -> None:
    message = said(*contact("early"))
    assert message.rendered.subject == "Acuerdo Amable tiene un mensaje para usted"
    hidden = message.rendered.html.split("</div>")[0]
    assert "Es personal." in hidden
    assert hidden.count("&#847;&zwnj;&nbsp;") >= 50
    assert "1,250" not in hidden


# --- in whose name ----------------------------------------------------------------------------------------------------


def test_both_the_creditor_and_the_agency_are_always_named() -> None:
    for stage, template, channel, dpd in STEPS:
        message = said(*contact(template, channel, brand=MX, dpd=dpd, stage=stage))
        if message.part == "sms" and dpd <= 0:
            continue  # in the creditor's own name, as the creditor would write it
        assert "Acuerdo Amable" in message.rendered.text
        assert re.search("Muebles F[áa]bula", message.rendered.text)


def test_before_the_date_the_creditor_speaks_and_after_it_the_agency() -> None:
    before = said(*contact("pre_due", brand=MX, dpd=-5, stage="pre_due"))
    after = said(*contact("early", brand=MX, dpd=5, stage="early"))
    assert before.sender_name == "Muebles Fábula"
    assert "Le escribe Muebles Fábula, a través de Acuerdo Amable." in before.rendered.text
    assert after.sender_name == "Acuerdo Amable"
    assert "Le escribe Acuerdo Amable, por encargo de Muebles Fábula." in after.rendered.text


def test_each_country_is_given_the_number_that_it_can_call() -> None:
    assert "+57 601 555 0100" in said(*contact("early", brand=CO)).rendered.text
    call = said(*contact("options", Channel.VOICE_AUTO, brand=CO)).rendered.text
    assert call.count("6 0 1, 5 5 5, 0 1 0 0") == 2


def test_a_guarantor_is_told_why_they_are_written_to() -> None:
    assert "Le escribimos como aval" in said(*contact("early", about="a guarantor")).rendered.text
    assert "aval" not in said(*contact("early")).rendered.text


# --- language ---------------------------------------------------------------------------------------------------------


def test_a_language_is_looked_up_as_spoken_there_then_anywhere_then_the_clients_own() -> None:
    assert list(languages(Profile(country="MX", language="en"), "es")) == ["en-MX", "en", "es-MX", "es"]
    assert list(languages(Profile(country="MX", language="es-CO"), "es")) == ["es-CO", "es-MX", "es"]
    assert list(languages(Profile(country="", language="pt"), "es")) == ["pt", "es"]


def test_who_speaks_a_language_without_a_template_reads_the_clients_own() -> None:
    assert choose(playbook(), "middle", Profile(country="MX", language="fr"))[0] == "middle.es"
    assert choose(playbook(), "early", Profile(country="CO", language="en"))[0] == "early.en"
    assert choose(playbook(), "first_notice", Profile(country="CO", language="es"))[0] == "first_notice.es-CO"
    with pytest.raises(NotFound):
        choose(playbook(), "nothing", Profile(country="MX"))


def test_portuguese_and_english_read_as_such() -> None:
    assert "Olá, Guadalupe" in said(*contact("early", language="pt")).rendered.text
    english = said(*contact("pre_due", dpd=-1, language="en", stage="pre_due"))
    assert "MX$1,250.50" in english.rendered.text
    assert "(tomorrow)" in english.rendered.text


@pytest.mark.parametrize(
    ("dpd", "when"), [(-5, "en 5 días"), (-1, "mañana"), (0, "hoy"), (1, "ayer"), (12, "hace 12 días")]
)
def test_days_are_said_as_people_say_them(dpd: int, when: str) -> None:
    message = said(*contact("due_soon", dpd=dpd, stage="pre_due"))
    assert f"Su fecha de pago es {when}:" in message.rendered.text


# --- whom -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("personal", "greeting"),
    [
        (Personal("MORA, ANA"), "Hola, Ana:"),
        (Personal(), "Hola:"),
        (Personal("\u202eANA"), "Hola, Ana:"),
        (Personal("<script>alert(1)</script>"), "Hola:"),
        (Personal("{amount}"), "Hola:"),
    ],
)
def test_a_greeting_is_plain_whatever_the_file_held(personal: Personal, greeting: str) -> None:
    message = said(*contact("early", personal=personal))
    assert message.rendered.text.startswith(f"{greeting}\n")
    assert "script" not in message.rendered.html


def test_a_companys_named_contact_is_greeted_by_name() -> None:
    debtor, intended = contact("company_overdue", brand=B2B, about="a company", stage="company_early")
    assert said(debtor, intended).rendered.text.startswith(
        "Hola, equipo de Comercializadora del Ejemplo, S.A. de C.V.:"
    )
    named = replace(debtor, personal=replace(debtor.personal, contacts={"payables": "ROSA PRUEBA"}))
    assert said(named, replace(intended, recipient="payables")).rendered.text.startswith("Hola, Rosa:")


# --- figures ----------------------------------------------------------------------------------------------------------


def test_up_to_five_items_are_named_and_more_are_counted() -> None:
    few = said(
        *contact(
            "pre_due", Channel.WHATSAPP, about="three debts, one in instalments", dpd=-5, stage="pre_due"
        )
    )
    many = said(
        *contact("company_overdue", Channel.WHATSAPP, brand=B2B, about="a company", stage="company_early")
    )
    assert "FA-1001" in few.rendered.text
    assert "42 cuentas que suman $52,521.00" in many.rendered.text
    assert "UT-1001" not in many.rendered.text


def test_a_long_list_in_a_mail_ends_with_how_many_more_and_how_much() -> None:
    message = said(*contact("company_overdue", brand=B2B, about="a company", stage="company_early"))
    assert message.rendered.text.count("Factura UT-") == 30
    assert "Y 12 más que suman $15,006.00" in message.rendered.text
    assert len(message.rendered.html.encode()) < 30_000


def test_what_is_not_yet_due_stands_apart() -> None:
    debtor, intended = contact("early", about="three debts, one in instalments", dpd=1)
    text = said(debtor, intended).rendered.text
    assert "    $1,250.50\n" in text
    assert "Aparte, y sin prisa, quedan $2,501.00" in text
    assert "FA-1002" not in text


def test_the_breakdown_adds_up_or_only_the_total_is_given() -> None:
    debtor, intended = contact("middle", dpd=40, stage="middle")
    text = said(debtor, intended).rendered.text
    assert "- Capital: $980.00\n- Intereses: $120.50\n- Gastos: $80.00\n- Impuestos: $70.00\n" in text
    assert "- Total al 23 de noviembre de 2026: $1,250.50" in text
    partly = replace(intended, due=Money(100_000, "MXN"))
    assert "Capital" not in said(debtor, partly).rendered.text
    assert "Total al 23 de noviembre de 2026: $1,000.00" in said(debtor, partly).rendered.text


def test_credit_notes_are_taken_off_where_everybody_can_see_it() -> None:
    debtor, intended = contact("middle", dpd=40, stage="middle")
    credited = replace(debtor, debts=tuple(replace(debt, credit=25_050) for debt in debtor.debts))
    text = said(credited, replace(intended, due=Money(100_000, "MXN"))).rendered.text
    assert "Abonos y notas de crédito: -$250.50" in text
    assert "Total al 23 de noviembre de 2026: $1,000.00" in text


def test_instalments_due_are_a_line_of_their_own() -> None:
    debtor, intended = contact("middle", dpd=40, stage="middle")
    parts = tuple(Instalment(number, debtor.debts[0].due_on, 50_000) for number in (1, 2))
    dated = replace(debtor, debts=(replace(debtor.debts[0], instalments=parts, amounts=Amounts(100_000)),))
    assert "- Cuotas: $1,000.00" in said(dated, replace(intended, due=Money(100_000, "MXN"))).rendered.text


def test_before_any_date_the_nearest_one_is_asked_for() -> None:
    debtor, intended = contact("pre_due", about="three debts, one in instalments", dpd=-5, stage="pre_due")
    assert [debt.ref for debt in owed(debtor, intended, TODAY)] == ["FA-1001"]
    assert "vence el domingo, 29 de noviembre de 2026 (en 5 días)" in said(debtor, intended).rendered.text


def test_only_the_ways_to_pay_in_that_currency_are_offered() -> None:
    debtor, intended = contact("company_overdue", brand=B2B, about="a company", stage="company_early")
    dollars = replace(debtor, debts=tuple(replace(debt, currency="USD") for debt in debtor.debts))
    text = said(dollars, replace(intended, due=Money(intended.due.minor, "USD"))).rendered.text
    assert "SWIFT" in text
    assert "CLABE" not in text
    assert "USD\u00a052,521.00" in text


# --- first contact ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brand", "items"),
    [
        (
            MX,
            (
                "Acuerdo Amable, S.C.", "Lucía Herrera Fuentes", "Calle del Ejemplo 100", "+52 55 5550 0100",
                "Muebles Fábula, S.A. de C.V.", "FA-1001", "$1,250.50", "23 de noviembre de 2026", "CLABE",
                "quejas@example.com", "Pague únicamente a Muebles Fábula",
            ),
        ),
        (
            CO,
            ("Acuerdo Amable, S.C.", "Móvil Quimera S.A.S.", "QU-1001", "$125.050", "SMS, correo, WhatsApp, teléfono y avisos de la app"),
        ),
    ],
)  # fmt: skip
def test_a_first_contact_says_all_that_the_law_asks(brand: str, items: tuple[str, ...]) -> None:
    message = said(*contact("early", brand=brand, first=True))
    assert message.name.startswith("first_notice.es-")
    assert message.carries_notice
    for item in items:
        assert item in message.rendered.text


def test_the_notice_is_not_given_by_what_cannot_carry_it() -> None:
    for channel, level in (
        (Channel.SMS, Level.ADDRESSED),
        (Channel.PUSH, Level.ADDRESSED),
        (Channel.EMAIL, Level.NEUTRAL),
    ):
        message = said(*contact("early", channel, level=level, first=True))
        assert message.name == "early.es"
        assert not message.carries_notice


def test_once_the_notice_was_given_the_steps_own_words_are_used() -> None:
    message = said(*contact("early", first=False))
    assert message.name == "early.es"
    assert not message.carries_notice


# --- other kinds ------------------------------------------------------------------------------------------------------


def test_a_receipt_thanks_and_asks_for_nothing() -> None:
    text = said(*contact("payment_receipt")).rendered.text
    assert "¡Gracias!" in text
    assert "$1,250.50\n    registrado el 24 de noviembre de 2026" in text
    assert "no es un comprobante fiscal" in text
    assert not re.search("resta|pendiente|falta|vence|CLABE", text)


def test_a_promise_is_remembered_as_it_was_made() -> None:
    assert (
        "    $500.00\n    el miércoles, 25 de noviembre de 2026"
        in said(*contact("promise_reminder")).rendered.text
    )


@pytest.mark.parametrize(
    ("language", "reminded", "stopped"),
    [
        ("pt", "    MX$\u00a0500,00\n    com data de quarta-feira, 25 de novembro de 2026", "nao escreveremos mais por SMS"),
        ("en", "    MX$500.00\n    on Wednesday, 25 November 2026", "will not write to you by SMS again"),
    ],
)  # fmt: skip
def test_what_was_agreed_and_what_was_stopped_is_told_in_the_persons_language(
    language: str, reminded: str, stopped: str
) -> None:
    reminder = said(*contact("promise_reminder", language=language)).rendered.text
    confirmation = said(*contact("optout_confirmation", Channel.SMS, language=language)).rendered.text

    assert reminded in reminder
    assert stopped in confirmation


def test_what_a_payment_pays_first_is_said_as_the_client_applies_it() -> None:
    debtor, intended = contact("agreement")
    principal_first = Allocation(parts=("principal", "interest", "fees", "taxes"))
    client = replace(playbook().client, allocation=principal_first)
    otherwise = compose(
        debtor, intended, replace(playbook(), client=client), today=TODAY, link=LINK, now=samples.NOW
    )

    assert "en este orden: gastos, intereses, impuestos, capital." in said(debtor, intended).rendered.text
    assert "en este orden: capital, intereses, gastos, impuestos." in otherwise.rendered.text


def test_an_agreement_names_every_debt_it_settles_and_what_all_of_them_are_made_of() -> None:
    """Of three debts one was due: the copy named that one, and of the others neither a reference nor an amount."""
    for channel in (Channel.EMAIL, Channel.WHATSAPP):
        debtor, intended = contact("agreement", channel, about="three debts, one in instalments", dpd=3)
        text = said(debtor, intended).rendered.text
        offer = debtor.plans[0].offer
        principal = sum(one.amounts.principal for one in debtor.debts)
        late = [one for one in debtor.debts if one.oldest_due_on() <= TODAY]

        assert len(late) < len(debtor.debts) == len(offer.debts) == 3
        assert all(one.ref in text for one in debtor.debts)
        assert f"Capital: ${principal / 100:,.2f}" in text
        assert f"Total al 23 de noviembre de 2026: ${offer.owed / 100:,.2f}" in text


def test_an_agreement_by_email_names_more_references_than_a_short_message_has_room_for() -> None:
    debtor, intended = contact("agreement", brand=B2B, about="a company")
    named = sum(one.ref in said(debtor, intended).rendered.text for one in debtor.debts)

    assert (named, len(debtor.debts)) == (30, 42)
    assert "12 más" in said(debtor, intended).rendered.text


def test_a_first_notice_never_says_that_it_is_the_first_time() -> None:
    """It is due until it arrives by what can carry it: reminders, and neutral messages, may have gone before."""
    for language in ("es", "pt", "en"):
        for brand in (MX, CO):
            words = said(*contact("early", brand=brand, language=language, first=True)).rendered.text
            assert not re.search("primera vez|primeira vez|first time", words)


def test_a_promise_that_is_no_longer_open_is_an_error_and_no_hole() -> None:
    debtor, intended = contact("promise_reminder")
    kept = tuple(replace(one, status=PromiseStatus.KEPT) for one in debtor.promises)
    with pytest.raises(InvalidInput) as refused:
        said(replace(debtor, promises=kept, plans=()), intended)
    assert refused.value.field == "{promise_amount}"
    assert refused.value.where == "template promise_reminder.es, part email"


def test_stop_is_confirmed_by_the_name_of_the_channel() -> None:
    text = said(*contact("optout_confirmation", Channel.SMS)).rendered.text
    assert "no le escribiremos mas por SMS" in text


@pytest.mark.parametrize(
    ("channel", "brand", "way"),
    [
        (Channel.SMS, MX, "Salir: responda BAJA."),
        (Channel.SMS, CO, "Salir: en el enlace."),  # an SMS cannot be answered there
        (Channel.WHATSAPP, CO, "responda BAJA"),
        (Channel.VOICE_AUTO, MX, "Si no desea recibir m"),
        (Channel.EMAIL, MX, f"Dejar de recibir estos correos: {UNSUBSCRIBE}"),
    ],
)
def test_every_message_says_how_to_stop_by_a_way_that_works_there(
    channel: Channel, brand: str, way: str
) -> None:
    assert way in said(*contact("options", channel, brand=brand)).rendered.text


# --- carriers ---------------------------------------------------------------------------------------------------------


def test_every_sms_of_ours_stays_in_the_cheap_alphabet() -> None:
    for stage, template, channel, dpd in STEPS:
        if channel is Channel.SMS:
            text = said(*contact(template, channel, dpd=dpd, stage=stage)).rendered.text
            assert gsm7.transliterate(text) == text
            assert all(letter in gsm7.BASIC for letter in text)
            assert gsm7.parts(text) == 1


def test_whatsapp_parameters_fill_the_approved_template_without_breaks_or_holes() -> None:
    for name, template in playbook().templates.items():
        for part_name, part in template.parts.items():
            if not part_name.startswith("whatsapp") or not part.template:
                continue
            level = part.level
            about = "a company" if "company" in name else "three debts, one in instalments"
            message = said(
                *contact(
                    template.name,
                    Channel.WHATSAPP,
                    about=about,
                    level=level,
                    language=template.language.split("-")[0],
                )
            )
            shown = message.rendered
            assert len(shown.parameters) == len(template.parts[message.part].parameters)
            assert all(
                value and "\n" not in value and "\t" not in value and "    " not in value
                for value in shown.parameters
            )
            assert all(value in shown.text for value in shown.parameters)
            assert len(shown.text) <= 1_024


# --- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stage", "template", "channel", "dpd"), STEPS)
def test_what_was_said_can_be_said_again_from_what_was_kept(
    stage: str, template: str, channel: Channel, dpd: int
) -> None:
    message = said(*contact(template, channel, dpd=dpd, stage=stage, about="three debts, one in instalments"))
    kept = template_from(document(playbook(), f"template.{message.name}"))
    again = render(kept, message.part, dict(message.variables))
    assert again == message.rendered
    assert digest(again, KEY) == digest(message.rendered, KEY)


def test_only_the_variables_that_were_used_are_kept() -> None:
    message = said(*contact("neutral", Channel.SMS, level=Level.NEUTRAL))
    assert set(message.variables) == {"who", "link", "opt_out"}


def test_a_digest_tells_words_and_keys_apart_and_nothing_else() -> None:
    one = Rendered("Hola", "s", "p", "<p>Hola</p>", ("a", "b"))
    assert re.fullmatch("[0-9a-f]{64}", digest(one, KEY))
    assert digest(one, KEY) == digest(replace(one, html="<div>Hola</div>"), KEY)
    different = [
        replace(one, text="Hola."),
        replace(one, subject="S"),
        replace(one, preview=""),
        replace(one, parameters=("ab",)),
    ]
    assert len({digest(each, KEY) for each in (one, *different)}) == 5
    assert digest(one, KEY) != digest(one, "11" * 32)


def test_a_part_that_does_not_exist_is_named() -> None:
    _, template = choose(playbook(), "early", Profile(country="MX"))
    with pytest.raises(NotFound, match=r"early.es.*'fax'"):
        render(template, "fax", {})


def test_a_variable_without_value_names_template_part_and_variable() -> None:
    _, template = choose(playbook(), "early", Profile(country="MX"))
    with pytest.raises(InvalidInput) as refused:
        render(template, "email", {"greeting": "Hola"})
    assert refused.value.where == "template early.es, part email"
    assert refused.value.field.startswith("{")


def test_nobody_is_addressed_by_a_template_that_says_nothing_by_that_channel() -> None:
    debtor, intended = contact("early")
    bare: Template = replace(playbook().templates["early.es"], parts={}, first="")
    silent = replace(playbook(), templates={"early.es": bare})
    with pytest.raises(NotFound, match="says nothing by email"):
        compose(debtor, intended, silent, today=TODAY, link=LINK, now=samples.NOW)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("+52 55 5550 0100", "5 5, 5 5 5 0, 0 1 0 0"),
        ("+52-55-5550-0100", "5 5, 5 5 5 0, 0 1 0 0"),
        ("55 5550 0100", "5 5, 5 5 5 0, 0 1 0 0"),
        ("+525555500100", "5 2 5 5 5 5 5 0 0 1 0 0"),
    ],
)
def test_a_number_to_call_back_is_spoken_whole_however_the_client_wrote_it(written: str, spoken: str) -> None:
    """Written without spaces, the whole number was taken for the country's code, and the call said none."""
    book = playbook()
    agency = replace(book.client.agency, phone=written, phones={})
    book = replace(book, client=replace(book.client, agency=agency))
    debtor, intended = contact("neutral", Channel.VOICE_AUTO, brand=MX, dpd=12, level=Level.NEUTRAL)
    message = compose(debtor, intended, book, today=TODAY, link=LINK, now=samples.NOW)

    assert message.variables["agency_phone_spoken"] == spoken
