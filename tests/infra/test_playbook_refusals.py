"""A client's folder that is not fit is refused before anything is deployed, with file, line, field and fix."""

import re
from pathlib import Path

import pytest

from infra.playbook import inspect, write
from infra.playbook.lines import line_of
from recobro.errors import InvalidInput
from tests.demo_client import CLIENT, STRATEGY, change, copied, in_spanish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demonstration client's folder, to spoil."""
    return copied(tmp_path)


@pytest.fixture
def spanish(folder: Path) -> Path:
    """The same in one language, which reads in a third of the time."""
    return in_spanish(folder)


def _only(folder: Path) -> InvalidInput:
    (error,) = inspect(folder).errors
    return error


SPOILT = [
    # who gets the money, in whose name
    (
        CLIENT,
        'payee = "Muebles Fábula, S.A. de C.V."',
        'payee = "ACUERDO AMABLE SC"',
        "brands[0].pay_ways[0].payee",
        "DOF",
        "Muebles",
    ),
    (
        CLIENT,
        'payee = "Móvil Quimera S.A.S."',
        'payee = "Juan Prueba"',
        "brands[1].pay_ways[0].payee",
        "may not receive",
        "Quimera",
    ),
    (
        CLIENT,
        'payee = "creditor"',
        'payee = "Acuerdo Amable"',
        "gateways.standard.payee",
        "Acuerdo",
        "creditor",
    ),
    (
        CLIENT,
        'account = "000000000000000013"',
        'account = "000000000000000014"',
        "brands[0].pay_ways[0].account",
        "no CLABE",
        "18 digits",
    ),
    (CLIENT, 'kind = "pse"', 'kind = "pix"', "brands[1].pay_ways[0].account", "missing", "Pix key"),
    (
        CLIENT,
        '"https://pagos.example.com/quimera"',
        '"http://x.example.com"',
        "brands[1].pay_ways[0].url",
        "is",
        "https",
    ),
    (CLIENT, "[gateways.standard]", "[gateways.stripes]", "gateways.stripes", "no gateway", "stripe"),
    (
        CLIENT,
        'complaint_unit = "Avenida',
        'complaint_unit = ""\ncontract = "',
        "brands[0].contract",
        "not a known field",
        "contact",
    ),
    (CLIENT, "{ pre_due =", "{ predue =", "brands[0].acts_as_by_stage", "no stage 'predue'", "pre_due"),
    (
        CLIENT,
        'acts_as = "third_party"',
        'acts_as = "second_party"',
        "brands[0].acts_as",
        "second_party",
        "first_party",
    ),
    (CLIENT, 'country = "MX"', 'country = "PE"', "brands[0].country", "'PE'", "countries"),
    (
        CLIENT,
        'provenance = "debtor_authorised"',
        'provenance = "skip_trace"',
        "attestations[0].provenance",
        "no contact lawful in CO",
        "debtor_authorised",
    ),
    (CLIENT, "channels = []", 'channels = ["sms"]', "attestations[0].evidence", "is missing", "proves"),
    (
        CLIENT,
        'reference = "DEMO-SMS-MX-0001: registro del remitente, caso de uso y ejemplos aprobados"',
        'reference = ""',
        "approvals[0]",
        "approves nothing",
        "reference",
    ),
    (CLIENT, 'public_url = "https', 'public_url = "http', "public_url", "http://", "https"),
    (
        CLIENT,
        "credit_back_definite_failures = false",
        "credit_back_definite_failures = true",
        "relax.counsel",
        "counsel",
        "approved",
    ),
    (CLIENT, "rate = 5 ", 'rate = "5" ', "channels.sms.rate", "'5'", "whole number"),
    (CLIENT, "[channels.sms]", "[channels.fax]", "channels.fax", "is not a channel", "sms"),
    (CLIENT, "[limits]", "[limits", "TOML", "", "correct that line"),
    # the plan
    (
        STRATEGY,
        'template = "early"',
        'template = "erly"',
        "stages[1].steps[0].template",
        "no 'erly' in es for MX",
        "messages/erly.es.toml",
    ),
    (
        STRATEGY,
        'kind = "reminder_pre_due"',
        'kind = "collection"',
        "stages[0].steps[0].template",
        "reminder_pre_due",
        "same",
    ),
    (
        STRATEGY,
        '"whatsapp", "email", "sms", "push"]',
        '"whatsap", "email"]',
        "stages[0].steps[0].channels[0]",
        "'whatsap'",
        "whatsapp",
    ),
    (STRATEGY, '["voice_auto",', '["voice",', "stages[1].steps[3].channels", "a person's work", "task"),
    (STRATEGY, "from_dpd = 31", "from_dpd = 25", "stages[4].from_dpd", "overlaps 'early'", "part their days"),
    (STRATEGY, "on_dpd = 9", "on_dpd = 2", "stages[1].steps", "not in order", "sort"),
    (
        STRATEGY,
        'segments = ["needs_care"]',
        'segments = ["needscare"]',
        "stages[7].segments",
        "no segment 'needscare'",
        "needs_care",
    ),
    (
        STRATEGY,
        'tags = ["vulnerable"]',
        'attributes = { age_band = ["65+"] }',
        "segments[1].reason",
        "is missing",
        "why",
    ),
    (STRATEGY, 'tone = "friendly"', 'tone = "harsh"', "stages[0].steps[0].tone", "'harsh'", "friendly"),
    # the words
    (
        "messages/early.es.toml",
        "{due_date}",
        "{duedate}",
        "parts.email",
        "{duedate} is no variable",
        "due_date",
    ),
    ("messages/early.es.toml", "{who}. Quizá", "{who. Quizá", "parts.email.body", "", "{name}"),
    ("messages/early.es.toml", 'name = "early"', 'name = "earli"', "language", "earli", "rename"),
    (
        "messages/early.es.toml",
        'first = "first_notice"',
        'first = "hello"',
        "first",
        "'hello'",
        "messages/hello",
    ),
    ("messages/early.es.toml", "[parts.email]", "[parts.fax]", "parts.fax", "is not a channel", "email"),
    ("messages/early.es.toml", '"refs", ', "", "parts.whatsapp.parameters", "in their order", '"refs"'),
    (
        "messages/early.es.toml",
        'template = "seguimiento_amable"',
        'template = "Seguimiento"',
        "parts.whatsapp.template",
        "Seguimiento",
        "small letters",
    ),
    (
        "messages/early.es.toml",
        "[Pagar ahora]({pay_link})",
        "Pague en {pay_link} hoy",
        "parts.email.body",
        "cannot be left out",
        "alone between empty lines",
    ),
    (
        "messages/early.es.toml",
        'pay_label = "Pagar ahora"\n',
        "",
        "parts.whatsapp.pay_label",
        "is ''",
        "both",
    ),
    (
        "messages/early.es.toml",
        'pay_template = "seguimiento_amable_pagar"',
        'pay_template = "Seguimiento"',
        "parts.whatsapp.pay_template",
        "Seguimiento",
        "small letters",
    ),
    (
        "messages/neutral.es.toml",
        'template = "aviso_personal"',
        'template = "aviso_personal"\npay_template = "aviso_pagar"\npay_label = "Pagar"',
        "parts.whatsapp.pay_template",
        "tells of no debt",
        "addressed",
    ),
    (
        "messages/payment_receipt.es.toml",
        "[Ver mi constancia]({link})",
        "[Ver mi constancia]({link})\n\n[Pagar]({pay_link})",
        "parts.email",
        "does not collect",
        "pure",
    ),
    (
        "messages/phrases.es.toml",
        "{unsubscribe}",
        "{link}",
        "email_footer",
        "has no {unsubscribe}",
        "on a line of its own",
    ),
    ("messages/phrases.es.toml", "invoice = ", "invoise = ", "invoise", "not a known field", "invoice"),
]


