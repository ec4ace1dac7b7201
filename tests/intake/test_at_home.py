"""Whoever looks for a phone looks for it as people write it at home, where that can be nobody else's number."""

import pytest

from recobro.intake.at_home import at_home


@pytest.mark.parametrize(
    ("phone", "forms"),
    [
        ("+525550100001", ["5550100001", "15550100001"]),
        ("+5491155500142", ["91155500142", "1155500142"]),
        ("+573005550142", ["3005550142"]),
        ("+50760001234", []),
        ("+99912345678", []),
        ("Calle Robles 5", []),
    ],
)
def test_the_country_s_code_falls_away_where_what_is_left_is_long_enough(
    phone: str, forms: list[str]
) -> None:
    assert list(at_home(phone)) == forms
