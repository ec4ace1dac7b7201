"""A browser, and a house whose debtor's page somebody reads in it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from recobro.domain.strategy import OfferPolicy
from tests.browser.reader import CHROMIUM, JUDGED, SMALL, Reader
from tests.browser.serving import served
from tests.house import Clock, PretendCarrier, house
from tests.sample import playbook
from tests.usecases.conftest import at_home
from tests.usecases.test_portal_paying import WAYS
from tests.usecases.test_send import sent


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