@pytest.mark.parametrize(("file", "old", "new", "field", "problem", "fix"), SPOILT)
def test_what_is_spoilt_is_found(
    folder: Path, file: str, old: str, new: str, field: str, problem: str, fix: str
) -> None:
    change(folder, file, old, new)
    errors = inspect(folder).errors
    assert errors
    told = errors[0]
    assert told.field == field
    assert problem in told.problem
    assert fix in told.fix
    assert told.where.startswith("acme/")
    assert all(error.where and error.fix for error in errors)


def test_a_template_that_writes_too_much_for_whatsapp_is_refused(spanish: Path) -> None:
    change(
        spanish,
        "messages/early.es.toml",
        "Quizá se le pasó: su pago a",
        f"{'Quizá se le pasó. ' * 20} Su pago a",
    )
    assert "characters" in _only(spanish).problem


def test_a_step_without_words_for_a_neutral_point_is_refused(folder: Path) -> None:
    (folder / "messages/neutral.es.toml").unlink()
    problems = [error.problem for error in inspect(folder).errors]
    assert any("early.es has no part for sms" in problem for problem in problems)
    assert any(
        "says nothing by email to a point that carries only neutral messages" in problem
        for problem in problems
    )


@pytest.mark.parametrize(
    ("paper", "channel"),
    [("optout_confirmation", "whatsapp"), ("optout_confirmation", "sms"), ("agreement", "whatsapp")],
)
def test_a_paper_without_words_by_a_channel_by_which_it_may_be_owed_is_refused(
    spanish: Path, paper: str, channel: str
) -> None:
    """It borrows none: who asked for silence was told that there is a message for them."""
    file = spanish / f"messages/{paper}.es.toml"
    kept = re.sub(rf"\[parts\.{channel}\].*?(?=\n\[parts\.|\Z)", "", file.read_text("utf-8"), flags=re.DOTALL)
    file.write_text(kept, "utf-8")

    told = _only(spanish)
    assert (told.field, told.where.split(":")[0]) == ("parts", f"acme/messages/{paper}.es.toml")
    assert channel in told.problem
    assert f"[parts.{channel}]" in told.fix


