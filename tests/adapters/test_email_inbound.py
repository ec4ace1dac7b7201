"""An e-mail is read for what its writer wrote: above the quote, in any dress, and never a machine's words for a person's."""

from datetime import UTC, datetime
from email.message import EmailMessage
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recobro.adapters.channels.email_inbound import own_words, parse_messages
from recobro.ports import Inbound

NOW = datetime(2026, 3, 9, 18, tzinfo=UTC)
QUOTED = "\n\nEl lun, 9 mar 2026 a las 10:00, Cobranza (<a@example.com>) escribió:\n> Si no desea mensajes, responda BAJA.\n"


def received(content: str, source: str = "aminta@example.com", path: str = "") -> list[Inbound]:
    mail = {
        "messageId": "m-1",
        "source": source,
        "timestamp": "2026-03-09T18:00:00.000Z",
        "headers": [{"name": "Return-Path", "value": path or f"<{source}>"}],
    }
    return parse_messages({"notificationType": "Received", "mail": mail, "content": content}, NOW)


def written(body: str, kind: str = "plain", **headers: str) -> str:
    message = EmailMessage()
    message["From"] = headers.pop("From", "Aminta Prueba <Aminta@Example.com>")
    message["Subject"] = headers.pop("Subject", "Re: mensaje")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body, subtype=kind)
    return message.as_string()


@pytest.mark.parametrize(
    "quote",
    [
        QUOTED,
        "\n\nOn Mon, 9 Mar 2026 at 10:00, Agency <a@example.com> wrote:\n> reply STOP\n",
        "\n\nEm seg., 9 de mar. de 2026 às 10:00, Agência <a@example.com> escreveu:\n> responda SAIR\n",
        "\n\n-----Mensaje original-----\nDe: Agencia <a@example.com>\nresponda BAJA\n",
        "\n\n________________________________\nDe: Agencia <a@example.com>\nresponda BAJA",
        "\n-- \nAminta Prueba\nGerente",
        "\n\nEnviado desde mi iPhone",
    ],
)
def test_what_we_wrote_ourselves_is_never_taken_for_the_answer(quote: str) -> None:
    assert own_words(f"El viernes te pago{quote}") == "El viernes te pago"


WRAPPED = (
    "El lun, 9 mar 2026 a las 10:00, Cobranza (<\na@example.com>) escribió:",
    "El lun, 9 mar 2026 a las 10:00, Muebles del Valle (<a@example.com>)\nescribió:",
    "On Mon, Mar 9, 2026 at 10:00 AM Muebles del Valle <a@example.com>\nwrote:",
    "On Mon, Mar 9, 2026 at 10:00 AM\nMuebles del Valle Cobranza\n<a@example.com> wrote:",
    "Em seg., 9 de mar. de 2026 às 10:00, Muebles <a@example.com>\nescreveu:",
    "  El lun, 9 mar 2026 a las 10:00, Cobranza (<\n  a@example.com>) escribió:  ",
)
"""Who wrote when, as mail programs break it over their line of some 70 characters."""


@pytest.mark.parametrize("attribution", WRAPPED)
def test_a_line_that_the_mail_program_broke_in_two_or_three_is_still_none_of_the_writers(
    attribution: str,
) -> None:
    assert own_words(f"Prueba XXA8\n\n{attribution}\n\n> Hola\n> BAJA\n") == "Prueba XXA8"
    assert own_words(f"{attribution}\n> Hola\n> BAJA\n\nPrueba XXA8\n") == "Prueba XXA8"


@pytest.mark.parametrize(
    "words",
    [
        "El viernes 13 te pago,\nya le dije a tu compañera,\nla que me llamó por la tarde\ny me escribió:",
        "El viernes te pago\n\nasí me lo escribió:",
        "On Friday I pay\nas I wrote",
        "Em março pago\nobrigado",
        "El viernes\n> BAJA a@example.com escribió:",
    ],
)
def test_a_line_that_only_begins_like_a_quote_stays_the_writers_own(words: str) -> None:
    assert own_words(words).split() == words.partition("\n>")[0].split()


@pytest.mark.parametrize(
    "lines",
    [
        "El\n" * 60_000,
        "El abcd wrote:\n" * 13_000,
        "El ab@d wrote\n\n" * 13_000,
        f"El lunes wrote{' ' * 190_000}x",
        ("El " * 60 + "\n") * 1_000,
        " " * 190_000 + "x",
    ],
)
def test_no_letter_takes_long_to_be_told_from_its_quote(lines: str) -> None:
    began = process_time()
    own_words(lines)

    assert process_time() - began < 2


