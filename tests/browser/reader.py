"""Somebody who reads the debtor's page on a small telephone, and what is looked for on it."""

import os
import shutil
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]
from playwright.sync_api import Page

from recobro.house import House
from tests.visitor import link_to

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
JUDGE = (
    "axe.run({resultTypes: ['violations']})"
    ".then(r => window.found = r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])); 0"
)
SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder to keep pictures of every page in; empty: none are taken."""

SMALL = {"width": 360, "height": 640}
LARGEST = 50_000
JUDGED = "test_nobody_is_shut_out_by_how_a_page_is_made"
"""The one test for which scripts run."""


class Reader:
    """Somebody with a small telephone."""

    def __init__(self, page: Page, home: House, address: str) -> None:
        self.page = page
        self.home = home
        self.link = f"{address}/p/{link_to(home)}"

    def open(self, path: str = "") -> None:
        answer = self.page.goto(self.link + path)
        assert answer is not None
        assert len(answer.body()) < LARGEST

    def enter(self) -> None:
        self.open()
        self.page.get_by_label("Uno de sus apellidos").fill("prueba")
        self.page.get_by_label("Otro correo suyo").fill("Aminta@example.com")
        self.press("Entrar")

    def press(self, label: str) -> None:
        """Every button sends a form, and where its answer leads is waited for."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=label, exact=True).click()

    def sees(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def findings(self) -> list[tuple[str, Any]]:
        """What axe-core has against the page: every rule, every impact; and whether it is wider than the screen."""
        self.page.evaluate(f"{AXE};0")
        # Not awaited by the page but looked for, so that what never answers is an error and not a test without end.
        self.page.evaluate(JUDGE)
        self.page.wait_for_function("window.found !== undefined", polling=100)
        found = self.page.evaluate("window.found")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > SMALL["width"]:
            found.append(["wider than the screen", wide])
        return [(name, nodes) for name, nodes in found]

    def picture(self, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
