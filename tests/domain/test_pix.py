"""A Pix line is read by other people's software: it is held against the Central Bank's own example, and read back."""

from hypothesis import given
from hypothesis import strategies as st

from recobro.domain.money import Money
from recobro.domain.pix import br_code

MANUAL = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
"""Banco Central do Brasil, Manual de Padrões para Iniciação do Pix, the example of a static BR Code."""


def read(code: str) -> dict[str, str]:
    fields = {}
    while code:
        size = int(code[2:4])
        fields[code[:2]], code = code[4 : 4 + size], code[4 + size :]
    return fields


def test_the_central_banks_example() -> None:
    key = "123e4567-e12b-12d1-a456-426655440000"
    code = br_code(key=key, payee="Fulano de Tal", city="BRASILIA", amount=Money(0, "BRL"))

    assert code == MANUAL


@given(st.integers(1, 10**11), st.text(max_size=60), st.text(max_size=40), st.text(max_size=60))
def test_whatever_the_names_it_can_be_read_back(minor: int, payee: str, city: str, reference: str) -> None:
    fields = read(
        br_code(key="a@b.c", payee=payee, city=city, amount=Money(minor, "BRL"), reference=reference)
    )

    assert fields["54"] == f"{minor // 100}.{minor % 100:02d}"
    assert len(fields["59"]) <= 25
    assert len(read(fields["62"])["05"]) in range(1, 26)
    assert read(fields["26"])["01"] == "a@b.c"