@pytest.mark.parametrize(
    "page", ["<style " * 25_000, "<style>x</style " * 10_000, "<head><style>" * 12_000, "<" * 190_000]
)
def test_no_page_takes_long_to_be_told_from_its_markup(page: str) -> None:
    message = EmailMessage()
    message.set_content(f"{page}\n", subtype="html")
    raw = {"mail": {"messageId": "m-1", "source": "a@example.com"}, "content": message.as_string()}
    began = process_time()
    parse_messages(raw, datetime(2026, 3, 9, tzinfo=UTC))

    assert process_time() - began < 2


def test_of_a_page_its_words_are_read_and_neither_its_quotes_nor_its_style() -> None:
    message = EmailMessage()
    message.set_content(
        "<head><title>Re</title></head><STYLE>p {}</style><p>ya pagu&eacute;<br>ayer</p>"
        "<blockquote>responda BAJA</blockquote><script>x</script>",
        subtype="html",
    )
    raw = {"mail": {"messageId": "m-1", "source": "a@example.com"}, "content": message.as_string()}
    (read,) = parse_messages(raw, datetime(2026, 3, 9, tzinfo=UTC))

    assert read.body.split() == ["ya", "pagué", "ayer"]


def test_who_answers_below_the_quote_is_heard_as_well() -> None:
    assert own_words("> Hola, responda BAJA.\n\nya pagué ayer\n") == "ya pagué ayer"
    assert own_words("> Hola, responda BAJA.\n---\nya pagué ayer\n") == "ya pagué ayer"


ANSWERED = (
    "El lun, 9 mar 2026 a las 12:00, Muebles Luna <pagos@muebles.mx> escribió:\n> Su cuenta está vencida.\n"
)


@pytest.mark.parametrize(
    ("letter", "heard"),
    [
        (f"Gracias.\n\n{ANSWERED}\nNo me contacten más.", "Gracias. No me contacten más."),
        (f"Gracias.\n\n{ANSWERED}>\n> Responda BAJA.\n\nBAJA\n", "Gracias. BAJA"),
        (
            "Gracias.\n> ¿Cuándo paga?\nEl viernes.\n> ¿Cuánto?\nNada, bórrenme.",
            "Gracias. El viernes. Nada, bórrenme.",
        ),
        (f"Sí\nEnviado desde mi iPhone\n\n{ANSWERED}\nNo me contacten más.", "Sí No me contacten más."),
        ("Buenas tardes\n---\nBAJA", "Buenas tardes BAJA"),
    ],
    ids=[
        "below the quote",
        "below two paragraphs",
        "between the lines",
        "below a signature",
        "below a dash line",
    ],
)
def test_what_somebody_adds_below_the_quote_is_heard_beside_what_stands_above(
    letter: str, heard: str
) -> None:
    assert own_words(letter).split() == heard.split()


@pytest.mark.parametrize(
    "letter",
    [
        "Buenos días.\nEl viernes una persona de su empresa me escribió\nNo me contacten más.",
        "Hola.\nEl gestor ya me escribió\nDejen de escribirme",
        "Hola.\nEl gestor me escribió:\npague o lo embargo.\nDejen de escribirme",
        "Hi.\nOn Friday one of you wrote\nSTOP",
    ],
)
def test_who_tells_that_somebody_wrote_is_heard_to_the_end(letter: str) -> None:
    assert own_words(letter) == letter


@pytest.mark.parametrize(
    "below",
    [
        f"{ANSWERED}-- \nAminta Prueba\nGerente",
        f"{ANSWERED}\nEnviado desde mi iPhone",
        "On Mon, Mar 9, 2026 at 10:00, Muebles <a@example.com> wrote:\n\n  Reply\n  STOP\n",
        "-- \nAminta Prueba\nTel. 5550100001\n\nCalle 1, 500",
        "________________________________\nDe: Muebles <a@example.com>\n> Hola\n\nresponda BAJA",
        f"{ANSWERED}> Para no recibir más mensajes sobre esta cuenta, responda a este correo\nBAJA\n> y le dejamos en paz.",
        f"{ANSWERED}\n-----Mensaje original-----\nDe: Muebles <a@example.com>\n\nBAJA",
        "El 09/03/26 a las 10:00, Muebles Luna escribió:\n\n> BAJA\n",
        "El 09/03/26 a las 10:00, Muebles Luna escribió:\n",
    ],
    ids=[
        "a signature",
        "a phone's signature",
        "a quote without marks",
        "an old signature",
        "a forwarded head",
        "a quote that the mail program broke",
        "a quote of a quote",
        "no address",
        "a quote that its page marked",
    ],
)
def test_nothing_below_that_nobody_wrote_anew_is_taken_for_the_answer(below: str) -> None:
    assert own_words(f"El viernes te pago\n\n{below}") == "El viernes te pago"


