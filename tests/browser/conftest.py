"""A browser for the tests of pages: the system's Chromium, headless, without a network beyond this machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SERIOUS = ("serious", "critical")  # faults of accessibility that fail a test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is in this folder needs the browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright  # only where the tests run

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "these tests need Chromium: apt install chromium, or CHROMIUM=/path/to/it"
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=["--no-sandbox"])  # as root it refuses to start otherwise
        yield found
        found.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page of its own. A script's error, a refusal by the content security policy, or a request to another host fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    trouble: list[str] = []
    found.on("pageerror", lambda error: trouble.append(f"a script failed: {error}"))
    found.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    found.on("dialog", lambda dialog: (trouble.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    found.on("request", lambda request: trouble.append(f"a request to {request.url}") if not _is_here(request.url) else None)
    yield found
    context.close()
    assert not trouble, trouble


def _is_here(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1:", "http://localhost:"))


@pytest.fixture
def faults() -> "Callable[[Page], list[str]]":
    """The serious faults of accessibility that axe finds in a page, light and dark, each with the elements that have it."""
    from axe_playwright_python.sync_playwright import Axe

    def found(page: "Page") -> list[str]:
        page.wait_for_load_state()  # colours are those of the style sheet, not of a page without it
        told = []
        for scheme, only in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):  # nothing else depends on colours
            page.emulate_media(color_scheme=scheme)
            violations: list[dict[str, Any]] = (
                Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
            )
            told += [
                f"{scheme}: {one['id']} ({one['help']}): {[node['html'][:200] for node in one['nodes'][:3]]}"
                for one in violations
                if one["impact"] in SERIOUS
            ]
        return told

    return found
