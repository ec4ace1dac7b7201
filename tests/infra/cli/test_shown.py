"""The page of a demo can be looked at on this machine, and the server goes by itself."""

import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from infra.cli.screen import Screen
from infra.cli.shown import serve


def test_the_page_is_shown_and_the_server_ends_by_itself(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>Demo</title>")
    addresses: list[str] = []
    told = threading.Event()

    def hear(address: str) -> None:
        addresses.append(address)
        told.set()

    server = threading.Thread(target=lambda: serve(page, Screen(), seconds=1.5, told=hear))
    server.start()
    assert told.wait(5)
    assert addresses[0].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(addresses[0], timeout=5) as answer:  # noqa: S310 - our own address
        assert answer.read() == page.read_bytes()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(addresses[0] + "etc/passwd", timeout=5)  # noqa: S310 - our own address
    server.join(10)
    assert not server.is_alive()