@pytest.mark.parametrize("paper", ["optout_confirmation", "agreement"])
def test_a_paper_that_may_be_owed_and_is_not_there_is_named(spanish: Path, paper: str) -> None:
    (spanish / f"messages/{paper}.es.toml").unlink()

    assert f"write messages/{paper}.es.toml" in [error.fix for error in inspect(spanish).errors]


def test_a_language_without_its_small_words_is_refused(folder: Path) -> None:
    (folder / "messages/phrases.pt.toml").unlink()
    errors = inspect(folder).errors
    assert {error.fix for error in errors if error.field == "language"} == {"write messages/phrases.pt.toml"}


def test_everything_that_is_wrong_is_told_at_once(folder: Path) -> None:
    change(folder, CLIENT, 'public_url = "https', 'public_url = "http')
    change(folder, STRATEGY, 'template = "early"', 'template = "erly"')
    change(folder, "messages/middle.es.toml", "{breakdown}", "{brakdown}")
    assert {error.where.split(":")[0].removeprefix("acme/") for error in inspect(folder).errors} == {
        CLIENT,
        STRATEGY,
        "messages/middle.es.toml",
    }


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / STRATEGY).unlink()
    assert str(_only(folder)) == "acme/strategy.toml: file: does not exist — write strategy.toml"


def test_a_client_that_is_not_fit_does_not_compile(folder: Path, tmp_path: Path) -> None:
    change(folder, CLIENT, 'public_url = "https', 'public_url = "http')
    with pytest.raises(InvalidInput, match="public_url"):
        write(folder, tmp_path)
    assert not (tmp_path / "playbook.json").exists()


NOTES = [
    (CLIENT, 'name = "Acuerdo Amable" ', 'name = "Cobranza Amable" ', "agency.name", "tells of a debt"),
    (CLIENT, 'countries = ["MX", "CO"]', 'countries = ["MX", "CO", "CR"]', "countries", "strict default"),
    (
        CLIENT,
        "[channels.push]\nenabled = true",
        "[channels.push]\nenabled = false",
        "stages[0].steps[0].channels",
        "push is not enabled",
    ),
    (
        STRATEGY,
        'tags = ["vulnerable"]',
        'attributes = { age_band = ["65+"] }\nreason = "asked to be called" #',
        "segments[1].attributes",
        "age_band",
    ),
    (
        STRATEGY,
        'on_dpd = 9\nchannels = ["email", "whatsapp", "sms", "push"]',
        'on_dpd = 9\nchannels = ["voice_auto"]',
        "stages[1].steps[1].on_dpd",
        "other channels only",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "field", "problem"), NOTES)
def test_what_should_be_known_is_noted(
    spanish: Path, file: str, old: str, new: str, field: str, problem: str
) -> None:
    change(spanish, file, old, new)
    compiled = inspect(spanish)
    assert compiled.errors == []
    assert any(note.field == field and problem in note.problem for note in compiled.warnings)


def test_channels_that_need_an_approval_and_have_none_are_noted(spanish: Path) -> None:
    text = (spanish / CLIENT).read_text("utf-8").replace('channel = "whatsapp"', 'channel = "sms"')
    (spanish / CLIENT).write_text(text, "utf-8")
    assert any(note.field == "channels.whatsapp" for note in inspect(spanish).warnings)


def test_the_line_of_a_field_is_told(folder: Path) -> None:
    path = change(folder, STRATEGY, 'template = "options"', 'template = "opcions"')
    line = path.read_text("utf-8").split("\n").index('template = "opcions"') + 1
    assert {error.where for error in inspect(folder).errors} == {f"acme/strategy.toml:{line}"}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("name", 1), ("a.b", 3), ("a.inline.deep", 4), ("list[0].x", 6), ("list[1].x", 14), ("list[1].inner[1].y", 18),
        ("list[0].text", 7), ("quoted.part.z", 20), ("list[1].unknown", 13), ("nothing", 0),
    ],
)  # fmt: skip
def test_a_path_leads_to_its_line(path: str, line: int) -> None:
    text = (
        'name = 1\n[a]\nb = 2\ninline = { deep = 1 }\n[[list]]\nx = 1\ntext = """\nx = 9\n[a]\n"""\n\n\n[[list]]\nx = 2\n'
        '[[list.inner]]\ny = 1\n[[list.inner]]\ny = 2\n[quoted."part"]\nz = 1\n'
    )
    assert line_of(text, path) == line