def test_the_sender_the_words_and_the_message_that_is_answered() -> None:
    (message,) = received(
        written(f"ya pagué{QUOTED}", In_Reply_To="<0100018e-sample@us-west-2.amazonses.com>")
    )

    assert (message.sender, message.body, message.channel) == ("aminta@example.com", "ya pagué", "email")
    assert message.replies_to == "0100018e-sample"


@pytest.mark.parametrize(
    ("dmarc", "spf", "dkim", "is_vouched"),
    [
        ("PASS", "FAIL", "PASS", True),
        ("FAIL", "PASS", "PASS", False),  # they pass, for a domain that is not the From's
        ("GRAY", "PASS", "GRAY", True),
        ("GRAY", "GRAY", "PASS", True),
        ("GRAY", "FAIL", "GRAY", False),
        ("PROCESSING_FAILED", "SOFTFAIL", "FAIL", False),
        ("", "", "", True),
    ],
)
def test_whether_the_senders_domain_stands_by_the_message_is_known(
    dmarc: str, spf: str, dkim: str, *, is_vouched: bool
) -> None:
    given = {"dmarc": dmarc, "spf": spf, "dkim": dkim}
    receipt = {f"{name}Verdict": {"status": one} for name, one in given.items() if one}
    raw = {
        "mail": {"messageId": "m-1", "source": "a@example.com"},
        "content": written("ok"),
        "receipt": receipt,
    }
    (message,) = parse_messages(raw, NOW)

    assert message.is_vouched is is_vouched


@pytest.mark.parametrize(
    ("subject", "heard"),
    [
        ("No me contacten más", "No me contacten más\nSaludos, Aminta"),
        ("Re: Su pago", "Saludos, Aminta"),
        ("RV: Su pago", "Saludos, Aminta"),
        ("Recordatorio", "Recordatorio\nSaludos, Aminta"),
    ],
)
def test_what_stands_in_the_subject_is_said_too_unless_it_was_ours(subject: str, heard: str) -> None:
    (message,) = received(written("Saludos, Aminta", Subject=subject))

    assert message.body == heard


def test_html_is_read_without_its_marks_and_its_quote() -> None:
    html = "<style>x</style><p>El <b>viernes</b> te pago</p><blockquote>responda BAJA</blockquote>"
    (message,) = received(written(html, "html"))

    assert message.body.split() == ["El", "viernes", "te", "pago"]


def test_below_the_quote_of_a_page_its_writer_is_heard_again_and_no_quote_within_it() -> None:
    quote = "<blockquote>Hola<blockquote>BAJA</blockquote>responda STOP</blockquote>"
    named = "El lun, 9 mar 2026 a las 12:00, Muebles &lt;a@example.com&gt; escribió:"
    (message,) = received(written(f"<p>Gracias.</p><p>{named}</p>{quote}<p>No me contacten más.</p>", "html"))

    assert message.body.split() == ["Gracias.", "No", "me", "contacten", "más."]


def test_an_attached_receipt_is_a_file() -> None:
    message = EmailMessage()
    message["From"] = "aminta@example.com"
    message.set_content("aquí está mi comprobante")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="pago.pdf")
    (heard,) = received(message.as_string())

    assert (heard.kind, heard.media) == ("document", "part-1")


@pytest.mark.parametrize(
    ("content", "source", "path"),
    [
        (written("Ya no me escriban", Auto_Submitted="auto-replied"), "aminta@example.com", ""),
        (written("baja", Precedence="bulk"), "aminta@example.com", ""),
        (written("baja", Subject="Fuera de la oficina: mensaje"), "aminta@example.com", ""),
        (written("baja", Subject="Respuesta automática"), "aminta@example.com", ""),
        (written("stop"), "mailer-daemon@example.org", ""),
        (written("stop"), "aminta@example.com", "<>"),
    ],
)
def test_a_machines_words_are_nobodys(content: str, source: str, path: str) -> None:
    assert received(content, source, path) == []


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300),
    st.sampled_from(["", "From: a@b\n\n", "Content-Type: multipart/mixed; boundary=x\n\n--x\n"]),
)
def test_no_bytes_of_anybody_crash_it(content: str, before: str) -> None:
    for one in received(before + content):
        one.body.encode("utf-8", "surrogateescape")
