"""One text becomes plain words and HTML that always say the same, whatever the values try."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recobro.domain import email_layout
from recobro.domain.markup import parse, resolved, to_text
from recobro.errors import InvalidInput

BODY = """
{greeting}:

# Cómo pagar

> {amount}
> vence el {day}

{ways}

- **Todo**, hoy
- por {part}

[Pagar]({link})

---

{nothing}

Fin.
"""
VALUES = {
    "greeting": "Hola, Ana",
    "amount": "$1,250.50",
    "day": "27 de noviembre",
    "ways": "SPEI\nTienda",
    "part": "partes",
    "link": "https://pagos.example.com/p/t?a=1&b=2",
    "nothing": "",
}


def _page(values: dict[str, str]) -> str:
    return email_layout.page(
        language="es",
        title="t",
        preview="p",
        sender="s",
        body=resolved(parse(BODY), values),
        footer=(),
    )


def _words(html: str) -> list[str]:
    body = html[html.index('class="card"') :]
    return unescape(re.sub(r"<[^>]+>", " ", body[body.index(">") + 1 :])).split()


def test_text_reads_as_a_letter() -> None:
    assert to_text(parse(BODY), VALUES) == (
        "Hola, Ana:\n\nCómo pagar\n\n    $1,250.50\n    vence el 27 de noviembre\n\n- SPEI\n- Tienda\n\n"
        "- Todo, hoy\n- por partes\n\nPagar: https://pagos.example.com/p/t?a=1&b=2\n\n--\n\nFin."
    )


def test_the_button_leads_where_the_text_says() -> None:
    assert 'href="https://pagos.example.com/p/t?a=1&amp;b=2"' in _page(VALUES)


def test_a_list_that_is_empty_leaves_no_hole() -> None:
    assert "nothing" not in to_text(parse(BODY), VALUES)
    assert "\n\n\n" not in to_text(parse(BODY), VALUES)


def test_a_button_that_leads_nowhere_is_not_there() -> None:
    values = VALUES | {"link": ""}

    assert "Pagar" not in to_text(parse(BODY), values)
    assert "Pagar" not in _page(values)
    assert "\n\n\n" not in to_text(parse(BODY), values)


@given(some.fixed_dictionaries({name: some.text(max_size=40) for name in VALUES}))
def test_no_value_can_add_structure_or_markup(values: dict[str, str]) -> None:
    same = {name: values[name] for name in ("ways", "nothing", "link")}
    plain = _page(dict.fromkeys(values, "x") | same)
    tricked = _page(values)
    assert re.findall(r"<(\w+)", tricked) == re.findall(r"<(\w+)", plain)
    assert "<script" not in tricked.lower()


@given(
    some.fixed_dictionaries({name: some.text("abc <>&\"'*#>-[]", min_size=1, max_size=20) for name in VALUES})
)
def test_html_holds_the_words_of_the_text(values: dict[str, str]) -> None:
    text = to_text(parse(BODY), values)
    for name in ("greeting", "amount", "day", "part"):
        for word in values[name].split():
            assert word in text
            assert word in " ".join(_words(_page(values)))


@pytest.mark.parametrize("body", ["{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a", "a}", "{a b}"])
def test_only_plain_variables_are_understood(body: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(body)
    assert "{name}" in refused.value.fix


def test_a_hole_in_a_message_is_an_error_that_names_it() -> None:
    with pytest.raises(InvalidInput) as refused:
        to_text(parse("{greeting} {amont}"), VALUES)
    assert refused.value.field == "{amont}"


def test_a_mail_loads_nothing_and_follows_the_readers_light() -> None:
    page = _page(VALUES)
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import|@font-face", page)
    assert 'name="color-scheme" content="light dark"' in page
    assert "@media (prefers-color-scheme:dark)" in page
    assert "@media (max-width:480px)" in page
    assert page.index('aria-hidden="true"') < page.index('class="card"')
