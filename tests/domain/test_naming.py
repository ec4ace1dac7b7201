"""A person is found in whatever writing their address has; somebody else's that looks like it is theirs and stays."""

import json
import time
from urllib.parse import urlencode

import pytest

from recobro.domain.naming import Naming

ANA = Naming(
    ("d0123456789abcdef0123456", "+525550100001", "ana@x.mx", "PEGA850101AB1", "Calle Robles 5, Puebla")
)


@pytest.mark.parametrize(
    "text",
    [
        "+525550100001",
        "525550100001",
        "to 00525550100001, please",
        "whatsapp:+525550100001",
        "tel_525550100001",
        "5215550100001",
        "+52 (55) 5010-0001",
        "ana@x.mx",
        "Ana <ANA@X.mx>.",
        "escribe a ana@x.mx.",
        "mailto:ana@x.mx?subject=hola",
        "- -ana@x.mx",
        "pega850101ab1",
        "PEGA-850101-AB1",
        "DEBTOR#d0123456789abcdef0123456",
        "proofs/d0123456789abcdef0123456/paper",
        "calle robles 5,\n Puebla",
        r"{\"to\":\"\u002b525550100001\"}",
        r"llama al\n525550100001",
        r"mi correo:\tana\u0040x.mx",
        "From=%2B525550100001&Body=hola",
        "Body=mi+correo+ana%40x.mx",
    ],
)
def test_an_address_is_found_in_whatever_writing_it_has_there(text: str) -> None:
    assert ANA.is_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mariana@x.mx",
        "maria.ana@x.mx",
        "luz-ana@x.mx",
        "luz_ana@x.mx",
        "luz+ana@x.mx",
        "ñana@x.mx",
        "ana@x.mxy",
        "ana@x.mx.example.com",
        r"mari\u00e1ana@x.mx",
        "Body=luz%2Bana%40x.mx",
        "99525550100001777",
        "+5255501000012",
        "+525550100002",
        "XPEGA850101AB12",
        "d0123456789abcdef01234567",
        "Calle Robles 55, Puebla",
    ],
)
def test_what_only_holds_the_letters_of_an_address_is_somebody_elses(text: str) -> None:
    assert not ANA.is_in(text)


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_notice_in_a_notice_in_a_message_hides_nobody(layers: int) -> None:
    hers = urlencode({"From": "+525550100001", "Body": "a\nb"})
    others = json.dumps({"payer": "mariana@x.mx", "text": "línea\n99525550100001777"})
    for _ in range(layers):
        hers, others = json.dumps({"Message": hers}), json.dumps({"Message": others})

    assert ANA.is_in(hers)
    assert not ANA.is_in(others)


def test_words_of_a_few_letters_name_nobody() -> None:
    assert not Naming(("", "12345")).is_in("12345")
    assert not Naming(()).is_in("anything")


@pytest.mark.parametrize("letter", ["a", "%", "\\", "5 "])
def test_the_largest_body_is_read_while_somebody_waits(letter: str) -> None:
    before = time.process_time()
    assert not ANA.is_in(letter * 300_000)

    assert time.process_time() - before < 30, "what grows with the square of it takes hours"
