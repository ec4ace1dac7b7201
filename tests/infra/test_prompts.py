"""A bot's sentences are read by the law before they can be deployed; that there are none yet is no reason to read none."""

from pathlib import Path

from infra.playbook import inspect
from infra.playbook.checks_prompts import PROMPTS
from tests.demo_client import copied


def spoilt(folder: Path, text: str) -> list[str]:
    (folder / PROMPTS).mkdir(exist_ok=True)
    (folder / PROMPTS / "hear.es.toml").write_text(text, "utf-8")
    return [f"{one.field} {one.problem} {one.where} {one.fix}" for one in inspect(folder).errors]


def test_a_folder_without_prompts_is_fit(tmp_path: Path) -> None:
    assert inspect(copied(tmp_path)).errors == []


def test_a_lawful_prompt_is_fit_and_may_name_what_it_forbids(tmp_path: Path) -> None:
    text = '''says = ["¿Qué fecha le queda bien para pagar?", "Le paso con una persona."]
instructions = """
Saluda por el nombre. Ofrece alternativas de pago.
Nunca preguntes por qué no pagó. No menciones embargo ni juzgado.
"""'''
    assert spoilt(copied(tmp_path), text) == []


def test_a_bot_that_asks_why_is_refused_with_the_article_and_the_place(tmp_path: Path) -> None:
    (error,) = spoilt(copied(tmp_path), 'says = ["Hola", "¿Por qué no ha pagado?"]')
    assert "says[1]" in error
    assert "Ley 2300 de 2023, art. 7" in error
    assert "acme/prompts/hear.es.toml" in error
    assert "leave out" in error


def test_a_bot_that_is_told_to_ask_why_is_refused_as_well(tmp_path: Path) -> None:
    found = spoilt(copied(tmp_path), 'instructions = "Pregunta el motivo del atraso."')
    assert found
    assert all("instructions" in one and "co-no-asking-why" in one for one in found)


def test_a_prompt_that_is_no_prompt_is_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert any("unknown field" in one for one in spoilt(folder, 'says = []\nsay = "x"'))
    assert any("list of sentences" in one for one in spoilt(folder, 'says = "x"'))
    assert any("must be text" in one for one in spoilt(folder, "instructions = 1"))
    assert any("TOML" in one for one in spoilt(folder, "says = ["))
