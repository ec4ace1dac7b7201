"""A phone is handed on: who says that somebody else writes by now is not taken for the one we know."""

import pytest

from recobro.domain.another_writes import called_beside, says_another
from tests.domain.test_about_whom import THERE

AMINTA = THERE[0]


@pytest.mark.parametrize(
    "text",
    [
        "habla su esposo, como pago?",
        "soy su hermana, y yo cuánto debo?",
        "ella no está, soy su hijo, cuánto es?",
        "Aquí su mamá",
        "soy la vecina de Aminta",
        "contesta el hijo",
        "soy hija de la señora Aminta",
        "le habla Pedro",
        "le escribe el señor Pedro",
        "ya le pase el telefono a mi hijo, dígale cuánto es",
        "sou a esposa dele",
        "aqui é a filha",
        "aqui é o Pedro",
        "quem fala é o marido dela",
        "this is his wife",
        "I'm her son, how much is it?",
        "her husband here",
    ],
)
def test_somebody_else_says_so(text: str) -> None:
    assert says_another(text, AMINTA)


@pytest.mark.parametrize(
    "text",
    [
        "soy Aminta, cuánto debo?",
        "le habla Aminta Prueba",
        "le habla la señora Aminta",
        "soy su cliente desde hace años",
        "aquí su servidora",
        "le escribe su clienta",
        "le escribo para pagar",
        "soy la mamá de tres niños y no me alcanza",
        "soy madre de familia",
        "soy madre soltera",
        "mi esposo perdió su trabajo",
        "aqui é a Aminta",
        "sou mãe de dois filhos",
        "this is her speaking",
        "my husband lost his job",
        "el viernes le pago",
        "",
    ],
)
def test_nothing_is_said_of_another(text: str) -> None:
    assert not says_another(text, AMINTA)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("soy Nova, yo cuánto debo?", ["n"]),
        ("ahora escribe NOVA", ["n"]),
        ("soy Aminta Prueba", []),  # a surname of both is no name of the other
        ("Zoé y Nova preguntan", ["n", "c"]),
        ("cuánto debo?", []),
    ],
)
def test_who_else_is_called_by_a_name_of_their_own(text: str, called: list[str]) -> None:
    assert called_beside(text, THERE, AMINTA) == called
