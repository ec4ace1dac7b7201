"""The console in a real browser without scripts, at an address of this machine: from the sign-in to a task that is closed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright

from infra.cli.kept import Kept, kept
from infra.local.live import Live
from recobro.domain.hold import HoldReason
from recobro.pages.desk import mark_of
from tests.browser.reader import CHROMIUM, JUDGE, LARGEST, SHOTS
from tests.house import standing
from tests.infra.local.test_managed_login import somebody, to_do
from tests.sample import AMINTA

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 640}

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it"
)


@dataclass
class Worker:
    """Somebody of the agency."""

    page: Page
    place: Kept
    address: str

    def press(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def sees(self, text: str) -> bool:
        return text in self.page.locator("body").inner_text()

    def picture(self, name: str) -> None:
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{SHOTS}/console-{name}.png", full_page=True)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, str]]:
    """The demonstration client with one invented person, and its address."""
    # The emulated account starts an event loop, and Playwright keeps one on this thread: it starts on another.
    with ThreadPoolExecutor(1) as elsewhere:
        opened = kept("demo", tmp_path_factory.mktemp("state"))
        place = elsewhere.submit(opened.__enter__).result()
        live = Live(place.system, 0)
        live.start()
        try:
            elsewhere.submit(somebody, place.house, place.house.now()).result()
            elsewhere.submit(to_do, place.house, "first", "second").result()
            yield place, f"http://127.0.0.1:{live.port}"
        finally:
            live.stop()
            elsewhere.submit(opened.__exit__, None, None, None).result()


@pytest.fixture(params=["phone", "desk"])
def worker(here: tuple[Kept, str], request: pytest.FixtureRequest) -> Iterator[Worker]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # Scripts run only so that the pages can be judged: what they send forbids any of its own.
        size = PHONE if request.param == "phone" else DESK
        context = browser.new_context(viewport=size, locale="es-MX", bypass_csp=True)
        context.set_default_timeout(15_000)
        yield Worker(context.new_page(), *here)
        browser.close()


def findings(worker: Worker) -> list[tuple[str, Any]]:
    """What axe-core has against the page, and whether it is wider than the screen."""
    page = worker.page
    page.evaluate(f"{AXE};0")
    page.evaluate(JUDGE)
    page.wait_for_function("window.found !== undefined", polling=100)
    found = page.evaluate("window.found")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > page.viewport_size["width"]:  # type: ignore[index]
        found.append(["wider than the screen", wide])
    return [(name, nodes) for name, nodes in found]


def test_somebody_signs_in_works_a_task_and_leaves(worker: Worker, request: pytest.FixtureRequest) -> None:
    width = request.node.callspec.params["worker"]
    task = {"phone": "first", "desk": "second"}[width]
    answer = worker.page.goto(f"{worker.address}/console")
    assert answer is not None
    worker.picture(f"{width}-1-sign-in")
    worker.press("agent@example.com")
    assert worker.page.url == f"{worker.address}/console"
    assert worker.sees("Tareas")
    worker.picture(f"{width}-2-list")
    assert findings(worker) == []

    path = f"/console/{AMINTA}/{mark_of(task)}"
    with worker.page.expect_navigation():
        worker.page.locator(f'a[href="{path}"]').click()
    assert worker.sees("Aminta Prueba")
    worker.press("Tomar la tarea")
    assert worker.sees("La tarea es suya.")
    worker.picture(f"{width}-3-task")
    assert findings(worker) == []
    assert len(worker.page.content()) < LARGEST

    worker.page.get_by_label("¿Qué pasó?").select_option("dispute")
    worker.page.get_by_label("Nota").fill("Dice que <devolvió> el sofá")
    worker.press("Cerrar la tarea")
    assert worker.sees("Tarea cerrada.")
    worker.picture(f"{width}-4-closed")
    worker.press("Salir")
    assert worker.sees("Sesión cerrada")
    worker.page.goto(f"{worker.address}{path}")
    assert worker.page.url.startswith(f"{worker.address}/oauth2/authorize")

    person = standing(worker.place.house, AMINTA)
    assert HoldReason.DISPUTE in {one.reason for one in person.holds}
    assert next(one.owner for one in person.tasks if one.id == task) == "agent@example.com"
