"""What the tests of pages rest on."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from following import follow, press_to_leave

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_picture_without_text_is_a_serious_fault(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """The check of accessibility can fail."""
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:image/png;base64,"></main></html>')
    assert [fault.partition(" (")[0] for fault in faults(page)] == ["light: image-alt"]


def test_what_cannot_be_read_in_the_dark_is_a_serious_fault(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """Colours are looked at in both schemes."""
    dark = "<style>@media (prefers-color-scheme: dark) { body { background: #000; color: #222 } }</style>"
    page.set_content(f'<html lang="en"><title>x</title>{dark}<main><h1>words</h1></main></html>')
    assert [fault.partition(" (")[0] for fault in faults(page)] == ["dark: color-contrast"]


def test_a_page_with_a_heading_and_a_language_has_none(page: "Page", faults: "Callable[[Page], list[str]]") -> None:
    """And it can pass."""
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1></main></html>')
    assert faults(page) == []


class InTwoParts(BaseHTTPRequestHandler):
    """Sends a page whose link is its second part; the second part comes late."""

    def do_GET(self) -> None:
        """Any page but the first one is late."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>x</title>" + b" " * 2000)
        self.wfile.flush()
        time.sleep(0 if self.path == "/" else 0.5)
        self.wfile.write(b"<body><a href=/next>next</a>")

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def late() -> Iterator[str]:
    """The address of a server whose pages come in two parts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), InTwoParts) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_page_that_is_followed_is_there_as_a_whole(page: "Page", late: str) -> None:
    """By a click or by a key: what Tab reaches on it is its link, which Playwright's own click would not find yet."""
    page.goto(late)
    follow(page.get_by_role("link"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "next"
    press_to_leave(page, "Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "next"
