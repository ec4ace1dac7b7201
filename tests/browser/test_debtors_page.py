"""The debtor's page in a real browser without scripts: every path is clicked through, and everybody can read it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from recobro.domain.hold import HoldReason
from tests.adapters.gateways_api import Api
from tests.browser.reader import CHROMIUM, SMALL, Reader
from tests.browser.serving import served
from tests.house import Clock, standing
from tests.sample import AMINTA
from tests.usecases.test_pay_now import token_in, written_to
from tests.usecases.test_portal_paying import CHECKOUT

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it"
)


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
