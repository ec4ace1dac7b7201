"""Whoever reads the debtor's page by ear, by keyboard or on an old telephone is not shut out by how it is made."""

from typing import Any

import pytest

from tests.browser.reader import CHROMIUM, Reader

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it"
)

PLACES = (
    "",
    "pay",
    "promise",
    "plan",
    "dispute",
    "paid",
    "hardship",
    "person",
    "complain",
    "settings",
    "pause",
    "contacts",
)


def test_nobody_is_shut_out_by_how_a_page_is_made(reader: Reader) -> None:
    """axe-core over every page, at the width of an old telephone, in the languages that the page speaks."""
    found: dict[str, Any] = {}
    reader.open()
    reader.picture("front.es")
    found["front"] = reader.findings()
    reader.enter()
    for place in PLACES:
        reader.open(f"/{place}" if place else "")
        reader.picture(f"{place or 'account'}.es")
        found[place or "account"] = reader.findings()
    for language in ("pt", "en"):
        for place in ("", "pay", "settings"):
            reader.open(f"/{place}?lang={language}" if place else f"?lang={language}")
            reader.picture(f"{place or 'account'}.{language}")
            found[f"{place or 'account'}.{language}"] = reader.findings()

    assert {place: findings for place, findings in found.items() if findings} == {}
