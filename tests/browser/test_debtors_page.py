"""The debtor's page in a real browser without scripts: every path is clicked through, and everybody can read it."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import axe_playwright_python  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, sync_playwright

from recobro.domain.hold import HoldReason
from recobro.domain.strategy import OfferPolicy
from recobro.house import House
from tests.adapters.gateways_api import Api
from tests.browser.serving import served
from tests.house import Clock, PretendCarrier, house, standing
from tests.sample import AMINTA, playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_pay_now import token_in, written_to
from tests.usecases.test_portal_paying import CHECKOUT, WAYS
from tests.usecases.test_send import sent
from tests.visitor import link_to

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
SHOTS = os.environ.get("SCREENSHOTS", "")
"""A folder to keep pictures of every page in; empty: none are taken."""

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it"
)

SMALL = {"width": 360, "height": 640}
LARGEST = 50_000
JUDGED = "test_nobody_is_shut_out_by_how_a_page_is_made"


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
        self.page.evaluate(
            "axe.run().then(r => window.found = r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])); 0"
        )
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


@pytest.fixture(scope="module")
def pages() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def reader(pages: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    book = playbook()
    brands = tuple(replace(one, pay_ways=WAYS) if one.id == "muebles" else one for one in book.client.brands)
    offers = (OfferPolicy("halves", (2, 3), every_days=15),)
    book = replace(
        book, client=replace(book.client, brands=brands), strategy=replace(book.strategy, offers=offers)
    )
    # The emulated account starts an event loop, and Playwright keeps one on this thread: it starts on another.
    with ThreadPoolExecutor(1) as elsewhere, ExitStack() as stack:
        opened = house(Clock(), book=book)
        home = elsewhere.submit(opened.__enter__).result()
        stack.callback(lambda: elsewhere.submit(opened.__exit__, None, None, None).result())
        at_home(home)
        sent(home, PretendCarrier())
        with served(home) as address:
            # Scripts run for who judges the pages, and for nobody else.
            judged = request.node.name == JUDGED
            context = pages.new_context(viewport=SMALL, java_script_enabled=judged, locale="es-MX")
            context.set_default_timeout(15_000)
            yield Reader(context.new_page(), home, address)
            context.close()


def test_from_the_message_to_a_promise_and_out_again(reader: Reader) -> None:
    reader.enter()
    assert reader.sees("$1,500.00")
    reader.follow("Decir qué día puedo pagar")
    reader.page.get_by_label("Día").fill("2026-03-13")
    reader.press("Confirmar")
    assert reader.sees("Anotado, gracias")
    reader.press("Salir de la página")

    assert reader.page.get_by_label("Uno de sus apellidos").is_visible()
    assert [one.amount for one in standing(reader.home, AMINTA).promises] == [150_000]


def test_every_other_answer_is_a_few_clicks_away(reader: Reader) -> None:
    reader.enter()
    reader.follow("Pagar en partes")
    reader.page.get_by_role("radio").nth(1).check()
    reader.press("Acepto este plan")
    assert reader.sees("Su plan quedó acordado")
    reader.follow("Ya pagué")
    reader.page.get_by_label("Comprobante (opcional)").set_input_files(
        {"name": "recibo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    reader.press("Enviar")
    assert reader.sees("Recibimos su comprobante")
    reader.follow("No estoy de acuerdo")
    reader.page.get_by_label("Cuéntenos qué pasó").fill("<b>no</b>")
    reader.press("Enviar para revisión")
    assert reader.sees("Lo revisamos y le respondemos")
    reader.follow("No puedo pagar ahora")
    reader.press("Enviar")
    reader.follow("Hablar con una persona")
    reader.press("Pedir que me contacten")
    reader.follow("Presentar una queja")
    reader.page.get_by_label("Qué pasó").fill("me hablaron mal")
    reader.press("Enviar mi queja")
    assert reader.sees("registrada con el número Q")

    person = standing(reader.home, AMINTA)
    assert {HoldReason.ALREADY_PAID, HoldReason.DISPUTE, HoldReason.HARDSHIP} <= {
        one.reason for one in person.holds
    }
    assert len(person.plans) == 1
    assert {"payment_proof", "asks_person", "complaint"} <= {one.reason for one in person.tasks}


def test_choosing_pausing_stopping_and_taking_data_home(reader: Reader) -> None:
    reader.enter()
    reader.follow("Cuándo y por dónde escribirme")
    reader.page.get_by_label("SMS").uncheck()
    reader.page.get_by_label("Desde las").select_option("09")
    reader.page.get_by_label("Hasta las").select_option("13")
    reader.page.get_by_label("Escríbanme en").select_option("pt")
    reader.press("Guardar")
    assert reader.sees("Salvo. Vale a partir de agora.")
    reader.page.get_by_role("link", name="Español").click()
    reader.follow("Pausar o detener los mensajes")
    reader.press("Pausar los mensajes")
    reader.follow("Pausar o detener los mensajes")
    reader.press("Detener todos los mensajes")
    reader.follow("Pausar o detener los mensajes")
    assert reader.sees("Los mensajes están detenidos.")
    reader.press("Volver a recibir mensajes")
    reader.follow("Todos los contactos que me han hecho")
    assert reader.sees("Contactos registrados: 1")
    reader.follow("Mi cuenta")
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Descargar mis datos", exact=True).click()

    person = standing(reader.home, AMINTA)
    assert download.value.suggested_filename == "mis-datos.json"
    assert (person.stopped, person.profile.language, person.hours.opens.hour) == (("sms",), "pt", 9)


def test_a_stranger_says_not_me_with_one_click(reader: Reader) -> None:
    reader.open()
    reader.press("No soy esa persona")

    assert reader.sees("disculpe la molestia")
    assert standing(reader.home, AMINTA).points[0].reason == "wrong_person"


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


@pytest.mark.parametrize("judged", [False, True], ids=["without scripts", "read aloud"])
def test_one_tap_in_the_message_and_one_on_the_button_lead_to_the_gateway(pages: Any, judged: bool) -> None:  # noqa: FBT001
    api = Api([{"id": "plink_1", "url": CHECKOUT}])
    with ThreadPoolExecutor(1) as elsewhere, ExitStack() as stack:
        opened = written_to(Clock(), api=api)
        home, carrier = elsewhere.submit(opened.__enter__).result()
        stack.callback(lambda: elsewhere.submit(opened.__exit__, None, None, None).result())
        with served(home) as address:
            context = pages.new_context(viewport=SMALL, java_script_enabled=judged, locale="es-MX")
            context.set_default_timeout(15_000)
            reader = Reader(context.new_page(), home, address)
            reader.link = f"{address}/g/{token_in(carrier.asked[0].body)}"
            context.route(
                lambda url: url.startswith("https://"),
                lambda route: route.fulfill(body="the gateway's own page"),
            )
            reader.open()
            reader.picture("tap")
            if judged:
                assert reader.findings() == []
            reader.page.get_by_role("button", name="Continuar", exact=True).click()
            reader.page.wait_for_url(CHECKOUT)
            assert reader.sees("the gateway's own page")
            reader.page.go_back()
            assert reader.page.get_by_role("button", name="Continuar", exact=True).is_visible()
            context.close()
