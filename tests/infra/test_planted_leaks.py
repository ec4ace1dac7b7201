"""No template can reveal more than it may, or say what a law forbids: every leak that we plant is found."""

from pathlib import Path

import pytest

from infra.playbook import inspect
from tests.demo_client import change, copied, in_spanish

LEAKS = [
    # an amount or a hint of a debt where others see it
    (
        "early.es",
        'subject = "{sender_name} tiene un mensaje para usted"',
        'subject = "{sender_name}: {amount}"',
        "parts.email.subject",
        "lock screen",
    ),
    (
        "early.es",
        'subject = "{sender_name} tiene un mensaje para usted"',
        'subject = "Su adeudo con {sender_name}"',
        "parts.email.subject",
        "'adeudo'",
    ),
    ("early.pt", 'preview = "É pessoal.', 'preview = "Sua dívida.', "parts.email.preview", "'dívida'"),
    (
        "early.en",
        'preview = "It is personal.',
        'preview = "Your overdue account.',
        "parts.email.preview",
        "'overdue'",
    ),
    (
        "neutral.es",
        "{who}, le dejó un mensaje: {link}",
        "{who}: debe {amount}: {link}",
        "parts.sms.level",
        "{amount}",
    ),
    (
        "neutral.es",
        "le dejó un mensaje: {link}",
        "le dejó un recordatorio de pago: {link}",
        "parts.sms.body",
        "'pago'",
    ),
    (
        "neutral.es",
        'subject = "Tiene un mensaje"',
        'subject = "Pago vencido"',
        "parts.push.subject",
        "'Pago'",
    ),
    ("neutral.es", 'subject = "Tiene un mensaje"', 'subject = "{amount}"', "parts.push.level", "{amount}"),
    (
        "neutral.es",
        "[parts.push]",
        '[parts.push]\nlevel = "addressed"',
        "parts.push.level",
        "must be neutral",
    ),
    (
        "neutral.es",
        "[parts.voice]",
        '[parts.voice]\nlevel = "addressed"',
        "parts.voice.level",
        "must be neutral",
    ),
    ("neutral.es", "[parts.sms]", '[parts.sms]\nlevel = "addressed"', "parts.sms.level", "is not neutral"),
    (
        "neutral.es",
        "Tenemos un mensaje personal para usted. Cuando guste",
        "Es sobre su deuda. Cuando guste",
        "parts.voice.body",
        "'deuda'",
    ),
    ("early.es", 'level = "addressed"', 'level = "neutral"', "parts.email.level", "tell of a debt"),
    ("early.es", 'level = "addressed"', 'level = "identified"', "parts.email.level", "no message may reveal"),
    (
        "early.es",
        "Este mensaje es personal y solo para usted.",
        "Debe {amount}.",
        "parts.whatsapp.body",
        "in the preview",
    ),
    (
        "early.es",
        "Este mensaje es personal y solo para usted. Si no es la persona que buscamos, responda NO SOY YO y no volveremos a escribirle.",
        "Un mensaje.",
        "parts.whatsapp.body",
        "too short",
    ),
    ("phrases.es", "Si este mensaje no es para usted", "Si esta deuda no es suya", "email_footer", "'deuda'"),
    # a kind that the law exempts, made impure
    (
        "payment_receipt.es",
        "Si algo no coincide, responda a este correo",
        "Le faltan {amount}. Responda a este correo",
        "parts.email",
        "{amount}",
    ),
    (
        "payment_receipt.es",
        "Si algo no coincide, responda a este correo",
        "Pague el resto hoy. Responda a este correo",
        "parts.email",
        "pague el resto",
    ),
    ("early.es", "Quizá se le pasó:", "Recibimos {paid_amount}.", "parts.email", "only in a receipt"),
    # what the laws forbid
    ("early.es", "Quizá se le pasó:", "Último aviso:", "parts.email", "ultimo aviso"),
    ("early.es", "Quizá se le pasó:", "¿Por qué no ha pagado?", "parts.email", "por que no"),
    (
        "middle.es",
        "Ha pasado más de un mes",
        "Será reportado a centrales de riesgo. Ha pasado más de un mes",
        "parts.email",
        "centrales de riesgo",
    ),
    (
        "late.es",
        "quisiéramos cerrarlo bien",
        "iniciaremos un juicio ejecutivo mercantil",
        "parts.email",
        "juicio ejecutivo",
    ),
    (
        "final.es",
        "continúa abierta.",
        "continúa abierta. Es un delito penal no pagar: la policía lo sabrá.",
        "parts.email",
        "policia",
    ),
    # what the laws require
    (
        "neutral.es",
        "Le habla el asistente automático de {who}. La persona a cargo es {agent_name}.",
        "Le habla un asistente.",
        "parts.voice",
        "creditor_name",
    ),
    ("first_notice.es-MX", "{complaint_unit}\n\n# Cómo", "# Cómo", "parts.email", "creditor_complaint_unit"),
    ("first_notice.es-MX", "\n{pay_only_to}\n", "\n", "parts.email", "pay_only_to_creditor"),
    ("first_notice.es-CO", "\n{channels_offered} ", "\n", "parts.email", "channels_offered"),
    ("pre_due.es", "# Qué incluye\n\n{list}\n", "", "parts.email", "debt_ref"),
]


@pytest.mark.parametrize(("template", "old", "new", "field", "problem"), LEAKS)
def test_a_planted_leak_is_found(
    tmp_path: Path, template: str, old: str, new: str, field: str, problem: str
) -> None:
    folder = in_spanish(copied(tmp_path)) if ".es" in template else copied(tmp_path)
    change(folder, f"messages/{template}.toml", old, new)
    errors = inspect(folder).errors
    assert any(error.field == field and problem in error.problem for error in errors), [
        str(one) for one in errors
    ]
    assert all(error.fix and error.where.startswith("acme/") for error in errors)
