"""From page to page: Playwright goes on when the next page begins to arrive, with nothing of it to press, count or measure."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def follow(leading: "Locator") -> None:
    """Click on what leads to another page (or to a place of this one), and wait until that page is loaded."""
    with leading.page.expect_navigation():
        leading.click()


def press_to_leave(page: "Page", key: str) -> None:
    """Press a key that leads to another page, and wait until that page is loaded: before that, it listens to no key."""
    with page.expect_navigation():
        page.keyboard.press(key)
